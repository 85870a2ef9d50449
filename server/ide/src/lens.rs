//! A line over the head of a revision file: where it stands in the history.

use revline_analysis::Snapshot;
use revline_text::{FileId, Range, Span};

use crate::place::{Role, mentions, target};
use crate::types::{Command, Lens};

/// The lenses of a revision file: its place in the chain, what it merges, who names it.
pub fn lenses(snapshot: &Snapshot, file: FileId) -> Vec<Lens> {
    let mut lenses = Vec::new();
    for project in snapshot.owners(file) {
        let graph = project.graph();
        let history = &graph.history;
        let Some(node) = graph.node(file) else { continue };
        let revision = &history[node];
        let at = target(history, node);
        let range = Range::empty(revision.spans.id.statement.map_or(0, |span| span.range.start()));
        let position = history.position(node);
        let heads = history.heads();
        let mut title = match (history.is_head(node), history.is_base(node)) {
            (true, _) if heads.len() > 1 => format!("one of {} heads", heads.len()),
            (true, _) => "head".to_owned(),
            (false, true) => "base".to_owned(),
            (false, false) => String::new(),
        };
        if history.is_merge_point(node) {
            let parents: Vec<&str> =
                history.parents(node).iter().map(|parent| history[*parent].id.as_str()).collect();
            join(&mut title, &format!("merge of {}", parents.join(" and ")));
        }
        if history.is_branch_point(node) {
            join(&mut title, &format!("branch point of {}", history.children(node).len()));
        }
        join(&mut title, &format!("{} of {}", position.place, position.of));
        let places: Vec<Span> = mentions(snapshot, project, revision.id.as_str())
            .into_iter()
            .filter(|(span, one)| one.role != Role::Own && !one.in_docstring && span.file != file)
            .map(|(span, _)| span)
            .collect();
        let command = (!places.is_empty()).then_some(Command::ShowReferences { at, places });
        lenses.push(Lens { range, title, command });
        if history.is_real_head(node) && heads.len() > 1 {
            let revisions = heads.iter().map(|head| history[*head].id.to_string()).collect();
            let merge = Command::Merge { environment: project.name().to_owned(), revisions };
            lenses.push(Lens { range, title: "Merge heads".to_owned(), command: Some(merge) });
        }
    }
    lenses
}

fn join(title: &mut String, more: &str) {
    if !title.is_empty() {
        title.push_str(" · ");
    }
    title.push_str(more);
}
