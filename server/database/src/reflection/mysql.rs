//! MySQL and MariaDB: SHOW CREATE TABLE read line by line as SQLAlchemy reads it
//! (`sqlalchemy.dialects.mysql.reflection`, 2.1). What it reads of partitions is left out.

mod lines;
mod types;

use super::patterns::patterns;
use crate::address::Backend;
use crate::error::Error;
use crate::live::Table;
use crate::session::Session;
use crate::text::{identifier, qualified};

/// The tables of a database, by name.
pub(super) async fn tables(
    session: &mut Session,
    schema: Option<&str>,
) -> Result<Vec<Table>, Error> {
    let mode = session.ask("SELECT @@SESSION.sql_mode").await?;
    let mode = mode.first().map(|row| row.text(0)).unwrap_or_default();
    // Names would come in another kind of quotes.
    let plain: Vec<&str> = mode.split(',').filter(|one| *one != "ANSI_QUOTES").collect();
    let is_ansi = plain.join(",") != mode;
    if is_ansi {
        session.run(&format!("SET SESSION sql_mode = '{}'", plain.join(","))).await?;
    }
    let found = all(session, schema, !mode.contains("NO_BACKSLASH_ESCAPES")).await;
    if is_ansi {
        session.run(&format!("SET SESSION sql_mode = '{mode}'")).await?;
    }
    found
}

async fn all(
    session: &mut Session,
    schema: Option<&str>,
    escapes: bool,
) -> Result<Vec<Table>, Error> {
    let place = schema
        .map(|schema| format!(" FROM {}", identifier(Backend::Mysql, schema)))
        .unwrap_or_default();
    // SQLAlchemy takes the dialect's name from the URL, whatever the server is.
    let is_mariadb = session.address.drivername().starts_with("mariadb");
    let reader = lines::Reader { prefix: if is_mariadb { "mariadb" } else { "mysql" }, escapes };
    let mut tables = Vec::new();
    for row in session.ask(&format!("SHOW FULL TABLES{place}")).await? {
        if row.get(1) != Some("BASE TABLE") {
            continue;
        }
        let name = row.text(0);
        let sql = format!("SHOW CREATE TABLE {}", qualified(Backend::Mysql, schema, &name));
        let text = session.ask(&sql).await?.first().map(|row| row.text(1)).unwrap_or_default();
        tables.push(reader.table(schema, name, &text));
    }
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tables)
}
