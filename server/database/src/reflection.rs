//! The live schema, read as SQLAlchemy's inspector reads it.

mod known;
mod mysql;
mod patterns;
mod postgresql;
mod sqlite;

use crate::address::Backend;
use crate::error::Error;
use crate::live::{Enumeration, Table};
use crate::session::Session;

impl Session {
    /// The tables of a schema, by name; `None` is the default one. The version table is one of them, views are not.
    ///
    /// # Errors
    /// [`Error`], as of [`Session::execute`].
    pub async fn tables(&mut self, schema: Option<&str>) -> Result<Vec<Table>, Error> {
        match self.backend() {
            Backend::Sqlite => sqlite::tables(self, schema).await,
            Backend::Postgresql => postgresql::tables(self, schema).await,
            Backend::Mysql => mysql::tables(self, schema).await,
        }
    }

    /// The named enumerations of a schema, which PostgreSQL alone has.
    ///
    /// # Errors
    /// [`Error`], as of [`Session::execute`].
    pub async fn enumerations(&mut self, schema: Option<&str>) -> Result<Vec<Enumeration>, Error> {
        match self.backend() {
            Backend::Sqlite | Backend::Mysql => Ok(Vec::new()),
            Backend::Postgresql => postgresql::enumerations(self, schema).await,
        }
    }

    /// The tables and enumerations of the default schema as the engine knows tables, so that what asks a schema can ask
    /// this one. A column whose type the engine does not know has an opaque one; of the options of tables and indexes
    /// those are there that guards and batches ask for. Of other schemas nothing is read: that a table of one is not in
    /// the answer says nothing about it.
    ///
    /// # Errors
    /// [`Error`], as of [`Session::execute`].
    pub async fn schema(&mut self) -> Result<revline_schema::Schema, Error> {
        let tables = self.tables(None).await?;
        let enumerations = self.enumerations(None).await?;
        Ok(known::schema(&tables, &enumerations, revline_sql::dialect(self.server.dialect)))
    }
}
