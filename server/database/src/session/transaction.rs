//! Transactions, and what SQLite checks before one ends.

use crate::address::Backend;
use crate::error::{Error, ErrorKind};

use super::Session;

/// A row whose foreign key points to nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct BrokenReference {
    /// The table of the row.
    pub table: String,
    /// Its `rowid`; `None` in a table without one.
    pub row: Option<i64>,
    /// The table that the key points to.
    pub referent: String,
    /// The columns of the key.
    pub columns: Vec<String>,
}

impl Session {
    /// Opens a transaction. On SQLite it takes the right to write at once: a transaction that reads first could not
    /// wait for it later.
    ///
    /// # Errors
    /// [`Error`], as of [`Session::execute`].
    pub async fn begin(&mut self) -> Result<(), Error> {
        let sql = match self.backend() {
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgresql => "BEGIN",
            Backend::Mysql => "START TRANSACTION",
        };
        self.run(sql).await.map(drop)
    }

    /// Ends the transaction and keeps what it did.
    ///
    /// # Errors
    /// [`Error`], as of [`Session::execute`]. PostgreSQL rolls a failed transaction back when it is asked to commit it:
    /// that is an error here.
    pub async fn commit(&mut self) -> Result<(), Error> {
        if self.backend() == Backend::Postgresql && self.is_failed().await? {
            self.rollback().await?;
            return Err(Error::new(
                &self.address,
                ErrorKind::Statement,
                "the transaction had failed before, and was rolled back",
            ));
        }
        self.run("COMMIT").await.map(drop)
    }

    /// Ends the transaction and undoes what it did.
    ///
    /// # Errors
    /// [`Error`], as of [`Session::execute`].
    pub async fn rollback(&mut self) -> Result<(), Error> {
        match self.run("ROLLBACK").await {
            // SQLite has rolled back by itself after a full disk.
            Err(error) if error.message.contains("no transaction is active") => Ok(()),
            other => other.map(drop),
        }
    }

    /// Whether the open transaction takes no statement any more.
    async fn is_failed(&mut self) -> Result<bool, Error> {
        match self.run("SELECT 1").await {
            Ok(_) => Ok(false),
            Err(error) if error.code.as_deref() == Some("25P02") => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// The rows of a SQLite database whose foreign keys point to nothing; of another database none, since it checks
    /// them itself.
    ///
    /// # Errors
    /// [`Error`], as of [`Session::execute`]; also for a key whose parent has no such columns.
    pub async fn check_foreign_keys(&mut self) -> Result<Vec<BrokenReference>, Error> {
        if self.backend() != Backend::Sqlite {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for row in self.ask("PRAGMA foreign_key_check").await? {
            let table = row.text(0);
            let name = crate::text::identifier(Backend::Sqlite, &table);
            let keys = self.ask(&format!("PRAGMA foreign_key_list({name})")).await?;
            let columns = keys.iter().filter(|key| key.get(0) == row.get(3)).map(|key| key.text(3));
            found.push(BrokenReference {
                row: row.get(1).and_then(|row| row.parse().ok()),
                referent: row.text(2),
                columns: columns.collect(),
                table,
            });
        }
        Ok(found)
    }
}
