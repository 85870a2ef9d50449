//! Findings for people: frames around the code, and one line at the end.

use revline_lint::{Finding, Safety, Severity};
use revline_text::{Span, Text};

use crate::frame::{Frame, Place};
use crate::output::counted;
use crate::report::Report;

pub(super) const ABOUT: &str = "Frames around the code, for people";

pub(super) fn text(report: &Report) -> anyhow::Result<String> {
    let mut text = String::new();
    let empty = Text::new("");
    for finding in &report.findings {
        text.push_str(&frame(report, &empty, finding).render());
        text.push_str("\n\n");
    }
    text.push_str(&summary(report));
    text.push('\n');
    Ok(text)
}

fn frame<'a>(report: &'a Report, empty: &'a Text, finding: &'a Finding) -> Frame<'a> {
    let place = |span: Span, label: &str| Place {
        path: report.path(span.file),
        text: report.text(span.file).unwrap_or(empty),
        range: span.range,
        label: label.to_owned(),
    };
    let help = finding.fixes.first().map(|fix| match fix.safety {
        Safety::Safe => format!("{} (`--fix` does it)", fix.title),
        Safety::Unsafe => format!("{} (offered in the editor)", fix.title),
    });
    Frame {
        severity: finding.severity,
        rule: finding.rule,
        message: &finding.message,
        at: place(finding.span, ""),
        related: finding
            .related
            .iter()
            .map(|related| place(related.span, &related.message))
            .collect(),
        help,
    }
}

fn summary(report: &Report) -> String {
    let count =
        |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let mut parts: Vec<String> = Vec::new();
    for (severity, word) in [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "info"),
        (Severity::Hint, "hint"),
    ] {
        let number = count(severity);
        if number > 0 {
            parts.push(counted(number, word));
        }
    }
    let found = if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") };
    let hidden = match report.known {
        0 => String::new(),
        known => format!(" {} more in the baseline.", counted(known, "finding")),
    };
    format!(
        "Found {found} in {} of {}.{hidden}",
        counted(report.files.len(), "revision"),
        counted(report.environments(), "environment"),
    )
}
