//! ## What it does
//! Finds operations on a table that the revisions before did not make, or have dropped or renamed.
//!
//! ## Why is this bad?
//! On a database that followed the history the migration fails there: the table does not exist. It
//! stays unseen as long as everybody's database was made in another way.
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
//! """add age"""
//! import sqlalchemy as sa
//! from alembic import op
//!
//! revision = "b2c3d4e5f6a7"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.add_column("user", sa.Column("age", sa.Integer()))
//!
//!
//! def downgrade():
//!     op.drop_column("users", "age")
//! ```
//!
//! ## Use instead
//! ```python
//! # versions/b.py
//! """add age"""
//! import sqlalchemy as sa
//! from alembic import op
//!
//! revision = "b2c3d4e5f6a7"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.add_column("users", sa.Column("age", sa.Integer()))
//!
//!
//! def downgrade():
//!     op.drop_column("users", "age")
//! ```
//!
//! ## Fix safety
//! The fix writes the name that reads most alike. It is unsafe: what looks alike need not be meant.
//!
//! ## References
//! - [Alembic: operation reference](https://alembic.sqlalchemy.org/en/latest/ops.html)

use revline_schema::ProblemKind;

use crate::{Check, FileContext, Findings, Group, Meta, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Correctness,
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    for misfit in &context.judged.misfits {
        if misfit.kind != ProblemKind::NoSuchTable {
            continue;
        }
        let (table, on, hint) = (&misfit.table, misfit.on_dialect(), misfit.hint());
        let message = format!("There is no table `{table}` here{on}.{hint}");
        misfit.tell(context, findings, message);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, history};

    const USERS: &str = "op.create_table('users', sa.Column('id', sa.Integer()))";

    #[test]
    fn a_table_is_missed_once_and_named_by_what_reads_alike() {
        check(
            &history(&[
                USERS,
                "op.drop_column('user', 'id')\nop.alter_column('user', 'id', nullable=True)",
                "op.add_column('user', sa.Column('a', sa.Integer()))",
            ]),
            expect![[r#"
                versions/b.py:6:20 error no-such-table: There is no table `user` here. Did you mean `users`?
                  fix (unsafe): Write `users`
                versions/b.py:7:5 error sqlite-unsupported-alter: SQLite cannot run this: SQLite has no ALTER COLUMN.
            "#]],
        );
    }

    #[test]
    fn a_table_that_was_dropped_or_renamed_is_missed() {
        check(
            &history(&[USERS, "op.rename_table('users', 'people')", "op.drop_table('users')"]),
            expect![[r#"
                versions/c.py:6:19 error no-such-table: There is no table `users` here.
            "#]],
        );
    }

    #[test]
    fn of_a_history_that_begins_on_tables_of_others_only_what_it_made_is_missed() {
        check(
            &history(&[
                "op.add_column('accounts', sa.Column('a', sa.Integer()))\n\
                 op.create_table('users', sa.Column('id', sa.Integer()))",
                "op.add_column('user', sa.Column('a', sa.Integer()))",
                "op.rename_table('users', 'people')\n\
                 op.add_column('users', sa.Column('a', sa.Integer()))",
            ]),
            expect![[r#"
                versions/c.py:7:19 error no-such-table: There is no table `users` here. Did you mean `user`?
                  fix (unsafe): Write `user`
            "#]],
        );
    }

    #[test]
    fn what_is_in_doubt_is_not_told() {
        check(
            &history(&[
                USERS,
                "op.drop_table('user', if_exists=True)\n\
                 if op.get_bind().execute(sa.text('SELECT 1')).scalar():\n    op.drop_table('userz')\n\
                 try:\n    op.drop_table('usera')\nexcept Exception:\n    pass\n\
                 op.drop_table('made_by_somebody_else')\n\
                 op.drop_table('alembic_version')\n\
                 op.execute('DO $$ BEGIN END $$')\n\
                 op.drop_table('userb')",
            ]),
            expect![[r#"
                versions/b.py:15:5 error sqlite-unsupported-alter: SQLite cannot run this: near "DO": syntax error.
            "#]],
        );
    }

    #[test]
    fn a_history_may_begin_on_tables_of_somebody_else() {
        check(
            &history(&[
                "op.add_column('people', sa.Column('name', sa.Text()))",
                "with op.batch_alter_table('people') as batch_op:\n    batch_op.unheard_of()",
            ]),
            expect![[""]],
        );
    }

    #[test]
    fn a_branch_aside_may_have_made_it() {
        let mut fixture = history(&[USERS]);
        fixture.push_str(
            "//- versions/z.py\nfrom alembic import op\nrevision = 'z'\ndown_revision = None\n\
             def upgrade():\n    op.drop_table('users')\ndef downgrade():\n    op.undo()\n",
        );
        check(&fixture, expect![[r#"
            versions/z.py:3:17 warning multiple-bases: A second base beside `a` (a.py), without a branch label: `alembic upgrade head` refuses. The parent may be forgotten.
              versions/a.py:3:12 the first base
              fix (unsafe): Make `a` the parent
        "#]]);
    }
}
