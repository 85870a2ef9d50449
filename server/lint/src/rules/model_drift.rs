//! ## What it does
//! Shows what the models declare otherwise than the database has it, at the model: what `alembic check`
//! found when somebody asked for it last. What has no place in the models is told at `env.py`. It is
//! shown until the model is edited, or the database stands elsewhere.
//!
//! ## Why is this bad?
//! The application expects a schema that no migration makes.
//!
//! ## Example
//! ```python
//! # models.py
//! class User(Base):
//!     __tablename__ = "users"
//!     id = Column(Integer, primary_key=True)
//!     email = Column(Text)
//! ```
//! ```text
//! # alembic_version
//! ```
//! ```text
//! # differences
//! models.py:4: The column `users.email` is not in the database.
//! ```
//!
//! ## Use instead
//! Write the revision that the models ask for, **New revision from model changes**, and read it before
//! it is applied.
//! ```text
//! # differences
//! ```
//!
//! ## References
//! - [Alembic: running `alembic check`](https://alembic.sqlalchemy.org/en/latest/autogenerate.html)

use revline_text::{Range, Span};

use crate::{Check, Findings, Group, Meta, ProjectContext, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Database,
    severity: Severity::Warning,
    fix: None,
    check: Check::Project(check),
};

fn check(context: &ProjectContext<'_>, findings: &mut Findings<'_>) {
    let Some(observed) = context.project.observed() else { return };
    let (environment, files) = (&context.project.environment, context.snapshot.files());
    for difference in &observed.differences {
        let place = match difference.place {
            Some((span, text)) => {
                let now = context.snapshot.text(span.file).map(|text| text.fingerprint());
                (now == Some(text)).then_some(span)
            }
            None => {
                let env_py = environment.env_py.as_deref();
                env_py.map(|path| Span::new(files.id(path), Range::empty(0)))
            }
        };
        if let Some(place) = place {
            findings.push(place, difference.message.clone()).done();
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_graph;

    #[test]
    fn what_has_no_place_in_the_models_is_told_at_env_py() {
        check_graph(
            "
//- versions/a.py
revision = 'a'
down_revision = None
//- models.py
class User(Base):
    __tablename__ = 'users'
//- alembic_version
a
//- differences
models.py:1: The table `users` is not in the database.
The database has a table `old` that no model declares.
",
            expect![[r#"
                env.py:1:1 warning model-drift: The database has a table `old` that no model declares.
                models.py:1:1 warning model-drift: The table `users` is not in the database.
            "#]],
        );
    }
}
