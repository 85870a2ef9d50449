//! Which files changed when, so that what was computed at one moment is verified at a later one by
//! looking at the files that changed between the two, and at no other.

use revline_text::FileId;
use rpds::{HashTrieMapSync, RedBlackTreeMapSync};

/// The changes so far, cheap to clone. Every file stands at its last change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    epoch: u64,
    now: u64,
    at: RedBlackTreeMapSync<u64, FileId>,
    last: HashTrieMapSync<FileId, u64>,
}

/// A moment in the life of the inputs. Equal moments have equal files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Moment {
    epoch: u64,
    now: u64,
}

impl Changes {
    /// A file may have another text from here on.
    pub(crate) fn note(&mut self, file: FileId) {
        self.now += 1;
        if let Some(before) = self.last.get(&file).copied() {
            self.at.remove_mut(&before);
        }
        self.at.insert_mut(self.now, file);
        self.last.insert_mut(file, self.now);
    }

    /// Any file may have another text from here on.
    pub(crate) fn note_all(&mut self) {
        *self = Self { epoch: self.epoch + 1, ..Self::default() };
    }

    pub(crate) const fn moment(&self) -> Moment {
        Moment { epoch: self.epoch, now: self.now }
    }

    /// The files that changed between `earlier` and now; `None` where that may be any file.
    pub(crate) fn since(&self, earlier: Moment) -> Option<Vec<FileId>> {
        if earlier.epoch != self.epoch || earlier.now > self.now {
            return None;
        }
        Some(self.at.range(earlier.now + 1..).map(|(_, file)| *file).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_since_a_moment_is_told_once_for_each_file() {
        let mut changes = Changes::default();
        let first = changes.moment();
        changes.note(FileId(1));
        let second = changes.moment();
        changes.note(FileId(2));
        changes.note(FileId(1));
        assert_eq!(changes.since(first), Some(vec![FileId(2), FileId(1)]));
        assert_eq!(changes.since(second), Some(vec![FileId(2), FileId(1)]));
        assert_eq!(changes.since(changes.moment()), Some(Vec::new()));
        let last = changes.moment();
        changes.note_all();
        assert_eq!(changes.since(last), None, "after a new index any file may be another");
    }
}
