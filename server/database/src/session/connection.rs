//! A connection of one of the three kinds. Text goes the raw way: no prepared statement, no cache.

use futures_util::StreamExt as _;
use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection as _, raw_sql};

use super::Answer;

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
        let mut answer = Answer::default();
        let query = raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => {
                let mut parts = query.fetch_many(&mut **connection);
                while let Some(part) = parts.next().await {
                    answer.add_sqlite(part?)?;
                }
            }
            Self::Postgresql(connection) => {
                let mut parts = query.fetch_many(&mut **connection);
                while let Some(part) = parts.next().await {
                    answer.add_postgresql(part?)?;
                }
            }
            Self::Mysql(connection) => {
                let mut parts = query.fetch_many(&mut **connection);
                while let Some(part) = parts.next().await {
                    answer.add_mysql(part?)?;
                }
            }
        }
        Ok(answer)
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
