//! SQLite: PRAGMAs, and the text of CREATE TABLE read as SQLAlchemy reads it (`sqlalchemy.dialects.sqlite.base`, 2.1).

mod keys;
mod types;

use std::collections::BTreeMap;

use super::patterns::{closing, patterns};
use crate::address::Backend;
use crate::error::Error;
use crate::live::{Check, Column, Computed, Index, Key, Table};
use crate::session::{Row, Session};
use crate::text::{identifier, literal};

patterns! {
    table_options = r"(?i)\)(?:\s*,?\s*(?:(?P<rowid>WITHOUT\s+ROWID)|(?P<strict>STRICT)))*\s*$";
    create_table = r"(?is)^create table .*?\((.*)\)(?:\s*,?\s*(?:WITHOUT\s+ROWID|STRICT))*$";
    primary_key = r#"(?i)CONSTRAINT\s+(?:"(.+?)"|(\w+))\s+PRIMARY\s+KEY"#;
    check = r#"(?ix)(?:CONSTRAINT\s+("(?:[^"]|"")+"|'(?:[^']|'')+'|\[(?:[^\]]|\]\])+\]|`(?:[^`]|``)+`|\S+)\s+)?CHECK\s*\("#;
    partial = r"(?i)\)\s+where\s+(.+)";
}

/// The tables of a schema, by name.
pub(super) async fn tables(
    session: &mut Session,
    schema: Option<&str>,
) -> Result<Vec<Table>, Error> {
    let sql = format!(
        "SELECT name FROM {}sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name",
        prefix(schema)
    );
    let mut tables = Vec::new();
    for row in session.ask(&sql).await? {
        tables.push(table(session, schema, &row.text(0)).await?);
    }
    Ok(tables)
}

fn prefix(schema: Option<&str>) -> String {
    schema.map(|schema| format!("{}.", identifier(Backend::Sqlite, schema))).unwrap_or_default()
}

async fn table(session: &mut Session, schema: Option<&str>, name: &str) -> Result<Table, Error> {
    let sql = format!(
        "SELECT sql FROM {}sqlite_master WHERE name = {} AND type in ('table', 'view')",
        prefix(schema),
        literal(Backend::Sqlite, name)
    );
    let text = session.ask(&sql).await?.first().map(|row| row.text(0)).unwrap_or_default();
    let info = pragma(session, schema, "table_xinfo", name).await?;
    let indexes = indexes(session, schema, name).await?;
    let referred = pragma(session, schema, "foreign_key_list", name).await?;
    let mut parents = BTreeMap::new();
    for row in referred.iter().filter(|row| row.get(4).is_none_or(str::is_empty)) {
        let parent = pragma(session, schema, "table_xinfo", &row.text(2)).await?;
        parents.insert(row.text(2), key_columns(&parent));
    }
    let (automatic, given): (Vec<_>, Vec<_>) =
        indexes.into_iter().partition(|index| index.name.starts_with("sqlite_autoindex"));
    Ok(Table {
        schema: schema.map(str::to_owned),
        name: name.to_owned(),
        columns: columns(&info, &text),
        primary_key: Key {
            name: primary_key()
                .captures(&text)
                .filter(|_| !key_columns(&info).is_empty())
                .and_then(|found| found.get(1).or(found.get(2)))
                .map(|name| name.as_str().to_owned()),
            columns: key_columns(&info),
            ..Key::default()
        },
        unique: keys::unique(&text, &automatic),
        foreign_keys: keys::foreign(&text, &referred, &parents, schema),
        checks: checks(&text),
        indexes: given,
        comment: None,
        options: options(&text),
    })
}

/// Of a table in the default schema, `main` is asked and then `temp`.
async fn pragma(
    session: &mut Session,
    schema: Option<&str>,
    name: &str,
    of: &str,
) -> Result<Vec<Row>, Error> {
    for schema in schema.map_or_else(|| vec!["main", "temp"], |schema| vec![schema]) {
        let of = identifier(Backend::Sqlite, of);
        let schema = identifier(Backend::Sqlite, schema);
        let rows = session.ask(&format!("PRAGMA {schema}.{name}({of})")).await?;
        if !rows.is_empty() {
            return Ok(rows);
        }
    }
    Ok(Vec::new())
}

/// The columns of the primary key in its order.
fn key_columns(info: &[Row]) -> Vec<String> {
    let mut columns: Vec<(u32, String)> = info
        .iter()
        .filter_map(|row| {
            let place = row.get(5)?.parse().ok().filter(|place| *place > 0)?;
            Some((place, row.text(1)))
        })
        .collect();
    columns.sort_by_key(|(place, _)| *place);
    columns.into_iter().map(|(_, name)| name).collect()
}

fn columns(info: &[Row], text: &str) -> Vec<Column> {
    let inside = create_table().captures(text.trim()).and_then(|found| found.get(1));
    let inside = inside.map_or("", |inside| inside.as_str()).trim();
    info.iter()
        // 1 is a hidden column of a virtual table, 2 a computed one, 3 a computed one that is stored.
        .filter(|row| row.get(6) != Some("1"))
        .map(|row| {
            let name = row.text(1);
            let generated = matches!(row.get(6), Some("2" | "3"));
            let mut declared = row.text(2).to_uppercase();
            if generated {
                declared =
                    declared.replace("GENERATED", "").replace("ALWAYS", "").trim().to_owned();
            }
            Column {
                type_: types::reflected(&declared),
                nullable: row.get(3) == Some("0"),
                default: row.owned(4),
                computed: generated.then(|| Computed {
                    expression: computed(inside, &name),
                    persisted: Some(row.get(6) == Some("3")),
                }),
                name,
                ..Column::default()
            }
        })
        .collect()
}

/// The expression behind the first place that looks like the column.
fn computed(inside: &str, name: &str) -> String {
    let pattern = format!(
        r"(?i){}[^,]*\s+GENERATED\s+ALWAYS\s+AS\s+\((.*)\)\s*(?:virtual|stored)?",
        regex::escape(name)
    );
    let found = regex::Regex::new(&pattern).ok().and_then(|pattern| pattern.captures(inside));
    found.and_then(|found| found.get(1)).map(|text| text.as_str().to_owned()).unwrap_or_default()
}

fn options(text: &str) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    if let Some(found) = table_options().captures(text.trim()) {
        if found.name("rowid").is_some() {
            options.insert("sqlite_with_rowid".to_owned(), "False".to_owned());
        }
        if found.name("strict").is_some() {
            options.insert("sqlite_strict".to_owned(), "True".to_owned());
        }
    }
    options
}

fn checks(text: &str) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut from = 0;
    while let Some(found) = check().captures_at(text, from) {
        let Some(whole) = found.get(0) else { break };
        // Python looks behind: a name that ends with CHECK is none.
        let before = text.get(..whole.start()).and_then(|before| before.chars().next_back());
        if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
            from = whole.start() + 1;
            while !text.is_char_boundary(from) {
                from += 1;
            }
            continue;
        }
        from = whole.end();
        let Some(close) = closing(text, whole.end() - 1) else { continue };
        checks.push(Check {
            name: found.get(1).map(|name| unquoted(name.as_str())),
            condition: text.get(whole.end()..close).unwrap_or_default().trim().to_owned(),
            ..Check::default()
        });
    }
    checks.sort_by(|a, b| {
        let key = |check: &Check| check.name.clone().unwrap_or_else(|| "~".to_owned());
        key(a).cmp(&key(b))
    });
    checks
}

/// A name without the quotes around it; those doubled inside stay doubled.
fn unquoted(name: &str) -> String {
    let pairs = [("\"", "\""), ("'", "'"), ("`", "`"), ("[", "]")];
    let inner = pairs.iter().find_map(|(open, close)| {
        name.strip_prefix(open)?.strip_suffix(close).filter(|inner| !inner.is_empty())
    });
    inner.unwrap_or(name).to_owned()
}

/// All indexes by name, those of constraints included; one over an expression is left out.
async fn indexes(
    session: &mut Session,
    schema: Option<&str>,
    table: &str,
) -> Result<Vec<Index>, Error> {
    let mut indexes = Vec::new();
    for row in pragma(session, schema, "index_list", table).await? {
        let name = row.text(1);
        let mut index =
            Index { name: name.clone(), unique: row.get(2) == Some("1"), ..Index::default() };
        if row.get(4) == Some("1") {
            let sql = format!(
                "SELECT sql FROM {}sqlite_master WHERE name = {} AND type = 'index'",
                prefix(schema),
                literal(Backend::Sqlite, &name)
            );
            let text = session.ask(&sql).await?.first().map(|row| row.text(0)).unwrap_or_default();
            if let Some(condition) = partial().captures(&text).and_then(|found| found.get(1)) {
                index.options.insert("sqlite_where".to_owned(), condition.as_str().to_owned());
            }
        }
        let parts = pragma(session, schema, "index_info", &name).await?;
        if parts.iter().any(|part| part.get(2).is_none()) {
            continue;
        }
        index.columns = parts.iter().map(|part| part.owned(2)).collect();
        indexes.push(index);
    }
    indexes.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(indexes)
}
