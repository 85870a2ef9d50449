//! ## What it does
//! Finds operations that make a table, column, index or constraint whose name is taken at that point of
//! the history.
//!
//! ## Why is this bad?
//! On a database that followed the history the migration fails there: it exists already.
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
//! """add email"""
//! import sqlalchemy as sa
//! from alembic import op
//!
//! revision = "b2c3d4e5f6a7"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.add_column("users", sa.Column("email", sa.String(80)))
//!
//!
//! def downgrade():
//!     op.drop_column("users", "email")
//! ```
//!
//! ## Use instead
//! ```python
//! # versions/b.py
//! """add email"""
//! import sqlalchemy as sa
//! from alembic import op
//!
//! revision = "b2c3d4e5f6a7"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.add_column("users", sa.Column("address", sa.String(80)))
//!
//!
//! def downgrade():
//!     op.drop_column("users", "address")
//! ```
//!
//! ## References
//! - [Alembic: operation reference](https://alembic.sqlalchemy.org/en/latest/ops.html)

use revline_schema::ProblemKind;

use crate::misfits::Misfit;
use crate::{Check, FileContext, Findings, Group, Meta, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Correctness,
    severity: Severity::Error,
    fix: None,
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    for misfit in &context.judged.misfits {
        let Misfit { name, table, .. } = misfit;
        let what = match misfit.kind {
            ProblemKind::TableExists => format!("There is a table `{name}`"),
            ProblemKind::ColumnExists => format!("The table `{table}` has a column `{name}`"),
            ProblemKind::IndexExists => format!("The table `{table}` has an index `{name}`"),
            ProblemKind::ConstraintExists => {
                format!("The table `{table}` has a constraint `{name}`")
            }
            _ => continue,
        };
        let message = format!("{what} already{}.", misfit.on_dialect());
        findings.push(misfit.span, message).direction(misfit.direction()).done();
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, history};

    #[test]
    fn what_is_made_twice_is_told() {
        check(
            &history(&[
                "op.create_table('users', sa.Column('id', sa.Integer()))\n\
                 op.create_table('teams', sa.Column('id', sa.Integer()))\n\
                 op.create_index('ix', 'users', ['id'])",
                "op.create_index('ix', 'teams', ['id'])\n\
                 op.create_index('ix', 'users', ['id'], if_not_exists=True)\n\
                 op.add_column('teams', sa.Column('id', sa.Integer()))\n\
                 op.create_table('users', sa.Column('id', sa.Integer()))\n\
                 op.create_table('users', sa.Column('id', sa.Integer()), if_not_exists=True)",
            ]),
            expect![[r#"
                versions/b.py:6:21 error already-exists: The table `users` has an index `ix` already.
                versions/b.py:8:38 error already-exists: The table `teams` has a column `id` already.
                versions/b.py:9:21 error already-exists: There is a table `users` already.
            "#]],
        );
    }
}
