//! `op.create_table(…)` as SQLAlchemy's `Table` holds it: implied constraints and indexes made,
//! names given, the order of constraints settled.

use revline_schema::{
    Autoincrement, CheckConstraint, Column, Constraint, CreateTable, ForeignKeyConstraint, Index,
    IndexElement, KeyConstraint, Name, NamingSubject, Options, ServerDefault, SourceText, SqlType,
    TableItem, TableName, TypeKind,
};

use crate::naming;
use crate::placeholder;
use crate::print::{Cx, Halt, Print};
use crate::types::{Affinity, affinity};

/// A table ready to be printed.
pub struct BuiltTable {
    /// Schema and name.
    pub name: TableName,
    /// The columns in order.
    pub columns: Vec<BuiltColumn>,
    /// The primary key, where there is one.
    pub primary_key: Option<KeyConstraint>,
    /// The other constraints in the order in which they are printed.
    pub pieces: Vec<Piece>,
    /// The indexes in the order in which they were made. Real Alembic keeps them in a set: when
    /// there are several, their order changes from one run to the next.
    pub indexes: Vec<Index>,
    /// Table keywords.
    pub options: Options,
    /// The comment.
    pub comment: Option<SourceText>,
    /// `prefixes`.
    pub prefixes: Vec<SourceText>,
}

/// A column with what its table decides about it.
pub struct BuiltColumn {
    /// As it was given.
    pub column: Column,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// Whether it is part of the primary key.
    pub primary_key: bool,
    /// Whether it is the column that counts by itself.
    pub counts: bool,
    /// Whether it has a foreign key of any kind.
    pub has_foreign_key: bool,
    /// CHECKs given on the column, named.
    pub checks: Vec<CheckConstraint>,
}

/// A constraint of a built table.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a handful per table, for the time of one statement")]
pub enum Piece {
    /// One that was given or is implied by a column's keyword.
    Constraint(Constraint),
    /// The CHECK of a Boolean or Enum.
    Implicit(TypeCheck),
}

/// The CHECK that a Boolean or Enum brings where the database has no such type.
#[derive(Clone, Debug)]
pub struct TypeCheck {
    /// The column.
    pub column: Name,
    /// The name, by convention or given.
    pub name: Option<Name>,
    /// The values it lets in, printed.
    pub values: Vec<String>,
}

/// Builds a table from its directive.
pub(crate) fn table(cx: Cx<'_>, op: &CreateTable) -> Print<BuiltTable> {
    let items: Vec<&TableItem> = op.items.iter().collect();
    let mut built = assemble(cx, &op.table, &items)?;
    built.options = op.options.clone();
    built.comment = op.comment.clone();
    built.prefixes = op.prefixes.clone();
    Ok(built)
}

/// Builds the table that stands around one column of `op.add_column`.
pub(crate) fn around_column(cx: Cx<'_>, table: &TableName, column: &Column) -> Print<BuiltTable> {
    let item = TableItem::from(column.clone());
    assemble(cx, table, &[&item])
}

fn assemble(cx: Cx<'_>, name: &TableName, items: &[&TableItem]) -> Print<BuiltTable> {
    let mut columns: Vec<&Column> = Vec::new();
    let mut given: Vec<&Constraint> = Vec::new();
    let mut given_indexes: Vec<&Index> = Vec::new();
    for item in items {
        match item {
            TableItem::Column(column) => {
                if columns.iter().any(|other| other.name == column.name) {
                    return Err(Halt::Refused(placeholder::is_present(
                        column.name.as_str(),
                        &name.name,
                    )));
                }
                columns.push(column);
            }
            TableItem::Constraint(constraint) => given.push(constraint),
            TableItem::Index(index) => given_indexes.push(index),
            TableItem::Opaque(opaque) => return Err(opaque.clone().into()),
        }
    }
    for constraint in &given {
        check_columns(name, &columns, constraint)?;
    }
    let primary_key = primary_key(cx, name, &columns, &given)?;
    let mut pieces = Vec::new();
    for constraint in &given {
        if constraint.kind() != revline_schema::ConstraintKind::PrimaryKey {
            pieces.push(Piece::Constraint(named(cx, name, constraint)?));
        }
    }
    let mut indexes = Vec::new();
    for column in &columns {
        implied(cx, name, column, &mut pieces, &mut indexes)?;
    }
    for index in given_indexes {
        indexes.push(named_index(cx, name, index)?);
    }
    let counting = counting_column(&columns, primary_key.as_ref(), &given);
    let mut built = Vec::new();
    for column in &columns {
        let in_key = primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
        let implied = Column { primary_key: column.primary_key || in_key, ..(*column).clone() };
        let mut checks = Vec::new();
        for check in &column.checks {
            checks.push(named_check(cx, name, check)?);
        }
        built.push(BuiltColumn {
            nullable: implied.is_nullable(),
            primary_key: implied.primary_key,
            counts: counting == Some(&column.name),
            has_foreign_key: has_foreign_key(column, &given),
            checks,
            column: (*column).clone(),
        });
    }
    let mut table = BuiltTable {
        name: name.clone(),
        columns: built,
        primary_key,
        pieces,
        indexes,
        options: Options::default(),
        comment: None,
        prefixes: Vec::new(),
    };
    let is_implicit = !given.iter().any(|c| matches!(c, Constraint::PrimaryKey(_)));
    if let (true, Some(key), Some(counting)) = (is_implicit, &mut table.primary_key, counting) {
        let (mut first, rest): (Vec<_>, Vec<_>) =
            key.columns.drain(..).partition(|column| column == counting);
        first.extend(rest);
        key.columns = first;
    }
    Ok(table)
}

fn primary_key(
    cx: Cx<'_>,
    table: &TableName,
    columns: &[&Column],
    given: &[&Constraint],
) -> Print<Option<KeyConstraint>> {
    let by_flag: Vec<Name> =
        columns.iter().filter(|c| c.primary_key).map(|c| c.name.clone()).collect();
    let explicit = given.iter().rev().find_map(|constraint| match constraint {
        Constraint::PrimaryKey(key) => Some(key),
        _ => None,
    });
    let key = match explicit {
        Some(key) if key.columns.is_empty() => KeyConstraint { columns: by_flag, ..key.clone() },
        Some(key) => key.clone(),
        None => KeyConstraint { columns: by_flag, ..KeyConstraint::default() },
    };
    if key.columns.is_empty() {
        return Ok(None);
    }
    match named(cx, table, &Constraint::PrimaryKey(key))? {
        Constraint::PrimaryKey(key) => Ok(Some(key)),
        _ => Ok(None),
    }
}

/// SQLAlchemy's objection to a constraint over columns that the table does not have.
fn check_columns(table: &TableName, columns: &[&Column], constraint: &Constraint) -> Print<()> {
    let (class, names) = match constraint {
        Constraint::PrimaryKey(key) => ("PrimaryKeyConstraint", &key.columns),
        Constraint::Unique(key) => ("UniqueConstraint", &key.columns),
        Constraint::ForeignKey(key) => ("ForeignKeyConstraint", &key.columns),
        Constraint::Check(_) | Constraint::Exclude(_) => return Ok(()),
    };
    match names.iter().find(|name| !columns.iter().any(|column| column.name == **name)) {
        Some(stray) => Err(Halt::Refused(format!(
            "Can't create {class} on table '{}': no column named '{stray}' is present.",
            table.name
        ))),
        None => Ok(()),
    }
}

/// The column that counts by itself, as `PrimaryKeyConstraint._autoincrement_column` finds it.
fn counting_column<'a>(
    columns: &[&'a Column],
    key: Option<&KeyConstraint>,
    given: &[&Constraint],
) -> Option<&'a Name> {
    let key = key?;
    let find = |name: &Name| columns.iter().copied().find(|column| column.name == *name);
    match key.columns.as_slice() {
        [only] => {
            let column = find(only)?;
            let counts = match column.autoincrement {
                Autoincrement::True => true,
                Autoincrement::False => false,
                Autoincrement::Auto | Autoincrement::IgnoreFk => {
                    affinity(&column.type_.kind) == Affinity::Integer
                        && column.default.is_none()
                        && matches!(column.server_default, None | Some(ServerDefault::Identity(_)))
                        && (column.autoincrement == Autoincrement::IgnoreFk
                            || !has_foreign_key(column, given))
                }
            };
            counts.then_some(&column.name)
        }
        several => several
            .iter()
            .filter_map(find)
            .find(|column| column.autoincrement == Autoincrement::True)
            .map(|column| &column.name),
    }
}

fn has_foreign_key(column: &Column, given: &[&Constraint]) -> bool {
    !column.foreign_keys.is_empty()
        || given.iter().any(|constraint| {
            matches!(constraint, Constraint::ForeignKey(key) if key.columns.contains(&column.name))
        })
}

/// What a column's keywords and type bring to its table, in SQLAlchemy's order.
fn implied(
    cx: Cx<'_>,
    table: &TableName,
    column: &Column,
    pieces: &mut Vec<Piece>,
    indexes: &mut Vec<Index>,
) -> Print<()> {
    if column.index {
        let index = Index {
            elements: vec![IndexElement::Column(column.name.clone())],
            unique: column.unique,
            origin: column.origin,
            ..Index::default()
        };
        indexes.push(named_index(cx, table, &index)?);
    } else if column.unique {
        let unique = KeyConstraint {
            columns: vec![column.name.clone()],
            origin: column.origin,
            ..KeyConstraint::default()
        };
        pieces.push(Piece::Constraint(named(cx, table, &Constraint::Unique(unique))?));
    }
    if let Some(check) = type_check(cx, table, &column.name, &column.type_)? {
        pieces.push(Piece::Implicit(check));
    }
    for key in &column.foreign_keys {
        let Some(referent) = &key.referent_column else {
            return Err(Halt::Refused(format!(
                "Could not initialize target column for ForeignKey '{0}' on table '{1}': table '{0}' has \
                 no column named '{2}'",
                key.referent, table.name, column.name
            )));
        };
        let constraint = Constraint::ForeignKey(ForeignKeyConstraint {
            name: key.name.clone(),
            columns: vec![column.name.clone()],
            referent: key.referent.clone(),
            referent_columns: vec![referent.clone()],
            rules: key.rules.clone(),
            use_alter: key.use_alter,
            comment: key.comment.clone(),
            options: key.options.clone(),
            origin: key.origin,
        });
        pieces.push(Piece::Constraint(named(cx, table, &constraint)?));
    }
    Ok(())
}

/// The CHECK that a column's type brings on this dialect.
pub(crate) fn type_check(
    cx: Cx<'_>,
    table: &TableName,
    column: &Name,
    type_: &SqlType,
) -> Print<Option<TypeCheck>> {
    let facts = cx.dialect.facts();
    let (name, values) = match type_.on(facts.name) {
        TypeKind::Boolean(boolean)
        | TypeKind::Standard(revline_schema::Standard::Boolean(boolean))
            if boolean.create_constraint && !facts.native_boolean =>
        {
            (boolean.name.as_ref(), vec!["0".to_owned(), "1".to_owned()])
        }
        TypeKind::Enum(enum_)
            if enum_.create_constraint && !(enum_.native_enum && facts.native_enum) =>
        {
            let values =
                enum_.values.iter().map(|v| crate::literal::string(cx, v.as_str())).collect();
            (enum_.name.as_ref(), values)
        }
        _ => return Ok(None),
    };
    let subject =
        NamingSubject { key: "ck", name, table, columns: vec![column.as_str()], referent: None };
    Ok(Some(TypeCheck { column: column.clone(), name: naming::resolve(cx, &subject)?, values }))
}

/// Whether a type was asked for a CHECK, wherever it is needed.
pub(crate) fn brings_check(cx: Cx<'_>, type_: &SqlType) -> bool {
    match crate::types::resolve(cx, type_) {
        TypeKind::Boolean(boolean)
        | TypeKind::Standard(revline_schema::Standard::Boolean(boolean)) => {
            boolean.create_constraint
        }
        TypeKind::Enum(enum_) => enum_.create_constraint,
        _ => false,
    }
}

fn named_check(cx: Cx<'_>, table: &TableName, check: &CheckConstraint) -> Print<CheckConstraint> {
    let subject = NamingSubject {
        key: "ck",
        name: check.name.as_ref(),
        table,
        columns: Vec::new(),
        referent: None,
    };
    Ok(CheckConstraint { name: naming::resolve(cx, &subject)?, ..check.clone() })
}

/// The constraint with the name it is printed with.
pub(crate) fn named(cx: Cx<'_>, table: &TableName, constraint: &Constraint) -> Print<Constraint> {
    let mut constraint = constraint.clone();
    let Some(subject) = NamingSubject::of_constraint(table, &constraint) else {
        return Ok(constraint);
    };
    let name = naming::resolve(cx, &subject)?;
    match &mut constraint {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => key.name = name,
        Constraint::Check(check) => check.name = name,
        Constraint::ForeignKey(key) => key.name = name,
        Constraint::Exclude(_) => {}
    }
    Ok(constraint)
}

/// The index with the name it is printed with.
pub(crate) fn named_index(cx: Cx<'_>, table: &TableName, index: &Index) -> Print<Index> {
    let name = naming::resolve(cx, &NamingSubject::of_index(table, index))?;
    Ok(Index { name, ..index.clone() })
}
