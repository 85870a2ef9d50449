//! What a statement gave, as text: it comes from the server as such, but for SQLite, which makes text of it.

use futures_util::{Stream, StreamExt as _};
use sqlx::postgres::PgRow;
use sqlx::{ColumnIndex, Decode, Either, Row as _, ValueRef as _};

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

impl Answer {
    /// Everything that a statement gives. `affected` reads the end of one, `cell` a column of a row.
    pub(crate) async fn of<D: sqlx::Database>(
        mut parts: impl Stream<Item = Result<Either<D::QueryResult, D::Row>, sqlx::Error>> + Unpin,
        affected: impl Fn(&D::QueryResult) -> u64,
        cell: impl Fn(&D::Row, usize) -> Result<Option<String>, sqlx::Error>,
    ) -> Result<Self, sqlx::Error> {
        let mut answer = Self::default();
        while let Some(part) = parts.next().await {
            match part? {
                Either::Left(done) => answer.affected += affected(&done),
                Either::Right(row) => {
                    let cells: Result<_, _> =
                        (0..row.len()).map(|column| cell(&row, column)).collect();
                    answer.rows.push(Row(cells?));
                }
            }
        }
        Ok(answer)
    }
}

/// A column as its bytes, of SQLite and MySQL. An empty text or blob of SQLite has no bytes to point
/// to, and is not NULL.
pub(crate) fn bytes<R>(row: &R, column: usize) -> Result<Option<String>, sqlx::Error>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
    Vec<u8>: for<'r> Decode<'r, R::Database>,
{
    let value = row.try_get_raw(column)?;
    if value.is_null() {
        return Ok(None);
    }
    let value: Option<Vec<u8>> = row.try_get_unchecked(column)?;
    Ok(Some(lossy(value.unwrap_or_default())))
}

/// A column of PostgreSQL, which sends text.
pub(crate) fn text(row: &PgRow, column: usize) -> Result<Option<String>, sqlx::Error> {
    let value = row.try_get_raw(column)?;
    if value.is_null() {
        return Ok(None);
    }
    Ok(Some(value.as_str().map_err(sqlx::Error::Decode)?.to_owned()))
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
