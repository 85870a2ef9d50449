//! What SQLite can take of a migration: what Alembic refuses there, and what it prints although
//! SQLite cannot parse it.

use revline_schema::{Constraint, DropColumn, IndexElement, Key, Name, Op, Opaque, Schema, Step};

use crate::batch;
use crate::build;
use crate::dialect::{Objection, dialect};
use crate::print::{Cx, Halt};
use crate::rendered::Mode;
use crate::settings::Settings;

/// Whether SQLite can take an operation outside of a batch that copies the table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Support {
    /// It can, as far as ALTER is concerned.
    Supported,
    /// Alembic raises this sentence.
    Refused(String),
    /// Alembic prints it and SQLite rejects it for lack of ALTER: why.
    Invalid(String),
    /// Not decided.
    Unknown(Opaque),
}

/// Whether SQLite can take an operation. A batch is judged by what it does when it does not copy
/// the table; one that copies is supported, since it runs online. `before` is the schema that the
/// operation meets, where it is known. Objections that only a table with rows would raise (a NOT
/// NULL column without default) are none.
pub fn sqlite_support(op: &Op, before: Option<&Schema>, settings: &Settings) -> Support {
    let Some(sqlite) = dialect("sqlite") else { return Support::Supported };
    let cx = Cx { dialect: sqlite, settings, mode: Mode::Script };
    judge(cx, op, before, 0)
}

fn judge(cx: Cx<'_>, op: &Op, before: Option<&Schema>, depth: usize) -> Support {
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
            let table = match build::around_column(cx, &op.table, column) {
                Ok(table) => table,
                Err(Halt::Refused(sentence)) => return Support::Refused(sentence),
                Err(Halt::Unknown(opaque)) => return Support::Unknown(opaque),
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
                Err(Halt::Refused(sentence)) => Support::Refused(sentence),
                Err(Halt::Unknown(opaque)) => Support::Unknown(opaque),
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
        Op::Batch(op) if depth < 8 => {
            if batch::recreates(cx, op) {
                Support::Supported
            } else {
                judge_all(cx, &op.steps, before, depth)
            }
        }
        Op::AutocommitBlock(block) if depth < 8 => judge_all(cx, &block.steps, before, depth),
        Op::Opaque(opaque) => Support::Unknown(opaque.clone()),
        _ => Support::Supported,
    }
}

fn judge_all(cx: Cx<'_>, steps: &[Step], before: Option<&Schema>, depth: usize) -> Support {
    steps
        .iter()
        .map(|step| judge(cx, &step.op, before, depth + 1))
        .find(|support| *support != Support::Supported)
        .unwrap_or(Support::Supported)
}

/// What keeps SQLite from dropping a column:
/// <https://sqlite.org/lang_altertable.html#altertabdropcol>. Silent where the table is not certain.
fn judge_dropped(op: &DropColumn, before: Option<&Schema>) -> Support {
    let invalid = |why: String| Support::Invalid(why);
    if op.if_exists {
        return invalid("SQLite has no IF EXISTS in ALTER TABLE … DROP COLUMN".to_owned());
    }
    let Some(table) = before
        .filter(|schema| schema.is_certain())
        .and_then(|schema| schema.table(&Key::from(&op.table)))
        .filter(|table| table.is_certain())
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
