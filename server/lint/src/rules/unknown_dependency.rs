//! ## What it does
//! Finds a `depends_on` that names neither a revision nor a branch label.
//!
//! ## Why is this bad?
//! Alembic cannot build the graph: every command ends in a `KeyError`. Unlike on the command line, a
//! part of an identifier is not enough here.
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
//! branch_labels = "billing"
//! depends_on = "a1b2c3d4e5f7"
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
//! branch_labels = "billing"
//! depends_on = "a1b2c3d4e5f6"
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
//! ## Fix safety
//! The fix writes the nearest identifier or label. It is unsafe: what looks alike need not be meant.
//!
//! ## References
//! - [Alembic: working with branches](https://alembic.sqlalchemy.org/en/latest/branches.html)

use revline_history::Defect;
use revline_text::SourceChange;

use super::missing_parent::replace;
use crate::unknowns::Unknowns;
use crate::{Check, Findings, Fix, Group, Meta, ProjectContext, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Graph,
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    check: Check::Project(check),
};

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    let history = context.history();
    let mut unknowns: Option<Unknowns> = None;
    for defect in history.defects() {
        let Defect::MissingDependency { revision, reference } = defect else { continue };
        let Some(wanted) = history[*revision].depends_on.get(*reference) else { continue };
        let name = wanted.id.as_str();
        if unknowns.get_or_insert_with(|| Unknowns::of(context)).may_label(name) {
            continue;
        }
        let near = history.nearest_ids(name, 3).into_iter().filter(|node| node != revision);
        let mut proposals: Vec<(String, String)> =
            near.map(|node| (history[node].id.to_string(), context.named(node))).collect();
        let label = history
            .branch_labels()
            .map(|(label, _)| (strsim::damerau_levenshtein(label, name), label))
            .filter(|(distance, label)| *distance <= (label.chars().count() / 3).max(1))
            .min();
        if let Some((_, label)) = label {
            proposals.insert(0, (label.to_owned(), format!("the branch `{label}`")));
        }
        let hint = proposals
            .first()
            .map_or_else(String::new, |(_, shown)| format!(" Did you mean {shown}?"));
        let message = format!("`{name}` is neither a revision nor a branch label.{hint}");
        let span = wanted.span.unwrap_or_else(|| context.id_span(*revision));
        let mut draft = findings.push(span, message);
        for (id, _) in proposals {
            if let Some(edit) = replace(context, span, &id) {
                draft = draft.fix(Fix {
                    title: format!("Depend on `{id}`"),
                    change: SourceChange::edit(span.file, vec![edit]),
                    safety: Safety::Unsafe,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn labels_and_identifiers_are_proposed() {
        check_graph(
            "
//- versions/a.py
revision = 'a1b2'
down_revision = None
branch_labels = ('billing',)
//- versions/b.py
revision = 'b1b2'
down_revision = 'a1b2'
depends_on = ('biling', 'a1b2', 'a1b3', 'nothing at all')
",
            expect![[r#"
                versions/b.py:3:15 error unknown-dependency: `biling` is neither a revision nor a branch label. Did you mean the branch `billing`?
                  fix (unsafe): Depend on `billing`
                versions/b.py:3:33 error unknown-dependency: `a1b3` is neither a revision nor a branch label. Did you mean `a1b2` (a.py)?
                  fix (unsafe): Depend on `a1b2`
                versions/b.py:3:41 error unknown-dependency: `nothing at all` is neither a revision nor a branch label.
            "#]],
        );
    }

    #[test]
    fn a_label_that_is_computed_somewhere_may_be_the_one() {
        check_graph(
            "
//- versions/a.py
revision = 'a1b2'
down_revision = None
branch_labels = (cli.EXPAND_BRANCH,)
//- versions/b.py
revision = 'b1b2'
down_revision = 'a1b2'
depends_on = 'expand'
",
            expect![[r#"
                versions/a.py:3:17 info computed-header: `branch_labels` is computed here, so its part in the history is not known.
            "#]],
        );
    }
}
