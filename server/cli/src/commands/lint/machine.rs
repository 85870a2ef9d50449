//! Findings for programs: one array of objects.

use revline_lint::{Direction, Finding};
use revline_text::{Encoding, Span};
use serde_json::{Value, json};

use super::fixing::Fixed;
use super::scope::Report;
use crate::output::{print_json, warn};

/// Prints the array on standard output; what was mended goes to standard error.
pub(super) fn print(report: &Report, fixed: &[Fixed]) {
    for fixed in fixed {
        warn(&fixed.to_string());
    }
    let list = report.findings.iter().map(|finding| as_json(report, finding)).collect();
    print_json(&Value::Array(list));
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
    let position = |offset| {
        let position = report
            .text(span.file)
            .map_or_else(Default::default, |text| text.position(offset, Encoding::Utf32));
        json!({ "line": position.line + 1, "column": position.column + 1 })
    };
    json!({ "start": position(span.range.start()), "end": position(span.range.end()) })
}
