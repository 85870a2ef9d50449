//! ## What it does
//! Finds a `downgrade` that merely raises.
//!
//! ## Why is this bad?
//! Nothing is bad where it is meant: the migration says that there is no way back. It is told so that
//! whoever plans a release knows from which revision on.
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
//!     raise NotImplementedError("the names are gone")
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
//! Or allow it where there is no way back.
//!
//! ## References
//! - [Alembic: tutorial](https://alembic.sqlalchemy.org/en/latest/tutorial.html)

use revline_python::syntax::Body;

use crate::functions::pairs;
use crate::{Check, Direction, FileContext, Findings, Group, Meta, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Reversibility,
    severity: Severity::Hint,
    fix: None,
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    if context.is_merge() {
        return;
    }
    for pair in pairs(context.source).iter().filter(|pair| pair.does_something()) {
        let Some(downgrade) = &pair.downgrade else { continue };
        let Body::Raises { range, exception } = &downgrade.body else { continue };
        let what = exception.as_ref().map_or_else(String::new, |class| format!(" `{class}`"));
        let name = &downgrade.name;
        let message = format!("`{name}` merely raises{what}: there is no way back from here.");
        findings.push(context.at(*range), message).direction(Direction::Downgrade).done();
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn the_exception_is_named_where_it_has_a_name() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    '''No way.'''
    raise alembic.util.CommandError('no')
    op.f()
//- versions/b.py
revision = 'b'
down_revision = 'a'
def upgrade():
    op.f()
def downgrade():
    raise
",
            expect![[r#"
                versions/a.py:7:5 hint raising-downgrade: `downgrade` merely raises `CommandError`: there is no way back from here.
                versions/b.py:6:5 hint raising-downgrade: `downgrade` merely raises: there is no way back from here.
            "#]],
        );
    }

    #[test]
    fn one_that_does_something_first_or_has_nothing_to_undo_is_another_matter() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
    raise ValueError('half')
//- versions/b.py
revision = 'b'
down_revision = 'a'
branch_labels = 'of_x'
def upgrade():
    pass
def downgrade():
    raise ValueError('no')
",
            expect![[""]],
        );
    }
}
