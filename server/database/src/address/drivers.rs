//! The Python drivers whose URLs are understood.

use super::{AddressError, Backend};

/// A dialect's name in a URL, and the drivers that may stand behind it; the first is SQLAlchemy's own choice.
const DIALECTS: &[(&str, Backend, &[&str])] = &[
    ("sqlite", Backend::Sqlite, &["pysqlite", "aiosqlite"]),
    ("postgresql", Backend::Postgresql, POSTGRESQL),
    // Not SQLAlchemy's any more, and what hosting services hand out; projects replace it before they connect.
    ("postgres", Backend::Postgresql, POSTGRESQL),
    ("mysql", Backend::Mysql, MYSQL),
    ("mariadb", Backend::Mysql, MYSQL),
];

const POSTGRESQL: &[&str] =
    &["psycopg", "psycopg2", "psycopg_async", "asyncpg", "psycopg2cffi", "pg8000"];

const MYSQL: &[&str] =
    &["mysqldb", "pymysql", "aiomysql", "asyncmy", "cymysql", "mysqlconnector", "mariadbconnector"];

/// The backend and driver of `dialect` or `dialect+driver`.
pub(super) fn find(drivername: &str) -> Result<(Backend, &'static str), AddressError> {
    let (dialect, driver) = match drivername.split_once('+') {
        Some((dialect, driver)) => (dialect, Some(driver)),
        None => (drivername, None),
    };
    let known = DIALECTS.iter().find(|(name, ..)| *name == dialect);
    let found = known.and_then(|(_, backend, drivers)| {
        let driver = match driver {
            Some(wanted) => drivers.iter().find(|driver| **driver == wanted),
            None => drivers.first(),
        };
        Some((*backend, *driver?))
    });
    found.ok_or_else(|| {
        let all: Vec<String> = DIALECTS
            .iter()
            .filter(|(name, ..)| *name != "postgres")
            .map(|(name, _, drivers)| format!("{name}+({})", drivers.join("|")))
            .collect();
        AddressError(format!(
            "the driver {drivername} is not known; these are: {}; or the dialect alone",
            all.join(", ")
        ))
    })
}
