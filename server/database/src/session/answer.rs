//! What a statement gave, as text: it comes from the server as such, but for SQLite, which makes text of it.

use sqlx::{Column as _, Either, Row as _, ValueRef as _};

/// One row; NULL is `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Row(Vec<Option<String>>);

/// Rows and the number of rows changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    pub(crate) affected: u64,
}

impl Row {
    /// The text of a column; `None` for NULL and past the end.
    pub(crate) fn get(&self, column: usize) -> Option<&str> {
        self.0.get(column)?.as_deref()
    }

    /// The text of a column, empty for NULL.
    pub(crate) fn text(&self, column: usize) -> String {
        self.get(column).unwrap_or_default().to_owned()
    }

    /// The text of a column, where it is not NULL.
    pub(crate) fn owned(&self, column: usize) -> Option<String> {
        self.get(column).map(str::to_owned)
    }

    /// Whether a column says yes: `t`, `1`, `YES`.
    pub(crate) fn is(&self, column: usize) -> bool {
        matches!(self.get(column), Some("t" | "true" | "1" | "YES"))
    }
}

type Part<R, Q> = Either<Q, R>;

impl Answer {
    pub(crate) fn add_sqlite(
        &mut self,
        part: Part<sqlx::sqlite::SqliteRow, sqlx::sqlite::SqliteQueryResult>,
    ) -> Result<(), sqlx::Error> {
        match part {
            Either::Left(done) => self.affected += done.rows_affected(),
            Either::Right(row) => {
                let mut cells = Vec::with_capacity(row.len());
                for column in 0..row.len() {
                    let value: Option<Vec<u8>> = row.try_get_unchecked(column)?;
                    // An empty blob or text has no bytes to point to, and is not NULL.
                    let is_null = row.try_get_raw(column)?.is_null();
                    cells.push((!is_null).then(|| lossy(value.unwrap_or_default())));
                }
                self.rows.push(Row(cells));
            }
        }
        Ok(())
    }

    pub(crate) fn add_postgresql(
        &mut self,
        part: Part<sqlx::postgres::PgRow, sqlx::postgres::PgQueryResult>,
    ) -> Result<(), sqlx::Error> {
        match part {
            Either::Left(done) => self.affected += done.rows_affected(),
            Either::Right(row) => {
                let mut cells = Vec::with_capacity(row.len());
                for column in row.columns() {
                    let value = row.try_get_raw(column.ordinal())?;
                    cells.push(if value.is_null() {
                        None
                    } else {
                        Some(value.as_str().map_err(sqlx::Error::Decode)?.to_owned())
                    });
                }
                self.rows.push(Row(cells));
            }
        }
        Ok(())
    }

    pub(crate) fn add_mysql(
        &mut self,
        part: Part<sqlx::mysql::MySqlRow, sqlx::mysql::MySqlQueryResult>,
    ) -> Result<(), sqlx::Error> {
        match part {
            Either::Left(done) => self.affected += done.rows_affected(),
            Either::Right(row) => {
                let mut cells = Vec::with_capacity(row.len());
                for column in 0..row.len() {
                    let value: Option<Vec<u8>> = row.try_get_unchecked(column)?;
                    cells.push(value.map(lossy));
                }
                self.rows.push(Row(cells));
            }
        }
        Ok(())
    }
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
