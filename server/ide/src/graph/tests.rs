use std::fmt::Write as _;

use expect_test::{Expect, expect};
use revline_lint::Cache;

use super::*;
use crate::testing::of;

fn check(fixture: &str, fold: bool, expect: Expect) {
    let (snapshot, _) = of(&format!("{fixture}//- versions/zz.txt\n$0\n"));
    let project = snapshot.projects().first().expect("an environment");
    let options = GraphOptions { fold, ..GraphOptions::default() };
    let view = graph(&snapshot, project, &Cache::default(), options);
    let mut shown = String::new();
    for (at, row) in view.rows.iter().enumerate() {
        let ids: Vec<&str> = row.revisions.iter().map(|one| one.id.as_str()).collect();
        let (lane, parents, depends_on) = (row.lane, &row.parents, &row.depends_on);
        writeln!(shown, "{at} {ids:?} in {lane} above {parents:?} after {depends_on:?}")
            .expect("a string");
    }
    expect.assert_eq(&shown);
}

/// Revisions from pairs of an identifier and what follows `down_revision = `.
fn history(revisions: &[(&str, &str)]) -> String {
    revisions
        .iter()
        .map(|(id, down)| {
            format!("//- versions/{id}.py\nrevision = '{id}'\ndown_revision = {down}\n")
        })
        .collect()
}

const CHAIN: [(&str, &str); 7] = [
    ("a", "None"),
    ("b", "'a'"),
    ("c", "'b'"),
    ("d", "'c'"),
    ("e", "'d'"),
    ("f", "'c'"),
    ("g", "('e', 'f')"),
];

#[test]
fn a_merge_opens_a_lane_and_a_fork_ends_it() {
    check(
        &history(&CHAIN),
        false,
        expect![[r#"
        0 ["g"] in 0 above [1, 3] after []
        1 ["e"] in 0 above [2] after []
        2 ["d"] in 0 above [4] after []
        3 ["f"] in 1 above [4] after []
        4 ["c"] in 0 above [5] after []
        5 ["b"] in 0 above [6] after []
        6 ["a"] in 0 above [] after []
    "#]],
    );
}

#[test]
fn a_chain_is_folded_up_to_what_a_person_looks_for() {
    let chain: Vec<(String, String)> = (0..9)
        .map(|at: usize| match at.checked_sub(1) {
            Some(before) => (format!("r{at}"), format!("'r{before}'")),
            None => ("r0".to_owned(), "None".to_owned()),
        })
        .collect();
    let mut chain: Vec<(&str, &str)> =
        chain.iter().map(|(id, down)| (id.as_str(), down.as_str())).collect();
    check(
        &history(&chain),
        true,
        expect![[r#"
        0 ["r8"] in 0 above [1] after []
        1 ["r7", "r6", "r5", "r4", "r3", "r2", "r1"] in 0 above [2] after []
        2 ["r0"] in 0 above [] after []
    "#]],
    );
    // A label and a dependency are looked for.
    if let Some(slot) = chain.get_mut(4) {
        slot.1 = "'r3'\nbranch_labels = ('x',)";
    }
    chain.push(("s", "None\ndepends_on = 'r2'"));
    check(
        &history(&chain),
        true,
        expect![[r#"
            0 ["r8"] in 0 above [1] after []
            1 ["r7", "r6", "r5"] in 0 above [2] after []
            2 ["r4"] in 0 above [3] after []
            3 ["r3"] in 0 above [5] after []
            4 ["s"] in 1 above [] after [5]
            5 ["r2"] in 0 above [6] after []
            6 ["r1"] in 0 above [7] after []
            7 ["r0"] in 0 above [] after []
        "#]],
    );
}

#[test]
fn a_broken_history_is_drawn_as_far_as_it_is_sound() {
    check(
        &history(&[("a", "'b'"), ("b", "'a'"), ("c", "'gone'")]),
        false,
        expect![[r#"
        0 ["b"] in 0 above [1] after []
        1 ["a"] in 0 above [] after []
        2 ["c"] in 0 above [] after []
    "#]],
    );
}

fn view(fixture: &str) -> GraphView {
    let (snapshot, _) = of(&format!("{fixture}//- versions/zz.txt\n$0\n"));
    let project = snapshot.projects().first().expect("an environment");
    graph(&snapshot, project, &Cache::default(), GraphOptions::default())
}

#[track_caller]
fn check_lines(revisions: &[(&str, &str)], expect: Expect) {
    let view = view(&history(revisions));
    let shown = view.lines(false).into_iter().map(|line| {
        let row = line.row.and_then(|at| view.rows.get(at)?.revisions.first());
        let id = row.map_or("", |one| one.id.as_str());
        let gap = " ".repeat(8 - line.lanes.chars().count());
        format!("{}{gap}{id}", line.lanes).trim_end().to_owned()
    });
    expect.assert_eq(&shown.collect::<Vec<_>>().join("\n"));
}

#[test]
fn lanes_open_for_parents_and_are_used_again() {
    check_lines(
        &[
            ("a", "None"),
            ("b", "'a'"),
            ("c", "'a'"),
            ("d", "'a'"),
            ("e", "('b', 'c', 'd')"),
            ("f", "'e'"),
            ("g", "'e'"),
            ("h", "('f', 'g')"),
        ],
        expect![[r#"
            ●       h
            ├─╮
            ○ │     f
            │ ○     g
            ├─╯
            ○       e
            ├─┬─╮
            ○ │ │   b
            │ ○ │   c
            ├─╯ │
            │   ○   d
            ├───╯
            ○       a"#]],
    );
}

#[test]
fn a_line_that_is_crossed_stays_whole() {
    check_lines(
        &[
            ("a", "None"),
            ("x", "None"),
            ("b", "'a'"),
            ("c", "'a'"),
            ("y", "'x'"),
            ("d", "('b', 'y')"),
            ("e", "('c', 'y')"),
        ],
        expect![[r#"
            ●       d
            ├─╮
            ○ │     b
            │ │ ●   e
            │ ├─┤
            │ │ ○   c
            ├─│─╯
            ○ │     a
              ○     y
              ○     x"#]],
    );
}

#[test]
fn a_file_that_alembic_does_not_see_stands_at_the_end() {
    let twice = "//- versions/b2.py\nrevision = 'b'\ndown_revision = 'a'\n";
    let view = view(&(history(&[("a", "None"), ("b", "'a'")]) + twice));
    let shown: Vec<(&str, bool)> = view
        .rows
        .iter()
        .flat_map(|row| &row.revisions)
        .map(|one| (one.id.as_str(), one.shadowed))
        .collect();
    assert_eq!(shown, [("b", false), ("a", false), ("b", true)]);
    assert_eq!(view.lines(false).last().map(|line| line.lanes.as_str()), Some("×"));
}

#[test]
fn an_edit_of_a_title_changes_one_row_and_another_parent_the_shape() {
    let chain = [("a", "None"), ("b", "'a'"), ("c", "'b'")];
    let before = view(&history(&chain));
    let after = view(&history(&chain).replace("revision = 'b'\n", "revision = 'b'\nx = 1\n"));
    assert_eq!(after.changed_since(&before), Some(Vec::new()), "nothing that is shown");
    let mut titled = before.clone();
    for revision in titled.rows.iter_mut().flat_map(|row| &mut row.revisions) {
        if revision.id == "b" {
            "another".clone_into(&mut revision.title);
        }
    }
    assert_ne!(titled.identity(), before.identity());
    assert_eq!(titled.changed_since(&before), Some(vec![1]));
    let forked = view(&history(&[("a", "None"), ("b", "'a'"), ("c", "'a'")]));
    assert_eq!(forked.changed_since(&before), None);
}

#[test]
fn findings_and_databases_stand_on_their_rows_and_a_run_may_have_findings() {
    let parents = ["None", "'a'", "'b'", "'c'", "'d'"];
    let chain: Vec<(&str, &str)> = ["a", "b", "c", "d", "e"].into_iter().zip(parents).collect();
    let (snapshot, _) = of(&format!("{}//- versions/zz.txt\n$0\n", history(&chain)));
    let project = snapshot.projects().first().expect("an environment");
    let file = project.history()[project.history().find("c").expect("it is there")].file;
    let found = |severity, message: &str| Finding {
        rule: "empty-downgrade",
        severity,
        span: Span::new(file, Range::default()),
        message: message.to_owned(),
        related: Vec::new(),
        direction: None,
        fixes: Vec::new(),
        environment: project.name().to_owned(),
        unnecessary: false,
    };
    let list = vec![found(Severity::Hint, "small"), found(Severity::Error, "big")];
    let findings = HashMap::from([(file, Arc::new(list))]);
    let held = [("dev".to_owned(), vec![RevisionId::from("a")])];
    let options =
        GraphOptions { findings: Some(&findings), databases: &held, ..GraphOptions::default() };
    let view = graph(&snapshot, project, &Cache::default(), options);
    let revisions: Vec<&GraphRevision> = view.rows.iter().flat_map(|row| &row.revisions).collect();
    let told: Vec<&str> = revisions[2].problems.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(told, ["big", "small"], "the worst first");
    assert_eq!(revisions[4].databases, ["dev"]);
    assert_eq!(view.runs(), [(1, 3)], "between the head and the base");
}
