//! Findings for programs: one array of objects.

use revline_lint::{Direction, Finding};
use revline_text::Span;
use serde_json::{Value, json};

use crate::report::Report;

pub(super) const ABOUT: &str = "An array of objects, lines and columns from 1";

pub(super) fn text(report: &Report) -> anyhow::Result<String> {
    let list = report.findings.iter().map(|finding| as_json(report, finding)).collect();
    Ok(format!("{:#}\n", Value::Array(list)))
}

fn as_json(report: &Report, finding: &Finding) -> Value {
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| {
            json!({
                "file": report.path(related.span.file),
                "range": range(report, related.span),
                "message": related.message,
            })
        })
        .collect();
    let fix = finding.fixes.first();
    json!({
        "environment": finding.environment,
        "rule": finding.rule,
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "file": report.path(finding.span.file),
        "direction": finding.direction.map(Direction::as_str),
        "range": range(report, finding.span),
        "related": related,
        "fix": fix.map(|fix| json!({ "title": fix.title, "safety": fix.safety.as_str() })),
    })
}

/// Lines and columns from 1; a column is a character.
fn range(report: &Report, span: Span) -> Value {
    let (start, end) = report.place(span);
    json!({
        "start": { "line": start.line, "column": start.column },
        "end": { "line": end.line, "column": end.column },
    })
}
