//! `upgrade`, `current`, `status`, `downgrade -1` and `stamp` of a listed package beside Alembic's own commands, on a
//! database for each of them: the same version table, the same answers.

#![allow(clippy::disallowed_methods, reason = "the judge starts programs and writes a project")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::asked::values;
use super::corpus::Location;
use super::place::Place;
use super::table::{Table, number};

/// An `env.py` that keeps every revision that ran.
const ENV_PY: &str = "import os\nfrom alembic import context\nfrom sqlalchemy import create_engine, pool\n\
    engine = create_engine(os.environ[\"JUDGE_URL\"], poolclass=pool.NullPool)\n\
    with engine.connect() as connection:\n    \
    context.configure(connection=connection, target_metadata=None, transaction_per_migration=True)\n    \
    with context.begin_transaction():\n        context.run_migrations()\n";

/// How a package fared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Everything was the same, with so many heads.
    Equal(usize),
    /// The first difference.
    Different(String),
    /// Real Alembic runs nothing of it here, for this reason.
    Kept(String),
}

/// The outcomes by database.
#[derive(Default, Debug)]
pub struct Tally(BTreeMap<(String, String), usize>, Vec<String>);

impl Tally {
    /// Adds one.
    pub fn add(&mut self, location: &Location, dialect: &str, outcome: &Outcome) {
        let kind = match outcome {
            Outcome::Equal(0 | 1) => "one head",
            Outcome::Equal(_) => "several heads",
            Outcome::Different(why) => {
                self.1.push(format!("{} on {dialect}: {why}", location.name()));
                "different"
            }
            Outcome::Kept(_) => "kept",
        };
        *self.0.entry((dialect.to_owned(), kind.to_owned())).or_default() += 1;
    }

    /// What differs.
    pub fn different(&self) -> &[String] {
        &self.1
    }

    /// How many were the same in all answers.
    pub fn equal(&self) -> usize {
        let is_equal = |kind: &str| kind.ends_with("head") || kind.ends_with("heads");
        self.0.iter().filter(|((_, kind), _)| is_equal(kind)).map(|(_, count)| count).sum()
    }

    /// The figures as a table.
    pub fn table(&self) -> Table {
        let mut table = Table::new(&[
            "commands beside Alembic's",
            "equal, one head",
            "equal, several heads",
            "different",
            "Alembic runs nothing",
        ]);
        let mut dialects: Vec<&String> = self.0.keys().map(|(dialect, _)| dialect).collect();
        dialects.dedup();
        for dialect in dialects {
            let count = |kind: &str| {
                let key = (dialect.clone(), kind.to_owned());
                number(self.0.get(&key).copied().unwrap_or_default())
            };
            let [one, several, different, kept] =
                ["one head", "several heads", "different", "kept"].map(count);
            table.row([dialect.clone(), one, several, different, kept]);
        }
        table
    }
}

/// The two of them on a package.
struct Pair<'a> {
    python: &'a Path,
    revline: &'a Path,
    folder: tempfile::TempDir,
    place: &'a Place,
    /// The names of the databases: Revline's, Alembic's.
    names: [String; 2],
}

/// Judges one location on a database.
///
/// # Errors
/// Where the server, or the project for the judge, cannot be made.
pub fn judge(python: &Path, revline: &Path, place: &Place, location: &Location) -> Result<Outcome> {
    let name = location.name().replace('-', "_");
    let pair = Pair {
        python,
        revline,
        folder: project(python, location)?,
        place,
        names: [format!("own_{name}"), format!("real_{name}")],
    };
    let outcome = pair.judged();
    for name in &pair.names {
        place.drop_database(name)?;
    }
    outcome
}

fn project(python: &Path, location: &Location) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir_all(folder.path().join("migrations"))?;
    let versions: Vec<String> =
        location.versions.iter().map(|folder| folder.display().to_string()).collect();
    let ini = format!(
        "[alembic]\nscript_location = %(here)s/migrations\npath_separator = newline\n\
         version_locations = {}\nrecursive_version_locations = {}\nprepend_sys_path = {}\n",
        versions.join("\n    "),
        location.recursive,
        location.root.display()
    );
    std::fs::write(folder.path().join("alembic.ini"), ini)?;
    std::fs::write(folder.path().join("migrations/env.py"), ENV_PY)?;
    let settings = format!("[database]\nurl = '$JUDGE_URL'\npython = '{}'\n", python.display());
    std::fs::write(folder.path().join("revline.toml"), settings)?;
    Ok(folder)
}

impl Pair<'_> {
    fn command(&self, program: &Path, database: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("HOME", self.folder.path());
        command.env("JUDGE_URL", self.place.url_of(database)).env("PBR_VERSION", "1.0.0");
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONHASHSEED", "0");
        command.env_remove("ALEMBIC_CONFIG").env_remove("VIRTUAL_ENV").stdin(Stdio::null());
        command
    }

    fn own(&self, words: &[&str]) -> Result<Output> {
        let [own, _] = &self.names;
        Ok(self.command(self.revline, own).args(words).output()?)
    }

    fn real(&self, words: &[&str]) -> Result<Output> {
        let [_, real] = &self.names;
        let start = "from alembic.config import main; main(prog='alembic')";
        Ok(self.command(self.python, real).args(["-c", start]).args(words).output()?)
    }

    /// The rows of both version tables, sorted; none where there is no table yet.
    fn rows(&self) -> [Vec<String>; 2] {
        self.names.each_ref().map(|name| {
            let asked = values(&self.place.url_of(name), "SELECT version_num FROM alembic_version");
            let mut found = asked.unwrap_or_default();
            found.sort();
            found
        })
    }

    fn fresh(&self, database: &str) -> Result<()> {
        self.place.drop_database(database)?;
        self.place.fresh(database).map(drop)
    }

    fn judged(&self) -> Result<Outcome> {
        let [own, real] = &self.names;
        self.fresh(own)?;
        self.fresh(real)?;
        let went = self.real(&["upgrade", "heads"])?;
        let [_, reached] = self.rows();
        if reached.is_empty() {
            return Ok(Outcome::Kept(last_line(&went)));
        }
        if !went.status.success() {
            // What it ran of the revision at which it ended is not Revline's to make.
            self.fresh(real)?;
            for row in &reached {
                self.real(&["upgrade", row])?;
            }
        }
        for row in &reached {
            let done = self.own(&["upgrade", row, "--yes"])?;
            if !done.status.success() {
                return Ok(Outcome::Different(format!("upgrade {row}: {}", last_line(&done))));
            }
        }
        let heads = reached.len();
        let first = reached.first().map(String::as_str).unwrap_or_default();
        let steps: [&[&str]; 6] = [
            &[],
            &["downgrade", "-1"],
            &["upgrade", "+1"],
            &["stamp", "base"],
            &["stamp", "heads"],
            &["stamp", "--purge", first],
        ];
        for step in steps {
            if let Some(why) = self.step(step)? {
                return Ok(Outcome::Different(format!("{}: {why}", step.join(" "))));
            }
        }
        Ok(Outcome::Equal(heads))
    }

    /// Both do it, and are asked where they stand; the first difference.
    fn step(&self, step: &[&str]) -> Result<Option<String>> {
        if !step.is_empty() {
            let (got, wanted) = (self.own(&[step, &["--yes"]].concat())?, self.real(step)?);
            if got.status.success() != wanted.status.success() {
                let said = [last_line(&got), last_line(&wanted)];
                return Ok(Some(format!("{} beside {}", said[0], said[1])));
            }
        }
        let [own, real] = self.rows();
        if own != real {
            return Ok(Some(format!("the rows are {own:?} beside {real:?}")));
        }
        for words in [&["current"][..], &["current", "-v"]] {
            let [got, wanted] = [self.own(words)?, self.real(words)?];
            let [got, wanted] = [self.lines(&got), self.lines(&wanted)];
            if got != wanted {
                return Ok(Some(format!("{words:?} is {got:?} beside {wanted:?}")));
            }
        }
        let status = self.own(&["status", "--json"])?;
        ensure!(status.status.code().is_some_and(|code| code < 2), "{}", last_line(&status));
        let status: Value = serde_json::from_slice(&status.stdout).context("status is JSON")?;
        let current: Vec<&str> =
            status["current"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if current != real {
            return Ok(Some(format!("status says {current:?} beside {real:?}")));
        }
        Ok(None)
    }

    /// What was printed, sorted, with one name for both databases; branches come out of a set in Alembic.
    fn lines(&self, answer: &Output) -> Vec<String> {
        let mut text = String::from_utf8_lossy(&answer.stdout).into_owned();
        for name in &self.names {
            text = text.replace(name.as_str(), "database");
        }
        let line = |line: &str| match line.split_once(": ") {
            Some((label, ids)) if ids.contains(", ") => {
                let mut ids: Vec<&str> = ids.split(", ").collect();
                ids.sort_unstable();
                format!("{label}: {}", ids.join(", "))
            }
            _ => line.trim_end().to_owned(),
        };
        let mut lines: Vec<String> = text.lines().map(line).collect();
        lines.sort();
        lines
    }
}

/// The last line that says something, of standard error and then of standard output.
fn last_line(answer: &Output) -> String {
    let text =
        [&answer.stdout, &answer.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let mut lines =
        text.iter().flat_map(|text| text.lines()).filter(|line| !line.trim().is_empty());
    lines.next_back().unwrap_or_default().chars().take(300).collect()
}
