//! Whether SQLite reads a statement at all, and what it says where it does not.
//!
//! The grammar is SQLite's own, in the port that `sqlite3-parser` makes of it; what SQLite rejects
//! without looking at a table stands beside it. Names of tables and columns are nobody's business
//! here, nor is a function that a project may have registered by itself.

use sqlite3_parser::ast::{AlterTableBody, Cmd, ColumnConstraint, Stmt};
use sqlite3_parser::lexer::sql::{Error, Parser};
use sqlite3_parser::{Bump, FallibleIterator as _};

use super::functions;
use crate::parse::Words;

/// A text that is longer is not looked at.
const LONGEST: usize = 1 << 20;

/// Why SQLite rejects a text whatever its tables are, in SQLite's words; `None` where it does not, or
/// where that is not certain. Of several statements the first counts: Python's driver takes one.
pub(crate) fn rejection(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let bump = Bump::new();
    let mut parser = Parser::new(&bump, text.as_bytes());
    match parser.next() {
        Ok(Some(Cmd::Stmt(statement))) => unsupported(&statement).or_else(|| by_words(text)),
        Ok(_) => None,
        Err(error) => syntax(&error, text),
    }
}

/// The name of what a statement does, where SQLite reads it: how many statements there are.
pub(crate) fn count(text: &str) -> usize {
    let bump = Bump::new();
    let mut parser = Parser::new(&bump, text.as_bytes());
    let mut count = 0;
    while let Ok(Some(_)) = parser.next() {
        count += 1;
    }
    count
}

fn syntax(error: &Error, text: &str) -> Option<String> {
    match error {
        Error::ParserError(error, _) => {
            let said = error.to_string();
            // SQLite takes HAVING without GROUP BY, which the port does not.
            let is_sure = !text.to_ascii_uppercase().contains("HAVING");
            match said.as_str() {
                "unexpected end of input" => is_sure.then(|| "incomplete input".to_owned()),
                said if said.ends_with("syntax error") => is_sure.then(|| said.to_owned()),
                // Further checks of the port's own.
                _ => None,
            }
        }
        Error::Io(_) => None,
        _ => Some("unrecognized token".to_owned()),
    }
}

fn unsupported(statement: &Stmt<'_>) -> Option<String> {
    let Stmt::AlterTable(_, body) = statement else { return None };
    let recent = |what: &str| Some(format!("SQLite before 3.53 has no {what}"));
    match body {
        AlterTableBody::DropColumnNotNull(_) | AlterTableBody::SetColumnNotNull(..) => {
            recent("ALTER COLUMN")
        }
        AlterTableBody::AddConstraint(_) => recent("ADD CONSTRAINT"),
        AlterTableBody::DropConstraint(_) => recent("DROP CONSTRAINT"),
        AlterTableBody::AddColumn(column) => column.constraints.iter().find_map(|one| {
            let what = match one.constraint {
                ColumnConstraint::PrimaryKey { .. } => "PRIMARY KEY",
                ColumnConstraint::Unique(_) => "UNIQUE",
                _ => return None,
            };
            Some(format!("Cannot add a {what} column"))
        }),
        AlterTableBody::RenameTo(_)
        | AlterTableBody::RenameColumn { .. }
        | AlterTableBody::DropColumn(_) => None,
    }
}

/// What can be told from the words of a statement alone.
fn by_words(text: &str) -> Option<String> {
    let words = Words::of_sqlite(text);
    let is_index = words.is(0, "CREATE") && (words.is(1, "INDEX") || words.is(1, "UNIQUE"));
    if is_index {
        let on = (0..words.len()).find(|at| words.is(*at, "ON"))?;
        let elements = (on..words.len()).find(|at| words.is(*at, "("))?;
        // The condition of a partial index may say whose column it means.
        let mut keyed = (elements..words.len()).take_while(|at| !words.is(*at, "WHERE"));
        if keyed.any(|at| words.is(at, ".")) {
            return Some("the \".\" operator prohibited in index expressions".to_owned());
        }
    }
    let changes_rows = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"]
        .iter()
        .any(|word| words.is(0, word));
    // The expressions of generated columns are looked at where the table is made.
    let is_made = |at: usize| words.is(0, "CREATE") && words.is_behind("AS", at);
    let is_checked = |at: usize| changes_rows || is_index || words.is_in_check(at) || is_made(at);
    words
        .calls()
        .filter(|(at, name)| functions::is_of_others(name) && is_checked(*at))
        .map(|(_, name)| format!("no such function: {name}"))
        .next()
}
