//! Lanes as letters, as `git log --graph` draws commits: for terminals, and for editors without a canvas.
//! Dependencies are told in words.

use super::{GraphRow, GraphView};

/// A line of the drawing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GraphLine {
    /// The letters of the lanes, without spaces at the end.
    pub lanes: String,
    /// The row that the line shows; `None` for a line between two rows.
    pub row: Option<usize>,
}

/// The characters of the lanes. `corners` are indexed by where their ends lead: 1 up, 2 down, 4 left,
/// 8 right.
struct Characters {
    corners: [char; 16],
    revision: char,
    head: char,
    folded: char,
    shadowed: char,
}

const UNICODE: Characters = Characters {
    corners: [' ', '│', '│', '│', '─', '╯', '╮', '┤', '─', '╰', '╭', '├', '─', '┴', '┬', '┼'],
    revision: '○',
    head: '●',
    folded: '┊',
    shadowed: '×',
};

const ASCII: Characters = Characters {
    corners: [' ', '|', '|', '|', '-', '\'', '.', '|', '-', '`', ',', '|', '-', '+', '+', '+'],
    revision: 'o',
    head: '*',
    folded: ':',
    shadowed: 'x',
};

const UP: usize = 1;
const DOWN: usize = 2;
const LEFT: usize = 4;
const RIGHT: usize = 8;

impl GraphView {
    /// The lanes as letters, with those of ASCII alone or with lines: each row, and below it the bends
    /// of its edges where there are any.
    pub fn lines(&self, ascii: bool) -> Vec<GraphLine> {
        let characters = if ascii { &ASCII } else { &UNICODE };
        // How far the edges run down in each lane.
        let mut ends: Vec<usize> = vec![0; self.lanes];
        let mut lines = Vec::with_capacity(self.rows.len() * 2);
        for (at, row) in self.rows.iter().enumerate() {
            let runs = |lane: usize, ends: &[usize]| ends.get(lane).is_some_and(|end| *end > at);
            let lanes = (0..self.lanes).map(|lane| match lane {
                lane if lane == row.lane => mark(row, characters),
                lane if runs(lane, &ends) => corner(characters, UP | DOWN),
                _ => ' ',
            });
            let lanes = lanes.map(String::from).collect::<Vec<_>>().join(" ");
            lines.push(GraphLine { lanes: lanes.trim_end().to_owned(), row: Some(at) });
            let before = ends.clone();
            let mut targets: Vec<usize> = Vec::new();
            for parent in &row.parents {
                let Some(lane) = self.rows.get(*parent).map(|parent| parent.lane) else { continue };
                if let Some(end) = ends.get_mut(lane) {
                    *end = (*end).max(*parent);
                }
                targets.push(lane);
            }
            let sideways: Vec<usize> =
                targets.iter().copied().filter(|lane| *lane != row.lane).collect();
            if !sideways.is_empty() {
                let lanes = between(
                    row.lane,
                    targets.contains(&row.lane),
                    &sideways,
                    &(0..self.lanes).map(|lane| runs(lane, &before)).collect::<Vec<_>>(),
                    characters,
                );
                lines.push(GraphLine { lanes, row: None });
            }
        }
        lines
    }
}

/// What stands for a row.
fn mark(row: &GraphRow, characters: &Characters) -> char {
    match row.revisions.as_slice() {
        [only] if only.shadowed => characters.shadowed,
        [only] if only.head => characters.head,
        [_] => characters.revision,
        _ => characters.folded,
    }
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
