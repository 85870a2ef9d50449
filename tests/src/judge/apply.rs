//! The native runner beside real Alembic: what `tests/oracle/apply.py` says of a location, counted.

#![allow(clippy::disallowed_methods, reason = "the judge starts a script")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::corpus::{Location, tests};
use super::ledger::Ledger;
use super::server::Server;
use super::table::{Table, number};

/// With what a location is judged.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// A Python that runs migrations.
    pub python: &'a Path,
    /// The program under test.
    pub revline: &'a Path,
    /// A folder for copies.
    pub work: &'a Path,
    /// A PostgreSQL server.
    pub server: &'a Server,
}

/// What was found.
#[derive(Default, Debug)]
pub struct Figures {
    /// By dialect, direction, what was compared, and outcome.
    pub counts: BTreeMap<(String, String, String, String), usize>,
    /// Why steps were refused.
    pub refusals: Ledger,
    /// What differs or failed.
    pub wrong: Vec<String>,
}

impl Figures {
    /// Adds another location's.
    pub fn merge(&mut self, other: Self) {
        for (key, count) in other.counts {
            *self.counts.entry(key).or_default() += count;
        }
        self.refusals.merge(other.refusals);
        self.wrong.extend(other.wrong);
    }

    /// How many comparisons had this outcome.
    pub fn count(&self, outcome: &str) -> usize {
        self.counts.iter().filter(|((.., of), _)| of == outcome).map(|(_, count)| count).sum()
    }

    /// The figures as a table.
    pub fn table(&self) -> Table {
        let mut table = Table::new(&[
            "applied",
            "equal",
            "different",
            "failed",
            "refused",
            "Alembic does not run it",
        ]);
        let mut kinds: Vec<(&String, &String, &String)> = self
            .counts
            .keys()
            .map(|(dialect, direction, what, _)| (dialect, direction, what))
            .collect();
        kinds.dedup();
        for (dialect, direction, what) in kinds {
            let count = |outcome: &str| {
                let key = (dialect.clone(), direction.clone(), what.clone(), outcome.to_owned());
                number(self.counts.get(&key).copied().unwrap_or_default())
            };
            table.row([
                format!("{dialect} {direction} {what}"),
                count("equal"),
                count("different"),
                count("failed"),
                count("refused"),
                count("kept"),
            ]);
        }
        table
    }
}

/// Judges one location on one dialect.
///
/// # Errors
/// Where the script does not get to its end.
pub fn judge(place: &Place<'_>, location: &Location, dialect: &str) -> Result<Figures> {
    let work = place.work.join(format!("{}-{dialect}", location.name()));
    std::fs::create_dir_all(&work)?;
    let mut command = Command::new(place.python);
    command
        .arg("-B")
        .arg(tests().join("oracle/apply.py"))
        .args(["--dialect", dialect])
        .arg("--revline")
        .arg(place.revline)
        .arg("--work")
        .arg(&work)
        .args(location.arguments())
        .env("HOME", &work)
        .stdin(Stdio::null());
    if dialect == "postgresql" {
        command.args(["--server", &place.server.url()]);
        command.arg("--pg-dump").arg(place.server.program("pg_dump"));
    }
    let done = command.output().context("the judge does not start")?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        let last: Vec<&str> = said.lines().rev().take(6).collect();
        bail!("{} on {dialect}: {}", location.name(), last.join(" | "));
    }
    let mut figures = Figures::default();
    for line in String::from_utf8_lossy(&done.stdout).lines() {
        let value: Value = serde_json::from_str(line)?;
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let (direction, what, outcome) = (text("direction"), text("what"), text("outcome"));
        let key = (dialect.to_owned(), direction.clone(), what.clone(), outcome.clone());
        *figures.counts.entry(key).or_default() += 1;
        let at = || format!("{} {} {direction} on {dialect}", location.name(), text("file"));
        match outcome.as_str() {
            "refused" => {
                let why = text("why");
                let why = why.split(": ").last().unwrap_or_default();
                figures.refusals.count(why, at);
            }
            "different" | "failed" => {
                figures.wrong.push(format!("{} ({what}): {outcome}: {}", at(), text("why")));
            }
            _ => {}
        }
    }
    std::fs::remove_dir_all(&work)?;
    Ok(figures)
}
