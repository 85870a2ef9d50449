//! Revisions that people could write, beside real Alembic: nothing that is called exact is another text.
//!
//! `tests/oracle/written.py` writes them. Needed is `REVLINE_ORACLE_PYTHON`, as `cargo xtask setup` gives it; without
//! it the test is skipped aloud, and fails in CI.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that starts a program and prints its figures"
)]

use std::path::Path;
use std::process::Command;

use revline_tests::judge::corpus::Location;
use revline_tests::judge::{Tools, offline};
use revline_tests::{lsp, oracle};

/// How many of the texts that Alembic prints, both directions, are exact and equal at least.
const LEAST: [(&str, usize); 2] = [("postgresql", 2_306), ("sqlite", 2_219)];

#[test]
fn what_people_could_write_is_printed_as_alembic_prints_it_or_said_to_be_not_known() {
    let Some(python) = oracle::python() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let versions = folder.path().join("versions");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/written.py");
    let wrote = Command::new(&python).arg(script).arg(&versions).status().expect("it starts");
    assert!(wrote.success(), "the revisions are not written");
    let location = Location {
        package: "written".to_owned(),
        number: 0,
        versions: vec![versions],
        recursive: false,
        root: folder.path().to_owned(),
        sha256: "0".repeat(64),
    };
    let tools = Tools {
        revline: lsp::program(),
        plain: python.clone(),
        online: python,
        corpus: folder.path().to_owned(),
        work: folder.path().join("work"),
        server: None,
        jobs: 2,
    };
    let judged = offline::judge(&tools, &[location], None, &|_| {}).expect("both answer");
    for (dialect, least) in LEAST {
        let tally = judged.tallies.get(dialect).expect("the dialect was asked for");
        println!("{dialect}: {} of {} exact and equal", tally.equal, tally.rendered);
        assert_eq!(tally.different, [""; 0], "{dialect}");
        assert_eq!(tally.overclaimed, [""; 0], "{dialect}");
        assert!(tally.equal >= least, "{dialect}: only {} are exact and equal", tally.equal);
    }
}
