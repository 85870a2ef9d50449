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

/// A place that names what the caret is on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Highlight {
    /// The name.
    pub range: Range,
    /// Whether it is made or dropped here.
    pub writes: bool,
}

/// What a proposal is, for its icon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompletionKind {
    /// A revision id.
    Revision,
    /// A branch label.
    Label,
    /// A table.
    Table,
    /// A column.
    Column,
    /// An index or constraint.
    Constraint,
    /// A directive of Alembic.
    Directive,
    /// A keyword argument, or one of the few words that an argument takes.
    Keyword,
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
    /// What is written instead where the client fills in `${1:…}`.
    pub snippet: Option<String>,
    /// Its icon.
    pub kind: CompletionKind,
    /// Proposals are shown in the order of this key.
    pub sort: String,
}

/// The parameters of a call that is being typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// The call as Python would define it.
    pub label: String,
    /// What it does.
    pub documentation: String,
    /// Its parameters.
    pub parameters: Vec<SignatureParameter>,
    /// Which of them is typed.
    pub active: Option<usize>,
}

/// A parameter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignatureParameter {
    /// Where it stands in the label. The label is ASCII: bytes are columns in every encoding.
    pub label: Range,
    /// What it is for.
    pub documentation: String,
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

/// A document with the SQL of a revision or a range.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SqlDocument {
    /// The name of the environment.
    pub environment: String,
    /// An identifier, or a range as Alembic's `--sql` takes it.
    pub range: String,
    /// Whether it is the way back.
    pub downgrade: bool,
}

/// A remark at the end of an operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inlay {
    /// Bytes from the start of the file.
    pub offset: u32,
    /// A few words.
    pub label: String,
    /// All of it.
    pub whole: String,
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
    /// Show a document with SQL.
    ShowSql(SqlDocument),
    /// Merge the heads of an environment.
    Merge {
        /// The environment's name.
        environment: String,
        /// The heads.
        revisions: Vec<String>,
    },
    /// Agree to the database of an environment that was discovered.
    Connect {
        /// The environment's name.
        environment: String,
    },
    /// Write the revision that the models of an environment ask for.
    Generate {
        /// The environment's name.
        environment: String,
    },
    /// Run migrations on the database of an environment; a plan is shown first.
    Run {
        /// The environment's name.
        environment: String,
        /// What is done.
        deed: RunDeed,
        /// Alembic's name of the place.
        target: String,
    },
}

/// What a run does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RunDeed {
    /// `upgrade`.
    Upgrade,
    /// `downgrade`.
    Downgrade,
    /// `stamp`.
    Stamp,
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
    /// What it changes.
    pub work: Work,
    /// The findings that it mends, by rule and span.
    pub mends: Vec<(&'static str, Span)>,
}

/// What an action changes: known already, or worked out once somebody chose it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Work {
    /// The change.
    Done(Made),
    /// A command, which changes nothing before the person was asked.
    Asks(Command),
    /// A new file, whose template is evaluated when it is wanted.
    Later(Later),
}

/// A change that is ready to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Made {
    /// The change.
    pub change: SourceChange,
    /// A file that is opened afterwards.
    pub opens: Option<PathBuf>,
    /// What is not done for that file, each a sentence for the person.
    pub notes: Vec<String>,
}

/// A file that is still to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Later {
    /// The merge of these heads of an environment.
    Merge {
        /// The environment's name.
        environment: String,
        /// The identifiers of the heads.
        heads: Vec<String>,
    },
    /// A new revision on a head.
    NewRevision {
        /// The environment's name.
        environment: String,
        /// The identifier of the head.
        head: String,
    },
}

/// A name that can be changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renameable {
    /// The bytes of the name.
    pub range: Range,
    /// The name.
    pub name: String,
}
