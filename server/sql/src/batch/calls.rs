//! What the directives inside a batch ask of the copy, as `alembic.operations.toimpl` takes them
//! apart: a column with a key is an added column and an added constraint.

use revline_schema::{
    AddColumn, AlterColumn, Column, Constraint, ConstraintKind, CreateIndex, DropColumn,
    DropConstraint, DropIndex, Index, Name, NamingSubject, Op, SqlType, Step, TableName,
};

use super::checks::without_check;
use crate::build::{self, Piece, TypeCheck};
use crate::print::{Cx, Halt, Print};
use crate::settings::Settings;
use crate::{keywords, naming, placeholder};

/// One call of Alembic's `ApplyBatchImpl`.
#[expect(clippy::large_enum_variant, reason = "a handful per batch, for the time of one copy")]
pub(super) enum Call<'a> {
    AddColumn(&'a AddColumn),
    AlterColumn(&'a AlterColumn),
    DropColumn(&'a DropColumn),
    AddConstraint(Piece),
    DropConstraint {
        name: Option<Name>,
        /// It is the CHECK of a type, whose absence is no error.
        is_implicit: bool,
    },
    CreateIndex(Index),
    DropIndex(Option<Name>),
}

/// The calls of a batch in order.
pub(super) fn of<'a>(cx: Cx<'_>, table: &TableName, steps: &'a [Step]) -> Print<Vec<Call<'a>>> {
    let mut calls = Vec::new();
    for step in steps {
        if step.is_uncertain() {
            let why = step.undecided().map(|guard| &*guard.fact).collect::<Vec<_>>().join("; ");
            return Err(Halt::unknown(format!("whether a directive of this batch runs: {why}")));
        }
        one(cx, table, &step.op, &mut calls)?;
    }
    Ok(calls)
}

fn one<'a>(cx: Cx<'_>, table: &TableName, op: &'a Op, calls: &mut Vec<Call<'a>>) -> Print<()> {
    match op {
        Op::AddColumn(op) => {
            let type_ = without_check(&op.column.type_);
            let mut around =
                build::around_column(cx, table, &Column { type_, ..op.column.clone() })?;
            if let Some(check) = type_check(cx, table, &op.column.name, &op.column.type_)? {
                let is_unique =
                    |piece: &&Piece| matches!(piece, Piece::Constraint(Constraint::Unique(_)));
                let at = around.pieces.iter().take_while(is_unique).count();
                around.pieces.insert(at, Piece::Implicit(check));
            }
            calls.push(Call::AddColumn(op));
            let is_inline = op.inline_references && op.column.foreign_keys.len() == 1;
            for piece in around.pieces {
                if !(is_inline && matches!(piece, Piece::Constraint(Constraint::ForeignKey(_)))) {
                    calls.push(Call::AddConstraint(piece));
                }
            }
            calls.extend(around.indexes.into_iter().map(Call::CreateIndex));
        }
        Op::AlterColumn(op) => {
            if let (Some(old), Some(_)) = (&op.existing_type, &op.type_)
                && let Some(check) = type_check(cx, table, &op.column, old)?
            {
                calls.push(Call::DropConstraint { name: check.name, is_implicit: true });
            }
            calls.push(Call::AlterColumn(op));
            if let Some(new) = &op.type_
                && let Some(check) = type_check(cx, table, &op.column, new)?
            {
                calls.push(Call::AddConstraint(Piece::Implicit(check)));
            }
        }
        Op::DropColumn(op) => calls.push(Call::DropColumn(op)),
        Op::AddConstraint(op) => {
            keywords::check_constraint(&op.constraint)?;
            placeholder::check_constraint(table, &op.constraint)?;
            let constraint = build::named(cx, table, &op.constraint)?;
            calls.push(Call::AddConstraint(Piece::Constraint(constraint)));
        }
        Op::DropConstraint(op) => calls.push(drop_constraint(cx, table, op)?),
        Op::CreateIndex(op) => calls.push(create_index(cx, table, op)?),
        Op::DropIndex(op) => calls.push(drop_index(cx, table, op)?),
        // SQLite has no comments.
        Op::TableComment(_) => {}
        Op::Execute(_) => {}
        Op::Opaque(opaque) => return Err(opaque.clone().into()),
        _ => return Err(Halt::unknown("what this directive does inside a batch")),
    }
    Ok(())
}

/// The CHECK of a type. Where a convention wants a name that the type does not have, it goes without:
/// the name is asked for when a statement is printed, and the copy stands outside of the convention.
fn type_check(
    cx: Cx<'_>,
    table: &TableName,
    column: &Name,
    type_: &SqlType,
) -> Print<Option<TypeCheck>> {
    match build::type_check(cx, table, column, type_) {
        Err(Halt::Refused(_)) => {
            let settings = Settings { naming_convention: None, ..cx.settings.clone() };
            build::type_check(Cx { settings: &settings, ..cx }, table, column, type_)
        }
        other => other,
    }
}

fn drop_constraint<'a>(cx: Cx<'_>, table: &TableName, op: &DropConstraint) -> Print<Call<'a>> {
    if op.if_exists {
        return Err(Halt::Refused(
            "BatchOperationsImpl.drop_constraint() got an unexpected keyword argument 'if_exists'"
                .to_owned(),
        ));
    }
    let key = match op.kind {
        Some(ConstraintKind::Check) => Some("ck"),
        Some(ConstraintKind::Unique) => Some("uq"),
        Some(ConstraintKind::ForeignKey) => Some("fk"),
        Some(ConstraintKind::PrimaryKey) => Some("pk"),
        Some(ConstraintKind::Exclude) | None => None,
    };
    let name = match (key, &op.name) {
        (Some(_), None) if cx.settings.naming_convention.is_some() => {
            return Err(Halt::unknown(
                "what a naming convention calls a constraint without name or columns",
            ));
        }
        (Some(key), name) => {
            let subject = NamingSubject {
                key,
                name: name.as_ref(),
                table,
                columns: Vec::new(),
                referent: None,
            };
            naming::resolve(cx, &subject)?
        }
        (None, name) => name.clone(),
    };
    Ok(Call::DropConstraint { name, is_implicit: false })
}

fn create_index<'a>(cx: Cx<'_>, table: &TableName, op: &CreateIndex) -> Print<Call<'a>> {
    keywords::check_index(&op.index.options)?;
    if op.if_not_exists {
        return Err(Halt::Refused(
            "ApplyBatchImpl.create_index() got an unexpected keyword argument 'if_not_exists'"
                .to_owned(),
        ));
    }
    placeholder::check_index(table, &op.index)?;
    Ok(Call::CreateIndex(build::named_index(cx, table, &op.index)?))
}

fn drop_index<'a>(cx: Cx<'_>, table: &TableName, op: &DropIndex) -> Print<Call<'a>> {
    keywords::check_index(&op.options)?;
    if op.if_exists {
        return Err(Halt::Refused(
            "ApplyBatchImpl.drop_index() got an unexpected keyword argument 'if_exists'".to_owned(),
        ));
    }
    let given = Index { name: op.name.clone(), ..Index::default() };
    if given.name.is_none() {
        return Err(Halt::unknown("what the naming convention calls an index without a name"));
    }
    Ok(Call::DropIndex(build::named_index(cx, table, &given)?.name))
}
