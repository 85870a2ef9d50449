//! Changes to files as values: shown first, applied by whoever asked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::{FileId, Range};

/// Replaces the bytes of `range` by `text`.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Edit {
    /// Bytes of the text before the change.
    pub range: Range,
    /// What stands there afterwards.
    pub text: String,
}

impl Edit {
    /// Replaces a range.
    pub fn replace(range: Range, text: impl Into<String>) -> Self {
        Self { range, text: text.into() }
    }

    /// Inserts before the byte at `offset`.
    pub fn insert(offset: u32, text: impl Into<String>) -> Self {
        Self::replace(Range::empty(offset), text)
    }
}

/// A file that the change makes. It must not exist yet.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct CreateFile {
    /// Absolute path.
    pub path: PathBuf,
    /// Its whole content.
    pub text: String,
}

/// A file that the change moves.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct RenameFile {
    /// The file.
    pub file: FileId,
    /// Its new absolute path.
    pub to: PathBuf,
}

/// What a person has to know before the change is applied.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Annotation {
    /// A few words.
    pub label: String,
    /// One sentence.
    pub description: String,
}

/// A change to any number of files. The edits of one file refer to the text before the change and
/// do not overlap.
#[derive(Clone, PartialEq, Eq, Debug, Hash, Default)]
pub struct SourceChange {
    /// Edits by file.
    pub edits: BTreeMap<FileId, Vec<Edit>>,
    /// New files, made in order.
    pub creates: Vec<CreateFile>,
    /// Moved files; their edits are applied first.
    pub renames: Vec<RenameFile>,
    /// A warning that a person confirms, where the change touches more than text.
    pub annotation: Option<Annotation>,
}

impl SourceChange {
    /// A change of one file.
    pub fn edit(file: FileId, edits: Vec<Edit>) -> Self {
        Self { edits: BTreeMap::from([(file, edits)]), ..Self::default() }
    }

    /// A change that only makes one file.
    pub fn create(path: PathBuf, text: String) -> Self {
        Self { creates: vec![CreateFile { path, text }], ..Self::default() }
    }

    /// Adds edits of a file to the change.
    pub fn push(&mut self, file: FileId, edit: Edit) {
        self.edits.entry(file).or_default().push(edit);
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.edits.values().all(Vec::is_empty) && self.creates.is_empty() && self.renames.is_empty()
    }
}
