//! ## What it does
//! Finds a `script.py.mako` that does not import `sqlmodel` although the project's metadata is SQLModel's.
//!
//! ## Why is this bad?
//! Autogenerate writes SQLModel's types with their module, as `sqlmodel.sql.sqltypes.AutoString()`, and
//! takes the imports from the template. Without this one every new revision with a string column ends
//! in a NameError when it runs; a revision that was written so already is found by
//! `unresolved-import`.
//!
//! Nothing is told where `env.py` renders types or adds imports itself (`render_item`,
//! `user_module_prefix`, `imports.add`).
//!
//! ## Example
//! ```python
//! # env.py
//! from alembic import context
//! from sqlmodel import SQLModel
//!
//! target_metadata = SQLModel.metadata
//! ```
//! ```mako
//! # script.py.mako
//! """${message}"""
//! from alembic import op
//! import sqlalchemy as sa
//! ${imports if imports else ""}
//!
//! revision = ${repr(up_revision)}
//! down_revision = ${repr(down_revision)}
//!
//!
//! def upgrade():
//!     ${upgrades if upgrades else "pass"}
//!
//!
//! def downgrade():
//!     ${downgrades if downgrades else "pass"}
//! ```
//! ```python
//! # versions/a.py
//! """create heroes"""
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "a1b2c3d4e5f6"
//! down_revision = None
//!
//!
//! def upgrade():
//!     op.create_table("hero", sa.Column("id", sa.Integer(), nullable=False))
//!
//!
//! def downgrade():
//!     op.drop_table("hero")
//! ```
//!
//! ## Use instead
//! ```mako
//! # script.py.mako
//! """${message}"""
//! from alembic import op
//! import sqlalchemy as sa
//! import sqlmodel
//! ${imports if imports else ""}
//!
//! revision = ${repr(up_revision)}
//! down_revision = ${repr(down_revision)}
//!
//!
//! def upgrade():
//!     ${upgrades if upgrades else "pass"}
//!
//!
//! def downgrade():
//!     ${downgrades if downgrades else "pass"}
//! ```
//!
//! ## Fix safety
//! The fix adds the import to the template. It is safe: revisions that are there stay as they are, and
//! `env.py` imports the same package.
//!
//! ## References
//! - [SQLModel](https://sqlmodel.tiangolo.com/)
//! - [Alembic: autogenerate, rendering of types](https://alembic.sqlalchemy.org/en/latest/autogenerate.html#affecting-the-rendering-of-types-themselves)

use revline_text::{Edit, Range, SourceChange, Span, Text};

use crate::{Check, Findings, Fix, Group, Meta, ProjectContext, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Configuration,
    severity: Severity::Warning,
    fix: Some(Safety::Safe),
    check: Check::Project(check),
};

/// Ways in which `env.py` sees to it without the template.
const OTHER_WAYS: [&str; 3] = ["render_item", "user_module_prefix", "imports.add"];

const IMPORT: &str = "import sqlmodel";

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    let environment = &context.project.environment;
    let files = context.snapshot.files();
    let read = |path: &std::path::Path| {
        let file = files.id(path);
        Some((file, context.snapshot.text(file)?))
    };
    let Some((_, env_py)) = environment.env_py.as_deref().and_then(read) else { return };
    let Some((file, template)) = environment.template.as_deref().and_then(read) else { return };
    let is_sqlmodel = lines(&env_py).any(|(_, line)| {
        imports_sqlmodel(line) || line.contains("SQLModel.metadata") && !line.starts_with('#')
    });
    let sees_to_it = OTHER_WAYS.iter().any(|way| env_py.as_str().contains(way));
    if !is_sqlmodel || sees_to_it || lines(&template).any(|(_, line)| imports_sqlmodel(line)) {
        return;
    }
    let place = after(&template);
    let span = Span::new(file, place.unwrap_or(Range::empty(0)));
    let message = "The models are SQLModel's, and this template does not import it: revisions that \
                   autogenerate writes from it name `sqlmodel.sql.sqltypes.AutoString`, which raises \
                   a NameError.";
    let mut draft = findings.push(span, message);
    if let Some(place) = place {
        let is_windows = template.as_str().get(place.end() as usize..).unwrap_or_default();
        let line_end = if is_windows.starts_with("\r\n") { "\r\n" } else { "\n" };
        let edit = Edit::insert(place.end(), format!("{line_end}{IMPORT}"));
        draft = draft.fix(Fix {
            title: format!("Add `{IMPORT}` to the template"),
            change: SourceChange::edit(file, vec![edit]),
            safety: Safety::Safe,
        });
    }
    draft.done();
}

fn imports_sqlmodel(line: &str) -> bool {
    let rest = line.strip_prefix("from ").or_else(|| line.strip_prefix("import "));
    rest.is_some_and(|rest| {
        let end = rest.find([' ', '.', ',']).unwrap_or(rest.len());
        rest.get(..end) == Some("sqlmodel")
    })
}

/// The line behind which the import belongs: that of SQLAlchemy, else the last import.
fn after(template: &Text) -> Option<Range> {
    let is_import = |line: &str| line.starts_with("import ") || line.starts_with("from ");
    let imports = || lines(template).filter(|(_, line)| is_import(line));
    imports().find(|(_, line)| line.starts_with("import sqlalchemy")).or_else(|| imports().last()).map(|(range, _)| range)
}

/// The lines of a text without the white space around them, each with its place.
fn lines(text: &Text) -> impl Iterator<Item = (Range, &str)> {
    let mut start = 0;
    text.as_str().split_inclusive('\n').map(move |line| {
        let trimmed = line.trim();
        let begin = start + line.len() - line.trim_start().len();
        start += line.len();
        (Range::of(begin, begin + trimmed.len()), trimmed)
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    /// An environment with this `env.py` and these imports in its template.
    fn project(env_py: &str, imports: &str) -> String {
        format!(
            "//- env.py\n{env_py}\n//- script.py.mako\n\"\"\"${{message}}\"\"\"\n{imports}\n\
             ${{imports if imports else \"\"}}\n//- versions/a.py\nrevision = 'a'\ndown_revision = None\n"
        )
    }

    #[test]
    fn metadata_of_sqlmodel_needs_the_import() {
        check_graph(
            &project(
                "from app.models import SQLModel\ntarget_metadata = SQLModel.metadata",
                "import sqlalchemy as sa\nfrom alembic import op",
            ),
            expect![[r#"
                script.py.mako:2:1 warning incomplete-template: The models are SQLModel's, and this template does not import it: revisions that autogenerate writes from it name `sqlmodel.sql.sqltypes.AutoString`, which raises a NameError.
                  fix (safe): Add `import sqlmodel` to the template
            "#]],
        );
        check_graph(
            &project("import sqlmodel", "from alembic import op"),
            expect![[r#"
                script.py.mako:2:1 warning incomplete-template: The models are SQLModel's, and this template does not import it: revisions that autogenerate writes from it name `sqlmodel.sql.sqltypes.AutoString`, which raises a NameError.
                  fix (safe): Add `import sqlmodel` to the template
            "#]],
        );
    }

    #[test]
    fn other_metadata_other_ways_and_the_import_itself_are_fine() {
        let plain = "import sqlalchemy as sa";
        for (env_py, imports) in [
            ("from app.models import Base\ntarget_metadata = Base.metadata", plain),
            ("# target_metadata = SQLModel.metadata", plain),
            ("import sqlmodel_extras", plain),
            ("import sqlmodel\ndef render_item(kind, one, context):\n    return False", plain),
            ("from sqlmodel import SQLModel", "import sqlalchemy as sa\nimport sqlmodel"),
            ("from sqlmodel import SQLModel", "import sqlmodel.sql.sqltypes"),
        ] {
            check_graph(&project(env_py, imports), expect![""]);
        }
    }
}
