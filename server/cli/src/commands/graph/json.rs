//! The picture as data: rows, lanes and edges, to be drawn by another program.

use revline_ide::{GraphRole, GraphRow};
use revline_text::Encoding;
use serde_json::{Value, json};

use super::{Canvas, Picture};

pub(super) const ABOUT: &str = "Rows, lanes and edges, for programs that draw";

pub(super) fn draw(canvas: &Canvas<'_>) -> String {
    let views = canvas.pictures.iter().map(|picture| of(canvas, picture)).collect();
    format!("{:#}\n", Value::Array(views))
}

fn of(canvas: &Canvas<'_>, picture: &Picture<'_>) -> Value {
    let rows = picture.rows.iter().map(|row| {
        let shown = picture.shown(row);
        json!({
            "lane": shown.first().map(|row| row.lane),
            "parents": row.parents,
            "depends_on": row.depends_on,
            "revisions": shown.iter().map(|row| revision(canvas, picture, row)).collect::<Vec<_>>(),
        })
    });
    json!({
        "environment": picture.view.environment,
        "lanes": picture.view.lanes,
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn revision(canvas: &Canvas<'_>, picture: &Picture<'_>, row: &GraphRow) -> Value {
    let history = picture.project.history();
    let place = history.find(row.id.as_str()).and_then(|node| history[node].spans.id.value);
    let line = place.and_then(|place| {
        let text = canvas.opened.snapshot.text(place.file)?;
        Some(text.position(place.range.start(), Encoding::Utf32).line + 1)
    });
    let problems = row.problems.iter().map(|problem| {
        json!({
            "rule": problem.rule,
            "severity": problem.severity.as_str(),
            "message": problem.message,
        })
    });
    json!({
        "revision": row.id.as_str(),
        "title": row.title,
        "created": row.created,
        "file": canvas.opened.real_path(row.file),
        "line": line,
        "roles": row.roles.iter().copied().map(GraphRole::as_str).collect::<Vec<_>>(),
        "labels": row.labels,
        "outside": picture.outside(row),
        "missing": row.missing,
        "problems": problems.collect::<Vec<_>>(),
    })
}
