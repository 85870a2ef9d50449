//! Git objects, read in one place and without running anything: no process, no hook, no filter, no
//! configuration from outside the repository. So it is safe in a workspace that nobody trusts.

use std::path::{Path, PathBuf};

use gix::objs::tree::EntryKind;

use crate::Shared;

/// Folders below one another that are looked into; deeper trees are not of people.
const DEEPEST: usize = 64;

/// See [`crate::Disk::shared`].
pub(crate) fn shared(folder: &Path, branch: Option<&str>) -> Option<Shared> {
    let folder = gix::path::realpath(folder).ok()?;
    let options = gix::open::Options::isolated();
    let (place, _) = gix::discover::upwards(&folder).ok()?;
    let (git_dir, work_tree) = place.into_repository_and_work_tree_directories();
    let repository = options.open(git_dir).ok()?.to_thread_local();
    let root = gix::path::realpath(work_tree?).ok()?;
    let (name, mut tree) = default_tree(&repository, branch)?;
    let below = folder.strip_prefix(&root).ok()?;
    if !below.as_os_str().is_empty() {
        let entry = tree.lookup_entry_by_path(below).ok()?;
        tree = match entry {
            Some(entry) => entry.object().ok()?.try_into_tree().ok()?,
            // The branch does not have the folder: all of it is new.
            None => return Some(Shared { branch: name, ..Shared::default() }),
        };
    }
    let mut shared = Shared { branch: name, ..Shared::default() };
    collect(&repository, &tree, &folder, &mut shared)?;
    Some(shared)
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

/// Adds every file below `tree`. `None` where an object cannot be read (a shallow or broken
/// repository): then nothing is known rather than a part of it.
fn collect(
    repository: &gix::Repository,
    tree: &gix::Tree<'_>,
    folder: &Path,
    shared: &mut Shared,
) -> Option<()> {
    let mut open: Vec<(gix::ObjectId, PathBuf)> = vec![(tree.id, folder.to_owned())];
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
                EntryKind::Blob | EntryKind::BlobExecutable => {
                    shared.files.insert(path);
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

    fn git(folder: &Path, arguments: &[&str]) {
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
        assert_eq!(found.branch, "main");
        assert_eq!(found.files.into_iter().collect::<Vec<_>>(), [versions.join("a.py")]);
        let feature = shared(&versions, Some("feature")).expect("the branch that was named");
        assert_eq!(feature.files.len(), 2);
        assert_eq!(shared(&versions, Some("nowhere")), None);
    }

    #[test]
    fn outside_a_repository_nothing_is_shared() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(shared(folder.path(), None), None);
    }
}
