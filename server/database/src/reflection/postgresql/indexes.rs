//! Indexes: `_index_query` and `get_multi_indexes`.

use std::collections::BTreeMap;

use super::Scope;
use crate::error::Error;
use crate::live::{Index, Table};
use crate::session::{Row, Session};

/// Adds the indexes to their tables; that of the primary key is none.
pub(super) async fn add(
    session: &mut Session,
    scope: &Scope<'_>,
    tables: &mut BTreeMap<String, Table>,
) -> Result<(), Error> {
    let number = session.server().number.0;
    let distinct = if number >= 15 { "i.indnullsnotdistinct" } else { "false" };
    let keys = if number >= 11 { "i.indnkeyatts" } else { "i.indnatts" };
    let sql = scope.query(
        &format!(
            "c.relname, ic.relname, i.indisunique, i.indisvalid, \
             EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid \
              AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')), \
             pg_catalog.array_to_string(ic.reloptions, E'\\n'), am.amname, \
             pg_catalog.pg_get_expr(i.indpred, i.indrelid), {distinct}, \
             CASE WHEN p.attnum = 0 THEN pg_catalog.pg_get_indexdef(i.indexrelid, p.ord::int, true) \
              ELSE a.attname::text END, \
             p.attnum = 0, p.ord > {keys}, \
             (SELECT o.opcname FROM pg_catalog.pg_opclass o WHERE o.oid = i.indclass[p.ord - 1] AND NOT o.opcdefault), \
             i.indoption[p.ord - 1]"
        ),
        "JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND NOT i.indisprimary \
         JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid \
         LEFT JOIN pg_catalog.pg_am am ON am.oid = ic.relam \
         CROSS JOIN LATERAL pg_catalog.unnest(i.indkey) WITH ORDINALITY AS p(attnum, ord) \
         LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.attnum",
        "c.relname, ic.relname, p.ord",
    );
    for row in session.ask(&sql).await? {
        let Some(table) = tables.get_mut(&row.text(0)) else { continue };
        let name = row.text(1);
        if table.indexes.last().is_none_or(|index| index.name != name) {
            table.indexes.push(index(&row, number));
        }
        if let Some(index) = table.indexes.last_mut() {
            add_element(index, &row);
        }
    }
    for index in tables.values_mut().flat_map(|table| &mut table.indexes) {
        // They are named only where one of them is no column.
        if index.columns.iter().all(Option::is_some) {
            index.expressions.clear();
        }
    }
    Ok(())
}

fn index(row: &Row, number: u32) -> Index {
    let name = row.text(1);
    let mut options = BTreeMap::new();
    let given = [
        ("postgresql_with", row.owned(5)),
        ("postgresql_using", row.owned(6).filter(|method| method != "btree")),
        ("postgresql_where", row.owned(7)),
        ("postgresql_nulls_not_distinct", row.is(8).then(|| "True".to_owned())),
        ("postgresql_invalid", (!row.is(3)).then(|| "True".to_owned())),
    ];
    for (option, value) in given {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            options.insert(option.to_owned(), value);
        }
    }
    if number >= 11 {
        options.insert("postgresql_include".to_owned(), String::new());
    }
    Index {
        duplicates_constraint: row.is(4).then(|| name.clone()),
        name,
        unique: row.is(2),
        options,
        ..Index::default()
    }
}

fn add_element(index: &mut Index, row: &Row) {
    let element = row.text(9);
    if row.is(11) {
        add_line(&mut index.options, "postgresql_include", &element);
        return;
    }
    index.columns.push((!row.is(10)).then(|| element.clone()));
    index.expressions.push(element.clone());
    if let Some(class) = row.get(12) {
        add_line(&mut index.options, "postgresql_ops", &format!("{element}={class}"));
    }
    let flags: u32 = row.get(13).and_then(|flags| flags.parse().ok()).unwrap_or_default();
    let sorting = match (flags & 1 != 0, flags & 2 != 0) {
        (true, true) => "desc",
        (true, false) => "desc nulls_last",
        (false, true) => "nulls_first",
        (false, false) => return,
    };
    index.sorting.insert(element, sorting.to_owned());
}

fn add_line(options: &mut BTreeMap<String, String>, option: &str, line: &str) {
    let text = options.entry(option.to_owned()).or_default();
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}
