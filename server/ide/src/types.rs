//! What the features answer: plain data, in bytes, that knows no protocol.

use std::path::PathBuf;

use revline_text::{FileId, Range, SourceChange, Span};

/// A caret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FilePosition {
    /// The file.
    pub file: FileId,
    /// Bytes from its start.
    pub offset: u32,
}

/// What a person reads when pointing at something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// Markdown.
    pub markdown: String,
    /// What was pointed at.
    pub range: Range,
}

/// What a proposal is, for its icon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompletionKind {
    /// A revision id.
    Revision,
    /// A branch label.
    Label,
}

/// A proposal to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// What is shown and matched against.
    pub label: String,
    /// Beside the label.
    pub detail: String,
    /// Markdown.
    pub documentation: String,
    /// The bytes that are replaced.
    pub replace: Range,
    /// What is written.
    pub insert: String,
    /// Its icon.
    pub kind: CompletionKind,
    /// Proposals are shown in the order of this key.
    pub sort: String,
}

/// What a symbol is, for its icon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SymbolKind {
    /// The revision itself.
    Revision,
    /// `upgrade` or `downgrade`.
    Function,
    /// An operation.
    Operation,
}

/// A line of the outline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// Beside the name.
    pub detail: String,
    /// Its icon.
    pub kind: SymbolKind,
    /// All of it.
    pub range: Range,
    /// What is selected on a click; within `range`.
    pub selection: Range,
    /// What stands inside.
    pub children: Vec<Symbol>,
}

/// What a lens or a menu asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Show these places.
    ShowReferences {
        /// Where the question was asked.
        at: Span,
        /// The places.
        places: Vec<Span>,
    },
    /// Merge the heads of an environment.
    Merge {
        /// The environment's name.
        environment: String,
        /// The heads.
        revisions: Vec<String>,
    },
}

/// A line over the code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lens {
    /// The line that it stands over.
    pub range: Range,
    /// What it says.
    pub title: String,
    /// What a click does.
    pub command: Option<Command>,
}

/// Where an action stands in the editor's menu.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActionKind {
    /// It mends a finding.
    QuickFix,
    /// It rewrites what is not wrong.
    Refactor,
}

/// A change that a person may choose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    /// What it does, in the imperative.
    pub title: String,
    /// Its menu.
    pub kind: ActionKind,
    /// Whether it is the usual choice.
    pub preferred: bool,
    /// The change.
    pub change: SourceChange,
    /// The findings that it mends, by rule and span.
    pub mends: Vec<(&'static str, Span)>,
    /// A file that is opened afterwards.
    pub opens: Option<PathBuf>,
}

/// A name that can be changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renameable {
    /// The bytes of the name.
    pub range: Range,
    /// The name.
    pub name: String,
}
