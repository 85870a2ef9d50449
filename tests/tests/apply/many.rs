//! Eight processes on one database at once: each ends well, each revision ran once, and whoever asks meanwhile is answered.

use std::process::Child;

use revline_tests::judge::place::{Place, mariadb, postgresql, sqlite};
use revline_tests::oracle;

use super::asked::{value, values};
use super::world::{Answer, World, ended};

/// Every revision leaves a row, so that one that ran twice would show.
fn counting(place: &Place) -> World {
    let index = match place {
        Place::Postgresql(_) => {
            "with op.get_context().autocommit_block():\n        \
             op.create_index('ix_r', 'ran', ['id'], postgresql_concurrently=True)\n    \
             op.execute(\"INSERT INTO ran VALUES ('c3')\")"
        }
        _ => {
            "op.create_index('ix_r', 'ran', ['id'])\n    op.execute(\"INSERT INTO ran VALUES ('c3')\")"
        }
    };
    World::of(&[
        (
            "a1",
            None,
            "op.execute('CREATE TABLE ran (id VARCHAR(20))')\n    op.execute(\"INSERT INTO ran VALUES ('a1')\")",
            "op.execute(\"DELETE FROM ran WHERE id = 'a1'\")\n    op.execute('DROP TABLE ran')",
        ),
        (
            "b2",
            Some("a1"),
            "op.execute(\"INSERT INTO ran VALUES ('b2')\")",
            "op.execute(\"INSERT INTO ran VALUES ('back from b2')\")",
        ),
        (
            "c3",
            Some("b2"),
            index,
            "op.execute(\"INSERT INTO ran VALUES ('back from c3')\")\n    op.drop_index('ix_r', table_name='ran')",
        ),
    ])
}

fn at_once(world: &World, commands: &[&[&str]]) -> Vec<Answer> {
    let children: Vec<Child> = commands.iter().map(|words| world.start(words)).collect();
    children.into_iter().map(ended).collect()
}

/// How many of them ended well; the others say this.
fn well(answers: &[Answer], otherwise: &str) -> usize {
    let is_well = |answer: &&Answer| {
        assert!(answer.code == Some(0) || answer.all().contains(otherwise), "{}", answer.all());
        answer.code == Some(0)
    };
    answers.iter().filter(is_well).count()
}

fn check(place: Option<Place>) {
    let (Some(place), Some(python)) = (place, oracle::online()) else { return };
    let url = place.fresh("eight").expect("it is made");
    let runner = if matches!(place, Place::Mariadb(_)) { "alembic" } else { "native" };
    let world = counting(&place).on(&place.keyed("eight"), &python);
    let rows = || values(&url, "SELECT version_num FROM alembic_version");

    let upgrade: &[&str] = &["upgrade", "heads", "--yes", "--runner", runner];
    assert_eq!(well(&at_once(&world, &[upgrade; 8]), ""), 8);
    assert_eq!(values(&url, "SELECT id FROM ran ORDER BY id"), ["a1", "b2", "c3"]);
    assert_eq!(rows(), ["c3"]);
    if matches!(place, Place::Postgresql(_)) {
        let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_r'::regclass";
        assert_eq!(value(&url, valid).as_deref(), Some("t"));
    }

    // Each goes back one step from where it finds the database; four find nothing below them any more.
    let back: &[&str] = &["downgrade", "-1", "--yes", "--runner", runner];
    let current: &[&str] = &["current"];
    let status: &[&str] = &["status"];
    let answers = at_once(&world, &[back, current, back, status, back, current, status, status]);
    for (at, answer) in answers.iter().enumerate() {
        // A status ends with 1 where something is pending.
        assert!(answer.code == Some(0) || (at > 2 && answer.code == Some(1)), "{}", answer.all());
    }
    assert_eq!(rows(), Vec::<String>::new());
    assert_eq!(
        well(&at_once(&world, &[back; 8]), "Relative revision -1 didn't produce 1 migrations"),
        0
    );

    let stamp: &[&str] = &["stamp", "b2", "--yes"];
    assert_eq!(well(&at_once(&world, &[stamp; 8]), ""), 8);
    assert_eq!(rows(), ["b2"]);
    // Half of them stamp another one: whoever comes last is believed.
    let other: &[&str] = &["stamp", "c3", "--yes"];
    let mixed = [stamp, other, stamp, other, stamp, other, stamp, other];
    assert_eq!(well(&at_once(&world, &mixed), ""), 8);
    assert!(matches!(rows().as_slice(), [one] if one == "b2" || one == "c3"), "{:?}", rows());
}

#[test]
fn eight_at_once_on_one_sqlite_file() {
    check(sqlite());
}

#[test]
fn eight_at_once_on_one_postgresql_database_with_an_index_concurrently() {
    check(postgresql());
}

#[test]
fn eight_at_once_on_one_mariadb_database() {
    check(mariadb());
}
