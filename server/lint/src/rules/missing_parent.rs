//! ## What it does
//! Finds a `down_revision` that names a revision which is in no file.
//!
//! ## Why is this bad?
//! Alembic cannot build the graph: every command, in every file, ends in a `KeyError`. Usually the
//! identifier has a typing error, or the parent is in a branch that was not merged.
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
//! down_revision = "a1b2c3d4e5f7"
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
//! ## Fix safety
//! The fix writes the nearest identifier. It is unsafe: what looks alike need not be meant.
//!
//! ## References
//! - [Alembic: the migration environment](https://alembic.sqlalchemy.org/en/latest/tutorial.html)

use revline_history::Defect;
use revline_text::{Edit, SourceChange, Span};

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
        let Defect::MissingParent { revision, reference } = defect else { continue };
        let Some(parent) = history[*revision].down.get(*reference) else { continue };
        if unknowns
            .get_or_insert_with(|| Unknowns::of(context))
            .may_declare(parent.id.as_str())
        {
            continue;
        }
        let span = parent.span.unwrap_or_else(|| context.id_span(*revision));
        let near = history.nearest_ids(parent.id.as_str(), 3);
        let near: Vec<_> = near.into_iter().filter(|node| node != revision).collect();
        let hint = match near.first() {
            Some(node) => format!(" Did you mean {}?", context.named(*node)),
            None => " Its file may be on a branch that is not merged.".to_owned(),
        };
        let message = format!("Revision `{}` is in no file.{hint}", parent.id);
        let mut draft = findings.push(span, message);
        for node in near {
            let id = &history[node].id;
            if let Some(edit) = replace(context, span, id.as_str()) {
                draft = draft.fix(Fix {
                    title: format!("Use `{id}` as the parent"),
                    change: SourceChange::edit(span.file, vec![edit]),
                    safety: Safety::Unsafe,
                });
            }
        }
    }
}

/// Writes another identifier between the quotes of a literal.
pub(super) fn replace(context: &ProjectContext<'_>, literal: Span, id: &str) -> Option<Edit> {
    let text = context.snapshot.text(literal.file)?;
    let written = literal.range.slice(text.as_str())?;
    let quote = written.chars().last().filter(|quote| matches!(quote, '"' | '\''))?;
    Some(Edit::replace(literal.range, format!("{quote}{id}{quote}")))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn the_nearest_identifiers_are_proposed() {
        check_graph(
            "
//- versions/a.py
revision = 'a1b2c3d4'
down_revision = None
//- versions/b.py
revision = 'b1b2c3d4'
down_revision = (
    'a1b2c3d5',
    \"0000\",
)
",
            expect![[r#"
                versions/b.py:3:5 error missing-parent: Revision `a1b2c3d5` is in no file. Did you mean `a1b2c3d4` (a.py)?
                  fix (unsafe): Use `a1b2c3d4` as the parent
                versions/b.py:4:5 error missing-parent: Revision `0000` is in no file. Its file may be on a branch that is not merged.
            "#]],
        );
    }

    #[test]
    fn a_file_that_is_half_typed_may_be_the_parent() {
        check_graph(
            "
//- versions/a.py
revision = ('a1b2',
down_revision = None
//- versions/b.py
revision = 'b1b2'
down_revision = 'a1b2'
",
            expect![[r#"
                versions/a.py:1:1 error unloadable-file: `revision` is not complete.
            "#]],
        );
    }
}
