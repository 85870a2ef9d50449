//! ## What it does
//! Finds that the version table of the database holds several heads that no branch label sets apart.
//!
//! ## Why is this bad?
//! Two lines of migrations were applied side by side. `alembic downgrade -1` and every other command
//! that means the current revision refuses, and on another database the two may run in another
//! order.
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
//!     op.add_column("users", sa.Column("email", sa.Text()))
//!
//!
//! def downgrade():
//!     op.drop_column("users", "email")
//! ```
//! ```python
//! # versions/c.py
//! """add name"""
//! revision = "c3d4e5f6a7b8"
//! down_revision = "a1b2c3d4e5f6"
//!
//!
//! def upgrade():
//!     op.add_column("users", sa.Column("name", sa.Text()))
//!
//!
//! def downgrade():
//!     op.drop_column("users", "name")
//! ```
//! ```text
//! # alembic_version
//! b2c3d4e5f6a7
//! c3d4e5f6a7b8
//! ```
//!
//! ## Use instead
//! Merge the heads and upgrade, so that the table holds the merge alone.
//! ```python
//! # versions/c.py
//! """add name"""
//! revision = "c3d4e5f6a7b8"
//! down_revision = "b2c3d4e5f6a7"
//!
//!
//! def upgrade():
//!     op.add_column("users", sa.Column("name", sa.Text()))
//!
//!
//! def downgrade():
//!     op.drop_column("users", "name")
//! ```
//! ```text
//! # alembic_version
//! c3d4e5f6a7b8
//! ```
//!
//! ## References
//! - [Alembic: working with branches](https://alembic.sqlalchemy.org/en/latest/branches.html)

use revline_history::Node;

use crate::{Check, Findings, Group, Meta, ProjectContext, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Database,
    severity: Severity::Info,
    fix: None,
    check: Check::Project(check),
};

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    let project = context.project;
    let (Some(database), Some(applied)) = (&project.database, project.applied()) else { return };
    let history = context.history();
    let meant = |node: &Node| history.labels(*node).next().is_some();
    let unmeant: Vec<Node> = applied.current.iter().copied().filter(|it| !meant(it)).collect();
    if applied.current.len() < 2 || unmeant.is_empty() {
        return;
    }
    for node in unmeant {
        let others = applied.current.iter().filter(|other| **other != node);
        let others: Vec<String> = others.map(|other| context.quoted(*other)).collect();
        let message = format!(
            "The database {} stands here and at {}: a merge of these heads brings them together.",
            database.address,
            others.join(", ")
        );
        let draft = findings.push(context.id_span(node), message);
        applied
            .current
            .iter()
            .filter(|other| **other != node)
            .fold(draft, |draft, other| draft.related(context.id_span(*other), "the other head"))
            .done();
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn branches_with_labels_are_meant() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
branch_labels = 'core'
//- versions/b.py
revision = 'b'
down_revision = None
branch_labels = 'plugin'
//- alembic_version
a
b
",
            expect![""],
        );
    }
}
