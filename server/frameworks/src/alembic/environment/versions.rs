//! The revision files of an environment, in the order in which Alembic loads them.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use revline_text::{Range, Span};
use revline_vfs::{Disk, Entry, Files, Kind, Listings};

use super::Environment;
use crate::alembic::config::{ConfigDefect, ConfigDefectKind};

/// No tree of version folders is this deep; links to folders are not followed, as in Alembic.
const DEEPEST: usize = 64;

/// What the version folders hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VersionFiles {
    /// Source files in load order, by the path through which they were first reached.
    pub files: Vec<PathBuf>,
    /// Compiled files that count as revisions (`sourceless`) and cannot be read without Python.
    pub compiled: Vec<PathBuf>,
    /// Folders that cannot be listed, and files that are reached twice.
    pub defects: Vec<ConfigDefect>,
}

/// Whether Alembic takes a file of that name for a revision: `.py`, and neither `__init__…` nor an
/// editor's lock file `.#…`.
pub fn is_revision_file(name: &str) -> bool {
    name.ends_with(".py") && !skipped(name)
}

fn skipped(name: &str) -> bool {
    name.starts_with(".#") || name.starts_with("__init__") || name.contains('\n')
}

/// Whether a file, there or not, belongs to an environment by its path.
pub fn owns(environment: &Environment, path: &Path) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|n| n.to_str()))
    else {
        return false;
    };
    is_revision_file(name)
        && environment.version_dirs.iter().any(|versions| {
            folder == versions
                || environment.recursive
                    && folder.strip_prefix(versions).is_ok_and(|below| {
                        !below.iter().any(|part| part.to_string_lossy().ends_with("__pycache__"))
                    })
        })
}

/// The files in Alembic's load order: folder by folder, by name, files before folders. A folder among
/// `listings` is not listed again.
pub fn version_files(
    files: &Files,
    environment: &Environment,
    listings: &Listings,
) -> VersionFiles {
    let mut reader = Reader {
        disk: files.disk(),
        listings,
        environment,
        blame: blame(files, environment),
        may_repeat: environment.version_dirs.len() > 1
            || environment.recursive
            || environment.sourceless,
        seen: HashSet::new(),
        found: VersionFiles::default(),
    };
    for folder in &environment.version_dirs {
        if reader.disk.kind(folder) == Some(Kind::Folder) {
            let real = reader.disk.real_path(folder).unwrap_or_else(|_| folder.clone());
            reader.read(folder, &real, 0);
        }
    }
    reader.found
}

/// Where defects of folders are told: at the version locations, the script location, `env.py`.
fn blame(files: &Files, environment: &Environment) -> Span {
    let config = environment.config();
    config
        .and_then(|config| config.version_locations.as_ref().map(|setting| setting.span))
        .or_else(|| config?.script_location.as_ref().map(|setting| setting.span))
        .unwrap_or_else(|| {
            let path = environment.env_py.clone().unwrap_or(environment.script_location.clone());
            Span::new(files.id(&path), Range::empty(0))
        })
}

struct Reader<'a> {
    disk: &'a dyn Disk,
    listings: &'a Listings,
    environment: &'a Environment,
    blame: Span,
    /// Whether a file can be reached twice: not in one folder without links.
    may_repeat: bool,
    /// The real paths of the files that were reached, where one may be reached twice.
    seen: HashSet<PathBuf>,
    found: VersionFiles,
}

impl Reader<'_> {
    fn defect(&mut self, message: String, kind: ConfigDefectKind) {
        self.found.defects.push(ConfigDefect { span: self.blame, message, kind });
    }

    fn read(&mut self, folder: &Path, real: &Path, depth: usize) {
        let listed = match self.listings.get(folder) {
            Some(known) => Ok(Cow::Borrowed(known.as_slice())),
            None => self.disk.list(folder).map(Cow::Owned),
        };
        let entries = match listed {
            Ok(entries) => entries,
            Err(error) => {
                // An empty folder of a memory disk is one that is not there.
                if error.kind() != std::io::ErrorKind::NotFound {
                    let message = format!("{} cannot be listed: {error}", folder.display());
                    self.defect(message, ConfigDefectKind::Unreadable);
                }
                return;
            }
        };
        self.may_repeat |= entries.iter().any(|entry| entry.link);
        for entry in entries.iter().filter(|entry| !entry.folder) {
            self.file(folder, real, entry);
        }
        if self.environment.sourceless {
            let names: BTreeSet<&str> = entries
                .iter()
                .filter(|e| !e.folder)
                .filter_map(|e| e.name.split('.').next())
                .collect();
            let cache = folder.join("__pycache__");
            let real_cache = self.disk.real_path(&cache).unwrap_or_else(|_| cache.clone());
            for entry in self.disk.list(&cache).unwrap_or_default() {
                let stem = entry.name.split('.').next().unwrap_or_default();
                if !entry.folder && !names.contains(stem) {
                    self.file(&cache, &real_cache, &entry);
                }
            }
        }
        if !self.environment.recursive {
            return;
        }
        for entry in entries.iter().filter(|entry| entry.folder) {
            if entry.name.ends_with("__pycache__") {
                continue;
            }
            if entry.link {
                continue;
            }
            let path = folder.join(&entry.name);
            if depth >= DEEPEST {
                let message = format!("{} nests too deeply to be read", path.display());
                self.defect(message, ConfigDefectKind::Unreadable);
                continue;
            }
            self.read(&path, &real.join(&entry.name), depth + 1);
        }
    }

    fn file(&mut self, folder: &Path, real_folder: &Path, entry: &Entry) {
        let name = entry.name.as_str();
        let compiled =
            self.environment.sourceless && (name.ends_with(".pyc") || name.ends_with(".pyo"));
        // A link may carry any name: what it leads to counts.
        if !compiled && !entry.link && !name.ends_with(".py") {
            return;
        }
        let path = folder.join(name);
        if !self.may_repeat {
            if is_revision_file(name) {
                self.found.files.push(path);
            }
            return;
        }
        let real = if entry.link {
            match self.disk.real_path(&path) {
                Ok(real) => real,
                Err(error) => {
                    let message = format!("{} cannot be read: {error}", path.display());
                    self.defect(message, ConfigDefectKind::Unreadable);
                    return;
                }
            }
        } else {
            real_folder.join(name)
        };
        if self.seen.contains(&real) {
            let message = format!(
                "File {} loaded twice! ignoring. Please ensure version_locations is unique.",
                real.display()
            );
            self.defect(message, ConfigDefectKind::LoadedTwice);
            return;
        }
        self.seen.insert(real.clone());
        let real_name = real.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if is_revision_file(real_name) {
            self.found.files.push(path);
        } else if self.environment.sourceless
            && !skipped(real_name)
            && self.counts(&real, real_name)
        {
            self.found.compiled.push(path);
        }
    }

    /// Whether a compiled file stands in for a source that is not there; `.pyc` before `.pyo`.
    fn counts(&self, real: &Path, name: &str) -> bool {
        let Some(source) = name.strip_suffix(['c', 'o']).filter(|name| name.ends_with(".py"))
        else {
            return false;
        };
        let there = |name: &str| self.disk.kind(&real.with_file_name(name)).is_some();
        !(there(source) || name.ends_with('o') && there(&format!("{source}c")))
    }
}
