//! The closing table: what ran, what was skipped and why, how long each took.

use std::fmt;
use std::time::Duration;

/// How one row ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// It ran and all was well.
    Passed,
    /// It ran and something was not.
    Failed,
    /// It could not run here.
    Skipped,
}

/// How many tests or checks of each outcome.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Count {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

/// One row.
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) outcome: Outcome,
    pub(crate) took: Duration,
    /// The tests inside it, when it is a harness.
    pub(crate) count: Option<Count>,
    /// Why it was skipped or failed, or a figure.
    pub(crate) note: String,
}

/// The table, in the order of work.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
}

impl Report {
    /// Tests of all harnesses; a row without tests of its own counts when it failed or was skipped.
    pub(crate) fn count(&self) -> Count {
        let mut sum = Count::default();
        for row in &self.rows {
            let own = row.count.unwrap_or_default();
            sum.passed += own.passed;
            sum.failed += own.failed;
            sum.skipped += own.skipped;
            match row.outcome {
                Outcome::Failed if own.failed == 0 => sum.failed += 1,
                Outcome::Skipped if own.skipped == 0 => sum.skipped += 1,
                _ => {}
            }
        }
        sum
    }

    /// Whether the run is good: no failure, and for a strict one (CI) no skip either.
    pub(crate) fn is_well(&self, strict: bool) -> bool {
        let count = self.count();
        count.failed == 0 && (!strict || count.skipped == 0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.what.chars().count()).max().unwrap_or(0);
        for row in &self.rows {
            let outcome = match row.outcome {
                Outcome::Passed => "ok",
                Outcome::Failed => "FAILED",
                Outcome::Skipped => "skipped",
            };
            let seconds = row.took.as_secs_f64();
            let line = format!("{:width$}  {outcome:<7}  {seconds:>7.1} s  {}", row.what, row.note);
            writeln!(f, "{}", line.trim_end())?;
        }
        write!(f, "{}", self.count())
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(what: &str, outcome: Outcome, count: Option<Count>, note: &str) -> Row {
        Row {
            what: what.into(),
            outcome,
            took: Duration::from_millis(1500),
            count,
            note: note.into(),
        }
    }

    #[test]
    fn a_step_without_tests_counts_once_when_it_is_not_well() {
        let tests = Count { passed: 7, failed: 0, skipped: 0 };
        let report = Report {
            rows: vec![
                row("format", Outcome::Failed, None, "run cargo fmt"),
                row("tests", Outcome::Passed, Some(tests), ""),
                row("neovim", Outcome::Skipped, None, "no network"),
            ],
        };
        assert_eq!(
            report.to_string(),
            "format  FAILED       1.5 s  run cargo fmt\n\
             tests   ok           1.5 s\n\
             neovim  skipped      1.5 s  no network\n\
             7 passed, 1 failed, 1 skipped"
        );
    }

    #[test]
    fn a_skip_is_a_failure_only_when_strict() {
        let report = Report { rows: vec![row("neovim", Outcome::Skipped, None, "")] };
        assert_eq!((report.is_well(false), report.is_well(true)), (true, false));
    }
}
