//! The parts of a step that need no evaluation.

use revline_analysis::{Project, Snapshot};
use revline_history::{Step, VersionChange};
use revline_sql::Status;

use super::PlannedStep;

pub(super) fn outline(
    snapshot: &Snapshot,
    project: &Project,
    step: &Step,
    changes: Vec<VersionChange>,
) -> PlannedStep {
    let history = project.history();
    let node = match step {
        Step::Upgrade(node) | Step::Downgrade(node) => Some(*node),
        Step::Stamp(_) => None,
    };
    let revision = node.map(|node| &history[node]);
    PlannedStep {
        step: step.clone(),
        label: history.short_log(step),
        title: revision.map(|revision| revision.title.to_string()).unwrap_or_default(),
        file: revision.map(|revision| snapshot.files().path(revision.file).to_path_buf()),
        statements: Vec::new(),
        status: if node.is_some() { Status::Partial } else { Status::Exact },
        lost: Vec::new(),
        changes,
    }
}
