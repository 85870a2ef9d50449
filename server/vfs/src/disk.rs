//! The one door to the file system, as a trait, so that tests can stand another world behind it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What a path leads to; links are followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// Anything else: a socket, a device.
    Other,
}

/// One name in a folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry {
    /// The name, without its folder.
    pub name: String,
    /// Whether it is a folder (links followed).
    pub folder: bool,
    /// Whether it is a link: only then is its real path another one than its folder's and its name.
    pub link: bool,
}

/// What changes when a file changes: cheap to ask, compared before a file is read again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Stamp {
    /// Time of the last change.
    pub modified: Option<SystemTime>,
    /// Length in bytes.
    pub length: u64,
}

/// What a search through folders leaves out.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Globs (in `.gitignore` syntax, relative to the root) that are left out.
    pub exclude: Vec<String>,
}

/// The names in folders, as [`Disk::list`] gives them.
pub type Listings = HashMap<PathBuf, Vec<Entry>>;

/// What a search through folders found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// The files, sorted by path.
    pub files: Vec<PathBuf>,
    /// Folders with Python files that were listed on the way: for whoever would list them again.
    pub listings: Listings,
}

/// The files of a default branch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shared {
    /// The branch, as git names it for people: `origin/main`.
    pub branch: String,
    /// Absolute paths of its files.
    pub files: BTreeSet<PathBuf>,
}

/// Why it cannot be said what changed since a commit. Each tells the way out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SinceError {
    /// There is no repository around the folder.
    NoRepository {
        /// The folder.
        folder: PathBuf,
    },
    /// Nothing was committed yet.
    NoCommits,
    /// The name leads to no commit.
    NoSuchCommit {
        /// The name.
        reference: String,
    },
    /// The histories share no commit, as far as they are here.
    NoMergeBase {
        /// The name of the other one.
        reference: String,
        /// Whether the clone holds a part of the history alone.
        shallow: bool,
    },
    /// The repository cannot be read.
    Unreadable {
        /// What the reader said.
        why: String,
    },
}

impl fmt::Display for SinceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRepository { folder } => {
                write!(f, "there is no git repository around {}", folder.display())
            }
            Self::NoCommits => f.write_str("the repository has no commit yet; make one first"),
            Self::NoSuchCommit { reference } => {
                let branch = reference.strip_prefix("origin/").unwrap_or(reference);
                write!(
                    f,
                    "git knows no commit {reference}; `git fetch origin {branch}` brings a branch"
                )
            }
            Self::NoMergeBase { reference, shallow: true } => write!(
                f,
                "HEAD and {reference} have no commit in common in this shallow clone; `git fetch \
                 --unshallow` completes it (`fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` \
                 in GitLab)"
            ),
            Self::NoMergeBase { reference, shallow: false } => write!(
                f,
                "HEAD and {reference} have no commit in common; name a branch that this one comes \
                 from"
            ),
            Self::Unreadable { why } => write!(f, "the git repository cannot be read: {why}"),
        }
    }
}

impl std::error::Error for SinceError {}

/// A folder that is open: its files are found without walking the whole path each time.
pub trait Folder {
    /// As [`Disk::read_into`], for a file of the folder.
    fn read_into(&self, name: &OsStr, bytes: &mut Vec<u8>) -> io::Result<()>;
}

/// The file system. All paths are absolute. Nothing here follows a loop of links for ever.
pub trait Disk: Send + Sync {
    /// The bytes of a file. Errors as the operating system gives them; a file of more than 64 MiB
    /// is refused with `FileTooLarge`.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// As [`Disk::read`], into a buffer that may be used again for the next file.
    fn read_into(&self, path: &Path, bytes: &mut Vec<u8>) -> io::Result<()> {
        *bytes = self.read(path)?;
        Ok(())
    }

    /// Opens a folder, to read many of its files; `None` where that brings nothing, or cannot be done.
    fn folder(&self, path: &Path) -> Option<Box<dyn Folder>> {
        let _ = path;
        None
    }

    /// The names in a folder, sorted by name. Names that are not Unicode are left out.
    fn list(&self, path: &Path) -> io::Result<Vec<Entry>>;

    /// What the path leads to, or `None` where there is nothing that can be reached.
    fn kind(&self, path: &Path) -> Option<Kind>;

    /// The file's stamp, or `None` where there is no file.
    fn stamp(&self, path: &Path) -> Option<Stamp>;

    /// The path with every link resolved, as Alembic compares files.
    fn real_path(&self, path: &Path) -> io::Result<PathBuf>;

    /// Every file below `root` whose name is accepted. Hidden folders, what
    /// `.gitignore` names, virtual environments (a folder with `pyvenv.cfg`), `node_modules`,
    /// `site-packages`, `__pycache__`, and what `walk` excludes are not entered; links to folders
    /// are not followed.
    fn find(&self, root: &Path, walk: &Walk, accept: &(dyn Fn(&str) -> bool + Sync)) -> Found;

    /// What the default branch of the git repository around `folder` holds below `folder`, read
    /// without running anything: no process, no hook, no filter. `branch` names the branch where a
    /// person has set it. `None` where there is no repository or no such branch.
    fn shared(&self, folder: &Path, branch: Option<&str>) -> Option<Shared>;

    /// The names of the branches of the git repository around `folder`, local ones first, each group by name:
    /// `main`, `origin/main`. Read as [`Self::shared`] reads; empty where there is no repository.
    fn branches(&self, folder: &Path) -> Vec<String>;

    /// Shows `visit` every file below `folder` on the branches of the git repository around it, local
    /// ones first: the branch, the path as it would be here, the content. A file that several
    /// branches have alike is shown once. `visit` answers whether to go on. Nothing is run, and what
    /// cannot be read is passed over.
    fn on_branches(&self, folder: &Path, visit: &mut dyn FnMut(&str, &Path, &[u8]) -> bool);

    /// Those of `files` whose content is not that of the merge base of HEAD and `reference` in the
    /// git repository around `folder`: edited, committed since, or new. Read as [`Self::shared`]
    /// reads. Errors where the base cannot be found.
    fn changed_since(
        &self,
        folder: &Path,
        reference: &str,
        files: &[PathBuf],
    ) -> Result<BTreeSet<PathBuf>, SinceError>;

    /// What those of `files` held at the merge base of HEAD and `reference` that have another content
    /// now, read as [`Self::shared`] reads; files that the base does not have are left out. Errors as
    /// those of [`Self::changed_since`].
    fn before(
        &self,
        folder: &Path,
        reference: &str,
        files: &[PathBuf],
    ) -> Result<BTreeMap<PathBuf, Vec<u8>>, SinceError>;

    /// Writes a whole file, making its folders. A reader sees the old content or the new, never a
    /// part of either.
    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()>;

    /// Deletes a file. Errors as the operating system gives them.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Moves a file. Refuses (`AlreadyExists`) where the new path is taken.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
}

/// Folders that hold other people's code.
pub(crate) fn is_foreign(name: &str) -> bool {
    matches!(name, "node_modules" | "site-packages" | "__pycache__" | "__pypackages__")
}
