//! `# revline: ignore[rule, rule] reason`: a finding that a person has looked at.
//!
//! The comment stands on a line of the finding, or on lines of their own directly above it.
//! `# revline: ignore-file[rule]` holds for the whole file. One that suppresses nothing is a finding
//! itself, since it hides what somebody once knew.

use revline_text::{Range, Text};

use crate::finding::Finding;

/// One comment.
pub(crate) struct Suppression {
    /// From `revline:` to the closing bracket.
    pub(crate) range: Range,
    /// Each rule that it names.
    pub(crate) rules: Vec<NamedRule>,
    /// The lines on which a finding may stand, first and last; all for `ignore-file`.
    lines: Option<(u32, u32)>,
}

/// A rule named in a comment.
pub(crate) struct NamedRule {
    pub(crate) name: String,
    pub(crate) range: Range,
    pub(crate) used: bool,
}

const MARK: &str = "revline: ignore";

/// Every suppression comment of a text. The scan is by line and knows no strings: who writes the
/// words into a string means them.
pub(crate) fn read(text: &Text) -> Vec<Suppression> {
    let source = text.as_str();
    let mut found = Vec::new();
    for (at, _) in source.match_indices(MARK) {
        if let Some(suppression) = read_one(text, source, at) {
            found.push(suppression);
        }
    }
    found
}

/// Every rule that a suppression comment of a text names, and where.
pub fn allowed(text: &Text) -> Vec<(String, Range)> {
    let named = read(text).into_iter().flat_map(|one| one.rules);
    named.map(|rule| (rule.name, rule.range)).collect()
}

fn read_one(text: &Text, source: &str, at: usize) -> Option<Suppression> {
    let line = text.line_of(u32::try_from(at).ok()?);
    let line_range = text.line_range(line)?;
    let before = source.get(line_range.start() as usize..at)?;
    let comment = before.trim_end().strip_suffix('#')?;
    let rest = source.get(at + MARK.len()..line_range.end() as usize)?;
    let (rest, whole_file) = match rest.strip_prefix("-file") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let list = rest.strip_prefix('[')?;
    let list = list.get(..list.find(']')?)?;
    let start = line_range.end() as usize - rest.len() + 1;
    let mut rules = Vec::new();
    let mut offset = start;
    for part in list.split(',') {
        let name = part.trim();
        if !name.is_empty() {
            let from = offset + (part.len() - part.trim_start().len());
            let range = Range::of(from, from + name.len());
            rules.push(NamedRule { name: name.to_owned(), range, used: false });
        }
        offset += part.len() + 1;
    }
    // Alone on its line it speaks of the next line that is no comment.
    let mut last = line;
    if comment.trim().is_empty() {
        while last + 1 < text.line_count() {
            last += 1;
            let content = text.line_range(last).and_then(|range| range.slice(source)).unwrap_or("");
            if !content.trim_start().starts_with('#') {
                break;
            }
        }
    }
    let range = Range::of(at, start + list.len() + 1);
    Some(Suppression { range, rules, lines: (!whole_file).then_some((line, last)) })
}

/// Takes out the findings that a comment suppresses, and marks the comments that were used.
pub(crate) fn apply(findings: &mut Vec<Finding>, text: &Text, suppressions: &mut [Suppression]) {
    if suppressions.is_empty() {
        return;
    }
    findings.retain(|finding| {
        let first = text.line_of(finding.span.range.start());
        let last = text.line_of(finding.span.range.end());
        let mut kept = true;
        for suppression in suppressions.iter_mut() {
            let covers = suppression.lines.is_none_or(|(from, to)| from <= last && first <= to);
            for rule in
                suppression.rules.iter_mut().filter(|rule| covers && rule.name == finding.rule)
            {
                rule.used = true;
                kept = false;
            }
        }
        kept
    });
}
