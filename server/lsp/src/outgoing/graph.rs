//! The graph as JSON, for the views of editors. `server/docs/protocol.md` describes it.

use revline_ide::{GraphRow, GraphView};
use revline_vfs::Files;
use serde_json::{Value, json};

use super::uri;

/// How many findings of a file are told word by word.
const TOLD: usize = 3;

/// The identity by which a client says what it has.
pub(crate) fn identity(view: &GraphView) -> String {
    format!("{:?}", view.identity())
}

/// A whole view.
pub(crate) fn whole(files: &Files, view: &GraphView, environments: &[&str], drawn: bool) -> Value {
    let edge = |edge: &revline_ide::GraphEdge| {
        json!([edge.child, edge.parent, u32::from(edge.is_dependency)])
    };
    let mut answer = json!({
        "environment": view.environment,
        "environments": environments,
        "identity": identity(view),
        "lanes": view.lanes,
        "rows": view.rows.iter().map(|one| row(files, one)).collect::<Vec<_>>(),
        "edges": view.edges.iter().map(edge).collect::<Vec<_>>(),
        "runs": view.runs,
    });
    if drawn {
        let line = |line: revline_ide::GraphLine| json!({ "lanes": line.lanes, "label": line.label, "row": line.row });
        let lines: Vec<Value> = view.lines().into_iter().map(line).collect();
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("lines".to_owned(), Value::Array(lines));
        }
    }
    answer
}

/// What differs from a view that the client has.
pub(crate) fn changes(files: &Files, view: &GraphView, rows: &[u32]) -> Value {
    let changed = rows.iter().filter_map(|place| {
        let one = view.rows.get(*place as usize)?;
        Some(json!({ "at": place, "row": row(files, one) }))
    });
    json!({
        "environment": view.environment,
        "identity": identity(view),
        "changes": changed.collect::<Vec<_>>(),
    })
}

fn row(files: &Files, row: &GraphRow) -> Value {
    let problem = |problem: &revline_ide::GraphProblem| {
        json!({
            "severity": problem.severity.as_str(),
            "rule": problem.rule,
            "message": problem.message,
        })
    };
    json!({
        "id": row.id.as_str(),
        "title": row.title,
        "created": row.created,
        "uri": uri(&files.path(row.file)),
        "lane": row.lane,
        "roles": row.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>(),
        "labels": row.labels,
        "missing": row.missing,
        "problems": row.problems.iter().take(TOLD).map(problem).collect::<Vec<_>>(),
        "problemCount": row.problems.len(),
        "databases": row.databases,
    })
}
