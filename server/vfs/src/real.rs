//! The operating system's file system.
#![allow(clippy::disallowed_methods, reason = "this is the door that the lint points to")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use ignore::WalkBuilder;
use ignore::overrides::OverrideBuilder;

use crate::disk::{Disk, Entry, Kind, Shared, SinceError, Stamp, Walk, is_foreign};
use crate::git;

/// No migration is this long; reading more could exhaust memory.
const LONGEST: u64 = 64 << 20;

/// The operating system's file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut file = fs::File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            // A pipe or a device would block or never end.
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        if metadata.len() > LONGEST {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "longer than 64 MiB"));
        }
        // One byte more than the file has: a read that leaves room reached the end, so that a small
        // file takes one call.
        let mut bytes = vec![0; usize::try_from(metadata.len()).unwrap_or(0) + 1];
        let mut filled = 0;
        loop {
            match file.read(bytes.get_mut(filled..).unwrap_or_default()) {
                Ok(0) => break,
                Ok(read) => {
                    filled += read;
                    if filled < bytes.len() && filled as u64 >= metadata.len() {
                        break;
                    }
                    if filled == bytes.len() {
                        // It grew since.
                        bytes.resize(filled * 2, 0);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let Ok(kind) = entry.file_type() else { continue };
            let link = kind.is_symlink();
            let folder = if link { entry.path().is_dir() } else { kind.is_dir() };
            entries.push(Entry { name, folder, link });
        }
        entries.sort();
        Ok(entries)
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

    fn find(
        &self,
        root: &Path,
        walk: &Walk,
        accept: &(dyn Fn(&str) -> bool + Sync),
    ) -> Vec<PathBuf> {
        let mut overrides = OverrideBuilder::new(root);
        for glob in &walk.exclude {
            // A glob that cannot be read excludes nothing; the settings report it.
            if overrides.add(&format!("!{glob}")).is_err() {
                continue;
            }
        }
        let mut builder = WalkBuilder::new(root);
        // Not the ignore files above: who opens an ignored folder means it.
        builder.require_git(false).parents(false).follow_links(false).filter_entry(|entry| {
            let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            !folder
                || entry.depth() == 0
                || !(entry.file_name().to_str().is_some_and(is_foreign)
                    || entry.path().join("pyvenv.cfg").is_file())
        });
        if let Ok(overrides) = overrides.build() {
            builder.overrides(overrides);
        }
        let mut found: Vec<PathBuf> = builder
            .build()
            .filter_map(Result::ok)
            .filter(|entry| !entry.file_type().is_some_and(|kind| kind.is_dir()))
            .filter(|entry| entry.file_name().to_str().is_some_and(accept))
            .map(ignore::DirEntry::into_path)
            .collect();
        found.sort();
        found
    }

    fn shared(&self, folder: &Path, branch: Option<&str>) -> Option<Shared> {
        git::shared(folder, branch)
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
