//! ## What it does
//! Finds operations on a column that its table does not have at that point of the history.
//!
//! ## Why is this bad?
//! On a database that followed the history the migration fails there: the column does not exist.
//!
//! Nothing is said where it is not certain what the database has: under a condition or in a `try`,
//! after SQL that is not understood, and after a revision that is not known completely.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! import sqlalchemy as sa
//! from alembic import op
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
//!
//! revision = "b2c3d4e5f6a7"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.alter_column("users", "mail", new_column_name="address")
//!
//!
//! def downgrade():
//!     op.alter_column("users", "address", new_column_name="email")
//! ```
//!
//! ## Use instead
//! ```python
//! # versions/b.py
//! """widen email"""
//! from alembic import op
//!
//! revision = "b2c3d4e5f6a7"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.alter_column("users", "email", new_column_name="address")
//!
//!
//! def downgrade():
//!     op.alter_column("users", "address", new_column_name="email")
//! ```
//!
//! ## Fix safety
//! The fix writes the name that reads most alike. It is unsafe: what looks alike need not be meant.
//!
//! ## References
//! - [Alembic: operation reference](https://alembic.sqlalchemy.org/en/latest/ops.html)

use revline_schema::ProblemKind;

use crate::misfits::Misfit;
use crate::{Check, FileContext, Findings, Group, Meta, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Correctness,
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    for misfit in &context.judged.misfits {
        if misfit.kind != ProblemKind::NoSuchColumn {
            continue;
        }
        let Misfit { name, table, .. } = misfit;
        let (on, hint) = (misfit.on_dialect(), misfit.hint());
        let message = format!("The table `{table}` has no column `{name}` here{on}.{hint}");
        misfit.tell(context, findings, message);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, history};

    #[test]
    fn a_column_is_missed_by_every_operation_that_needs_it() {
        check(
            &history(&[
                "op.create_table('users', sa.Column('id', sa.Integer()))\n\
                 op.create_table('teams', sa.Column('id', sa.Integer()))\n\
                 op.create_table('roles', sa.Column('id', sa.Integer()))",
                "op.drop_column('users', 'idd')\n\
                 op.drop_column('users', 'idd')\n\
                 op.create_index('ix', 'teams', ['name'])\n\
                 with op.batch_alter_table('roles') as batch_op:\n    batch_op.drop_column('ID')\n    batch_op.alter_column('ib', nullable=True)",
            ]),
            expect![[r#"
                versions/b.py:6:29 error no-such-column: The table `users` has no column `idd` here. Did you mean `id`?
                  fix (unsafe): Write `id`
                versions/b.py:8:37 error no-such-column: The table `teams` has no column `name` here.
            "#]],
        );
    }
}
