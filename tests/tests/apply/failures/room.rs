//! Databases that take no more, or no change at all.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use revline_tests::judge::mariadb::Mariadb;
use revline_tests::judge::place::{Place, started};
use revline_tests::judge::server::Server;
use revline_tests::{lsp, oracle};

use super::super::asked::{value, values};
use super::super::world::{Answer, World};
use super::{SOON, told};

/// A small revision, and one that writes more than there is room for.
pub(super) fn filling(place: &Place) -> World {
    let numbers = match place {
        Place::Mariadb(_) => "SELECT seq, repeat('x', 1000) FROM seq_1_to_60000",
        Place::Postgresql(_) => "SELECT n, repeat('x', 1000) FROM generate_series(1, 60000) n",
        Place::Sqlite(_) => {
            "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 4000) \
             SELECT n, hex(zeroblob(500)) FROM s"
        }
    };
    let body = format!("op.execute(\"INSERT INTO t {numbers}\")");
    World::of(&[
        ("a1", None, "op.execute('CREATE TABLE t (n INTEGER, x TEXT)')", "op.drop_table('t')"),
        ("b2", Some("a1"), &body, "pass"),
    ])
}

/// Where the database stands is where it stood, and so it is said.
pub(super) fn stays(answer: Answer, url: &str, words: &[&str]) {
    let answer = told(answer, SOON, words);
    assert!(answer.err.contains("the database stands at a1"), "{}", answer.all());
    assert_eq!(values(url, "SELECT version_num FROM alembic_version"), ["a1"]);
    assert_eq!(value(url, "SELECT count(*) FROM t").as_deref(), Some("0"));
}

fn with_limit(world: &World, kib: u32, words: &[&str]) -> Answer {
    // A write beyond the limit is an error and no signal to whoever ignores it.
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$@\"");
    let mut command = Command::new("bash");
    command.args(["-c", &script, "bash"]).arg(lsp::program()).args(words);
    world.run(&mut command)
}

#[test]
fn a_sqlite_file_that_cannot_grow_stays_as_it_was() {
    let Some(python) = oracle::online() else { return };
    let place = Place::Sqlite(tempfile::tempdir().expect("a folder"));
    let url = place.url_of("narrow");
    let world = filling(&place).on(&url, &python);
    world.revline(&["upgrade", "a1", "--yes"]).well();
    for runner in ["native", "alembic"] {
        let words = ["upgrade", "head", "--yes", "--runner", runner];
        stays(with_limit(&world, 200, &words), &url, &["disk I/O error"]);
    }
    let native = ["upgrade", "head", "--yes", "--runner", "native"];
    told(with_limit(&world, 200, &native), SOON, &["is the disk full or damaged"]);
    world.revline(&native).well();
    assert_eq!(value(&url, "SELECT count(*) FROM t").as_deref(), Some("4000"));
}

#[test]
fn a_postgresql_server_that_cannot_write_stays_as_it_was() {
    // Its log has segments of 16 MiB, which it can write.
    let server = Server::start_limited(20_000).and_then(Place::of_postgresql);
    let (Some(place), Some(python)) = (started(server), oracle::online()) else { return };
    place.fresh("narrow").expect("it is made");
    let url = place.url_of("narrow");
    let world = filling(&place).on(&place.keyed("narrow"), &python);
    world.revline(&["upgrade", "a1", "--yes"]).well();
    for runner in ["native", "alembic"] {
        let words = ["upgrade", "head", "--yes", "--runner", runner];
        stays(world.revline(&words), &url, &["could not extend file", "Check free disk space"]);
    }
}

#[test]
fn a_mariadb_server_without_room_stays_as_it_was() {
    let small =
        ["--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:12M:autoextend:max:30M"];
    let server = Mariadb::start_with(&small).and_then(Place::of_mariadb);
    let (Some(place), Some(python)) = (started(server), oracle::online()) else { return };
    place.fresh("narrow").expect("it is made");
    let url = place.url_of("narrow");
    let world = filling(&place).on(&place.keyed("narrow"), &python);
    world.revline(&["upgrade", "a1", "--yes", "--runner", "alembic"]).well();
    let words = ["upgrade", "head", "--yes", "--runner", "alembic"];
    stays(world.revline(&words), &url, &["The table 't' is full"]);
}

fn rights(world: &World, path: &str, mode: u32) {
    let path = world.root().join(path);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("they are set");
}

/// By somebody to whom the rights of files mean something.
fn as_nobody(world: &World, words: &[&str]) -> Answer {
    let is_root =
        Command::new("id").arg("-u").output().expect("it starts").stdout.trim_ascii() == b"0";
    if !is_root {
        return world.revline(words);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]);
    command.arg(lsp::program()).args(words);
    world.run(&mut command)
}

#[test]
fn a_file_that_is_read_only_is_told() {
    let world = World::plain().on_sqlite();
    world.revline(&["upgrade", "a1", "--yes"]).well();
    rights(&world, "", 0o755);
    let upgrade = ["upgrade", "head", "--yes"];
    let words = ["the database cannot be written", "look at the rights of the"];
    // Not even the folder: there is no lock then.
    let answer = told(as_nobody(&world, &upgrade), SOON, &words);
    assert!(
        answer.err.contains("the database stands at a1. Nothing was changed"),
        "{}",
        answer.all()
    );
    rights(&world, "", 0o777);
    let answer = told(as_nobody(&world, &upgrade), SOON, &words);
    assert!(answer.err.contains("the database stands at a1"), "{}", answer.all());
    // Looking is possible all the while.
    let status = as_nobody(&world, &["status"]);
    assert!(status.out.contains("current          a1"), "{}", status.all());
    rights(&world, "", 0o700);
    world.revline(&upgrade).well();
}

#[test]
fn a_url_that_says_read_only_and_a_file_that_is_no_database_are_told() {
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
    let words = ["the database cannot be written", "the database stands at a1"];
    told(world.revline(&["upgrade", "head", "--yes"]), SOON, &words);
}
