//! ## What it does
//! Finds an identifier of more than 32 characters.
//!
//! ## Why is this bad?
//! The version table that Alembic makes has one column `version_num VARCHAR(32)`. PostgreSQL, MySQL
//! and most others refuse a longer text, after the migration itself ran; SQLite takes any length, and
//! for a project that targets SQLite alone this is an information.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "2024_03_01_create_the_table_of_all_users"
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
//! revision = "2024_03_01_create_users"
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
//! - [Alembic: `version_table`](https://alembic.sqlalchemy.org/en/latest/api/runtime.html)

use crate::{Check, Findings, Group, Meta, ProjectContext, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Graph,
    severity: Severity::Error,
    fix: None,
    check: Check::Project(check),
};

/// The length of `alembic_version.version_num` (`alembic.runtime.migration`, 1.20.1).
const MOST: usize = 32;

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    let history = context.history();
    // What the project targets takes reading its environment, and is seldom asked for.
    let any_length = std::cell::LazyCell::new(|| {
        let targets = context.snapshot.targets(context.project);
        !targets.is_empty() && targets.iter().all(|dialect| dialect.facts().name == "sqlite")
    });
    for node in history.nodes() {
        let id = &history[*node].id;
        let length = id.as_str().chars().count();
        if id.as_str().len() <= MOST || length <= MOST {
            continue;
        }
        let message = format!(
            "Revision `{id}` has {length} characters, and `alembic_version.version_num` holds {MOST}."
        );
        let draft = findings.push(context.id_span(*node), message);
        if *any_length {
            draft.severity(Severity::Info).done();
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn thirty_two_characters_fit() {
        check_graph(
            "
//- revline.toml
targets = ['postgresql', 'sqlite']
//- versions/a.py
revision = 'abcdefghijklmnopqrstuvwxyz012345'
down_revision = None
//- versions/b.py
revision = 'äbcdefghijklmnopqrstuvwxyz0123456'
down_revision = 'abcdefghijklmnopqrstuvwxyz012345'
",
            expect![[r#"
                versions/b.py:1:12 error long-revision-id: Revision `äbcdefghijklmnopqrstuvwxyz0123456` has 33 characters, and `alembic_version.version_num` holds 32.
            "#]],
        );
    }

    #[test]
    fn sqlite_takes_any_length() {
        check_graph(
            "
//- versions/a.py
revision = 'abcdefghijklmnopqrstuvwxyz0123456'
down_revision = None
",
            expect![[r#"
                versions/a.py:1:12 info long-revision-id: Revision `abcdefghijklmnopqrstuvwxyz0123456` has 33 characters, and `alembic_version.version_num` holds 32.
            "#]],
        );
    }
}
