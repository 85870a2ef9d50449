//! Cheap looks at the disk, for clients that watch no files.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use revline_analysis::Snapshot;
use revline_vfs::Stamp;

/// The stamps of all revision files as they were at the last look.
#[derive(Clone, Debug, Default)]
pub(crate) struct DiskWatch(Arc<Mutex<Option<Seen>>>);

/// The stamp of each file at one look.
type Seen = HashMap<PathBuf, Option<Stamp>>;

/// One look.
pub(crate) struct Check {
    watch: DiskWatch,
    snapshot: Snapshot,
}

impl DiskWatch {
    /// Forgets what was seen: everything was just read.
    pub(crate) fn reset(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A look at the files of a snapshot, to be made where it disturbs nobody.
    pub(crate) fn begin(&self, snapshot: Snapshot) -> Check {
        Check { watch: self.clone(), snapshot }
    }
}

impl Check {
    /// The files that came, went or changed since the look before. The first look finds only what
    /// came or went since the index.
    pub(crate) fn changed(self) -> Vec<PathBuf> {
        let disk = self.snapshot.files().disk();
        let mut now = Seen::new();
        for path in self.snapshot.paths_on_disk() {
            let stamp = disk.stamp(&path);
            now.insert(path, stamp);
        }
        let mut last = self.watch.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = match last.take() {
            Some(before) => before,
            None => self
                .snapshot
                .known_paths()
                .map(|path| {
                    let stamp = now.get(&path).copied().flatten();
                    (path, stamp)
                })
                .collect(),
        };
        let mut changed: Vec<PathBuf> = now
            .iter()
            .filter(|(path, stamp)| before.get(*path) != Some(stamp))
            .map(|(path, _)| path.clone())
            .collect();
        changed.extend(before.keys().filter(|path| !now.contains_key(*path)).cloned());
        changed.sort();
        *last = Some(now);
        changed
    }
}
