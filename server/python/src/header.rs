//! The column-0 assignments of a few names, read exactly and without a tree.
//!
//! [`scan`] looks at lines alone, so that thousands of files are read in the time the disk takes;
//! [`confirm`] reads the same from the tree. Both read the statements that assign to one of the
//! asked names at the left margin, plain or annotated, and the module docstring's
//! `Revision ID:`, `Revises:` and `Create Date:` lines. They refuse to evaluate: what is not a
//! literal, or a name bound to one in the same file, is [`HeaderValue::Other`].

mod docstring;
mod lex;
mod read;
mod scan;
mod tree;

use revline_text::Range;

pub use scan::{Names, scan};
pub use tree::confirm;

/// What stands at the left margin of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Header {
    /// The module's docstring.
    pub docstring: Option<Docstring>,
    /// The assignments to the asked names, in the order of the file.
    pub entries: Vec<HeaderEntry>,
}

impl Header {
    /// The assignment that counts for a name: the last one.
    pub fn get(&self, name: &str) -> Option<&HeaderEntry> {
        self.entries.iter().rev().find(|entry| entry.name == name)
    }
}

/// One assignment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeaderEntry {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub name_range: Range,
    /// The type after the name's colon.
    pub annotation: Option<Range>,
    /// The expression after `=`, without the space and comments around it. Empty, after the `=`,
    /// where nothing stands there yet.
    pub value_range: Range,
    /// What it is.
    pub value: HeaderValue,
}

/// The value of an assignment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HeaderValue {
    /// `None`.
    None,
    /// A string.
    Text(HeaderText),
    /// A tuple, list or set of strings.
    Many(Vec<HeaderText>),
    /// An expression that only the evaluator can tell.
    Other,
    /// Not an expression: half typed. The last good value should be kept.
    Broken,
}

/// A string of the header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeaderText {
    /// The string.
    pub value: String,
    /// The whole literal with its prefix and quotes, or the expression that concatenates several.
    /// Where a name stands for the string, the literal that the name is bound to.
    pub literal: Range,
    /// What stands between the quotes; from the first to the last pair for several literals.
    pub content: Range,
    /// Whether the content is the string letter by letter, so that replacing the content's bytes
    /// replaces the string: one literal without escapes.
    pub plain: bool,
    /// Whether a name stands for the literal.
    pub named: bool,
}

/// The docstring of a module, and what Alembic's template writes into it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Docstring {
    /// The whole literal.
    pub literal: Range,
    /// What stands between its quotes.
    pub content: Range,
    /// `Revision ID: x`: the text and place of `x`.
    pub revision_id: Option<DocItem>,
    /// `Revises: a, b`: one item for each; empty for `Revises:` alone, absent without such a line.
    pub revises: Option<Vec<DocItem>>,
    /// The place after `Revises:` up to the end of its line, space at both ends left out.
    pub revises_range: Option<Range>,
    /// `Create Date: 2024-01-31 …`.
    pub create_date: Option<DocItem>,
}

/// A word of the docstring, as it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocItem {
    /// The text.
    pub text: String,
    /// Its place.
    pub range: Range,
}
