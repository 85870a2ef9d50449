//! Findings as GitLab's code quality report: a part of the Code Climate format.
//!
//! See «Code Quality report format» in GitLab's documentation.

use revline_lint::Severity;
use serde_json::{Value, json};

use crate::report::Report;

pub(super) const ABOUT: &str = "A code quality report of GitLab";

pub(super) fn text(report: &Report) -> anyhow::Result<String> {
    let issues = report.findings.iter().zip(report.identities()).map(|(finding, identity)| {
        let (start, end) = report.place(finding.span);
        json!({
            "description": finding.message,
            "check_name": finding.rule,
            "fingerprint": identity.fingerprint(),
            "severity": match finding.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Info => "minor",
                Severity::Hint => "info",
            },
            "location": {
                "path": report.repository_path(finding.span.file),
                "lines": { "begin": start.line, "end": end.line },
            },
        })
    });
    Ok(format!("{:#}\n", Value::Array(issues.collect())))
}
