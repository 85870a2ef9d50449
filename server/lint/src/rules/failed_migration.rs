//! ## What it does
//! Finds the line of a migration at which its last run on the database failed, until the file is
//! changed or a run gets past it.
//!
//! ## Why is this bad?
//! The database does not stand where it was meant to. On a database without transactional DDL a part
//! of the revision may have been run.
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
//! ```
//! ```text
//! # failed_run
//! versions/a.py:7: table users already exists
//! ```
//!
//! ## Use instead
//! Mend the migration, or what it met in the database, and run it again.
//! ```text
//! # failed_run
//! ```
//!
//! ## References
//! - [Alembic: running migrations](https://alembic.sqlalchemy.org/en/latest/tutorial.html)

use crate::{Check, FileContext, Findings, Group, Meta, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Database,
    severity: Severity::Error,
    fix: None,
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    let Some(failed) = context.project.observed().and_then(|seen| seen.failed.as_ref()) else {
        return;
    };
    let text = context.snapshot.text_identity(context.project, context.file);
    if failed.span.file == context.file && text == Some(failed.text) {
        findings.push(failed.span, format!("The last run failed here: {}.", failed.message)).done();
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn the_line_that_failed_is_told_with_what_the_database_said() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade():
    op.execute('DROP TABLE gone')
//- alembic_version
//- failed_run
versions/a.py:4: no such table: gone
",
            expect![[r#"
                versions/a.py:3:5 warning missing-downgrade: There is no `downgrade`: this migration cannot be undone.
                  fix (unsafe): Add a `downgrade` that refuses
                versions/a.py:4:1 error failed-migration: The last run failed here: no such table: gone.
            "#]],
        );
    }
}
