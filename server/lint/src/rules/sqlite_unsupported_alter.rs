//! ## What it does
//! Finds operations that SQLite cannot do with ALTER, in projects that are for SQLite.
//!
//! ## Why is this bad?
//! SQLite's ALTER TABLE renames tables and columns, adds and drops columns, and nothing else.
//! Alembic refuses to add or drop a constraint there; other changes it prints as SQL that SQLite
//! does not parse. The upgrade fails where it is run first: on the laptop of a colleague, or in the
//! tests.
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
//! elsewhere. It is unsafe: a copy takes its time on a large table, and what reflection does not
//! see, such as an unnamed CHECK, is lost in it.
//!
//! ## References
//! - [Alembic: batch migrations](https://alembic.sqlalchemy.org/en/latest/batch.html)
//! - [SQLite: ALTER TABLE](https://www.sqlite.org/lang_altertable.html)

mod wrap;

use revline_analysis::Target;
use revline_schema::{Op, Step, apply};
use revline_sql::{Mode, Support, sqlite_support};

use crate::{Check, Direction, FileContext, Findings, Fix, Group, Meta, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Compatibility,
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    let Some(sqlite) =
        context.snapshot.targets(context.project).into_iter().find(|dialect| dialect.facts().name == "sqlite")
    else {
        return;
    };
    let settings = context.snapshot.sql_settings(context.project);
    let directions = [
        (revline_analysis::Direction::Upgrade, Direction::Upgrade),
        (revline_analysis::Direction::Downgrade, Direction::Downgrade),
    ];
    for (evaluated, direction) in directions {
        let target = Target {
            dialect: "sqlite".into(),
            mode: Mode::Execute,
            direction: evaluated,
            engine: None,
        };
        let Some(migration) = context.snapshot.migration(context.project, context.file, &target)
        else {
            continue;
        };
        let unsure = |step: &Step| !step.guards.is_empty();
        let suspicious = migration.steps.iter().any(|step| {
            !unsure(step) && objection(&sqlite_support(&step.op, None, &settings)).is_some()
        });
        if !suspicious {
            continue;
        }
        // Only a file that looks wrong on its own is worth the replay of what came before.
        let mut schema = match evaluated {
            revline_analysis::Direction::Upgrade => {
                context.snapshot.schema_before(context.project, context.node, sqlite)
            }
            revline_analysis::Direction::Downgrade => {
                context.snapshot.schema_after(context.project, context.node, sqlite)
            }
        };
        for step in &migration.steps {
            let found = objection(&sqlite_support(&step.op, Some(&schema), &settings));
            if let (Some(message), Some(span), false) = (found, step.span.span(), unsure(step))
                && span.file == context.file
            {
                let mut draft = findings.push(span, message).direction(direction);
                if let Some(edits) = wrap::wrap(context, &migration.steps, step) {
                    draft = draft.fix(Fix {
                        title: "Wrap in a batch, which SQLite can run".to_owned(),
                        change: revline_text::SourceChange::edit(context.file, edits),
                        safety: Safety::Unsafe,
                    });
                }
                draft.done();
            }
            schema = std::sync::Arc::new(apply(&schema, &step.op).0);
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

/// The table of an operation that a batch has too.
fn table(op: &Op) -> Option<&revline_schema::TableName> {
    match op {
        Op::AddColumn(op) => Some(&op.table),
        Op::DropColumn(op) => Some(&op.table),
        Op::AlterColumn(op) => Some(&op.table),
        Op::AddConstraint(op) => Some(&op.table),
        Op::DropConstraint(op) => Some(&op.table),
        _ => None,
    }
}
