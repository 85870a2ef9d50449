//! What goes wrong, told within its time: what happened, where the database stands, and the way out. Nowhere a password.

mod device;
mod interrupted;
mod locks;
mod room;
mod servers;

use std::time::Duration;

use revline_tests::oracle;

use super::world::{Answer, World};

/// Fails unless the command failed in time and said this.
fn told(answer: Answer, limit: Duration, words: &[&str]) -> Answer {
    assert_ne!(answer.code, Some(0), "{}", answer.all());
    assert!(answer.took < limit, "{:?}: {}", answer.took, answer.all());
    for word in words {
        assert!(answer.all().contains(word), "«{word}» is missing: {}", answer.all());
    }
    answer
}

const SOON: Duration = Duration::from_secs(30);

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
    let upgrade = ["upgrade", "head", "--yes", "--runner", "alembic", "--timeout", "20"];
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
    let words = ["upgrade", "head", "--yes", "--runner", "alembic", "--timeout", "4"];
    told(world.revline(&words), SOON, &["did not end within 4 s"]);
    let endless = "import time\nwhile True:\n    print('again and again')\n    time.sleep(0.001)\n";
    world.write("migrations/env.py", &format!("{endless}{plain}"));
    let printed = told(world.revline(&words), SOON, &["did not end within 4 s", "`--timeout`"]);
    assert!(printed.err.contains("again and again"), "{}", printed.all());
    world.write("migrations/env.py", &format!("print('hello')\n{plain}"));
    let printed = world.revline(&upgrade).well();
    assert!(printed.err.contains("hello"), "{}", printed.all());
}
