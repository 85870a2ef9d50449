//! Findings for people: frames around the code, and one line at the end.

use revline_lint::{Finding, Safety, Severity};
use revline_text::{Span, Text};

use super::fixing::Fixed;
use super::scope::Report;
use crate::frame::{Frame, Place};

/// What was mended, what remains, and how much it is.
pub(super) fn text(report: &Report, fixed: &[Fixed]) -> String {
    let mut text = String::new();
    for fixed in fixed {
        text.push_str(&format!("{fixed}\n"));
    }
    if !fixed.is_empty() {
        text.push('\n');
    }
    let empty = Text::new("");
    for finding in &report.findings {
        text.push_str(&frame(report, &empty, finding).render());
        text.push_str("\n\n");
    }
    text.push_str(&summary(report));
    text.push('\n');
    text
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
    format!(
        "Found {found} in {} of {}.",
        counted(report.revisions, "revision"),
        counted(report.environments, "environment"),
    )
}

fn counted(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}
