//! SQL text as operations: what `op.execute("ALTER TABLE …")` does to the schema.
//!
//! A statement becomes the operations that do the same to the schema; rows, rights, functions and
//! settings are no part of it. What is not understood becomes an [`Op::Touch`] of the table it names,
//! or an [`Op::Opaque`] where it names none, with a reason: never a guess. The operations are meant for
//! [`revline_schema::apply`]; the SQL of a migration is printed from the text itself.

mod alter;
mod blocks;
mod columns;
mod cursor;
mod enums;
pub(crate) mod lexer;
mod names;
mod queries;
mod reader;
mod rows;
mod source;
mod statements;
mod tables;
#[cfg(test)]
mod tests;
mod types;
mod words;

use revline_schema::{AutocommitBlock, Batch, Op, Schema, Statement, Step, apply_steps};

use crate::dialect::Dialect;
use reader::Reader;
use source::Body;

pub(crate) use lexer::Kind;
pub use statements::statements;
pub(crate) use types::spelled as spelled_type;
pub(crate) use words::Words;

/// How deep batches and blocks may be nested before the rest is left as it is.
const MAX_DEPTH: usize = 16;

/// How a dialect's text is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexis {
    /// PostgreSQL's rules for names, strings and comments, not SQLite's.
    pub(crate) is_postgresql: bool,
    /// `[name]` is a quoted name.
    pub(crate) brackets: bool,
    /// A backslash escapes in every string.
    pub(crate) backslash_escapes: bool,
}

impl Lexis {
    pub(crate) fn of(dialect: &dyn Dialect) -> Self {
        let is_postgresql = dialect.facts().name == "postgresql";
        let brackets = dialect.facts().name == "sqlite";
        Self { is_postgresql, brackets, backslash_escapes: false }
    }

    /// Names are the same whatever the case of their letters.
    pub(crate) const fn folds(self) -> bool {
        !self.is_postgresql
    }
}

/// What an operation does to a schema that is `before` it, raw SQL taken apart: an [`Op::Execute`] of
/// text becomes the operations that its statements stand for (none, where it changes rows alone), any
/// other operation is given back as it is.
///
/// Names have the spelling under which `before` knows them, and are final: no naming convention applies
/// to them. What has no name gets the one that the database makes. Each name stands where it stands
/// inside the string, as far as the text knows its places.
pub fn effects(op: &Op, before: &Schema, dialect: &'static dyn Dialect) -> Vec<Op> {
    let Op::Execute(execute) = op else { return vec![op.clone()] };
    match Body::of(execute) {
        Body::Text(source) => {
            let mut reader = Reader::new(before.clone(), Lexis::of(dialect));
            reader.text(&source);
            reader.done()
        }
        Body::Rows => Vec::new(),
        Body::Unknown(why) => vec![Op::Opaque(why)],
    }
}

/// Steps with their raw SQL taken apart, for [`apply_steps`] on the same schema. What stands around a
/// statement (conditions, batches, autocommit blocks) stays around its operations.
pub fn step_effects(steps: &[Step], before: &Schema, dialect: &'static dyn Dialect) -> Vec<Step> {
    let mut schema = before.clone();
    taken_apart(steps, &mut schema, dialect, 0)
}

fn taken_apart(
    steps: &[Step],
    schema: &mut Schema,
    dialect: &'static dyn Dialect,
    depth: usize,
) -> Vec<Step> {
    let mut all = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let start = all.len();
        match &step.op {
            Op::Execute(execute) if !is_rows(&execute.statement) => {
                let ops = effects(&step.op, schema, dialect);
                all.extend(ops.into_iter().map(|op| Step { op, ..step.clone() }));
            }
            Op::Batch(batch) if depth < MAX_DEPTH => {
                let mut inner = schema.clone();
                let steps = taken_apart(&batch.steps, &mut inner, dialect, depth + 1);
                all.push(Step { op: Op::Batch(Batch { steps, ..batch.clone() }), ..step.clone() });
            }
            Op::AutocommitBlock(block) if depth < MAX_DEPTH => {
                let mut inner = schema.clone();
                let steps = taken_apart(&block.steps, &mut inner, dialect, depth + 1);
                let op = Op::AutocommitBlock(AutocommitBlock { steps });
                all.push(Step { op, ..step.clone() });
            }
            _ => all.push(step.clone()),
        }
        // The schema is needed only where a later step has text.
        if steps.get(place + 1..).is_some_and(|rest| rest.iter().any(has_text)) {
            *schema = apply_steps(schema, all.get(start..).unwrap_or_default()).0;
        }
    }
    all
}

fn is_rows(statement: &Statement) -> bool {
    !matches!(statement, Statement::Text(_) | Statement::Ddl(_) | Statement::Opaque(_))
}

fn has_text(step: &Step) -> bool {
    matches!(step.op, Op::Execute(_) | Op::Batch(_) | Op::AutocommitBlock(_))
}
