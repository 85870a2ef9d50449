//! Findings as SARIF 2.1.0, as code scanning takes them.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use revline_lint::{Finding, Fix, Rule, Severity, rule};
use revline_text::{FileId, Span};
use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Fix as SarifFix, Location, Message,
    MultiformatMessageString, PhysicalLocation, Region, Replacement, ReportingConfiguration,
    ReportingDescriptor, Result as SarifResult, ResultColumnKind, ResultLevel, Run, Sarif, Tool,
    ToolComponent,
};

use crate::report::Report;

pub(super) const ABOUT: &str = "SARIF 2.1.0, for code scanning";

/// What stands in the path of a URI as it is.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn text(report: &Report) -> anyhow::Result<String> {
    let mut rules: Vec<&Rule> =
        report.findings.iter().filter_map(|finding| rule(finding.rule)).collect();
    rules.sort_by_key(|rule| rule.name);
    rules.dedup_by_key(|rule| rule.name);
    let results = report.findings.iter().zip(report.identities()).map(|(finding, identity)| {
        let at = rules.iter().position(|rule| rule.name == finding.rule).unwrap_or_default();
        result(report, finding, at, identity.fingerprint())
    });
    let results: Vec<SarifResult> = results.collect();
    let driver = ToolComponent::builder()
        .name("Revline")
        .version(env!("CARGO_PKG_VERSION"))
        .rules(rules.into_iter().map(descriptor).collect::<Vec<_>>())
        .build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind(ResultColumnKind::UnicodeCodePoints.to_string())
        .results(results)
        .build();
    let log = Sarif::builder()
        .schema(serde_sarif::sarif::SCHEMA_URL)
        .version(serde_sarif::sarif::Version::V2_1_0.to_string())
        .runs(vec![run])
        .build();
    Ok(serde_json::to_string_pretty(&log)? + "\n")
}

fn descriptor(rule: &Rule) -> ReportingDescriptor {
    let page = rule.page();
    let text = |text: &str| MultiformatMessageString::builder().text(text).build();
    ReportingDescriptor::builder()
        .id(rule.name)
        .short_description(text(&rule.summary()))
        .help(MultiformatMessageString::builder().text(page.clone()).markdown(page).build())
        .default_configuration(
            ReportingConfiguration::builder().level(configured(rule.meta.severity)).build(),
        )
        .build()
}

fn configured(severity: Severity) -> serde_json::Value {
    serde_json::Value::from(level(severity).to_string())
}

fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Error => ResultLevel::Error,
        Severity::Warning => ResultLevel::Warning,
        Severity::Info | Severity::Hint => ResultLevel::Note,
    }
}

fn result(report: &Report, finding: &Finding, at: usize, fingerprint: String) -> SarifResult {
    let related: Vec<Location> = finding
        .related
        .iter()
        .map(|related| {
            Location::builder()
                .physical_location(physical(report, related.span))
                .message(Message::builder().text(&related.message).build())
                .build()
        })
        .collect();
    let fixes: Vec<SarifFix> = finding.fixes.iter().filter_map(|one| fix(report, one)).collect();
    let mut result = SarifResult::builder()
        .rule_id(finding.rule)
        .rule_index(i64::try_from(at).unwrap_or(-1))
        .level(level(finding.severity))
        .message(Message::builder().text(&finding.message).build())
        .locations(vec![
            Location::builder().physical_location(physical(report, finding.span)).build(),
        ])
        .partial_fingerprints(BTreeMap::from([("revline/v1".to_owned(), fingerprint)]))
        .build();
    result.related_locations = (!related.is_empty()).then_some(related);
    result.fixes = (!fixes.is_empty()).then_some(fixes);
    result
}

/// A fix that edits files; the format has no word for new files and moved ones.
fn fix(report: &Report, fix: &Fix) -> Option<SarifFix> {
    if !fix.change.creates.is_empty() || !fix.change.renames.is_empty() {
        return None;
    }
    let changes = fix.change.edits.iter().map(|(file, edits)| {
        let replacements = edits.iter().map(|edit| {
            Replacement::builder()
                .deleted_region(region(report, Span::new(*file, edit.range)))
                .inserted_content(ArtifactContent::builder().text(&edit.text).build())
                .build()
        });
        ArtifactChange::builder()
            .artifact_location(artifact(report, *file))
            .replacements(replacements.collect::<Vec<_>>())
            .build()
    });
    Some(
        SarifFix::builder()
            .description(Message::builder().text(&fix.title).build())
            .artifact_changes(changes.collect::<Vec<_>>())
            .build(),
    )
}

fn physical(report: &Report, span: Span) -> PhysicalLocation {
    PhysicalLocation::builder()
        .artifact_location(artifact(report, span.file))
        .region(region(report, span))
        .build()
}

fn artifact(report: &Report, file: FileId) -> ArtifactLocation {
    let path = report.repository_path(file);
    ArtifactLocation::builder().uri(utf8_percent_encode(&path, KEPT).to_string()).build()
}

fn region(report: &Report, span: Span) -> Region {
    let (start, end) = report.place(span);
    Region::builder()
        .start_line(i64::from(start.line))
        .start_column(i64::from(start.column))
        .end_line(i64::from(end.line))
        .end_column(i64::from(end.column))
        .build()
}
