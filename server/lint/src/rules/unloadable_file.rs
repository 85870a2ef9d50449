//! ## What it does
//! Finds a file in a version folder that Alembic cannot take for a revision: `revision` or
//! `down_revision` is not assigned, or is no string, or the file cannot be read.
//!
//! ## Why is this bad?
//! Alembic imports every `.py` file of the folder. One that is no revision stops every command with
//! an error over the whole folder. Files whose names begin with `__init__` are left out.
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
//! # versions/helpers.py
//! def add_timestamps(table):
//!     op.add_column(table, sa.Column("created", sa.DateTime()))
//! ```
//!
//! ## Use instead
//! ```python
//! # versions/helpers.py
//! """add timestamps"""
//! revision = "b2c3d4e5f6a7"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.add_column("users", sa.Column("created", sa.DateTime()))
//!
//!
//! def downgrade():
//!     op.drop_column("users", "created")
//! ```
//! Or move the file out of the version folder.
//!
//! ## References
//! - [Alembic: script directory](https://alembic.sqlalchemy.org/en/latest/api/script.html)

use crate::functions::may_bind;
use crate::{Check, Findings, Group, Meta, ProjectContext, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Graph,
    severity: Severity::Error,
    fix: None,
    check: Check::Project(check),
};

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    for (file, heading) in context.project.headings() {
        let problem = heading.and_then(|heading| heading.problem.as_ref());
        let Some(problem) = problem.filter(|problem| problem.fails) else { continue };
        // Names that an import or a branch binds are no assignments at the left margin, and count.
        let header = context.snapshot.header(file).unwrap_or_default();
        let elsewhere = context.snapshot.syntax(file).is_some_and(|source| {
            ["revision", "down_revision"]
                .into_iter()
                .any(|name| header.get(name).is_none() && may_bind(&source, name))
        });
        if !elsewhere {
            findings.push(problem.span, problem.message.clone()).done();
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn what_alembic_chokes_on_is_told_where_it_stands() {
        check_graph(
            "
//- versions/__init__.py
x = 1
//- versions/a.py
revision = None
down_revision = None
//- versions/b.py
revision = 'b'
//- versions/c.py
revision = 'c'
down_revision = (
//- versions/notes.py
print('hello')
",
            expect![[r#"
                versions/a.py:1:12 error unloadable-file: `revision` must be a string.
                versions/b.py:1:12 error unloadable-file: `down_revision` is not declared in b.py, and Alembic ends in an error over the whole folder: write `down_revision = None` if this is a base.
                versions/c.py:2:1 error unloadable-file: `down_revision` is not complete.
                versions/notes.py:1:1 error unloadable-file: Could not determine revision id from filename notes.py. Be sure the 'revision' variable is declared inside the script (please see 'Upgrading from Alembic 0.1 to 0.2' in the documentation).
            "#]],
        );
    }

    #[test]
    fn names_bound_in_another_way_may_make_a_revision() {
        check_graph(
            "
//- versions/a.py
from .shared import *
//- versions/b.py
revision, down_revision = 'b', None
//- versions/c.py
revision = 'c'
try:
    from .parents import down_revision
except ImportError:
    pass
//- versions/d.py
globals()['revision'] = 'd'
",
            expect![[""]],
        );
    }
}
