//! Identifiers and labels, proposed where one is written; in bodies what operations name.

mod body;

use std::collections::BTreeSet;

use revline_analysis::Snapshot;
use revline_history::Node;
use revline_python::HeaderValue;
use revline_text::Range;

use crate::hover::revision_card;
use crate::types::{Completion, CompletionKind, FilePosition};

/// What can be written at the caret: identifiers in `down_revision` and `Revises:`, identifiers and
/// labels in `depends_on`; heads first, then the newest. In bodies tables, columns and the rest of the
/// schema at that point, directives and their keywords. Nothing anywhere else.
pub fn completions(snapshot: &Snapshot, at: FilePosition) -> Vec<Completion> {
    let Some(project) = snapshot.owners(at.file).next() else { return Vec::new() };
    let (Some(text), Some(header)) = (snapshot.text(at.file), snapshot.header(at.file)) else {
        return Vec::new();
    };
    let source = text.as_str();
    let line = text.line_range(text.line_of(at.offset)).unwrap_or(Range::empty(at.offset));
    let before = Range::new(line.start(), at.offset).slice(source).unwrap_or_default();
    let inside = |name: &str| {
        header.get(name).is_some_and(|entry| {
            let whole = entry.name_range.cover(entry.value_range);
            // Half typed, the value may end before the caret, on the same line.
            whole.touches(at.offset)
                || (matches!(entry.value, HeaderValue::Broken | HeaderValue::Other)
                    && line.touches(entry.name_range.start()))
        })
    };
    let revises = header.docstring.as_ref().is_some_and(|doc| {
        doc.content.touches(at.offset) && before.trim_start().starts_with("Revises:")
    });
    let dependency = inside("depends_on");
    if !revises && !dependency && !inside("down_revision") {
        return body::completions(snapshot, at);
    }
    let word_start = before.rfind(|char: char| "'\", ([{:".contains(char)).map_or(0, |at| at + 1);
    let quoted =
        revises || before.chars().filter(|char| matches!(char, '\'' | '"')).count() % 2 == 1;
    let after = Range::new(at.offset, line.end()).slice(source).unwrap_or_default();
    let word_end = after.find(|char: char| "'\", )]}#".contains(char)).unwrap_or(after.len());
    let replace = Range::of(line.start() as usize + word_start, at.offset as usize + word_end);
    let quote = |name: &str| if quoted { name.to_owned() } else { format!("\"{name}\"") };

    let graph = project.graph();
    let history = &graph.history;
    let own = graph.node(at.file);
    let below: BTreeSet<Node> = own
        .map(|node| history.descendants(node, revline_history::Through::Parents))
        .unwrap_or_default()
        .into_iter()
        .collect();
    let mut proposed = Vec::new();
    for (place, node) in history.newest_first().into_iter().enumerate() {
        // A descendant as a parent would close a cycle.
        if Some(node) == own || below.contains(&node) {
            continue;
        }
        let revision = &history[node];
        let head = history.is_head(node);
        proposed.push(Completion {
            label: revision.id.to_string(),
            detail: if head {
                format!("{} (head)", first_line(&revision.title))
            } else {
                first_line(&revision.title)
            },
            documentation: revision_card(snapshot, project, node),
            replace,
            insert: quote(revision.id.as_str()),
            snippet: None,
            kind: CompletionKind::Revision,
            sort: format!("{}{place:06}", u8::from(!head)),
        });
    }
    if dependency {
        for (place, (label, node)) in history.branch_labels().enumerate() {
            proposed.push(Completion {
                label: label.to_owned(),
                detail: format!("branch label of {}", history[node].id),
                documentation: revision_card(snapshot, project, node),
                replace,
                insert: quote(label),
                snippet: None,
                kind: CompletionKind::Label,
                sort: format!("2{place:06}"),
            });
        }
    }
    proposed
}

fn first_line(title: &str) -> String {
    title.lines().next().unwrap_or_default().to_owned()
}
