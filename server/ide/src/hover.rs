//! What a person reads when pointing at something.

mod sql;
mod table;

use std::fmt::Write as _;

use revline_analysis::{Project, Snapshot};
use revline_history::Node;

use crate::place::pointed;
use crate::types::{FilePosition, Hover};

/// What is known about the thing under the caret: a revision or label in the head of a file, the
/// table that a name in an operation belongs to, else the SQL of `upgrade`, `downgrade` or one
/// operation.
pub fn hover(snapshot: &Snapshot, at: FilePosition) -> Option<Hover> {
    if let Some(pointed) = pointed(snapshot, at) {
        let node = pointed.node(at.file)?;
        let markdown = revision_card(snapshot, &pointed.project, node);
        return Some(Hover { markdown, range: pointed.written.range });
    }
    table::hover(snapshot, at).or_else(|| sql::hover(snapshot, at))
}

/// A revision in a few lines of Markdown: title, date, place in the chain, neighbours, labels.
pub(crate) fn revision_card(snapshot: &Snapshot, project: &Project, node: Node) -> String {
    let history = project.history();
    let revision = &history[node];
    let mut card = String::new();
    let title = revision.title.lines().next().unwrap_or_default();
    let mut line = |text: String| {
        // Writing into a string cannot fail.
        let _ = writeln!(card, "{text}  ");
    };
    if title.is_empty() {
        line(format!("**{}**", revision.id));
    } else {
        line(format!("**{}** {}", revision.id, escape(title)));
    }
    let mut facts: Vec<String> = Vec::new();
    if history.is_head(node) {
        facts.push(if history.is_real_head(node) { "head" } else { "effective head" }.to_owned());
    }
    if history.is_base(node) {
        facts.push("base".to_owned());
    }
    if history.is_branch_point(node) {
        facts.push("branch point".to_owned());
    }
    if history.is_merge_point(node) {
        facts.push("merge point".to_owned());
    }
    let position = history.position(node);
    facts.push(format!("{} of {} in its lineage", position.place, position.of));
    if let Some(created) = &revision.created {
        facts.push(created.split('.').next().unwrap_or(created).to_owned());
    }
    line(facts.join(" · "));
    let labels: Vec<String> = history.labels(node).map(|label| format!("`{label}`")).collect();
    if !labels.is_empty() {
        line(format!("Labels: {}", labels.join(", ")));
    }
    let named = |nodes: &[Node]| -> String {
        let shown = nodes.iter().take(5).map(|node| {
            let revision = &history[*node];
            let title = revision.title.lines().next().unwrap_or_default();
            format!("`{}` {}", revision.id, escape(title))
        });
        let mut text = shown.collect::<Vec<_>>().join(", ");
        if nodes.len() > 5 {
            let _ = write!(text, " and {} more", nodes.len() - 5);
        }
        text
    };
    let parents = history.parents(node);
    if !parents.is_empty() {
        line(format!("Parents: {}", named(parents)));
    }
    let dependencies = history.dependencies(node);
    if !dependencies.is_empty() {
        line(format!("Depends on: {}", named(dependencies)));
    }
    let children = history.children(node);
    if !children.is_empty() {
        line(format!("Children: {}", named(children)));
    }
    let path = snapshot.files().path(revision.file);
    if let Some(name) = path.file_name() {
        line(format!("_{}_ in {}", escape(&name.to_string_lossy()), escape(project.name())));
    }
    card
}

/// Text that Markdown shows as it is.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if "\\`*_{}[]<>#|".contains(char) {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}
