//! A flowchart of Mermaid, which GitHub and GitLab draw in Markdown.

use revline_ide::{GraphRevision, GraphView};

use super::{Canvas, chain};

pub(super) const ABOUT: &str = "A flowchart of Mermaid";

pub(super) fn draw(canvas: &Canvas<'_>) -> String {
    let mut text = "flowchart BT\n".to_owned();
    for (number, view) in canvas.views.iter().enumerate() {
        if canvas.views.len() > 1 {
            text.push_str(&format!("  subgraph e{number}[\"{}\"]\n", escape(&view.environment)));
        }
        text.push_str(&nodes(view, number));
        if canvas.views.len() > 1 {
            text.push_str("  end\n");
        }
    }
    text.push_str("  classDef head stroke-width:3px\n  classDef problem stroke:#c00\n");
    text
}

fn nodes(view: &GraphView, number: usize) -> String {
    let mut text = String::new();
    let name = |row: usize| format!("e{number}r{row}");
    for (at, row) in view.rows.iter().enumerate() {
        let label = match row.revisions.as_slice() {
            [only] => label(only),
            several => match (several.first(), several.last()) {
                (Some(first), Some(last)) => chain(&first.id, &last.id, several.len()),
                _ => String::new(),
            },
        };
        text.push_str(&format!("  {}[\"{label}\"]\n", name(at)));
    }
    for (at, row) in view.rows.iter().enumerate() {
        for parent in &row.parents {
            text.push_str(&format!("  {} --> {}\n", name(*parent), name(at)));
        }
        for other in &row.depends_on {
            text.push_str(&format!("  {} -.-> {}\n", name(*other), name(at)));
        }
    }
    let mut class = |word: &str, holds: &dyn Fn(&GraphRevision) -> bool| {
        let rows = view.rows.iter().enumerate();
        let of = rows.filter(|(_, row)| row.revisions.iter().any(holds)).map(|(at, _)| name(at));
        let names: Vec<String> = of.collect();
        if !names.is_empty() {
            text.push_str(&format!("  class {} {word}\n", names.join(",")));
        }
    };
    class("head", &|revision| revision.head);
    class("problem", &|revision| !revision.problems.is_empty());
    text
}

fn label(revision: &GraphRevision) -> String {
    let mut text = escape(&revision.id);
    if !revision.labels.is_empty() {
        text.push_str(&format!(" ({})", escape(&revision.labels.join(", "))));
    }
    if !revision.title.is_empty() {
        text.push_str(&format!("<br/>{}", escape(&revision.title)));
    }
    text
}

/// Characters that have a meaning in a quoted label, as Mermaid's entities.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("#quot;"),
            '#' => escaped.push_str("#35;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '&' => escaped.push_str("#amp;"),
            '`' => escaped.push_str("#96;"),
            '\\' => escaped.push_str("#92;"),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_label_is_an_entity() {
        assert_eq!(escape("a \"b\" #1 <c>"), "a #quot;b#quot; #35;1 #lt;c#gt;");
    }
}
