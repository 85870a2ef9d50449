//! `current`, `status`, `upgrade`, `downgrade` and `stamp` beside Alembic's own commands.

use revline_tests::oracle;

use super::world::World;

/// Two branches and a merge of nothing: several heads.
fn forked() -> World {
    World::of(&[
        ("aaaa", None, "op.execute('CREATE TABLE a (x INTEGER)')", "op.drop_table('a')"),
        ("bbbb", Some("aaaa"), "op.execute('CREATE TABLE b (x INTEGER)')", "op.drop_table('b')"),
        ("cccc", Some("aaaa"), "op.execute('CREATE TABLE c (x INTEGER)')", "op.drop_table('c')"),
    ])
    .on_sqlite()
}

#[test]
fn answers_are_alembics_on_a_database_with_one_head_and_with_several() {
    let Some(python) = oracle::python() else { return };
    let (ours, theirs) = (forked(), forked());
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
        words.extend(["--yes", "--runner", "native"]);
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
        let asked: [&[&str]; 6] = [
            &["current"],
            &["current", "--check-heads"],
            &["current", "-v"],
            &["history", "-i"],
            &["history", "-r", "current:"],
            &["show", "current"],
        ];
        // What is asked of the history is asked where there are several rows, and none.
        let some = matches!(step, ["upgrade", "heads"] | ["downgrade", "base"]);
        for words in asked.into_iter().take(if some { 6 } else { 3 }) {
            let (wanted, got) = (theirs.alembic(&python, words), ours.revline(words));
            let lines = |text: &str, root: &std::path::Path| {
                let text = text.replace(&root.display().to_string(), "");
                // Alembic takes branches out of a set.
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
            };
            assert_eq!(
                lines(&got.out, &ours.root()),
                lines(&wanted.out, &theirs.root()),
                "{step:?} {words:?}"
            );
            assert_eq!(got.code, wanted.code, "{step:?} {words:?}");
        }
    }
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
