//! UNIQUE and FOREIGN KEY: what the PRAGMAs say, with the names that stand in the text.

use std::collections::BTreeMap;

use super::patterns;
use crate::live::{ForeignKey, Index, Key};
use crate::session::Row;

patterns! {
    unique_clause = r#"(?i)(?:CONSTRAINT\s+(?:"(.+?)"|(\w+))\s+)?UNIQUE\s*\((.+?)\)"#;
    inline_unique = r#"(?i)(?:(".+?")|(?:[\[`])?([a-z0-9_]+)(?:[\]`])?)[\t ]+[a-z0-9_]+(?:[\t ]+[a-z0-9_]+)*?[\t ]+UNIQUE"#;
    foreign_clause = concat!(
        r#"(?i)(?:CONSTRAINT\s+(?:"(.+?)"|(\w+))\s+)?FOREIGN\s+KEY\s*\(\s*(.+?)\s*\)\s+"#,
        r#"REFERENCES\s+(?:(?:"(.+?)")|([a-z0-9_]+))\s*\(\s*((?:"[^"]+"|[a-z0-9_]+)(?:(?:\s*,\s*|\s+)(?:"[^"]+"|[a-z0-9_]+))*\s*)\)\s*"#,
        r"((?:ON\s+(?:DELETE|UPDATE)\s+(?:SET\s+NULL|SET\s+DEFAULT|CASCADE|RESTRICT|NO\s+ACTION)\s*)*)",
        r"((?:NOT\s+)?DEFERRABLE)?(?:\s+INITIALLY\s+(DEFERRED|IMMEDIATE))?"
    );
    column = r#"(?i)(?:"(.+?)")|([a-z0-9_]+)"#;
    on = r" *\bON\b *";
}

/// The names in a list of columns.
fn names(list: &str) -> Vec<String> {
    column()
        .captures_iter(list)
        .filter_map(|found| found.get(1).or(found.get(2)).map(|name| name.as_str().to_owned()))
        .collect()
}

/// A clause counts where an automatic index has its columns; of several over the same columns the first does.
pub(super) fn unique(text: &str, automatic: &[Index]) -> Vec<Key> {
    let mut left: Vec<Vec<String>> =
        automatic.iter().map(|index| index.columns.iter().flatten().cloned().collect()).collect();
    let whole = unique_clause().captures_iter(text).map(|found| {
        let name = found.get(1).or(found.get(2)).map(|name| name.as_str().to_owned());
        (name, names(found.get(3).map_or("", |list| list.as_str())))
    });
    let inline = inline_unique()
        .captures_iter(text)
        .map(|found| (None, names(found.get(1).or(found.get(2)).map_or("", |name| name.as_str()))));
    let mut keys = Vec::new();
    for (name, columns) in whole.chain(inline) {
        let before = left.len();
        left.retain(|other| *other != columns);
        if left.len() < before {
            keys.push(Key { name, columns, ..Key::default() });
        }
    }
    keys
}

/// The keys by the PRAGMA; a clause of the text that has the same columns and table gives the name and the rules.
pub(super) fn foreign(
    text: &str,
    rows: &[Row],
    parents: &BTreeMap<String, Vec<String>>,
    schema: Option<&str>,
) -> Vec<ForeignKey> {
    let mut by_number: Vec<(String, ForeignKey)> = Vec::new();
    for row in rows {
        let number = row.text(0);
        let referred = row.get(4).filter(|name| !name.is_empty());
        let found = by_number.iter().position(|(known, _)| *known == number);
        let at = found.unwrap_or_else(|| {
            let columns = match referred {
                Some(_) => Vec::new(),
                None => parents.get(&row.text(2)).cloned().unwrap_or_default(),
            };
            by_number.push((
                number,
                ForeignKey {
                    referred_schema: schema.map(str::to_owned),
                    referred_table: row.text(2),
                    referred_columns: columns,
                    ..ForeignKey::default()
                },
            ));
            by_number.len() - 1
        });
        if let Some((_, key)) = by_number.get_mut(at) {
            key.columns.push(row.text(3));
            key.referred_columns.extend(referred.map(str::to_owned));
        }
    }
    // Of keys with one signature the last stays, at the place of the first.
    let mut left: Vec<ForeignKey> = Vec::new();
    for (_, key) in by_number {
        match left.iter_mut().find(|other| signature(other) == signature(&key)) {
            Some(other) => *other = key,
            None => left.push(key),
        }
    }
    let mut keys = Vec::new();
    for found in foreign_clause().captures_iter(text) {
        let part = |index: usize| found.get(index).map(|part| part.as_str());
        let columns = names(part(3).unwrap_or_default());
        let table = part(4).or(part(5)).unwrap_or_default().to_owned();
        let referred = match part(6) {
            Some(list) if !list.is_empty() => names(list),
            _ => columns.clone(),
        };
        let wanted = ForeignKey {
            columns,
            referred_table: table,
            referred_columns: referred,
            ..ForeignKey::default()
        };
        let at = left.iter().position(|key| signature(key) == signature(&wanted));
        let Some(mut key) = at.map(|at| left.remove(at)) else { continue };
        key.name = part(1).or(part(2)).map(str::to_owned);
        key.options = rules(part(7).unwrap_or_default());
        if let Some(deferrable) = part(8) {
            let is_not = deferrable.to_uppercase().contains("NOT");
            let said = if is_not { "False" } else { "True" };
            key.options.insert("deferrable".to_owned(), said.to_owned());
        }
        if let Some(initially) = part(9) {
            key.options.insert("initially".to_owned(), initially.to_uppercase());
        }
        keys.push(key);
    }
    keys.extend(left);
    keys
}

/// Python lays columns, table and columns in one tuple.
fn signature(key: &ForeignKey) -> Vec<&String> {
    let parts = key.columns.iter().chain([&key.referred_table]);
    parts.chain(&key.referred_columns).collect()
}

fn rules(text: &str) -> BTreeMap<String, String> {
    let text = text.to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rules = BTreeMap::new();
    for token in on().split(&text) {
        for (word, name) in [("DELETE", "ondelete"), ("UPDATE", "onupdate")] {
            let action = token.strip_prefix(word).map(str::trim);
            if let Some(action) = action.filter(|text| !text.is_empty() && *text != "NO ACTION") {
                rules.insert(name.to_owned(), action.to_owned());
            }
        }
    }
    rules
}
