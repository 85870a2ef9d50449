//! What one revision does to the state before it.

use std::collections::BTreeSet;
use std::sync::Arc;

use revline_frameworks::alembic::migration::{Migration, Part};
use revline_schema::{Key, Schema};
use revline_text::{FileId, Fingerprint};

use super::differs::{Differs, Lineage, Reach};
use super::made::Made;
use crate::migration::{Consulted, Seen};

/// A state, and what is known of those that stood in its place before.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Known by the operations that led to it, without their places in the source.
    pub(crate) id: Fingerprint,
    pub(crate) schema: Arc<Schema>,
    pub(super) lineage: Arc<Lineage>,
}

impl State {
    pub(super) fn base(id: Fingerprint, schema: Schema) -> Self {
        Self { id, schema: Arc::new(schema), lineage: Arc::default() }
    }

    /// The state after operations on this one.
    pub(super) fn behind(
        before: &Self,
        operations: Fingerprint,
        schema: impl FnOnce() -> Arc<Schema>,
    ) -> Self {
        let id = Fingerprint::of(&(before.id, operations));
        Self { id, schema: schema(), lineage: Arc::default() }
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(super) file: FileId,
    pub(super) seen: Option<Seen>,
    pub(super) consulted: Consulted,
    pub(super) consulted_id: Fingerprint,
    /// What of its evaluation is needed when the state before it is another one. The evaluation itself
    /// is made again where somebody asks: ten thousand of them would be most of the memory.
    pub(crate) deeds: Arc<Deeds>,
    pub(super) operations: Fingerprint,
    pub(crate) before: State,
    pub(crate) after: State,
}

/// The part of an evaluation that stays.
#[derive(Debug, Default)]
pub(crate) struct Deeds {
    /// Whether the file could be read.
    pub(crate) is_there: bool,
    /// The parts of the state before that it rests on.
    parts: BTreeSet<Part>,
    reach: Reach,
    is_followed: bool,
    pub(crate) made: Made,
}

impl Deeds {
    pub(super) fn of(migration: &Migration, before: &Schema, dialect: &str) -> Self {
        let reach = match revline_sql::dialect(dialect) {
            Some(dialect) => Reach::of(&migration.steps, before, dialect),
            None => Reach { whole: true, ..Reach::default() },
        };
        Self {
            is_there: true,
            parts: migration.parts.clone(),
            reach,
            is_followed: migration.is_followed(),
            made: Made::of(&migration.steps),
        }
    }

    /// Whether they are the same on every state.
    pub(super) fn are_anywhere(&self) -> bool {
        self.parts.is_empty()
    }
}

/// What a revision is judged by on one database: the states around it, and what it does itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ground {
    before: Fingerprint,
    after: Fingerprint,
    operations: Fingerprint,
    consulted: Fingerprint,
}

impl Entry {
    pub(crate) fn ground(&self) -> Ground {
        Ground {
            before: self.before.id,
            after: self.after.id,
            operations: self.operations,
            consulted: self.consulted_id,
        }
    }

    /// In what the states around the revision may differ from those that it stood on; `None` where
    /// that is not remembered, or the revision itself does something else.
    pub(crate) fn differs_since(&self, then: Ground) -> Option<Arc<Differs>> {
        if (self.operations, self.consulted_id) != (then.operations, then.consulted) {
            return None;
        }
        let before = self.before.lineage.since(self.before.id, then.before)?;
        let after = self.after.lineage.since(self.after.id, then.after)?;
        Some(if after == before { before } else { Arc::new(before.or(&after)) })
    }

    /// Remembers in what the state after this entry differs from that after `last`, which stood here.
    /// Where it differs in nothing, it is the same state: whatever was computed behind it stays.
    pub(super) fn take_the_place_of(&mut self, last: &Self) {
        if self.after.id == last.after.id {
            self.after.lineage = last.after.lineage.clone();
            return;
        }
        let (one, other) = (&last.after.schema, &self.after.schema);
        let differs = match self.reached_beside(last) {
            Some(tables) => Differs::among(one, other, tables),
            None => Differs::between(one, other),
        };
        // What tables were called once decides names and is no part of what a schema is.
        if differs.is_nothing() && one.renamed.0 == other.renamed.0 {
            // Its own names know their places in the text of now.
            self.after.id = last.after.id;
            self.after.lineage = last.after.lineage.clone();
            return;
        }
        let like = &self.before.lineage;
        let lineage = last.after.lineage.next(last.after.id, differs, like);
        self.after.lineage = Arc::new(lineage);
    }

    /// The tables in which the states after this entry and after `last` can differ at most: those in
    /// which the states before do, and those that either reaches. `None` where it may be any.
    fn reached_beside(&self, last: &Self) -> Option<Vec<Key>> {
        let before = self.before.lineage.since(self.before.id, last.before.id)?;
        let mut tables = before.tables.clone();
        for entry in [self, last] {
            if entry.deeds.reach.whole || !entry.deeds.is_followed {
                return None;
            }
            tables.extend(entry.deeds.reach.tables.iter().cloned());
        }
        Some(tables)
    }

    /// The same revision on another state, where it is known without evaluating it again what it does
    /// there: the two states differ in parts that it neither looks at nor changes.
    pub(super) fn moved(&self, before: &State) -> Option<Self> {
        let differs = before.lineage.since(before.id, self.before.id)?;
        let Deeds { is_there, parts, reach, is_followed, .. } = &*self.deeds;
        if differs.whole || differs.types || reach.whole || !is_there || !is_followed {
            return None;
        }
        let is_apart = parts.iter().all(|part| match part {
            Part::Whole => false,
            Part::Types => true,
            Part::Table(key) => !differs.has(key),
        });
        if !is_apart || reach.tables.iter().any(|key| differs.has(key)) {
            return None;
        }
        if self.names_meet(&before.schema, &differs) {
            return None;
        }
        let after = State::behind(before, self.operations, || {
            let mut schema = Schema::clone(&self.after.schema);
            for key in &differs.tables {
                match before.schema.tables.get(key) {
                    Some(table) => schema.tables.insert_mut(key.clone(), table.clone()),
                    None => drop(schema.tables.remove_mut(key)),
                }
                if before.schema.made_since.contains(key) {
                    schema.made_since.insert_mut(key.clone());
                } else {
                    schema.made_since.remove_mut(key);
                }
            }
            schema.renamed = before.schema.renamed.clone();
            Arc::new(schema)
        });
        let mut moved = Self {
            file: self.file,
            seen: self.seen,
            consulted: self.consulted.clone(),
            consulted_id: self.consulted_id,
            deeds: self.deeds.clone(),
            operations: self.operations,
            before: before.clone(),
            after,
        };
        moved.take_the_place_of(self);
        Some(moved)
    }

    /// Whether the tables that differ have names of keys or indexes that those which the revision makes
    /// may have been chosen to avoid: PostgreSQL puts a number behind a name that is taken, and cuts
    /// long ones.
    fn names_meet(&self, before: &Schema, differs: &Differs) -> bool {
        let of = |schema: &Schema, keys: &[Key]| -> Vec<Arc<str>> {
            let tables = keys.iter().filter_map(|key| schema.tables.get(key));
            tables
                .flat_map(|table| {
                    let keys = table.constraints.iter().filter_map(|one| one.name());
                    let indexes = table.indexes.iter().filter_map(|index| index.name.as_ref());
                    let names = keys.chain(indexes).map(|name| name.text.clone());
                    names.chain([table.name.name.text.clone()]).collect::<Vec<_>>()
                })
                .collect()
        };
        let mut others = of(before, &differs.tables);
        others.extend(of(&self.before.schema, &differs.tables));
        let own = of(&self.after.schema, &self.deeds.reach.tables);
        own.iter()
            .any(|name| name.len() >= CUT || others.iter().any(|other| name.starts_with(&**other)))
    }
}

/// From this length on, in bytes, a name may have been cut to make room for a number.
const CUT: usize = 58;
