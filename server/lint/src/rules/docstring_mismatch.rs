//! ## What it does
//! Finds a `Revision ID:` or `Revises:` line in the docstring that disagrees with the code.
//!
//! ## Why is this bad?
//! Alembic reads the code alone. People read the docstring, in reviews and in `git log`, and follow a
//! parent that is not the parent. It happens when a migration was moved by changing its
//! `down_revision`. A docstring without such lines is well.
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
//! """add email
//!
//! Revision ID: b2c3d4e5f6a7
//! Revises: 9f8e7d6c5b4a
//! Create Date: 2024-03-04 11:30:00.000000
//!
//! """
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
//!
//! ## Use instead
//! ```python
//! # versions/b.py
//! """add email
//!
//! Revision ID: b2c3d4e5f6a7
//! Revises: a1b2c3d4e5f6
//! Create Date: 2024-03-04 11:30:00.000000
//!
//! """
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
//!
//! ## Fix safety
//! The fix writes what the code says into the docstring. It is safe: Alembic does not read these lines.
//!
//! ## References
//! - [Alembic: tutorial](https://alembic.sqlalchemy.org/en/latest/tutorial.html)

use revline_python::header::{DocItem, Docstring, HeaderValue};
use revline_text::{Edit, Range, SourceChange};

use crate::{Check, FileContext, Findings, Fix, Group, Meta, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Documentation,
    severity: Severity::Warning,
    fix: Some(Safety::Safe),
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    let Some(docstring) = &context.header.docstring else { return };
    let known = |name: &str| match context.header.get(name) {
        Some(entry) => !matches!(entry.value, HeaderValue::Other | HeaderValue::Broken),
        None => false,
    };
    if known("revision") {
        own_id(context, findings, docstring);
    }
    if known("down_revision") {
        parents(context, findings, docstring);
    }
}

fn own_id(context: &FileContext<'_>, findings: &mut Findings<'_>, docstring: &Docstring) {
    let Some(item) = &docstring.revision_id else { return };
    let id = context.revision().id.as_str();
    if words(std::slice::from_ref(item)).any(|word| abbreviates(word, id)) {
        return;
    }
    let message = format!("The docstring says revision `{}`, and the code says `{id}`.", item.text);
    let fix = write(context, item.range, "Revision ID", id);
    findings.push(context.at(item.range), message).fix(fix).done();
}

fn parents(context: &FileContext<'_>, findings: &mut Findings<'_>, docstring: &Docstring) {
    let (Some(items), Some(range)) = (&docstring.revises, docstring.revises_range) else { return };
    let parents: Vec<&str> =
        context.revision().down.iter().map(|parent| parent.id.as_str()).collect();
    let written: Vec<&str> = words(items).collect();
    let each = |word: &&str| parents.iter().any(|parent| abbreviates(word, parent));
    let all = |parent: &&str| written.iter().any(|word| abbreviates(word, parent));
    if written.iter().all(each) && parents.iter().all(all) {
        return;
    }
    let name = |ids: &[&str]| match ids {
        [] => "none".to_owned(),
        ids => ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "),
    };
    let message = format!(
        "The docstring says that this revises {}, and the code says {}.",
        name(&written),
        name(&parents)
    );
    let fix = write(context, range, "Revises", &parents.join(", "));
    // An empty place is hard to see: the line's label is shown.
    let shown = if range.is_empty() {
        Range::new(range.start().saturating_sub("Revises:".len() as u32), range.end())
    } else {
        range
    };
    findings.push(context.at(shown), message).fix(fix).done();
}

/// The identifiers of a line. Old templates wrote what Python prints: `None`, `('a', 'b')`.
fn words(items: &[DocItem]) -> impl Iterator<Item = &str> {
    let marks: &[char] = &['(', ')', '[', ']', '{', '}', '<', '>', '\'', '"', '`', ','];
    items
        .iter()
        .flat_map(|item| item.text.split_whitespace())
        .map(move |word| word.trim_matches(marks))
        .filter(|word| !matches!(*word, "" | "None" | "base" | "and" | "&"))
}

/// Whether a word is the identifier, or begins it as Alembic takes it on the command line.
fn abbreviates(word: &str, id: &str) -> bool {
    word == id || (word.len() >= 4 && id.starts_with(word))
}

fn write(context: &FileContext<'_>, range: Range, label: &str, value: &str) -> Fix {
    let text = &context.source.text;
    let before = text.get(..range.start() as usize).unwrap_or_default();
    let space = if before.ends_with(':') && !value.is_empty() { " " } else { "" };
    let edit = Edit::replace(range, format!("{space}{value}"));
    Fix {
        title: format!("Mend `{label}:` in the docstring"),
        change: SourceChange::edit(context.file, vec![edit]),
        safety: Safety::Safe,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn parents_are_compared_whatever_their_order_and_spelling() {
        check(
            "
//- versions/a.py
'''base

Revision ID: aaaa1
Revises: None
'''
revision = 'aaaa1'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/b.py
'''one

Revision ID: bbbb1
Revises: ('aaaa1',)
'''
revision = 'bbbb1'
down_revision = 'aaaa1'
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/c.py
'''no line is well

Create Date: 2020-01-01
'''
revision = 'cccc1'
down_revision = 'aaaa1'
branch_labels = 'c'
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/d.py
'''a merge

Revision ID: dddd1
Revises: cccc1, bbbb
'''
revision = 'dddd1'
down_revision = ('bbbb1', 'cccc1')
def upgrade():
    pass
def downgrade():
    pass
",
            expect![[""]],
        );
    }

    #[test]
    fn what_disagrees_is_told_on_its_line() {
        check(
            "
//- versions/a.py
'''base

Revision ID: aaaa2
Revises: zzzz1
'''
revision = 'aaaa1'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/b.py
'''one

Revision ID: bbbb1
Revises:
'''
revision = 'bbbb1'
down_revision = 'aaaa1'
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/c.py
'''a merge

Revises: bbbb1
'''
revision = 'cccc1'
down_revision = ('aaaa1', 'bbbb1')
def upgrade():
    pass
def downgrade():
    pass
",
            expect![[r#"
                versions/a.py:3:14 warning docstring-mismatch: The docstring says revision `aaaa2`, and the code says `aaaa1`.
                  fix (safe): Mend `Revision ID:` in the docstring
                versions/a.py:4:10 warning docstring-mismatch: The docstring says that this revises `zzzz1`, and the code says none.
                  fix (safe): Mend `Revises:` in the docstring
                versions/b.py:4:1 warning docstring-mismatch: The docstring says that this revises none, and the code says `aaaa1`.
                  fix (safe): Mend `Revises:` in the docstring
                versions/c.py:3:10 warning docstring-mismatch: The docstring says that this revises `bbbb1`, and the code says `aaaa1`, `bbbb1`.
                  fix (safe): Mend `Revises:` in the docstring
            "#]],
        );
    }

    #[test]
    fn a_parent_that_is_computed_agrees_with_every_docstring() {
        check(
            "
//- versions/a.py
'''base

Revises: zzzz1
'''
revision = 'aaaa1'
down_revision = parent()
def upgrade():
    op.f()
def downgrade():
    op.f()
",
            expect![[r#"
                versions/a.py:6:17 info computed-header: `down_revision` is computed here, so its part in the history is not known.
            "#]],
        );
    }
}
