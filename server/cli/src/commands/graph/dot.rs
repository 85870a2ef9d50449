//! A graph in the language of Graphviz.

use revline_ide::{GraphRole, GraphRow};

use super::{Canvas, Picture};

pub(super) const ABOUT: &str = "The language of Graphviz";

pub(super) fn draw(canvas: &Canvas<'_>) -> String {
    let mut text =
        "digraph revisions {\n  rankdir=BT;\n  node [shape=box, style=rounded, fontname=\"Courier\", fontsize=11];\n".to_owned();
    for (number, picture) in canvas.pictures.iter().enumerate() {
        text.push_str(&format!("  subgraph cluster_{number} {{\n"));
        text.push_str(&format!("    label={};\n", quoted(&picture.view.environment)));
        text.push_str(&nodes(picture, number));
        text.push_str("  }\n");
    }
    text.push_str("}\n");
    text
}

fn nodes(picture: &Picture<'_>, number: usize) -> String {
    let mut text = String::new();
    let name = |row: usize| format!("e{number}r{row}");
    for (at, row) in picture.rows.iter().enumerate() {
        let shown = picture.shown(row);
        let head = shown.iter().any(|row| row.roles.contains(&GraphRole::Head));
        let wrong = shown.iter().any(|row| !row.problems.is_empty());
        let more = match (head, wrong) {
            (false, false) => "",
            (true, false) => ", penwidth=2",
            (false, true) => ", color=red",
            (true, true) => ", penwidth=2, color=red",
        };
        let own = || shown.first().map(label).unwrap_or_default();
        let label = quoted(&picture.run(row).unwrap_or_else(own));
        text.push_str(&format!("    {} [label={label}{more}];\n", name(at)));
    }
    for (at, row) in picture.rows.iter().enumerate() {
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
    let labels = match row.labels.as_slice() {
        [] => String::new(),
        labels => format!(" ({})", labels.join(", ")),
    };
    format!("{}{labels}\n{}", row.id, row.title)
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
