//! What is wrong with a configuration, as data.

use revline_text::Span;

/// Something wrong with a configuration; everything else in it goes on counting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigDefect {
    /// Where.
    pub span: Span,
    /// One sentence: Alembic's or Python's own where it has one. It never quotes a value that may
    /// hold a password.
    pub message: String,
    /// What sort of defect.
    pub kind: ConfigDefectKind,
}

/// Sorts of defects.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ConfigDefectKind {
    /// The file cannot be read, or a line of it is nothing. Alembic ends here.
    Syntax,
    /// A section or key stands twice. Alembic ends here.
    Duplicate,
    /// A `%` reference that cannot be expanded. Alembic ends when it reads that key.
    Interpolation,
    /// A value of the wrong type, or one that is none of those allowed.
    Value,
    /// `script_location` is nowhere.
    MissingKey,
    /// A folder that is named and not there.
    MissingFolder,
    /// A folder that is there and cannot be listed.
    Unreadable,
    /// Something that Alembic accepts and warns about.
    Deprecated,
    /// A value that looks meant and has no effect: `sourceless = True`.
    Ineffective,
    /// A revision file that is reached by two ways.
    LoadedTwice,
}
