//! The operations that undo an operation, for those where the schema before it says enough.
//!
//! What an inverse restores is the schema, not the rows: a dropped column comes back empty.

use std::sync::Arc;

use crate::apply::{apply, index_mentions, mentions};
use crate::column::Column;
use crate::constraint::{Constraint, Index, TableName};
use crate::literal::Options;
use crate::op::{
    AddColumn, AddConstraint, AlterColumn, AutocommitBlock, Batch, CreateIndex, CreateTable,
    DropColumn, DropConstraint, DropIndex, DropTable, Given, Op, RenameTable, TableComment,
    TableItem,
};
use crate::state::{Key, Schema, Table};
use crate::step::Step;

/// How deep batches and blocks may be nested before nothing is inverted.
const MAX_DEPTH: usize = 16;

/// What undoes `op` on a schema that was `before` it, in order; `None` where that is not known: raw
/// SQL, rows, tables in doubt, constraints without a name, an operation that does not fit.
pub fn invert(op: &Op, before: &Schema) -> Option<Vec<Op>> {
    inverted(op, before, 0)
}

fn inverted(op: &Op, before: &Schema, depth: usize) -> Option<Vec<Op>> {
    if !before.is_certain() {
        return None;
    }
    match op {
        Op::CreateTable(op) => {
            let is_new = before.table(&Key::from(&op.table)).is_none();
            let drop = DropTable { table: op.table.clone(), ..DropTable::default() };
            is_new.then(|| vec![Op::DropTable(drop)])
        }
        Op::DropTable(op) => Some(recreate(certain(before, &op.table)?)),
        Op::RenameTable(op) => {
            certain(before, &op.table)?;
            let schema = op.table.schema.clone();
            let renamed = TableName { schema, name: op.new_name.clone() };
            if is_referred_to(before, &Key::from(&renamed)) {
                return None;
            }
            Some(vec![Op::RenameTable(RenameTable {
                table: renamed,
                new_name: op.table.name.clone(),
            })])
        }
        Op::TableComment(op) => {
            let comment = certain(before, &op.table)?.comment.clone();
            Some(vec![Op::TableComment(TableComment {
                table: op.table.clone(),
                is_drop: comment.is_none(),
                comment,
                existing_comment: op.comment.clone(),
            })])
        }
        Op::AddColumn(op) => {
            let table = certain(before, &op.table)?;
            if table.column(op.column.name.as_str()).is_some() {
                return None;
            }
            Some(vec![Op::DropColumn(DropColumn {
                table: op.table.clone(),
                column: op.column.name.clone(),
                ..DropColumn::default()
            })])
        }
        Op::DropColumn(op) => restore_column(certain(before, &op.table)?, op),
        Op::AlterColumn(op) => {
            let table = certain(before, &op.table)?;
            alter_back(table.column(op.column.as_str())?, op).map(|op| vec![op])
        }
        Op::CreateIndex(op) => {
            let (after, problems) = apply(before, &Op::CreateIndex(op.clone()));
            let table = after.table(&Key::from(&op.table))?;
            let is_new = table.indexes.len() > certain(before, &op.table)?.indexes.len();
            let name = table.indexes.last().and_then(|index| index.name.clone())?;
            (problems.is_empty() && is_new).then(|| {
                vec![Op::DropIndex(DropIndex {
                    name: Some(name),
                    table: Some(op.table.name.clone()),
                    schema: op.table.schema.clone(),
                    ..DropIndex::default()
                })]
            })
        }
        Op::DropIndex(op) => {
            let name = op.name.as_ref()?;
            let table = match op.table() {
                Some(table) => certain(before, &table)?,
                None => before.tables.values().find(|t| t.index(name.as_str()).is_some())?,
            };
            let index = table.index(name.as_str())?;
            table.is_certain().then(|| vec![create_index(&table.name, index)])
        }
        Op::AddConstraint(op) => {
            let (after, problems) = apply(before, &Op::AddConstraint(op.clone()));
            let table = after.table(&Key::from(&op.table))?;
            let is_new = table.constraints.len() > certain(before, &op.table)?.constraints.len();
            let added = table.constraints.last()?;
            let name = added.name()?.clone();
            (problems.is_empty() && is_new).then(|| {
                vec![Op::DropConstraint(DropConstraint {
                    table: op.table.clone(),
                    name: Some(name.finalised()),
                    kind: Some(added.kind()),
                    if_exists: false,
                })]
            })
        }
        Op::DropConstraint(op) => {
            let table = certain(before, &op.table)?;
            let constraint = table.constraint(op.name.as_ref()?.as_str())?;
            Some(vec![add_constraint(&table.name, constraint)])
        }
        Op::CreateType(op) => Some(vec![Op::DropType(op.clone())]),
        Op::DropType(op) => Some(vec![Op::CreateType(op.clone())]),
        Op::Batch(batch) if depth < MAX_DEPTH => {
            let steps = invert_steps(&batch.steps, before, depth)?;
            Some(vec![Op::Batch(Batch { steps, ..batch.clone() })])
        }
        Op::AutocommitBlock(block) if depth < MAX_DEPTH => {
            let steps = invert_steps(&block.steps, before, depth)?;
            Some(vec![Op::AutocommitBlock(AutocommitBlock { steps })])
        }
        Op::Batch(_)
        | Op::AutocommitBlock(_)
        | Op::Execute(_)
        | Op::BulkInsert(_)
        | Op::Touch(_)
        | Op::Opaque(_) => None,
    }
}

fn invert_steps(steps: &[Step], before: &Schema, depth: usize) -> Option<Vec<Step>> {
    let mut schema = before.clone();
    let mut all = Vec::new();
    for step in steps {
        if !step.guards.is_empty() {
            return None;
        }
        all.push(inverted(&step.op, &schema, depth + 1)?);
        schema = apply(&schema, &step.op).0;
    }
    Some(all.into_iter().rev().flatten().map(Step::new).collect())
}

/// Whether any foreign key points to a table of that name.
fn is_referred_to(schema: &Schema, key: &Key) -> bool {
    schema.tables.values().flat_map(|table| &table.constraints).any(|constraint| {
        matches!(&**constraint, Constraint::ForeignKey(fk) if Key::from(&fk.referent) == *key)
    })
}

fn certain<'a>(schema: &'a Schema, name: &TableName) -> Option<&'a Arc<Table>> {
    schema.table(&Key::from(name)).filter(|table| table.is_certain())
}

fn recreate(table: &Table) -> Vec<Op> {
    let columns = table.columns.iter().map(|column| TableItem::from((**column).clone()));
    let constraints = table.constraints.iter().map(|c| TableItem::from(settled(c)));
    let create = CreateTable {
        table: table.name.clone(),
        items: columns.chain(constraints).collect(),
        comment: table.comment.clone(),
        options: table.options.clone(),
        ..CreateTable::default()
    };
    let mut ops = vec![Op::CreateTable(create)];
    ops.extend(table.indexes.iter().map(|index| create_index(&table.name, index)));
    ops
}

/// A constraint whose name no convention changes once more.
fn settled(constraint: &Constraint) -> Constraint {
    let name = constraint.name().map(|name| name.clone().finalised());
    crate::build::renamed(constraint, name)
}

fn create_index(table: &TableName, index: &Index) -> Op {
    let name = index.name.clone().map(crate::Name::finalised);
    Op::CreateIndex(CreateIndex {
        table: table.clone(),
        index: Index { name, ..index.clone() },
        if_not_exists: false,
    })
}

fn add_constraint(table: &TableName, constraint: &Constraint) -> Op {
    Op::AddConstraint(Box::new(AddConstraint {
        table: table.clone(),
        constraint: settled(constraint),
    }))
}

fn restore_column(table: &Table, op: &DropColumn) -> Option<Vec<Op>> {
    let column = table.column(op.column.as_str())?;
    let held = table.constraints.iter().filter(|constraint| mentions(constraint, &op.column));
    let mut ops = vec![Op::AddColumn(Box::new(AddColumn {
        table: op.table.clone(),
        column: Column { primary_key: false, ..(**column).clone() },
        ..AddColumn::default()
    }))];
    ops.extend(held.map(|constraint| add_constraint(&op.table, constraint)));
    let indexed = table.indexes.iter().filter(|index| index_mentions(index, &op.column));
    ops.extend(indexed.map(|index| create_index(&op.table, index)));
    Some(ops)
}

fn alter_back(column: &Column, op: &AlterColumn) -> Option<Op> {
    let mut back = AlterColumn {
        table: op.table.clone(),
        column: op.new_name.clone().unwrap_or_else(|| op.column.clone()),
        new_name: op.new_name.as_ref().map(|_| op.column.clone()),
        ..AlterColumn::default()
    };
    if op.nullable.is_some() {
        back.nullable = Some(column.is_nullable());
    }
    if op.server_default.is_given() {
        back.server_default = match &column.server_default {
            Some(default) => Given::Some(default.clone()),
            None => Given::None,
        };
    }
    if let Some(type_) = &op.type_ {
        back.existing_type = Some(type_.clone());
        back.type_ = Some(column.type_.clone());
    } else {
        back.existing_type = op.existing_type.clone();
    }
    if op.comment.is_given() {
        back.comment = match &column.comment {
            Some(comment) => Given::Some(comment.clone()),
            None => Given::None,
        };
        back.existing_comment = op.comment.value().cloned();
    }
    if op.type_.is_some() && op.options != Options::default() {
        // A conversion that needed help one way may need other help the other way.
        return None;
    }
    Some(Op::AlterColumn(Box::new(back)))
}
