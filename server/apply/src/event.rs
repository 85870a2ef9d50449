//! What happens while a plan runs, as data.

use std::time::Duration;

use revline_database::LeftOver;
use revline_history::RevisionId;
use revline_text::Span;

use crate::connect::Connection;
use crate::standing::{seen, take_back};

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// A step begins.
    Began {
        /// Its place, from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// Alembic's words for it: `upgrade a -> b`.
        label: String,
        /// The first paragraph of the docstring.
        title: String,
    },
    /// A statement is about to be executed.
    Statement(String),
    /// A step is done.
    Ended {
        /// Its place, from 1.
        number: usize,
        /// How long it took.
        took: Duration,
    },
    /// The project's own Alembic answered this on standard output; secrets are hidden in it.
    Answered(String),
    /// It said this on standard error; secrets are hidden in it.
    Said(String),
}

/// Whoever hears of events.
pub type Hear<'a> = &'a mut (dyn FnMut(Event) + Send);

/// Why a run did not get to its end.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// A sentence, without secrets.
    pub message: String,
    /// The step that failed, as Alembic calls it.
    pub step: Option<String>,
    /// The line of the migration.
    pub span: Option<Span>,
    /// The statement that failed.
    pub statement: Option<String>,
    /// The rows of the version table afterwards; `None` where they could not be read.
    pub rows: Option<Vec<RevisionId>>,
    /// What it left in the database, as far as that is seen.
    pub left: Vec<LeftOver>,
    /// Why the rows could not be read, where somebody tried.
    pub unseen: Option<String>,
    /// Whether a person stopped it.
    pub is_cancelled: bool,
}

impl Failure {
    /// A failure of which nothing but the sentence is known.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            step: None,
            span: None,
            statement: None,
            rows: None,
            left: Vec::new(),
            unseen: None,
            is_cancelled: false,
        }
    }

    /// A run that a person stopped.
    pub(crate) fn cancelled() -> Self {
        Self { is_cancelled: true, ..Self::new("it was cancelled") }
    }

    /// With where the database stands now, as far as it says so. What a disk without room kept SQLite
    /// from taking back is taken back before.
    pub(crate) async fn seen(self, connection: &Connection) -> Self {
        let mut found = seen(connection).await;
        if found.as_ref().is_err_and(revline_database::Error::is_half_done)
            && take_back(connection).await.is_ok()
        {
            found = seen(connection).await;
        }
        match found {
            Ok(seen) => Self { rows: Some(seen.rows), left: seen.left, ..self },
            Err(error) => Self { unseen: Some(error.to_string()), ..self },
        }
    }
}

impl From<revline_database::Error> for Failure {
    fn from(error: revline_database::Error) -> Self {
        Self::new(error.to_string())
    }
}
