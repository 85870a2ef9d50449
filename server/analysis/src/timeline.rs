//! The states of a history along its places, computed forward once and kept.
//!
//! An entry is used again where its file is the same, the state before it is known by the same
//! operations, and the parts of that state which its evaluation looked at are the same. The identity
//! of a state leaves places in the source out, so that editing a comment invalidates nothing behind.

mod differs;
mod entry;
mod made;
mod stretch;
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
pub use made::{AllMade, Made, MadeHere};
use stretch::{LENGTH, MadeStand, Marks, Slot, Stretch};

use crate::changes::{Changes, Moment};
use crate::migration::Consulted;
use crate::plan::{Place, Plan};
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
    stretches: Vec<Arc<Stretch>>,
    /// What all of it makes, once somebody asks for it.
    made: OnceLock<Arc<AllMade>>,
    /// Every file that an evaluation looked at beside its own, at any moment.
    consulted: Arc<RwLock<HashSet<FileId>>>,
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
            stretches: Vec::with_capacity(plan.places.len().div_ceil(LENGTH)),
            graph: graph.clone(),
            plan,
            base: State::base(base_id, base),
            base_id,
            changes,
            made: OnceLock::new(),
            consulted: Arc::default(),
        };
        match last {
            Some(last) => timeline.take_over(last),
            None => {
                let places = timeline.plan.places.chunks(LENGTH);
                let empty = |places: &[Place]| {
                    Arc::new(Stretch::new(places.iter().map(|_| Slot::default())))
                };
                timeline.stretches = places.map(empty).collect();
            }
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
        self.consulted = last.consulted.clone();
        let looked_at = changed.as_ref().is_none_or(|files| {
            let known = self.consulted.read().unwrap_or_else(PoisonError::into_inner);
            files.iter().any(|file| known.contains(file))
        });
        let is_dirty = |place: &Place, entry: &dyn Fn() -> Option<Arc<Entry>>| match &changed {
            None => true,
            Some(files) => {
                files.contains(&place.file)
                    || looked_at
                        && entry().is_some_and(|entry| {
                            entry.consulted.files().any(|file| files.contains(&file))
                        })
            }
        };
        let places = &self.plan.places;
        let is_same_plan = Arc::ptr_eq(&self.plan, &last.plan);
        // The places that the same file has at the same end of the same list.
        let mut same: Vec<bool> = Vec::with_capacity(places.len());
        // Those whose state may be another one: what stands behind nothing new is as it was.
        let mut stale: Vec<bool> = Vec::with_capacity(places.len());
        let mut dirty: Vec<bool> = Vec::with_capacity(places.len());
        let is_same_base = self.base_id == last.base_id;
        for (at, place) in places.iter().enumerate() {
            let is_same = is_same_plan
                || last.plan.places.get(at).is_some_and(|other| {
                    (other.file, other.before) == (place.file, place.before)
                        && (place.before)
                            .is_none_or(|before| same.get(before as usize) == Some(&true))
                });
            let is_dirty = is_dirty(place, &|| last.known(at).filter(|_| is_same));
            let is_behind = match place.before {
                Some(before) => stale.get(before as usize) != Some(&false),
                None => !is_same_base,
            };
            same.push(is_same);
            stale.push(!is_same || is_dirty || is_behind);
            dirty.push(is_dirty);
        }
        let moved = self.moved(last, &same);
        let marks = |flags: &[bool]| {
            flags.iter().enumerate().fold(0, |marks, (at, flag)| marks | u64::from(*flag) << at)
        };
        let rows = same.chunks(LENGTH).zip(stale.chunks(LENGTH)).zip(dirty.chunks(LENGTH));
        for (number, ((same, stale), dirty)) in rows.enumerate() {
            let earlier = last
                .stretches
                .get(number)
                .filter(|_| same.iter().all(|same| *same) && last.length(number) == same.len());
            if let Some(earlier) = earlier {
                let marks = Marks { stale: marks(stale), dirty: marks(dirty) };
                self.stretches.push(Stretch::after(earlier, marks));
                continue;
            }
            let slot = |at: usize| {
                let place = places.get(number * LENGTH + at)?;
                let slot = match same.get(at) {
                    Some(true) => last.slot(number * LENGTH + at)?,
                    _ => last.slot(*moved.get(&place.file)?)?,
                };
                let (is_stale, known) = (stale.get(at) != Some(&false), || slot.known().cloned());
                Some(Slot::after(slot, is_stale, is_dirty(place, &known)))
            };
            let slots = (0..same.len()).map(|at| slot(at).unwrap_or_default());
            self.stretches.push(Arc::new(Stretch::new(slots)));
        }
    }

    /// The places in `last` of the files that stand elsewhere now or among others.
    fn moved(&self, last: &Self, same: &[bool]) -> HashMap<FileId, usize> {
        let elsewhere = self.plan.places.iter().zip(same).filter(|(_, same)| !**same);
        let elsewhere: HashSet<FileId> = elsewhere.map(|(place, _)| place.file).collect();
        let mut moved: HashMap<FileId, usize> = HashMap::default();
        for (at, place) in last.plan.places.iter().enumerate() {
            if !elsewhere.contains(&place.file) {
                continue;
            }
            if last.slot(at).is_some_and(|slot| slot.now.get().is_some()) {
                moved.insert(place.file, at);
            } else {
                moved.entry(place.file).or_insert(at);
            }
        }
        moved
    }

    fn length(&self, stretch: usize) -> usize {
        self.plan.places.len().saturating_sub(stretch * LENGTH).min(LENGTH)
    }

    fn slot(&self, place: usize) -> Option<&Slot> {
        self.stretches.get(place / LENGTH)?.slots().get(place % LENGTH)
    }

    fn known(&self, place: usize) -> Option<Arc<Entry>> {
        self.stretches.get(place / LENGTH)?.known(place % LENGTH)
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
            if let Some(entry) = self.slot(place as usize)?.now.get() {
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
            let slot = self.slot(place as usize)?;
            let file = self.plan.places.get(place as usize)?.file;
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

    /// The identity of the names that the revisions of one stretch make, each at its own place.
    fn made(
        &self,
        snapshot: &Snapshot,
        project: &Project,
        dialect: &'static str,
        number: usize,
    ) -> Fingerprint {
        let Some(stretch) = self.stretches.get(number) else { return Fingerprint::default() };
        let compute = || {
            let mut anywhere = true;
            let mut all: Vec<Arc<Deeds>> = Vec::with_capacity(LENGTH);
            for (at, slot) in stretch.slots().iter().enumerate() {
                let place = (number * LENGTH + at) as u32;
                let node = self.plan.places.get(place as usize).map(|place| place.node);
                if node.is_none_or(|node| self.plan.of(node) != Some(place)) {
                    continue;
                }
                let hint = slot.hint.as_ref();
                let hint = hint.filter(|hint| !slot.dirty && hint.deeds.are_anywhere());
                let known = slot.now.get().or(hint).cloned();
                let entry =
                    known.or_else(|| self.entry(snapshot, project, dialect, place, &|| false));
                anywhere &= entry.as_ref().is_some_and(|entry| entry.deeds.are_anywhere());
                all.extend(entry.map(|entry| entry.deeds.clone()));
            }
            let made: Vec<&Made> = all.iter().map(|deeds| &deeds.made).collect();
            MadeStand { identity: Fingerprint::of(&made), anywhere }
        };
        let made = || stretch.made_before().unwrap_or_else(compute);
        stretch.made.get_or_init(made).identity
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

    /// The names that all revisions bring into one database.
    pub(crate) fn made_by_all(&self, project: &Project, dialect: &'static str) -> Arc<AllMade> {
        let timeline = self.timeline(project, dialect);
        let compute = || {
            let nodes = project.history().nodes().iter();
            let places = nodes.filter_map(|node| timeline.plan.of(*node));
            let entries =
                places.filter_map(|place| timeline.entry(self, project, dialect, place, &|| false));
            let deeds: Vec<Arc<Deeds>> = entries.map(|entry| entry.deeds.clone()).collect();
            Arc::new(AllMade::of(deeds.iter().map(|deeds| &deeds.made)))
        };
        timeline.made.get_or_init(compute).clone()
    }

    /// The identity of the names that all revisions bring into one database.
    pub(crate) fn identity_of_made(&self, project: &Project, dialect: &'static str) -> Fingerprint {
        let timeline = self.timeline(project, dialect);
        let numbers = 0..timeline.stretches.len();
        let made = numbers.map(|number| timeline.made(self, project, dialect, number));
        Fingerprint::of(&made.collect::<Vec<_>>())
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
