//! The picture as data: rows, lanes and edges, to be drawn by another program.

use revline_ide::{GraphRevision, GraphView};
use revline_text::Encoding;
use serde_json::{Value, json};

use super::Canvas;

pub(super) const ABOUT: &str = "Rows, lanes and edges, for programs that draw";

pub(super) fn draw(canvas: &Canvas<'_>) -> String {
    let views = canvas.views.iter().map(|view| of(canvas, view)).collect();
    format!("{:#}\n", Value::Array(views))
}

fn of(canvas: &Canvas<'_>, view: &GraphView) -> Value {
    let rows = view.rows.iter().map(|row| {
        let revisions = row.revisions.iter().map(|one| revision(canvas, one));
        json!({
            "lane": row.lane,
            "parents": row.parents,
            "depends_on": row.depends_on,
            "revisions": revisions.collect::<Vec<_>>(),
        })
    });
    json!({
        "environment": view.environment,
        "lanes": view.lanes,
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn revision(canvas: &Canvas<'_>, revision: &GraphRevision) -> Value {
    let text = canvas.opened.snapshot.text(revision.at.file);
    let at = text.map(|text| text.position(revision.at.range.start(), Encoding::Utf32));
    let problems = revision.problems.iter().map(|problem| {
        json!({
            "rule": problem.rule,
            "severity": problem.severity.as_str(),
            "message": problem.message,
        })
    });
    json!({
        "revision": revision.id,
        "title": revision.title,
        "created": revision.created,
        "file": canvas.opened.real_path(revision.file),
        "line": at.map(|at| at.line + 1),
        "labels": revision.labels,
        "parents": revision.parents,
        "parents_outside": revision.outside,
        "parents_missing": revision.missing,
        "depends_on": revision.depends_on,
        "head": revision.head,
        "effective_head": revision.effective_head,
        "base": revision.base,
        "branch_point": revision.branch_point,
        "merge_point": revision.merge_point,
        "shadowed": revision.shadowed,
        "problems": problems.collect::<Vec<_>>(),
    })
}
