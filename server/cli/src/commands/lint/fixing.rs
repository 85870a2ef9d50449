//! `--fix`: the safe fixes, applied until nothing is left to mend.

use std::fmt;

use revline_lint::{Fix, Safety};
use revline_text::{Edit, SourceChange};
use revline_vfs::apply;

use super::baseline::Baseline;
use super::scope::Scope;
use crate::report::Report;

/// A finding that was mended.
pub(super) struct Fixed {
    file: String,
    rule: &'static str,
    title: String,
}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.file, self.title, self.rule)
    }
}

/// How often the project is looked at anew. Two rules whose fixes undo each other would go on for
/// ever; what one fix uncovers is rarely more than another one deep.
const ROUNDS: usize = 10;

/// Applies every safe fix in the scope and returns what was done, in order; what the baseline knows
/// stays as it is. Errors where a file cannot be written; the fixes before it stay.
pub(super) fn fix(scope: &Scope, known: Option<&Baseline>) -> anyhow::Result<Vec<Fixed>> {
    let mut done = Vec::new();
    for _ in 0..ROUNDS {
        let mut report = scope.look()?;
        if let Some(known) = known {
            known.take_out(&mut report);
        }
        let (change, mended) = next(&report);
        if mended.is_empty() {
            break;
        }
        apply(&change, report.snapshot.files())?;
        done.extend(mended);
    }
    Ok(done)
}

/// As many fixes as can be applied at once: those whose edits do not touch. The rest wait for the
/// next round, and so does everything else where a fix makes or moves files.
fn next(report: &Report) -> (SourceChange, Vec<Fixed>) {
    let mut change = SourceChange::default();
    let mut mended = Vec::new();
    for finding in &report.findings {
        let safe = |fix: &&Fix| fix.safety == Safety::Safe && !fix.change.is_empty();
        let Some(fix) = finding.fixes.iter().find(safe) else { continue };
        let alone = !fix.change.creates.is_empty() || !fix.change.renames.is_empty();
        if alone && !mended.is_empty() || !fits(&change, &fix.change) {
            continue;
        }
        for (file, edits) in &fix.change.edits {
            change.edits.entry(*file).or_default().extend(edits.iter().cloned());
        }
        change.creates.extend(fix.change.creates.iter().cloned());
        change.renames.extend(fix.change.renames.iter().cloned());
        mended.push(Fixed {
            file: report.path(finding.span.file),
            rule: finding.rule,
            title: fix.title.clone(),
        });
        if alone {
            break;
        }
    }
    (change, mended)
}

/// Whether no edit of `new` touches one of `all`.
fn fits(all: &SourceChange, new: &SourceChange) -> bool {
    let apart = |one: &Edit, other: &Edit| {
        one.range.end() < other.range.start() || other.range.end() < one.range.start()
    };
    new.edits.iter().all(|(file, edits)| {
        let taken = all.edits.get(file).map(Vec::as_slice).unwrap_or_default();
        edits.iter().all(|edit| taken.iter().all(|other| apart(edit, other)))
    })
}
