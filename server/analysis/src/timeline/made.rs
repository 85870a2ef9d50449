//! Which names a revision brings into the database, for whoever asks all revisions for one.

use std::sync::Arc;

use revline_schema::{Name, Op, Step};

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

    /// The tables that are made, by name.
    pub fn tables(&self) -> &[Arc<str>] {
        &self.tables
    }

    /// The tables that are there before it, by name, as it changes them.
    pub fn changed(&self) -> impl Iterator<Item = &Arc<str>> {
        self.changed.iter().filter(|name| !self.tables.contains(name))
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

fn add_changed(steps: &[Step], depth: usize, changed: &mut Vec<Arc<str>>) {
    for step in steps {
        let table = match &step.op {
            Op::AddColumn(op) => &op.table,
            Op::DropColumn(op) => &op.table,
            Op::AlterColumn(op) => &op.table,
            Op::CreateIndex(op) => &op.table,
            Op::AddConstraint(op) => &op.table,
            Op::DropConstraint(op) => &op.table,
            Op::RenameTable(op) => &op.table,
            Op::Batch(batch) => &batch.table,
            Op::AutocommitBlock(block) if depth < DEEPEST => {
                add_changed(&block.steps, depth + 1, changed);
                continue;
            }
            _ => continue,
        };
        changed.push(table.name.text.clone());
    }
}

fn has(names: &[Arc<str>], wanted: &Name) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(&wanted.text))
}
