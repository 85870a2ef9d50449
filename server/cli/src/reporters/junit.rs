//! Findings as JUnit's XML: a suite for each environment, a case for each revision file without a
//! finding and for each finding. Warnings and errors are failures.

use std::collections::{BTreeMap, BTreeSet};

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use revline_lint::{Finding, Severity};

use crate::report::Report;

pub(super) const ABOUT: &str = "XML as JUnit writes it";

pub(super) fn text(report: &Report) -> anyhow::Result<String> {
    let found: BTreeSet<_> = report.findings.iter().map(|finding| finding.span.file).collect();
    let mut suites: BTreeMap<&str, Vec<TestCase>> = BTreeMap::new();
    for (environment, file) in &report.files {
        if !found.contains(file) {
            let mut clean = TestCase::new("clean", TestCaseStatus::success());
            clean.set_classname(report.path(*file));
            suites.entry(environment).or_default().push(clean);
        }
    }
    for finding in &report.findings {
        suites.entry(&finding.environment).or_default().push(case(report, finding));
    }
    let mut whole = quick_junit::Report::new("revline lint");
    for (name, cases) in suites {
        // Findings about settings belong to no environment.
        let mut suite = TestSuite::new(if name.is_empty() { "settings" } else { name });
        suite.add_test_cases(cases);
        whole.add_test_suite(suite);
    }
    Ok(whole.to_string()?)
}

fn case(report: &Report, finding: &Finding) -> TestCase {
    let path = report.path(finding.span.file);
    let (start, _) = report.place(finding.span);
    let told = format!("{path}:{}:{}: {}", start.line, start.column, finding.message);
    let is_failure = finding.severity >= Severity::Warning;
    let mut status = if is_failure {
        TestCaseStatus::non_success(NonSuccessKind::Failure)
    } else {
        TestCaseStatus::success()
    };
    if is_failure {
        status.set_message(finding.message.as_str()).set_type(finding.severity.as_str());
        status.set_description(told.as_str());
    }
    let mut case = TestCase::new(finding.rule, status);
    case.set_classname(path);
    if !is_failure {
        case.set_system_out(told.as_str());
    }
    case
}
