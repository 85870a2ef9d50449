//! `textDocument/codeAction`.

use revline_ide::Action;
use revline_lint::Finding;
use revline_text::{FileId, Range};

use crate::world::World;

/// The actions at a range, each with the findings that it mends; `None` for a file without findings
/// that is no revision.
pub(crate) fn actions(
    world: &World,
    file: FileId,
    range: Range,
) -> Option<Vec<(Action, Vec<Finding>)>> {
    let findings = world.findings.of(&world.snapshot, file);
    if findings.is_empty() && !world.snapshot.is_revision(file) {
        return None;
    }
    let actions = revline_ide::actions(&world.snapshot, file, range, &findings, &World::now());
    let mended = |action: &Action| {
        let mends = |finding: &&Finding| action.mends.contains(&(finding.rule, finding.span));
        findings.iter().filter(mends).cloned().collect()
    };
    Some(
        actions
            .into_iter()
            .map(|action| {
                let mended = mended(&action);
                (action, mended)
            })
            .collect(),
    )
}
