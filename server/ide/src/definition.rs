//! Where a revision is declared, and who names it.

use revline_analysis::Snapshot;
use revline_text::Span;

use crate::place::{Role, mentions, pointed, target};
use crate::types::FilePosition;

/// The declaration of the revision or label under the caret: the identifier in its file.
pub fn definition(snapshot: &Snapshot, at: FilePosition) -> Option<Span> {
    let pointed = pointed(snapshot, at)?;
    let node = pointed.node(at.file)?;
    let history = pointed.project.history();
    if pointed.written.role == Role::Label || history.find(&pointed.written.name).is_none() {
        let label = history[node].labels.iter().find(|label| label.name == pointed.written.name);
        if let Some(span) = label.and_then(|label| label.span) {
            return Some(span);
        }
    }
    Some(target(history, node))
}

/// Every place that names the revision under the caret, in all environments that its file belongs
/// to; `with_declaration` adds the `revision = …` itself.
pub fn references(
    snapshot: &Snapshot,
    at: FilePosition,
    with_declaration: bool,
) -> Option<Vec<Span>> {
    let pointed = pointed(snapshot, at)?;
    let node = pointed.node(at.file)?;
    let id = pointed.project.history()[node].id.clone();
    let mut places: Vec<Span> = Vec::new();
    for project in snapshot.owners(at.file) {
        places.extend(
            mentions(snapshot, project, id.as_str())
                .into_iter()
                .filter(|(_, one)| with_declaration || one.role != Role::Own)
                .map(|(span, _)| span),
        );
    }
    places.sort_unstable();
    places.dedup();
    Some(places)
}
