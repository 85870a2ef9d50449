//! What raw SQL may do to tables, judged by the words its statements begin with. Deliberately
//! coarse: a statement is harmless, touches tables it names, or may do anything.

use crate::constraint::TableName;
use crate::name::Name;

/// What a text may change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Effect {
    /// No table, column, constraint or index.
    Nothing,
    /// These tables.
    Tables(Vec<TableName>),
    /// Anything.
    Everything,
}

/// What a text of one or several statements may change.
pub(crate) fn of(text: &str) -> Effect {
    let mut tables = Vec::new();
    for statement in statements(text) {
        match one(&statement) {
            Effect::Nothing => {}
            Effect::Tables(more) => tables.extend(more),
            Effect::Everything => return Effect::Everything,
        }
    }
    if tables.is_empty() { Effect::Nothing } else { Effect::Tables(tables) }
}

fn one(words: &[String]) -> Effect {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let upper = |at: usize| word(at).to_ascii_uppercase();
    match (upper(0).as_str(), upper(1).as_str()) {
        ("", _) => Effect::Nothing,
        (
            "INSERT" | "UPDATE" | "DELETE" | "SELECT" | "SET" | "RESET" | "SHOW" | "GRANT"
            | "REVOKE" | "COMMENT" | "PRAGMA" | "TRUNCATE" | "LOCK" | "ANALYZE" | "VACUUM"
            | "REINDEX" | "REFRESH" | "COMMIT" | "BEGIN" | "END" | "ROLLBACK" | "SAVEPOINT"
            | "RELEASE" | "USE" | "COPY" | "REPLACE" | "MERGE" | "VALUES" | "CLUSTER",
            _,
        ) => Effect::Nothing,
        ("CREATE" | "DROP" | "ALTER", _) => {
            let kind = (1..words.len())
                .map(|at| (at, upper(at)))
                .find(|(_, word)| !MODIFIERS.contains(&word.as_str()));
            match kind {
                Some((_, kind)) if HARMLESS.contains(&kind.as_str()) => Effect::Nothing,
                Some((at, kind)) if kind == "TABLE" => named(words, at + 1),
                Some((_, kind)) if kind == "INDEX" && upper(0) == "CREATE" => {
                    match words.iter().position(|word| word.eq_ignore_ascii_case("ON")) {
                        Some(on) => named(words, on + 1),
                        None => Effect::Everything,
                    }
                }
                _ => Effect::Everything,
            }
        }
        _ => Effect::Everything,
    }
}

const MODIFIERS: &[&str] = &[
    "OR",
    "REPLACE",
    "UNIQUE",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "CONSTRAINT",
    "MATERIALIZED",
    "RECURSIVE",
    "GLOBAL",
    "LOCAL",
    "DEFAULT",
    "EVENT",
];

const HARMLESS: &[&str] = &[
    "EXTENSION",
    "FUNCTION",
    "TRIGGER",
    "VIEW",
    "PROCEDURE",
    "SEQUENCE",
    "ROLE",
    "USER",
    "POLICY",
    "RULE",
    "TYPE",
    "DOMAIN",
    "STATISTICS",
    "AGGREGATE",
    "OPERATOR",
    "CAST",
    "COLLATION",
    "PUBLICATION",
    "SUBSCRIPTION",
    "SYSTEM",
    "PRIVILEGES",
    "DATABASE",
    "LANGUAGE",
    "SERVER",
];

/// The table named at a word, `IF [NOT] EXISTS` and `ONLY` passed over; a rename names a second one.
fn named(words: &[String], mut at: usize) -> Effect {
    let is = |at: usize, word: &str| words.get(at).is_some_and(|w| w.eq_ignore_ascii_case(word));
    while ["IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY"].iter().any(|word| is(at, word)) {
        at += 1;
    }
    let Some(first) = words.get(at).and_then(|word| table_name(word)) else {
        return Effect::Everything;
    };
    if words.get(at + 1).is_some_and(|word| word == ",") {
        return Effect::Everything;
    }
    let mut tables = vec![first];
    if is(at + 1, "RENAME") && is(at + 2, "TO") {
        match words.get(at + 3).and_then(|word| table_name(word)) {
            Some(second) => {
                let schema = tables.first().and_then(|first| first.schema.clone());
                tables.push(TableName { schema, name: second.name });
            }
            None => return Effect::Everything,
        }
    }
    Effect::Tables(tables)
}

fn table_name(word: &str) -> Option<TableName> {
    let parts: Vec<Name> = word.split('.').map(unquoted).collect::<Option<_>>()?;
    match parts.as_slice() {
        [name] => Some(TableName::new(name.clone())),
        [schema, name] => Some(TableName::in_schema(schema.clone(), name.clone())),
        _ => None,
    }
}

fn unquoted(part: &str) -> Option<Name> {
    let inner = match part.chars().next()? {
        '"' => part.strip_prefix('"')?.strip_suffix('"')?,
        '`' => part.strip_prefix('`')?.strip_suffix('`')?,
        '[' => part.strip_prefix('[')?.strip_suffix(']')?,
        first if first.is_alphabetic() || first == '_' => part,
        _ => return None,
    };
    Some(Name::new(inner))
}

/// The words of each statement: comments left out, strings as one word, names with their dots
/// together.
fn statements(text: &str) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '\'' => quoted(rest, '\''),
            '$' => dollar_quoted(rest),
            c if c.is_whitespace() => c.len_utf8(),
            ';' => {
                all.push(Vec::new());
                1
            }
            c if is_name(c) => {
                let length = name_length(rest);
                push(&mut all, rest.get(..length));
                length
            }
            c => {
                push(&mut all, rest.get(..c.len_utf8()));
                c.len_utf8()
            }
        };
        rest = rest.get(length.max(1)..).unwrap_or_default();
    }
    all
}

fn push(all: &mut [Vec<String>], word: Option<&str>) {
    if let (Some(statement), Some(word)) = (all.last_mut(), word) {
        statement.push(word.to_owned());
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '`')
}

fn name_length(text: &str) -> usize {
    let mut length = 0;
    while let Some(c) = text.get(length..).and_then(|rest| rest.chars().next()) {
        length += match c {
            '"' | '`' => quoted(text.get(length..).unwrap_or_default(), c),
            c if is_name(c) => c.len_utf8(),
            _ => break,
        };
    }
    length
}

/// Length of a quoted part at the start of a text; to the end where it is not closed.
fn quoted(text: &str, mark: char) -> usize {
    let width = mark.len_utf8();
    text.get(width..).and_then(|rest| rest.find(mark)).map_or(text.len(), |at| at + 2 * width)
}

/// Length of `$tag$ … $tag$`; one byte where there is none.
fn dollar_quoted(text: &str) -> usize {
    let Some(end) = text.get(1..).and_then(|rest| rest.find('$')) else { return 1 };
    let Some(tag) = text.get(..end + 2) else { return 1 };
    if !tag.get(1..end + 1).is_some_and(|tag| tag.chars().all(|c| c.is_alphanumeric() || c == '_'))
    {
        return 1;
    }
    text.get(tag.len()..)
        .and_then(|rest| rest.find(tag))
        .map_or(text.len(), |at| at + 2 * tag.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown = match of(text) {
            Effect::Nothing => "nothing".to_owned(),
            Effect::Everything => "everything".to_owned(),
            Effect::Tables(tables) => {
                tables.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
            }
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn statements_are_judged_by_their_first_words() {
        check("UPDATE t SET a = 'ALTER TABLE x'", "nothing");
        check("-- hello\n ALTER TABLE ONLY \"S\".t ADD COLUMN x int; SELECT 1", "S.t");
        check("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)", "t");
        check("ALTER TABLE a RENAME TO b", "a b");
        check("DROP INDEX i", "everything");
        check("CREATE OR REPLACE FUNCTION f() AS $x$ DROP TABLE t; $x$", "nothing");
        check("DO $$ BEGIN END $$", "everything");
        check("DROP TABLE a, b", "everything");
        check("CREATE EXTENSION IF NOT EXISTS pg_trgm;", "nothing");
        check("", "nothing");
    }
}
