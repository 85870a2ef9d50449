//! What is called of packages that were not found: `uuidutils.generate_uuid()`, `LOG.info(…)`.
//!
//! Such a call is taken to leave the database alone where nothing of Alembic, of a connection or of
//! the file's own code is handed to it, and nothing in its path or its arguments speaks of databases.
//! That is told as a fact which the outcome rests on. What it gives stays unknown.

use revline_python::eval::Foreign;
use revline_python::value::Arguments;
use revline_python::{Answer, Heap, Kind, Value, View};
use revline_sql::Mode;
use revline_text::Span;

use super::host::Surroundings;
use crate::alembic::effects::is_telling;

/// Parts of names that speak of databases.
const PARTS: [&str; 22] = [
    "alembic", "commit", "connect", "create", "cursor", "database", "delete", "drop", "engine",
    "execut", "facade", "flush", "insert", "migrat", "query", "revision", "rollback", "schema",
    "session", "sql", "transact", "upgrade",
];

/// Words of names that do.
const WORDS: [&str; 9] = ["conn", "db", "exec", "model", "models", "op", "orm", "run", "table"];

/// How many values of nested arguments are looked at.
const MOST_VALUES: usize = 200;

impl Surroundings<'_> {
    /// What a call of something that was not found may do.
    pub(super) fn foreign_call(
        &mut self,
        heap: &Heap,
        path: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Foreign {
        let handed = match arguments.unknown {
            Some(_) => Handed::Anything,
            None => self.handed(heap, arguments.values().collect()),
        };
        if handed == Handed::Anything {
            return Foreign::Unknown;
        }
        if !is_about_something_else(path) {
            return if handed == Handed::Data { Foreign::Its } else { Foreign::Unknown };
        }
        if !self.is_loading() {
            let top = path.split('.').next().unwrap_or_default();
            self.fact(format!("the package {top} leaves the database alone here"), span);
            if !is_telling(path) {
                self.does_beside(path.trim_end_matches(".()"), span);
            }
        }
        if handed == Handed::Data { Foreign::Harmless } else { Foreign::Once }
    }

    /// `db.Session(bind=bind)`, `db.session` of Flask-SQLAlchemy and its kin: by its name, a session
    /// of the ORM.
    pub(super) fn foreign_session(
        &mut self,
        heap: &Heap,
        receiver: &Value,
        name: &str,
        span: Span,
    ) -> Option<Answer> {
        let is_foreign = heap.unknown(receiver).is_some_and(|why| why.foreign.is_some());
        if !is_foreign || self.target.mode != Mode::Execute || self.is_loading() {
            return None;
        }
        let what = match name {
            "Session" | "session" => "session",
            "sessionmaker" | "scoped_session" => "sessionmaker",
            _ => return None,
        };
        self.needs_database();
        self.fact(format!("`{name}` is a session of the ORM"), span);
        Some(Self::object(what, 0, span))
    }

    /// What a call is handed.
    fn handed<'h>(&mut self, heap: &'h Heap, mut open: Vec<&'h Value>) -> Handed {
        let mut seen = 0;
        let mut all = Handed::Data;
        while let Some(value) = open.pop() {
            seen += 1;
            if seen > MOST_VALUES {
                return Handed::Anything;
            }
            match heap.view(value) {
                View::List(items) | View::Tuple(items) => open.extend(items),
                View::Dict(dict) => open.extend(dict.entries().iter().map(|(_, value)| value)),
                View::None | View::Bool(_) | View::Int(_) | View::Float(_) | View::Bytes(_) => {}
                View::Str(text) if !is_sql(text.text()) => {}
                View::Unknown(unknown) if unknown.data || unknown.foreign.is_some() => {}
                View::Function(function) => {
                    // A loop may hand on the same function again and again.
                    let place = function.source.at(function.definition.range);
                    let is_harmless = *self.harmless.entry(place).or_insert_with(|| {
                        let text = function.definition.range.slice(&function.source.text);
                        text.is_some_and(is_about_something_else)
                    });
                    if !is_harmless {
                        return Handed::Anything;
                    }
                    all = Handed::Functions;
                }
                _ if matches!(value.kind, Kind::Set(_) | Kind::Ellipsis) => {}
                _ => return Handed::Anything,
            }
        }
        all
    }
}

/// Whether nothing in a text speaks of databases.
fn is_about_something_else(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    !PARTS.iter().any(|part| text.contains(part)) && !words.any(|word| WORDS.contains(&word))
}

/// What a call is handed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Handed {
    /// Nothing but data.
    Data,
    /// Functions of the source that speak of no database.
    Functions,
    /// Anything else.
    Anything,
}

/// Whether a text begins like a statement.
fn is_sql(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    matches!(
        first.as_str(),
        "ALTER"
            | "CREATE"
            | "DELETE"
            | "DROP"
            | "INSERT"
            | "SELECT"
            | "TRUNCATE"
            | "UPDATE"
            | "WITH"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_speaks_of_databases_may_do_anything() {
        for path in
            ["oslo_utils.uuidutils.generate_uuid", "lfx.log.logger.info", "packaging.version.parse"]
        {
            assert!(is_about_something_else(path), "{path}");
        }
        for path in ["oslo_db.sqlalchemy.enginefacade.reader", "x.get_engine.().begin", "y.db.add"]
        {
            assert!(!is_about_something_else(path), "{path}");
        }
    }
}
