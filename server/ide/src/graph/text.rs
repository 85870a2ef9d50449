//! The graph drawn with letters: for editors without a canvas, and for terminals.

use super::{GraphEdge, GraphRole, GraphRow, GraphView};

/// A line of the drawing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GraphLine {
    /// The letters of the lanes, without spaces at the end.
    pub lanes: String,
    /// The row that the line shows; `None` for a line between two rows.
    pub row: Option<u32>,
    /// What is written beside the lanes.
    pub label: String,
}

/// What a line between two rows draws in one lane.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Empty,
    Down,
    DownDependency,
}

/// Each row, and below it the bends of its lines where there are any.
pub(super) fn lines(view: &GraphView) -> Vec<GraphLine> {
    let width = view.lanes as usize;
    // What runs down in each lane below the row that was drawn last, and to which row.
    let mut running: Vec<Option<(u32, bool)>> = vec![None; width];
    let mut edges = view.edges.iter().peekable();
    let mut lines = Vec::with_capacity(view.rows.len() * 2);
    for (row, at) in view.rows.iter().zip(0_u32..) {
        let lane = row.lane as usize;
        let mut cells = cells(&running);
        if let Some(slot) = running.get_mut(lane).filter(|slot| is_to(slot, at)) {
            *slot = None;
        }
        if let Some(cell) = cells.get_mut(lane) {
            *cell = Cell::Empty;
        }
        let mut letters: Vec<char> = spread(&cells);
        if let Some(letter) = letters.get_mut(lane * 2) {
            *letter = dot(row);
        }
        lines.push(GraphLine { lanes: cut(&letters), row: Some(at), label: label(row) });

        let before = running.clone();
        let mut bends: Vec<(usize, bool)> = Vec::new();
        while let Some(edge) = edges.next_if(|edge| edge.child <= at) {
            let Some(below) = lane_of(view, edge) else { continue };
            if let Some(slot) = running.get_mut(below) {
                // A parent's line is drawn over that of a dependency.
                let is_dependency = edge.is_dependency && slot.is_none_or(|(_, is)| is);
                *slot = Some((edge.parent, is_dependency));
            }
            if below != lane {
                bends.push((below, edge.is_dependency));
            }
        }
        if !bends.is_empty() {
            let letters = bend(&before, &running, lane, &bends);
            lines.push(GraphLine { lanes: cut(&letters), row: None, label: String::new() });
        }
    }
    lines
}

fn is_to(slot: &Option<(u32, bool)>, row: u32) -> bool {
    slot.is_some_and(|(target, _)| target == row)
}

/// The lane in which an edge runs down; `None` for one that leads upwards.
fn lane_of(view: &GraphView, edge: &GraphEdge) -> Option<usize> {
    let parent = view.rows.get(edge.parent as usize)?;
    (edge.parent > edge.child).then_some(parent.lane as usize)
}

fn cells(running: &[Option<(u32, bool)>]) -> Vec<Cell> {
    let cell = |slot: &Option<(u32, bool)>| match slot {
        None => Cell::Empty,
        Some((_, false)) => Cell::Down,
        Some((_, true)) => Cell::DownDependency,
    };
    running.iter().map(cell).collect()
}

/// Two columns for each lane: its own, and the gap to the next.
fn spread(cells: &[Cell]) -> Vec<char> {
    let letter = |cell: &Cell| match cell {
        Cell::Empty => ' ',
        Cell::Down => '│',
        Cell::DownDependency => '┆',
    };
    cells.iter().flat_map(|cell| [letter(cell), ' ']).collect()
}

/// The line below a row whose own lane is `lane`. A line that is crossed stays whole; what crosses it
/// passes behind.
fn bend(
    before: &[Option<(u32, bool)>],
    after: &[Option<(u32, bool)>],
    lane: usize,
    bends: &[(usize, bool)],
) -> Vec<char> {
    let mut letters = spread(&cells(after));
    let ends = bends.iter().map(|(to, _)| *to).chain([lane]);
    let (left, right) = ends.fold((lane, lane), |(left, right), to| (left.min(to), right.max(to)));
    // Dashes reach as far as the farthest line of a parent; beyond it they are those of dependencies.
    let solid = bends.iter().filter(|(_, is_dependency)| !is_dependency).map(|(to, _)| *to);
    let (solid_left, solid_right) =
        solid.fold((lane, lane), |(left, right), to| (left.min(to), right.max(to)));
    for column in left * 2 + 1..right * 2 {
        let at = column / 2;
        let is_solid = column > solid_left * 2 && column < solid_right * 2;
        if let Some(letter) = letters.get_mut(column)
            && (column % 2 == 1 || after.get(at).is_none_or(Option::is_none))
        {
            *letter = if is_solid { '─' } else { '╌' };
        }
    }
    for (to, _) in bends {
        let was_there = before.get(*to).is_some_and(Option::is_some);
        let inner = *to > left && *to < right;
        let corner = match (*to > lane, was_there, inner) {
            (true, false, false) => '╮',
            (true, false, true) => '┬',
            (true, true, false) => '┤',
            (false, false, false) => '╭',
            (false, false, true) => '┬',
            (false, true, false) => '├',
            (_, true, true) => '┼',
        };
        if let Some(letter) = letters.get_mut(to * 2) {
            *letter = corner;
        }
    }
    let goes_on = after.get(lane).is_some_and(Option::is_some);
    let own = match (goes_on, left < lane, right > lane) {
        (true, false, _) => '├',
        (true, true, false) => '┤',
        (true, true, true) => '┼',
        (false, false, _) => '╰',
        (false, true, false) => '╯',
        (false, true, true) => '┴',
    };
    if let Some(letter) = letters.get_mut(lane * 2) {
        *letter = own;
    }
    letters
}

fn cut(letters: &[char]) -> String {
    let text: String = letters.iter().collect();
    text.trim_end().to_owned()
}

fn dot(row: &GraphRow) -> char {
    let is = |role| row.roles.contains(&role);
    if is(GraphRole::Shadowed) {
        '×'
    } else if is(GraphRole::Head) {
        '◉'
    } else if is(GraphRole::Merge) {
        '◆'
    } else {
        '●'
    }
}

/// Identifier and title, then in brackets what it is, and what is wrong with it.
fn label(row: &GraphRow) -> String {
    let mut text = row.id.to_string();
    if !row.title.is_empty() {
        text.push_str("  ");
        text.push_str(&row.title);
    }
    let roles = row.roles.iter().map(|role| role.as_str().to_owned());
    let labels = row.labels.iter().map(|label| format!("label {label}"));
    let databases = row.databases.iter().map(|name| format!("database {name}"));
    let missing = row.missing.iter().map(|name| format!("missing {name}"));
    let marks: Vec<String> = roles.chain(labels).chain(databases).chain(missing).collect();
    if !marks.is_empty() {
        text.push_str(&format!("  ({})", marks.join(", ")));
    }
    if let Some(worst) = row.problems.first() {
        let others = match row.problems.len() - 1 {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        text.push_str(&format!("  ! {}: {}{others}", worst.severity.as_str(), worst.rule));
    }
    text
}
