//! Random revision graphs, answered by Revline and by real Alembic: the answers are equal, errors
//! included.
//!
//! `REVLINE_GRAPHS` sets how many graphs, `REVLINE_GRAPHS_SEED` with which the first one is made.

// A test that cannot ask its judge fails there and then, and what it compared belongs in its output.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "graphs/compare.rs"]
mod compare;
#[path = "graphs/generate.rs"]
mod generate;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use compare::Tally;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn random_graphs_answer_as_real_alembic_does() {
    let Some(python) = revline_tests::oracle::python() else {
        return;
    };
    let (graphs, first) = (number("REVLINE_GRAPHS", 2_000), number("REVLINE_GRAPHS_SEED", 1));
    let seeds = || first..first + graphs;
    let mut tally = Tally::default();
    let mut different = Vec::new();
    let mut answers = judge(&python, seeds());
    for seed in seeds() {
        let answer = answers.next().expect("the judge answers every graph");
        let answer: Value = serde_json::from_str(&answer).expect("the judge answers in JSON");
        let case = generate::case(seed);
        for difference in compare::compare(&case, &answer, &mut tally) {
            different.push(format!("seed {seed}: {difference}\n{}", compare::drawn(&case)));
        }
    }
    assert_eq!(answers.next(), None, "the judge answers once for each graph and ends well");
    println!("{graphs} graphs: {tally}");
    assert!(
        different.is_empty(),
        "{} differences, the first of them:\n{}",
        different.len(),
        different.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("\n")
    );
    assert!(tally.is_varied(), "the graphs no longer ask for everything: {tally}");
}

/// The lines that `tests/oracle/graphs.py` answers.
#[allow(clippy::disallowed_methods)] // The judge is a child of this test and of nothing else.
fn judge(python: &Path, seeds: std::ops::Range<u64>) -> impl Iterator<Item = String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/graphs.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the interpreter in REVLINE_ORACLE_PYTHON starts");
    let mut questions = child.stdin.take().expect("a piped input");
    let answers = BufReader::new(child.stdout.take().expect("a piped output"));
    let writer = std::thread::spawn(move || {
        for seed in seeds {
            writeln!(questions, "{}", generate::case(seed).to_json()).expect("the judge reads on");
        }
        drop(questions);
        child.wait().expect("the judge ends")
    });
    let mut lines = answers.lines();
    let mut writer = Some(writer);
    std::iter::from_fn(move || match lines.next() {
        Some(line) => Some(line.expect("the judge writes text")),
        None => {
            if let Some(writer) = writer.take() {
                let status = writer.join().expect("the questions are written");
                assert!(status.success(), "the judge failed: {status}");
            }
            None
        }
    })
}
