//! Mangled revisions and hostile inputs: no panic, no work without an end, nothing claimed that is not known.
//!
//! `cargo xtask torture` runs many more; `REVLINE_CORPUS` adds real packages to the sample project.

#![allow(clippy::print_stdout, reason = "a test that prints its figures")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use revline_tests::torture::{self, hostile};

/// The first case, and how many.
const FIRST: u64 = 20_261_122;
const CASES: u64 = 300;

#[test]
fn mangled_revisions_cause_no_panic_and_no_work_without_an_end() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")];
    folders.extend(std::env::var_os("REVLINE_CORPUS").map(PathBuf::from));
    let originals = torture::originals(&folders).expect("there are revisions");
    let (mut wrong, mut operations, mut slowest) = (Vec::new(), 0, Duration::ZERO);
    for case in FIRST..FIRST + CASES {
        let seen = torture::case(case, &originals);
        operations += seen.operations;
        slowest = slowest.max(seen.took);
        wrong.extend(seen.wrong.map(|wrong| format!("case {case}: {wrong}")));
    }
    println!(
        "{} files, {CASES} cases, {operations} operations, slowest {slowest:?}",
        originals.len()
    );
    // What is mangled must still be something: else nothing is tested.
    assert!(operations > usize::try_from(CASES).unwrap_or(0), "only {operations} operations");
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn hostile_inputs_are_bounded_and_not_called_known() {
    let mut wrong: Vec<String> = hostile::inputs()
        .into_iter()
        .filter_map(|(name, text)| Some(format!("{name}: {}", hostile::judge(&text)?)))
        .collect();
    wrong.extend(hostile::large_literal().map(|wrong| format!("a literal of 5 MB: {wrong}")));
    wrong.extend(hostile::long_chain(10_000).map(|wrong| format!("a long chain: {wrong}")));
    assert_eq!(wrong, [""; 0]);
}
