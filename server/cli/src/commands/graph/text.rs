//! Lanes of text, the newest revision first, as `git log --graph` draws commits.

use clap::builder::styling::{AnsiColor, Style};
use revline_ide::{GraphRevision, GraphRow, GraphView};
use revline_lint::Severity;

use super::{Canvas, chain};
use crate::output::heading;

pub(super) const ABOUT: &str = "Lanes of text";

const ID: Style = AnsiColor::Yellow.on_default();
const MARK: Style = AnsiColor::Green.on_default().bold();
const PROBLEM: Style = AnsiColor::Red.on_default().bold();

pub(super) fn draw(canvas: &Canvas<'_>) -> String {
    let one = |view: &GraphView| match canvas.views {
        [_] => rows(view, canvas.ascii, usize::MAX),
        _ => heading(&format!("{}:", view.environment)) + &rows(view, canvas.ascii, usize::MAX),
    };
    canvas.views.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The first `most` rows of a graph.
pub(in crate::commands) fn newest(view: &GraphView, most: usize) -> String {
    rows(view, false, most)
}

fn rows(view: &GraphView, ascii: bool, most: usize) -> String {
    let mut text = String::new();
    for line in view.lines(ascii) {
        match line.row {
            Some(at) if at >= most => break,
            Some(at) => {
                let words = view.rows.get(at).map(words).unwrap_or_default();
                text.push_str(&format!("{}  {words}\n", line.lanes));
            }
            None => text.push_str(&format!("{}\n", line.lanes)),
        }
    }
    if view.rows.len() > most {
        let below = view.rows.len() - most;
        let more = if ascii { ':' } else { '┊' };
        text.push_str(&format!("{more}  {below} more below\n"));
    }
    text
}

fn words(row: &GraphRow) -> String {
    match row.revisions.as_slice() {
        [only] => revision(only),
        several => match (several.first(), several.last()) {
            (Some(first), Some(last)) => chain(&first.id, &last.id, several.len()),
            _ => String::new(),
        },
    }
}

/// A revision as `revline history` names it, and what is peculiar about it.
fn revision(revision: &GraphRevision) -> String {
    let mut text = format!("{ID}{}{ID:#}", revision.id);
    let mut mark = |holds: bool, word: &str| {
        if holds {
            text.push_str(&format!(" {MARK}({word}){MARK:#}"));
        }
    };
    mark(!revision.labels.is_empty(), &revision.labels.join(", "));
    mark(revision.head && !revision.effective_head, "head");
    mark(revision.effective_head, "effective head");
    mark(revision.branch_point, "branchpoint");
    mark(revision.merge_point, "mergepoint");
    mark(revision.shadowed, "its identifier is taken by a later file");
    text.push_str(&format!(", {}", revision.title));
    let mut note = |words: &str, ids: &[String]| {
        if !ids.is_empty() {
            text.push_str(&format!(" ({words} {})", ids.join(", ")));
        }
    };
    note("depends on", &revision.depends_on);
    note("not shown:", &revision.outside);
    note("there is no", &revision.missing);
    let mut rules: Vec<&str> = revision
        .problems
        .iter()
        .filter(|problem| problem.severity >= Severity::Warning)
        .map(|problem| problem.rule)
        .collect();
    rules.dedup();
    for rule in rules {
        text.push_str(&format!(" {PROBLEM}[{rule}]{PROBLEM:#}"));
    }
    text
}
