//! The live schema, read as SQLAlchemy's inspector reads it.

mod mysql;
mod patterns;
mod postgresql;
mod sqlite;

use crate::address::Backend;
use crate::error::{Error, ErrorKind};
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
    /// this one. A table of which that says too little is in doubt, with the reason.
    ///
    /// # Errors
    /// [`Error`], as of [`Session::execute`].
    pub async fn schema(&mut self) -> Result<revline_schema::Schema, Error> {
        Err(self.not_read())
    }

    fn not_read(&self) -> Error {
        Error::new(&self.address, ErrorKind::Unsupported, "its live schema is not read yet")
    }
}
