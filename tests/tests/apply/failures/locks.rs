//! A lock that another Revline holds, and what an open transaction keeps locked.

use std::path::Path;

use revline_database::{Address, Surroundings, Timeouts, lock};
use revline_tests::judge::place::{Place, mariadb, postgresql, sqlite};
use revline_tests::oracle;

use super::super::asked::{aside, meanwhile, values};
use super::super::world::World;
use super::{SOON, told};

fn quick(world: World, url: &str, python: &Path) -> World {
    let world = world.on(url, python);
    let settings = format!(
        "[database]\nurl = '$DATABASE_URL'\npython = '{}'\nlock-timeout = '1s'\n",
        python.display()
    );
    world.write("revline.toml", &settings);
    world
}

/// Somebody migrates already.
fn held(place: Option<Place>) {
    let (Some(place), Some(python)) = (place, oracle::online()) else { return };
    let url = place.fresh("held").expect("it is made");
    let world = quick(World::plain(), &place.keyed("held"), &python);
    world.revline(&["upgrade", "a1", "--yes"]).well();
    let around = Surroundings { folder: Path::new("/"), variable: &|_| None };
    let address = Address::parse(&url, &around).expect("it is a URL");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let taken = runtime.block_on(lock(
        &address,
        "revline:.alembic_version",
        &Timeouts::default(),
        SOON,
        std::future::pending(),
    ));
    let taken = taken.expect("nobody has it");
    let words = [
        "another Revline migrates it",
        "wait for it to end",
        "the database stands at a1. Nothing was changed",
    ];
    for command in
        [["upgrade", "head", "--yes"], ["downgrade", "base", "--yes"], ["stamp", "head", "--yes"]]
    {
        told(world.revline(&command), SOON, &words);
    }
    // Whoever looks waits for nobody.
    assert_eq!(world.status()["current"], serde_json::json!(["a1"]));
    runtime.block_on(taken.release());
    world.revline(&["upgrade", "head", "--yes"]).well();
}

#[test]
fn a_held_lock_of_a_sqlite_file_is_told() {
    held(sqlite());
}

#[test]
fn a_held_lock_of_postgresql_is_told() {
    held(postgresql());
}

#[test]
fn a_held_lock_of_mariadb_is_told() {
    held(mariadb());
}

/// How many sessions wait for the lock of a table.
fn waiting(place: &Place) -> &'static str {
    match place {
        Place::Mariadb(_) => {
            "SELECT count(*) FROM information_schema.processlist \
             WHERE state LIKE 'Waiting for table metadata lock%'"
        }
        _ => {
            "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND wait_event_type = 'Lock'"
        }
    }
}

/// Somebody has read a table in a transaction that stays open.
fn locked(place: Option<Place>, runners: &[(&str, &[&str])]) {
    let (Some(place), Some(python)) = (place, oracle::online()) else { return };
    let url = place.fresh("locked").expect("it is made");
    let world = quick(World::plain(), &place.keyed("locked"), &python);
    world.revline(&["upgrade", "a1", "--yes"]).well();
    meanwhile(&url, "SELECT count(*) FROM t", || {
        for (runner, words) in runners {
            let command = ["upgrade", "head", "--yes", "--timeout", "4", "--runner", runner];
            let answer = told(world.revline(&command), SOON, words);
            assert!(answer.err.contains("the database stands at a1"), "{}", answer.all());
            // A child that was killed leaves nobody who would run its statement once the lock is free.
            assert_eq!(aside(&url, waiting(&place)), Some("0".to_owned()));
        }
    });
    assert_eq!(values(&url, "SELECT version_num FROM alembic_version"), ["a1"]);
    world.revline(&["upgrade", "head", "--yes"]).well();
}

const KILLED: (&str, &[&str]) = (
    "alembic",
    &["did not end within 4 s", "does it wait for a lock of another transaction", "`--timeout`"],
);

#[test]
fn a_table_of_postgresql_that_an_open_transaction_locks_is_told() {
    let native: &[&str] =
        &["another transaction holds the lock", "lock-timeout", "ALTER TABLE t ADD COLUMN age"];
    locked(postgresql(), &[("native", native), KILLED]);
}

#[test]
fn a_table_of_mariadb_that_an_open_transaction_locks_is_told() {
    locked(mariadb(), &[KILLED]);
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
