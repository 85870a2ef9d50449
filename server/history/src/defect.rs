//! What is wrong with a history, as data: who reports it decides on words and severity.

use crate::{Node, RevisionId};

/// One thing that is wrong. The history goes on with what is sound: a reference that leads nowhere
/// is left out, a cycle is cut, and of several revisions with one identifier the last counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Defect {
    /// Several revisions have one identifier. Alembic warns and takes the last.
    DuplicateId {
        /// The identifier.
        id: RevisionId,
        /// All of them in load order, two or more; the last is the one that counts.
        revisions: Vec<Node>,
    },
    /// A parent does not exist. Alembic ends in a `KeyError`. The revision is neither a base nor a
    /// second base: its history above is unknown.
    MissingParent {
        /// The revision that names it.
        revision: Node,
        /// Which of its `down` references.
        reference: usize,
    },
    /// A dependency is neither an identifier nor a label. Alembic ends in a `KeyError`.
    MissingDependency {
        /// The revision that names it.
        revision: Node,
        /// Which of its `depends_on` references.
        reference: usize,
    },
    /// A revision is its own parent.
    SelfLoop {
        /// The revision.
        revision: Node,
        /// Which of its `down` references.
        reference: usize,
    },
    /// A revision depends on itself, by its identifier or by its own label.
    DependencySelfLoop {
        /// The revision.
        revision: Node,
        /// Which of its `depends_on` references.
        reference: usize,
    },
    /// Parents lead back to the start.
    Cycle {
        /// Each is followed by its parent, the last by the first.
        path: Vec<Node>,
    },
    /// Parents and dependencies together lead back to the start.
    DependencyCycle {
        /// Each is followed by its parent or dependency, the last by the first.
        path: Vec<Node>,
    },
    /// A label is declared a second time, or is the identifier of a revision.
    LabelTwice {
        /// Whose declaration comes too late.
        revision: Node,
        /// Which of its `labels`.
        label: usize,
        /// Who has the name already; may be the revision itself.
        first: Node,
    },
    /// The identifier has characters that the identifier grammar needs for itself (`@ - + :`).
    BadCharacters {
        /// The revision.
        revision: Node,
        /// Those characters, sorted, each once.
        characters: Vec<char>,
    },
}

impl Defect {
    /// The revision where the defect is reported first.
    pub fn revision(&self) -> Option<Node> {
        match self {
            Self::DuplicateId { revisions: path, .. }
            | Self::Cycle { path }
            | Self::DependencyCycle { path } => path.first().copied(),
            Self::MissingParent { revision, .. }
            | Self::MissingDependency { revision, .. }
            | Self::SelfLoop { revision, .. }
            | Self::DependencySelfLoop { revision, .. }
            | Self::LabelTwice { revision, .. }
            | Self::BadCharacters { revision, .. } => Some(*revision),
        }
    }
}
