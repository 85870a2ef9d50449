//! The findings of every file as they were last computed: what is pushed, and what a pull of the
//! whole workspace is answered from.

use std::collections::BTreeMap;
use std::sync::Arc;

use revline_lint::Finding;
use revline_text::{FileId, Fingerprint};

/// A list of findings and its identity.
#[derive(Clone, Debug, Default)]
pub(crate) struct Posted {
    pub(crate) findings: Arc<Vec<Finding>>,
    pub(crate) identity: Fingerprint,
}

/// The findings of every file that has any, or had any before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board {
    files: BTreeMap<FileId, Posted>,
    /// Grows with every change; what waits for a change compares it.
    pub(crate) version: u64,
}

impl Board {
    /// Takes over the findings of a file; whether they differ from those before.
    pub(crate) fn post(&mut self, file: FileId, findings: Arc<Vec<Finding>>) -> bool {
        let before = self.files.get(&file);
        match before {
            Some(posted) if Arc::ptr_eq(&posted.findings, &findings) => return false,
            None if findings.is_empty() => return false,
            _ => {}
        }
        let identity = Fingerprint::of(&*findings);
        if before.is_some_and(|posted| posted.identity == identity) {
            return false;
        }
        self.files.insert(file, Posted { findings, identity });
        self.version += 1;
        true
    }

    /// Every file with its findings; a file that had some and has none stays with an empty list.
    pub(crate) fn files(&self) -> impl Iterator<Item = (FileId, &Posted)> {
        self.files.iter().map(|(file, posted)| (*file, posted))
    }

    /// The findings of a file.
    pub(crate) fn get(&self, file: FileId) -> Option<&Posted> {
        self.files.get(&file)
    }
}
