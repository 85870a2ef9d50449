//! The live schema of the tables that the listed packages make, beside SQLAlchemy's inspector on the same database.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use revline_database::{Access, Address, Session, Surroundings, Timeouts};
use revline_schema::{Schema, TableName};
use serde_json::Value;

use super::{ask, differences, shown, sorted};
use crate::judge::corpus::Location;
use crate::judge::table::{Table, number};

/// What was compared on one kind of database.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Upgrades that ran, and those that did not.
    pub steps: (usize, usize),
    /// Tables that the inspector tells, and those that are told alike.
    pub tables: (usize, usize),
    /// Tables that SQLAlchemy can make again from what it reflects, those of which the engine knows how, and those that
    /// it makes alike. SQLite alone.
    pub again: (usize, usize, usize),
    /// What differs, a line for each place.
    pub differing: Vec<String>,
}

impl Tally {
    /// Both together.
    pub fn add(&mut self, other: Self) {
        self.steps = (self.steps.0 + other.steps.0, self.steps.1 + other.steps.1);
        self.tables = (self.tables.0 + other.tables.0, self.tables.1 + other.tables.1);
        let (tables, known, alike) = other.again;
        self.again = (self.again.0 + tables, self.again.1 + known, self.again.2 + alike);
        self.differing.extend(other.differing);
    }
}

/// Runs the upgrades of a location on an empty database, each as far as it runs alone, and compares.
pub fn judge(python: &Path, location: &Location, url: &str) -> Result<Tally> {
    let arguments = location.arguments();
    let mut command = vec!["alembic", url];
    command.extend(arguments.iter().map(String::as_str));
    let said: Value = serde_json::from_str(&ask(python, &command, "")?)?;
    let (ours, schema) = read(url)?;
    let ours = sorted(&shown(&ours));
    let theirs = sorted(&said["tables"]);
    let count = |key: &str| said[key].as_u64().unwrap_or_default() as usize;
    let mut tally = Tally { steps: (count("ran"), count("failed")), ..Tally::default() };
    let named = |tables: &Value, name: &Value| {
        tables.as_array().into_iter().flatten().find(|table| table["name"] == *name).cloned()
    };
    for table in theirs.as_array().into_iter().flatten() {
        let ours = named(&ours, &table["name"]).unwrap_or_default();
        let found = differences(&ours, table);
        tally.tables.0 += 1;
        tally.tables.1 += usize::from(found.is_empty());
        let place = format!("{} {}", location.name(), table["name"]);
        tally.differing.extend(found.into_iter().map(|line| format!("{place}{line}")));
    }
    for table in ours.as_array().into_iter().flatten() {
        if named(&theirs, &table["name"]).is_none() {
            tally.differing.push(format!("{} {}: not there", location.name(), table["name"]));
        }
    }
    if url.starts_with("sqlite") {
        again(python, location, url, &schema, &mut tally)?;
    }
    Ok(tally)
}

fn read(url: &str) -> Result<(Vec<revline_database::live::Table>, Schema)> {
    let surroundings = Surroundings { folder: Path::new("/"), variable: &|_| None };
    let address = Address::parse(url, &surroundings)?;
    let timeouts = Timeouts { statement: Some(Duration::from_secs(60)), ..Timeouts::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut session = Session::open(&address, Access::Observe, &timeouts).await?;
        Ok((session.tables(None).await?, session.schema().await?))
    })
}

/// The tables as a batch would make them again.
fn again(
    python: &Path,
    location: &Location,
    url: &str,
    schema: &Schema,
    tally: &mut Tally,
) -> Result<()> {
    let said: Value = serde_json::from_str(&ask(python, &["creations", url], "")?)?;
    let dialect = revline_sql::dialect("sqlite").context("there is a dialect for SQLite")?;
    let settings = revline_sql::Settings::default();
    for (name, theirs) in said.as_object().into_iter().flatten() {
        if theirs.is_string() {
            continue;
        }
        tally.again.0 += 1;
        let made =
            revline_sql::reflection(schema, &TableName::new(name.as_str()), dialect, &settings);
        let Ok(made) = made else { continue };
        tally.again.1 += 1;
        let made: Value = made.iter().map(|text| text.trim()).collect();
        if made == *theirs {
            tally.again.2 += 1;
        } else {
            tally.differing.push(format!("{} {name}: {made} is {theirs}", location.name()));
        }
    }
    Ok(())
}

/// The figures, a row for each kind of database.
pub fn table<'a>(tallies: impl Iterator<Item = (&'a str, &'a Tally)>) -> Table {
    let mut table = Table::new(&[
        "live schema",
        "upgrades that ran",
        "tables",
        "as the inspector tells them",
        "made again by SQLAlchemy",
        "known to the engine",
        "alike",
    ]);
    for (dialect, tally) in tallies {
        table.row([
            dialect.to_owned(),
            format!("{} of {}", number(tally.steps.0), number(tally.steps.0 + tally.steps.1)),
            number(tally.tables.0),
            number(tally.tables.1),
            number(tally.again.0),
            number(tally.again.1),
            number(tally.again.2),
        ]);
    }
    table
}
