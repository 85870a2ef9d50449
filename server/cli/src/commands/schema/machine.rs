//! A schema as JSON. Keys are those that a reflection of a real database has, so that the two can be
//! laid side by side.

use revline_analysis::{
    CheckEntry, ColumnEntry, ForeignKeyEntry, IndexEntry, KeyEntry, TableEntry,
};
use serde_json::{Value, json};

use super::Shown;

/// The object of one environment and dialect.
pub(super) fn object(shown: &Shown<'_>) -> Value {
    let history = shown.project.history();
    let revisions: Vec<&str> =
        shown.standing.revisions.iter().map(|node| history[*node].id.as_str()).collect();
    let doubts: Vec<Value> = shown
        .inventory
        .doubts()
        .map(|doubt| {
            let place = shown.place(doubt.span);
            json!({
                "why": doubt.why,
                "file": place.as_ref().map(|(file, _)| file),
                "line": place.as_ref().map(|(_, line)| line),
            })
        })
        .collect();
    let mut object = json!({
        "environment": shown.project.name(),
        "revision": if revisions.is_empty() { "base".to_owned() } else { revisions.join(", ") },
        "dialect": shown.dialect.facts().name,
        "certain": shown.inventory.is_certain(),
        "doubts": doubts,
        "tables": shown.inventory.tables.iter().map(table).collect::<Vec<_>>(),
        "enums": shown.inventory.enums.iter().map(|one| json!({
            "schema": one.schema, "name": one.name, "values": one.values,
        })).collect::<Vec<_>>(),
    });
    if let (Some(sql), Value::Object(keys)) = (&shown.sql, &mut object) {
        keys.insert("sql".to_owned(), sql.as_str().into());
    }
    object
}

fn table(table: &TableEntry) -> Value {
    let all = |parts: Vec<Value>| Value::Array(parts);
    json!({
        "schema": table.schema,
        "name": table.name,
        "certain": table.doubt.is_none(),
        "why": table.doubt.as_ref().map(|doubt| &doubt.why),
        "columns": all(table.columns.iter().map(column).collect()),
        "primary_key": table.primary_key.as_ref().map(key),
        "unique": all(table.unique.iter().map(key).collect()),
        "foreign_keys": all(table.foreign_keys.iter().map(foreign_key).collect()),
        "checks": all(table.checks.iter().map(check).collect()),
        "indexes": all(table.indexes.iter().map(index).collect()),
        "comment": table.comment,
    })
}

fn column(column: &ColumnEntry) -> Value {
    json!({
        "name": column.name,
        "type": column.type_,
        "nullable": column.nullable,
        "default": column.default,
        "generated": column.generated,
        "comment": column.comment,
        "why": column.why,
    })
}

fn key(key: &KeyEntry) -> Value {
    json!({ "name": key.name, "columns": key.columns })
}

fn foreign_key(key: &ForeignKeyEntry) -> Value {
    json!({
        "name": key.name,
        "columns": key.columns,
        "referred_schema": key.referred_schema,
        "referred_table": key.referred_table,
        "referred_columns": key.referred_columns,
        "ondelete": key.on_delete,
        "onupdate": key.on_update,
    })
}

fn check(check: &CheckEntry) -> Value {
    json!({ "name": check.name, "condition": check.condition })
}

fn index(index: &IndexEntry) -> Value {
    json!({ "name": index.name, "columns": index.columns, "unique": index.unique })
}
