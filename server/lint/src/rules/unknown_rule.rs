//! ## What it does
//! Finds the name of a rule that does not exist, in a suppression comment or in the settings.
//!
//! ## Why is this bad?
//! A typing error in the name makes the comment or the setting do nothing.
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
//! def downgrade():  # revline: ignore[empty-downgrades] nobody goes back
//!     pass
//! ```
//!
//! ## Use instead
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
//! def downgrade():  # revline: ignore[empty-downgrade] nobody goes back
//!     pass
//! ```
//!
//! ## References
//! - [Suppressing findings](../suppressions.md)

use crate::rule::{GROUPS, rule, rules};
use crate::{Check, Findings, Group, Meta, ProjectContext, Severity};

/// Comments are looked at by the machinery that applies them; this looks at the settings.
pub(super) const RULE: Meta = Meta {
    group: Group::Configuration,
    severity: Severity::Warning,
    fix: None,
    check: Check::Project(check),
};

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    for (name, span) in &context.project.settings.rule_names {
        let known = name == "all"
            || rule(name).is_some()
            || GROUPS.iter().any(|group| group.as_str() == name);
        // What an editor sets stands in no file.
        if let Some(span) = span.filter(|_| !known) {
            let groups = GROUPS.iter().map(|group| group.as_str());
            let names = rules().iter().map(|rule| rule.name).chain(groups);
            let message = revline_analysis::unknown_word("rule", name, names);
            findings.push(span, message).done();
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_graph};

    #[test]
    fn rules_and_groups_in_settings_are_looked_up() {
        check_graph(
            "
//- revline.toml
select = ['all', 'graph', 'grap']
[severity]
multiple-head = 'error'
[per-file-ignores]
'x.py' = ['whatever']
//- versions/a.py
revision = 'a'
down_revision = None
",
            expect![[r#"
                revline.toml:1:27 warning unknown-rule: There is no rule `grap`; did you mean `graph`?
                revline.toml:3:1 warning unknown-rule: There is no rule `multiple-head`; did you mean `multiple-heads`?
                revline.toml:5:11 warning unknown-rule: There is no rule `whatever`.
            "#]],
        );
    }

    #[test]
    fn a_comment_with_a_typing_error_names_the_nearest_rule() {
        check(
            "
//- versions/a.py
revision = 'a'
down_revision = None  # revline: ignore[missing-parents, multiple-heads]
",
            expect![[r#"
                versions/a.py:2:41 warning unknown-rule: There is no rule `missing-parents`; did you mean `missing-parent`?
                versions/a.py:2:58 warning unused-suppression: There is no `multiple-heads` here to ignore.
                  fix (safe): Remove the suppression
            "#]],
        );
    }
}
