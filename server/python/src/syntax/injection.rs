//! The strings of a file that hold another language, found by the query that editors load too.

use std::sync::OnceLock;

use revline_text::Range;
use tree_sitter::{Query, QueryCursor, StreamingIterator};

use super::Source;

/// The query: `grammars/python/injections.scm`.
const INJECTIONS: &str = include_str!("../../../../grammars/python/injections.scm");

fn query() -> Option<&'static Query> {
    static QUERY: OnceLock<Option<Query>> = OnceLock::new();
    let compile = || Query::new(&tree_sitter_python::LANGUAGE.into(), INJECTIONS).ok();
    QUERY.get_or_init(compile).as_ref()
}

/// A piece of SQL in a string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SqlString {
    /// Its bytes between the quotes, as they are written.
    pub range: Range,
    /// Whether backslashes stand for themselves.
    pub is_raw: bool,
}

impl Source {
    /// The strings that are executed as SQL, in the order of the file: each literal, and each part of
    /// one between placeholders, by itself.
    pub fn sql_strings(&self) -> Vec<SqlString> {
        let (Some(root), Some(query)) = (self.root(), query()) else { return Vec::new() };
        let Some(content) = query.capture_index_for_name("injection.content") else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut cursor = QueryCursor::new();
        let mut matches = cursor.matches(query, root, self.text.as_bytes());
        while let Some(one) = matches.next() {
            for capture in one.captures.iter().filter(|capture| capture.index == content) {
                let node = capture.node;
                let start = node.parent().and_then(|string| string.child(0));
                let prefix = start.and_then(|start| self.text.get(start.byte_range()));
                let is_raw = prefix.is_some_and(|prefix| prefix.contains(['r', 'R']));
                let range = Range::of(node.start_byte(), node.end_byte());
                found.push(SqlString { range, is_raw });
            }
        }
        found.sort_unstable_by_key(|one| one.range);
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use revline_text::FileId;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let source = Source::parse(FileId(0), text.into());
        let found = source.sql_strings();
        let found: Vec<&str> = found.iter().filter_map(|one| one.range.slice(text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn what_is_executed_is_sql() {
        check("op.execute('SELECT 1')", &["SELECT 1"]);
        check("op.execute(sa.text(\"\"\"\nSELECT 2\n\"\"\"))", &["\nSELECT 2\n"]);
        check("op.get_bind().execute(text('A'))", &["A"]);
        check("op.get_bind().exec_driver_sql('A')", &["A"]);
        check("op.execute('A' 'B')", &["A", "B"]);
        check("op.execute(f'A {x} B')", &["A ", " B"]);
        check("op.execute(sqltext='A')", &["A"]);
        check("op.execute(sa.DDL(r'A'))", &["A"]);
    }

    #[test]
    fn other_strings_are_not() {
        check("op.add_column('t', sa.Column('c', sa.Text(), comment='SELECT'))", &[]);
        check("print('SELECT 1')", &[]);
        check("op.execute(query, 'SELECT')", &[]);
        check("task.execute('now')", &[]);
        check("op.execute('", &[]);
    }

    #[test]
    fn raw_strings_are_told_apart() {
        let source = Source::parse(FileId(0), "op.execute(r'\\d')\nop.execute('\\n')".into());
        let raw: Vec<bool> = source.sql_strings().iter().map(|one| one.is_raw).collect();
        assert_eq!(raw, [true, false]);
    }
}
