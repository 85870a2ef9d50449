use std::fmt::Write as _;

use expect_test::{Expect, expect};
use revline_lint::Cache;

use super::*;
use crate::testing::of;

fn check(fixture: &str, fold: bool, expect: Expect) {
    let (snapshot, _) = of(&format!("{fixture}//- versions/zz.txt\n$0\n"));
    let project = snapshot.projects().first().expect("an environment");
    let options = GraphOptions { revisions: None, fold };
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
