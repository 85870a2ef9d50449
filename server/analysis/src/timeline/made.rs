//! Which names a revision brings into the database, for whoever asks all revisions for one.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use revline_schema::{Name, Op, Step};

use super::Deeds;

/// The names that operations make.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Made {
    tables: Box<[Arc<str>]>,
    columns: Box<[Arc<str>]>,
    /// Tables that are changed, each once.
    changed: Box<[Arc<str>]>,
    /// Something at the outermost level is raw SQL, or not known.
    is_opaque: bool,
    /// Something within a block is.
    is_opaque_inside: bool,
}

/// How deep blocks may be nested.
const DEEPEST: usize = 16;

impl Made {
    pub(super) fn of(steps: &[Step]) -> Self {
        let (mut tables, mut columns) = (Vec::new(), Vec::new());
        let mut made = Self::default();
        made.add(steps, 0, &mut tables, &mut columns);
        let mut changed = Vec::new();
        add_changed(steps, 0, &mut changed);
        changed.sort_unstable();
        changed.dedup();
        Self { tables: tables.into(), columns: columns.into(), changed: changed.into(), ..made }
    }

    fn add(
        &mut self,
        steps: &[Step],
        depth: usize,
        tables: &mut Vec<Arc<str>>,
        columns: &mut Vec<Arc<str>>,
    ) {
        for step in steps {
            match &step.op {
                Op::CreateTable(op) => tables.push(op.table.name.text.clone()),
                Op::RenameTable(op) => tables.push(op.new_name.text.clone()),
                Op::AddColumn(op) => columns.push(op.column.name.text.clone()),
                Op::AlterColumn(op) => {
                    columns.extend(op.new_name.as_ref().map(|name| name.text.clone()));
                }
                Op::Batch(batch) if depth < DEEPEST => {
                    self.add(&batch.steps, depth + 1, tables, columns);
                }
                Op::AutocommitBlock(block) if depth < DEEPEST => {
                    self.add(&block.steps, depth + 1, tables, columns);
                }
                Op::Opaque(_) | Op::Execute(_) if depth == 0 => self.is_opaque = true,
                Op::Opaque(_) | Op::Execute(_) | Op::Batch(_) | Op::AutocommitBlock(_) => {
                    self.is_opaque_inside = true;
                }
                _ => {}
            }
        }
    }

    /// Whether an operation certainly makes a table of this name, whatever its case.
    pub fn certainly_makes(&self, name: &Name) -> bool {
        has(&self.tables, name)
    }

    /// Whether an operation may make a table of this name, whatever its case.
    fn makes_table(&self, name: &Name) -> bool {
        self.is_opaque_inside || has(&self.tables, name)
    }

    /// Whether something may make a table of this name, or a column of this one.
    pub fn may_make(&self, table: &Name, column: Option<&Name>) -> bool {
        self.is_opaque
            || self.makes_table(table)
            || column.is_some_and(|column| has(&self.columns, column))
    }
}

/// The names that one revision makes, shared with the timeline.
#[derive(Clone, Debug)]
pub struct MadeHere(pub(crate) Arc<Deeds>);

impl Deref for MadeHere {
    type Target = Made;

    fn deref(&self) -> &Made {
        &self.0.made
    }
}

/// The names that all revisions of a history bring into the database.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AllMade {
    tables: BTreeSet<Arc<str>>,
    foreign: BTreeSet<Arc<str>>,
}

impl AllMade {
    pub(super) fn of<'a>(all: impl Iterator<Item = &'a Made> + Clone) -> Self {
        let tables: BTreeSet<_> = all.clone().flat_map(|made| &made.tables).cloned().collect();
        let folded: BTreeSet<String> = tables.iter().map(|name| name.to_lowercase()).collect();
        let changed = all.flat_map(|made| &made.changed);
        let foreign = changed.filter(|name| !folded.contains(&name.to_lowercase())).cloned();
        Self { foreign: foreign.collect(), tables }
    }

    /// The tables that are made, by name.
    pub fn tables(&self) -> impl Iterator<Item = &Arc<str>> {
        self.tables.iter()
    }

    /// The tables that are changed and never made, by name, whatever their case.
    pub fn foreign(&self) -> impl Iterator<Item = &Arc<str>> {
        self.foreign.iter()
    }

    /// Whether an operation certainly makes a table of this name, whatever its case.
    pub fn certainly_makes(&self, name: &Name) -> bool {
        self.tables().any(|made| made.eq_ignore_ascii_case(&name.text))
    }
}

fn add_changed(steps: &[Step], depth: usize, changed: &mut Vec<Arc<str>>) {
    for step in steps {
        match &step.op {
            // Those may be there no more, or not yet.
            Op::CreateTable(_) | Op::DropTable(_) | Op::TableComment(_) => {}
            Op::AutocommitBlock(block) if depth < DEEPEST => {
                add_changed(&block.steps, depth + 1, changed);
            }
            op => changed.extend(op.table().map(|table| table.name.text.clone())),
        }
    }
}

fn has(names: &[Arc<str>], wanted: &Name) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(&wanted.text))
}
