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

/// The characters of the lanes. `corners` are indexed by where their ends lead: 1 up, 2 down, 4 left,
/// 8 right.
struct Characters {
    corners: [char; 16],
    revision: char,
    head: char,
    folded: char,
}

const UNICODE: Characters = Characters {
    corners: [' ', '│', '│', '│', '─', '╯', '╮', '┤', '─', '╰', '╭', '├', '─', '┴', '┬', '┼'],
    revision: '○',
    head: '●',
    folded: '┊',
};

const ASCII: Characters = Characters {
    corners: [' ', '|', '|', '|', '-', '\'', '.', '|', '-', '`', ',', '|', '-', '+', '+', '+'],
    revision: 'o',
    head: '*',
    folded: ':',
};

const UP: usize = 1;
const DOWN: usize = 2;
const LEFT: usize = 4;
const RIGHT: usize = 8;

pub(super) fn draw(canvas: &Canvas<'_>) -> String {
    let characters = if canvas.ascii { &ASCII } else { &UNICODE };
    let one = |view: &GraphView| match canvas.views {
        [_] => rows(view, characters, usize::MAX),
        _ => heading(&format!("{}:", view.environment)) + &rows(view, characters, usize::MAX),
    };
    canvas.views.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The first `most` rows of a graph.
pub(in crate::commands) fn newest(view: &GraphView, most: usize) -> String {
    rows(view, &UNICODE, most)
}

fn rows(view: &GraphView, characters: &Characters, most: usize) -> String {
    let mut text = String::new();
    // How many edges run down in each lane.
    let mut ends: Vec<usize> = vec![0; view.lanes];
    for (at, row) in view.rows.iter().enumerate().take(most) {
        let runs = |lane: usize, ends: &[usize]| ends.get(lane).is_some_and(|end| *end > at);
        let mark = match row.revisions.as_slice() {
            [only] if only.head => characters.head,
            [_] => characters.revision,
            _ => characters.folded,
        };
        let lanes = (0..view.lanes).map(|lane| match lane {
            lane if lane == row.lane => mark,
            lane if runs(lane, &ends) => corner(characters, UP | DOWN),
            _ => ' ',
        });
        let lanes = lanes.map(String::from).collect::<Vec<_>>().join(" ");
        text.push_str(&format!("{}  {}\n", lanes.trim_end(), words(row)));
        let before = ends.clone();
        let mut targets: Vec<usize> = Vec::new();
        for parent in &row.parents {
            let Some(lane) = view.rows.get(*parent).map(|parent| parent.lane) else { continue };
            if let Some(end) = ends.get_mut(lane) {
                *end = (*end).max(*parent);
            }
            targets.push(lane);
        }
        let sideways: Vec<usize> =
            targets.iter().copied().filter(|lane| *lane != row.lane).collect();
        if !sideways.is_empty() {
            let line = between(
                row.lane,
                targets.contains(&row.lane),
                &sideways,
                &(0..view.lanes).map(|lane| runs(lane, &before)).collect::<Vec<_>>(),
                characters,
            );
            text.push_str(&format!("{line}\n"));
        }
    }
    if view.rows.len() > most {
        let below = view.rows.len() - most;
        text.push_str(&format!("{}  {below} more below\n", characters.folded));
    }
    text
}

fn corner(characters: &Characters, ends: usize) -> char {
    characters.corners.get(ends).copied().unwrap_or(' ')
}

/// The line below a row whose edges lead to other lanes.
fn between(
    own: usize,
    goes_on: bool,
    sideways: &[usize],
    running: &[bool],
    characters: &Characters,
) -> String {
    let runs = |lane: usize| running.get(lane).copied().unwrap_or_default();
    let left = sideways.iter().copied().min().unwrap_or(own).min(own);
    let right = sideways.iter().copied().max().unwrap_or(own).max(own);
    let width = (right + 1).max(running.iter().rposition(|runs| *runs).map_or(0, |lane| lane + 1));
    let mut line = String::new();
    for lane in 0..width {
        let crossed = left < lane && lane < right;
        let ends = if lane == own {
            let sides = if left < own { LEFT } else { 0 } | if right > own { RIGHT } else { 0 };
            UP | sides | if goes_on { DOWN } else { 0 }
        } else if sideways.contains(&lane) {
            let sides = if lane > left { LEFT } else { 0 } | if lane < right { RIGHT } else { 0 };
            DOWN | sides | if runs(lane) { UP } else { 0 }
        } else if runs(lane) {
            // A line behind another one is not joined to it.
            UP | DOWN
        } else if crossed {
            LEFT | RIGHT
        } else {
            0
        };
        line.push(corner(characters, ends));
        let on = left <= lane && lane < right;
        line.push(if on { corner(characters, LEFT | RIGHT) } else { ' ' });
    }
    line.trim_end().to_owned()
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
