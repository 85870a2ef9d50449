//! The states of a history along its places, computed forward once and kept.
//!
//! An entry is used again where its file is the same, the state before it is known by the same
//! operations, and the parts of that state which its evaluation looked at are the same. The identity
//! of a state leaves places in the source out, so that editing a comment invalidates nothing behind.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use revline_frameworks::alembic::migration::{Migration, same_parts};
use revline_schema::Schema;
use revline_text::{FileId, Fingerprint};

use crate::changes::{Changes, Moment};
use crate::migration::{Consulted, Execution, Seen};
use crate::plan::Plan;
use crate::replay::after;
use crate::{Project, Snapshot};

/// What one revision does to the state before it.
#[derive(Debug)]
pub(crate) struct Entry {
    file: FileId,
    seen: Option<Seen>,
    consulted: Consulted,
    consulted_id: Fingerprint,
    /// None where the file cannot be read.
    pub(crate) migration: Option<Arc<Migration>>,
    operations: Fingerprint,
    before_id: Fingerprint,
    pub(crate) before: Arc<Schema>,
    after_id: Fingerprint,
    pub(crate) after: Arc<Schema>,
}

impl Entry {
    /// The identity of the state before, of the operations, and of the modules that were consulted.
    pub(crate) fn identity(&self) -> Fingerprint {
        Fingerprint::of(&(self.before_id, self.operations, self.consulted_id))
    }
}

/// The entries at one moment. They are filled in as they are asked for.
#[derive(Debug)]
pub(crate) struct Timeline {
    plan: Arc<Plan>,
    base: Arc<Schema>,
    base_id: Fingerprint,
    /// None where it is not known which files changed since another moment.
    changes: Option<Changes>,
    slots: Vec<Slot>,
    /// Every file that an evaluation looked at beside its own.
    consulted: RwLock<HashSet<FileId>>,
}

#[derive(Debug, Default)]
struct Slot {
    now: OnceLock<Arc<Entry>>,
    /// What stood here, or what the same file did elsewhere.
    hint: Option<Arc<Entry>>,
    /// Whether the hint's files may have changed.
    dirty: bool,
}

/// What a timeline was made for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TimelineIdentity {
    moment: Moment,
    graph: usize,
    base: Fingerprint,
}

/// Whoever asks may stop the computation between two revisions.
pub(crate) type Stop<'a> = &'a dyn Fn() -> bool;

impl Timeline {
    /// A timeline of which nothing is computed, with what `last` knows already.
    fn new(plan: Arc<Plan>, base: Schema, changes: Option<Changes>, last: Option<&Self>) -> Self {
        let base_id = Fingerprint::of(&*base.naming);
        let mut timeline = Self {
            slots: plan.places.iter().map(|_| Slot::default()).collect(),
            plan,
            base: Arc::new(base),
            base_id,
            changes,
            consulted: RwLock::default(),
        };
        if let Some(last) = last {
            timeline.take_over(last);
        }
        timeline
    }

    fn take_over(&mut self, last: &Self) {
        let changed = match (&self.changes, &last.changes) {
            (Some(now), Some(then)) => {
                now.since(then.moment()).or_else(|| then.since(now.moment()))
            }
            _ => None,
        };
        let known = last.consulted.read().unwrap_or_else(PoisonError::into_inner).clone();
        let changed: Option<HashSet<FileId>> = changed.map(|files| files.into_iter().collect());
        let looked_at = changed.as_ref().is_none_or(|files| !files.is_disjoint(&known));
        self.consulted = RwLock::new(known);
        let is_dirty = |entry: &Entry| match &changed {
            None => true,
            Some(files) => {
                files.contains(&entry.file)
                    || looked_at && entry.consulted.files().any(|file| files.contains(&file))
            }
        };
        let is_same_plan = Arc::ptr_eq(&self.plan.graph, &last.plan.graph);
        let mut by_file: HashMap<FileId, (&Arc<Entry>, bool)> = HashMap::new();
        if !is_same_plan {
            for slot in &last.slots {
                if let Some(entry) = slot.now.get() {
                    by_file.insert(entry.file, (entry, false));
                } else if let Some(entry) = &slot.hint {
                    by_file.entry(entry.file).or_insert((entry, slot.dirty));
                }
            }
        }
        let mut kept = vec![false; self.slots.len()];
        for (at, place) in self.plan.places.iter().enumerate() {
            let found = if is_same_plan {
                last.slots.get(at).and_then(|slot| match (slot.now.get(), &slot.hint) {
                    (Some(entry), _) => Some((entry, false)),
                    (None, Some(entry)) => Some((entry, slot.dirty)),
                    (None, None) => None,
                })
            } else {
                by_file.get(&self.plan.graph.history[place.node].file).copied()
            };
            let (Some((entry, was_dirty)), Some(slot)) = (found, self.slots.get_mut(at)) else {
                continue;
            };
            slot.dirty = was_dirty || is_dirty(entry);
            slot.hint = Some(entry.clone());
            // What stands behind nothing new is as it was.
            let before = place.before.map(|before| before as usize);
            let is_kept = is_same_plan
                && self.base_id == last.base_id
                && !slot.dirty
                && last.slots.get(at).is_some_and(|slot| slot.now.get().is_some())
                && before.is_none_or(|before| kept.get(before) == Some(&true));
            if is_kept {
                slot.now = OnceLock::from(entry.clone());
                slot.hint = None;
                if let Some(kept) = kept.get_mut(at) {
                    *kept = true;
                }
            }
        }
    }

    /// The entry at a place; `None` where the computation was stopped.
    fn entry(
        &self,
        snapshot: &Snapshot,
        project: &Project,
        dialect: &str,
        place: u32,
        stop: Stop<'_>,
    ) -> Option<Arc<Entry>> {
        let mut open = Vec::new();
        let mut at = Some(place);
        let mut known: Option<Arc<Entry>> = None;
        while let Some(place) = at {
            if let Some(entry) = self.slots.get(place as usize)?.now.get() {
                known = Some(entry.clone());
                break;
            }
            open.push(place);
            at = self.plan.places.get(place as usize)?.before;
        }
        let mut unchanged = HashMap::new();
        while let Some(place) = open.pop() {
            if stop() {
                return None;
            }
            let slot = self.slots.get(place as usize)?;
            let file = self.plan.graph.history[self.plan.places.get(place as usize)?.node].file;
            let (before, before_id) = match &known {
                Some(entry) => (&entry.after, entry.after_id),
                None => (&self.base, self.base_id),
            };
            let entry = self.compute(
                &Asked { snapshot, project, dialect, file },
                slot,
                (before, before_id),
                &mut unchanged,
            );
            known = Some(slot.now.get_or_init(|| entry).clone());
        }
        known
    }

    fn compute(
        &self,
        asked: &Asked<'_>,
        slot: &Slot,
        (before, before_id): (&Arc<Schema>, Fingerprint),
        unchanged: &mut HashMap<usize, bool>,
    ) -> Arc<Entry> {
        let Asked { snapshot, project, dialect, file } = *asked;
        let hint = slot.hint.as_ref().filter(|hint| {
            !slot.dirty
                || hint.seen == snapshot.seen_file(file)
                    && hint.consulted.is_unchanged(snapshot, unchanged)
        });
        if let Some(hint) = hint.filter(|hint| hint.before_id == before_id) {
            return hint.clone();
        }
        let again = hint.filter(|hint| {
            let parts = hint.migration.as_ref().map(|migration| &migration.parts);
            parts.is_none_or(|parts| same_parts(parts, &hint.before, before))
        });
        let (seen, consulted, migration, operations) = match again {
            Some(hint) => {
                (hint.seen, hint.consulted.clone(), hint.migration.clone(), hint.operations)
            }
            None => {
                let seen = snapshot.seen_file(file);
                let run = snapshot.execute(project, file, dialect, before);
                let (migration, consulted) = match run {
                    Some(Execution { migration, consulted }) => (Some(migration), consulted),
                    None => (None, Consulted::default()),
                };
                let operations = Fingerprint::of(
                    &migration
                        .as_ref()
                        .map(|migration| (&migration.steps, migration.is_followed())),
                );
                let mut all = self.consulted.write().unwrap_or_else(PoisonError::into_inner);
                all.extend(consulted.files());
                (seen, consulted, migration, operations)
            }
        };
        let after = after(before, migration.as_deref(), dialect);
        Arc::new(Entry {
            file,
            seen,
            consulted_id: consulted.identity(),
            consulted,
            migration,
            operations,
            before_id,
            before: before.clone(),
            after_id: Fingerprint::of(&(before_id, operations)),
            after: Arc::new(after),
        })
    }
}

/// For whom an entry is computed.
#[derive(Clone, Copy)]
struct Asked<'a> {
    snapshot: &'a Snapshot,
    project: &'a Project,
    dialect: &'a str,
    file: FileId,
}

impl Snapshot {
    /// What a revision does to the state before it on Alembic's way from base to it; `None` where the
    /// history does not lead to it, or the computation was stopped.
    pub(crate) fn entry(
        &self,
        project: &Project,
        node: revline_history::Node,
        dialect: &'static str,
        stop: Stop<'_>,
    ) -> Option<Arc<Entry>> {
        let timeline = self.timeline(project, dialect);
        let place = timeline.plan.of(node)?;
        timeline.entry(self, project, dialect, place, stop)
    }

    fn timeline(&self, project: &Project, dialect: &'static str) -> Arc<Timeline> {
        let memo = self.memo();
        let key = (project.environment.script_location.clone(), dialect);
        let convention = self.sql_settings(project).naming_convention;
        let base = Schema::empty(convention.as_ref());
        let graph = project.graph();
        let identity = self.changes().map(|changes| TimelineIdentity {
            moment: changes.moment(),
            graph: Arc::as_ptr(graph) as usize,
            base: Fingerprint::of(&*base.naming),
        });
        if let Some(identity) = &identity
            && let Some(known) = memo.timelines.peek(&key, identity)
            && Arc::ptr_eq(&known.plan.graph, graph)
        {
            return known;
        }
        let last = memo.timelines.newest(&key);
        let plan = match &last {
            Some(last) if Arc::ptr_eq(&last.plan.graph, graph) => last.plan.clone(),
            _ => Arc::new(Plan::new(graph)),
        };
        let timeline =
            Arc::new(Timeline::new(plan, base, self.changes().cloned(), last.as_deref()));
        if let Some(identity) = identity {
            memo.timelines.put(&key, identity, timeline.clone());
        }
        timeline
    }
}
