//! Cheap looks at the disk, for clients that watch no files.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use revline_analysis::Snapshot;
use revline_vfs::Stamp;

/// What the last look saw.
#[derive(Clone, Debug, Default)]
pub(crate) struct DiskWatch(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    /// The stamps of all revision files.
    stamps: HashMap<PathBuf, Option<Stamp>>,
    /// Whether an index was built since then: it read files that no look saw.
    indexed: bool,
}

/// One look.
pub(crate) struct Check {
    watch: DiskWatch,
    snapshot: Snapshot,
}

impl DiskWatch {
    /// An index was built. What a look saw before stays: a file may have changed after the index
    /// read it.
    pub(crate) fn indexed(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).indexed = true;
    }

    /// A look at the files of a snapshot, to be made where it disturbs nobody.
    pub(crate) fn begin(&self, snapshot: Snapshot) -> Check {
        Check { watch: self.clone(), snapshot }
    }
}

impl Check {
    /// The files that came, went or changed since the look before. Of files that an index read and
    /// no look saw, this is the first look.
    pub(crate) fn changed(self) -> Vec<PathBuf> {
        let disk = self.snapshot.files().disk();
        let mut now = HashMap::new();
        for path in self.snapshot.paths_on_disk() {
            let stamp = disk.stamp(&path);
            now.insert(path, stamp);
        }
        let mut seen = self.watch.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = std::mem::take(&mut seen.stamps);
        if std::mem::take(&mut seen.indexed) {
            for path in self.snapshot.known_paths() {
                let stamp = now.get(&path).copied().flatten();
                before.entry(path).or_insert(stamp);
            }
        }
        let mut changed: Vec<PathBuf> = now
            .iter()
            .filter(|(path, stamp)| before.get(*path) != Some(stamp))
            .map(|(path, _)| path.clone())
            .collect();
        changed.extend(before.keys().filter(|path| !now.contains_key(*path)).cloned());
        changed.sort();
        seen.stamps = now;
        changed
    }
}
