//! How the parts of a table hang together: what a changed, renamed or dropped column does to keys,
//! indexes and CHECKs.

use std::sync::Arc;

use crate::column::{Autoincrement, Column, ServerDefault};
use crate::constraint::{Constraint, Index, IndexElement, TableName};
use crate::name::Name;
use crate::op::{AlterColumn, Given};
use crate::state::{Key, Table};

pub(super) fn altered(column: &Column, op: &AlterColumn) -> Column {
    let mut column = column.clone();
    if let Some(nullable) = op.nullable {
        column.nullable = Some(nullable);
    }
    match &op.server_default {
        Given::Absent => {}
        Given::None => column.server_default = None::<ServerDefault>,
        Given::Some(default) => column.server_default = Some(default.clone()),
    }
    // Without its default, a column with a sequence of its own counts no more.
    if op.server_default == Given::None && op.autoincrement == Some(false) {
        column.autoincrement = Autoincrement::False;
    }
    if let Some(type_) = &op.type_ {
        column.type_ = type_.clone();
    }
    match &op.comment {
        Given::Absent => {}
        Given::None => column.comment = None,
        Given::Some(comment) => column.comment = Some(comment.clone()),
    }
    if let Some(name) = &op.new_name {
        column.name = name.clone();
    }
    column
}

/// Takes a column away with the constraints and indexes that cannot be without it.
pub(super) fn drop_column(table: &mut Table, name: &Name) {
    table.columns.retain(|column| column.name.text != name.text);
    table.constraints.retain(|constraint| !mentions(constraint, name));
    table.indexes.retain(|index| !index_mentions(index, name));
}

/// Whether a constraint is made of a column.
pub(crate) fn mentions(constraint: &Constraint, name: &Name) -> bool {
    let among = |columns: &[Name]| columns.iter().any(|column| column.text == name.text);
    match constraint {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => among(&key.columns),
        Constraint::ForeignKey(key) => among(&key.columns),
        Constraint::Exclude(exclude) => exclude
            .elements
            .iter()
            .filter_map(|(element, _)| element.column())
            .any(|column| column.text == name.text),
        Constraint::Check(_) => false,
    }
}

/// Whether an index is made of a column.
pub(crate) fn index_mentions(index: &Index, name: &Name) -> bool {
    index.elements.iter().filter_map(IndexElement::column).any(|column| column.text == name.text)
}

pub(super) fn rename_in_parts(table: &mut Table, from: &Name, to: &Name) {
    let swap = |column: &mut Name| {
        if column.text == from.text {
            *column = to.clone();
        }
    };
    for constraint in &mut table.constraints {
        if mentions(constraint, from) {
            let mut changed = (**constraint).clone();
            match &mut changed {
                Constraint::PrimaryKey(key) | Constraint::Unique(key) => {
                    key.columns.iter_mut().for_each(swap);
                }
                Constraint::ForeignKey(key) => key.columns.iter_mut().for_each(swap),
                Constraint::Exclude(_) | Constraint::Check(_) => {}
            }
            *constraint = Arc::new(changed);
        }
    }
    for index in &mut table.indexes {
        if index_mentions(index, from) {
            let mut changed = (**index).clone();
            for element in &mut changed.elements {
                if let IndexElement::Column(column) = element {
                    swap(column);
                }
            }
            *index = Arc::new(changed);
        }
    }
}

/// Whether a constraint is a foreign key to a table.
pub(super) fn points(constraint: &Constraint, to: &Key) -> bool {
    matches!(constraint, Constraint::ForeignKey(key) if Key::from(&key.referent) == *to)
}

/// A table whose foreign keys follow a renamed one; `None` where none does.
pub(super) fn repointed(table: &Table, old: &Key, to: &TableName) -> Option<Table> {
    if !table.constraints.iter().any(|constraint| points(constraint, old)) {
        return None;
    }
    let mut table = table.clone();
    for constraint in &mut table.constraints {
        if points(constraint, old) {
            let mut changed = (**constraint).clone();
            if let Constraint::ForeignKey(key) = &mut changed {
                key.referent = to.clone();
            }
            *constraint = Arc::new(changed);
        }
    }
    Some(table)
}
