//! Random programs, run by CPython and by the evaluator: what the evaluator calls known is what CPython
//! has, to the type, and most of it is known.
//!
//! `REVLINE_PROGRAMS` sets how many programs, `REVLINE_PROGRAMS_SEED` with which the first one is made.

// A test that cannot ask its judge fails there and then, and what it compared belongs in its output.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod answer;
mod compare;
#[allow(clippy::indexing_slicing, reason = "a place within the bound that it was drawn from")]
mod generate;
mod judge;

use compare::Tally;
use generate::Snippet;
use judge::Judge;

/// Of all values that CPython has, at least so many in a hundred are known.
const LEAST_KNOWN: f64 = 80.0;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn what_is_known_of_random_programs_is_what_cpython_has() {
    let Some(python) = revline_tests::oracle::python() else {
        return;
    };
    let (programs, first) = (number("REVLINE_PROGRAMS", 500), number("REVLINE_PROGRAMS_SEED", 1));
    let mut judge = Judge::start(&python);
    let mut tally = Tally::default();
    let mut wrong = Vec::new();
    for seed in first..first + programs {
        let program = generate::program(seed);
        if differences(&mut judge, &program, &mut tally).is_empty() {
            continue;
        }
        let least = shrink(&mut judge, program);
        let differences = differences(&mut judge, &least, &mut Tally::default());
        let text = least.iter().map(|snippet| &*snippet.text).collect::<String>();
        wrong.push(format!("seed {seed}: {}\n{text}", differences.join("\n")));
    }
    println!("{programs} programs: {tally}");
    assert!(
        wrong.is_empty(),
        "{} of {programs} programs differ, the first of them:\n{}",
        wrong.len(),
        wrong.iter().take(200).map(String::as_str).collect::<Vec<_>>().join("\n")
    );
    assert!(tally.is_valid(), "many programs are no Python: {tally}");
    assert!(tally.known() >= LEAST_KNOWN, "{:.1} % are known: {tally}", tally.known());
}

fn differences(judge: &mut Judge, program: &[Snippet], tally: &mut Tally) -> Vec<String> {
    let text = generate::text(program);
    let theirs = judge.ask(&text);
    let ours = answer::evaluate(&text);
    compare::compare(program, &ours, &theirs, tally)
}

/// The program without the snippets that the difference does not need.
fn shrink(judge: &mut Judge, program: Vec<Snippet>) -> Vec<Snippet> {
    let mut least = program;
    for at in (0..least.len()).rev() {
        let mut fewer = least.clone();
        fewer.remove(at);
        if !differences(judge, &fewer, &mut Tally::default()).is_empty() {
            least = fewer;
        }
    }
    least
}
