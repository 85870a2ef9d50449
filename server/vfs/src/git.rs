//! Git objects, read in one place and without running anything: no process, no hook, no filter, no
//! configuration from outside the repository. So it is safe in a workspace that nobody trusts.

mod since;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gix::objs::tree::EntryKind;

use crate::Shared;

pub(crate) use since::{before, changed_since};

/// Folders below one another that are looked into; deeper trees are not of people.
const DEEPEST: usize = 64;

/// Branches whose files are shown: nobody reads more of them to find a revision.
const MOST_BRANCHES: usize = 512;

/// See [`crate::Disk::shared`].
pub(crate) fn shared(folder: &Path, branch: Option<&str>) -> Option<Shared> {
    let folder = Folder::open(folder)?;
    let (name, tree) = default_tree(&folder.repository, branch)?;
    let mut shared = Shared { branch: name, ..Shared::default() };
    // A branch that does not have the folder: all of it is new.
    if let Some(tree) = folder.below(tree)? {
        walk(&folder.repository, tree.id, &folder.path, &mut |path, _| {
            shared.files.insert(path.to_owned());
            true
        })?;
    }
    Some(shared)
}

/// See [`crate::Disk::branches`]. `None` where there is no repository, or one that is broken.
pub(crate) fn branches(folder: &Path) -> Option<Vec<String>> {
    let folder = Folder::open(folder)?;
    let references = folder.repository.references().ok()?;
    let named = |is_head: bool| {
        let all = if is_head { references.local_branches() } else { references.remote_branches() };
        let mut names: Vec<String> =
            all.ok()?.flatten().map(|one| one.name().shorten().to_string()).collect();
        // `origin/HEAD` is another name of one of them.
        names.retain(|name| is_head || !name.ends_with("/HEAD"));
        names.sort();
        Some(names)
    };
    Some([named(true)?, named(false)?].concat())
}

/// See [`crate::Disk::on_branches`]. `None` where there is no repository, or one that is broken.
pub(crate) fn on_branches(
    folder: &Path,
    visit: &mut dyn FnMut(&str, &Path, &[u8]) -> bool,
) -> Option<()> {
    let folder = Folder::open(folder)?;
    let repository = &folder.repository;
    let references = repository.references().ok()?;
    let branches = references.local_branches().ok()?.chain(references.remote_branches().ok()?);
    let mut seen: HashSet<gix::ObjectId> = HashSet::new();
    for mut branch in branches.flatten().take(MOST_BRANCHES) {
        let name = branch.name().shorten().to_string();
        let tree = branch.peel_to_id().ok().and_then(|id| id.object().ok());
        let tree = tree.and_then(|it| it.try_into_commit().ok()?.tree().ok());
        // One broken branch hides no other.
        let Some(Some(tree)) = tree.and_then(|tree| folder.below(tree)) else { continue };
        if !seen.insert(tree.id) {
            continue;
        }
        let mut going_on = true;
        walk(repository, tree.id, &folder.path, &mut |path, id| {
            if seen.insert(id)
                && let Ok(blob) = repository.find_object(id)
            {
                going_on = visit(&name, path, &blob.data);
            }
            going_on
        });
        if !going_on {
            break;
        }
    }
    Some(())
}

/// A folder in the work tree of a repository.
struct Folder {
    path: PathBuf,
    root: PathBuf,
    repository: gix::Repository,
}

impl Folder {
    fn open(folder: &Path) -> Option<Self> {
        let path = gix::path::realpath(folder).ok()?;
        let (place, _) = gix::discover::upwards(&path).ok()?;
        let (git_dir, work_tree) = place.into_repository_and_work_tree_directories();
        let repository = gix::open::Options::isolated().open(git_dir).ok()?.to_thread_local();
        let root = gix::path::realpath(work_tree?).ok()?;
        Some(Self { path, root, repository })
    }

    /// The folder in the tree of a commit; `Some(None)` where that does not have it.
    fn below<'repo>(&self, tree: gix::Tree<'repo>) -> Option<Option<gix::Tree<'repo>>> {
        let below = self.path.strip_prefix(&self.root).ok()?;
        if below.as_os_str().is_empty() {
            return Some(Some(tree));
        }
        match tree.lookup_entry_by_path(below).ok()? {
            Some(entry) => Some(Some(entry.object().ok()?.try_into_tree().ok()?)),
            None => Some(None),
        }
    }
}

/// The branch that everybody shares: the one that was named, else the remote's default, else the
/// usual names.
fn default_tree<'repo>(
    repository: &'repo gix::Repository,
    branch: Option<&str>,
) -> Option<(String, gix::Tree<'repo>)> {
    let usual = ["refs/remotes/origin/HEAD", "origin/main", "origin/master", "main", "master"];
    let named = branch.map_or_else(|| usual.to_vec(), |branch| vec![branch]);
    named.into_iter().find_map(|name| {
        let mut reference = repository.find_reference(name).ok()?;
        let shown = match reference.target() {
            gix::refs::TargetRef::Symbolic(target) => target.shorten().to_string(),
            gix::refs::TargetRef::Object(_) => reference.name().shorten().to_string(),
        };
        let commit = reference.peel_to_id().ok()?.object().ok()?.try_into_commit().ok()?;
        Some((shown, commit.tree().ok()?))
    })
}

/// Shows every file below a tree, until `visit` says that it is enough. `None` where an object cannot
/// be read (a shallow or broken repository): then nothing is known rather than a part of it.
fn walk(
    repository: &gix::Repository,
    tree: gix::ObjectId,
    folder: &Path,
    visit: &mut dyn FnMut(&Path, gix::ObjectId) -> bool,
) -> Option<()> {
    let mut open: Vec<(gix::ObjectId, PathBuf)> = vec![(tree, folder.to_owned())];
    while let Some((id, folder)) = open.pop() {
        let tree = repository.find_object(id).ok()?.try_into_tree().ok()?;
        for entry in tree.iter() {
            let entry = entry.ok()?;
            let Ok(name) = std::str::from_utf8(entry.filename()) else { continue };
            let path = folder.join(name);
            match entry.mode().kind() {
                EntryKind::Tree if path.components().count() < DEEPEST => {
                    open.push((entry.object_id(), path));
                }
                EntryKind::Blob | EntryKind::BlobExecutable if !visit(&path, entry.object_id()) => {
                    return Some(());
                }
                _ => {}
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "the test makes its repository with git itself")]

    use std::process::Command;

    use super::*;

    pub(super) fn git(folder: &Path, arguments: &[&str]) {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"];
        let status = Command::new("git")
            .current_dir(folder)
            .args(identity)
            .args(arguments)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .status()
            .expect("git runs");
        assert!(status.success(), "git {arguments:?}");
    }

    #[test]
    fn a_file_is_shared_when_the_default_branch_has_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("a real path");
        let versions = root.join("app/versions");
        std::fs::create_dir_all(&versions).expect("folders");
        std::fs::write(versions.join("a.py"), "a").expect("written");
        git(&root, &["init", "-q", "-b", "main"]);
        git(&root, &["add", "."]);
        git(&root, &["commit", "-q", "-m", "a"]);
        git(&root, &["switch", "-q", "-c", "feature"]);
        std::fs::write(versions.join("b.py"), "b").expect("written");
        git(&root, &["add", "."]);
        git(&root, &["commit", "-q", "-m", "b"]);

        let found = shared(&versions, None).expect("a default branch");
        let known = branches(&versions).expect("branches");
        assert!(known.contains(&found.branch), "{known:?}");
        assert_eq!(found.branch, "main");
        assert_eq!(found.files.into_iter().collect::<Vec<_>>(), [versions.join("a.py")]);
        let feature = shared(&versions, Some("feature")).expect("the branch that was named");
        assert_eq!(feature.files.len(), 2);
        assert_eq!(shared(&versions, Some("nowhere")), None);
    }

    #[test]
    fn a_file_of_another_branch_is_shown_with_the_branch() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("a real path");
        let versions = root.join("versions");
        std::fs::create_dir_all(&versions).expect("a folder");
        std::fs::write(versions.join("a.py"), "a").expect("written");
        git(&root, &["init", "-q", "-b", "main"]);
        git(&root, &["add", "."]);
        git(&root, &["commit", "-q", "-m", "a"]);
        git(&root, &["switch", "-q", "-c", "feature/wish-list"]);
        std::fs::write(versions.join("b.py"), "b").expect("written");
        git(&root, &["add", "."]);
        git(&root, &["commit", "-q", "-m", "b"]);
        git(&root, &["switch", "-q", "main"]);

        let mut seen = Vec::new();
        on_branches(&versions, &mut |branch, path, content| {
            let name = path.strip_prefix(&versions).expect("a path as it would be here");
            seen.push((branch.to_owned(), name.to_owned(), content.to_owned()));
            true
        })
        .expect("a repository");
        seen.sort();
        let file = |branch: &str, name: &str, content: &str| {
            (branch.to_owned(), PathBuf::from(name), content.as_bytes().to_owned())
        };
        assert_eq!(seen.len(), 2, "what two branches have alike is shown once: {seen:?}");
        assert!(seen.contains(&file("feature/wish-list", "b.py", "b")), "{seen:?}");
        let mut first = 0;
        on_branches(&versions, &mut |_, _, _| {
            first += 1;
            false
        });
        assert_eq!(first, 1, "it ends when it is told to");
    }

    #[test]
    fn outside_a_repository_nothing_is_shared() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(shared(folder.path(), None), None);
    }
}
