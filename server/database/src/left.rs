//! What an operation leaves that did not get to its end, where the database cannot take it back by itself.
//!
//! Nothing of it is cleaned up here: whether another program is still at it cannot be seen for certain, so a person
//! decides. SQLite's and MySQL's drivers commit the table of a batch before its rows are copied; PostgreSQL keeps an index
//! that was built concurrently and not to its end, and uses it for nothing
//! (<https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>).

use std::fmt;

use crate::address::Backend;
use crate::error::Error;
use crate::session::Session;
use crate::text::{identifier, literal, qualified};

/// Alembic's prefix of the copy that a batch makes (`alembic.operations.batch`).
const COPY: &str = "_alembic_tmp_";

/// Something that was left. Its `Display` is a sentence with the way out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LeftOver {
    /// The copy that a batch makes of a table.
    Copy {
        /// Its name.
        name: String,
        /// The table, where it is still there: then it has all of its rows.
        of: Option<String>,
        /// The copy's name as SQL has it.
        quoted: String,
    },
    /// An index of PostgreSQL that is not valid, and that nobody is building.
    Index {
        /// Its name.
        name: String,
        /// Its table.
        table: String,
        /// Its name as SQL has it, with its schema.
        quoted: String,
    },
}

impl fmt::Display for LeftOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Copy { name, of: Some(of), quoted } => write!(
                f,
                "{name}, by a batch that runs, or that did not get to its end: {of} still has its rows. Where \
                 nobody migrates now: DROP TABLE {quoted}"
            ),
            Self::Copy { name, of: None, .. } => write!(
                f,
                "{name}, by a batch that runs, or that did not get to its end: the table that it copied is not \
                 there, so the rows are in it. Where nobody migrates now, give it that table's name"
            ),
            Self::Index { name, table, quoted } => write!(
                f,
                "index {name} of {table}, which CREATE INDEX CONCURRENTLY did not finish: it is used for nothing. \
                 DROP INDEX CONCURRENTLY {quoted}"
            ),
        }
    }
}

/// Indexes that are not valid, of the schemas that are searched, while nobody builds one on their table: PostgreSQL 12
/// and later show who does.
const INDEXES: &str = "SELECT i.relname, t.relname, n.nspname FROM pg_catalog.pg_index x \
    JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_class t ON t.oid = x.indrelid \
    JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace \
    WHERE NOT x.indisvalid AND i.relkind = 'i' AND n.nspname = ANY (pg_catalog.current_schemas(false)) \
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_stat_progress_create_index p WHERE p.relid = t.oid \
    AND p.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) \
    ORDER BY 1";

impl Session {
    /// What operations left that did not get to their end, sorted.
    ///
    /// # Errors
    /// [`Error`], as of [`Session::execute`].
    pub async fn left_over(&mut self) -> Result<Vec<LeftOver>, Error> {
        let backend = self.backend();
        let tables = match backend {
            Backend::Postgresql => return self.unfinished_indexes().await,
            Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Backend::Mysql => {
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
            }
        };
        let pattern = literal(backend, &format!("{}%", COPY.replace('_', "!_")));
        let column = if backend == Backend::Sqlite { "name" } else { "table_name" };
        let sql = format!("{tables} AND {column} LIKE {pattern} ESCAPE '!' ORDER BY 1");
        let copies = self.ask(&sql).await?;
        let mut found = Vec::new();
        for row in copies {
            let name = row.text(0);
            let of = name.strip_prefix(COPY).unwrap_or_default().to_owned();
            let of = self.has_table(None, &of).await?.then_some(of);
            found.push(LeftOver::Copy { of, quoted: identifier(backend, &name), name });
        }
        Ok(found)
    }

    async fn unfinished_indexes(&mut self) -> Result<Vec<LeftOver>, Error> {
        if self.server().number < (12, 0, 0) {
            return Ok(Vec::new());
        }
        let rows = self.ask(INDEXES).await?;
        let index = |row: &crate::session::Row| LeftOver::Index {
            name: row.text(0),
            table: row.text(1),
            quoted: qualified(Backend::Postgresql, row.get(2), &row.text(0)),
        };
        Ok(rows.iter().map(index).collect())
    }
}
