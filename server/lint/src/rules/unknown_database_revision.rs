//! ## What it does
//! Finds that the database stands at a revision that no file declares. Where a branch of the git
//! repository has it, the branch and the file are named.
//!
//! ## Why is this bad?
//! Every Alembic command that needs to know where the database stands ends with `Can't locate
//! revision identified by …`. It happens when a branch was left after its migrations ran, and when
//! an applied revision was deleted or renamed.
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
//! ```text
//! # alembic_version
//! b2c3d4e5f6a7
//! ```
//!
//! ## Use instead
//! Switch to the branch that has the revision and downgrade there, or bring its file here. Where
//! the schema is known to agree, `revline stamp` writes another revision into the version table.
//! ```text
//! # alembic_version
//! a1b2c3d4e5f6
//! ```
//!
//! ## References
//! - [Alembic: the version table](https://alembic.sqlalchemy.org/en/latest/tutorial.html)

use revline_text::{Range, Span};

use crate::{Check, Findings, Group, Meta, ProjectContext, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Database,
    severity: Severity::Warning,
    fix: None,
    check: Check::Project(check),
};

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    let project = context.project;
    let (Some(database), Some(observed), Some(applied)) =
        (&project.database, project.observed(), project.applied())
    else {
        return;
    };
    let Some(place) = place(context) else { return };
    for id in &applied.unknown {
        let stands = format!("The database {} stands at `{id}`", database.address);
        let message = match observed.elsewhere.iter().find(|one| one.id == *id) {
            Some(one) => {
                let file = one.path.file_name().unwrap_or(one.path.as_os_str());
                format!(
                    "{stands}, which only the branch `{}` has ({}). Downgrade there, or bring the \
                     file here.",
                    one.branch,
                    file.to_string_lossy()
                )
            }
            None => format!("{stands}, which no file declares and no branch has."),
        };
        findings.push(place, message).done();
    }
}

/// Where an environment as a whole is shown: at its script folder in the configuration, else at
/// the head of its `env.py`.
fn place(context: &ProjectContext<'_>) -> Option<Span> {
    let environment = &context.project.environment;
    let configured = environment.config().and_then(|config| config.script_location.as_ref());
    configured.map(|setting| setting.span).or_else(|| {
        let env_py = environment.env_py.as_deref()?;
        Some(Span::new(context.snapshot.files().id(env_py), Range::empty(0)))
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn the_branch_that_has_the_revision_is_named() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
//- versions/b.py elsewhere
revision = 'b'
down_revision = 'a'
//- alembic_version
b
",
            expect![[r#"
                alembic.ini:2:19 warning unknown-database-revision: The database postgresql://localhost/shop stands at `b`, which only the branch `wish-list` has (b.py). Downgrade there, or bring the file here.
            "#]],
        );
    }

    #[test]
    fn a_known_revision_and_an_empty_table_are_well() {
        let graph = "
//- versions/a.py
revision = 'a'
down_revision = None
";
        check_graph(&format!("{graph}//- alembic_version\na\n"), expect![""]);
        check_graph(&format!("{graph}//- alembic_version\n"), expect![""]);
    }
}
