//! The operating system's file system.
#![allow(clippy::disallowed_methods, reason = "this is the door that the lint points to")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(unix)]
use rustix::fs::{Mode, OFlags};

#[cfg(unix)]
use crate::disk::Folder;
use crate::disk::{Disk, Entry, Found, Kind, Shared, SinceError, Stamp, Walk};
use crate::{git, walk};

/// No migration is this long; reading more could exhaust memory.
const LONGEST: u64 = 64 << 20;

/// Nearly every revision is shorter than this, in bytes.
const MOST_OFTEN: usize = 8 << 10;

/// How files are opened for reading: without waiting for the other end of a pipe.
#[cfg(unix)]
const READING: OFlags =
    OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

#[cfg(unix)]
fn open(path: &Path) -> io::Result<fs::File> {
    Ok(rustix::fs::open(path, READING, Mode::empty())?.into())
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<fs::File> {
    fs::File::open(path)
}

#[cfg(unix)]
struct OpenFolder(std::os::fd::OwnedFd);

#[cfg(unix)]
impl Folder for OpenFolder {
    fn read_into(&self, name: &std::ffi::OsStr, bytes: &mut Vec<u8>) -> io::Result<()> {
        let file = rustix::fs::openat(&self.0, name, READING, Mode::empty())?;
        read_whole(file.into(), bytes)
    }
}

/// Reads a file that was opened to its end.
fn read_whole(mut file: fs::File, bytes: &mut Vec<u8>) -> io::Result<()> {
    bytes.resize(MOST_OFTEN, 0);
    let mut filled = 0;
    loop {
        match file.read(bytes.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => {
                if filled == 0 {
                    length(&file)?;
                }
                break;
            }
            Ok(read) => {
                filled += read;
                // A read of a file that leaves room has reached the end, so that a small file takes
                // one call.
                if filled < bytes.len() {
                    break;
                }
                let left = length(&file)?.saturating_sub(filled as u64);
                let left = usize::try_from(left).unwrap_or(usize::MAX);
                bytes.resize(filled.saturating_add(left.max(MOST_OFTEN)), 0);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                length(&file)?;
                return Err(error);
            }
        }
    }
    bytes.truncate(filled);
    Ok(())
}

/// The first bytes of a name as a number: in most comparisons of a sort they decide.
fn beginning(name: &str) -> u64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(first)
}

/// The length of a file in bytes. Errors where it is none, or longer than any that a person wrote.
fn length(file: &fs::File) -> io::Result<u64> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        // A pipe or a device would block or never end.
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    if metadata.len() > LONGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "longer than 64 MiB"));
    }
    Ok(metadata.len())
}

/// The operating system's file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_into(path, &mut bytes)?;
        Ok(bytes)
    }

    fn read_into(&self, path: &Path, bytes: &mut Vec<u8>) -> io::Result<()> {
        read_whole(open(path)?, bytes)
    }

    #[cfg(unix)]
    fn folder(&self, path: &Path) -> Option<Box<dyn Folder>> {
        let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
        let folder = rustix::fs::open(path, flags, Mode::empty()).ok()?;
        Some(Box::new(OpenFolder(folder)))
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let mut entries: Vec<(u64, Entry)> = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let Ok(kind) = entry.file_type() else { continue };
            let link = kind.is_symlink();
            let folder = if link { entry.path().is_dir() } else { kind.is_dir() };
            entries.push((beginning(&name), Entry { name, folder, link }));
        }
        entries.sort_unstable();
        Ok(entries.into_iter().map(|(_, entry)| entry).collect())
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        let metadata = fs::metadata(path).ok()?;
        Some(if metadata.is_file() {
            Kind::File
        } else if metadata.is_dir() {
            Kind::Folder
        } else {
            Kind::Other
        })
    }

    fn stamp(&self, path: &Path) -> Option<Stamp> {
        let metadata = fs::metadata(path).ok()?;
        metadata
            .is_file()
            .then(|| Stamp { modified: metadata.modified().ok(), length: metadata.len() })
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn find(&self, root: &Path, walk: &Walk, accept: &(dyn Fn(&str) -> bool + Sync)) -> Found {
        walk::find(root, walk, accept, &|folder| self.list(folder))
    }

    fn shared(&self, folder: &Path, branch: Option<&str>) -> Option<Shared> {
        git::shared(folder, branch)
    }

    fn branches(&self, folder: &Path) -> Vec<String> {
        git::branches(folder).unwrap_or_default()
    }

    fn on_branches(&self, folder: &Path, visit: &mut dyn FnMut(&str, &Path, &[u8]) -> bool) {
        // Nothing to show and nothing that can be read are the same to whoever looks.
        let _seen = crate::git::on_branches(folder, visit);
    }

    fn changed_since(
        &self,
        folder: &Path,
        reference: &str,
        files: &[PathBuf],
    ) -> Result<BTreeSet<PathBuf>, SinceError> {
        git::changed_since(folder, reference, files, &|path| self.read(path))
    }

    fn before(
        &self,
        folder: &Path,
        reference: &str,
        files: &[PathBuf],
    ) -> Result<BTreeMap<PathBuf, Vec<u8>>, SinceError> {
        git::before(folder, reference, files, &|path| self.read(path))
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let folder = path.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(folder)?;
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("file");
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let side = folder.join(format!(".{name}.{}.{number}.tmp", std::process::id()));
        let written = (|| {
            let mut file = fs::File::create(&side)?;
            file.write_all(content)?;
            if let Ok(metadata) = fs::metadata(path) {
                file.set_permissions(metadata.permissions())?;
            }
            fs::rename(&side, path)
        })();
        if written.is_err() {
            drop(fs::remove_file(&side));
        }
        written
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if to.exists() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "the new path is taken"));
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::rename(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_any_length_are_read_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("f");
        let mut buffer = b"of the last file".to_vec();
        for length in [0, 1, MOST_OFTEN - 1, MOST_OFTEN, MOST_OFTEN + 1, 5 * MOST_OFTEN + 7] {
            let text: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            fs::write(&path, &text).expect("written");
            RealDisk.read_into(&path, &mut buffer).expect("read");
            assert_eq!(buffer, text);
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_refused_and_never_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        for path in [pipe.as_path(), Path::new("/dev/zero"), Path::new("/dev/null")] {
            let error = RealDisk.read(path).expect_err("no file");
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{}", path.display());
        }
        RealDisk.read(folder.path()).expect_err("a folder");
    }
}
