//! What SQLite can take of a migration: what Alembic refuses there for lack of ALTER, and what it
//! prints although SQLite rejects it. [`trial`] asks more: whether all of it is known to run.

pub(crate) mod functions;
pub(crate) mod grammar;
mod trial;

use std::borrow::Cow;

use revline_schema::{
    Constraint, DropColumn, IndexElement, Key, Name, Op, Opaque, Schema, Sight, Statement, Step,
};

use crate::batch;
use crate::build;
use crate::dialect::{Objection, dialect};
use crate::parse;
use crate::print::{Cx, Halt};
use crate::render::{Memory, render, render_from};
use crate::rendered::{Mode, StatementKind};
use crate::running::advance;
use crate::settings::Settings;

pub use trial::{Hindrance, sqlite_trial};

/// Whether SQLite can take an operation outside of a batch that copies the table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Support {
    /// It can, as far as ALTER is concerned.
    Supported,
    /// Alembic raises this sentence.
    Refused(String),
    /// Alembic prints it and SQLite rejects it: why.
    Invalid(String),
    /// Not decided, or refused for something that no ALTER would mend.
    Unknown(Opaque),
}

/// Whether SQLite can take an operation. A batch is judged by what it does when it does not copy
/// the table; one that copies runs online, if its statements are SQLite's. `before` is the schema
/// that the operation meets, where it is known. Objections that only a table with rows would raise
/// (a NOT NULL column without default) are none, nor are names that are missing or taken.
pub fn sqlite_support(op: &Op, before: Option<&Schema>, settings: &Settings) -> Support {
    let Some(sqlite) = dialect("sqlite") else { return Support::Supported };
    let cx = Cx { dialect: sqlite, settings, mode: Mode::Execute };
    judge(cx, op, before, 0)
}

fn judge(cx: Cx<'_>, op: &Op, before: Option<&Schema>, depth: usize) -> Support {
    match judge_by_kind(cx, op, before, depth) {
        Support::Supported if !is_block(cx, op) => match rejection(cx, op, before) {
            Some(why) => Support::Invalid(why),
            None => Support::Supported,
        },
        other => other,
    }
}

/// Whether an operation does nothing but its steps.
fn is_block(cx: Cx<'_>, op: &Op) -> bool {
    match op {
        Op::Batch(op) => !batch::recreates(cx, op),
        Op::AutocommitBlock(_) => true,
        _ => false,
    }
}

fn judge_by_kind(cx: Cx<'_>, op: &Op, before: Option<&Schema>, depth: usize) -> Support {
    let refused = |is_implicit: bool| match cx.dialect.refuses_constraints(is_implicit) {
        Some(Objection::Raise(sentence)) => Support::Refused(sentence.to_owned()),
        Some(Objection::Skip) | None => Support::Supported,
    };
    let invalid = |why: &str| Support::Invalid(why.to_owned());
    match op {
        Op::AddConstraint(_) | Op::DropConstraint(_) => refused(false),
        Op::AddColumn(op) => {
            let column = &op.column;
            let inline = op.inline_references && column.foreign_keys.len() == 1;
            if !column.foreign_keys.is_empty() && !inline || column.unique && !column.index {
                return refused(false);
            }
            let built = build::around_column(cx, &op.table, column);
            let table = match built {
                Ok(table) => table,
                Err(halt) => return undecided(halt),
            };
            let Some(built) = table.columns.first() else { return Support::Supported };
            match cx.dialect.column_spec(cx, &table, built) {
                Ok(_) if op.if_not_exists => {
                    invalid("SQLite has no IF NOT EXISTS in ALTER TABLE … ADD COLUMN")
                }
                Ok(_) if op.inline_primary_key && built.primary_key => {
                    invalid("SQLite cannot add a PRIMARY KEY column")
                }
                Ok(_) => Support::Supported,
                Err(halt) => undecided(halt),
            }
        }
        Op::DropColumn(op) => judge_dropped(op, before),
        Op::AlterColumn(op) => {
            let is_changed =
                op.nullable.is_some() || op.server_default.is_given() || op.type_.is_some();
            if op.comment.is_given() && !is_changed {
                return match cx.dialect.alter_comment(cx, op) {
                    Err(Halt::Refused(sentence)) => Support::Refused(sentence),
                    _ => Support::Supported,
                };
            }
            if is_changed {
                return invalid("SQLite has no ALTER COLUMN");
            }
            Support::Supported
        }
        Op::TableComment(_) => invalid("SQLite has no COMMENT ON"),
        Op::Batch(op) if depth < MAX_DEPTH && !batch::recreates(cx, op) => {
            judge_all(cx, &op.steps, before, depth)
        }
        Op::AutocommitBlock(block) if depth < MAX_DEPTH => {
            judge_all(cx, &block.steps, before, depth)
        }
        Op::Execute(_) => {
            let Some(schema) = before else { return Support::Supported };
            let dropped =
                parse::effects(op, schema, cx.dialect).into_iter().find_map(|op| match op {
                    Op::DropColumn(op) => Some(judge_dropped(&op, before)),
                    _ => None,
                });
            dropped.unwrap_or(Support::Supported)
        }
        Op::Opaque(opaque) => Support::Unknown(opaque.clone()),
        _ => Support::Supported,
    }
}

/// How deep batches and blocks may be nested before nobody looks.
const MAX_DEPTH: usize = 8;

fn undecided(halt: Halt) -> Support {
    Support::Unknown(match halt {
        Halt::Refused(sentence) => Opaque::new(sentence),
        Halt::Unknown(opaque) => opaque,
    })
}

fn judge_all(cx: Cx<'_>, steps: &[Step], before: Option<&Schema>, depth: usize) -> Support {
    let mut before = before.map(Cow::Borrowed);
    for step in steps {
        let support = judge(cx, &step.op, before.as_deref(), depth + 1);
        if support != Support::Supported {
            return support;
        }
        before = before.map(|schema| {
            Cow::Owned(advance(&schema, std::slice::from_ref(step), cx.dialect, cx.settings))
        });
    }
    Support::Supported
}

/// What SQLite says of the first statement of an operation that it does not read.
fn rejection(cx: Cx<'_>, op: &Op, before: Option<&Schema>) -> Option<String> {
    let steps = [Step::new(op.clone())];
    let mut memory = Memory::default();
    let rendered = match before {
        Some(schema) => render_from(schema, &mut memory, &steps, cx.dialect, cx.mode, cx.settings),
        None => render(&steps, cx.dialect, cx.mode, cx.settings),
    };
    // SQLAlchemy writes what it builds as SQLite reads it, functions apart, and what is built from a
    // reflected table is not known to its last column.
    let is_built = match op {
        Op::Execute(op) => !matches!(op.statement, Statement::Text(_) | Statement::Ddl(_)),
        Op::BulkInsert(_) => true,
        _ => false,
    };
    let statements = rendered.statements.iter().filter(|one| one.kind == StatementKind::Sql);
    statements
        .filter_map(|statement| grammar::rejection(&statement.text))
        .find(|why| !is_built || why.starts_with("no such function"))
}

/// What keeps SQLite from dropping a column:
/// <https://sqlite.org/lang_altertable.html#altertabdropcol>. Silent where the table is not certain.
fn judge_dropped(op: &DropColumn, before: Option<&Schema>) -> Support {
    let invalid = |why: String| Support::Invalid(why);
    if op.if_exists {
        return invalid("SQLite has no IF EXISTS in ALTER TABLE … DROP COLUMN".to_owned());
    }
    let Some(Sight::Present(table)) = before.map(|schema| schema.look(&Key::from(&op.table)))
    else {
        return Support::Supported;
    };
    let name = op.column.as_str();
    for constraint in &table.constraints {
        let holds = |columns: &[Name]| columns.iter().any(|column| column.as_str() == name);
        let what = match &**constraint {
            Constraint::PrimaryKey(key) if holds(&key.columns) => "the primary key",
            Constraint::Unique(key) if holds(&key.columns) => "a UNIQUE constraint",
            Constraint::ForeignKey(key) if holds(&key.columns) => "a foreign key",
            _ => continue,
        };
        return invalid(format!("SQLite cannot drop a column that is part of {what}"));
    }
    let indexed = table.indexes.iter().any(|index| {
        index.elements.iter().filter_map(IndexElement::column).any(|column| column.as_str() == name)
    });
    if indexed {
        return invalid("SQLite cannot drop a column that is part of an index".to_owned());
    }
    if let [only] = table.columns.as_slice()
        && only.name.as_str() == name
    {
        return invalid("SQLite cannot drop the only column of a table".to_owned());
    }
    Support::Supported
}

/// Whether a batch copies its table on a dialect.
pub fn batch_recreates(
    batch: &revline_schema::Batch,
    dialect: &'static dyn crate::Dialect,
    settings: &Settings,
) -> bool {
    batch::recreates(Cx { dialect, settings, mode: Mode::Execute }, batch)
}
