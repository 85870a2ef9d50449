//! The states of a history along its places, computed forward once and kept.
//!
//! An entry is used again where its file is the same, the state before it is known by the same
//! operations, and the parts of that state which its evaluation looked at are the same. The identity
//! of a state leaves places in the source out, so that editing a comment invalidates nothing behind.

mod differs;
mod entry;
mod made;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use foldhash::HashMap;
use revline_schema::Schema;
use revline_text::{FileId, Fingerprint};

pub use differs::{Differs, Reach};
pub(crate) use entry::Entry;
pub use entry::Ground;
use entry::{Deeds, State};
pub use made::Made;

use crate::changes::{Changes, Moment};
use crate::migration::Consulted;
use crate::plan::Plan;
use crate::replay::after;
use crate::{Graph, Project, Snapshot};

/// The entries at one moment. They are filled in as they are asked for.
#[derive(Debug)]
pub(crate) struct Timeline {
    graph: Arc<Graph>,
    plan: Arc<Plan>,
    base: State,
    base_id: Fingerprint,
    /// None where it is not known which files changed since another moment.
    changes: Option<Changes>,
    slots: Vec<Slot>,
    /// The identity of what all revisions make, once somebody asked.
    made: OnceLock<Fingerprint>,
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
    fn new(
        graph: &Arc<Graph>,
        base: Schema,
        changes: Option<Changes>,
        last: Option<&Self>,
    ) -> Self {
        let plan = graph.plan();
        let base_id = Fingerprint::of(&*base.naming);
        let mut timeline = Self {
            slots: plan.places.iter().map(|_| Slot::default()).collect(),
            graph: graph.clone(),
            plan,
            base: State::base(base_id, base),
            base_id,
            changes,
            consulted: RwLock::default(),
            made: OnceLock::new(),
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
        let is_same_plan = Arc::ptr_eq(&self.graph, &last.graph);
        let mut by_file: HashMap<FileId, &Slot> = HashMap::default();
        if !is_same_plan {
            by_file.reserve(last.slots.len());
            for slot in &last.slots {
                if let Some(entry) = slot.now.get() {
                    by_file.insert(entry.file, slot);
                } else if let Some(entry) = &slot.hint {
                    by_file.entry(entry.file).or_insert(slot);
                }
            }
        }
        // The state that a place is kept with: what stands behind nothing new is as it was.
        let mut kept: Vec<Option<Fingerprint>> = vec![None; self.slots.len()];
        for (at, place) in self.plan.places.iter().enumerate() {
            let found = if is_same_plan {
                last.slots.get(at)
            } else {
                by_file.get(&self.graph.history[place.node].file).copied()
            };
            let (Some(found), Some(slot)) = (found, self.slots.get_mut(at)) else { continue };
            let Some(entry) = found.now.get().or(found.hint.as_ref()) else { continue };
            let was_computed = found.now.get().is_some();
            slot.dirty = !was_computed && found.dirty || is_dirty(entry);
            let before = match place.before {
                Some(before) => kept.get(before as usize).copied().flatten(),
                None => Some(self.base_id),
            };
            if was_computed && !slot.dirty && before == Some(entry.before.id) {
                slot.now = OnceLock::from(entry.clone());
                if let Some(kept) = kept.get_mut(at) {
                    *kept = Some(entry.after.id);
                }
            } else {
                slot.hint = Some(entry.clone());
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
        let mut unchanged = std::collections::HashMap::new();
        while let Some(place) = open.pop() {
            if stop() {
                return None;
            }
            let slot = self.slots.get(place as usize)?;
            let file = self.graph.history[self.plan.places.get(place as usize)?.node].file;
            let before = match &known {
                Some(entry) => &entry.after,
                None => &self.base,
            };
            let asked = Asked { snapshot, project, dialect, file };
            let entry = self.compute(&asked, slot, before, &mut unchanged);
            known = Some(slot.now.get_or_init(|| entry).clone());
        }
        known
    }

    fn compute(
        &self,
        asked: &Asked<'_>,
        slot: &Slot,
        before: &State,
        unchanged: &mut std::collections::HashMap<usize, bool>,
    ) -> Arc<Entry> {
        let Asked { snapshot, project, dialect, file } = *asked;
        let last = slot.hint.as_ref();
        let hint = last.filter(|hint| {
            !slot.dirty
                || hint.seen == snapshot.seen_file(file)
                    && hint.consulted.is_unchanged(snapshot, unchanged)
        });
        if let Some(hint) = hint.filter(|hint| hint.before.id == before.id) {
            return hint.clone();
        }
        if let Some(moved) = hint.and_then(|hint| hint.moved(before)) {
            return Arc::new(moved);
        }
        let seen = snapshot.seen_file(file);
        let evaluated = snapshot.upgrade_on(project, file, dialect, &before.schema);
        let (migration, consulted) = match &evaluated {
            Some(evaluated) => (Some(&*evaluated.migration), evaluated.consulted.clone()),
            None => (None, Consulted::default()),
        };
        let operations = Fingerprint::of(
            &migration.map(|migration| (&migration.steps, migration.is_followed())),
        );
        let mut all = self.consulted.write().unwrap_or_else(PoisonError::into_inner);
        all.extend(consulted.files());
        drop(all);
        let deeds = migration.map(|migration| Deeds::of(migration, &before.schema, dialect));
        let after = State::behind(before, operations, || {
            Arc::new(after(&before.schema, migration, dialect))
        });
        let mut entry = Entry {
            file,
            seen,
            consulted_id: consulted.identity(),
            consulted,
            deeds: Arc::new(deeds.unwrap_or_default()),
            operations,
            before: before.clone(),
            after,
        };
        if let Some(last) = last {
            entry.take_the_place_of(last);
        }
        Arc::new(entry)
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

    /// The identity of the names that all revisions bring into one database.
    pub(crate) fn made_by_all(&self, project: &Project, dialect: &'static str) -> Fingerprint {
        let timeline = self.timeline(project, dialect);
        let made = || {
            let entry = |node: &revline_history::Node| {
                let place = timeline.plan.of(*node)?;
                timeline.entry(self, project, dialect, place, &|| false)
            };
            let entries: Vec<_> = project.history().nodes().iter().map(entry).collect();
            let made = entries.iter().map(|entry| Some(&entry.as_ref()?.deeds.made));
            Fingerprint::of(&made.collect::<Vec<_>>())
        };
        *timeline.made.get_or_init(made)
    }

    /// The identity of every state of a project's history on one database, in the order of its
    /// revisions; `None` where `stop`, which is asked before each revision, says so.
    pub(crate) fn all_grounds(
        &self,
        project: &Project,
        dialect: &'static str,
        stop: Stop<'_>,
    ) -> Option<Vec<Option<Ground>>> {
        let timeline = self.timeline(project, dialect);
        let nodes = project.history().nodes().iter();
        let ground = |node: &revline_history::Node| {
            let Some(place) = timeline.plan.of(*node) else { return Some(None) };
            let entry = timeline.entry(self, project, dialect, place, stop)?;
            Some(Some(entry.ground()))
        };
        nodes.map(ground).collect()
    }

    fn timeline(&self, project: &Project, dialect: &'static str) -> Arc<Timeline> {
        let key = (project.id, dialect);
        let known = |known: &[((Fingerprint, &'static str), Arc<Timeline>)]| {
            let found = known.iter().find(|(one, timeline)| {
                *one == key && Arc::ptr_eq(&timeline.graph, project.graph())
            });
            found.map(|(_, timeline)| timeline.clone())
        };
        let now = self.timelines_now();
        if let Some(timeline) = known(&now.read().unwrap_or_else(PoisonError::into_inner)) {
            return timeline;
        }
        // Two threads that want the first one may both make it, and go on with the same.
        let timeline = self.timeline_of_now(project, dialect);
        let mut now = now.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(timeline) = known(&now) {
            return timeline;
        }
        now.push((key, timeline.clone()));
        timeline
    }

    fn timeline_of_now(&self, project: &Project, dialect: &'static str) -> Arc<Timeline> {
        let memo = self.memo();
        let key = (project.id, dialect);
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
            && Arc::ptr_eq(&known.graph, graph)
        {
            return known;
        }
        let last = memo.timelines.newest(&key);
        let timeline =
            Arc::new(Timeline::new(graph, base, self.changes().cloned(), last.as_deref()));
        if let Some(identity) = identity {
            memo.timelines.put(&key, identity, timeline.clone());
        }
        timeline
    }
}
