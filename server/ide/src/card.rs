//! A table as lines of text, one fact each: for a hover, where two states are laid side by side, and
//! for the terminal.

use revline_analysis::{ColumnEntry, ForeignKeyEntry, IndexEntry, KeyEntry, TableEntry};

/// One fact about a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// What the fact is about; the same in two states of a table where it is about the same thing.
    pub about: String,
    /// The fact.
    pub text: String,
}

/// How a line is marked beside the state before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// It was there before.
    Kept,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// The facts of a table: its columns with names and types in columns of their own, then keys,
/// conditions and indexes.
pub fn lines(table: &TableEntry) -> Vec<Line> {
    lined_up(table, &[table])
}

/// The same with columns as wide as those of all these tables.
fn lined_up(table: &TableEntry, all: &[&TableEntry]) -> Vec<Line> {
    let width = |text: &dyn Fn(&ColumnEntry) -> usize| {
        all.iter().flat_map(|table| &table.columns).map(text).max().unwrap_or_default().min(40)
    };
    let names = width(&|column| column.name.chars().count());
    let types = width(&|column| type_of(column).chars().count());
    let column = |column: &ColumnEntry| {
        let mut text = format!("{:names$}  {:types$}", column.name, type_of(column));
        if !column.nullable {
            text.push_str("  not null");
        }
        if let Some(default) = &column.default {
            text.push_str(&format!("  default {}", one_line(default)));
        }
        if let Some(generated) = &column.generated {
            text.push_str(&format!("  {}", one_line(generated)));
        }
        if let Some(why) = &column.why {
            text.push_str(&format!("  ? {}", one_line(why)));
        }
        Line { about: format!("column {}", column.name), text: text.trim_end().to_owned() }
    };
    let mut all: Vec<Line> = table.columns.iter().map(column).collect();
    all.extend(table.primary_key.iter().map(|key| keyed("primary key", key)));
    all.extend(table.unique.iter().map(|key| keyed("unique", key)));
    all.extend(table.foreign_keys.iter().map(foreign_key));
    all.extend(table.checks.iter().map(|check| {
        let condition = check.condition.as_deref().map_or("…".to_owned(), one_line);
        named("check", check.name.as_deref(), &format!("({condition})"))
    }));
    all.extend(table.indexes.iter().map(index));
    if let Some(comment) = &table.comment {
        all.push(named("comment", None, &one_line(comment)));
    }
    all
}

/// Two states of a table in one list: what went stands before what came in its place.
pub fn compared(before: Option<&TableEntry>, after: Option<&TableEntry>) -> Vec<(Mark, String)> {
    let both: Vec<&TableEntry> = before.into_iter().chain(after).collect();
    let old = before.map(|table| lined_up(table, &both)).unwrap_or_default();
    let new = after.map(|table| lined_up(table, &both)).unwrap_or_default();
    let has = |lines: &[Line], about: &str| lines.iter().any(|line| line.about == about);
    let mut all = Vec::new();
    let mut gone = old.iter().filter(|line| !has(&new, &line.about)).peekable();
    let place = |about: &str| old.iter().position(|line| line.about == about);
    for line in &new {
        // A line that went is told where it stood.
        if let Some(here) = place(&line.about) {
            while let Some(earlier) = gone.next_if(|gone| place(&gone.about) < Some(here)) {
                all.push((Mark::Removed, earlier.text.clone()));
            }
        }
        match old.iter().find(|known| known.about == line.about) {
            Some(known) if known.text == line.text => {
                all.push((Mark::Kept, line.text.clone()));
            }
            Some(known) => {
                all.push((Mark::Removed, known.text.clone()));
                all.push((Mark::Added, line.text.clone()));
            }
            None => all.push((Mark::Added, line.text.clone())),
        }
    }
    all.extend(gone.map(|line| (Mark::Removed, line.text.clone())));
    all
}

fn type_of(column: &ColumnEntry) -> &str {
    column.type_.as_deref().unwrap_or("?")
}

/// A key's line: what it is about is its name, or its columns where it has none.
fn keyed(what: &str, key: &KeyEntry) -> Line {
    let columns = key.columns.join(", ");
    named(what, key.name.as_deref(), &format!("({columns})"))
}

fn foreign_key(key: &ForeignKeyEntry) -> Line {
    let referent = match &key.referred_schema {
        Some(schema) => format!("{schema}.{}", key.referred_table),
        None => key.referred_table.clone(),
    };
    let mut text =
        format!("({}) → {referent} ({})", key.columns.join(", "), key.referred_columns.join(", "));
    if let Some(rule) = &key.on_delete {
        text.push_str(&format!("  on delete {}", rule.to_lowercase()));
    }
    if let Some(rule) = &key.on_update {
        text.push_str(&format!("  on update {}", rule.to_lowercase()));
    }
    named("foreign key", key.name.as_deref(), &text)
}

fn index(index: &IndexEntry) -> Line {
    let what = if index.unique { "unique index" } else { "index" };
    let columns: Vec<String> = index.columns.iter().map(|column| one_line(column)).collect();
    named(what, index.name.as_deref(), &format!("({})", columns.join(", ")))
}

fn named(what: &str, name: Option<&str>, rest: &str) -> Line {
    match name {
        Some(name) => {
            Line { about: format!("{what} {name}"), text: format!("{what} {name} {rest}") }
        }
        None => Line { about: format!("{what} {rest}"), text: format!("{what} {rest}") },
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
