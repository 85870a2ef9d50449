//! The files as one sees them: what the editor holds open, else what the disk has.

use std::borrow::{Borrow, Cow};
use std::ffi::OsStr;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use foldhash::HashMap;
use revline_text::{FileId, Text};
use rpds::HashTrieMapSync;

use crate::disk::{Disk, Folder};

/// A document that an editor holds open.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its text, which stands before the disk's.
    pub text: Text,
    /// The editor's version of it.
    pub version: i32,
}

/// A view of the files: cheap to clone, and unchanged by what happens to other clones.
#[derive(Clone)]
pub struct Files {
    disk: Arc<dyn Disk>,
    open: HashTrieMapSync<FileId, Document>,
    names: Arc<RwLock<Names>>,
}

#[derive(Default)]
struct Names {
    paths: Vec<Arc<Path>>,
    /// The ids of the first paths. Those of a whole history are added when somebody looks for one.
    ids: HashMap<Spelled, FileId>,
}

/// A path known by its letters: hashing a `Path` walks its parts, and paths here are normal.
struct Spelled(Arc<Path>);

impl Borrow<OsStr> for Spelled {
    fn borrow(&self) -> &OsStr {
        self.0.as_os_str()
    }
}

impl Hash for Spelled {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_os_str().hash(state);
    }
}

impl PartialEq for Spelled {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_os_str() == other.0.as_os_str()
    }
}

impl Eq for Spelled {}

impl Names {
    fn is_complete(&self) -> bool {
        self.ids.len() == self.paths.len()
    }

    fn complete(&mut self) {
        let known = self.ids.len();
        self.ids.reserve(self.paths.len() - known);
        for (id, path) in (0..).zip(&self.paths).skip(known) {
            self.ids.insert(Spelled(path.clone()), FileId(id));
        }
    }

    fn known(&self, path: &Path) -> Option<FileId> {
        self.ids.get(path.as_os_str()).copied()
    }

    fn id(&mut self, path: &Path) -> FileId {
        self.complete();
        if let Some(id) = self.ids.get(path.as_os_str()) {
            return *id;
        }
        let id = FileId(u32::try_from(self.paths.len()).unwrap_or(u32::MAX));
        let path: Arc<Path> = path.into();
        self.paths.push(path.clone());
        self.ids.insert(Spelled(path), id);
        id
    }
}

impl Files {
    /// The files of a disk, with no document open.
    pub fn new(disk: Arc<dyn Disk>) -> Self {
        Self { disk, open: HashTrieMapSync::new_sync(), names: Arc::default() }
    }

    /// The disk below the open documents.
    pub fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    /// The id of a path, made on first use. The path is absolute and normalised by the caller.
    pub fn id(&self, path: &Path) -> FileId {
        if let Some(id) = self.known(path) {
            return id;
        }
        self.names.write().unwrap_or_else(PoisonError::into_inner).id(path)
    }

    /// The ids of many paths at once, as [`Files::id`] gives them. No path comes twice.
    pub fn ids(&self, paths: &[PathBuf]) -> Vec<FileId> {
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        names.complete();
        names.paths.reserve(paths.len());
        let known = names.paths.len();
        let id = |path: &PathBuf| match names.known(path) {
            Some(id) => id,
            None => {
                names.paths.push(path.as_path().into());
                FileId(u32::try_from(names.paths.len() - 1).unwrap_or(u32::MAX))
            }
        };
        let ids = paths.iter().map(id).collect();
        debug_assert!(distinct(names.paths.get(known..).unwrap_or_default()), "a path came twice");
        ids
    }

    /// The id of a path that was named before.
    pub fn known(&self, path: &Path) -> Option<FileId> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        if names.is_complete() {
            return names.known(path);
        }
        drop(names);
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        names.complete();
        names.known(path)
    }

    /// The path of a file. An id that this family of views did not make has the empty path.
    pub fn path(&self, file: FileId) -> Arc<Path> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        names.paths.get(file.0 as usize).cloned().unwrap_or_else(|| PathBuf::new().into())
    }

    /// The open document of a file.
    pub fn document(&self, file: FileId) -> Option<&Document> {
        self.open.get(&file)
    }

    /// Every open document.
    pub fn documents(&self) -> impl Iterator<Item = (FileId, &Document)> {
        self.open.iter().map(|(file, document)| (*file, document))
    }

    /// Whether the same documents are open with the same texts.
    pub fn same_documents(&self, other: &Self) -> bool {
        let same = |(file, document): (FileId, &Document)| {
            other.document(file).is_some_and(|there| {
                there.version == document.version
                    && there.text.fingerprint() == document.text.fingerprint()
            })
        };
        self.open.size() == other.open.size() && self.documents().all(same)
    }

    /// Opens a document or replaces its text.
    pub fn open(&mut self, file: FileId, document: Document) {
        self.open.insert_mut(file, document);
    }

    /// Closes a document: from now on the disk's text counts. Returns whether it was open.
    pub fn close(&mut self, file: FileId) -> bool {
        self.open.remove_mut(&file)
    }

    /// The text of a file: the open document's, else the disk's. Bytes that are not UTF-8 are
    /// replaced by U+FFFD, a byte order mark is left out. Errors as [`Disk::read`] gives them.
    pub fn text(&self, file: FileId) -> io::Result<Text> {
        self.text_at(file, &self.path(file))
    }

    /// As [`Files::text`], for whoever has the file's path at hand.
    pub fn text_at(&self, file: FileId, path: &Path) -> io::Result<Text> {
        if let Some(document) = self.open.get(&file) {
            return Ok(document.text.clone());
        }
        Ok(Text::new(&decode(&self.disk.read(path)?)))
    }
}

fn distinct(paths: &[Arc<Path>]) -> bool {
    let all: std::collections::HashSet<&Path> = paths.iter().map(|path| &**path).collect();
    all.len() == paths.len()
}

/// Reads one file after the other, quickly where neighbours come together. Short-lived: the folder that
/// it reads in stays the one that it was.
pub struct Reader<'a> {
    files: &'a Files,
    buffer: Vec<u8>,
    /// The folder of the last file, and what opened it.
    folder: Option<(PathBuf, Option<Box<dyn Folder>>)>,
}

impl Files {
    /// A reader of these files.
    pub const fn reader(&self) -> Reader<'_> {
        Reader { files: self, buffer: Vec::new(), folder: None }
    }
}

impl Reader<'_> {
    /// The files that are read.
    pub const fn files(&self) -> &Files {
        self.files
    }

    /// Shows `look` the text of a file, as [`Files::text`] gives it, without keeping it.
    pub fn with_text<T>(
        &mut self,
        file: FileId,
        path: &Path,
        look: impl FnOnce(&str) -> T,
    ) -> io::Result<T> {
        if let Some(document) = self.files.open.get(&file) {
            return Ok(look(document.text.as_str()));
        }
        let Self { files, buffer, folder } = self;
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => {
                let known = folder.take().filter(|(path, _)| path == parent);
                let (_, open) = folder.insert(
                    known.unwrap_or_else(|| (parent.to_owned(), files.disk.folder(parent))),
                );
                match open {
                    Some(open) => open.read_into(name, buffer)?,
                    None => files.disk.read_into(path, buffer)?,
                }
            }
            _ => files.disk.read_into(path, buffer)?,
        }
        Ok(look(&decode(buffer)))
    }
}

/// The bytes of a source file as text: UTF-8, without a byte order mark; what is not UTF-8 becomes
/// U+FFFD, so that every file can be looked at.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    // Nearly every file is well, and to see that is much quicker than to look for what is not.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

pub(crate) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
