//! Another identifier for a revision, everywhere at once.

use revline_analysis::{Snapshot, write};
use revline_text::SourceChange;

use crate::place::{Role, pointed};
use crate::types::{FilePosition, Renameable};

/// The identifier under the caret, where it can be changed.
pub fn prepare_rename(snapshot: &Snapshot, at: FilePosition) -> Option<Renameable> {
    let pointed = pointed(snapshot, at)?;
    let node = pointed.node(at.file)?;
    let history = pointed.project.history();
    // A label or a partial identifier is not the identifier itself.
    (pointed.written.role != Role::Label && history[node].id == *pointed.written.name.as_str())
        .then_some(Renameable { range: pointed.written.range, name: pointed.written.name })
}

/// The change that gives the revision under the caret another identifier, in every environment that
/// its file belongs to. Errors say why the new one cannot be used.
pub fn rename(snapshot: &Snapshot, at: FilePosition, new: &str) -> Result<SourceChange, String> {
    let pointed = pointed(snapshot, at).ok_or("There is no revision identifier here")?;
    let node = pointed.node(at.file).ok_or("This revision is in no file")?;
    let id = pointed.project.history()[node].id.clone();
    let mut whole = SourceChange::default();
    for project in snapshot.owners(at.file) {
        let Some(node) = project.history().find(id.as_str()) else { continue };
        let change =
            write::rename(snapshot, project, node, new).map_err(|error| error.to_string())?;
        for (file, edits) in change.edits {
            // A file of several environments is edited once.
            whole.edits.entry(file).or_insert(edits);
        }
        for rename in change.renames {
            if !whole.renames.contains(&rename) {
                whole.renames.push(rename);
            }
        }
        whole.annotation = change.annotation;
    }
    Ok(whole)
}
