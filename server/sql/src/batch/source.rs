//! The table that a batch starts from: reflected, or given as `copy_from`.

use revline_schema::{
    Batch, Column, Constraint, ConstraintKind, CreateTable, Index, KeyConstraint, NamingConvention,
    NamingError, NamingSubject, Options, Schema, TableItem, TableName,
};

use crate::build::{self, Piece};
use crate::print::{Cx, Halt, Print};
use crate::{keywords, reflect};

/// The existing table of a batch.
pub(super) struct Source {
    pub(super) name: TableName,
    pub(super) columns: Vec<Column>,
    /// The primary key, perhaps without columns.
    pub(super) key: KeyConstraint,
    /// The other constraints.
    pub(super) pieces: Vec<Piece>,
    pub(super) indexes: Vec<Index>,
    pub(super) options: Options,
    pub(super) is_reflected: bool,
    /// What is assumed about it, for people.
    pub(super) fact: Option<String>,
}

/// The existing table of a batch; `schema` is what its database holds.
pub(super) fn of(cx: Cx<'_>, schema: Option<&Schema>, batch: &Batch) -> Print<Source> {
    match (&batch.options.copy_from, schema) {
        (Some(given), _) => copied(cx, given),
        (None, Some(schema)) => reflected(cx, schema, batch),
        (None, None) => Err(Halt::unknown("the table that this batch copies is not known here")),
    }
}

fn reflected(cx: Cx<'_>, schema: &Schema, batch: &Batch) -> Print<Source> {
    if !batch.options.reflect_kwargs.is_empty() {
        return Err(Halt::unknown("what reflect_kwargs change about the reflected table"));
    }
    let existing = reflect::table(cx, schema, &batch.table)?;
    let mut source = Source {
        fact: Some(fact(&existing)),
        name: existing.name,
        columns: existing.columns,
        key: existing.key,
        pieces: existing.constraints.into_iter().map(Piece::Constraint).collect(),
        indexes: existing.indexes,
        options: existing.options,
        is_reflected: true,
    };
    for item in &batch.options.reflect_args {
        override_column(cx, &mut source, item)?;
    }
    if let Some(convention) = &batch.options.naming_convention {
        name_all(&mut source, convention)?;
    }
    Ok(source)
}

/// `reflect_args=[sa.Column(…)]` stands for the column of that name.
fn override_column(cx: Cx<'_>, source: &mut Source, item: &TableItem) -> Print<()> {
    let unsure = || Halt::unknown("what reflect_args change about the reflected table");
    let TableItem::Column(given) = item else { return Err(unsure()) };
    let is_plain = given.foreign_keys.is_empty()
        && given.checks.is_empty()
        && !given.unique
        && !given.index
        && !given.primary_key
        && !build::brings_check(cx, &given.type_);
    let place = source.columns.iter_mut().find(|column| column.name == given.name);
    match place {
        Some(place) if is_plain && !place.primary_key => {
            *place = (**given).clone();
            Ok(())
        }
        _ => Err(unsure()),
    }
}

/// `naming_convention=` names what came back without a name.
fn name_all(source: &mut Source, convention: &NamingConvention) -> Print<()> {
    let mut key = Constraint::PrimaryKey(source.key.clone());
    let given = source.pieces.iter_mut().filter_map(|piece| match piece {
        Piece::Constraint(constraint) => Some(constraint),
        Piece::Implicit(_) => None,
    });
    for constraint in std::iter::once(&mut key).chain(given) {
        if constraint.name().is_some() {
            continue;
        }
        let Some(subject) = NamingSubject::of_constraint(&source.name, constraint) else {
            continue;
        };
        let name = convention.resolve(&subject).map_err(|error| match error {
            NamingError::Refused(sentence) => Halt::Refused(sentence),
            NamingError::NotUnderstood(why) => Halt::unknown(why),
        })?;
        match constraint {
            Constraint::PrimaryKey(key) | Constraint::Unique(key) => key.name = name,
            Constraint::ForeignKey(key) => key.name = name,
            Constraint::Check(check) => check.name = name,
            Constraint::Exclude(_) => {}
        }
    }
    if let Constraint::PrimaryKey(key) = key {
        source.key = key;
    }
    Ok(())
}

/// `copy_from=sa.Table(…)`.
fn copied(cx: Cx<'_>, given: &CreateTable) -> Print<Source> {
    if cx.settings.naming_convention.is_some() {
        return Err(Halt::unknown("the naming convention of the table given as copy_from"));
    }
    keywords::check_table(given)?;
    let built = build::table(cx, given)?;
    let explicit = given
        .constraints()
        .filter(|constraint| constraint.kind() != ConstraintKind::PrimaryKey)
        .count();
    let mut pieces = built.pieces;
    // A column brings its constraints when it is attached, before those that stand by themselves.
    let at = explicit.min(pieces.len());
    pieces.rotate_left(at);
    let columns = built.columns.into_iter().map(|column| {
        let nullable = column.column.nullable.or((!column.nullable).then_some(false));
        Column {
            nullable,
            primary_key: column.primary_key,
            foreign_keys: Vec::new(),
            checks: column.checks,
            ..column.column
        }
    });
    // An index that comes from a column's `index=True` is not carried over.
    let indexes = given.indexes().map(|index| build::named_index(cx, &given.table, index));
    Ok(Source {
        name: given.table.clone(),
        columns: columns.collect(),
        key: built.primary_key.unwrap_or_default(),
        pieces,
        indexes: indexes.collect::<Print<Vec<_>>>()?,
        options: built.options,
        is_reflected: false,
        fact: None,
    })
}

/// The table in one short line.
fn fact(table: &reflect::Existing) -> String {
    let names = |names: Vec<&str>| match names.get(..12) {
        Some(some) if names.len() > 12 => {
            format!("{} and {} more", some.join(", "), names.len() - 12)
        }
        _ => names.join(", "),
    };
    let mut text = format!("table \"{}\" as the history leaves it", table.name);
    let columns: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
    text.push_str(&format!(": columns {}", names(columns)));
    let constraints: Vec<_> =
        table.constraints.iter().filter_map(|c| c.name()).map(|name| name.as_str()).collect();
    if !constraints.is_empty() {
        text.push_str(&format!("; constraints {}", names(constraints)));
    }
    let indexes: Vec<_> =
        table.indexes.iter().filter_map(|index| index.name.as_ref()).map(|n| n.as_str()).collect();
    if !indexes.is_empty() {
        text.push_str(&format!("; indexes {}", names(indexes)));
    }
    text
}
