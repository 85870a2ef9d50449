//! ## What it does
//! Finds a revision that the database has and whose code is another one than it was: when Revline
//! applied it there, or else where this branch parted from the one that everybody shares. Comments,
//! layout, docstrings and `downgrade` do not count, and of a revision of which nothing is known
//! nothing is said.
//!
//! ## Why is this bad?
//! A revision that is applied is not run again: the database keeps what the file said then, and every
//! database that runs it from now on gets something else.
//!
//! ## Example
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "a"
//! down_revision = None
//!
//!
//! def upgrade():
//!     op.create_table(
//!         "users",
//!         sa.Column("id", sa.Integer(), primary_key=True),
//!         sa.Column("email", sa.Text()),
//!     )
//!
//!
//! def downgrade():
//!     op.drop_table("users")
//! ```
//! ```text
//! # alembic_version
//! a
//! ```
//! ```python
//! # applied/a.py
//! def upgrade():
//!     op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
//! ```
//!
//! ## Use instead
//! Downgrade before the file is changed, and upgrade afterwards; once others have the revision, take
//! the change back and write a new revision.
//! ```python
//! # versions/a.py
//! """create users"""
//! revision = "a"
//! down_revision = None
//!
//!
//! def upgrade():
//!     # One row for each person.
//!     op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
//!
//!
//! def downgrade():
//!     op.drop_table("users")
//! ```
//!
//! ## References
//! - [Alembic: the version table](https://alembic.sqlalchemy.org/en/latest/tutorial.html)

use revline_analysis::{Witness, code};

use crate::{Check, FileContext, Findings, Group, Meta, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Database,
    severity: Severity::Warning,
    fix: None,
    check: Check::File(check),
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    let project = context.project;
    let (Some(database), Some(observed)) = (&project.database, project.observed()) else { return };
    let revision = context.revision();
    let Some(earlier) = observed.before(&revision.id) else { return };
    // What is half typed is no other code yet.
    let Some(now) = code(context.source) else { return };
    if now == earlier.code {
        return;
    }
    let (id, address) = (&revision.id, &database.address);
    let message = match &earlier.witness {
        Witness::Run(day) => format!(
            "Revline applied `{id}` to {address} on {day}, and its code was changed since. \
             Downgrade and upgrade again, or take the change back and write a new revision."
        ),
        Witness::Branch(branch) => format!(
            "`{id}` is applied to {address}, and its code was changed since `{branch}`: whoever ran \
             it as it is there has something else. Take the change back and write a new revision."
        ),
    };
    let place = revision.spans.id.value;
    let place = place.unwrap_or_else(|| context.at(revline_text::Range::empty(0)));
    findings.push(place, message).done();
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    const REVISION: &str = "
//- versions/a.py
revision = 'a'
down_revision = None
def upgrade():
    op.execute('SELECT 2')
def downgrade():
    op.execute('SELECT 3')
";

    #[test]
    fn what_the_shared_branch_has_counts_where_nothing_was_recorded() {
        let there = "//- shared/a.py\ndef upgrade():\n    op.execute('SELECT 1')\n";
        check(
            &format!("{REVISION}//- alembic_version\na\n{there}"),
            expect![[r#"
                versions/a.py:1:12 warning changed-since-applied: `a` is applied to postgresql://localhost/shop, and its code was changed since `origin/main`: whoever ran it as it is there has something else. Take the change back and write a new revision.
            "#]],
        );
    }

    #[test]
    fn nothing_is_said_where_nothing_is_known_or_the_file_is_half_typed() {
        check(&format!("{REVISION}//- alembic_version\na\n"), expect![""]);
        let earlier = "//- applied/a.py\ndef upgrade():\n    op.execute('SELECT 2')  # two\n";
        check(&format!("{REVISION}//- alembic_version\na\n{earlier}"), expect![""]);
        let half = REVISION.replace("SELECT 2')", "SELECT 22'");
        check(&format!("{half}//- alembic_version\na\n{earlier}"), expect![""]);
    }
}
