//! ## What it does
//! Finds a migration without a function `downgrade`.
//!
//! ## Why is this bad?
//! `alembic downgrade` over this revision ends in an `AttributeError`, with a part of the way down
//! already run. A migration that cannot be undone should say so.
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
//!     raise NotImplementedError("this migration cannot be undone yet")
//! ```
//! Or write what undoes the upgrade.
//!
//! ## Fix safety
//! The fix adds a `downgrade` that raises, with the parameters of `upgrade`. It is unsafe, since it
//! says for the author that there is no way back.
//!
//! ## References
//! - [Alembic: tutorial](https://alembic.sqlalchemy.org/en/latest/tutorial.html)

use revline_text::{Edit, SourceChange};

use crate::functions::{Pair, may_bind, pairs};
use crate::{Check, Direction, FileContext, Findings, Fix, Group, Meta, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Reversibility,
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    if context.is_merge() {
        return;
    }
    for pair in pairs(context.source) {
        if pair.downgrade.is_some() || !pair.does_something() {
            continue;
        }
        let name = pair.upgrade.name.replacen("upgrade", "downgrade", 1);
        if may_bind(context.source, &name) {
            continue;
        }
        let message = format!("There is no `{name}`: this migration cannot be undone.");
        let draft = findings.push(context.at(pair.upgrade.name_range), message);
        draft.direction(Direction::Downgrade).fix(stub(context, &pair, &name)).done();
    }
}

/// A function with the parameters of `upgrade` that refuses, behind it.
fn stub(context: &FileContext<'_>, pair: &Pair, name: &str) -> Fix {
    let text = &context.source.text;
    let after_name = pair.upgrade.name_range.end() as usize;
    let signature = signature(text.get(after_name..).unwrap_or_default()).unwrap_or("()");
    let end = pair.upgrade.range.end();
    let line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let ended = text.get(..end as usize).is_some_and(|before| before.ends_with('\n'));
    let gap = if ended { format!("{line}{line}") } else { format!("{line}{line}{line}") };
    let close = if ended { line } else { "" };
    let stub = format!(
        "{gap}def {name}{signature}:{line}    \
         raise NotImplementedError(\"this migration cannot be undone yet\"){close}"
    );
    Fix {
        title: format!("Add a `{name}` that refuses"),
        change: SourceChange::edit(context.file, vec![Edit::insert(end, stub)]),
        safety: Safety::Unsafe,
    }
}

/// From the opening parenthesis to the colon: `(engine_name: str) -> None`.
fn signature(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, char) in text.char_indices() {
        match char {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            ':' if depth == 0 => return text.get(..at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn the_stub_takes_the_parameters_of_upgrade() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade(engine_name: str) -> None:
    globals()['upgrade_%s' % engine_name]()
def upgrade_one(): # what for: nothing
    op.f()
def upgrade_two():
    pass
def downgrade_two():
    pass
",
            expect![[r#"
                versions/a.py:5:5 warning missing-downgrade: There is no `downgrade_one`: this migration cannot be undone.
                  fix (unsafe): Add a `downgrade_one` that refuses
            "#]],
        );
    }

    #[test]
    fn a_merge_and_an_empty_upgrade_need_none() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade():
    op.f()
//- versions/b.py
revision = 'b'
down_revision = 'a'
branch_labels = 'of_b'
def upgrade():
    pass
//- versions/c.py
revision = 'c'
down_revision = 'a'
branch_labels = 'of_c'
def upgrade():
    '''text'''
//- versions/d.py
revision = 'd'
down_revision = ('b', 'c')
def upgrade():
    op.f()
",
            expect![[r#"
                versions/a.py:3:5 warning missing-downgrade: There is no `downgrade`: this migration cannot be undone.
                  fix (unsafe): Add a `downgrade` that refuses
            "#]],
        );
    }

    #[test]
    fn a_downgrade_may_be_bound_in_another_way() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade():
    op.f()
downgrade = upgrade
//- versions/b.py
revision = 'b'
down_revision = 'a'
def upgrade():
    op.f()
from alembic import op
from shared import refuse as downgrade
//- versions/c.py
revision = 'c'
down_revision = 'b'
def upgrade():
    op.f()
if True:
    def downgrade():
        pass
//- versions/d.py
revision = 'd'
down_revision = 'c'
def upgrade():
    op.f()
from shared import *
//- versions/e.py
revision = 'e'
down_revision = 'd'
def upgrade():
    op.f()
def downgra
",
            expect![[""]],
        );
    }
}
