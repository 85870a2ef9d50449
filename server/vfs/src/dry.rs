//! A disk whose writes stay in memory, to see what a change would do.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::disk::{Disk, Entry, Found, Kind, Shared, SinceError, Stamp, Walk};

/// Another disk, over which writes, removals and moves are remembered and nothing is done.
///
/// New files are seen in folders that are there below; what git says is what it says of the disk
/// below.
pub struct DryDisk {
    below: Arc<dyn Disk>,
    /// The new content, or nothing where the file was removed.
    changes: Mutex<BTreeMap<PathBuf, Option<Vec<u8>>>>,
}

/// What became of a file: its content before and after, where there is one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// The file.
    pub path: PathBuf,
    /// What the disk has.
    pub before: Option<Vec<u8>>,
    /// What it would have.
    pub after: Option<Vec<u8>>,
}

impl DryDisk {
    /// Nothing changed yet.
    pub fn new(below: Arc<dyn Disk>) -> Self {
        Self { below, changes: Mutex::default() }
    }

    /// The files that differ from those below, by path. Errors where one below cannot be read.
    pub fn changed(&self) -> io::Result<Vec<Changed>> {
        let mut changed = Vec::new();
        for (path, after) in self.changes().iter() {
            let before = match self.below.read(path) {
                Ok(bytes) => Some(bytes),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
            if before != *after {
                changed.push(Changed { path: path.clone(), before, after: after.clone() });
            }
        }
        Ok(changed)
    }

    fn changes(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Option<Vec<u8>>>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was done to a path, if anything was.
    fn change(&self, path: &Path) -> Option<Option<Vec<u8>>> {
        self.changes().get(path).cloned()
    }
}

impl Disk for DryDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.change(path) {
            Some(content) => content.ok_or_else(|| io::ErrorKind::NotFound.into()),
            None => self.below.read(path),
        }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = self.below.list(path)?;
        for (changed, content) in self.changes().iter() {
            if changed.parent() != Some(path) {
                continue;
            }
            let Some(name) = changed.file_name().and_then(|name| name.to_str()) else { continue };
            entries.retain(|entry| entry.name != name || entry.link && content.is_some());
            if content.is_some() && entries.iter().all(|entry| entry.name != name) {
                entries.push(Entry { name: name.to_owned(), folder: false, link: false });
            }
        }
        entries.sort();
        Ok(entries)
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        match self.change(path) {
            Some(content) => content.map(|_| Kind::File),
            None => self.below.kind(path),
        }
    }

    fn stamp(&self, path: &Path) -> Option<Stamp> {
        match self.change(path) {
            Some(content) => {
                content.map(|bytes| Stamp { modified: None, length: bytes.len() as u64 })
            }
            None => self.below.stamp(path),
        }
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        match self.change(path) {
            Some(Some(_)) => self.below.real_path(path).or_else(|_| Ok(path.to_owned())),
            Some(None) => Err(io::ErrorKind::NotFound.into()),
            None => self.below.real_path(path),
        }
    }

    fn find(&self, root: &Path, walk: &Walk, accept: &(dyn Fn(&str) -> bool + Sync)) -> Found {
        let mut found: BTreeSet<PathBuf> =
            self.below.find(root, walk, accept).files.into_iter().collect();
        for (path, content) in self.changes().iter() {
            let name = path.file_name().and_then(|name| name.to_str());
            if content.is_none() {
                found.remove(path);
            } else if path.starts_with(root) && name.is_some_and(accept) {
                found.insert(path.clone());
            }
        }
        Found { files: found.into_iter().collect(), ..Found::default() }
    }

    fn shared(&self, folder: &Path, branch: Option<&str>) -> Option<Shared> {
        self.below.shared(folder, branch)
    }

    fn branches(&self, folder: &Path) -> Vec<String> {
        self.below.branches(folder)
    }

    fn on_branches(&self, folder: &Path, visit: &mut dyn FnMut(&str, &Path, &[u8]) -> bool) {
        self.below.on_branches(folder, visit);
    }

    fn changed_since(
        &self,
        folder: &Path,
        reference: &str,
        files: &[PathBuf],
    ) -> Result<BTreeSet<PathBuf>, SinceError> {
        let mut changed = self.below.changed_since(folder, reference, files)?;
        let own = self.changes();
        changed.extend(files.iter().filter(|file| own.contains_key(*file)).cloned());
        Ok(changed)
    }

    fn before(
        &self,
        folder: &Path,
        reference: &str,
        files: &[PathBuf],
    ) -> Result<BTreeMap<PathBuf, Vec<u8>>, SinceError> {
        self.below.before(folder, reference, files)
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.changes().insert(path.to_owned(), Some(content.to_vec()));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.read(path)?;
        self.changes().insert(path.to_owned(), None);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if self.kind(to).is_some() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "the new path is taken"));
        }
        let content = self.read(from)?;
        let mut changes = self.changes();
        changes.insert(from.to_owned(), None);
        changes.insert(to.to_owned(), Some(content));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryDisk;

    #[test]
    fn what_is_written_is_read_and_the_disk_below_stays_as_it_was() {
        let below =
            Arc::new(MemoryDisk::new([("/v/a.py", "1"), ("/v/b.py", "2"), ("/v/c.py", "3")]));
        let disk = DryDisk::new(below.clone());
        disk.write(Path::new("/v/a.py"), b"one").expect("written");
        disk.write(Path::new("/v/b.py"), b"2").expect("written as it was");
        disk.write(Path::new("/v/d.py"), b"4").expect("made");
        disk.rename(Path::new("/v/c.py"), Path::new("/v/e.py")).expect("moved");
        assert!(disk.rename(Path::new("/v/a.py"), Path::new("/v/e.py")).is_err());
        assert_eq!(disk.read(Path::new("/v/a.py")).expect("there"), b"one");
        assert_eq!(disk.kind(Path::new("/v/c.py")), None);
        let names: Vec<String> =
            disk.list(Path::new("/v")).expect("a folder").into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["a.py", "b.py", "d.py", "e.py"]);
        let found =
            disk.find(Path::new("/v"), &Walk::default(), &|name| name.ends_with(".py")).files;
        assert_eq!(found.len(), 4);
        let changed: Vec<(String, bool, bool)> = disk
            .changed()
            .expect("readable")
            .into_iter()
            .map(|one| (one.path.display().to_string(), one.before.is_some(), one.after.is_some()))
            .collect();
        let expected = [
            ("/v/a.py".to_owned(), true, true),
            ("/v/c.py".to_owned(), true, false),
            ("/v/d.py".to_owned(), false, true),
            ("/v/e.py".to_owned(), false, true),
        ];
        assert_eq!(changed, expected);
        assert_eq!(below.read(Path::new("/v/a.py")).expect("there"), b"1");
    }
}
