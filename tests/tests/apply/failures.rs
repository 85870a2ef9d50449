//! What goes wrong, told within its time: what happened, where the database stands, and the way out. Nowhere a password.

use std::time::Duration;

use revline_tests::judge::place::started;
use revline_tests::judge::server::Server;
use revline_tests::oracle;

use super::world::{Answer, World};

/// Fails unless the command failed in time and said this.
fn told(answer: Answer, limit: Duration, words: &[&str]) -> Answer {
    assert_ne!(answer.code, Some(0), "{}", answer.all());
    assert!(answer.took < limit, "{:?}: {}", answer.took, answer.all());
    for word in words {
        assert!(answer.all().contains(word), "«{word}» is missing: {}", answer.all());
    }
    assert!(!answer.all().contains("pass-word"), "{}", answer.all());
    answer
}

const SOON: Duration = Duration::from_secs(30);

#[test]
fn a_server_that_is_down_is_told() {
    let mut world = World::plain().on_sqlite();
    world.set("DATABASE_URL", "postgresql://u:pass-word@127.0.0.1:9/d");
    for words in [&["status"][..], &["upgrade", "head", "--yes"], &["stamp", "head", "--yes"]] {
        told(world.revline(words), SOON, &["no server answers", "u:***@127.0.0.1:9"]);
    }
}

#[test]
fn a_wrong_password_and_a_missing_database_are_told() {
    let Some(server) = started(Server::start()) else { return };
    let mut world = World::plain().on_sqlite();
    let url = server.url().replace("/postgres?", "/nowhere?").replace("judge@", "judge:pass-word@");
    world.set("DATABASE_URL", &url);
    told(world.revline(&["status"]), SOON, &["the server has no such database"]);
}

#[test]
fn a_file_that_is_read_only_or_no_database_is_told() {
    let mut world = World::plain().on_sqlite();
    let path = world.root().join("dev.db");
    std::fs::write(
        &path,
        "this is no database, and long enough to be told apart from an empty file",
    )
    .expect("written");
    told(world.revline(&["status"]), SOON, &["this is no sound SQLite database"]);
    std::fs::remove_file(&path).expect("removed");
    world.revline(&["upgrade", "a1", "--yes"]).well();
    world.set("DATABASE_URL", &format!("sqlite:///file:{}?mode=ro&uri=true", path.display()));
    told(world.revline(&["upgrade", "head", "--yes"]), SOON, &["the database"]);
}

#[test]
fn a_database_that_is_locked_by_another_program_is_told_within_the_lock_timeout() {
    let Some(python) = oracle::python() else { return };
    let world = World::plain().on_sqlite();
    world.write("revline.toml", "[database]\nurl = '$DATABASE_URL'\nlock-timeout = '1s'\n");
    world.revline(&["upgrade", "a1", "--yes"]).well();
    let code = "import sqlite3, sys\nc = sqlite3.connect('dev.db', isolation_level=None)\n\
                c.execute('BEGIN EXCLUSIVE')\nprint('held', flush=True)\nsys.stdin.read()\n";
    let mut holder = std::process::Command::new(&python)
        .args(["-c", code])
        .current_dir(world.root())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    let said = holder.stdout.as_mut().expect("its output");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(said), &mut line).expect("it speaks");
    told(world.revline(&["upgrade", "head", "--yes"]), SOON, &["the database is locked"]);
    drop(holder.stdin.take());
    holder.wait().expect("it ends");
    world.revline(&["upgrade", "head", "--yes"]).well();
}

#[test]
fn a_step_that_fails_leaves_the_database_where_it_was_and_names_the_line() {
    let world = World::of(&[
        ("a1", None, "op.execute('CREATE TABLE t (x INTEGER)')", "pass"),
        (
            "b2",
            Some("a1"),
            "op.execute('CREATE TABLE u (x INTEGER)')\n    op.execute('INSERT INTO nowhere VALUES (1)')",
            "pass",
        ),
    ])
    .on_sqlite();
    let words = ["upgrade", "head", "--yes", "--runner", "native"];
    let failed =
        told(world.revline(&words), SOON, &["no such table: nowhere", "the database stands at a1"]);
    assert!(failed.err.contains("b2.py:10"), "{}", failed.err);
    // Nothing of it is left: the table that it made is gone, and the next run finishes once it is mended.
    let path = "migrations/versions/b2.py";
    let text = std::fs::read_to_string(world.root().join(path)).expect("read");
    world.write(path, &text.replace("nowhere", "u"));
    world.revline(&words).well();
}

#[test]
fn no_python_no_alembic_and_an_env_py_that_raises_prints_or_never_ends_are_told() {
    let Some(python) = oracle::python() else { return };
    let mut world = World::plain().on_sqlite();
    let upgrade = ["upgrade", "head", "--yes", "--runner", "alembic", "--timeout", "6"];
    let path = std::env::var("PATH").unwrap_or_default();
    world.set("PATH", "/nowhere");
    told(world.revline(&upgrade), SOON, &["no Python was found", "`python`"]);
    world.set("PATH", &path);
    // An environment in which Alembic is not installed.
    std::fs::create_dir_all(world.root().join("bare/bin")).expect("made");
    std::os::unix::fs::symlink(&python, world.root().join("bare/bin/python")).expect("linked");
    let with = |python: &str| format!("[database]\nurl = '$DATABASE_URL'\npython = '{python}'\n");
    world.write("revline.toml", &with("bare"));
    told(world.revline(&upgrade), SOON, &["Alembic is not installed"]);
    world.write("revline.toml", &with(&python.display().to_string()));
    let plain = super::world::ENV_PY;
    world.write("migrations/env.py", &format!("{plain}\nraise RuntimeError('told so')\n"));
    told(world.revline(&upgrade), SOON, &["RuntimeError: told so", "the database stands at"]);
    world.revline(&["downgrade", "base", "--yes", "--runner", "native"]);
    world.write(
        "migrations/env.py",
        &format!("import time\nprint('hello')\nwhile True: time.sleep(1)\n{plain}"),
    );
    let words = ["upgrade", "head", "--yes", "--runner", "alembic", "--timeout", "2"];
    told(world.revline(&words), SOON, &["did not end within 2 s"]);
    world.write("migrations/env.py", &format!("print('hello')\n{plain}"));
    let printed = world.revline(&upgrade).well();
    assert!(printed.err.contains("hello"), "{}", printed.all());
}
