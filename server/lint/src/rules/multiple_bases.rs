//! ## What it does
//! Finds a second base: a revision with `down_revision = None` beside another one in the same folder,
//! whose tree has no branch label and is never merged with the other.
//!
//! ## Why is this bad?
//! Usually the parent was forgotten. There are two heads then, and `alembic upgrade head` refuses.
//! Independent trees that are meant have a branch label, or a version folder each.
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
//! """create invoices"""
//! revision = "b2c3d4e5f6a7"
//! down_revision = None
//!
//!
//! def upgrade():
//!     op.create_table("invoices", sa.Column("id", sa.Integer(), primary_key=True))
//!
//!
//! def downgrade():
//!     op.drop_table("invoices")
//! ```
//!
//! ## Use instead
//! ```python
//! # versions/b.py
//! """create invoices"""
//! revision = "b2c3d4e5f6a7"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.create_table("invoices", sa.Column("id", sa.Integer(), primary_key=True))
//!
//!
//! def downgrade():
//!     op.drop_table("invoices")
//! ```
//! Or declare a branch label, where the tree is meant to be independent.
//!
//! ## Fix safety
//! Where the other trees have one head, the fix makes it the parent. It is unsafe: a database that
//! ran this tree alone has to be downgraded first.
//!
//! ## References
//! - [Alembic: working with branches](https://alembic.sqlalchemy.org/en/latest/branches.html)

use revline_analysis::write;
use revline_history::{Node, Through};

use crate::conflict::precedence;
use crate::unknowns::{Unknowns, labelled};
use crate::{Check, Findings, Fix, Group, Meta, ProjectContext, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Graph,
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    check: Check::Project(check),
};

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    let history = context.history();
    let mut bases: Vec<Node> =
        history.bases().iter().copied().filter(|base| is_declared(context, *base)).collect();
    if bases.len() < 2 {
        return;
    }
    let unknowns = Unknowns::of(context);
    bases.sort_by_cached_key(|base| precedence(context, *base));
    let folder = |node: Node| {
        let path = context.snapshot.files().path(history[node].file);
        path.parent().map(std::path::Path::to_path_buf)
    };
    for (place, base) in bases.iter().enumerate().skip(1) {
        let beside = |other: &&Node| folder(**other) == folder(*base);
        let Some(first) = bases.iter().take(place).find(beside) else { continue };
        if is_meant(context, &unknowns, *base) {
            continue;
        }
        let message = format!(
            "A second base beside {}, without a branch label: `alembic upgrade head` refuses. The \
             parent may be forgotten.",
            context.named(*first)
        );
        let place = history[*base].spans.down.value.unwrap_or_else(|| context.id_span(*base));
        let draft = findings.push(place, message);
        let draft = draft.related(context.id_span(*first), "the first base");
        if let Some(fix) = behind_the_head(context, *base) {
            draft.fix(fix).done();
        }
    }
}

/// Whether it says itself that it has no parent.
fn is_declared(context: &ProjectContext<'_>, base: Node) -> bool {
    let heading = context.project.heading(context.history()[base].file);
    heading.is_some_and(|heading| !heading.computes("down_revision"))
}

/// Whether something says that the tree is meant: a label, a dependency, a merge with another tree.
fn is_meant(context: &ProjectContext<'_>, unknowns: &Unknowns, base: Node) -> bool {
    let history = context.history();
    if !history[base].depends_on.is_empty() {
        return true;
    }
    let tree = history.descendants(base, Through::Parents);
    tree.iter().any(|node| {
        let elsewhere = |parent: &Node| tree.binary_search(parent).is_err();
        labelled(context.project, *node)
            || unknowns.may_be_followed(history[*node].id.as_str())
            || *node != base && history.parents(*node).iter().any(elsewhere)
            || *node != base && history[*node].down.len() > history.parents(*node).len()
    })
}

/// Makes the only head of the other trees its parent.
fn behind_the_head(context: &ProjectContext<'_>, base: Node) -> Option<Fix> {
    let history = context.history();
    let own = history.descendants(base, Through::Parents);
    let mut heads = history.heads().iter().filter(|head| own.binary_search(head).is_err());
    let (Some(head), None) = (heads.next(), heads.next()) else { return None };
    if history.is_ancestor(base, *head, Through::Dependencies) {
        return None;
    }
    Some(Fix {
        title: format!("Make `{}` the parent", history[*head].id),
        change: write::reparent(context.snapshot, context.project, base, None, *head)?,
        safety: Safety::Unsafe,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_tree_of_its_own_is_told_at_its_base() {
        check(
            "
//- versions/a.py shared
revision = 'a'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/b.py shared
revision = 'b'
down_revision = 'a'
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/_new.py
revision = 'c'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/later.py
revision = 'd'
down_revision = 'c'
def upgrade():
    op.f()
def downgrade():
    op.f()
",
            expect![[r#"
                versions/_new.py:2:17 warning multiple-bases: A second base beside `a` (a.py), without a branch label: `alembic upgrade head` refuses. The parent may be forgotten.
                  versions/a.py:1:12 the first base
                  fix (unsafe): Make `b` the parent
            "#]],
        );
    }

    #[test]
    fn trees_that_are_meant_are_well() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/b.py
revision = 'b'
down_revision = None
branch_labels = ('of_b',)
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/c.py
revision = 'c'
down_revision = None
branch_labels = LABELS
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/d.py
revision = 'd'
down_revision = None
depends_on = 'a'
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/e.py
revision = 'e'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/f.py
revision = 'f'
down_revision = ('a', 'e')
def upgrade():
    pass
def downgrade():
    pass
//- versions/g.py
revision = 'g'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/h.py
revision = 'h'
down_revision = 'g'
branch_labels = ('of_h',)
def upgrade():
    op.f()
def downgrade():
    op.f()
",
            expect![[r#"
                versions/c.py:3:17 info computed-header: `branch_labels` is computed here, so its part in the history is not known.
            "#]],
        );
    }

    #[test]
    fn a_folder_of_its_own_is_a_tree_of_its_own() {
        check(
            "
//- alembic.ini
[alembic]
script_location = %(here)s
version_locations = %(here)s/versions:%(here)s/plugin
path_separator = :
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
//- plugin/b.py
revision = 'b'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
",
            expect![[""]],
        );
    }

    #[test]
    fn a_root_whose_parent_is_not_known_is_no_base() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/b.py
revision = 'b'
down_revision = parent()
def upgrade():
    op.f()
def downgrade():
    op.f()
//- versions/c.py
revision = 'c'
down_revision = 'gone'
def upgrade():
    op.f()
def downgrade():
    op.f()
",
            expect![[r#"
                versions/b.py:2:17 info computed-header: `down_revision` is computed here, so its part in the history is not known.
                versions/c.py:2:17 error missing-parent: Revision `gone` is in no file. Its file may be on a branch that is not merged.
            "#]],
        );
    }
}
