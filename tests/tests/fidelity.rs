//! Revline beside real Alembic over a part of the corpus: the figures in `tests/corpus/floors.toml` hold.
//!
//! `cargo xtask fidelity` does the same over all of it and prints what stands behind the figures. Needed are
//! `REVLINE_CORPUS`, `REVLINE_ORACLE_PYTHON`, `REVLINE_ONLINE_PYTHON` and a PostgreSQL server (`REVLINE_POSTGRES`), as `cargo xtask setup`
//! gives them; without them the test is skipped aloud, and fails in CI.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that prints its figures"
)]

use std::path::PathBuf;

use revline_tests::judge::figures::Figures;
use revline_tests::judge::floors::Floors;
use revline_tests::judge::program::Convention;
use revline_tests::judge::server::Server;
use revline_tests::judge::{DIALECTS, Tools, alter, corpus, offline, online};
use revline_tests::lsp;

fn variable(name: &str) -> Option<PathBuf> {
    let value = std::env::var_os(name).filter(|value| !value.is_empty());
    assert!(
        value.is_some() || std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "{name} is not set, and in CI nothing is skipped"
    );
    if value.is_none() {
        println!("SKIPPED: {name} is not set");
    }
    value.map(PathBuf::from)
}

#[test]
fn the_figures_beside_real_alembic_do_not_drop() {
    let (Some(corpus), Some(plain), Some(online_python)) = (
        variable("REVLINE_CORPUS"),
        variable("REVLINE_ORACLE_PYTHON"),
        variable("REVLINE_ONLINE_PYTHON"),
    ) else {
        return;
    };
    let server = match Server::start() {
        Ok(server) => server,
        Err(why) if std::env::var_os("CI").is_none() => {
            println!("SKIPPED: {why:#}");
            return;
        }
        Err(why) => panic!("{why:#}"),
    };
    let floors = Floors::read().expect("the floors can be read");
    let tools = Tools {
        revline: lsp::program(),
        plain,
        online: online_python,
        corpus,
        work: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("judge"),
        server: Some(server.url()),
        jobs: 2,
    };
    let tell = |line: &str| println!("{line}");
    let locations = corpus::locations(&tools.corpus, &floors.packages).expect("they are unpacked");
    let mut figures = Figures::default();

    let plain = offline::judge(&tools, &locations, None, &tell).expect("both answer");
    println!("{}", offline::fidelity_table(&plain.tallies));
    println!("{}", offline::coverage_table(&plain.tallies));
    figures.offline("plain", &plain.tallies);
    let convention: Convention =
        [("ix", "ix_%(column_0_label)s"), ("uq", "uq_%(table_name)s_%(column_0_name)s")]
            .into_iter()
            .chain([("ck", "ck_%(table_name)s_%(constraint_name)s"), ("pk", "pk_%(table_name)s")])
            .chain([("fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s")])
            .map(|(kind, template)| (kind.to_owned(), template.to_owned()))
            .collect();
    let named = offline::judge(&tools, &locations, Some(&convention), &tell).expect("both answer");
    println!("{}", offline::fidelity_table(&named.tallies));
    figures.offline("named", &named.tallies);

    let ran = online::judge(&tools, &locations, &DIALECTS, &plain.answers, &tell);
    let ran = ran.expect("the chains run");
    println!("{}\n{}", online::chain_table(&ran.tallies), online::derived_table(&ran));
    figures.online(&ran);
    let runs = ran.runs.get("sqlite").expect("SQLite was asked");
    let rule = alter::judge(&tools, &locations, runs, &plain.answers, true, &tell);
    let rule = rule.expect("the rule is judged");
    println!("{}", alter::table(&rule));
    figures.alter(&rule);

    for tally in plain.tallies.values().chain(named.tallies.values()) {
        print_all(&tally.different);
        print_all(&tally.overclaimed);
    }
    for tally in ran.tallies.values() {
        print_all(&tally.exact_different);
        print_all(&tally.derived_different);
        print_all(&tally.states_different);
    }
    for lines in [&rule.missed, &rule.false_alarms, &rule.not_mended] {
        print_all(lines);
    }
    for (name, count) in &figures.counts {
        println!("\"{name}\" = {count}");
    }
    assert_eq!(floors.broken(&figures.counts), [""; 0]);
}

fn print_all(lines: &[String]) {
    for line in lines.iter().take(60) {
        println!("  {line}");
    }
}
