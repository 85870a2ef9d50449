//! One look at the findings of all files, off the main loop, over a snapshot.

use std::collections::HashSet;
use std::sync::Arc;

use revline_lint::Finding;
use revline_text::{FileId, Fingerprint};

use crate::event::{Event, Passed};
use crate::requests;
use crate::session::Mailbox;
use crate::work::Cancel;
use crate::world::World;

/// How many files are looked at between two looks at the cancel flag and the mailbox.
const CHUNK: usize = 64;

/// See the module.
#[derive(Clone)]
pub(crate) struct Pass {
    pub(crate) number: u64,
    pub(crate) world: World,
    pub(crate) cancel: Cancel,
    pub(crate) mailbox: Mailbox,
}

impl Pass {
    /// Looks at the open documents, at the one that is being edited before the others. `quick`: what
    /// the graph says of any file comes before everything.
    pub(crate) fn look_at_open(&self, quick: bool, edited: Option<FileId>) {
        let snapshot = &self.world.snapshot;
        if quick {
            self.found(self.world.findings.graph_only(snapshot));
        }
        let mut open: Vec<FileId> = snapshot.files().documents().map(|(file, _)| file).collect();
        open.sort_by_key(|file| (Some(*file) != edited, *file));
        for file in open {
            self.found(vec![(file, requests::diagnostics(&self.world, file))]);
            if self.cancel.is_set() {
                return;
            }
        }
    }

    /// Looks at the files that are not open, and at those that were `known` to have findings. Where
    /// all states of all databases have the identity `seen`, there is nothing to look at: then only
    /// those could be concerned for which a state differs. Whether it came to its end.
    pub(crate) fn look_at_rest(&self, seen: Option<Fingerprint>, known: Vec<FileId>) -> bool {
        let World { snapshot, findings, .. } = &self.world;
        if seen.is_some() {
            let Some(states) = self.states() else { return false };
            if Some(states) == seen {
                self.mailbox.post(Event::Passed(self.number, Passed::Whole(seen)));
                return true;
            }
        }
        let mut files = findings.files(snapshot);
        let listed: HashSet<FileId> = files.iter().copied().collect();
        files.extend(known.into_iter().filter(|file| !listed.contains(file)));
        files.retain(|file| snapshot.files().document(*file).is_none());
        for chunk in files.chunks(CHUNK) {
            if self.cancel.is_set() {
                return false;
            }
            let of = |file: &FileId| (*file, requests::diagnostics(&self.world, *file));
            self.found(chunk.iter().map(of).collect());
        }
        let states = self.states();
        self.mailbox.post(Event::Passed(self.number, Passed::Whole(states)));
        true
    }

    fn found(&self, found: Vec<(FileId, Arc<Vec<Finding>>)>) {
        self.mailbox.post(Event::Found(self.number, found));
    }

    /// The identity of every state of every project; `None` where the pass was stopped.
    fn states(&self) -> Option<Fingerprint> {
        let snapshot = &self.world.snapshot;
        let stop = || self.cancel.is_set();
        let mut all = Vec::new();
        for project in snapshot.projects() {
            all.push(snapshot.states_identity(project, &stop)?);
        }
        Some(Fingerprint::of(&all))
    }
}
