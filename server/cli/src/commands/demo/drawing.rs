//! The newest revisions of a history as lines of text, the way `git log --graph` draws commits.

use revline_history::{History, Node};

/// The `rows` newest revisions, newest first; those in `heads` are marked.
pub(super) fn draw(history: &History, heads: &[String], rows: usize) -> String {
    let mut text = String::new();
    // The revision that each line leads down to.
    let mut lanes: Vec<Node> = Vec::new();
    let order = history.newest_first();
    for node in order.iter().take(rows) {
        let mut places = lanes.iter().enumerate().filter(|(_, lane)| *lane == node);
        let place = places.next().map(|(place, _)| place);
        let joining: Vec<usize> = places.map(|(place, _)| place).collect();
        let place = place.unwrap_or_else(|| {
            lanes.push(*node);
            lanes.len() - 1
        });
        if !joining.is_empty() {
            text.push_str(&between(lanes.len(), &joining, b'/'));
            for place in joining.iter().rev() {
                lanes.remove(*place);
            }
        }
        let revision = &history[*node];
        let id = revision.id.as_str();
        let marks: Vec<&str> =
            (0..lanes.len()).map(|lane| if lane == place { "o" } else { "|" }).collect();
        let head =
            if heads.iter().any(|head| head == id) { "  \u{1b}[1m<- head\u{1b}[0m" } else { "" };
        let title = revision.title.lines().next().unwrap_or_default();
        let row = format!("{:<5}{id}  {title}", marks.join(" "));
        text.push_str(&format!("{}{head}\n", row.trim_end()));
        let parents = history.parents(*node);
        lanes.splice(place..=place, parents.iter().copied());
        if parents.len() > 1 {
            let forking: Vec<usize> = (place + 1..place + parents.len()).collect();
            text.push_str(&between(lanes.len(), &forking, b'\\'));
        }
    }
    if order.len() > rows {
        text.push_str(&format!("{:<5}... {} more below\n", ":", order.len() - rows));
    }
    text
}

/// The line between two revisions: `slanted` lanes come from, or go to, the lane on their left.
fn between(lanes: usize, slanted: &[usize], slant: u8) -> String {
    let mut line = vec![b' '; lanes * 2];
    for lane in 0..lanes {
        let (column, mark) = match slanted.contains(&lane) {
            true => ((lane * 2).saturating_sub(1), slant),
            false => (lane * 2, b'|'),
        };
        if let Some(cell) = line.get_mut(column) {
            *cell = mark;
        }
    }
    format!("{}\n", String::from_utf8_lossy(&line).trim_end())
}

#[cfg(test)]
mod tests {
    use revline_history::{Reference, Revision};
    use revline_text::FileId;

    use super::*;

    /// A history from pairs of an identifier and its parents.
    fn history(lines: &[(&str, &[&str])]) -> History {
        let revision = |(id, parents): &(&str, &[&str])| {
            let mut revision = Revision::new(*id, FileId(0));
            revision.down = parents.iter().map(|parent| Reference::new(*parent, None)).collect();
            revision
        };
        History::build(lines.iter().map(revision))
    }

    #[test]
    fn a_fork_that_is_merged_is_a_ring() {
        let history = history(&[("a", &[]), ("b", &["a"]), ("c", &["a"]), ("d", &["b", "c"])]);
        let drawn = draw(&history, &["d".to_owned()], 9);
        let rows: Vec<&str> = drawn.lines().map(str::trim_end).collect();
        let heads = "  \u{1b}[1m<- head\u{1b}[0m";
        let first = format!("o    d{heads}");
        assert_eq!(rows, [first.as_str(), "|\\", "o |  b", "| o  c", "|/", "o    a"]);
    }

    #[test]
    fn what_is_older_is_counted() {
        let history = history(&[("a", &[]), ("b", &["a"]), ("c", &["b"])]);
        let drawn = draw(&history, &[], 1);
        assert_eq!(drawn, "o    c\n:    ... 2 more below\n");
    }
}
