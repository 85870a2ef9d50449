//! PostgreSQL: its catalogs, asked and read as SQLAlchemy does (`sqlalchemy.dialects.postgresql.base`, 2.1).

mod columns;
mod indexes;
mod keys;
mod types;

use std::collections::BTreeMap;

use super::patterns::{closing, patterns};
use crate::address::Backend;
use crate::error::Error;
use crate::live::{Enumeration, Table};
use crate::session::Session;
use crate::text::literal;

/// Which tables: those of a schema, or those that are seen without one; no temporary ones.
struct Scope<'a> {
    schema: Option<&'a str>,
    /// Of `pg_class c` joined with `pg_namespace n`.
    condition: String,
}

impl<'a> Scope<'a> {
    fn new(schema: Option<&'a str>) -> Self {
        let place = match schema {
            Some(schema) => format!("n.nspname = {}", literal(Backend::Postgresql, schema)),
            None => {
                "pg_catalog.pg_table_is_visible(c.oid) AND n.nspname != 'pg_catalog'".to_owned()
            }
        };
        let condition = format!("c.relkind IN ('r','p') AND c.relpersistence != 't' AND {place}");
        Self { schema, condition }
    }

    /// `SELECT what FROM pg_class c JOIN pg_namespace n … joins WHERE … ORDER BY`.
    fn query(&self, what: &str, joins: &str, order: &str) -> String {
        format!(
            "SELECT {what} FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace {joins} \
             WHERE {} ORDER BY {order}",
            self.condition
        )
    }
}

/// The tables of a schema, by name.
pub(super) async fn tables(
    session: &mut Session,
    schema: Option<&str>,
) -> Result<Vec<Table>, Error> {
    let scope = Scope::new(schema);
    let mut tables = BTreeMap::new();
    let sql = scope.query(
        "c.relname, d.description, am.amname, ts.spcname, pg_catalog.array_to_string(c.reloptions, E'\\n'), \
         (SELECT pg_catalog.string_agg(p.relname, E'\\n' ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i \
          JOIN pg_catalog.pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = c.oid)",
        "LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 \
         AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass \
         LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam \
         LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace",
        "c.relname",
    );
    for row in session.ask(&sql).await? {
        let name = row.text(0);
        let mut table = Table {
            schema: schema.map(str::to_owned),
            name: name.clone(),
            comment: row.owned(1),
            ..Table::default()
        };
        let given = [
            ("postgresql_using", row.owned(2)),
            ("postgresql_tablespace", row.owned(3)),
            ("postgresql_with", row.owned(4)),
            ("postgresql_inherits", row.owned(5)),
        ];
        for (option, value) in given {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                table.options.insert(option.to_owned(), value);
            }
        }
        tables.insert(name, table);
    }
    columns::add(session, &scope, &mut tables).await?;
    keys::add(session, &scope, &mut tables).await?;
    indexes::add(session, &scope, &mut tables).await?;
    Ok(tables.into_values().collect())
}

/// The enumerations of a schema, by name.
pub(super) async fn enumerations(
    session: &mut Session,
    schema: Option<&str>,
) -> Result<Vec<Enumeration>, Error> {
    let named = types::Named::load(session).await?;
    Ok(named.enumerations(schema))
}

/// Part of a name as `pg_get_constraintdef` and `format_type` quote it.
fn unquoted(name: &str) -> String {
    match name.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').unwrap_or(rest).replace("\"\"", "\""),
        None => name.to_owned(),
    }
}
