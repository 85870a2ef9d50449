//! ## What it does
//! Finds two heads whose lineages part at a common revision, unless both sides declare a branch
//! label after it.
//!
//! ## Why is this bad?
//! `alembic upgrade head` refuses with «Multiple head revisions are present». It happens when two
//! branches of a repository each add a migration and both are merged: nobody sees it before the
//! next deployment. Branches that are meant say so by a branch label on each side, and independent
//! trees are no conflict.
//!
//! The error stands on the side that is not on the git default branch, else on the one with the
//! later `Create Date`, else on the later file name. The other head has an information.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users
//!
//! Revision ID: a1b2c3d4e5f6
//! Revises:
//! Create Date: 2024-03-01 09:00:00.000000
//!
//! """
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
//! ```python
//! # versions/c.py
//! """add phone
//!
//! Revision ID: c3d4e5f6a7b8
//! Revises: a1b2c3d4e5f6
//! Create Date: 2024-03-05 16:45:00.000000
//!
//! """
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
//!
//! ## Use instead
//! ```python
//! # versions/c.py
//! """add phone
//!
//! Revision ID: c3d4e5f6a7b8
//! Revises: b2c3d4e5f6a7
//! Create Date: 2024-03-05 16:45:00.000000
//!
//! """
//! revision = "c3d4e5f6a7b8"
//! down_revision = "b2c3d4e5f6a7"
//!
//!
//! def upgrade():
//!     op.add_column("users", sa.Column("phone", sa.String()))
//!
//!
//! def downgrade():
//!     op.drop_column("users", "phone")
//! ```
//! Or merge the heads with `revline merge heads`.
//!
//! ## Fix safety
//! The fix puts this side behind the other head: the first revision after the fork gets the other
//! head as its parent, in the code and in the docstring. It is unsafe: a database that ran this side
//! and not the other has to be downgraded first, and the two sides may not go together.
//!
//! ## References
//! - [Alembic: working with branches](https://alembic.sqlalchemy.org/en/latest/branches.html)

use std::collections::{HashMap, HashSet};

use revline_analysis::write;
use revline_history::{Node, Through};

use crate::conflict::{Conflict, conflicts, is_shared};
use crate::{Check, Findings, Fix, Group, Meta, ProjectContext, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Graph,
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    check: Check::Project(check),
};

/// So many conflicts get a fix, and so many are listed at a head: nobody mends more by hand.
const SHOWN: usize = 16;

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    let conflicts = conflicts(context);
    let in_the_way: HashSet<Node> =
        conflicts.iter().map(|conflict| conflict.head).collect();
    let mut staying: Vec<(Node, Vec<Conflict>)> = Vec::new();
    let mut places: HashMap<Node, usize> = HashMap::new();
    for (place, conflict) in conflicts.iter().enumerate() {
        in_error(context, findings, *conflict, place < SHOWN);
        if !in_the_way.contains(&conflict.other) {
            let place = *places.entry(conflict.other).or_insert_with(|| {
                staying.push((conflict.other, Vec::new()));
                staying.len() - 1
            });
            if let Some((_, list)) = staying.get_mut(place) {
                list.push(*conflict);
            }
        }
    }
    for (head, conflicts) in staying {
        in_passing(context, findings, head, &conflicts);
    }
}

fn in_error(
    context: &ProjectContext<'_>,
    findings: &mut Findings<'_>,
    conflict: Conflict,
    with_fix: bool,
) {
    let Conflict { head, other, fork } = conflict;
    let message = format!(
        "Two heads: {} and {} part at {}, so `alembic upgrade head` refuses. Re-parent this side \
         onto the other head, or merge them.",
        context.quoted(head),
        context.named(other),
        context.named(fork),
    );
    let draft = findings
        .push(context.id_span(head), message)
        .related(context.id_span(other), "the other head")
        .related(context.id_span(fork), "here they part");
    match with_fix.then(|| re_parent(context, conflict)).flatten() {
        Some(fix) => draft.fix(fix).done(),
        None => draft.done(),
    }
}

fn in_passing(
    context: &ProjectContext<'_>,
    findings: &mut Findings<'_>,
    head: Node,
    conflicts: &[Conflict],
) {
    let Some(first) = conflicts.first() else { return };
    let more = match conflicts.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "Two heads: {}{more} {} from {} at {}.",
        context.named(first.head),
        if conflicts.len() == 1 { "parts" } else { "part" },
        context.quoted(head),
        context.named(first.fork),
    );
    let mut draft = findings.push(context.id_span(head), message).severity(Severity::Info);
    for conflict in conflicts.iter().take(SHOWN) {
        draft = draft.related(context.id_span(conflict.head), "another head");
    }
}

/// Puts the side of a head behind the other head. None where that would close a circle, or where
/// the parent is not written as a literal.
fn re_parent(context: &ProjectContext<'_>, conflict: Conflict) -> Option<Fix> {
    let Conflict { head, other, .. } = conflict;
    let history = context.history();
    let moved = write::rebase(context.snapshot, context.project, head, other).ok()?;
    if history.is_ancestor(moved.first, other, Through::Dependencies) {
        return None;
    }
    let mut change = moved.change;
    let known = context.project.shared.is_some();
    if known && !moved.side.iter().any(|node| is_shared(context, *node)) {
        change.annotation = None;
    }
    Some(Fix {
        title: format!("Re-parent `{}` onto `{}`", history[moved.first].id, history[other].id),
        change,
        safety: Safety::Unsafe,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn the_side_that_is_not_on_the_default_branch_is_in_error() {
        check_graph(
            "
//- versions/a.py shared
revision = 'a'
down_revision = None
//- versions/b.py
revision = 'b'
down_revision = 'a'
//- versions/b2.py
revision = 'b2'
down_revision = 'b'
//- versions/c.py shared
revision = 'c'
down_revision = 'a'
",
            expect![[r#"
                versions/b2.py:1:12 error multiple-heads: Two heads: `b2` and `c` (c.py) part at `a` (a.py), so `alembic upgrade head` refuses. Re-parent this side onto the other head, or merge them.
                  versions/c.py:1:12 the other head
                  versions/a.py:1:12 here they part
                  fix (unsafe): Re-parent `b` onto `c`
                versions/c.py:1:12 info multiple-heads: Two heads: `b2` (b2.py) parts from `c` at `a` (a.py).
                  versions/b2.py:1:12 another head
            "#]],
        );
    }

    #[test]
    fn else_the_later_date_and_else_the_later_name() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
//- versions/b.py
'''b

Create Date: 2024-02-01 10:00:00
'''
revision = 'b'
down_revision = 'a'
//- versions/c.py
'''c

Create Date: 2024-01-01 10:00:00
'''
revision = 'c'
down_revision = 'a'
//- versions/d.py
revision = 'd'
down_revision = 'c'
//- versions/e.py
revision = 'e'
down_revision = 'c'
",
            expect![[r#"
                versions/b.py:5:12 error multiple-heads: Two heads: `b` and `e` (e.py) part at `a` (a.py), so `alembic upgrade head` refuses. Re-parent this side onto the other head, or merge them.
                  versions/e.py:1:12 the other head
                  versions/a.py:1:12 here they part
                  fix (unsafe, warned): Re-parent `b` onto `e`
                versions/d.py:1:12 info multiple-heads: Two heads: `e` (e.py) parts from `d` at `c` (c.py).
                  versions/e.py:1:12 another head
                versions/e.py:1:12 error multiple-heads: Two heads: `e` and `d` (d.py) part at `c` (c.py), so `alembic upgrade head` refuses. Re-parent this side onto the other head, or merge them.
                  versions/d.py:1:12 the other head
                  versions/c.py:5:12 here they part
                  fix (unsafe, warned): Re-parent `e` onto `d`
            "#]],
        );
    }

    #[test]
    fn branches_that_both_sides_label_are_meant() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
branch_labels = 'all'
//- versions/b.py
revision = 'b'
down_revision = 'a'
branch_labels = ('expand',)
//- versions/b2.py
revision = 'b2'
down_revision = 'b'
//- versions/c.py
revision = 'c'
down_revision = 'a'
//- versions/c2.py
revision = 'c2'
down_revision = 'c'
branch_labels = LABELS
//- versions/z.py
revision = 'z'
down_revision = None
branch_labels = 'other'
",
            expect![[r#"
                versions/c2.py:3:17 info computed-header: `branch_labels` is computed here, so its part in the history is not known.
            "#]],
        );
    }

    #[test]
    fn one_label_is_not_enough() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
branch_labels = 'all'
//- versions/b.py
revision = 'b'
down_revision = 'a'
branch_labels = 'expand'
//- versions/c.py
revision = 'c'
down_revision = 'a'
",
            expect![[r#"
                versions/b.py:1:12 info multiple-heads: Two heads: `c` (c.py) parts from `b` at `a` (a.py).
                  versions/c.py:1:12 another head
                versions/c.py:1:12 error multiple-heads: Two heads: `c` and `b` (b.py) part at `a` (a.py), so `alembic upgrade head` refuses. Re-parent this side onto the other head, or merge them.
                  versions/b.py:1:12 the other head
                  versions/a.py:1:12 here they part
                  fix (unsafe, warned): Re-parent `c` onto `b`
            "#]],
        );
    }

    #[test]
    fn a_head_that_may_have_a_child_is_none() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
//- versions/b.py
revision = 'b1'
down_revision = 'a'
//- versions/c.py
revision = 'c1'
down_revision = 'a'
//- versions/d.py
revision = 'd'
down_revision = ('b1', 'c1'
",
            expect![[r#"
                versions/d.py:2:1 error unloadable-file: `down_revision` is not complete.
            "#]],
        );
    }

    #[test]
    fn a_side_with_several_beginnings_has_no_single_fix() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
//- versions/b.py
revision = 'b'
down_revision = 'a'
//- versions/c.py
revision = 'c'
down_revision = 'a'
//- versions/d.py
revision = 'd'
down_revision = 'a'
//- versions/e.py
revision = 'e'
down_revision = ('b', 'c')
",
            expect![[r#"
                versions/d.py:1:12 info multiple-heads: Two heads: `e` (e.py) parts from `d` at `a` (a.py).
                  versions/e.py:1:12 another head
                versions/e.py:1:12 error multiple-heads: Two heads: `e` and `d` (d.py) part at `a` (a.py), so `alembic upgrade head` refuses. Re-parent this side onto the other head, or merge them.
                  versions/d.py:1:12 the other head
                  versions/a.py:1:12 here they part
            "#]],
        );
    }

    #[test]
    fn behind_a_merge_the_nearest_fork_counts() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
//- versions/b.py
revision = 'b'
down_revision = 'a'
//- versions/c.py
revision = 'c'
down_revision = 'a'
//- versions/d.py
revision = 'd'
down_revision = ('b', 'c')
//- versions/e.py
revision = 'e'
down_revision = 'c'
",
            expect![[r#"
                versions/d.py:1:12 info multiple-heads: Two heads: `e` (e.py) parts from `d` at `c` (c.py).
                  versions/e.py:1:12 another head
                versions/e.py:1:12 error multiple-heads: Two heads: `e` and `d` (d.py) part at `c` (c.py), so `alembic upgrade head` refuses. Re-parent this side onto the other head, or merge them.
                  versions/d.py:1:12 the other head
                  versions/c.py:1:12 here they part
                  fix (unsafe, warned): Re-parent `e` onto `d`
            "#]],
        );
    }

    #[test]
    fn a_side_that_the_other_depends_on_cannot_be_put_behind_it() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
//- versions/b.py
revision = 'b'
down_revision = 'a'
depends_on = 'c'
//- versions/c.py
revision = 'c'
down_revision = 'a'
",
            expect![[r#"
                versions/b.py:1:12 info multiple-heads: Two heads: `c` (c.py) parts from `b` at `a` (a.py).
                  versions/c.py:1:12 another head
                versions/c.py:1:12 error multiple-heads: Two heads: `c` and `b` (b.py) part at `a` (a.py), so `alembic upgrade head` refuses. Re-parent this side onto the other head, or merge them.
                  versions/b.py:1:12 the other head
                  versions/a.py:1:12 here they part
            "#]],
        );
    }
}
