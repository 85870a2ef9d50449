//! What `op.create_table` and `op.add_column` make: what a column brings along is taken apart from
//! it, names are resolved.

use std::sync::Arc;

use crate::apply::ProblemKind;
use crate::column::Column;
use crate::constraint::{
    Constraint, ForeignKeyConstraint, Index, IndexElement, KeyConstraint, TableName,
};
use crate::name::{Name, Opaque};
use crate::naming::{NamingConvention, NamingSubject};
use crate::op::{CreateTable, TableItem};
use crate::state::Table;

/// What does not fit a table, with the name that is missing or taken.
pub(crate) type Misfits = Vec<(ProblemKind, Name)>;

/// The table that a directive makes. Constraints and indexes that name columns which it does not
/// have, or have a name that is taken, are left out and reported.
pub(crate) fn table(naming: &NamingConvention, op: &CreateTable) -> (Table, Misfits) {
    let mut table = Table {
        name: op.table.clone(),
        comment: op.comment.clone(),
        options: op.options.clone(),
        ..Table::default()
    };
    let mut misfits = Vec::new();
    let is_column = |name: &Name| op.columns().any(|column| column.name.text == name.text);
    for item in &op.items {
        match item {
            TableItem::Constraint(constraint) => match stray(constraint, is_column) {
                Some(stray) => misfits.push((ProblemKind::NoSuchColumn, stray.clone())),
                None => push_constraint(naming, &mut misfits, &mut table, constraint),
            },
            TableItem::Opaque(why) => {
                table.doubt.get_or_insert(why.clone());
            }
            TableItem::Column(_) | TableItem::Index(_) => {}
        }
    }
    let key: Vec<Name> =
        op.columns().filter(|column| column.primary_key).map(|c| c.name.clone()).collect();
    if table.primary_key().is_empty() && !key.is_empty() {
        let key = KeyConstraint { columns: key, ..KeyConstraint::default() };
        push_constraint(naming, &mut misfits, &mut table, &Constraint::PrimaryKey(key));
    }
    let keyed = table.primary_key().to_vec();
    for column in op.columns() {
        let in_key = keyed.contains(&column.name);
        push_column(naming, &mut misfits, &mut table, column, in_key);
    }
    for index in op.indexes() {
        let mut columns = index.elements.iter().filter_map(IndexElement::column);
        match columns.find(|column| !is_column(column)) {
            Some(stray) => misfits.push((ProblemKind::NoSuchColumn, stray.clone())),
            None => push_index(naming, &mut misfits, &mut table, index),
        }
    }
    (table, misfits)
}

/// A column that a constraint names and its table does not have.
pub(crate) fn stray_column<'a>(table: &Table, constraint: &'a Constraint) -> Option<&'a Name> {
    stray(constraint, |name| table.column(name.as_str()).is_some())
}

fn stray(constraint: &Constraint, is_column: impl Fn(&Name) -> bool) -> Option<&Name> {
    let columns = match constraint {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => &key.columns,
        Constraint::ForeignKey(key) => &key.columns,
        Constraint::Check(_) | Constraint::Exclude(_) => return None,
    };
    columns.iter().find(|name| !is_column(name))
}

/// Adds a column, and what it brings along.
pub(crate) fn push_column(
    naming: &NamingConvention,
    misfits: &mut Misfits,
    table: &mut Table,
    column: &Column,
    in_key: bool,
) {
    let implied = Column { primary_key: column.primary_key || in_key, ..column.clone() };
    if column.index {
        let index = Index {
            elements: vec![IndexElement::Column(column.name.clone())],
            unique: column.unique,
            origin: column.origin,
            ..Index::default()
        };
        push_index(naming, misfits, table, &index);
    } else if column.unique {
        let key = KeyConstraint {
            columns: vec![column.name.clone()],
            origin: column.origin,
            ..KeyConstraint::default()
        };
        push_constraint(naming, misfits, table, &Constraint::Unique(key));
    }
    for key in &column.foreign_keys {
        let constraint = ForeignKeyConstraint {
            name: key.name.clone(),
            columns: vec![column.name.clone()],
            referent: key.referent.clone(),
            referent_columns: key.referent_column.iter().cloned().collect(),
            rules: key.rules.clone(),
            use_alter: key.use_alter,
            comment: key.comment.clone(),
            options: key.options.clone(),
            origin: key.origin,
        };
        push_constraint(naming, misfits, table, &Constraint::ForeignKey(constraint));
    }
    for check in &column.checks {
        push_constraint(naming, misfits, table, &Constraint::Check(check.clone()));
    }
    let nullable = Some(implied.is_nullable());
    table.columns.push(Arc::new(Column {
        nullable,
        index: false,
        unique: false,
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        ..implied
    }));
}

/// Adds a constraint under the name it gets.
pub(crate) fn push_constraint(
    naming: &NamingConvention,
    misfits: &mut Misfits,
    table: &mut Table,
    given: &Constraint,
) {
    let constraint = named(naming, &table.name, given).unwrap_or_else(|why| {
        table.doubt.get_or_insert(why);
        given.clone()
    });
    if let Some(name) = constraint.name().filter(|name| table.constraint(name.as_str()).is_some()) {
        misfits.push((ProblemKind::ConstraintExists, name.clone()));
        return;
    }
    if let Constraint::PrimaryKey(key) = &constraint {
        for column in &mut table.columns {
            if key.columns.contains(&column.name) && !column.primary_key {
                *column = Arc::new(Column { primary_key: true, ..(**column).clone() });
            }
        }
    }
    table.constraints.push(Arc::new(constraint));
}

/// Adds an index under the name it gets.
pub(crate) fn push_index(
    naming: &NamingConvention,
    misfits: &mut Misfits,
    table: &mut Table,
    given: &Index,
) {
    let name = naming.resolve(&NamingSubject::of_index(&table.name, given)).unwrap_or_else(|_| {
        table.doubt.get_or_insert(Opaque::new("the name of an index is not known"));
        given.name.clone()
    });
    if let Some(name) = name.as_ref().filter(|name| table.index(name.as_str()).is_some()) {
        misfits.push((ProblemKind::IndexExists, name.clone()));
        return;
    }
    table.indexes.push(Arc::new(Index { name, ..given.clone() }));
}

/// The constraint under the name it gets.
pub(crate) fn named(
    naming: &NamingConvention,
    table: &TableName,
    given: &Constraint,
) -> Result<Constraint, Opaque> {
    let Some(subject) = NamingSubject::of_constraint(table, given) else {
        return Ok(given.clone());
    };
    let Ok(name) = naming.resolve(&subject) else {
        return Err(Opaque::new("the name of a constraint is not known"));
    };
    Ok(renamed(given, name))
}

/// The constraint under another name.
pub(crate) fn renamed(constraint: &Constraint, name: Option<Name>) -> Constraint {
    let mut constraint = constraint.clone();
    match &mut constraint {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => key.name = name,
        Constraint::ForeignKey(key) => key.name = name,
        Constraint::Check(check) => check.name = name,
        Constraint::Exclude(exclude) => exclude.name = name,
    }
    constraint
}
