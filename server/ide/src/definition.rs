//! Where a revision is declared, and who names it; the same for what operations name.

use revline_analysis::Snapshot;
use revline_text::Span;

use crate::place::{Role, mentions, pointed, target};
use crate::traces;
use crate::types::FilePosition;

/// The declaration of the revision or label under the caret: the identifier in its file. Of a table,
/// column, index or constraint the operation that made it.
pub fn definition(snapshot: &Snapshot, at: FilePosition) -> Option<Span> {
    let Some(pointed) = pointed(snapshot, at) else { return traces::definition(snapshot, at) };
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
/// to; `with_declaration` adds the `revision = …` itself. Of a table, column, index or constraint
/// every operation that names it.
pub fn references(
    snapshot: &Snapshot,
    at: FilePosition,
    with_declaration: bool,
) -> Option<Vec<Span>> {
    let Some(pointed) = pointed(snapshot, at) else {
        return traces::references(snapshot, at, with_declaration);
    };
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
