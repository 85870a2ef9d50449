//! The version table, by Alembic's own rules (`alembic.runtime.migration`, 1.20.1).

use revline_history::VersionChange;
use revline_sql::{Cx, Mode, Settings};

use crate::address::Backend;
use crate::error::{Error, ErrorKind};
use crate::text::{identifier, literal, qualified};

use super::Session;

/// Which table it is: `version_table`, `version_table_schema`, `version_table_pk` of `context.configure`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VersionTable {
    /// The schema; `None` is the default one.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
    /// Whether it has a primary key when it is made.
    pub primary_key: bool,
}

impl Default for VersionTable {
    fn default() -> Self {
        Self { schema: None, name: "alembic_version".to_owned(), primary_key: true }
    }
}

impl VersionTable {
    fn quoted(&self, backend: Backend) -> String {
        qualified(backend, self.schema.as_deref(), &self.name)
    }
}

impl Session {
    /// The rows of the version table, sorted; `None` where there is no table, which Alembic reads as no rows.
    ///
    /// # Errors
    /// [`Error`], as of [`Session::execute`]; [`ErrorKind::VersionTable`] where the table has another shape.
    pub async fn heads(&mut self, table: &VersionTable) -> Result<Option<Vec<String>>, Error> {
        if !self.has_table(table.schema.as_deref(), &table.name).await? {
            return Ok(None);
        }
        let sql = format!("SELECT version_num FROM {}", table.quoted(self.backend()));
        let rows = match self.ask(&sql).await {
            Ok(rows) => rows,
            Err(error) if matches!(error.code.as_deref(), Some("42703" | "1054" | "1")) => {
                return Err(Error {
                    kind: ErrorKind::VersionTable,
                    way_out: Some("the table of that name is none of Alembic's".into()),
                    ..error
                });
            }
            Err(error) => return Err(error),
        };
        let mut heads = Vec::new();
        for row in rows {
            heads.push(row.owned(0).ok_or_else(|| {
                Error::new(&self.address, ErrorKind::VersionTable, "a row of it is NULL")
            })?);
        }
        heads.sort();
        Ok(Some(heads))
    }

    /// Makes the version table as Alembic would, unless it is there.
    ///
    /// # Errors
    /// [`Error`], as of [`Session::execute`].
    pub async fn create_version_table(&mut self, table: &VersionTable) -> Result<(), Error> {
        if self.has_table(table.schema.as_deref(), &table.name).await? {
            return Ok(());
        }
        let sql = creation(self.backend(), table);
        self.run(&sql).await.map(drop)
    }

    /// Makes one change of the rows.
    ///
    /// # Errors
    /// [`ErrorKind::VersionTable`] with Alembic's sentence when another number of rows was there than the one expected;
    /// [`Error`], as of [`Session::execute`].
    pub async fn change_version(
        &mut self,
        table: &VersionTable,
        change: &VersionChange,
    ) -> Result<(), Error> {
        let backend = self.backend();
        let name = table.quoted(backend);
        let text = |id: &revline_history::RevisionId| literal(backend, id.as_str());
        let (sql, doing) = match change {
            VersionChange::Insert(id) => {
                (format!("INSERT INTO {name} (version_num) VALUES ({})", text(id)), None)
            }
            VersionChange::Delete(id) => (
                format!("DELETE FROM {name} WHERE version_num = {}", text(id)),
                Some(format!("deleting '{id}'")),
            ),
            VersionChange::Update { from, to } => (
                format!(
                    "UPDATE {name} SET version_num={} WHERE version_num = {}",
                    text(to),
                    text(from)
                ),
                Some(format!("updating '{from}' to '{to}'")),
            ),
        };
        let affected = self.run(&sql).await?.affected;
        match doing {
            Some(doing) if affected != 1 => Err(Error::new(
                &self.address,
                ErrorKind::VersionTable,
                format!(
                    "Online migration expected to match one row when {doing} in '{}'; {affected} found",
                    table.name
                ),
            )
            .with_way_out("another program may have moved it: look at `revline current`")),
            _ => Ok(()),
        }
    }

    /// SQLAlchemy's `has_table`: views count too.
    pub(crate) async fn has_table(
        &mut self,
        schema: Option<&str>,
        name: &str,
    ) -> Result<bool, Error> {
        let backend = self.backend();
        let sql = match backend {
            Backend::Sqlite => {
                // Like SQLAlchemy, `main` and then `temp` for the default schema.
                for schema in schema.map_or_else(|| vec!["main", "temp"], |schema| vec![schema]) {
                    let pragma = format!(
                        "PRAGMA {}.table_info({})",
                        identifier(backend, schema),
                        identifier(backend, name)
                    );
                    if !self.ask(&pragma).await?.is_empty() {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
            Backend::Postgresql => {
                let place = match schema {
                    Some(schema) => format!("n.nspname = {}", literal(backend, schema)),
                    None => "pg_catalog.pg_table_is_visible(c.oid) AND n.nspname != 'pg_catalog'"
                        .to_owned(),
                };
                format!(
                    "SELECT 1 FROM pg_catalog.pg_class c \
                     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                     WHERE c.relname = {} AND c.relkind IN ('r','p','f','v','m') AND {place}",
                    literal(backend, name)
                )
            }
            Backend::Mysql => {
                let schema =
                    schema.map_or("DATABASE()".to_owned(), |schema| literal(backend, schema));
                format!(
                    "SELECT 1 FROM information_schema.tables \
                     WHERE table_schema = {schema} AND table_name = {}",
                    literal(backend, name)
                )
            }
        };
        Ok(!self.ask(&sql).await?.is_empty())
    }
}

/// `CREATE TABLE alembic_version` as SQLAlchemy executes it.
fn creation(backend: Backend, table: &VersionTable) -> String {
    if let Some(dialect) = revline_sql::dialect(backend.dialect()) {
        let settings = Settings {
            version_table: table.name.as_str().into(),
            version_table_schema: table.schema.as_deref().map(Into::into),
            version_table_pk: table.primary_key,
            ..Settings::default()
        };
        let cx = Cx { dialect, settings: &settings, mode: Mode::Execute };
        return format!("\n{}\n\n", revline_sql::version_table(cx).replace("\n    ", "\n\t"));
    }
    let quoted = table.quoted(backend);
    let key = if table.primary_key {
        let key = identifier(backend, &format!("{}_pkc", table.name));
        format!(", \n\tCONSTRAINT {key} PRIMARY KEY (version_num)")
    } else {
        String::new()
    };
    format!("\nCREATE TABLE {quoted} (\n\tversion_num VARCHAR(32) NOT NULL{key}\n)\n\n")
}
