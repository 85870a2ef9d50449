//! A file system in memory, for tests and for looking at texts that are in no file.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::disk::{Disk, Entry, Found, Kind, Shared, SinceError, Stamp, Walk, is_foreign};

/// A file system in memory; it has no links and no ignore files.
#[derive(Debug, Default)]
pub struct MemoryDisk {
    files: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
    shared: Option<Shared>,
    branches: Vec<(String, BTreeMap<PathBuf, Vec<u8>>)>,
}

impl MemoryDisk {
    /// A file system with these files, given by absolute path.
    pub fn new<P: Into<PathBuf>, C: Into<Vec<u8>>>(
        files: impl IntoIterator<Item = (P, C)>,
    ) -> Self {
        let files = files.into_iter().map(|(path, content)| (path.into(), content.into()));
        Self { files: Mutex::new(files.collect()), ..Self::default() }
    }

    /// The same files, in a repository whose default branch holds `shared`.
    #[must_use]
    pub fn with_shared(mut self, shared: Shared) -> Self {
        self.shared = Some(shared);
        self
    }

    /// The same files, in a repository that has these files on another branch.
    #[must_use]
    pub fn with_branch<P: Into<PathBuf>, C: Into<Vec<u8>>>(
        mut self,
        branch: &str,
        files: impl IntoIterator<Item = (P, C)>,
    ) -> Self {
        let files = files.into_iter().map(|(path, content)| (path.into(), content.into()));
        self.branches.push((branch.to_owned(), files.collect()));
        self
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Vec<u8>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn missing() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

impl Disk for MemoryDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files().get(path).cloned().ok_or_else(missing)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = BTreeSet::new();
        for file in self.files().keys() {
            let Ok(rest) = file.strip_prefix(path) else { continue };
            let mut parts = rest.components();
            let Some(name) = parts.next().and_then(|part| part.as_os_str().to_str()) else {
                continue;
            };
            let folder = parts.next().is_some();
            entries.insert(Entry { name: name.to_owned(), folder, link: false });
        }
        if entries.is_empty() { Err(missing()) } else { Ok(entries.into_iter().collect()) }
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        let files = self.files();
        if files.contains_key(path) {
            return Some(Kind::File);
        }
        files.keys().any(|file| file.starts_with(path)).then_some(Kind::Folder)
    }

    fn stamp(&self, path: &Path) -> Option<Stamp> {
        let length = self.files().get(path)?.len() as u64;
        Some(Stamp { modified: None, length })
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        self.kind(path).map(|_| path.to_owned()).ok_or_else(missing)
    }

    fn find(&self, root: &Path, _: &Walk, accept: &(dyn Fn(&str) -> bool + Sync)) -> Found {
        let files = self.files();
        let entered = |file: &Path| {
            let rest = file.strip_prefix(root).ok()?;
            let mut names: Vec<&str> = rest.iter().filter_map(|part| part.to_str()).collect();
            let name = names.pop()?;
            let open = names.iter().all(|folder| !is_foreign(folder) && !folder.starts_with('.'));
            (open && accept(name)).then(|| file.to_owned())
        };
        let found = files.keys().filter_map(|file| entered(file)).collect();
        Found { files: found, ..Found::default() }
    }

    fn shared(&self, folder: &Path, _: Option<&str>) -> Option<Shared> {
        let mut shared = self.shared.clone()?;
        shared.files.retain(|file| file.starts_with(folder));
        Some(shared)
    }

    fn branches(&self, folder: &Path) -> Vec<String> {
        let _ = folder;
        let shared = self.shared.iter().map(|shared| shared.branch.clone());
        shared.chain(self.branches.iter().map(|(branch, _)| branch.to_string())).collect()
    }

    fn on_branches(&self, folder: &Path, visit: &mut dyn FnMut(&str, &Path, &[u8]) -> bool) {
        for (branch, files) in &self.branches {
            for (path, content) in files.iter().filter(|(path, _)| path.starts_with(folder)) {
                if !visit(branch, path, content) {
                    return;
                }
            }
        }
    }

    fn changed_since(
        &self,
        folder: &Path,
        _: &str,
        files: &[PathBuf],
    ) -> Result<BTreeSet<PathBuf>, SinceError> {
        let shared = self.shared.as_ref();
        let shared =
            shared.ok_or_else(|| SinceError::NoRepository { folder: folder.to_owned() })?;
        Ok(files.iter().filter(|file| !shared.files.contains(*file)).cloned().collect())
    }

    fn before(
        &self,
        folder: &Path,
        reference: &str,
        files: &[PathBuf],
    ) -> Result<BTreeMap<PathBuf, Vec<u8>>, SinceError> {
        let branch = self.branches.iter().find(|(name, _)| name == reference);
        let (_, there) = branch.ok_or_else(|| match self.branches.is_empty() {
            true => SinceError::NoRepository { folder: folder.to_owned() },
            false => SinceError::NoSuchCommit { reference: reference.to_owned() },
        })?;
        let here = self.files();
        let differs = |file: &&PathBuf| here.get(*file) != there.get(*file);
        let before = |file: &PathBuf| Some((file.clone(), there.get(file)?.clone()));
        Ok(files.iter().filter(differs).filter_map(before).collect())
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.files().insert(path.to_owned(), content.to_vec());
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.files().remove(path).map(|_| ()).ok_or_else(missing)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut files = self.files();
        if files.contains_key(to) {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists));
        }
        let content = files.remove(from).ok_or_else(missing)?;
        files.insert(to.to_owned(), content);
        Ok(())
    }
}
