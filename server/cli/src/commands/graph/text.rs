//! Lanes of text, the newest revision first, as `git log --graph` draws commits.

use clap::builder::styling::{AnsiColor, Style};
use revline_ide::{GraphRow, GraphView};
use revline_lint::Severity;

use super::{Canvas, Picture};
use crate::output::heading;

pub(super) const ABOUT: &str = "Lanes of text";

const ID: Style = AnsiColor::Yellow.on_default();
const WRONG: Style = AnsiColor::Red.on_default();

pub(super) fn draw(canvas: &Canvas<'_>) -> String {
    let several = canvas.pictures.len() > 1;
    let one = |picture: &Picture<'_>| {
        let text = rows(picture, canvas.ascii);
        if several { heading(&format!("{}:", picture.view.environment)) + &text } else { text }
    };
    canvas.pictures.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The newest revisions of a graph.
pub(in crate::commands) fn newest(view: &GraphView, most: usize) -> String {
    let mut text = String::new();
    for line in view.lines() {
        let row = line.row.and_then(|row| view.rows.get(row as usize));
        if line.row.is_some_and(|row| row as usize >= most) {
            break;
        }
        text.push_str(&shown(&line.lanes, &row.map(|row| marked(row, &line.label)).unwrap_or_default()));
    }
    match view.rows.len().saturating_sub(most) {
        0 => text,
        below => format!("{text}┊  {below} more below\n"),
    }
}

fn rows(picture: &Picture<'_>, ascii: bool) -> String {
    let mut text = String::new();
    let mut rows = picture.rows.iter().peekable();
    let mut hidden = 0;
    for line in picture.view.lines() {
        let lanes = if ascii { line.lanes.chars().map(plain).collect() } else { line.lanes };
        let Some(at) = line.row.map(|row| row as usize) else {
            text.push_str(&format!("{lanes}\n"));
            continue;
        };
        if at < hidden {
            continue;
        }
        let (Some(row), Some(own)) = (rows.next(), picture.view.rows.get(at)) else { continue };
        hidden = row.last + 1;
        let words = picture.run(row).unwrap_or_else(|| {
            let outside = picture.outside(own);
            let outside = match outside.as_slice() {
                [] => String::new(),
                several => format!("  (not shown: {})", several.join(", ")),
            };
            marked(own, &line.label) + &outside
        });
        text.push_str(&shown(&lanes, &words));
    }
    text
}

fn shown(lanes: &str, words: &str) -> String {
    if words.is_empty() { format!("{lanes}\n") } else { format!("{lanes}  {words}\n") }
}

/// A label with its identifier and what is wrong in colours.
fn marked(row: &GraphRow, label: &str) -> String {
    let id = row.id.as_str();
    let rest = label.strip_prefix(id).unwrap_or(label);
    let bad = row.problems.first().is_some_and(|worst| worst.severity >= Severity::Warning);
    let rest = match rest.rfind("  ! ").filter(|_| bad).map(|at| rest.split_at(at)) {
        Some((words, problem)) => format!("{words}{WRONG}{problem}{WRONG:#}"),
        None => rest.to_owned(),
    };
    format!("{ID}{id}{ID:#}{rest}")
}

/// A letter of the lanes in ASCII.
fn plain(letter: char) -> char {
    match letter {
        '◉' => '*',
        '●' | '◆' => 'o',
        '×' => 'x',
        '│' | '├' | '┤' => '|',
        '┆' => ':',
        '─' | '╌' => '-',
        '╮' | '╭' | '┬' => '.',
        '╯' | '╰' | '┴' => '\'',
        '┼' => '+',
        other => other,
    }
}
