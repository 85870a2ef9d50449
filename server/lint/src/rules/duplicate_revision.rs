//! ## What it does
//! Finds two files that declare the same revision identifier.
//!
//! ## Why is this bad?
//! Alembic warns «Revision X is present more than once» and takes the file it loads last: the other
//! migration silently never runs.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "0001"
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
//! """create orders"""
//! revision = "0001"
//! down_revision = None
//!
//!
//! def upgrade():
//!     op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))
//!
//!
//! def downgrade():
//!     op.drop_table("orders")
//! ```
//!
//! ## Use instead
//! ```python
//! # versions/b.py
//! """create orders"""
//! revision = "0002"
//! down_revision = "0001"
//!
//!
//! def upgrade():
//!     op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))
//!
//!
//! def downgrade():
//!     op.drop_table("orders")
//! ```
//!
//! ## References
//! - [Alembic: script directory](https://alembic.sqlalchemy.org/en/latest/api/script.html)

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
        let Defect::DuplicateId { id, revisions } = defect else { continue };
        let Some((last, lost)) = revisions.split_last() else { continue };
        let winner = context.file_name(history[*last].file);
        for node in lost {
            let message = format!(
                "Revision `{id}` is declared in {winner} too. Alembic takes that one, and this \
                 migration never runs."
            );
            let other = context.id_span(*last);
            findings.push(context.id_span(*node), message).related(other, "the one that counts").done();
        }
        let files: Vec<String> =
            lost.iter().map(|node| context.file_name(history[*node].file)).collect();
        let message = format!("Revision `{id}` is declared in {} too.", files.join(", "));
        let mut draft = findings.push(context.id_span(*last), message);
        for node in lost {
            draft = draft.related(context.id_span(*node), "declared here too");
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn every_file_names_the_others_and_the_last_counts() {
        check_graph(
            "
//- versions/a.py
revision = '1'
down_revision = None
//- versions/b.py
revision = '1'
down_revision = None
//- versions/c.py
revision = '1'
down_revision = None
",
            expect![[r#"
                versions/a.py:1:12 error duplicate-revision: Revision `1` is declared in c.py too. Alembic takes that one, and this migration never runs.
                  versions/c.py:1:12 the one that counts
                versions/b.py:1:12 error duplicate-revision: Revision `1` is declared in c.py too. Alembic takes that one, and this migration never runs.
                  versions/c.py:1:12 the one that counts
                versions/c.py:1:12 error duplicate-revision: Revision `1` is declared in a.py, b.py too.
                  versions/a.py:1:12 declared here too
                  versions/b.py:1:12 declared here too
            "#]],
        );
    }
}
