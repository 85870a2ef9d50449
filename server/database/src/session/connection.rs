//! A connection of one of the three kinds. Text goes the raw way: no prepared statement, no cache.

use sqlx::mysql::{MySql, MySqlConnection};
use sqlx::postgres::{PgConnection, Postgres};
use sqlx::sqlite::{Sqlite, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _, raw_sql};

use super::{Answer, answer};

pub(crate) enum Connection {
    Sqlite(Box<SqliteConnection>),
    Postgresql(Box<PgConnection>),
    Mysql(Box<MySqlConnection>),
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Sqlite",
            Self::Postgresql(_) => "Postgresql",
            Self::Mysql(_) => "Mysql",
        })
    }
}

impl Connection {
    /// Runs text and collects what it gives.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<Answer, sqlx::Error> {
        let query = raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => {
                let parts = query.fetch_many(&mut **connection);
                Answer::of::<Sqlite>(parts, |done| done.rows_affected(), answer::bytes).await
            }
            Self::Postgresql(connection) => {
                let parts = query.fetch_many(&mut **connection);
                Answer::of::<Postgres>(parts, |done| done.rows_affected(), answer::text).await
            }
            Self::Mysql(connection) => {
                let parts = query.fetch_many(&mut **connection);
                Answer::of::<MySql>(parts, |done| done.rows_affected(), answer::bytes).await
            }
        }
    }

    /// Says goodbye; whether the server heard it makes no difference.
    pub(crate) async fn close(self) {
        drop(match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgresql(connection) => connection.close().await,
            Self::Mysql(connection) => connection.close().await,
        });
    }
}
