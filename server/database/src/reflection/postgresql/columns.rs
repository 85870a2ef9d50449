//! Columns: `_columns_query` and `_get_columns_info`.

use std::collections::BTreeMap;

use super::types::Named;
use super::{Scope, patterns};
use crate::error::Error;
use crate::live::{Column, Computed, Identity, Table};
use crate::session::{Row, Session};

patterns! {
    sequence = r"(nextval\(')([^']+)('.*$)";
}

const WHAT: &str = "c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), \
    (SELECT pg_catalog.pg_get_expr(f.adbin, f.adrelid) FROM pg_catalog.pg_attrdef f \
     WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum AND a.atthasdef), \
    a.attnotnull, d.description, {generated}, co.collname, \
    CASE WHEN pg_catalog.pg_collation_is_visible(co.oid) THEN NULL ELSE cn.nspname END, \
    a.attidentity, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle";

const JOINS: &str = "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
    LEFT JOIN pg_catalog.pg_description d ON d.objoid = a.attrelid AND d.objsubid = a.attnum \
     AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass \
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND a.attcollation != t.typcollation \
    LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace \
    LEFT JOIN pg_catalog.pg_sequence s ON a.attidentity != '' AND s.seqrelid = \
     pg_catalog.pg_get_serial_sequence(a.attrelid::pg_catalog.regclass::text, a.attname)::pg_catalog.regclass";

/// Adds the columns to their tables.
pub(super) async fn add(
    session: &mut Session,
    scope: &Scope<'_>,
    tables: &mut BTreeMap<String, Table>,
) -> Result<(), Error> {
    let named = Named::load(session).await?;
    let generated = if session.server().number.0 >= 12 { "a.attgenerated" } else { "''" };
    let what = WHAT.replace("{generated}", generated);
    for row in session.ask(&scope.query(&what, JOINS, "c.relname, a.attnum")).await? {
        if let Some(table) = tables.get_mut(&row.text(0)) {
            table.columns.push(column(&row, &named, scope.schema));
        }
    }
    Ok(())
}

fn column(row: &Row, named: &Named, schema: Option<&str>) -> Column {
    let format_type = row.text(2);
    let collation = row.get(7).map(|name| (name, row.get(8)));
    let mut column = Column {
        name: row.text(1),
        type_: named.reflected(&format_type, collation),
        nullable: !row.is(4),
        default: row.owned(3),
        autoincrement: Some(false),
        comment: row.owned(5),
        ..Column::default()
    };
    if let Some(domain) = named.domain(&format_type) {
        if column.default.as_deref().unwrap_or_default().is_empty() {
            column.default = domain.default.clone().or(column.default);
        }
        column.nullable = column.nullable && !domain.not_null;
    }
    let number =
        |index: usize| row.get(index).and_then(|text| text.parse().ok()).unwrap_or_default();
    if row.get(10).is_some() {
        column.identity = Some(Identity {
            always: row.get(9) == Some("a"),
            start: number(10),
            increment: number(11),
            minimum: number(12),
            maximum: number(13),
            cache: number(14),
            cycle: row.is(15),
        });
    }
    let generated = row.get(6).filter(|text| !text.is_empty());
    if let Some(way) = generated {
        column.computed = Some(Computed {
            expression: column.default.take().unwrap_or_default(),
            persisted: Some(way == "s"),
        });
    }
    let mut counts = false;
    if let Some(found) = column.default.as_deref().and_then(|text| sequence().captures(text)) {
        counts = matches!(column.type_.as_str(), "INTEGER" | "BIGINT" | "SMALLINT");
        let part = |index: usize| found.get(index).map_or("", |part| part.as_str());
        // Without the schema the name would be looked for elsewhere.
        if let Some(schema) = schema.filter(|_| !part(2).contains('.')) {
            column.default = Some(format!("{}\"{schema}\".{}{}", part(1), part(2), part(3)));
        }
    }
    column.autoincrement = Some(counts || column.identity.is_some());
    column
}
