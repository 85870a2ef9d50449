//! Which steps a range of `--sql` means.

use revline_frameworks::alembic::migration::Direction;
use revline_history::{Argument, HistoryError, RevisionId, Step};

use crate::Project;

/// The steps of a run, and the rows of the version table before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// In the order in which they run.
    pub steps: Vec<Step>,
    /// The revisions that the run starts from.
    pub rows: Vec<RevisionId>,
}

impl Project {
    /// The run of a range as Alembic's `--sql` reads it; all of the history without one. An empty
    /// side of a range, on which Alembic fails, is the end that it leaves open. Errors are Alembic's.
    pub fn run(&self, range: Option<&str>, direction: Direction) -> Result<Run, HistoryError> {
        let history = self.history();
        let (first, last) = match direction {
            Direction::Upgrade => (None, "heads"),
            Direction::Downgrade => (Some("heads"), "base"),
        };
        let argument = match (range, direction) {
            (None, _) => Argument { start: first, target: last },
            (Some(range), Direction::Upgrade) => Argument::upgrade(range, true)?,
            (Some(range), Direction::Downgrade) => Argument::downgrade(range, true)?,
        };
        let start = argument.start.filter(|start| !start.is_empty()).or(first);
        let target = if argument.target.is_empty() { last } else { argument.target };
        let rows = match start {
            Some("heads") if direction == Direction::Downgrade => {
                history.real_heads().iter().map(|head| history[*head].id.clone()).collect()
            }
            start => history.starting_at(start)?,
        };
        let steps = match direction {
            Direction::Upgrade => history.upgrade(target, &rows)?.steps,
            Direction::Downgrade => history.downgrade(target, &rows)?.steps,
        };
        Ok(Run { steps, rows })
    }
}
