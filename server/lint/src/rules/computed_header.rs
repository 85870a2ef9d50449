//! ## What it does
//! Finds a `revision`, `down_revision`, `branch_labels` or `depends_on` that is computed.
//!
//! ## Why is this bad?
//! Alembic runs the file and knows the value. Whoever reads the file does not: neither a person, nor a
//! tool that runs nothing. Rules about the graph that depend on the value stay silent.
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
//! down_revision = os.environ["PARENT"]
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
//! ## References
//! - [Alembic: tutorial](https://alembic.sqlalchemy.org/en/latest/tutorial.html)

use crate::{Check, Findings, Group, Meta, ProjectContext, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Graph,
    severity: Severity::Info,
    fix: None,
    check: Check::Project(check),
};

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    for (_, heading) in context.project.headings() {
        let problem = heading.and_then(|heading| heading.problem.as_ref());
        if let Some(problem) = problem.filter(|problem| !problem.fails) {
            findings.push(problem.span, problem.message.clone()).done();
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn what_is_computed_is_said_and_nothing_else_is_guessed() {
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
down_revision = parents()
//- versions/d.py
revision = make_id('d')
down_revision = 'a'
//- versions/e.py
revision = 'e'
down_revision = 'somewhere'
",
            expect![[r#"
                versions/c.py:2:17 info computed-header: `down_revision` is computed here, so its part in the history is not known.
                versions/d.py:1:12 info computed-header: `revision` is computed here, so its part in the history is not known.
            "#]],
        );
    }
}
