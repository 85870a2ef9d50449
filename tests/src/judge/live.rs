//! A live table in the normal form of `tests/oracle/database.py`, and what that script says of the same database.

pub mod packages;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use revline_database::live::{Column, Index, Key, Table};
use serde_json::{Value, json};

/// Runs a command of the script; what it prints.
#[allow(clippy::disallowed_methods, reason = "the judge starts Python")]
pub fn ask(python: &Path, arguments: &[&str], input: &str) -> Result<String> {
    let script = super::corpus::tests().join("oracle/database.py");
    let mut child = Command::new(python)
        .arg(script)
        .args(arguments)
        .env("PYTHONHASHSEED", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("Python does not start")?;
    let mut stdin = child.stdin.take().context("it has no input")?;
    stdin.write_all(input.as_bytes())?;
    drop(stdin);
    let ended = child.wait_with_output()?;
    if !ended.status.success() {
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        bail!("{arguments:?}: {}", said.lines().last().unwrap_or_default());
    }
    Ok(String::from_utf8(ended.stdout)?)
}

/// The tables as JSON.
pub fn shown(tables: &[Table]) -> Value {
    Value::Array(tables.iter().map(table).collect())
}

fn table(table: &Table) -> Value {
    json!({
        "name": table.name,
        "columns": table.columns.iter().map(column).collect::<Vec<_>>(),
        "primary_key": {
            "name": table.primary_key.name,
            "columns": table.primary_key.columns,
            "comment": table.primary_key.comment,
            "options": options(&table.primary_key.options),
        },
        "unique": by_name(table.unique.iter().map(unique)),
        "foreign_keys": by_name(table.foreign_keys.iter().map(|key| json!({
            "name": key.name,
            "columns": key.columns,
            "referred_schema": key.referred_schema,
            "referred_table": key.referred_table,
            "referred_columns": key.referred_columns,
            "options": options(&key.options),
            "comment": key.comment,
        }))),
        "checks": by_name(table.checks.iter().map(|check| json!({
            "name": check.name,
            "condition": check.condition,
            "comment": check.comment,
            "options": options(&check.options),
        }))),
        "indexes": by_name(table.indexes.iter().map(index)),
        "comment": table.comment,
        "options": options(&table.options),
    })
}

fn column(column: &Column) -> Value {
    let computed = column.computed.as_ref();
    let identity = column.identity.as_ref();
    json!({
        "name": column.name,
        "type": column.type_,
        "nullable": column.nullable,
        "default": column.default,
        "autoincrement": column.autoincrement,
        "comment": column.comment,
        "computed": computed.map(|one| json!({
            "expression": one.expression, "persisted": one.persisted,
        })),
        "identity": identity.map(|one| json!({
            "always": one.always, "start": one.start, "increment": one.increment, "minvalue": one.minimum,
            "maxvalue": one.maximum, "cache": one.cache, "cycle": one.cycle,
        })),
    })
}

fn unique(key: &Key) -> Value {
    json!({
        "name": key.name,
        "columns": key.columns,
        "comment": key.comment,
        "duplicates_index": key.duplicates_index,
        "options": options(&key.options),
    })
}

fn index(index: &Index) -> Value {
    json!({
        "name": index.name,
        "columns": index.columns,
        "expressions": index.expressions,
        "unique": index.unique,
        "duplicates_constraint": index.duplicates_constraint,
        "sorting": index.sorting,
        "options": options(&index.options),
    })
}

fn options(options: &BTreeMap<String, String>) -> Value {
    json!(options)
}

fn by_name(things: impl Iterator<Item = Value>) -> Value {
    let mut things: Vec<Value> = things.collect();
    things.sort_by_cached_key(|thing| {
        (thing["name"].as_str().unwrap_or("~").to_owned(), thing["columns"].to_string())
    });
    Value::Array(things)
}

/// What differs between two lists of tables, a line for each place; empty where nothing does. Lists of unnamed things
/// are compared in whatever order they come.
pub fn differences(ours: &Value, theirs: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(ours, theirs, "", &mut found);
    found
}

fn compare(ours: &Value, theirs: &Value, place: &str, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let none = Value::Null;
                let (a, b) = (a.get(key).unwrap_or(&none), b.get(key).unwrap_or(&none));
                compare(a, b, &format!("{place}.{key}"), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (a, b) in a.iter().zip(b) {
                let name = b["name"].as_str().unwrap_or("-");
                compare(a, b, &format!("{place}[{name}]"), found);
            }
        }
        _ if ours != theirs => found.push(format!("{place}: {ours} is {theirs}")),
        _ => {}
    }
}

/// The normal form once more, so that both sides are sorted by one rule.
pub fn sorted(tables: &Value) -> Value {
    let mut tables = tables.clone();
    for table in tables.as_array_mut().into_iter().flatten() {
        for list in ["unique", "foreign_keys", "checks", "indexes"] {
            let things = table[list].as_array().cloned().unwrap_or_default();
            table[list] = by_name(things.into_iter());
        }
    }
    tables
}
