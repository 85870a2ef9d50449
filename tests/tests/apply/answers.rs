//! `current`, `status`, `upgrade`, `downgrade` and `stamp` beside Alembic's own commands.

use std::path::Path;

use revline_tests::judge::place::{Place, mariadb, postgresql, sqlite};
use revline_tests::oracle;

use super::asked::values;
use super::world::World;

/// Two branches and a merge of nothing: several heads.
fn forked(url: &str, python: &Path) -> World {
    World::of(&[
        ("aaaa", None, "op.execute('CREATE TABLE a (x INTEGER)')", "op.drop_table('a')"),
        ("bbbb", Some("aaaa"), "op.execute('CREATE TABLE b (x INTEGER)')", "op.drop_table('b')"),
        ("cccc", Some("aaaa"), "op.execute('CREATE TABLE c (x INTEGER)')", "op.drop_table('c')"),
    ])
    .on(url, python)
}

/// What was printed, but for the names of folders and databases, and for what Alembic takes out of a set.
fn lines(text: &str, root: &Path, database: &str) -> Vec<String> {
    let text = text.replace(&root.display().to_string(), "").replace(database, "database");
    let line = |line: &str| match line.strip_prefix("Branches into: ") {
        Some(ids) => {
            let mut ids: Vec<&str> = ids.split(", ").collect();
            ids.sort_unstable();
            format!("Branches into: {}", ids.join(", "))
        }
        None => line.to_owned(),
    };
    let mut lines: Vec<String> = text.lines().map(line).collect();
    lines.sort();
    lines
}

fn compared(place: Option<Place>) {
    let (Some(place), Some(python)) = (place, oracle::online()) else { return };
    let runner = if matches!(place, Place::Mariadb(_)) { "alembic" } else { "native" };
    let urls = ["of_ours", "of_theirs"].map(|name| place.fresh(name).expect("it is made"));
    let [ours, theirs] = ["of_ours", "of_theirs"].map(|name| forked(&place.keyed(name), &python));
    let steps: [&[&str]; 10] = [
        &["upgrade", "aaaa"],
        &["upgrade", "+1"],
        &["upgrade", "heads"],
        &["upgrade", "head"],
        &["downgrade", "-1"],
        &["stamp", "heads"],
        &["downgrade", "aaaa"],
        &["stamp", "nowhere"],
        &["downgrade", "base"],
        &["upgrade", "bbbb"],
    ];
    for step in steps {
        let wanted = theirs.alembic(&python, step);
        let mut words = step.to_vec();
        words.extend(["--yes", "--runner", runner]);
        let got = ours.revline(&words);
        assert_eq!(
            got.code == Some(0),
            wanted.code == Some(0),
            "{step:?}: {}{}",
            got.all(),
            wanted.all()
        );
        if let Some(sentence) = wanted.out.lines().find(|line| line.starts_with("FAILED: ")) {
            assert!(got.out.contains(sentence), "{step:?}: {}", got.all());
        }
        let [own, real] = urls
            .each_ref()
            .map(|url| values(url, "SELECT version_num FROM alembic_version ORDER BY 1"));
        assert_eq!(own, real, "{step:?}");
        assert_eq!(ours.status()["current"], serde_json::json!(own), "{step:?}");
        let asked: [&[&str]; 6] = [
            &["current"],
            &["current", "-v"],
            &["current", "--check-heads"],
            &["history", "-i"],
            &["history", "-r", "current:"],
            &["show", "current"],
        ];
        // What is asked of the history is asked where there are several rows, and none; what does not depend on the
        // database is asked of one.
        let some = matches!(step, ["upgrade", "heads"] | ["downgrade", "base"]);
        let count = match place {
            Place::Sqlite(_) if some => 6,
            Place::Sqlite(_) => 3,
            _ => 2,
        };
        for words in asked.into_iter().take(count) {
            let (wanted, got) = (theirs.alembic(&python, words), ours.revline(words));
            assert_eq!(
                lines(&got.out, &ours.root(), "of_ours"),
                lines(&wanted.out, &theirs.root(), "of_theirs"),
                "{step:?} {words:?}: {}{}",
                got.err,
                wanted.err
            );
            assert_eq!(got.code, wanted.code, "{step:?} {words:?}");
        }
    }
}

#[test]
fn answers_are_alembics_on_a_sqlite_file_with_one_head_and_with_several() {
    compared(sqlite());
}

#[test]
fn answers_are_alembics_on_postgresql_with_one_head_and_with_several() {
    compared(postgresql());
}

#[test]
fn answers_are_alembics_on_mariadb_with_one_head_and_with_several() {
    compared(mariadb());
}

#[test]
fn a_status_is_for_people_programs_and_health_checks() {
    let world = World::plain().on_sqlite();
    let empty = world.revline(&["status", "--json"]);
    assert_eq!(empty.code, Some(1));
    let value: serde_json::Value = serde_json::from_str(&empty.out).expect("JSON");
    assert_eq!(value["pending"], serde_json::json!(["a1", "b2", "c3"]));
    let up = world.revline(&["upgrade", "b2", "--yes"]).well();
    assert!(up.out.contains("runner           native"), "{}", up.out);
    let value: serde_json::Value =
        serde_json::from_str(&world.revline(&["status", "--json"]).out).expect("JSON");
    assert_eq!(
        (&value["current"], &value["pending"]),
        (&serde_json::json!(["b2"]), &serde_json::json!(["c3"]))
    );
    world.revline(&["upgrade", "head", "--yes"]).well();
    assert!(world.revline(&["status"]).well().out.contains("up to date"));
    // A revision that no file declares, as after a change of the branch.
    std::fs::remove_file(world.root().join("migrations/versions/c3.py")).expect("removed");
    let lost = world.revline(&["status"]);
    assert_eq!(lost.code, Some(1));
    assert!(lost.out.contains("c3, which no file declares"), "{}", lost.out);
}

#[test]
fn a_plan_names_what_is_lost_and_events_are_for_programs() {
    let world = World::plain().on_sqlite();
    world.revline(&["upgrade", "head", "--yes"]).well();
    let plan = world.revline(&["downgrade", "base", "--dry-run"]).well();
    assert!(plan.out.contains("lost             table t with its rows"), "{}", plan.out);
    assert!(plan.out.contains("lost             column t.age"), "{}", plan.out);
    assert!(plan.out.contains("DROP INDEX ix_t_name;"), "{}", plan.out);
    let done = world.revline(&["downgrade", "a1", "--yes", "--json"]).well();
    let events: Vec<serde_json::Value> =
        done.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    assert_eq!(
        kinds,
        ["plan", "began", "statement", "ended", "began", "statement", "ended", "done"]
    );
    assert_eq!(
        events.last().map(|event| event["current"].clone()),
        Some(serde_json::json!(["a1"]))
    );
}
