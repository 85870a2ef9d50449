//! How the names of a text find what the schema has, and what PostgreSQL calls what has no name.
//!
//! PostgreSQL compares names by their bytes once unquoted ones are lowered, so [`super::cursor`] has
//! done all that is needed there. SQLite keeps names as they were first written and compares them
//! without regard to the case of ASCII letters, so here a name takes the spelling that is known.

use revline_schema::{Constraint, Expr, Index, IndexElement, Key, Name, Schema, Table, TableName};

use super::Lexis;
use super::cursor::cut;

/// A table under the name that the schema knows it by.
pub(crate) fn table(schema: &Schema, lexis: Lexis, name: TableName) -> TableName {
    let default = if lexis.is_postgresql { "public" } else { "main" };
    let is_known = |name: &TableName| schema.table(&Key::from(name)).is_some();
    if is_known(&name) {
        return name;
    }
    let bare = TableName { schema: None, name: name.name.clone() };
    let own = name.schema.as_ref().map(|schema| schema.as_str());
    if own == Some(default) {
        let is_used = schema.tables.keys().any(|key| key.schema.as_deref() == Some(default));
        if is_known(&bare) || !is_used || !lexis.is_postgresql {
            return table(schema, lexis, bare);
        }
    }
    if own.is_none() && lexis.is_postgresql {
        let full = TableName::in_schema(
            Name { text: default.into(), ..name.name.clone() },
            name.name.clone(),
        );
        if is_known(&full) {
            return full;
        }
    }
    if !lexis.folds() {
        return name;
    }
    let same = |key: &&Key| {
        key.name.eq_ignore_ascii_case(name.name.as_str()) && key.schema.as_deref() == own
    };
    match schema.tables.keys().find(same) {
        Some(key) => TableName { name: Name { text: key.name.clone(), ..name.name }, ..name },
        None => name,
    }
}

/// A name as it is spelled among those that are there.
pub(crate) fn among<'n>(
    lexis: Lexis,
    name: Name,
    mut known: impl Iterator<Item = &'n Name>,
) -> Name {
    if !lexis.folds() {
        return name;
    }
    match known.find(|known| known.text.eq_ignore_ascii_case(&name.text)) {
        Some(known) => Name { text: known.text.clone(), ..name },
        None => name,
    }
}

/// The name that PostgreSQL gives a constraint that has none, `taken` left out; its
/// `ChooseConstraintName` and `ChooseIndexName`.
pub(crate) fn of_constraint(
    table: &Name,
    columns: &[Name],
    constraint: &Constraint,
    taken: impl Fn(&str) -> bool,
) -> Name {
    let joined = |names: &[Name]| names.iter().map(Name::as_str).collect::<Vec<_>>().join("_");
    let (middle, label) = match constraint {
        Constraint::PrimaryKey(_) => (String::new(), "pkey"),
        Constraint::Unique(key) => (joined(&key.columns), "key"),
        Constraint::ForeignKey(key) => (joined(&key.columns), "fkey"),
        Constraint::Check(check) => {
            let text = format!("{:?}", check.condition);
            let mut used = columns.iter().filter(|column| has_word(&text, column.as_str()));
            let middle = match (used.next(), used.next()) {
                (Some(only), None) => only.as_str().to_owned(),
                _ => String::new(),
            };
            (middle, "check")
        }
        Constraint::Exclude(exclude) => {
            let elements = exclude.elements.iter().map(|(element, _)| element);
            let names: Vec<String> =
                elements.map(|element| element_name(element).unwrap_or_default()).collect();
            (names.join("_"), "excl")
        }
    };
    free(table.as_str(), &middle, label, taken)
}

/// The name that PostgreSQL gives an index that has none; `None` where that hangs on the form of an
/// expression.
pub(crate) fn of_index(table: &Name, index: &Index, taken: impl Fn(&str) -> bool) -> Option<Name> {
    let names: Option<Vec<String>> = index.elements.iter().map(element_name).collect();
    Some(free(table.as_str(), &names?.join("_"), "idx", taken))
}

/// What an element adds to the name of its index: the column, or the function that is called.
fn element_name(element: &IndexElement) -> Option<String> {
    let mut expr = match element {
        IndexElement::Column(name) => return Some(name.as_str().to_owned()),
        IndexElement::Expr(expr) => expr,
    };
    while let Expr::Unary { operand, .. } = expr {
        expr = operand;
    }
    match expr {
        Expr::Column(column) => Some(column.name.as_str().to_owned()),
        Expr::Text(text) => {
            let text = text.text.as_str();
            let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
            let (name, rest) = inner.unwrap_or(text).split_once('(')?;
            let is_name = |c: char| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit();
            let closes = rest.find(')').is_some_and(|at| at + 1 == rest.len());
            (closes && !name.is_empty() && name.chars().all(is_name)).then(|| name.to_owned())
        }
        _ => None,
    }
}

/// Whether a text has a word, whatever stands around it.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text.get(..at).is_some_and(|before| before.ends_with(is_part))
            && !text.get(at + word.len()..).is_some_and(|after| after.starts_with(is_part))
    })
}

/// The first name of `table_middle_label`, `…label1`, `…label2` that is free.
fn free(table: &str, middle: &str, label: &str, taken: impl Fn(&str) -> bool) -> Name {
    let mut name = made(table, middle, label);
    for number in 1..1000 {
        if !taken(&name) {
            break;
        }
        name = made(table, middle, &format!("{label}{number}"));
    }
    Name::new(name).finalised()
}

/// PostgreSQL's `makeObjectName`: the longer of both parts is cut until the whole fits 63 bytes.
fn made(table: &str, middle: &str, label: &str) -> String {
    let overhead = 1 + label.len() + usize::from(!middle.is_empty());
    let most = 63_usize.saturating_sub(overhead);
    let (mut first, mut second) = (table.len(), middle.len());
    while first + second > most {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let (first, second) = (cut(table, first), cut(middle, second));
    if middle.is_empty() { format!("{first}_{label}") } else { format!("{first}_{second}_{label}") }
}

/// Whether a name is taken by an index or constraint of the schema's tables.
pub(crate) fn is_taken(schema: &Schema, name: &str) -> bool {
    let is_in = |table: &Table| table.index(name).is_some() || table.constraint(name).is_some();
    schema.tables.values().any(|table| is_in(table))
}
