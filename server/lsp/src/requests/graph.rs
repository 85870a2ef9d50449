//! `revline/graph`: the revision graph to look at.

use std::collections::HashMap;
use std::sync::Arc;

use revline_analysis::{LastTwo, Place, Project, Sight};
use revline_history::RevisionId;
use revline_ide::{GraphMarks, GraphView};
use revline_text::Fingerprint;
use serde_json::{Value, json};

use super::commands::{environment, project};
use crate::board::Board;
use crate::outgoing;
use crate::world::World;

/// The views that were handed out last, by environment: what a client has is told by its identity, and
/// only the difference is sent.
pub(crate) type Views = LastTwo<String, Fingerprint, Arc<GraphView>>;

/// The view of an environment, named as for the commands, or of the first. With `known`, the identity
/// of a view that the client has, only what changed since, where that is known; with `drawing` the
/// lines of text too. Errors are sentences for a person.
pub(crate) fn graph_view(
    world: &World,
    board: &Board,
    views: &Views,
    argument: &Value,
) -> Result<Value, String> {
    let projects = world.snapshot.projects();
    let project = match project(world, argument) {
        Ok(project) => project,
        Err(_) if argument.get("environment").is_none() && projects.len() > 1 => {
            projects.first().ok_or("There is no Alembic environment in this workspace")?
        }
        Err(message) => return Err(message),
    };
    let findings: HashMap<_, _> =
        board.files().map(|(file, posted)| (file, posted.findings.clone())).collect();
    let database = project.database.as_ref().map(|database| database.address.clone());
    let rows = project.observed().map(|observed| observed.rows.clone());
    let databases: Vec<_> = database.zip(rows).into_iter().collect();
    let marks = GraphMarks { findings, databases: &databases };
    let view = Arc::new(GraphView::of(project, &marks));
    let name = view.environment.clone();
    let known = argument.get("known").and_then(Value::as_str);
    let known = known.and_then(|known| u128::from_str_radix(known, 16).ok()).map(Fingerprint);
    let earlier = known.and_then(|known| views.peek(&name, &known));
    let files = world.snapshot.files();
    let changed = earlier.and_then(|earlier| view.changed_since(&earlier));
    let identity = view.identity();
    if views.peek(&name, &identity).is_none() {
        views.put(&name, identity, view.clone());
    }
    if let Some(rows) = changed {
        return Ok(outgoing::graph::changes(files, &view, &rows));
    }
    let environments: Vec<&str> = projects.iter().map(|project| project.name()).collect();
    let drawn = argument.get("drawing").and_then(Value::as_bool).unwrap_or(false);
    Ok(outgoing::graph::whole(files, &view, &environments, drawn))
}

/// How the server stands, for the status bar of an editor.
pub(crate) fn status(world: &World, board: &Board) -> Value {
    let environments = world.snapshot.projects().iter().map(|one| environment(world, one));
    let severities = ["error", "warning", "info", "hint"];
    let count = |severity: &str| -> usize {
        let findings = board.files().flat_map(|(_, posted)| posted.findings.iter());
        findings.filter(|finding| finding.severity.as_str() == severity).count()
    };
    let problems: serde_json::Map<String, Value> = severities
        .into_iter()
        .map(|severity| (severity.to_owned(), json!(count(severity))))
        .collect();
    json!({
        "state": "ready",
        "environments": environments.collect::<Vec<_>>(),
        "problems": problems,
    })
}

/// The database of an environment, for a status bar; null where none is known.
pub(super) fn database(project: &Project) -> Value {
    let Some(database) = &project.database else { return Value::Null };
    let mut told = match &database.sight {
        Sight::Offered => json!({ "state": "offered" }),
        Sight::Refused { host, why } => json!({ "state": "closed", "why": why, "host": host }),
        Sight::Closed(why) => json!({ "state": "closed", "why": why }),
        Sight::Seen(observed) => {
            let places = project.places();
            let is_pending = |(_, place): &&(_, _)| *place == Some(Place::Pending);
            let rows: Vec<&str> = observed.rows.iter().map(RevisionId::as_str).collect();
            json!({
                "state": "seen",
                "server": observed.server,
                "current": rows,
                "pending": places.iter().filter(is_pending).count(),
                "places": format!("{:?}", Fingerprint::of(&places)),
            })
        }
    };
    if let Some(told) = told.as_object_mut() {
        told.insert("address".to_owned(), json!(database.address));
        told.insert("name".to_owned(), json!(database.name));
    }
    told
}
