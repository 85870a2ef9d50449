//! What stands at the head of a revision file.

use revline_frameworks::alembic::revision::{self, Problem, Reading};
use revline_history::Revision;
use revline_python::{Header, HeaderValue};
use revline_text::{FileId, Fingerprint, Text};

/// The head of a file: its revision, or why Alembic would choke on it.
#[derive(Clone, PartialEq, Debug)]
pub struct Heading {
    /// The text that it was read from.
    pub text: Fingerprint,
    /// The assignments and the docstring as they stand there now.
    pub header: Header,
    /// The revision. While a person types, a part that is broken keeps its last good value.
    pub revision: Option<Revision>,
    /// Why there is no revision, or which part of it is not known.
    pub problem: Option<Problem>,
}

impl Heading {
    /// Reads the head of a file.
    pub(crate) fn read(file: FileId, path: &std::path::Path, text: &Text) -> Self {
        let Reading { header, revision, problem } = revision::read(file, path, text.as_str());
        Self { text: text.fingerprint(), header, revision, problem }
    }

    /// The heading of a file that could not be read.
    pub(crate) fn unreadable(file: FileId, error: &std::io::Error) -> Self {
        Self {
            text: Fingerprint::default(),
            header: Header::default(),
            revision: None,
            problem: Some(Problem::unreadable(file, error)),
        }
    }

    /// Keeps the last good value of every part that is half typed: `down_revision = ('a',` would
    /// otherwise make a base for the length of a keystroke.
    #[must_use]
    pub(crate) fn or_last_good(mut self, last: &Self) -> Self {
        let broken = |name| {
            self.header.get(name).is_some_and(|entry| matches!(entry.value, HeaderValue::Broken))
        };
        let Some(before) = &last.revision else { return self };
        if broken("revision") || (self.revision.is_none() && broken("down_revision")) {
            self.revision = Some(before.clone());
            self.problem = None;
            return self;
        }
        let Some(revision) = &mut self.revision else { return self };
        if broken("down_revision") {
            revision.down = before.down.clone();
        }
        if broken("depends_on") {
            revision.depends_on = before.depends_on.clone();
        }
        if broken("branch_labels") {
            revision.labels = before.labels.clone();
        }
        self
    }
}
