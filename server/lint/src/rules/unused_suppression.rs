//! ## What it does
//! Finds a suppression comment that suppresses nothing.
//!
//! ## Why is this bad?
//! The comment says that somebody looked at a problem and accepted it. When the problem is gone, the
//! comment misleads, and it will hide the next one.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "a1b2c3d4e5f6"
//! down_revision = None  # revline: ignore[missing-parent] lives in the other repository
//!
//!
//! def upgrade():
//!     op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
//!
//!
//! def downgrade():
//!     op.drop_table("users")
//! ```
//!
//! ## Use instead
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
//!
//! ## Fix safety
//! The fix takes the comment away, and a rule's name out of one that names several. It is safe.
//!
//! ## References
//! - [Suppressing findings](../suppressions.md)

use crate::{Check, Group, Meta, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Configuration,
    severity: Severity::Warning,
    fix: Some(Safety::Safe),
    check: Check::Machinery,
};

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_comment_counts_as_used_when_it_hides_something() {
        check(
            "
//- versions/a.py
# revline: ignore-file[raising-downgrade, empty-revision]
revision = 'a'
down_revision = 'gone'  # revline: ignore[missing-parent, revision-cycle]
def upgrade():
    op.f()
# revline: ignore[empty-downgrade] a comment
# of two lines
def downgrade():
    pass
",
            expect![[r#"
                versions/a.py:1:24 warning unused-suppression: There is no `raising-downgrade` here to ignore.
                  fix (safe): Remove the suppression
                versions/a.py:1:43 warning unused-suppression: There is no `empty-revision` here to ignore.
                  fix (safe): Remove the suppression
                versions/a.py:3:59 warning unused-suppression: There is no `revision-cycle` here to ignore.
                  fix (safe): Remove the suppression
            "#]],
        );
    }
}
