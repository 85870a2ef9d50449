//! `cargo xtask test`: everything that decides whether the tree is good, and one closing table.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::child::{self, Ended};
use crate::paths;
use crate::report::{Count, Outcome, Report, Row};
use crate::setup::{self, Installed};
use crate::wheel;

/// Set up, check format and lints, run all tests and the editors' harnesses.
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args) -> Result<bool> {
    let began = Instant::now();
    let mut report = Report::default();
    let mut installed = setup::install(&mut report)?;

    step(&mut report, "format", cargo(&["fmt", "--all", "--check"]));
    step(
        &mut report,
        "clippy",
        cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    );
    let built = step(&mut report, "build", cargo(&["build", "--package", "revline"]));
    if built {
        cargo_install(&mut report);
    }
    if built && installed.ready.contains(&"packaging") {
        packed(&mut report, &mut installed);
    }
    tests(&mut report, &installed);
    for editor in ["neovim", "vscode", "emacs", "helix"] {
        harness(&mut report, editor, &installed, built);
    }

    let well = report.is_well(setup::strict());
    println!("\n{:.0} s in all\n{report}", began.elapsed().as_secs_f64());
    Ok(well)
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root()).args(arguments);
    command
}

/// Runs a step that is well or not; whether it was.
fn step(report: &mut Report, what: &str, mut command: Command) -> bool {
    println!("\n== {what}");
    let (row, well) = match child::show(&mut command) {
        Ok(ended) => (finished(what, &ended, None), ended.well),
        Err(why) => (not_run(what, Outcome::Failed, format!("{why:#}")), false),
    };
    report.rows.push(row);
    well
}

/// What `cargo install` makes, from what is built already, and a word of it from where it was installed.
fn cargo_install(report: &mut Report) {
    let folder = paths::target().join("revline-installed");
    let mut install = cargo(&["install", "--path", "server/cli", "--debug", "--locked", "--force"]);
    install.arg("--root").arg(&folder).arg("--target-dir").arg(paths::target());
    if step(report, "cargo install", install) {
        let mut heads = Command::new(folder.join("bin/revline"));
        heads.arg("heads").current_dir(paths::root().join("fixtures/alembic/shop"));
        step(report, "installed", heads);
    }
}

/// The wheel, which tests install.
fn packed(report: &mut Report, installed: &mut Installed) {
    println!("\n== wheel");
    let began = Instant::now();
    let (outcome, note) = match wheel::build(true) {
        Ok(path) => {
            installed.variables.push(("REVLINE_WHEEL", path));
            (Outcome::Passed, String::new())
        }
        Err(why) => (Outcome::Failed, format!("{why:#}")),
    };
    let took = began.elapsed();
    report.rows.push(Row { what: "wheel".to_owned(), outcome, took, count: None, note });
}

/// The tests of the workspace, by nextest where it is installed.
fn tests(report: &mut Report, installed: &Installed) {
    println!("\n== tests");
    let nextest = child::hush(&mut cargo(&["nextest", "--version"])).is_ok_and(|ended| ended.well);
    let mut command = if nextest {
        cargo(&["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        cargo(&["test", "--workspace", "--no-fail-fast"])
    };
    command.env("REVLINE_BIN", paths::revline());
    command.envs(installed.variables.iter().cloned());
    let row = match child::show(&mut command) {
        Ok(ended) => {
            let count =
                if nextest { count_nextest(&ended.lines) } else { count_libtest(&ended.lines) };
            finished("tests", &ended, Some(count))
        }
        Err(why) => not_run("tests", Outcome::Failed, format!("{why:#}")),
    };
    report.rows.push(row);
}

/// One editor's harness, on the sample project.
fn harness(report: &mut Report, editor: &str, installed: &Installed, built: bool) {
    println!("\n== {editor}");
    let script = paths::root().join(format!("tests/editors/{editor}/run.sh"));
    let why = if !installed.ready.contains(&editor) {
        Some("the editor is not installed")
    } else if !built {
        Some("there is no program to run")
    } else if !script.exists() {
        Some("there is no harness")
    } else {
        None
    };
    if let Some(why) = why {
        println!("skipped: {why}");
        report.rows.push(not_run(editor, Outcome::Skipped, why.to_owned()));
        return;
    }
    let mut command = Command::new("sh");
    command.arg(script).arg(paths::tools().join(editor)).arg(paths::revline());
    command.arg(paths::root().join("fixtures/alembic/shop")).arg(output(editor));
    report.rows.push(match child::show(&mut command) {
        Ok(ended) => finished(editor, &ended, Some(count_checks(&ended.lines))),
        Err(why) => not_run(editor, Outcome::Failed, format!("{why:#}")),
    });
}

/// Where a harness leaves its screenshots and logs. Neovim takes the repository around a file for
/// the project, so its copy of the sample must not lie in this one.
fn output(editor: &str) -> PathBuf {
    match editor {
        "vscode" => paths::target().join("revline-editors").join(editor),
        _ => std::env::temp_dir().join(format!("revline-{}", std::process::id())).join(editor),
    }
}

fn finished(what: &str, ended: &Ended, count: Option<Count>) -> Row {
    let outcome = if ended.well { Outcome::Passed } else { Outcome::Failed };
    let note = match count {
        Some(count) if count != Count::default() => count.to_string(),
        _ if ended.well => String::new(),
        _ => ended.last_words(),
    };
    Row { what: what.to_owned(), outcome, took: ended.took, count, note }
}

fn not_run(what: &str, outcome: Outcome, note: String) -> Row {
    Row { what: what.to_owned(), outcome, took: Duration::ZERO, count: None, note }
}

/// Nextest's last summary: `Summary [ 0.1s] 9 tests run: 7 passed (1 slow, 1 leaky), 2 failed, 3 skipped`. What
/// stands in parentheses is said of some of those that passed.
fn count_nextest(lines: &[String]) -> Count {
    let mut count = Count::default();
    let summary = lines.iter().rev().filter(|line| line.trim_start().starts_with("Summary"));
    let Some((_, rest)) = summary.take(1).find_map(|line| line.split_once(" run: ")) else {
        return count;
    };
    let mut inside = false;
    let plain: String = rest
        .chars()
        .filter(|letter| {
            inside = (inside || *letter == '(') && *letter != ')';
            !inside && *letter != ')'
        })
        .collect();
    for part in plain.split(", ") {
        let mut words = part.split_whitespace();
        let number = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        match words.next() {
            Some("passed") => count.passed += number,
            Some("skipped") => count.skipped += number,
            _ => count.failed += number,
        }
    }
    count
}

/// Libtest's summaries, one for each test binary: `test result: ok. 7 passed; 2 failed; 3 ignored; 0 measured; …`.
fn count_libtest(lines: &[String]) -> Count {
    let mut count = Count::default();
    for part in lines
        .iter()
        .filter(|line| line.starts_with("test result: "))
        .flat_map(|line| line.split("; "))
    {
        let mut words = part.split_whitespace().rev();
        let kind = words.next();
        let number = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        match kind {
            Some("passed") => count.passed += number,
            Some("failed") => count.failed += number,
            Some("ignored") => count.skipped += number,
            _ => {}
        }
    }
    count
}

/// A harness prints `ok      NAME` or `FAILED  NAME` at the start of a line for each of its checks, logs indented.
fn count_checks(lines: &[String]) -> Count {
    let starting = |word: &str| {
        let these = lines.iter().filter(|line| line.starts_with(&format!("{word} "))).count();
        u32::try_from(these).unwrap_or(u32::MAX)
    };
    Count { passed: starting("ok"), failed: starting("FAILED"), skipped: starting("skipped") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn counts_what_nextest_summarises() {
        let said = "   PASS [ 0.1s] a b\n     Summary [   0.016s] 9 tests run: 6 passed (1 slow, 2 leaky), 2 failed, 1 timed out, 3 skipped\n  FAIL a";
        assert_eq!(count_nextest(&lines(said)), Count { passed: 6, failed: 3, skipped: 3 });
        assert_eq!(count_nextest(&lines("error: could not compile")), Count::default());
    }

    #[test]
    fn adds_up_the_summaries_of_each_test_binary() {
        let said = "test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                    test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(count_libtest(&lines(said)), Count { passed: 9, failed: 3, skipped: 1 });
    }

    #[test]
    fn counts_the_checks_of_a_harness() {
        let said = "ok      neovim: hover\nFAILED  neovim: merge\n        ok that is a log line\nneovim: 1 of 2 checks passed";
        assert_eq!(count_checks(&lines(said)), Count { passed: 1, failed: 1, skipped: 0 });
    }
}
