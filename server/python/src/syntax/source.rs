//! A file and its tree.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use revline_text::{FileId, Range, Span};
use tree_sitter::{InputEdit, Node, ParseOptions, Parser, Point, Tree};

use super::ast::Block;
use super::lower;

/// Larger texts are not parsed: no person wrote them.
const MOST_BYTES: usize = 8 << 20;

/// How often the parser may ask whether to go on, besides once for every so many bytes. It asks
/// after a fixed number of its own steps, so that the bound does not depend on the machine.
const PATIENCE: usize = 4_000;

/// Errors of one file beyond these are not collected: they would say the same.
const MOST_ERRORS: usize = 200;

/// A file as a tree. Cheap to keep: statements are made on first use.
pub struct Source {
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: Arc<str>,
    tree: Option<Tree>,
    module: OnceLock<Arc<Block>>,
}

/// A place that is not Python.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Its bytes.
    pub range: Range,
    /// What is wrong, in a few words.
    pub message: String,
}

impl Source {
    /// Parses a text. Never fails: see [`Source::errors`].
    pub fn parse(file: FileId, text: Arc<str>) -> Self {
        let tree = parse(&text, None);
        Self { file, text, tree, module: OnceLock::new() }
    }

    /// Parses the text that came out of one edit of this file: the bytes `replaced` gave way to
    /// `length` bytes. The parts of the tree that did not change are taken over.
    #[must_use]
    pub fn reparse(&self, text: Arc<str>, replaced: Range, length: u32) -> Self {
        let old = self.tree.clone().map(|mut tree| {
            let start = replaced.start() as usize;
            let new_end = start.saturating_add(length as usize);
            tree.edit(&InputEdit {
                start_byte: start,
                old_end_byte: replaced.end() as usize,
                new_end_byte: new_end,
                start_position: point(&self.text, start),
                old_end_position: point(&self.text, replaced.end() as usize),
                new_end_position: point(&text, new_end),
            });
            tree
        });
        let tree = parse(&text, old.as_ref());
        Self { file: self.file, text, tree, module: OnceLock::new() }
    }

    /// The whole file.
    pub fn span(&self) -> Span {
        Span::new(self.file, Range::of(0, self.text.len()))
    }

    /// A range of this file.
    pub fn at(&self, range: Range) -> Span {
        Span::new(self.file, range)
    }

    /// The root of the tree; `None` where the parser gave up.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        self.tree.as_ref().map(Tree::root_node)
    }

    /// The statements of the module.
    pub fn module(&self) -> &Arc<Block> {
        self.module.get_or_init(|| Arc::new(lower::module(self)))
    }

    /// Whether the whole file is Python.
    pub fn is_valid(&self) -> bool {
        self.root().is_some_and(|root| !root.has_error())
    }

    /// The places that are not Python, in order. A file that the parser gave up on is one error.
    pub fn errors(&self) -> Vec<SyntaxError> {
        let Some(root) = self.root() else {
            let message = "the file is too large or too tangled to parse".to_owned();
            return vec![SyntaxError { range: self.span().range, message }];
        };
        let mut errors = Vec::new();
        if !root.has_error() {
            return errors;
        }
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if node.is_error() || node.is_missing() {
                errors.push(self.error(node));
            }
            let inside = node.has_error() && !node.is_error() && cursor.goto_first_child();
            if inside {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return errors;
                }
            }
            if errors.len() >= MOST_ERRORS {
                return errors;
            }
        }
    }

    fn error(&self, node: Node<'_>) -> SyntaxError {
        let range = Range::of(node.start_byte(), node.end_byte());
        let message = if node.is_missing() {
            format!("expected {}", describe(node.kind()))
        } else {
            let text = range.slice(&self.text).unwrap_or_default();
            let first = text.split_whitespace().next().unwrap_or_default();
            let shown: String = first.chars().take(20).collect();
            if shown.is_empty() {
                "not valid Python here".to_owned()
            } else {
                format!("not valid Python: `{shown}`")
            }
        };
        SyntaxError { range, message }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({:?}, {} bytes)", self.file, self.text.len())
    }
}

fn describe(kind: &str) -> String {
    match kind {
        "identifier" => "a name".to_owned(),
        "_newline" => "the end of the line".to_owned(),
        "_indent" => "an indented block".to_owned(),
        "string_end" => "the end of the string".to_owned(),
        other => format!("`{other}`"),
    }
}

fn parse(text: &str, old: Option<&Tree>) -> Option<Tree> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).ok()?;
    let bytes = text.as_bytes();
    let mut left = PATIENCE.saturating_add(bytes.len() / 16);
    let mut progress = |_: &tree_sitter::ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let mut read = |offset: usize, _| bytes.get(offset..).unwrap_or_default();
    parser.parse_with_options(&mut read, old, Some(options))
}

fn point(text: &str, offset: usize) -> Point {
    let before = text.as_bytes().get(..offset.min(text.len())).unwrap_or_default();
    let row = memchr::memchr_iter(b'\n', before).count();
    let column = match memchr::memrchr(b'\n', before) {
        Some(line) => before.len() - line - 1,
        None => before.len(),
    };
    Point::new(row, column)
}
