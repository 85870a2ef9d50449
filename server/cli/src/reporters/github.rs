//! Findings as workflow commands, which GitHub shows beside the lines of a pull request.
//!
//! See «Workflow commands for GitHub Actions» in GitHub's documentation.

use revline_lint::{Finding, Severity};

use crate::report::Report;

pub(super) const ABOUT: &str = "Annotations of GitHub Actions";

pub(super) fn text(report: &Report) -> anyhow::Result<String> {
    Ok(report.findings.iter().map(|finding| line(report, finding)).collect())
}

fn line(report: &Report, finding: &Finding) -> String {
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "notice",
    };
    let (start, end) = report.place(finding.span);
    // Columns count on one line alone.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    format!(
        "::{kind} title=Revline ({}),file={},line={},endLine={}{columns}::{}\n",
        finding.rule,
        property(&report.repository_path(finding.span.file)),
        start.line,
        end.line,
        data(&finding.message),
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_command_or_a_property_is_escaped() {
        assert_eq!(data("50% of a: b\n"), "50%25 of a: b%0A");
        assert_eq!(property("a,b:c.py"), "a%2Cb%3Ac.py");
    }
}
