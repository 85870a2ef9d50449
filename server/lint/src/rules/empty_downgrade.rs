//! ## What it does
//! Finds a `downgrade` that does nothing while `upgrade` does something.
//!
//! ## Why is this bad?
//! `alembic downgrade` succeeds, the version table says that the revision is undone, and the schema
//! still has it. The next `alembic upgrade` then fails on what is already there.
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
//!     pass
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
//! Or raise, where there is no way back.
//!
//! ## References
//! - [Alembic: tutorial](https://alembic.sqlalchemy.org/en/latest/tutorial.html)

use revline_python::syntax::Body;

use crate::functions::pairs;
use crate::{Check, Direction, FileContext, Findings, Group, Meta, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Reversibility,
    severity: Severity::Warning,
    fix: None,
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    if context.is_merge() {
        return;
    }
    for pair in pairs(context.source).iter().filter(|pair| pair.does_something()) {
        let Some(downgrade) = &pair.downgrade else { continue };
        if !matches!(downgrade.body, Body::Empty { .. }) {
            continue;
        }
        let message = format!(
            "`{}` does nothing, and `{}` does something: a downgrade leaves the schema as it is.",
            downgrade.name, pair.upgrade.name
        );
        let draft = findings.push(context.at(downgrade.name_range), message);
        draft.direction(Direction::Downgrade).done();
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn nothing_has_many_spellings() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    '''Nothing.'''
//- versions/b.py
revision = 'b'
down_revision = 'a'
def upgrade():
    op.f()
def downgrade():
    ...
//- versions/c.py
revision = 'c'
down_revision = 'b'
def upgrade():
    op.f()
def downgrade():
    # nothing to do
    return None
//- versions/d.py
revision = 'd'
down_revision = 'c'
def upgrade():
    op.f()
def downgrade():
    raise NotImplementedError
",
            expect![[r#"
                versions/a.py:5:5 warning empty-downgrade: `downgrade` does nothing, and `upgrade` does something: a downgrade leaves the schema as it is.
                versions/b.py:5:5 warning empty-downgrade: `downgrade` does nothing, and `upgrade` does something: a downgrade leaves the schema as it is.
                versions/c.py:5:5 warning empty-downgrade: `downgrade` does nothing, and `upgrade` does something: a downgrade leaves the schema as it is.
                versions/d.py:6:5 hint raising-downgrade: `downgrade` merely raises `NotImplementedError`: there is no way back from here.
            "#]],
        );
    }

    #[test]
    fn an_empty_downgrade_undoes_an_empty_upgrade() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
branch_labels = 'of_a'
def upgrade():
    pass
def downgrade():
    pass
//- versions/b.py
revision = 'b'
down_revision = 'a'
branch_labels = 'of_b'
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/c.py
revision = 'c'
down_revision = 'a'
branch_labels = 'of_c'
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/d.py
revision = 'd'
down_revision = ('b', 'c')
def upgrade():
    log('merged')
def downgrade():
    pass
",
            expect![""],
        );
    }

    #[test]
    fn several_databases_are_looked_at_each() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade(engine_name: str) -> None:
    globals()['upgrade_%s' % engine_name]()
def downgrade(engine_name: str) -> None:
    globals()['downgrade_%s' % engine_name]()
def upgrade_one():
    op.f()
def downgrade_one():
    pass
def upgrade_two():
    pass
def downgrade_two():
    pass
",
            expect![[r#"
                versions/a.py:9:5 warning empty-downgrade: `downgrade_one` does nothing, and `upgrade_one` does something: a downgrade leaves the schema as it is.
            "#]],
        );
    }
}
