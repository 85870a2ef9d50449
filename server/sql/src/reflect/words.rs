//! Texts and names as the regular expressions of SQLAlchemy's reflection see them.

use revline_schema::{Constraint, Name, Table};

use crate::print::{Halt, Print};

/// Characters in names at which those expressions stop too early or too late.
const MISREAD: &[char] = &['"', '\'', '`', '(', ')', '[', ']', '$', '\n', '\r', '\t', '\\'];

/// Objects to a table with a name that would be misread.
pub(super) fn check_names(table: &Table) -> Print<()> {
    let mut names: Vec<&Name> = vec![&table.name.name];
    names.extend(table.columns.iter().map(|column| &column.name));
    names.extend(table.indexes.iter().filter_map(|index| index.name.as_ref()));
    for constraint in &table.constraints {
        names.extend(constraint.name());
        if let Constraint::ForeignKey(key) = &**constraint {
            names.push(&key.referent.name);
            names.extend(&key.referent_columns);
        }
    }
    match names.iter().find(|name| name.text.contains(MISREAD) || name.text.is_empty()) {
        Some(name) => Err(Halt::unknown(format!("how reflection reads the name {name:?}"))),
        None => Ok(()),
    }
}

/// Objects to a text that those expressions could take for a constraint.
pub(super) fn check_text(text: &str) -> Print<()> {
    let squeezed: String =
        text.to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ").replace(" (", "(");
    let looks = ["CHECK(", "UNIQUE(", "FOREIGN KEY", "PRIMARY KEY", "CONSTRAINT ", "REFERENCES "]
        .iter()
        .any(|word| squeezed.contains(word));
    if looks {
        return Err(Halt::unknown(
            "a text inside the table that reflection takes for a constraint",
        ));
    }
    Ok(())
}

/// What stands between the parentheses around a whole text.
pub(super) fn inside_parentheses(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_usize;
    let mut in_string = false;
    for c in inside.chars() {
        match c {
            '\'' => in_string = !in_string,
            '(' if !in_string => depth += 1,
            ')' if !in_string => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    (depth == 0).then_some(inside)
}

/// Alembic's guess that a default came back without the parentheses it needs.
pub(super) fn looks_like_expression(text: &str) -> bool {
    let wrapped = |open: char, close: char| {
        text.chars().count() > 2
            && text.starts_with(open)
            && text.ends_with(close)
            && !text.contains('\n')
    };
    let one_digit =
        text.chars().count() == 1 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    !text.is_empty() && !one_digit && !wrapped('\'', '\'') && !wrapped('(', ')')
}

/// The column that an element of an index is for SQLite although it was given as a text: a name,
/// perhaps with COLLATE and an order.
pub(super) fn indexed_column(text: &str) -> Option<Name> {
    let mut words = text.split_whitespace();
    let name = words.next()?;
    let name = match name.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => name,
    };
    let rest: Vec<String> = words.map(str::to_uppercase).collect();
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let is_order = |word: &str| word == "ASC" || word == "DESC";
    let follows = match rest.as_slice() {
        [] | ["COLLATE", _] => true,
        [order] | ["COLLATE", _, order] => is_order(order),
        _ => false,
    };
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (follows && is_name && !name.is_empty()).then(|| Name::new(name))
}

/// The identifiers of an expression, strings and functions left out, in lower case.
pub(crate) fn identifiers(text: &str) -> Vec<String> {
    tokens(text)
        .filter(|token| token.is_identifier)
        .map(|token| token.name().to_lowercase())
        .collect()
}

/// The text with one identifier replaced by another, as SQLite's RENAME COLUMN rewrites it.
pub(crate) fn renamed(text: &str, from: &str, to: &str, to_quoted: &str) -> String {
    let needs_quotes = to != to_quoted;
    let mut out = String::new();
    for token in tokens(text) {
        if token.is_identifier && token.name().eq_ignore_ascii_case(from) {
            if needs_quotes || token.text.starts_with('"') {
                out.push_str(&format!("\"{}\"", to.replace('"', "\"\"")));
            } else {
                out.push_str(to);
            }
        } else {
            out.push_str(token.text);
        }
    }
    out
}

struct Token<'a> {
    text: &'a str,
    is_identifier: bool,
}

impl<'a> Token<'a> {
    fn name(&self) -> &'a str {
        self.text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(self.text)
    }
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let (length, is_name) = match first {
            '\'' | '"' => {
                let inside = rest.get(1..).unwrap_or_default();
                (inside.find(first).map_or(rest.len(), |at| at + 2), first == '"')
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                let after = rest.get(length..).unwrap_or_default().trim_start();
                (length, !after.starts_with('('))
            }
            c if c.is_ascii_digit() => {
                (rest.find(|c| !is_word(c) && c != '.').unwrap_or(rest.len()), false)
            }
            c => (c.len_utf8(), false),
        };
        let (text, after) = rest.split_at_checked(length.max(1))?;
        rest = after;
        Some(Token { text, is_identifier: is_name })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_told_from_strings_functions_and_numbers() {
        assert_eq!(
            identifiers("a > 5 AND lower(\"B c\") = 'a' OR x1 IN ('y')").join(" "),
            "a and b c or x1"
        );
        assert_eq!(renamed("a > 'a' AND \"a\" < a(b)", "a", "z", "z"), "z > 'a' AND \"z\" < a(b)");
        assert_eq!(renamed("a > 1", "a", "Z", "\"Z\""), "\"Z\" > 1");
    }

    #[test]
    fn a_default_gets_parentheses_unless_it_has_them_or_is_short() {
        for text in ["5", "'x'", "(a)", ".", ""] {
            assert!(!looks_like_expression(text), "{text}");
        }
        for text in ["10", "''", "CURRENT_TIMESTAMP", "NULL", "-1"] {
            assert!(looks_like_expression(text), "{text}");
        }
        assert_eq!(inside_parentheses("(a) + (b)"), None);
        assert_eq!(inside_parentheses("(a + (b))"), Some("a + (b)"));
    }

    #[test]
    fn an_element_of_an_index_is_a_column_although_it_is_a_text() {
        let shown = |text| indexed_column(text).map(|name| name.text.to_string());
        assert_eq!(shown("a DESC").as_deref(), Some("a"));
        assert_eq!(shown("\"A\" COLLATE nocase asc").as_deref(), Some("A"));
        assert_eq!(shown("lower(a)"), None);
        assert_eq!(shown("a + 1"), None);
    }
}
