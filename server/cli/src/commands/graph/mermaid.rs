//! A flowchart of Mermaid, which GitHub and GitLab draw in Markdown.

use revline_ide::{GraphRole, GraphRow};

use super::{Canvas, Picture};

pub(super) const ABOUT: &str = "A flowchart of Mermaid";

pub(super) fn draw(canvas: &Canvas<'_>) -> String {
    let mut text = "flowchart BT\n".to_owned();
    for (number, picture) in canvas.pictures.iter().enumerate() {
        if canvas.pictures.len() > 1 {
            let name = escape(&picture.view.environment);
            text.push_str(&format!("  subgraph e{number}[\"{name}\"]\n"));
        }
        text.push_str(&nodes(picture, number));
        if canvas.pictures.len() > 1 {
            text.push_str("  end\n");
        }
    }
    text.push_str("  classDef head stroke-width:3px\n  classDef problem stroke:#c00\n");
    text
}

fn nodes(picture: &Picture<'_>, number: usize) -> String {
    let mut text = String::new();
    let name = |row: usize| format!("e{number}r{row}");
    for (at, row) in picture.rows.iter().enumerate() {
        let own = || picture.shown(row).first().map(label).unwrap_or_default();
        let label = picture.run(row).map_or_else(own, |run| escape(&run));
        text.push_str(&format!("  {}[\"{label}\"]\n", name(at)));
    }
    for (at, row) in picture.rows.iter().enumerate() {
        for parent in &row.parents {
            text.push_str(&format!("  {} --> {}\n", name(*parent), name(at)));
        }
        for other in &row.depends_on {
            text.push_str(&format!("  {} -.-> {}\n", name(*other), name(at)));
        }
    }
    let mut class = |word: &str, holds: &dyn Fn(&GraphRow) -> bool| {
        let rows = picture.rows.iter().enumerate();
        let of = rows.filter(|(_, row)| picture.shown(row).iter().any(holds));
        let names: Vec<String> = of.map(|(at, _)| name(at)).collect();
        if !names.is_empty() {
            text.push_str(&format!("  class {} {word}\n", names.join(",")));
        }
    };
    class("head", &|row| row.roles.contains(&GraphRole::Head));
    class("problem", &|row| !row.problems.is_empty());
    text
}

fn label(revision: &GraphRow) -> String {
    let mut text = escape(revision.id.as_str());
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
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => escaped.push_str("#quot;"),
            '#' => escaped.push_str("#35;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '&' => escaped.push_str("#amp;"),
            '`' => escaped.push_str("#96;"),
            // Mermaid takes `\n` for the end of a line even where it came from an entity: a word joiner keeps them apart.
            '\\' if characters.peek() == Some(&'n') => escaped.push_str("#92;\u{2060}"),
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
        assert_eq!(escape("\\d\\n"), "#92;d#92;\u{2060}n");
    }
}
