//! ## What it does
//! Finds revisions that come before themselves: by `down_revision`, by `depends_on`, or by both
//! together. A revision that names itself is the shortest case.
//!
//! ## Why is this bad?
//! Alembic refuses the whole folder with «Cycle is detected in revisions» or «Self-loop is detected»:
//! no command works. Usually a parent was changed by hand after a merge of two branches.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "a1b2c3d4e5f6"
//! down_revision = "b2c3d4e5f6a7"
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
//! ## References
//! - [Alembic: working with branches](https://alembic.sqlalchemy.org/en/latest/branches.html)

use revline_history::{Defect, History, Node};
use revline_text::Span;

use crate::{Check, Findings, Group, Meta, ProjectContext, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Graph,
    severity: Severity::Error,
    fix: None,
    check: Check::Project(check),
};

/// A longer way is told at so many of its revisions, and shows so many of them.
const SHOWN: usize = 12;

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    let history = context.history();
    for defect in history.defects() {
        match defect {
            Defect::SelfLoop { revision, reference } => {
                let span = history[*revision].down.get(*reference).and_then(|one| one.span);
                itself(context, findings, *revision, span, "parent");
            }
            Defect::DependencySelfLoop { revision, reference } => {
                let span = history[*revision].depends_on.get(*reference).and_then(|one| one.span);
                itself(context, findings, *revision, span, "dependency");
            }
            Defect::Cycle { path } => circle(context, findings, path, ""),
            Defect::DependencyCycle { path } => {
                circle(context, findings, path, " through `depends_on`");
            }
            _ => {}
        }
    }
}

fn itself(
    context: &ProjectContext<'_>,
    findings: &mut Findings<'_>,
    node: Node,
    span: Option<Span>,
    what: &str,
) {
    let id = context.quoted(node);
    let message = format!("Revision {id} is its own {what}, and Alembic refuses the whole folder.");
    findings.push(span.unwrap_or_else(|| context.id_span(node)), message).done();
}

/// One finding at each revision of the way: which of them is wrong is not known.
fn circle(
    context: &ProjectContext<'_>,
    findings: &mut Findings<'_>,
    path: &[Node],
    through: &str,
) {
    for (place, node) in path.iter().enumerate().take(SHOWN) {
        let way = || path.iter().cycle().skip(place).take(path.len() + 1).copied();
        let mut names: Vec<String> = way().take(SHOWN).map(|one| context.quoted(one)).collect();
        if path.len() + 1 > SHOWN {
            names.push("…".to_owned());
            names.push(context.quoted(*node));
        }
        let next = way().nth(1).unwrap_or(*node);
        let span = reference(context.history(), *node, next);
        let message = format!(
            "Revision {} comes before itself{through}: {}. Alembic refuses the whole folder.",
            context.quoted(*node),
            names.join(" → "),
        );
        let mut draft = findings.push(span.unwrap_or_else(|| context.id_span(*node)), message);
        for (from, to) in way().zip(way().skip(1)).skip(1).take(SHOWN) {
            let span = reference(context.history(), from, to);
            let span = span.unwrap_or_else(|| context.id_span(from));
            let message = format!("{} follows {}", context.quoted(from), context.quoted(to));
            draft = draft.related(span, message);
        }
    }
}

/// Where a revision names another one: as a parent, a dependency, or by a label of it.
fn reference(history: &History, from: Node, to: Node) -> Option<Span> {
    let revision = &history[from];
    let means = |id: &str| history.find(id) == Some(to) || history.find_label(id) == Some(to);
    let mut references = revision.down.iter().chain(&revision.depends_on);
    references.find(|one| means(one.id.as_str()))?.span
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn the_way_is_told_at_every_revision_of_it() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = 'c'
//- versions/b.py
revision = 'b'
down_revision = 'a'
//- versions/c.py
revision = 'c'
down_revision = ('base', 'b')
//- versions/z.py
revision = 'base'
down_revision = None
",
            expect![[r#"
                versions/a.py:2:17 error revision-cycle: Revision `a` comes before itself: `a` → `c` → `b` → `a`. Alembic refuses the whole folder.
                  versions/c.py:2:26 `c` follows `b`
                  versions/b.py:2:17 `b` follows `a`
                versions/b.py:2:17 error revision-cycle: Revision `b` comes before itself: `b` → `a` → `c` → `b`. Alembic refuses the whole folder.
                  versions/a.py:2:17 `a` follows `c`
                  versions/c.py:2:26 `c` follows `b`
                versions/c.py:2:26 error revision-cycle: Revision `c` comes before itself: `c` → `b` → `a` → `c`. Alembic refuses the whole folder.
                  versions/b.py:2:17 `b` follows `a`
                  versions/a.py:2:17 `a` follows `c`
            "#]],
        );
    }

    #[test]
    fn a_revision_that_names_itself_is_told_apart_for_parents_and_dependencies() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = 'a'
//- versions/b.py
revision = 'b'
down_revision = None
branch_labels = 'plugin'
depends_on = ['plugin']
",
            expect![[r#"
                versions/a.py:2:17 error revision-cycle: Revision `a` is its own parent, and Alembic refuses the whole folder.
                versions/b.py:4:15 error revision-cycle: Revision `b` is its own dependency, and Alembic refuses the whole folder.
            "#]],
        );
    }

    #[test]
    fn a_dependency_may_close_the_circle() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
branch_labels = 'x'
depends_on = 'c'
//- versions/b.py
revision = 'b'
down_revision = None
branch_labels = 'y'
depends_on = 'a'
//- versions/c.py
revision = 'c'
down_revision = 'b'
",
            expect![[r#"
                versions/a.py:4:14 error revision-cycle: Revision `a` comes before itself through `depends_on`: `a` → `c` → `b` → `a`. Alembic refuses the whole folder.
                  versions/c.py:2:17 `c` follows `b`
                  versions/b.py:4:14 `b` follows `a`
                versions/b.py:4:14 error revision-cycle: Revision `b` comes before itself through `depends_on`: `b` → `a` → `c` → `b`. Alembic refuses the whole folder.
                  versions/a.py:4:14 `a` follows `c`
                  versions/c.py:2:17 `c` follows `b`
                versions/c.py:2:17 error revision-cycle: Revision `c` comes before itself through `depends_on`: `c` → `b` → `a` → `c`. Alembic refuses the whole folder.
                  versions/b.py:4:14 `b` follows `a`
                  versions/a.py:4:14 `a` follows `c`
            "#]],
        );
    }
}
