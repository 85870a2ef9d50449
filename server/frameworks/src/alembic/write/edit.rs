//! Edits of existing revision files, given where their header's values stand.
//!
//! The places come from whoever read the header; this module only knows how to write ids there:
//! quotes and brackets stay as the file has them.

use revline_text::{Edit, Range};

/// Where a file names its parents.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repoint {
    /// The value of `down_revision`: a string, `None`, a tuple, a list, a set, with brackets.
    pub down_revision: Range,
    /// What stands after `Revises:` on its line of the docstring, with the space before it or
    /// without; `None` where there is no such line.
    pub revises: Option<Range>,
}

/// Writes other parents: `down_revision` and the `Revises:` line. Nothing where the places do not
/// fit the text.
pub fn repoint(text: &str, places: &Repoint, parents: &[String]) -> Vec<Edit> {
    let Some(written) = places.down_revision.slice(text) else { return Vec::new() };
    let quote = quote_of(written, text);
    let quoted: Vec<String> = parents.iter().map(|id| literal(id, quote)).collect();
    let value = match quoted.as_slice() {
        [] => "None".to_owned(),
        [one] => one.clone(),
        more => {
            let (open, close) = match written.trim_start().chars().next() {
                Some('[') => ('[', ']'),
                Some('{') => ('{', '}'),
                _ => ('(', ')'),
            };
            format!("{open}{}{close}", more.join(", "))
        }
    };
    let mut edits = Vec::new();
    if value != written {
        edits.push(Edit::replace(places.down_revision, value));
    }
    if let Some(range) = places.revises
        && let Some(written) = range.slice(text)
    {
        let line = written.split(['\n', '\r']).next().unwrap_or_default();
        let range = Range::of(range.start() as usize, range.start() as usize + line.len());
        let before = text.get(..range.start() as usize).unwrap_or_default();
        let space = if before.ends_with([' ', '\t']) { "" } else { " " };
        let value = format!("{space}{}", parents.join(", "));
        if line != value {
            edits.push(Edit::replace(range, value));
        }
    }
    edits
}

/// Puts `new` in the place of one parent and leaves the others, their layout and their comments.
pub fn replace_parent(text: &str, places: &Repoint, old: &str, new: &str) -> Vec<Edit> {
    let mut ranges = vec![places.down_revision];
    ranges.extend(places.revises);
    replace_id(text, &ranges, old, new)
}

/// Changes an id within these places, which are string literals, brackets full of them, or parts
/// of a docstring: every occurrence as a whole id.
pub fn replace_id(text: &str, places: &[Range], old: &str, new: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    if old.is_empty() || old == new {
        return edits;
    }
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    for place in places {
        let Some(written) = place.slice(text) else { continue };
        for (at, found) in written.match_indices(old) {
            let before = written.get(..at).and_then(|part| part.chars().next_back());
            let after = written.get(at + found.len()..).and_then(|part| part.chars().next());
            if before.is_some_and(inside) || after.is_some_and(inside) {
                continue;
            }
            let start = place.start() as usize + at;
            let edit = Edit::replace(Range::of(start, start + found.len()), new);
            if !edits.contains(&edit) {
                edits.push(edit);
            }
        }
    }
    edits.sort_by_key(|edit| edit.range);
    edits
}

/// The quote of the value, else the one that the file prefers for its revision, else Python's.
fn quote_of(written: &str, text: &str) -> char {
    let first = |text: &str| text.chars().find(|c| matches!(c, '"' | '\''));
    first(written)
        .or_else(|| {
            let line = text.lines().find(|line| line.starts_with("revision"))?;
            first(line)
        })
        .unwrap_or('\'')
}

fn literal(id: &str, quote: char) -> String {
    let mut out = String::from(quote);
    for c in id.chars() {
        if c == quote || c == '\\' {
            out.push('\\');
        }
        out.push(c);
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use revline_text::Text;

    use super::*;

    fn places(text: &str) -> Repoint {
        let at = |mark: &str| text.find(mark).map(|at| at + mark.len());
        let down = at("down_revision = ").expect("a value");
        let length = text[down..].find('#').unwrap_or(text.len() - down);
        let end = down + text[down..down + length].trim_end().len();
        Repoint {
            down_revision: Range::of(down, end),
            revises: at("Revises:")
                .map(|at| Range::of(at, at + text[at..].find('\n').unwrap_or(0))),
        }
    }

    fn to(text: &str, parents: &[&str]) -> String {
        let parents: Vec<String> = parents.iter().map(|id| (*id).to_owned()).collect();
        Text::new(text).edited(&repoint(text, &places(text), &parents)).as_str().to_owned()
    }

    #[test]
    fn other_parents_are_written_with_the_quotes_and_brackets_of_the_file() {
        assert_eq!(
            to(
                "\"\"\"x\n\nRevises: a\n\"\"\"\nrevision = \"c\"\ndown_revision = \"a\"  # x\n",
                &["b"]
            ),
            "\"\"\"x\n\nRevises: b\n\"\"\"\nrevision = \"c\"\ndown_revision = \"b\"  # x\n"
        );
        assert_eq!(
            to("Revises: \nrevision = \"c\"\ndown_revision = None", &["a", "b"]),
            "Revises: a, b\nrevision = \"c\"\ndown_revision = (\"a\", \"b\")"
        );
        assert_eq!(
            to("Revises:\ndown_revision = ['a',\n 'b']", &["x", "y"]),
            "Revises: x, y\ndown_revision = ['x', 'y']"
        );
        assert_eq!(
            to("Revises: a, b\ndown_revision = ('a', 'b')", &[]),
            "Revises: \ndown_revision = None"
        );
        assert_eq!(to("down_revision = None", &["it's"]), "down_revision = 'it\\'s'");
    }

    #[test]
    fn one_parent_of_several_is_replaced_in_its_layout() {
        let text = "Revises: a, ab\ndown_revision = (\n    'a',\n    'ab',\n)";
        let edits = replace_parent(text, &places(text), "a", "z");
        assert_eq!(
            Text::new(text).edited(&edits).as_str(),
            "Revises: z, ab\ndown_revision = (\n    'z',\n    'ab',\n)"
        );
    }

    #[test]
    fn an_id_is_changed_wherever_it_stands_whole() {
        let text = "Revision ID: 12\nrevision = '12'\ndown = '112', '12.1', \"12\"";
        let edits = replace_id(text, &[Range::of(0, text.len()), Range::of(0, 15)], "12", "13");
        assert_eq!(
            Text::new(text).edited(&edits).as_str(),
            "Revision ID: 13\nrevision = '13'\ndown = '112', '12.1', \"13\""
        );
    }

    #[test]
    fn places_that_do_not_fit_change_nothing() {
        let far = Repoint { down_revision: Range::new(90, 99), revises: Some(Range::new(80, 99)) };
        assert_eq!(repoint("x", &far, &[]), []);
        assert_eq!(replace_id("é", &[Range::new(1, 2)], "x", "y"), []);
    }
}
