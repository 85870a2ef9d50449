//! What differs from the place where two histories parted.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use gix::prelude::ObjectIdExt;

use super::Folder;
use crate::SinceError;

/// See [`crate::Disk::changed_since`].
pub(crate) fn changed_since(
    folder: &Path,
    reference: &str,
    files: &[PathBuf],
    read: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
) -> Result<BTreeSet<PathBuf>, SinceError> {
    let mut changed = BTreeSet::new();
    compare(folder, reference, files, read, &mut |file, _| {
        changed.insert(file.to_owned());
    })?;
    Ok(changed)
}

/// See [`crate::Disk::before`].
pub(crate) fn before(
    folder: &Path,
    reference: &str,
    files: &[PathBuf],
    read: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
) -> Result<BTreeMap<PathBuf, Vec<u8>>, SinceError> {
    let mut before = BTreeMap::new();
    compare(folder, reference, files, read, &mut |file, blob| {
        // What cannot be read is not known, as what is not there.
        if let Some(blob) = blob.and_then(|blob| blob.object().ok()) {
            before.insert(file.to_owned(), blob.data.clone());
        }
    })?;
    Ok(before)
}

/// Shows each file whose content is not that of the merge base, with its blob there.
fn compare(
    folder: &Path,
    reference: &str,
    files: &[PathBuf],
    read: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
    differs: &mut dyn FnMut(&Path, Option<gix::Id<'_>>),
) -> Result<(), SinceError> {
    let nowhere = || SinceError::NoRepository { folder: folder.to_owned() };
    let Folder { root, repository, .. } = Folder::open(folder).ok_or_else(nowhere)?;
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
    for file in files {
        let place = gix::path::realpath(file).unwrap_or_else(|_| file.clone());
        let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else { continue };
        // A file outside of the repository is none that the base has.
        let Ok(below) = parent.strip_prefix(&root) else {
            differs(file, None);
            continue;
        };
        if !folders.contains_key(below) {
            let entries = entries(&tree, below).ok_or_else(no_tree)?;
            folders.insert(below.to_owned(), entries);
        }
        let known = folders.get(below).and_then(|names| names.get(name.to_str()?));
        if known.is_none_or(|known| !is_blob(&repository, *known, &read(&place))) {
            differs(file, known.map(|known| known.attach(&repository)));
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "the test makes its repository with git itself")]

    use super::super::tests::git;
    use super::*;

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
        let files = names.map(|name| root.join(name));
        let before = before(&root, "main", &files, &|path| std::fs::read(path));
        let edited = (root.join("v/edited.py"), b"a\n".to_vec());
        assert_eq!(before.expect("there is a base"), BTreeMap::from([edited]));
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
