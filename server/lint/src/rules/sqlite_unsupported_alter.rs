//! ## What it does
//! Finds operations that SQLite cannot do with ALTER, and statements that it does not read, in
//! projects that are for SQLite.
//!
//! ## Why is this bad?
//! SQLite's ALTER TABLE renames tables and columns, adds and drops columns, and nothing else.
//! Alembic refuses to add or drop a constraint there; other changes, and the SQL of other databases
//! in `op.execute`, reach SQLite and are rejected. The upgrade fails where it is run first: on the
//! laptop of a colleague, or in the tests.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "a1b2c3d4e5f6"
//! down_revision = None
//!
//!
//! def upgrade():
//!     op.create_table("users", sa.Column("email", sa.String(80), nullable=False))
//!
//!
//! def downgrade():
//!     op.drop_table("users")
//! ```
//! ```python
//! # versions/b.py
//! """widen email"""
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "b2c3d4e5f6a7"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.alter_column("users", "email", type_=sa.String(120))
//!
//!
//! def downgrade():  # revline: ignore[empty-downgrade]
//!     pass
//! ```
//!
//! ## Use instead
//! ```python
//! # versions/b.py
//! """widen email"""
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "b2c3d4e5f6a7"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     with op.batch_alter_table("users") as batch_op:
//!         batch_op.alter_column("email", type_=sa.String(120))
//!
//!
//! def downgrade():  # revline: ignore[empty-downgrade]
//!     pass
//! ```
//!
//! ## Fix safety
//! The fix writes the operations of a table that follow one another into one
//! `with op.batch_alter_table(…)`, which copies the table on SQLite and runs plain ALTER statements
//! elsewhere. It mends the whole function at once, and is offered where the function is then known
//! to run on the tables that the history has there. A batch takes constraints by name alone: one
//! that is added without a name gets the one that PostgreSQL would give it, and one that SQLite has
//! without a name is found by a `naming_convention`. The fix is unsafe: a copy takes its time on a
//! large table, and what reflection does not see, such as an unnamed CHECK, is lost in it.
//!
//! ## References
//! - [Alembic: batch migrations](https://alembic.sqlalchemy.org/en/latest/batch.html)
//! - [SQLite: ALTER TABLE](https://www.sqlite.org/lang_altertable.html)

mod met;
mod names;
mod repair;
#[cfg(test)]
mod tests;
mod written;

use revline_sql::Support;

use crate::{Check, FileContext, Findings, Fix, Group, Meta, Safety, Severity};
use met::Walk;

pub(super) const RULE: Meta = Meta {
    group: Group::Compatibility,
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    let targets = context.snapshot.targets(context.project);
    let Some(sqlite) = targets.into_iter().find(|dialect| dialect.facts().name == "sqlite") else {
        return;
    };
    for direction in [revline_analysis::Direction::Upgrade, revline_analysis::Direction::Downgrade] {
        let Some(walk) = Walk::along(context, direction, sqlite) else { continue };
        let mut told: Vec<(revline_text::Span, String)> = Vec::new();
        let mut fix: Option<Option<Fix>> = None;
        for met in &walk.met {
            let Some(message) = &met.objection else { continue };
            let span = walk.place(context, met);
            if told.iter().any(|one| *one == (span, message.clone())) {
                continue;
            }
            told.push((span, message.clone()));
            // One fix mends the whole function: with half of it mended it would fail all the same.
            let fix = fix.get_or_insert_with(|| repair::fix(context, &walk));
            let mut draft = findings.push(span, message.clone()).direction(walk.direction());
            if let Some(elsewhere) = met.span.filter(|span| span.file != context.file) {
                draft = draft.related(elsewhere, "Here it is done.");
            }
            if let Some(fix) = fix {
                draft = draft.fix(fix.clone());
            }
            draft.done();
        }
    }
}

/// A sentence, where SQLite cannot take an operation for sure.
fn objection(support: &Support) -> Option<String> {
    match support {
        Support::Refused(sentence) => {
            let first = sentence.split(". ").next().unwrap_or(sentence).trim_end_matches('.');
            Some(format!("SQLite cannot do this outside of a batch. Alembic says: {first}."))
        }
        Support::Invalid(why) => {
            Some(format!("SQLite cannot run this: {}.", why.trim_end_matches('.')))
        }
        Support::Supported | Support::Unknown(_) => None,
    }
}
