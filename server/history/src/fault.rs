//! Errors before a command gives them its own words.
//!
//! Alembic raises the same four kinds of error everywhere, and each command words them differently.

use crate::error::Unresolved;
use crate::{HistoryError, RevisionId};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// The ends do not lie on one line.
    NotAncestor,
    /// One head was wanted.
    MultipleHeads { heads: Vec<RevisionId>, argument: String },
    /// A name stands for nothing.
    NotFound { argument: String, why: Unresolved },
    /// One that every command words the same.
    Error(HistoryError),
}

impl From<HistoryError> for Fault {
    fn from(error: HistoryError) -> Self {
        Self::Error(error)
    }
}

impl Fault {
    /// The words of a command that only looks up.
    pub(crate) fn plain(self) -> HistoryError {
        match self {
            Self::MultipleHeads { heads, argument } => {
                HistoryError::MultipleHeads { argument, heads }
            }
            Self::NotFound { argument, why } => HistoryError::NotFound { argument, why },
            Self::Error(error) => error,
            Self::NotAncestor => {
                HistoryError::NotARange { start: String::new(), end: String::new() }
            }
        }
    }

    pub(crate) fn upgrade(self, target: &str) -> HistoryError {
        match self {
            Self::NotAncestor => HistoryError::NotAnUpgrade { target: target.to_owned() },
            other => other.toward(target),
        }
    }

    pub(crate) fn downgrade(self, target: &str) -> HistoryError {
        match self {
            Self::NotAncestor => HistoryError::NotADowngrade { target: target.to_owned() },
            other => other.toward(target),
        }
    }

    pub(crate) fn range(self, start: &str, end: &str) -> HistoryError {
        match self {
            Self::NotAncestor => {
                HistoryError::NotARange { start: start.to_owned(), end: end.to_owned() }
            }
            other => other.toward(end),
        }
    }

    pub(crate) fn stamp(self) -> HistoryError {
        match self {
            Self::MultipleHeads { heads, .. } => HistoryError::MultipleHeadsToStamp { heads },
            other => other.plain(),
        }
    }

    pub(crate) fn extend(self) -> HistoryError {
        match self {
            Self::MultipleHeads { heads, .. } => HistoryError::MultipleHeadsToExtend { heads },
            other => other.plain(),
        }
    }

    /// Commands with a target name the target as a whole where several heads answer.
    fn toward(self, target: &str) -> HistoryError {
        match self {
            Self::MultipleHeads { heads, .. } if !target.is_empty() => {
                HistoryError::MultipleHeads { argument: target.to_owned(), heads }
            }
            other => other.plain(),
        }
    }
}
