//! The files of every branch, for whoever looks for something that is not here.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gix::objs::tree::EntryKind;

use super::{DEEPEST, around};

/// Branches whose files are shown: nobody reads more of them to find a revision.
const MOST_BRANCHES: usize = 512;

/// See [`crate::Disk::on_branches`]. `None` where there is no repository, or one that is broken.
pub(crate) fn on_branches(
    folder: &Path,
    visit: &mut dyn FnMut(&str, &Path, &[u8]) -> bool,
) -> Option<()> {
    let folder = gix::path::realpath(folder).ok()?;
    let (repository, root) = around(&folder)?;
    let below = folder.strip_prefix(&root).ok()?;
    let references = repository.references().ok()?;
    let branches = references.local_branches().ok()?.chain(references.remote_branches().ok()?);
    let mut seen: HashSet<gix::ObjectId> = HashSet::new();
    for mut branch in branches.flatten().take(MOST_BRANCHES) {
        let name = branch.name().shorten().to_string();
        let tree = branch.peel_to_id().ok().and_then(|id| id.object().ok());
        let tree = tree.and_then(|it| it.try_into_commit().ok()?.tree().ok());
        // One broken branch hides no other.
        let Some(tree) = tree.and_then(|tree| inside(tree, below)) else { continue };
        let mut going_on = true;
        walk(&repository, tree, &folder, &mut seen, &mut |path, content| {
            going_on = visit(&name, path, content);
            going_on
        });
        if !going_on {
            break;
        }
    }
    Some(())
}

/// A folder of a tree; `None` where the tree does not have it.
fn inside(tree: gix::Tree<'_>, below: &Path) -> Option<gix::ObjectId> {
    if below.as_os_str().is_empty() {
        return Some(tree.id);
    }
    let entry = tree.lookup_entry_by_path(below).ok()??;
    Some(entry.object().ok()?.try_into_tree().ok()?.id)
}

/// Shows the files below a tree that were not shown before, until `visit` says that it is enough.
/// What cannot be read is passed over.
fn walk(
    repository: &gix::Repository,
    tree: gix::ObjectId,
    folder: &Path,
    seen: &mut HashSet<gix::ObjectId>,
    visit: &mut dyn FnMut(&Path, &[u8]) -> bool,
) {
    let mut open: Vec<(gix::ObjectId, PathBuf)> = vec![(tree, folder.to_owned())];
    while let Some((id, folder)) = open.pop() {
        let tree = repository.find_object(id).ok().and_then(|object| object.try_into_tree().ok());
        let Some(tree) = tree.filter(|_| seen.insert(id)) else { continue };
        for entry in tree.iter().flatten() {
            let Ok(name) = std::str::from_utf8(entry.filename()) else { continue };
            let (path, id) = (folder.join(name), entry.object_id());
            match entry.mode().kind() {
                EntryKind::Tree if path.components().count() < DEEPEST => open.push((id, path)),
                EntryKind::Blob | EntryKind::BlobExecutable if seen.insert(id) => {
                    let Ok(blob) = repository.find_object(id) else { continue };
                    if !visit(&path, &blob.data) {
                        return;
                    }
                }
                _ => {}
            }
        }
    }
}
