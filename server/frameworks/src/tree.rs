//! Values as a configuration file or an editor gives them, each with its place.
//!
//! One shape for TOML and for what an editor sends, so that whoever reads settings does so once.
//! Nothing here knows which keys mean anything.

use revline_text::{FileId, Range, Span};
use toml::de::{DeTable, DeValue};

/// A value and where it stands; an editor's values stand nowhere.
#[derive(Clone, PartialEq, Debug)]
pub struct Tree {
    /// What it is.
    pub node: Node,
    /// The value's bytes, quotes included.
    pub span: Option<Span>,
}

/// What a value is.
#[derive(Clone, PartialEq, Debug)]
pub enum Node {
    /// Nothing: an editor's `null`. It counts as not given.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, a date, or a number too large: what it reads as.
    Other(String),
    /// A string, unescaped.
    Str(String),
    /// A list.
    List(Vec<Tree>),
    /// A table, its entries in the order of the file.
    Table(Vec<Entry>),
}

/// One entry of a table.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The key, unquoted.
    pub key: String,
    /// The key's bytes.
    pub key_span: Option<Span>,
    /// Its value.
    pub value: Tree,
}

impl Node {
    /// The kind in a person's words: `a list`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Int(_) => "a whole number",
            Self::Other(_) => "a number or a date",
            Self::Str(_) => "a string",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl Tree {
    /// A value that stands in no file.
    pub fn of(node: Node) -> Self {
        Self { node, span: None }
    }

    /// The entry of a table by its key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value of a table by its key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entries of a table; of anything else, none.
    pub fn entries(&self) -> &[Entry] {
        match &self.node {
            Node::Table(entries) => entries,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.node {
            Node::Str(text) => Some(text),
            _ => None,
        }
    }
}

/// Something in a TOML file that is not TOML.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TomlDefect {
    /// Where.
    pub span: Span,
    /// What the reader says.
    pub message: String,
}

/// Reads a TOML file. A broken file gives what could be read, and its defects.
pub fn parse_toml(file: FileId, text: &str) -> (Tree, Vec<TomlDefect>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let defects: Vec<TomlDefect> = errors
        .iter()
        .map(|error| {
            let range =
                error.span().map_or(Range::empty(0), |span| Range::of(span.start, span.end));
            TomlDefect { span: Span::new(file, range), message: error.message().to_owned() }
        })
        .collect();
    let span = Span::new(file, Range::of(0, text.len()));
    let mut tree = Tree { node: from_table(file, table.get_ref()), span: Some(span) };
    drop_broken(&mut tree, &defects);
    (tree, defects)
}

/// Takes away what the reader made up for values that are broken.
fn drop_broken(tree: &mut Tree, defects: &[TomlDefect]) {
    let Node::Table(entries) = &mut tree.node else { return };
    let broken = |tree: &Tree| {
        let range = tree.span.map(|span| span.range).unwrap_or_default();
        defects.iter().any(|defect| range.intersects(defect.span.range))
    };
    entries.retain(|entry| matches!(entry.value.node, Node::Table(_)) || !broken(&entry.value));
    for entry in entries {
        drop_broken(&mut entry.value, defects);
    }
}

fn from_table(file: FileId, table: &DeTable<'_>) -> Node {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: Some(Span::new(file, Range::of(key.span().start, key.span().end))),
            value: Tree {
                node: from_value(file, value.get_ref()),
                span: Some(Span::new(file, Range::of(value.span().start, value.span().end))),
            },
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span);
    Node::Table(entries)
}

/// The reader itself bounds how deep a document nests.
fn from_value(file: FileId, value: &DeValue<'_>) -> Node {
    match value {
        DeValue::String(text) => Node::Str(text.to_string()),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            match i64::from_str_radix(&digits, number.radix()) {
                Ok(number) => Node::Int(number),
                Err(_) => Node::Other(digits),
            }
        }
        DeValue::Float(number) => Node::Other(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Node::Bool(*truth),
        DeValue::Datetime(date) => Node::Other(date.to_string()),
        DeValue::Array(items) => Node::List(
            items
                .iter()
                .map(|item| Tree {
                    node: from_value(file, item.get_ref()),
                    span: Some(Span::new(file, Range::of(item.span().start, item.span().end))),
                })
                .collect(),
        ),
        DeValue::Table(table) => from_table(file, table),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_places_and_order() {
        let text = "b = 'x'\n[a]\nlist = [1, true]\n";
        let (tree, defects) = parse_toml(FileId(0), text);
        assert!(defects.is_empty());
        let keys: Vec<&str> = tree.entries().iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["b", "a"]);
        let span = tree.get("b").and_then(|value| value.span).expect("a place");
        assert_eq!(span.range.slice(text), Some("'x'"));
        let list = tree.get("a").and_then(|table| table.get("list")).expect("a list");
        let Node::List(items) = &list.node else { panic!("{list:?}") };
        assert_eq!(items[1].node, Node::Bool(true));
        assert_eq!(items[1].span.and_then(|span| span.range.slice(text)), Some("true"));
    }

    #[test]
    fn a_broken_file_gives_what_could_be_read() {
        let (tree, defects) = parse_toml(FileId(0), "a = 1\nb = \nc = 3\n");
        assert_eq!(defects.len(), 1);
        assert_eq!(tree.get("a").map(|value| &value.node), Some(&Node::Int(1)));
        assert_eq!(tree.get("b"), None);
        assert_eq!(tree.get("c").map(|value| &value.node), Some(&Node::Int(3)));
    }

    #[test]
    fn deep_nesting_is_a_defect_and_not_a_crash() {
        let (_, defects) = parse_toml(FileId(0), &format!("a = {}", "[".repeat(50_000)));
        assert!(!defects.is_empty());
    }
}
