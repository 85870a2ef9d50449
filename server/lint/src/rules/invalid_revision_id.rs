//! ## What it does
//! Finds an identifier with one of the characters `@`, `-`, `+` and `:`.
//!
//! ## Why is this bad?
//! They have a meaning in `branch@head`, `abc-1`, `head+2` and `abc:def`. Alembic refuses the whole
//! folder with «Character(s) '-' not allowed in revision identifier».
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "create-users"
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
//! ## Use instead
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "create_users"
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
//! Renaming the identifier in the editor changes every file that names it.
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
        let Defect::BadCharacters { revision, characters } = defect else { continue };
        let list: Vec<String> = characters.iter().map(char::to_string).collect();
        let message = format!(
            "Character(s) '{}' not allowed in revision identifier '{}'.",
            list.join(", "),
            history[*revision].id
        );
        findings.push(context.id_span(*revision), message).done();
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn every_character_is_named_once() {
        check_graph(
            "
//- versions/a.py
revision = '2024-01-31:users@x'
down_revision = None
//- versions/b.py
revision = 'v1.2_users~b'
down_revision = '2024-01-31:users@x'
",
            expect![[r#"
                versions/a.py:1:12 error invalid-revision-id: Character(s) '-, :, @' not allowed in revision identifier '2024-01-31:users@x'.
            "#]],
        );
    }
}
