//! ## What it does
//! Finds what Alembic cannot use, or does not use, in `alembic.ini` and `pyproject.toml`, and folders
//! that they name and that are not there.
//!
//! ## Why is this bad?
//! Alembic stops with an error, or does something else than is written. What Alembic accepts with a
//! warning is a hint, what it does without is a warning.
//!
//! ## Example
//! ```ini
//! # alembic.ini
//! [alembic]
//! script_location = %(here)s
//! sqlalchemy.url = sqlite:///dev.db
//! truncate_slug_length = forty
//! ```
//!
//! ## Use instead
//! ```ini
//! # alembic.ini
//! [alembic]
//! script_location = %(here)s
//! sqlalchemy.url = sqlite:///dev.db
//! truncate_slug_length = 40
//! ```
//!
//! ## References
//! - [Alembic: tutorial](https://alembic.sqlalchemy.org/en/latest/tutorial.html)

use revline_analysis::ConfigDefectKind;

use crate::{Check, Findings, Group, Meta, ProjectContext, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Configuration,
    severity: Severity::Error,
    fix: None,
    check: Check::Project(check),
};

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    for defect in &context.project.environment.defects {
        let severity = match defect.kind {
            ConfigDefectKind::Syntax | ConfigDefectKind::Duplicate | ConfigDefectKind::Value => {
                Severity::Error
            }
            // `env.py` may set the missing option before it reads this one, and a folder may be
            // made by the deployment.
            ConfigDefectKind::Interpolation if sets_options(context) => Severity::Hint,
            ConfigDefectKind::Interpolation
            | ConfigDefectKind::MissingKey
            | ConfigDefectKind::MissingFolder
            | ConfigDefectKind::Unreadable
            | ConfigDefectKind::Ineffective
            | ConfigDefectKind::LoadedTwice => Severity::Warning,
            ConfigDefectKind::Deprecated => Severity::Hint,
        };
        findings.push(defect.span, sentence(&defect.message)).severity(severity).done();
    }
}

fn sets_options(context: &ProjectContext<'_>) -> bool {
    let files = context.snapshot.files();
    let env_py = context.project.environment.env_py.as_ref();
    let text = env_py.and_then(|path| context.snapshot.text(files.id(path)));
    text.is_some_and(|text| {
        ["set_section_option", "set_main_option"].iter().any(|call| text.as_str().contains(call))
    })
}

/// The message with a capital and a full stop.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn what_is_broken_deprecated_or_missing_is_told_apart() {
        check_graph(
            "
//- alembic.ini
[alembic]
script_location = %(here)s
script_location = %(here)s
version_locations = %(here)s/versions %(here)s/gone
truncate_slug_length = x
//- versions/a.py
revision = 'a'
down_revision = None
",
            expect![[r#"
                alembic.ini:3:1 error invalid-configuration: Option 'script_location' in section 'alembic' already exists.
                alembic.ini:4:1 hint invalid-configuration: No path_separator found in configuration; falling back to legacy splitting on spaces/commas for version_locations.  Consider adding path_separator=os to Alembic config.
                alembic.ini:4:39 warning invalid-configuration: The version location /project/gone does not exist.
                alembic.ini:5:24 error invalid-configuration: Invalid literal for int() with base 10: 'x'.
            "#]],
        );
    }

    #[test]
    fn an_option_that_env_py_sets_is_no_error() {
        check_graph(
            "
//- alembic.ini
[alembic]
script_location = %(here)s
sqlalchemy.url = postgresql://%(DB_USER)s@localhost/app
//- env.py
from alembic import context
context.config.set_section_option('alembic', 'DB_USER', 'me')
//- versions/a.py
revision = 'a'
down_revision = None
",
            expect![[r#"
                alembic.ini:3:31 hint invalid-configuration: Bad value substitution: option 'sqlalchemy.url' in section 'alembic' contains an interpolation key 'db_user' which is not a valid option name.
            "#]],
        );
    }
}
