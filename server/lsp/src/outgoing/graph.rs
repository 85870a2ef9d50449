//! The graph as JSON, for the views of editors. `server/docs/protocol.md` describes it.

use revline_ide::{GraphProblem, GraphRevision, GraphRow, GraphView};
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
    let edges = view.rows.iter().enumerate().flat_map(|(at, row)| {
        let parents = row.parents.iter().map(move |parent| json!([at, parent, 0]));
        parents.chain(row.depends_on.iter().map(move |other| json!([at, other, 1])))
    });
    let mut answer = json!({
        "environment": view.environment,
        "environments": environments,
        "identity": identity(view),
        "lanes": view.lanes,
        "rows": view.rows.iter().map(|one| row(files, one)).collect::<Vec<_>>(),
        "edges": edges.collect::<Vec<_>>(),
        "runs": view.runs(),
    });
    if drawn {
        let line = |line: revline_ide::GraphLine| {
            let row = line.row.and_then(|at| view.rows.get(at)?.revisions.first());
            let label = row.map(label).unwrap_or_default();
            json!({ "lanes": line.lanes, "label": label, "row": line.row })
        };
        let lines: Vec<Value> = view.lines(false).into_iter().map(line).collect();
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("lines".to_owned(), Value::Array(lines));
        }
    }
    answer
}

/// What differs from a view that the client has.
pub(crate) fn changes(files: &Files, view: &GraphView, rows: &[usize]) -> Value {
    let changed = rows.iter().filter_map(|place| {
        let one = view.rows.get(*place)?;
        Some(json!({ "at": place, "row": row(files, one) }))
    });
    json!({
        "environment": view.environment,
        "identity": identity(view),
        "changes": changed.collect::<Vec<_>>(),
    })
}

/// The views of editors fold for themselves: a row is one revision.
fn row(files: &Files, row: &GraphRow) -> Value {
    let Some(one) = row.revisions.first() else { return Value::Null };
    let problem = |problem: &GraphProblem| {
        json!({
            "severity": problem.severity.as_str(),
            "rule": problem.rule,
            "message": problem.message,
        })
    };
    json!({
        "id": one.id,
        "title": one.title,
        "created": one.created,
        "uri": uri(&files.path(one.file)),
        "lane": row.lane,
        "roles": roles(one),
        "labels": one.labels,
        "missing": one.missing,
        "problems": one.problems.iter().take(TOLD).map(problem).collect::<Vec<_>>(),
        "problemCount": one.problems.len(),
        "databases": one.databases,
    })
}

fn roles(revision: &GraphRevision) -> Vec<&'static str> {
    let all = [
        (revision.shadowed, "shadowed"),
        (revision.head && !revision.shadowed, "head"),
        (revision.merge_point, "merge"),
        (revision.branch_point, "branch point"),
        (revision.base, "base"),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect()
}

/// Identifier and title, then in brackets what it is, and what is wrong with it.
fn label(revision: &GraphRevision) -> String {
    let mut text = revision.id.clone();
    if !revision.title.is_empty() {
        text.push_str("  ");
        text.push_str(&revision.title);
    }
    let roles = roles(revision).into_iter().map(str::to_owned);
    let labels = revision.labels.iter().map(|label| format!("label {label}"));
    let databases = revision.databases.iter().map(|name| format!("database {name}"));
    let depends_on = revision.depends_on.iter().map(|name| format!("depends on {name}"));
    let missing = revision.missing.iter().map(|name| format!("missing {name}"));
    let marks: Vec<String> =
        roles.chain(labels).chain(databases).chain(depends_on).chain(missing).collect();
    if !marks.is_empty() {
        text.push_str(&format!("  ({})", marks.join(", ")));
    }
    if let Some(worst) = revision.problems.first() {
        let others = match revision.problems.len() - 1 {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        text.push_str(&format!("  ! {}: {}{others}", worst.severity.as_str(), worst.rule));
    }
    text
}
