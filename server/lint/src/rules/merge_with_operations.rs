//! ## What it does
//! Finds a merge revision that changes the schema.
//!
//! ## Why is this bad?
//! A merge joins two lines and is expected to do nothing else. `alembic downgrade` by one step from a
//! merge goes to two revisions at once, so that its operations are undone together with the join, and
//! whoever looks for the change does not look there.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "a1b2c3d4e5f6"
//! down_revision = None
//!
//!
//! def upgrade():
//!     op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
//!
//!
//! def downgrade():
//!     op.drop_table("users")
//! ```
//! ```python
//! # versions/b.py
//! """add email"""
//! revision = "b2c3d4e5f6a7"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.add_column("users", sa.Column("email", sa.String()))
//!
//!
//! def downgrade():
//!     op.drop_column("users", "email")
//! ```
//! ```python
//! # versions/c.py
//! """add phone"""
//! revision = "c3d4e5f6a7b8"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.add_column("users", sa.Column("phone", sa.String()))
//!
//!
//! def downgrade():
//!     op.drop_column("users", "phone")
//! ```
//! ```python
//! # versions/d.py
//! """merge"""
//! revision = "d4e5f6a7b8c9"
//! down_revision = ("b2c3d4e5f6a7", "c3d4e5f6a7b8")
//!
//!
//! def upgrade():
//!     op.create_index("ix_users_email", "users", ["email"])
//!
//!
//! def downgrade():
//!     op.drop_index("ix_users_email", "users")
//! ```
//!
//! ## Use instead
//! ```python
//! # versions/d.py
//! """merge"""
//! revision = "d4e5f6a7b8c9"
//! down_revision = ("b2c3d4e5f6a7", "c3d4e5f6a7b8")
//!
//!
//! def upgrade():
//!     pass
//!
//!
//! def downgrade():
//!     pass
//! ```
//! ```python
//! # versions/e.py
//! """index email"""
//! revision = "e5f6a7b8c9d0"
//! down_revision = "d4e5f6a7b8c9"
//!
//!
//! def upgrade():
//!     op.create_index("ix_users_email", "users", ["email"])
//!
//!
//! def downgrade():
//!     op.drop_index("ix_users_email", "users")
//! ```
//!
//! ## References
//! - [Alembic: working with branches](https://alembic.sqlalchemy.org/en/latest/branches.html)

use revline_text::Range;

use crate::functions::pairs;
use crate::{Check, Direction, FileContext, Findings, Group, Meta, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Documentation,
    severity: Severity::Hint,
    fix: None,
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    if !context.is_merge() {
        return;
    }
    for pair in pairs(context.source) {
        let calls = context.source.calls(pair.upgrade.body_range);
        let mut operations = calls.iter().filter(|(callee, _)| is_operation(callee));
        let Some((callee, range)) = operations.next() else { continue };
        let more = match operations.count() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let range = Range::of(range.start() as usize, range.start() as usize + callee.len());
        let message = format!(
            "This merge changes the schema (`{callee}`{more}): a revision of its own after the \
             merge is found more easily."
        );
        findings.push(context.at(range), message).direction(Direction::Upgrade).done();
    }
}

/// Whether a call of that name changes a schema: what asks for the connection does not.
fn is_operation(callee: &str) -> bool {
    let Some((object, function)) = callee.rsplit_once('.') else { return false };
    matches!(object, "op" | "batch_op" | "alembic.op")
        && !matches!(function, "get_bind" | "get_context" | "f" | "inline_literal")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn the_first_operation_is_shown() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
branch_labels = 'of_a'
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/b.py
revision = 'b'
down_revision = None
branch_labels = 'of_b'
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/c.py
revision = 'c'
down_revision = ('a', 'b')
def upgrade():
    bind = op.get_bind()
    op.drop_table('x')
    op.drop_table('y')
def downgrade():
    op.f()
",
            expect![[r#"
                versions/c.py:5:5 hint merge-with-operations: This merge changes the schema (`op.drop_table` and 1 more): a revision of its own after the merge is found more easily.
            "#]],
        );
    }

    #[test]
    fn a_merge_that_only_looks_is_well() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
branch_labels = 'of_a'
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/b.py
revision = 'b'
down_revision = None
branch_labels = 'of_b'
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/c.py
revision = 'c'
down_revision = ('a', 'b')
def upgrade():
    print(op.get_bind())
def downgrade():
    pass
",
            expect![""],
        );
    }
}
