//! What a person asks for.

use revline_history::{Argument, History, HistoryError, Plan, RevisionId};

/// Which way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `upgrade TARGET`.
    Upgrade,
    /// `downgrade TARGET`.
    Downgrade,
    /// `stamp TARGET…`; the rows go first where it purges.
    Stamp {
        /// `--purge`.
        purge: bool,
    },
}

/// A command and its targets, in Alembic's grammar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Which way.
    pub kind: Kind,
    /// One target; for `stamp` any number.
    pub targets: Vec<String>,
}

impl Request {
    /// Alembic's word for the command.
    pub const fn word(&self) -> &'static str {
        match self.kind {
            Kind::Upgrade => "upgrade",
            Kind::Downgrade => "downgrade",
            Kind::Stamp { .. } => "stamp",
        }
    }

    /// The steps from the rows of a version table.
    ///
    /// # Errors
    /// Alembic's own, in its words.
    pub fn steps(&self, history: &History, rows: &[RevisionId]) -> Result<Plan, HistoryError> {
        let target = self.targets.first().map_or("", String::as_str);
        match self.kind {
            Kind::Upgrade => history.upgrade(Argument::upgrade(target, false)?.target, rows),
            Kind::Downgrade => history.downgrade(Argument::downgrade(target, false)?.target, rows),
            Kind::Stamp { purge } => {
                let targets: Vec<&str> = self.targets.iter().map(String::as_str).collect();
                history.stamp(&targets, if purge { &[] } else { rows })
            }
        }
    }
}
