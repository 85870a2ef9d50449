//! Git objects, read in one place and without running anything: no process, no hook, no filter, no
//! configuration from outside the repository. So it is safe in a workspace that nobody trusts.

mod branches;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use gix::objs::tree::EntryKind;

use crate::{Shared, SinceError};

pub(crate) use branches::on_branches;

/// Folders below one another that are looked into; deeper trees are not of people.
const DEEPEST: usize = 64;

/// See [`crate::Disk::shared`].
pub(crate) fn shared(folder: &Path, branch: Option<&str>) -> Option<Shared> {
    let folder = gix::path::realpath(folder).ok()?;
    let (repository, root) = around(&folder)?;
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

/// The repository around a folder and the real path of its work tree.
fn around(folder: &Path) -> Option<(gix::Repository, PathBuf)> {
    let (place, _) = gix::discover::upwards(folder).ok()?;
    let (git_dir, work_tree) = place.into_repository_and_work_tree_directories();
    let repository = gix::open::Options::isolated().open(git_dir).ok()?.to_thread_local();
    Some((repository, gix::path::realpath(work_tree?).ok()?))
}

/// See [`crate::Disk::changed_since`].
pub(crate) fn changed_since(
    folder: &Path,
    reference: &str,
    files: &[PathBuf],
    read: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
) -> Result<BTreeSet<PathBuf>, SinceError> {
    let nowhere = || SinceError::NoRepository { folder: folder.to_owned() };
    let real = gix::path::realpath(folder).map_err(|_| nowhere())?;
    let (repository, root) = around(&real).ok_or_else(nowhere)?;
    let unreadable = |why: String| SinceError::Unreadable { why };
    let shallow = repository.is_shallow().map_err(|error| unreadable(error.to_string()))?;
    let reference = reference.to_owned();
    let commit = |name: &str| {
        let id = repository.rev_parse_single(name).ok()?;
        Some(id.object().ok()?.peel_to_kind(gix::object::Kind::Commit).ok()?.id)
    };
    let head = commit("HEAD").ok_or(SinceError::NoCommits)?;
    let Some(other) = commit(&reference) else {
        return Err(SinceError::NoSuchCommit { reference });
    };
    let base = match repository.merge_base(head, other) {
        Ok(Some(base)) => base,
        // What is missing from a shallow clone is an error of the walk.
        Ok(None) => return Err(SinceError::NoMergeBase { reference, shallow }),
        Err(_) if shallow => return Err(SinceError::NoMergeBase { reference, shallow }),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    let no_tree = || unreadable(format!("the tree of {base} is not there"));
    let tree = base.object().ok().and_then(|object| object.try_into_commit().ok());
    let tree = tree.and_then(|commit| commit.tree().ok()).ok_or_else(no_tree)?;
    let mut folders: BTreeMap<PathBuf, BTreeMap<String, gix::ObjectId>> = BTreeMap::new();
    let mut changed = BTreeSet::new();
    for file in files {
        let place = gix::path::realpath(file).unwrap_or_else(|_| file.clone());
        let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else { continue };
        // A file outside of the repository is none that the base has.
        let Ok(below) = parent.strip_prefix(&root) else {
            changed.insert(file.clone());
            continue;
        };
        if !folders.contains_key(below) {
            let entries = entries(&tree, below).ok_or_else(no_tree)?;
            folders.insert(below.to_owned(), entries);
        }
        let known = folders.get(below).and_then(|names| names.get(name.to_str()?));
        if known.is_none_or(|known| !is_blob(&repository, *known, &read(&place))) {
            changed.insert(file.clone());
        }
    }
    Ok(changed)
}

/// The files of a folder in a tree; none where the tree does not have the folder.
fn entries(tree: &gix::Tree<'_>, folder: &Path) -> Option<BTreeMap<String, gix::ObjectId>> {
    let mut tree = tree.clone();
    if !folder.as_os_str().is_empty() {
        let Some(entry) = tree.lookup_entry_by_path(folder).ok()? else {
            return Some(BTreeMap::new());
        };
        tree = entry.object().ok()?.try_into_tree().ok()?;
    }
    let mut names = BTreeMap::new();
    for entry in tree.iter() {
        let entry = entry.ok()?;
        if let Ok(name) = std::str::from_utf8(entry.filename()) {
            names.insert(name.to_owned(), entry.object_id());
        }
    }
    Some(names)
}

/// Whether a file has the content of a blob. A checkout may have given it the line ends of its
/// platform, so that it also counts with those of git.
fn is_blob(repository: &gix::Repository, id: gix::ObjectId, read: &io::Result<Vec<u8>>) -> bool {
    let Ok(bytes) = read else { return false };
    let is = |bytes: &[u8]| {
        gix::objs::compute_hash(repository.object_hash(), gix::objs::Kind::Blob, bytes)
            .is_ok_and(|hash| hash == id)
    };
    let unix = || {
        let text = String::from_utf8_lossy(bytes);
        text.contains("\r\n").then(|| text.replace("\r\n", "\n"))
    };
    is(bytes) || unix().is_some_and(|text| is(text.as_bytes()))
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

    fn since(root: &Path, reference: &str, names: &[&str]) -> Result<Vec<String>, SinceError> {
        let files: Vec<PathBuf> = names.iter().map(|name| root.join(name)).collect();
        let changed = changed_since(root, reference, &files, &|path| std::fs::read(path))?;
        let name = |path: PathBuf| Some(path.strip_prefix(root).ok()?.to_str()?.to_owned());
        Ok(changed.into_iter().filter_map(name).collect())
    }

    #[test]
    fn what_differs_from_the_merge_base_has_changed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("a real path");
        let write = |name: &str, text: &str| {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            std::fs::write(path, text).expect("written");
        };
        let commit = |message: &str| {
            git(&root, &["add", "."]);
            git(&root, &["commit", "-q", "-m", message]);
        };
        git(&root, &["init", "-q", "-b", "main"]);
        assert_eq!(since(&root, "main", &[]), Err(SinceError::NoCommits));
        write("v/same.py", "a\nb\n");
        write("v/edited.py", "a\n");
        write("v/later.py", "a\n");
        commit("base");
        git(&root, &["switch", "-q", "-c", "feature"]);
        write("v/committed.py", "c\n");
        commit("feature");
        git(&root, &["switch", "-q", "main"]);
        write("v/later.py", "changed on main alone\n");
        commit("main goes on");
        git(&root, &["switch", "-q", "feature"]);
        // As a checkout on Windows leaves it.
        write("v/same.py", "a\r\nb\r\n");
        write("v/edited.py", "b\n");
        write("new/untracked.py", "u\n");
        let names =
            ["v/same.py", "v/edited.py", "v/later.py", "v/committed.py", "new/untracked.py"];
        let expected = ["new/untracked.py", "v/committed.py", "v/edited.py"];
        assert_eq!(since(&root, "main", &names).expect("there is a base"), expected);
        assert_eq!(since(&root, "main~1", &names).expect("the base itself"), expected);
        let expected = ["new/untracked.py", "v/edited.py"];
        assert_eq!(since(&root, "HEAD", &names).expect("the work tree alone"), expected);
    }

    #[test]
    fn where_there_is_no_merge_base_the_remedy_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("a real path").join("origin");
        std::fs::create_dir_all(&root).expect("a folder");
        let told = |root: &Path, reference| {
            since(root, reference, &[]).expect_err("no merge base").to_string()
        };
        let here = told(&root, "main");
        assert!(here.contains("no git repository"), "{here}");
        git(&root, &["init", "-q", "-b", "main"]);
        for name in ["a", "b"] {
            std::fs::write(root.join(name), name).expect("written");
            git(&root, &["add", "."]);
            git(&root, &["commit", "-q", "-m", name]);
        }
        git(&root, &["switch", "-q", "-c", "feature", "main~1"]);
        git(&root, &["commit", "-q", "--allow-empty", "-m", "f"]);
        let unknown = told(&root, "elsewhere");
        assert!(unknown.contains("`git fetch origin elsewhere`"), "{unknown}");
        git(&root, &["switch", "-q", "--orphan", "alone"]);
        git(&root, &["commit", "-q", "--allow-empty", "-m", "o"]);
        assert_eq!(
            told(&root, "main"),
            "HEAD and main have no commit in common; name a branch that this one comes from"
        );
        let url = format!("file://{}", root.display());
        let outside = root.parent().expect("a folder");
        git(outside, &["clone", "-q", "--depth", "1", "-b", "feature", &url, "shallow"]);
        let shallow = outside.join("shallow");
        git(&shallow, &["fetch", "-q", "--depth", "1", "origin", "main:main"]);
        let shallow = told(&shallow, "main");
        assert!(shallow.contains("`git fetch --unshallow`"), "{shallow}");
    }
}
