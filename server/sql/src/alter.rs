//! `op.alter_column`: the statements and their order, as Alembic's default implementation has them.

use revline_schema::{AlterColumn, Given, ServerDefault};

use crate::print::{Cx, Print};
use crate::render::Renderer;
use crate::{ddl, identifier};

/// `ALTER TABLE t ALTER COLUMN c`.
pub(crate) fn head(cx: Cx<'_>, op: &AlterColumn) -> String {
    format!("{} ALTER COLUMN {}", table(cx, op), cx.quote(&op.column))
}

fn table(cx: Cx<'_>, op: &AlterColumn) -> String {
    format!("ALTER TABLE {}", identifier::altered_table(cx, &op.table))
}

/// NULL, DEFAULT, TYPE, COMMENT, RENAME.
pub(crate) fn alter_column(render: &mut Renderer<'_>, op: &AlterColumn) -> Print<()> {
    nullable(render, op);
    default(render, op)?;
    if let Some(type_) = &op.type_ {
        let type_ = render.cx.dialect.type_text(render.cx, type_)?;
        render.sql(format!("{} TYPE {type_}", head(render.cx, op)));
    }
    comment_and_name(render, op)
}

/// NULL, DEFAULT, COMMENT, RENAME: what is left where a dialect has done the type first.
pub(crate) fn alter_default_and_name(render: &mut Renderer<'_>, op: &AlterColumn) -> Print<()> {
    nullable(render, op);
    default(render, op)?;
    comment_and_name(render, op)
}

fn nullable(render: &mut Renderer<'_>, op: &AlterColumn) {
    if let Some(nullable) = op.nullable {
        let verb = if nullable { "DROP" } else { "SET" };
        render.sql(format!("{} {verb} NOT NULL", head(render.cx, op)));
    }
}

fn default(render: &mut Renderer<'_>, op: &AlterColumn) -> Print<()> {
    let cx = render.cx;
    let is = |given: &Given<ServerDefault>, wanted: fn(&ServerDefault) -> bool| {
        given.value().is_some_and(wanted)
    };
    let either = |wanted: fn(&ServerDefault) -> bool| {
        is(&op.server_default, wanted) || is(&op.existing_server_default, wanted)
    };
    match &op.server_default {
        Given::Absent => return Ok(()),
        _ if either(|default| matches!(default, ServerDefault::Computed(_))) => {
            return Err(crate::Halt::Refused(
                "Adding or removing a \"computed\" construct, e.g. GENERATED ALWAYS AS, to or from an \
                 existing column is not supported."
                    .to_owned(),
            ));
        }
        _ if either(|default| matches!(default, ServerDefault::Identity(_))) => {
            let statement = cx.dialect.alter_identity(cx, op)?;
            render.sql(statement);
        }
        Given::None => render.sql(format!("{} DROP DEFAULT", head(cx, op))),
        Given::Some(default) => {
            let Some(text) = ddl::default_text(cx, Some(default))? else {
                return Err(crate::Halt::unknown("this default is no DEFAULT clause"));
            };
            render.sql(format!("{} SET DEFAULT {text}", head(cx, op)));
        }
    }
    Ok(())
}

fn comment_and_name(render: &mut Renderer<'_>, op: &AlterColumn) -> Print<()> {
    let cx = render.cx;
    if op.comment.is_given() {
        let statement = cx.dialect.alter_comment(cx, op)?;
        render.sql(statement);
    }
    if let Some(name) = &op.new_name {
        render.sql(format!("{} {}", table(cx, op), cx.dialect.rename_column(cx, &op.column, name)));
    }
    Ok(())
}
