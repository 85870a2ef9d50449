//! Whether a statement that SQLite reads finds everything that it names.

use std::collections::BTreeSet;

use revline_schema::{Schema, Sight, Table};
use sqlite3_parser::dialect::keyword_token;

use super::{Trial, unsure};
use crate::parse::{Kind, Words};
use crate::support::functions::is_of_sqlite;

/// Checks a statement against the schema that it meets.
pub(super) fn check(text: &str, schema: &Schema) -> Trial {
    let words = Words::of_sqlite(text);
    let begins = |word: &str| words.is(0, word);
    if ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"].iter().any(|word| begins(word)) {
        return Names { words: &words, schema }.check();
    }
    if begins("CREATE") && (words.is(1, "INDEX") || words.is(1, "UNIQUE")) {
        return Names { words: &words, schema }.index();
    }
    if begins("ALTER") || begins("CREATE") && words.is(1, "TABLE") {
        return calls_of_sqlite(&words, |at| words.is_in_check(at));
    }
    if begins("PRAGMA") || begins("DROP") {
        return Ok(());
    }
    let (_, first) = words.get(0).unwrap_or((Kind::End, ""));
    Err(unsure(format!("what {first} does is not looked into")))
}

fn calls_of_sqlite(words: &Words<'_>, counts: impl Fn(usize) -> bool) -> Trial {
    let mut calls = words.calls().filter(|(at, _)| counts(*at));
    match calls.find(|(at, name)| !is_of_sqlite(name) && !is_keyword(words, *at)) {
        Some((_, name)) => Err(unsure(format!("whether SQLite has a function {name}"))),
        None => Ok(()),
    }
}

fn is_keyword(words: &Words<'_>, at: usize) -> bool {
    match words.get(at) {
        // The port takes nothing shorter than its shortest keyword.
        Some((Kind::Word, own)) => own.len() > 1 && keyword_token(own.as_bytes()).is_some(),
        _ => false,
    }
}

/// The names of one statement.
struct Names<'a> {
    words: &'a Words<'a>,
    schema: &'a Schema,
}

impl Names<'_> {
    fn check(&self) -> Trial {
        calls_of_sqlite(self.words, |_| true)?;
        let introduced = self.introduced();
        let mut columns = BTreeSet::new();
        let mut tables = BTreeSet::new();
        for at in 0..self.words.len() {
            let Some(name) = self.name(at) else { continue };
            match self.table(&name) {
                Some(Sight::Present(table)) => {
                    columns.extend(names_of(table));
                    tables.insert(name.to_lowercase());
                }
                Some(Sight::Uncertain(why)) => {
                    return Err(unsure(format!("what the table {name} is: {}", why.why)));
                }
                _ => {}
            }
        }
        for at in 0..self.words.len() {
            let follows = |word: &str| at > 0 && self.words.is(at - 1, word);
            let Some(name) = self.name(at).or_else(|| {
                let is_table = ["FROM", "JOIN", "INTO", "UPDATE"].iter().any(|word| follows(word));
                self.words.name(at).filter(|_| is_table && !self.words.is(at, "SELECT"))
            }) else {
                continue;
            };
            let name = name.to_lowercase();
            let is_table = ["FROM", "JOIN", "INTO", "UPDATE"].iter().any(|word| follows(word));
            let is_known = if is_table {
                tables.contains(&name) || introduced.contains(&name)
            } else {
                self.words.is(at + 1, "(")
                    || tables.contains(&name)
                    || introduced.contains(&name)
                    || columns.contains(&name)
            };
            if !is_known {
                return Err(unsure(format!("what {name} is in a statement")));
            }
        }
        self.required()
    }

    /// Every name in an index is one of its table's columns.
    fn index(&self) -> Trial {
        calls_of_sqlite(self.words, |at| (0..at).any(|before| self.words.is(before, "(")))?;
        let on = (0..self.words.len()).find(|at| self.words.is(*at, "ON"));
        let Some(on) = on else { return Err(unsure("an index on nothing")) };
        let name = self.words.name(on + 1).unwrap_or_default();
        let Some(Sight::Present(table)) = self.table(&name) else {
            return Err(unsure(format!("what the table {name} is")));
        };
        let columns = names_of(table);
        let stray = (on + 2..self.words.len()).filter_map(|at| {
            let name = self.name(at)?.to_lowercase();
            (!columns.contains(&name) && !self.words.is(at + 1, "(")).then_some(name)
        });
        match stray.into_iter().next() {
            Some(stray) => Err(unsure(format!("what {stray} is in an index"))),
            None => Ok(()),
        }
    }

    /// The name at a place, which no keyword is unless it stands in quotes.
    fn name(&self, at: usize) -> Option<String> {
        if is_keyword(self.words, at) { None } else { self.words.name(at) }
    }

    fn table(&self, name: &str) -> Option<Sight<'_, std::sync::Arc<Table>>> {
        let mut keys = self.schema.tables.keys();
        let key = keys.find(|key| key.schema.is_none() && key.name.eq_ignore_ascii_case(name));
        key.map(|key| self.schema.look(key))
    }

    /// Aliases and the tables of a WITH, in lower case.
    fn introduced(&self) -> BTreeSet<String> {
        (1..self.words.len())
            .filter(|at| {
                let behind = |word: &str| self.words.is(at - 1, word);
                let is_behind_table =
                    self.name(at - 1).is_some_and(|name| self.table(&name).is_some());
                behind("AS")
                    || behind(")")
                    || behind("WITH")
                    || behind("RECURSIVE")
                    || is_behind_table
                    || self.words.is(at + 1, "AS") && self.words.is(at + 2, "(")
            })
            .filter_map(|at| self.name(at))
            .map(|name| name.to_lowercase())
            .chain(["rowid".to_owned(), "excluded".to_owned()])
            .collect()
    }

    /// Whether an INSERT of values gives every column that must have one.
    fn required(&self) -> Trial {
        let words = self.words;
        if !words.is(0, "INSERT") && !words.is(0, "REPLACE") {
            return Ok(());
        }
        let into = (0..words.len()).find(|at| words.is(*at, "INTO"));
        let Some(into) = into else { return Err(unsure("an INSERT into nothing")) };
        let name = words.name(into + 1).unwrap_or_default();
        let Some(Sight::Present(table)) = self.table(&name) else {
            return Err(unsure(format!("what the table {name} is")));
        };
        if !words.is(into + 2, "(") {
            return Err(unsure("an INSERT that does not name its columns"));
        }
        let end = (into + 3..words.len()).find(|at| words.is(*at, ")")).unwrap_or(words.len());
        if words.is(end + 1, "SELECT") {
            return Ok(());
        }
        let given: BTreeSet<String> = (into + 3..end)
            .filter_map(|at| words.name(at))
            .map(|name| name.to_lowercase())
            .collect();
        let key = table.primary_key();
        let missing = table.columns.iter().find(|column| {
            let name = &column.name;
            let must = !column.is_nullable() || key.contains(name);
            let is_rowid = matches!(key, [only] if only == name);
            must && column.server_default.is_none()
                && !(is_rowid && is_integer(table, name.as_str()))
                && !given.contains(&name.text.to_lowercase())
        });
        match missing {
            Some(column) => Err(unsure(format!("an INSERT gives {} no value", column.name))),
            None => Ok(()),
        }
    }
}

/// Only INTEGER, spelled so, makes a key the row's number.
fn is_integer(table: &Table, column: &str) -> bool {
    use revline_schema::TypeKind;
    table.column(column).is_some_and(|column| matches!(column.type_.kind, TypeKind::Integer))
}

fn names_of(table: &Table) -> BTreeSet<String> {
    table.columns.iter().map(|column| column.name.text.to_lowercase()).collect()
}
