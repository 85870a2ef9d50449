//! SQL text coloured in: for editors that show the SQL inside the strings of a migration.
//!
//! It tells words apart by a list, whatever the dialect, since a string may be meant for any of them.

use revline_text::Range;

use crate::parse::Lexis;
use crate::parse::lexer::{Kind, tokens};

/// What a piece of SQL is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Shade {
    /// A word of the language.
    Keyword,
    /// A name, in quotes or without.
    Name,
    /// A string.
    String,
    /// A number.
    Number,
    /// `:name`, `%(name)s`, `$1`.
    Parameter,
    /// A comment.
    Comment,
}

/// Names and strings as PostgreSQL and SQLite write them; of brackets only PostgreSQL's arrays.
const LEXIS: Lexis = Lexis { is_postgresql: true, brackets: false, backslash_escapes: false };

/// The pieces of a text with their bytes, in order and apart from each other. Marks and white space
/// are left out.
pub fn highlight(text: &str) -> Vec<(Range, Shade)> {
    let mut found = Vec::new();
    let mut last = 0;
    let tokens = tokens(text, LEXIS);
    let is_mark =
        |at: usize, mark: char| tokens.get(at).is_some_and(|token| token.kind == Kind::Mark(mark));
    for (at, token) in tokens.iter().enumerate() {
        found.extend(comments(text, Range::new(last, token.range.start())));
        last = token.range.end();
        let word = token.range.slice(text).unwrap_or_default();
        let touches = |other: usize| {
            tokens.get(other).is_some_and(|other| other.range.end() == token.range.start())
        };
        let before = at.wrapping_sub(1);
        // `:name` binds, `::name` casts.
        let is_bound = is_mark(before, ':') && touches(before) && !is_mark(at.wrapping_sub(2), ':');
        let is_numbered = is_mark(before, '$') && touches(before);
        let shade = match token.kind {
            Kind::Word if is_bound => Shade::Parameter,
            Kind::Word if is_keyword(word) => Shade::Keyword,
            Kind::Word | Kind::Quoted => Shade::Name,
            Kind::Number if is_numbered => Shade::Parameter,
            Kind::Number => Shade::Number,
            Kind::String | Kind::Dollar | Kind::Data => Shade::String,
            Kind::Meta => Shade::Comment,
            Kind::End | Kind::Mark(_) => continue,
        };
        found.push((token.range, shade));
    }
    found.extend(comments(text, Range::of(last as usize, text.len())));
    found
}

/// What stands between two tokens and is no white space: the lexer skips nothing else.
fn comments(text: &str, gap: Range) -> Option<(Range, Shade)> {
    let between = gap.slice(text)?;
    let inner = between.trim();
    if inner.is_empty() {
        return None;
    }
    let start = gap.start() as usize + (between.len() - between.trim_start().len());
    Some((Range::of(start, start + inner.len()), Shade::Comment))
}

fn is_keyword(word: &str) -> bool {
    let upper = word.to_ascii_uppercase();
    WORDS.binary_search(&upper.as_str()).is_ok()
}

/// The words of statements that migrations run, sorted. Words that are names more often (`name`,
/// `type`, `value`, `date`) are not among them.
const WORDS: &[&str] = &[
    "ADD",
    "AFTER",
    "ALL",
    "ALTER",
    "ALWAYS",
    "ANALYZE",
    "AND",
    "ANY",
    "AS",
    "ASC",
    "ATTACH",
    "AUTOINCREMENT",
    "AUTO_INCREMENT",
    "BEFORE",
    "BEGIN",
    "BETWEEN",
    "BY",
    "CASCADE",
    "CASE",
    "CAST",
    "CHANGE",
    "CHECK",
    "COLLATE",
    "COLUMN",
    "COMMENT",
    "COMMIT",
    "CONCURRENTLY",
    "CONFLICT",
    "CONSTRAINT",
    "COPY",
    "CREATE",
    "CROSS",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "DATABASE",
    "DECLARE",
    "DEFAULT",
    "DEFERRABLE",
    "DEFERRED",
    "DELETE",
    "DESC",
    "DETACH",
    "DISABLE",
    "DISTINCT",
    "DO",
    "DROP",
    "EACH",
    "ELSE",
    "ELSIF",
    "ENABLE",
    "END",
    "ENGINE",
    "ENUM",
    "ESCAPE",
    "EXCEPT",
    "EXCLUDE",
    "EXECUTE",
    "EXISTS",
    "EXPLAIN",
    "EXTENSION",
    "FALSE",
    "FILTER",
    "FOR",
    "FOREIGN",
    "FROM",
    "FULL",
    "FUNCTION",
    "GENERATED",
    "GRANT",
    "GROUP",
    "HAVING",
    "IDENTITY",
    "IF",
    "ILIKE",
    "IMMEDIATE",
    "IN",
    "INDEX",
    "INITIALLY",
    "INNER",
    "INSERT",
    "INSTEAD",
    "INTERSECT",
    "INTO",
    "IS",
    "JOIN",
    "KEY",
    "LANGUAGE",
    "LATERAL",
    "LEFT",
    "LIKE",
    "LIMIT",
    "LOCK",
    "LOOP",
    "MATERIALIZED",
    "MODIFY",
    "NATURAL",
    "NOT",
    "NULL",
    "NULLS",
    "OF",
    "OFFSET",
    "ON",
    "ONLY",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "OWNER",
    "PARTITION",
    "PERFORM",
    "POLICY",
    "PRAGMA",
    "PRIMARY",
    "PRIVILEGES",
    "PROCEDURE",
    "RAISE",
    "RECURSIVE",
    "REFERENCES",
    "REFRESH",
    "RENAME",
    "REPLACE",
    "RESTART",
    "RESTRICT",
    "RETURN",
    "RETURNING",
    "RETURNS",
    "REVOKE",
    "RIGHT",
    "ROLLBACK",
    "ROW",
    "SAVEPOINT",
    "SCHEMA",
    "SELECT",
    "SEQUENCE",
    "SET",
    "SOME",
    "STORED",
    "TABLE",
    "TABLESPACE",
    "TEMP",
    "TEMPORARY",
    "THEN",
    "TO",
    "TRIGGER",
    "TRUE",
    "TRUNCATE",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VACUUM",
    "VALID",
    "VALIDATE",
    "VALUES",
    "VIEW",
    "VIRTUAL",
    "WHEN",
    "WHERE",
    "WHILE",
    "WITH",
    "WITHOUT",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Shade)]) {
        let found = highlight(text);
        let found: Vec<(&str, Shade)> =
            found.iter().filter_map(|(range, shade)| Some((range.slice(text)?, *shade))).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn words_names_and_values_are_told_apart() {
        use Shade::{Keyword, Name, Number, String};
        check(
            "update \"a b\" set x = 'y', n = 12",
            &[
                ("update", Keyword),
                ("\"a b\"", Name),
                ("set", Keyword),
                ("x", Name),
                ("'y'", String),
                ("n", Name),
                ("12", Number),
            ],
        );
    }

    #[test]
    fn parameters_are_not_casts() {
        check(":id::int", &[("id", Shade::Parameter), ("int", Shade::Name)]);
        check("$1", &[("1", Shade::Parameter)]);
    }

    #[test]
    fn comments_stand_where_nothing_else_does() {
        check(
            "-- one\nSELECT /* two */ 1 -- three",
            &[
                ("-- one", Shade::Comment),
                ("SELECT", Shade::Keyword),
                ("/* two */", Shade::Comment),
                ("1", Shade::Number),
                ("-- three", Shade::Comment),
            ],
        );
    }

    #[test]
    fn the_words_are_sorted() {
        assert!(WORDS.is_sorted());
    }

    #[test]
    fn what_is_not_closed_goes_on_to_the_end() {
        check("'a", &[("'a", Shade::String)]);
        check("/* a", &[("/* a", Shade::Comment)]);
        check("", &[]);
    }
}
