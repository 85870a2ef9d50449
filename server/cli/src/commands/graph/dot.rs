//! A graph in the language of Graphviz.

use revline_ide::{GraphRow, GraphView};

use super::{Canvas, chain};

pub(super) const ABOUT: &str = "The language of Graphviz";

pub(super) fn draw(canvas: &Canvas<'_>) -> String {
    let mut text = "digraph revisions {\n  rankdir=BT;\n  node [shape=box, style=rounded];\n".to_owned();
    for (number, view) in canvas.views.iter().enumerate() {
        text.push_str(&format!("  subgraph cluster_{number} {{\n"));
        text.push_str(&format!("    label={};\n", quoted(&view.environment)));
        text.push_str(&nodes(view, number));
        text.push_str("  }\n");
    }
    text.push_str("}\n");
    text
}

fn nodes(view: &GraphView, number: usize) -> String {
    let mut text = String::new();
    let name = |row: usize| format!("e{number}r{row}");
    for (at, row) in view.rows.iter().enumerate() {
        let bold = row.revisions.iter().any(|revision| revision.head);
        let wrong = row.revisions.iter().any(|revision| !revision.problems.is_empty());
        let more = match (bold, wrong) {
            (false, false) => "",
            (true, false) => ", penwidth=2",
            (false, true) => ", color=red",
            (true, true) => ", penwidth=2, color=red",
        };
        text.push_str(&format!("    {} [label={}{more}];\n", name(at), quoted(&label(row))));
    }
    for (at, row) in view.rows.iter().enumerate() {
        for parent in &row.parents {
            text.push_str(&format!("    {} -> {};\n", name(*parent), name(at)));
        }
        for other in &row.depends_on {
            text.push_str(&format!("    {} -> {} [style=dashed];\n", name(*other), name(at)));
        }
    }
    text
}

fn label(row: &GraphRow) -> String {
    match row.revisions.as_slice() {
        [only] => {
            let labels = match only.labels.as_slice() {
                [] => String::new(),
                labels => format!(" ({})", labels.join(", ")),
            };
            format!("{}{labels}\n{}", only.id, only.title)
        }
        several => match (several.first(), several.last()) {
            (Some(first), Some(last)) => chain(&first.id, &last.id, several.len()),
            _ => String::new(),
        },
    }
}

/// A string of the language: backslashes are its own escapes.
fn quoted(text: &str) -> String {
    let text = text.trim_end().replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted() {
        assert_eq!(quoted("a\\b \"c\"\nd\n"), r#""a\\b \"c\"\nd""#);
    }
}
