//! A run of neighbouring places, which two timelines share as long as nothing in it differs.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use revline_text::Fingerprint;

use super::entry::Entry;

/// How many places a stretch has; the last one of a timeline may have fewer. One bit of a [`Marks`]
/// for each.
pub(super) const LENGTH: usize = 64;

/// What is known of one place.
#[derive(Debug, Default)]
pub(super) struct Slot {
    pub(super) now: OnceLock<Arc<Entry>>,
    /// What stood here, or what the same file did elsewhere.
    pub(super) hint: Option<Arc<Entry>>,
    /// Whether the hint's files may have changed.
    pub(super) dirty: bool,
}

impl Slot {
    /// What is known here of the same place at another moment, or of the same file at another place.
    pub(super) fn after(earlier: &Self, is_stale: bool, is_dirty: bool) -> Self {
        let computed = earlier.now.get();
        match computed.or(earlier.hint.as_ref()) {
            None => Self::default(),
            Some(entry) if computed.is_some() && !is_stale => {
                Self { now: OnceLock::from(entry.clone()), ..Self::default() }
            }
            Some(entry) => {
                let dirty = is_dirty || computed.is_none() && earlier.dirty;
                Self { hint: Some(entry.clone()), dirty, ..Self::default() }
            }
        }
    }

    /// What is known, of now or of before.
    pub(super) fn known(&self) -> Option<&Arc<Entry>> {
        self.now.get().or(self.hint.as_ref())
    }
}

/// Which places of a stretch differ from an earlier moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Marks {
    /// Those that may stand on another state, or do something else.
    pub(super) stale: u64,
    /// Those whose files may have changed.
    pub(super) dirty: u64,
}

impl Marks {
    fn at(self, place: usize) -> (bool, bool) {
        let has = |marks: u64| marks >> place & 1 == 1;
        (has(self.stale), has(self.dirty))
    }

    fn or(self, other: Self) -> Self {
        Self { stale: self.stale | other.stale, dirty: self.dirty | other.dirty }
    }
}

/// The names that the places of a stretch make.
#[derive(Clone, Copy, Debug)]
pub(super) struct MadeStand {
    pub(super) identity: Fingerprint,
    /// Whether it is the same on every state.
    pub(super) anywhere: bool,
}

/// See the module. One that came from another is filled in when somebody looks into it: behind an edit
/// there are thousands of places that nobody asks for before the next key.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    slots: OnceLock<Box<[Slot]>>,
    /// What the slots are made of; gone once they are there.
    origin: Mutex<Option<Origin>>,
    /// Set once every place is computed.
    whole: OnceLock<()>,
    pub(super) made: OnceLock<MadeStand>,
}

#[derive(Clone, Debug)]
struct Origin {
    /// Every place of it is computed: it does not change any more.
    of: Arc<Stretch>,
    marks: Marks,
}

impl Stretch {
    pub(super) fn new(slots: impl Iterator<Item = Slot>) -> Self {
        Self { slots: OnceLock::from(slots.collect::<Box<[Slot]>>()), ..Self::default() }
    }

    /// The same places at another moment. An earlier stretch is shared where nothing differs and no
    /// older snapshot can fill in what it sees with its own eyes.
    pub(super) fn after(earlier: &Arc<Self>, marks: Marks) -> Arc<Self> {
        if earlier.is_whole() {
            if marks == Marks::default() {
                return earlier.clone();
            }
            let origin = Origin { of: earlier.clone(), marks };
            return Arc::new(Self::from(origin));
        }
        let origin = earlier.origin.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(Origin { of, marks: before }) = origin {
            return Arc::new(Self::from(Origin { of, marks: before.or(marks) }));
        }
        let slots = earlier.slots().iter().enumerate().map(|(place, slot)| {
            let (is_stale, is_dirty) = marks.at(place);
            Slot::after(slot, is_stale, is_dirty)
        });
        Arc::new(Self::new(slots))
    }

    /// The places.
    pub(super) fn slots(&self) -> &[Slot] {
        self.slots.get_or_init(|| {
            let origin = self.origin.lock().unwrap_or_else(PoisonError::into_inner).take();
            let Some(Origin { of, marks }) = origin else { return Box::default() };
            let slots = of.slots().iter().enumerate().map(|(place, slot)| {
                let (is_stale, is_dirty) = marks.at(place);
                Slot::after(slot, is_stale, is_dirty)
            });
            slots.collect()
        })
    }

    /// What is known of a place, of now or of before, without filling anything in.
    pub(super) fn known(&self, place: usize) -> Option<Arc<Entry>> {
        if self.slots.get().is_none() {
            let origin = self.origin.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(origin) = origin {
                return origin.of.slots().get(place)?.known().cloned();
            }
        }
        self.slots().get(place)?.known().cloned()
    }

    /// The names that were made here at the moment that this came from, where they still are.
    pub(super) fn made_before(&self) -> Option<MadeStand> {
        let origin = self.origin.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let made = origin.of.made.get().copied()?;
        (origin.marks.dirty == 0 && made.anywhere).then_some(made)
    }

    fn is_whole(&self) -> bool {
        if self.whole.get().is_some() {
            return true;
        }
        let is_whole = (self.slots.get())
            .is_some_and(|slots| slots.iter().all(|slot| slot.now.get().is_some()));
        if is_whole {
            // Two threads may both have seen it.
            self.whole.get_or_init(|| ());
        }
        is_whole
    }
}

impl From<Origin> for Stretch {
    fn from(origin: Origin) -> Self {
        Self { origin: Mutex::new(Some(origin)), ..Self::default() }
    }
}
