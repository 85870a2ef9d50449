//! Writing a change to the disk, all of it or none.

use std::fmt;
use std::io;
use std::path::PathBuf;

use revline_text::{SourceChange, Text};

use crate::files::{BYTE_ORDER_MARK, Files};

/// Why a change was not made; files written before the failure were written back.
#[derive(Debug)]
pub struct ApplyError {
    /// The file that could not be read or written.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; nothing was changed", self.path.display(), self.source)
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
/// must not exist, a file that is not UTF-8 is refused. Where a later write fails, the earlier ones
/// are taken back.
pub fn apply(change: &SourceChange, files: &Files) -> Result<Vec<PathBuf>, ApplyError> {
    let disk = files.disk();
    let mut writes: Vec<(PathBuf, Vec<u8>, Vec<u8>)> = Vec::new();
    for (file, edits) in &change.edits {
        let path = files.path(*file).to_path_buf();
        let fail = |source| ApplyError { path: path.clone(), source };
        let before = disk.read(&path).map_err(fail)?;
        let marked = before.starts_with(BYTE_ORDER_MARK);
        let body = before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&before);
        let text = std::str::from_utf8(body)
            .map_err(|error| fail(io::Error::new(io::ErrorKind::InvalidData, error)))?;
        let edited = Text::new(text).edited(edits);
        let mut after = if marked { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
        after.extend_from_slice(edited.as_str().as_bytes());
        writes.push((path, before, after));
    }
    for create in &change.creates {
        if disk.kind(&create.path).is_some() {
            let source = io::Error::from(io::ErrorKind::AlreadyExists);
            return Err(ApplyError { path: create.path.clone(), source });
        }
    }
    let mut written: Vec<PathBuf> = Vec::new();
    let mut undo: Vec<(PathBuf, &[u8])> = Vec::new();
    for (path, before, after) in &writes {
        if let Err(source) = disk.write(path, after) {
            for (path, before) in undo {
                // The first failure is what is told; a second one here adds nothing to act on.
                drop(disk.write(&path, before));
            }
            return Err(ApplyError { path: path.clone(), source });
        }
        undo.push((path.clone(), before));
        written.push(path.clone());
    }
    for create in &change.creates {
        disk.write(&create.path, create.text.as_bytes())
            .map_err(|source| ApplyError { path: create.path.clone(), source })?;
        written.push(create.path.clone());
    }
    for rename in &change.renames {
        let from = files.path(rename.file);
        disk.rename(&from, &rename.to)
            .map_err(|source| ApplyError { path: rename.to.clone(), source })?;
        written.push(rename.to.clone());
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use revline_text::{Edit, Range};

    use super::*;
    use crate::{Disk, MemoryDisk};

    #[test]
    fn a_change_that_cannot_be_made_whole_changes_nothing() {
        let disk = Arc::new(MemoryDisk::new([("/a", "one"), ("/b", "two")]));
        let files = Files::new(disk.clone());
        let file = files.id(Path::new("/a"));
        let mut change = SourceChange::edit(file, vec![Edit::replace(Range::new(0, 3), "1")]);
        change.creates.push(revline_text::CreateFile { path: "/b".into(), text: String::new() });
        assert!(apply(&change, &files).is_err());
        assert_eq!(disk.read(Path::new("/a")).expect("still there"), b"one");
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
