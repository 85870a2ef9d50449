//! What a framework adapter reads from one migration, before anything is known of the others.

use revline_text::{FileId, Span};

use crate::RevisionId;

/// One revision as its file declares it. Plain data: [`History::build`](crate::History::build)
/// takes any of it and reports what does not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Revision {
    /// Its own identifier.
    pub id: RevisionId,
    /// The parents (Alembic's `down_revision`), in the order written; empty for a base.
    pub down: Vec<Reference>,
    /// What must have run before without being a parent (Alembic's `depends_on`): identifiers or
    /// branch labels, in the order written.
    pub depends_on: Vec<Reference>,
    /// Branch labels declared here, in the order written.
    pub labels: Vec<Label>,
    /// Revisions that this one stands for (Django's squashed migrations).
    pub replaces: Vec<Reference>,
    /// The docstring up to its first blank line; may hold several lines. Empty when there is none.
    pub title: String,
    /// The whole docstring without the white space around it.
    pub doc: String,
    /// When it was made, as written (`Create Date:` in Alembic's docstring).
    pub created: Option<String>,
    /// The file that declares it.
    pub file: FileId,
    /// Further files that belong to it (a rollback or undo script beside the first).
    pub companions: Vec<FileId>,
    /// Where its parts stand.
    pub spans: RevisionSpans,
}

impl Revision {
    /// A revision of which nothing but the identifier is known.
    pub fn new(id: impl Into<RevisionId>, file: FileId) -> Self {
        Self {
            id: id.into(),
            down: Vec::new(),
            depends_on: Vec::new(),
            labels: Vec::new(),
            replaces: Vec::new(),
            title: String::new(),
            doc: String::new(),
            created: None,
            file,
            companions: Vec::new(),
            spans: RevisionSpans::default(),
        }
    }
}

/// A revision named by another one, as written there. It need not exist.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// The identifier or label as written.
    pub id: RevisionId,
    /// Where it is written; `None` where the tool implies it (the version before, in a linear one).
    pub span: Option<Span>,
}

impl Reference {
    /// A reference that is written somewhere, or nowhere.
    pub fn new(id: impl Into<RevisionId>, span: Option<Span>) -> Self {
        Self { id: id.into(), span }
    }
}

/// A branch label where it is declared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The label.
    pub name: String,
    /// Where it is written.
    pub span: Option<Span>,
}

impl Label {
    /// A label that is written somewhere.
    pub fn new(name: impl Into<String>, span: Option<Span>) -> Self {
        Self { name: name.into(), span }
    }
}

/// Where a part of a revision stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// The value alone: of `revision = "a1"` the string with its quotes.
    pub value: Option<Span>,
    /// The whole statement.
    pub statement: Option<Span>,
}

/// Where the parts of a revision stand, as far as that is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RevisionSpans {
    /// The identifier.
    pub id: Place,
    /// The parents.
    pub down: Place,
    /// The branch labels.
    pub labels: Place,
    /// The dependencies.
    pub depends_on: Place,
    /// The docstring.
    pub doc: Place,
}
