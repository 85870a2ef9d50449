//! The online judge: what real Alembic executes, revision after revision, on real databases.
//!
//! `tests/oracle/online.py` runs the chains and says on what footing each revision ran. Here its
//! statements are laid beside what Revline calls `derived`, and its tables beside `revline schema`.

#![allow(clippy::disallowed_methods, reason = "the judge reads and writes files of its own")]

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::corpus::Location;
use super::gaps::Gaps;
use super::ledger::Ledger;
use super::offline::kept;
use super::program::{Answer, Environment, has_command};
use super::reflection::{self, Verdict};
use super::statements::{Comparison, body, first_difference, ordered};
use super::table::{Table, number};
use super::{Tools, in_parallel};

/// What Alembic did with one revision in one direction.
#[derive(Clone, Debug)]
pub struct Run {
    /// The location's name.
    pub location: String,
    /// The identifier.
    pub revision: String,
    /// Its down revisions.
    pub parents: Vec<String>,
    /// The file's name.
    pub file: String,
    /// `upgrade` or `downgrade`.
    pub direction: String,
    /// `chain`, `state` or `gap`.
    pub base: String,
    /// `ran`, `stood in`, `ended` or `kept`.
    pub outcome: String,
    /// `CLASS: message`, where it did not run.
    pub error: Option<String>,
    /// The statement that the database refused.
    pub statement: Option<String>,
    /// What was executed.
    pub statements: Vec<String>,
    /// The tables after it, as reflected.
    pub tables: Option<Value>,
}

/// Figures of one dialect.
#[derive(Clone, Default, Debug)]
pub struct Tally {
    /// Runs by direction, base and outcome.
    pub runs: BTreeMap<(String, String, String), usize>,
    /// Why a chain has gaps.
    pub gaps: Ledger,
    /// `derived` outputs that Alembic ran.
    pub derived: usize,
    /// Of these, the same statements in the same order.
    pub derived_equal: usize,
    /// Of these, others; those behind a gap are told apart.
    pub derived_different: Vec<String>,
    /// Differences behind a gap, where a table that is missing may be the reason.
    pub derived_in_gap: Vec<String>,
    /// Differences behind a gap that prove nothing: the database lacks what a skipped revision was to do to
    /// that same table.
    pub unfounded: usize,
    /// `exact` outputs that Alembic ran, and how many executed just what they print.
    pub exact: (usize, usize),
    /// Those that executed something else: an offline text may legitimately differ.
    pub exact_different: Vec<String>,
    /// States that were compared, and how many are equal.
    pub states: (usize, usize),
    /// States of which Revline is not certain.
    pub uncertain: usize,
    /// States that differ.
    pub states_different: Vec<String>,
}

impl Tally {
    fn add(&mut self, run: &Run, answer: Option<&Answer>, gaps: &Gaps) {
        let key = (run.direction.clone(), run.base.clone(), run.outcome.clone());
        *self.runs.entry(key).or_default() += 1;
        let place = || format!("{} {} {}", run.location, run.file, run.direction);
        if run.outcome == "ended" && run.direction == "upgrade" && run.base == "chain" {
            self.gaps.count(run.error.as_deref().unwrap_or_default(), place);
        }
        let Some(answer) = answer.filter(|_| run.outcome == "ran") else { return };
        // What was heard has spaces for tabs, as a script has.
        let ours = ordered(body(&answer.sql.replace('\t', "    ")));
        let theirs = ordered(body(&(run.statements.join(";\n\n") + ";\n\n")));
        let compared =
            first_difference(theirs.iter().map(String::as_str), ours.iter().map(String::as_str));
        let is_unfounded = match &compared {
            Comparison::Different { theirs, ours } => {
                run.base == "gap" && gaps.explain(&run.revision, theirs, ours)
            }
            _ => false,
        };
        let difference = match compared {
            Comparison::Different { theirs, ours } => {
                Some(format!("{}\n      Alembic: {theirs}\n      Revline: {ours}", place()))
            }
            _ => None,
        };
        match answer.status.as_str() {
            "exact" => {
                self.exact.0 += 1;
                self.exact.1 += usize::from(difference.is_none());
                self.exact_different.extend(difference);
            }
            "derived" => {
                self.derived += 1;
                self.derived_equal += usize::from(difference.is_none());
                if is_unfounded {
                    self.unfounded += 1;
                } else if run.base == "gap" {
                    self.derived_in_gap.extend(difference);
                } else {
                    self.derived_different.extend(difference);
                }
            }
            _ => {}
        }
    }

    fn merge(&mut self, other: Self) {
        for (key, count) in other.runs {
            *self.runs.entry(key).or_default() += count;
        }
        self.gaps.merge(other.gaps);
        self.derived += other.derived;
        self.derived_equal += other.derived_equal;
        self.derived_different.extend(other.derived_different);
        self.derived_in_gap.extend(other.derived_in_gap);
        self.unfounded += other.unfounded;
        self.exact.0 += other.exact.0;
        self.exact.1 += other.exact.1;
        self.exact_different.extend(other.exact_different);
        self.states.0 += other.states.0;
        self.states.1 += other.states.1;
        self.uncertain += other.uncertain;
        self.states_different.extend(other.states_different);
    }

    /// How many runs of a direction had this outcome on any base, or on this one.
    pub fn count(&self, direction: &str, base: Option<&str>, outcome: &str) -> usize {
        let these = self.runs.iter().filter(|((one, on, out), _)| {
            one == direction && base.is_none_or(|base| base == on) && out == outcome
        });
        these.map(|(_, count)| count).sum()
    }
}

/// The figures by dialect and all runs.
#[derive(Default, Debug)]
pub struct Judged {
    /// By dialect.
    pub tallies: BTreeMap<String, Tally>,
    /// By dialect, in the order of the chains.
    pub runs: BTreeMap<String, Vec<Run>>,
    /// Whether the program could be asked for the tables at a revision.
    pub knows_states: bool,
}

/// Runs the chains of all locations on these dialects. `answers` are Revline's, by location's name.
pub fn judge(
    tools: &Tools,
    locations: &[Location],
    dialects: &[&str],
    answers: &BTreeMap<String, Vec<Answer>>,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Judged> {
    let mut judged =
        Judged { knows_states: has_command(&tools.revline, "schema")?, ..Judged::default() };
    let pairs: Vec<(&Location, &str)> = dialects
        .iter()
        .flat_map(|dialect| locations.iter().map(move |location| (location, *dialect)))
        .collect();
    let parts = in_parallel(tools.jobs, &pairs, |(location, dialect)| {
        let own = answers.get(&location.name()).map(Vec::as_slice).unwrap_or_default();
        let began = std::time::Instant::now();
        let part = one(tools, location, dialect, own, judged.knows_states)
            .with_context(|| format!("{} on {dialect}", location.name()))?;
        tell(&format!("{} on {dialect}: {:.1} s", location.name(), began.elapsed().as_secs_f64()));
        Ok(((*dialect).to_owned(), part))
    })?;
    for (dialect, (tally, runs)) in parts {
        judged.tallies.entry(dialect.clone()).or_default().merge(tally);
        judged.runs.entry(dialect).or_default().extend(runs);
    }
    Ok(judged)
}

fn one(
    tools: &Tools,
    location: &Location,
    dialect: &str,
    answers: &[Answer],
    knows_states: bool,
) -> Result<(Tally, Vec<Run>)> {
    let own: HashMap<(&str, &str), &Answer> = answers
        .iter()
        .filter(|answer| answer.dialect == dialect)
        .map(|answer| ((answer.revision.as_str(), answer.direction.as_str()), answer))
        .collect();
    let environment = Environment::of(tools, location, None)?;
    let lines: String = own_lines(answers, dialect);
    let mut runs = runs(tools, location, dialect, &lines, "")?;
    if knows_states {
        let states = states(&environment, &runs, dialect)?;
        if !states.is_empty() {
            runs = self::runs(tools, location, dialect, &lines, &states)?;
        }
    }
    let mut tally = Tally::default();
    let gaps = Gaps::of(location, &runs);
    let mut tables = Vec::new();
    for run in &mut runs {
        let answer = own.get(&(run.revision.as_str(), run.direction.as_str())).copied();
        tally.add(run, answer, &gaps);
        if let (Some(reflected), "upgrade") = (run.tables.take(), run.direction.as_str()) {
            tables.push((&run.revision, &run.file, reflected));
        }
    }
    let revisions: Vec<&str> = tables.iter().map(|(revision, ..)| revision.as_str()).collect();
    let said = match knows_states {
        true => environment.schemas(&revisions, dialect, &[])?,
        false => Vec::new(),
    };
    for ((_, file, reflected), said) in tables.iter().zip(&said) {
        let Some(said) = said else { continue };
        match reflection::compare(reflected, said, dialect) {
            Verdict::Uncertain => tally.uncertain += 1,
            Verdict::Equal => {
                tally.states.0 += 1;
                tally.states.1 += 1;
            }
            Verdict::Different(what) => {
                tally.states.0 += 1;
                tally.states_different.push(format!("{} {file}: {what}", location.name()));
            }
        }
    }
    Ok((tally, runs))
}

/// What may stand in for a revision that Alembic cannot run.
pub(super) fn own_lines(answers: &[Answer], dialect: &str) -> String {
    let known = answers.iter().filter(|answer| {
        answer.dialect == dialect && matches!(answer.status.as_str(), "exact" | "derived")
    });
    known.map(|answer| answer.line.clone() + "\n").collect()
}

/// For each upgrade behind a gap, the statements that make the tables before it, where Revline is
/// certain of them.
pub(super) fn states(environment: &Environment, runs: &[Run], dialect: &str) -> Result<String> {
    let behind = runs.iter().filter(|run| run.base == "gap" && run.direction == "upgrade");
    let behind: Vec<&str> = behind.map(|run| run.revision.as_str()).collect();
    let said = environment.schemas(&behind, dialect, &["--before", "--sql"])?;
    let mut lines = String::new();
    for (revision, said) in behind.iter().zip(said) {
        // Its statements leave out a table with a column whose type is not known.
        let is_whole = |said: &serde_json::Value| {
            let tables = said["tables"].as_array().into_iter().flatten();
            let mut columns =
                tables.flat_map(|table| table["columns"].as_array().into_iter().flatten());
            said["certain"] == true && columns.all(|column| column["type"].is_string())
        };
        let Some(said) = said.filter(is_whole) else { continue };
        let line = serde_json::json!({ "revision": revision, "sql": said["sql"] });
        lines.push_str(&format!("{line}\n"));
    }
    Ok(lines)
}

/// The runs of a chain; of a revision that ran twice, the run on the better footing.
pub(super) fn runs(
    tools: &Tools,
    location: &Location,
    dialect: &str,
    answers: &str,
    states: &str,
) -> Result<Vec<Run>> {
    let mut arguments = location.arguments();
    arguments.extend(["--dialect".to_owned(), dialect.to_owned()]);
    if dialect == "postgresql" {
        let server = tools.server.clone().context("there is no PostgreSQL server")?;
        arguments.extend(["--server".to_owned(), server]);
    }
    for (flag, text) in [("--answers", answers), ("--states", states)] {
        if !text.is_empty() {
            let folder = tools.work.join("given");
            std::fs::create_dir_all(&folder)?;
            // Its content is in its name, as the judge's answer is remembered by its arguments.
            let mut hasher = std::hash::DefaultHasher::new();
            std::hash::Hash::hash(text, &mut hasher);
            let hash = std::hash::Hasher::finish(&hasher);
            let file = folder.join(format!("{}-{dialect}-{hash:016x}.jsonl", location.name()));
            std::fs::write(&file, text)?;
            arguments.extend([flag.to_owned(), file.display().to_string()]);
        }
    }
    let text = kept(tools, &tools.online, location, "online.py", &arguments)?;
    let mut runs: Vec<Run> = Vec::new();
    for line in text.lines() {
        let run = read(&location.name(), &serde_json::from_str(line)?);
        let same = |other: &&mut Run| {
            other.revision == run.revision
                && other.direction == run.direction
                && other.base == "gap"
        };
        match runs.iter_mut().find(same) {
            Some(other) if run.base == "state" => *other = run,
            _ => runs.push(run),
        }
    }
    Ok(runs)
}

fn read(location: &str, line: &Value) -> Run {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let list = |key: &str| -> Vec<String> {
        let all = line[key].as_array().into_iter().flatten();
        all.filter_map(|one| one.as_str().map(str::to_owned)).collect()
    };
    let error = line["error"].as_object().map(|error| {
        let part = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
        format!("{}: {}", part("class"), part("message"))
    });
    Run {
        location: location.to_owned(),
        revision: text("revision"),
        parents: list("parents"),
        file: text("file"),
        direction: text("direction"),
        base: text("base"),
        outcome: text("outcome"),
        error,
        statement: line["error"]["statement"].as_str().map(str::to_owned),
        statements: list("statements"),
        tables: (!line["tables"].is_null()).then(|| line["tables"].clone()),
    }
}

/// How far the chains go.
pub fn chain_table(tallies: &BTreeMap<String, Tally>) -> Table {
    let mut table = Table::new(&[
        "real Alembic on a database",
        "ran on its chain",
        "on the simulated tables",
        "behind a gap",
        "stood in",
        "did not run",
        "downgrades ran",
    ]);
    for (dialect, tally) in tallies {
        let up = |base: Option<&str>, outcome: &str| number(tally.count("upgrade", base, outcome));
        table.row([
            dialect.clone(),
            up(Some("chain"), "ran"),
            up(Some("state"), "ran"),
            up(Some("gap"), "ran"),
            up(None, "stood in"),
            up(None, "ended"),
            number(tally.count("downgrade", None, "ran")),
        ]);
    }
    table
}

/// Claims beside what was executed.
pub fn derived_table(judged: &Judged) -> Table {
    let mut table = Table::new(&[
        "claims beside what ran",
        "derived",
        "equal",
        "different",
        "different behind a gap",
        "without a skipped change",
        "exact and executed so",
        "tables after a step",
        "equal",
        "not certain",
    ]);
    for (dialect, tally) in &judged.tallies {
        let states = |count: usize| {
            if judged.knows_states { number(count) } else { "no `revline schema`".to_owned() }
        };
        table.row([
            dialect.clone(),
            number(tally.derived),
            number(tally.derived_equal),
            number(tally.derived_different.len()),
            number(tally.derived_in_gap.len()),
            number(tally.unfounded),
            format!("{} of {}", number(tally.exact.1), number(tally.exact.0)),
            states(tally.states.0),
            states(tally.states.1),
            states(tally.uncertain),
        ]);
    }
    table
}
