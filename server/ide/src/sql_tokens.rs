//! The SQL inside strings, coloured in.

use revline_analysis::Snapshot;
use revline_sql::{Shade, highlight};
use revline_text::{FileId, Range};

/// The pieces of SQL in the strings that a revision file executes, in the order of the file, as far
/// as they touch `within`. None for a file that is no revision.
pub fn sql_tokens(snapshot: &Snapshot, file: FileId, within: Range) -> Vec<(Range, Shade)> {
    if !snapshot.is_revision(file) {
        return Vec::new();
    }
    let (Some(source), Some(text)) = (snapshot.syntax(file), snapshot.text(file)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for string in source.sql_strings() {
        let Some(written) = string.range.slice(text.as_str()) else { continue };
        let plain = if string.is_raw { written.to_owned() } else { without_escapes(written) };
        let placed = highlight(&plain)
            .into_iter()
            .map(|(range, shade)| (range.shifted(string.range.start()), shade))
            .filter(|(range, _)| range.intersects(within));
        found.extend(placed);
    }
    found
}

/// The same number of bytes with what is escaped blanked out: `\n` parts words, and belongs to none.
/// An escaped quote is one.
fn without_escapes(written: &str) -> String {
    let mut plain = String::with_capacity(written.len());
    let mut chars = written.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            plain.push(char);
            continue;
        }
        match chars.next() {
            Some(quote @ ('\'' | '"')) => plain.extend([' ', quote]),
            Some(other) => plain.extend(std::iter::repeat_n(' ', 1 + other.len_utf8())),
            None => plain.push(' '),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::testing::on_top;

    #[track_caller]
    fn check(body: &str, expect: Expect) {
        let (snapshot, at) = on_top(body);
        let text = snapshot.text(at.file).expect("the file is there");
        let found = super::sql_tokens(&snapshot, at.file, text.range());
        let shown: Vec<String> = found
            .iter()
            .map(|(range, shade)| format!("{shade:?} {}", range.slice(text.as_str()).unwrap()))
            .collect();
        expect.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn sql_in_a_string_is_told_apart_whatever_quotes_and_escapes_it_has() {
        check(
            "$0def upgrade():\n    op.execute('UPDATE users\\nSET name = \\'x\\'')\n",
            expect![[r#"
                Keyword UPDATE
                Name users
                Keyword SET
                Name name
                String 'x\'"#]],
        );
    }

    #[test]
    fn other_strings_are_left_alone() {
        check("$0def upgrade():\n    op.drop_table('users')\n", expect![[""]]);
    }
}
