//! What stands at the head of a revision file.

use std::path::Path;
use std::sync::Arc;

use revline_frameworks::alembic::revision::{self, NAMES, Problem, Reading};
use revline_history::Revision;
use revline_python::{Header, HeaderValue};
use revline_text::{FileId, Fingerprint};

/// The head of a file: its revision, or why Alembic would choke on it. The assignments themselves
/// are read again where somebody needs them ([`Snapshot::header`](crate::Snapshot::header)):
/// thousands of files are read for their place in the graph alone.
#[derive(Clone, PartialEq, Debug)]
pub struct Heading {
    /// The text that it was read from.
    pub text: Fingerprint,
    /// The revision. While a person types, a part that is broken keeps its last good value.
    pub revision: Option<Arc<Revision>>,
    /// Why there is no revision, or which part of it is not known.
    pub problem: Option<Problem>,
    /// The parts whose value is no literal.
    open: [Open; NAMES.len()],
}

/// Whether the value of a part is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Open {
    /// It is a literal, or not there.
    #[default]
    Known,
    /// Only running it would tell.
    Computed,
    /// It is half typed.
    Broken,
}

impl Heading {
    /// Reads the head of a file.
    pub(crate) fn read(file: FileId, path: &Path, text: &str) -> Self {
        let Reading { header, revision, problem } = revision::read(file, path, text);
        let open = NAMES.map(|name| Open::of(&header, name));
        let text = Fingerprint::of_bytes(text.as_bytes());
        Self { text, revision: revision.map(Arc::new), problem, open }
    }

    /// The heading of a file that could not be read.
    pub(crate) fn unreadable(file: FileId, error: &std::io::Error) -> Self {
        Self {
            text: Fingerprint::default(),
            revision: None,
            problem: Some(Problem::unreadable(file, error)),
            open: Default::default(),
        }
    }

    /// Whether a part (`down_revision`) has a value that only running it would tell, or none yet.
    pub fn computes(&self, name: &str) -> bool {
        self.part(name) != Open::Known
    }

    /// Whether everything that a graph takes from it is equal.
    pub(crate) fn reads_as(&self, other: &Self) -> bool {
        (&self.revision, &self.problem, &self.open)
            == (&other.revision, &other.problem, &other.open)
    }

    fn part(&self, name: &str) -> Open {
        let parts = NAMES.iter().zip(&self.open);
        parts.filter(|(part, _)| **part == name).map(|(_, open)| *open).next().unwrap_or_default()
    }

    /// Keeps the last good value of every part that is half typed: `down_revision = ('a',` would
    /// otherwise make a base for the length of a keystroke.
    #[must_use]
    pub(crate) fn or_last_good(mut self, last: &Self) -> Self {
        let [id, down, labels, depends_on] =
            ["revision", "down_revision", "branch_labels", "depends_on"]
                .map(|name| self.part(name) == Open::Broken);
        let Some(before) = &last.revision else { return self };
        if id || (self.revision.is_none() && down) {
            self.revision = Some(before.clone());
            self.problem = None;
            return self;
        }
        let Some(revision) = &mut self.revision else { return self };
        if !(down || labels || depends_on) {
            return self;
        }
        let revision = Arc::make_mut(revision);
        if down {
            revision.down = before.down.clone();
        }
        if depends_on {
            revision.depends_on = before.depends_on.clone();
        }
        if labels {
            revision.labels = before.labels.clone();
        }
        self
    }
}

impl Open {
    fn of(header: &Header, name: &str) -> Self {
        match header.get(name).map(|entry| &entry.value) {
            Some(HeaderValue::Other) => Self::Computed,
            Some(HeaderValue::Broken) => Self::Broken,
            _ => Self::Known,
        }
    }
}
