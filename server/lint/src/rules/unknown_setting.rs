//! ## What it does
//! Finds a setting of Revline that does not exist or has a value that means nothing, in
//! `revline.toml` or `[tool.revline]`.
//!
//! ## Why is this bad?
//! The setting does nothing, and what somebody wanted does not happen.
//!
//! ## Example
//! ```toml
//! # revline.toml
//! target = ["sqlite"]
//! ```
//!
//! ## Use instead
//! ```toml
//! # revline.toml
//! targets = ["sqlite"]
//! ```
//!
//! ## References
//! - [Suppressing findings](../suppressions.md)

use crate::{Check, Findings, Group, Meta, ProjectContext, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Configuration,
    severity: Severity::Warning,
    fix: None,
    check: Check::Project(check),
};

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    let files = context.snapshot.files();
    let location = &context.project.environment.script_location;
    for defect in &context.snapshot.workspace().settings_defects {
        // What an editor sets stands in no file.
        let Some(span) = defect.span else { continue };
        let path = files.path(span.file);
        if path.parent().is_some_and(|folder| location.starts_with(folder)) {
            findings.push(span, defect.message.clone()).done();
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn keys_and_values_are_told_on_their_place() {
        check_graph(
            "
//- pyproject.toml
[tool.revline]
sevrity = 1
exclude = 'x'
[tool.revline.severity]
graph = 'fatal'
missing-parent = 'off'
//- versions/a.py
revision = 'a'
down_revision = None
",
            expect![[r#"
                pyproject.toml:2:1 warning unknown-setting: There is no setting `sevrity`; did you mean `severity`?
                pyproject.toml:3:11 warning unknown-setting: This is a string; a list of strings is wanted.
                pyproject.toml:5:9 warning unknown-setting: There is no severity `fatal`.
            "#]],
        );
    }
}
