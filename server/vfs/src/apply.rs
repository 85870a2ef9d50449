//! Writing a change to the disk, all of it or none.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use revline_text::{Edit, SourceChange, Text};

use crate::Disk;
use crate::files::{BYTE_ORDER_MARK, Files};

/// Why a change was not made; what was done before the failure was taken back.
#[derive(Debug)]
pub struct ApplyError {
    /// The file that could not be read or written.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
    /// What could not be taken back; empty unless the disk failed a second time.
    pub left: Vec<PathBuf>,
}

impl ApplyError {
    fn new(path: &Path, source: io::Error) -> Self {
        Self { path: path.to_owned(), source, left: Vec::new() }
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; ", self.path.display(), self.source)?;
        if self.left.is_empty() {
            return f.write_str("nothing was changed");
        }
        let left: Vec<String> = self.left.iter().map(|path| path.display().to_string()).collect();
        write!(f, "could not be taken back: {}", left.join(", "))
    }
}

impl std::error::Error for ApplyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Applies a change to the files on disk and returns the paths that it wrote, in order.
///
/// Everything is read and checked before the first file is written: a file that the change makes
/// must not exist, a file that is not UTF-8 is refused. Where a later act fails, the earlier ones
/// are taken back, the last one first.
pub fn apply(change: &SourceChange, files: &Files) -> Result<Vec<PathBuf>, ApplyError> {
    let disk = files.disk();
    let mut acts: Vec<Act> = Vec::new();
    for (file, edits) in &change.edits {
        acts.push(edited(&files.path(*file), edits, disk)?);
    }
    for create in &change.creates {
        if disk.kind(&create.path).is_some() {
            return Err(ApplyError::new(&create.path, io::ErrorKind::AlreadyExists.into()));
        }
        acts.push(Act::Create { path: create.path.clone(), text: create.text.clone() });
    }
    for rename in &change.renames {
        let from = files.path(rename.file).to_path_buf();
        acts.push(Act::Rename { from, to: rename.to.clone() });
    }
    for (place, act) in acts.iter().enumerate() {
        if let Err(source) = act.make(disk) {
            let mut error = ApplyError::new(act.path(), source);
            for done in acts.iter().take(place).rev() {
                if done.take_back(disk).is_err() {
                    error.left.push(done.path().to_owned());
                }
            }
            return Err(error);
        }
    }
    Ok(acts.iter().map(|act| act.path().to_owned()).collect())
}

/// One thing that happens on the disk, with what it takes to make it unhappen.
enum Act {
    Edit { path: PathBuf, before: Vec<u8>, after: Vec<u8> },
    Create { path: PathBuf, text: String },
    Rename { from: PathBuf, to: PathBuf },
}

impl Act {
    /// Where it shows afterwards.
    fn path(&self) -> &Path {
        match self {
            Self::Edit { path, .. } | Self::Create { path, .. } | Self::Rename { to: path, .. } => {
                path
            }
        }
    }

    fn make(&self, disk: &dyn Disk) -> io::Result<()> {
        match self {
            Self::Edit { path, after, .. } => disk.write(path, after),
            Self::Create { path, text } => disk.write(path, text.as_bytes()),
            Self::Rename { from, to } => disk.rename(from, to),
        }
    }

    fn take_back(&self, disk: &dyn Disk) -> io::Result<()> {
        match self {
            Self::Edit { path, before, .. } => disk.write(path, before),
            Self::Create { path, .. } => disk.remove(path),
            Self::Rename { from, to } => disk.rename(to, from),
        }
    }
}

fn edited(path: &Path, edits: &[Edit], disk: &dyn Disk) -> Result<Act, ApplyError> {
    let fail = |source| ApplyError::new(path, source);
    let before = disk.read(path).map_err(fail)?;
    let marked = before.starts_with(BYTE_ORDER_MARK);
    let body = before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&before);
    let text = std::str::from_utf8(body)
        .map_err(|error| fail(io::Error::new(io::ErrorKind::InvalidData, error)))?;
    let edited = Text::new(text).edited(edits);
    let mut after = if marked { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
    after.extend_from_slice(edited.as_str().as_bytes());
    Ok(Act::Edit { path: path.to_owned(), before, after })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use revline_text::{CreateFile, Range, RenameFile};

    use super::*;
    use crate::MemoryDisk;

    #[test]
    fn a_change_that_cannot_be_made_whole_changes_nothing() {
        let disk = Arc::new(MemoryDisk::new([("/a", "one"), ("/b", "two")]));
        let files = Files::new(disk.clone());
        let file = files.id(Path::new("/a"));
        let mut change = SourceChange::edit(file, vec![Edit::replace(Range::new(0, 3), "1")]);
        change.creates.push(CreateFile { path: "/b".into(), text: String::new() });
        assert!(apply(&change, &files).is_err());
        assert_eq!(disk.read(Path::new("/a")).expect("still there"), b"one");
    }

    #[test]
    fn what_was_done_before_a_failure_is_taken_back() {
        let disk = Arc::new(MemoryDisk::new([("/a", "one"), ("/taken", "two")]));
        let files = Files::new(disk.clone());
        let file = files.id(Path::new("/a"));
        let mut change = SourceChange::edit(file, vec![Edit::replace(Range::new(0, 3), "1")]);
        change.creates.push(CreateFile { path: "/new".into(), text: String::new() });
        change.renames.push(RenameFile { file, to: "/b".into() });
        change.renames.push(RenameFile { file: files.id(Path::new("/b")), to: "/taken".into() });
        let error = apply(&change, &files).expect_err("the last path is taken");
        assert!(error.to_string().ends_with("nothing was changed"), "{error}");
        assert_eq!(disk.read(Path::new("/a")).expect("still there"), b"one");
        assert_eq!(disk.kind(Path::new("/new")), None);
        assert_eq!(disk.kind(Path::new("/b")), None);
    }

    #[test]
    fn a_byte_order_mark_survives_an_edit() {
        let disk = Arc::new(MemoryDisk::new([("/a", "\u{feff}one")]));
        let files = Files::new(disk.clone());
        let file = files.id(Path::new("/a"));
        let change = SourceChange::edit(file, vec![Edit::replace(Range::new(0, 3), "1")]);
        apply(&change, &files).expect("applies");
        assert_eq!(disk.read(Path::new("/a")).expect("there"), "\u{feff}1".as_bytes());
    }
}
