//! A file and its tree.

use std::fmt;
use std::sync::{Arc, OnceLock};

use revline_text::{FileId, Range};
use tree_sitter::Tree;

use super::ast::Block;

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

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({:?}, {} bytes)", self.file, self.text.len())
    }
}
