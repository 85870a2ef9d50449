//! ## What it does
//! Finds a branch label that another revision declares already, or that is the identifier of a
//! revision.
//!
//! ## Why is this bad?
//! Labels and identifiers share one namespace. Alembic refuses the whole folder with «Branch name
//! 'x' in revision b already used by revision a».
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "a1b2c3d4e5f6"
//! down_revision = None
//! branch_labels = ("accounts",)
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
//! branch_labels = ("accounts",)
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
//! down_revision = None
//! branch_labels = ("billing",)
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
//! ## References
//! - [Alembic: working with branches](https://alembic.sqlalchemy.org/en/latest/branches.html)

use revline_history::Defect;

use crate::{Check, Findings, Group, Meta, ProjectContext, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Graph,
    severity: Severity::Error,
    fix: None,
    check: Check::Project(check),
};

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    let history = context.history();
    for defect in history.defects() {
        let Defect::LabelTwice { revision, label, first } = defect else { continue };
        let Some(label) = history[*revision].labels.get(*label) else { continue };
        let span = label.span.unwrap_or_else(|| context.id_span(*revision));
        let name = &label.name;
        let is_id = history[*first].id.as_str() == name;
        let message = if is_id {
            format!("Branch label `{name}` is the identifier of {}.", context.named(*first))
        } else if first == revision {
            format!("Branch label `{name}` is declared twice here.")
        } else {
            format!("Branch label `{name}` is already used by {}.", context.named(*first))
        };
        let declared = history[*first].labels.iter().find(|one| one.name == *name);
        let other = declared
            .filter(|_| !is_id)
            .and_then(|one| one.span)
            .unwrap_or_else(|| context.id_span(*first));
        let draft = findings.push(span, format!("{message} Alembic refuses the whole folder."));
        draft.related(other, "the first that has the name").done();
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn labels_and_identifiers_are_one_namespace() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
branch_labels = ('one', 'two')
//- versions/b.py
revision = 'b'
down_revision = 'a'
branch_labels = ['two', 'a', 'three', 'three']
",
            expect![[r#"
                versions/b.py:3:18 error duplicate-branch-label: Branch label `two` is already used by `a` (a.py). Alembic refuses the whole folder.
                  versions/a.py:3:25 the first that has the name
                versions/b.py:3:25 error duplicate-branch-label: Branch label `a` is the identifier of `a` (a.py). Alembic refuses the whole folder.
                  versions/a.py:1:12 the first that has the name
                versions/b.py:3:39 error duplicate-branch-label: Branch label `three` is declared twice here. Alembic refuses the whole folder.
                  versions/b.py:3:30 the first that has the name
            "#]],
        );
    }

    #[test]
    fn a_label_of_its_own_for_each_branch_is_well() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
branch_labels = ('one',)
//- versions/b.py
revision = 'b'
down_revision = None
branch_labels = {'two'}
",
            expect![[""]],
        );
    }
}
