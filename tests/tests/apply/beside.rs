//! The native runner and `stamp` beside real Alembic: `tests/oracle/apply.py` and `stamp.py`, over a part of the corpus and
//! of the random histories. `cargo xtask apply` runs all of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use revline_tests::judge::apply::{Figures, Place, judge};
use revline_tests::judge::commands::{self, Tally};
use revline_tests::judge::corpus;
use revline_tests::judge::place::{mariadb, started};
use revline_tests::judge::server::Server;
use revline_tests::{lsp, oracle};

/// Packages that are quick, and between them have batches, guards, raw SQL and branches.
const PACKAGES: [(&str, &[&str]); 2] =
    [("sqlite", &["magnum", "optuna", "aodh"]), ("postgresql", &["aodh"])];

#[test]
fn a_part_of_the_corpus_is_applied_as_alembic_applies_it() {
    let (Some(unpacked), Some(python), Some(server)) =
        (oracle::corpus(), oracle::online(), started(Server::start()))
    else {
        return;
    };
    let work = tempfile::tempdir().expect("a folder");
    let mut all = Figures::default();
    for (dialect, packages) in PACKAGES {
        let only: Vec<String> = packages.iter().map(|name| (*name).to_owned()).collect();
        let locations = corpus::locations(&unpacked, &only).expect("they are unpacked");
        for location in &locations {
            let place = Place {
                python: &python,
                revline: &lsp::program(),
                work: work.path(),
                server: &server,
            };
            all.merge(judge(&place, location, dialect).expect("the judge answers"));
        }
    }
    println!("{}", all.table());
    assert_eq!(all.wrong, Vec::<String>::new());
    assert!(all.count("equal") >= 20, "only {} were compared", all.count("equal"));
}

#[test]
fn commands_on_a_package_on_mariadb_answer_as_alembics_do() {
    let (Some(unpacked), Some(python)) = (oracle::corpus(), oracle::online()) else { return };
    let only = ["aodh".to_owned()];
    let locations = corpus::locations(&unpacked, &only).expect("it is unpacked");
    let mut tally = Tally::default();
    let Some(place) = mariadb() else { return };
    for location in &locations {
        let outcome = commands::judge(&python, &lsp::program(), &place, location);
        tally.add(location, "mariadb", &outcome.expect("the judge answers"));
    }
    println!("{}", tally.table());
    assert_eq!(tally.different(), Vec::<String>::new());
    assert_eq!(tally.equal(), 1, "{}", tally.table());
}

#[test]
fn stamps_of_random_histories_leave_the_rows_that_alembic_leaves() {
    let Some(python) = oracle::python() else { return };
    assert_eq!(stamps(&python, 40), (Vec::<String>::new(), 40));
}

/// What differs, and how many were compared.
fn stamps(python: &Path, count: usize) -> (Vec<String>, usize) {
    let work = tempfile::tempdir().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/stamp.py");
    let program: PathBuf = lsp::program();
    let done = Command::new(python)
        .arg(script)
        .arg("--revline")
        .arg(program)
        .arg("--work")
        .arg(work.path())
        .args(["--count", &count.to_string()])
        .env("HOME", work.path())
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    let mut lines: Vec<String> = said.lines().map(str::to_owned).collect();
    let counts: serde_json::Value =
        serde_json::from_str(&lines.pop().expect("the counts")).expect("JSON");
    println!("{counts}");
    let compared =
        counts.as_object().expect("an object").values().filter_map(serde_json::Value::as_u64);
    let different = lines.into_iter().filter(|line| line.contains("\"different\""));
    (different.collect(), usize::try_from(compared.sum::<u64>()).expect("few"))
}
