//! `textDocument/codeAction` and `codeAction/resolve`.

use revline_ide::{Action, Later, Made, NEW};
use revline_lint::Finding;
use revline_text::{FileId, Range};
use serde_json::{Value, json};

use crate::world::World;

/// The actions at a range, each with the findings that it mends; `None` for a file without findings
/// that is no revision.
pub(crate) fn actions(
    world: &World,
    file: FileId,
    range: Range,
) -> Option<Vec<(Action, Vec<Finding>)>> {
    let findings = super::diagnostics(world, file);
    if findings.is_empty() && !world.snapshot.is_revision(file) {
        return None;
    }
    let actions = revline_ide::actions(&world.snapshot, file, range, &findings);
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

/// The change of an action that was chosen, by what [`later`] wrote into it. Errors are sentences for a
/// person.
pub(crate) fn resolve(world: &World, data: Option<&Value>) -> Result<Made, String> {
    let later = data.and_then(read).ok_or("This action is none of Revline's")?;
    world.make(&later)
}

/// The command that does the work in place of an edit: where the project runs something on each new
/// file, the file has to be on disk first.
pub(crate) fn at_once(world: &World, later: &Later) -> Option<(&'static str, Value)> {
    let (Later::Merge { environment, .. } | Later::NewRevision { environment, .. }) = later;
    let project = world.snapshot.projects().iter().find(|one| one.name() == environment)?;
    let config = project.environment.config()?;
    if !world.access.trusted || config.post_write_hooks.is_empty() {
        return None;
    }
    Some(match later {
        Later::Merge { heads, .. } => (
            "revline.merge",
            json!({ "environment": environment, "revisions": heads, "tell": true }),
        ),
        Later::NewRevision { head, .. } => (
            "revline.newRevision",
            json!({ "environment": environment, "head": head, "message": NEW, "tell": true }),
        ),
    })
}

/// What a client keeps of work that is still to be done.
pub(crate) fn later(later: &Later) -> Value {
    match later {
        Later::Merge { environment, heads } => {
            json!({ "environment": environment, "merge": heads })
        }
        Later::NewRevision { environment, head } => {
            json!({ "environment": environment, "on": head })
        }
    }
}

fn read(data: &Value) -> Option<Later> {
    let environment = data.get("environment")?.as_str()?.to_owned();
    if let Some(head) = data.get("on").and_then(Value::as_str) {
        return Some(Later::NewRevision { environment, head: head.to_owned() });
    }
    let heads = data.get("merge")?.as_array()?.iter();
    let heads = heads.filter_map(Value::as_str).map(str::to_owned).collect();
    Some(Later::Merge { environment, heads })
}
