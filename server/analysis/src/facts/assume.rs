//! What a rendering rests on where a fact of the project is not known.

use revline_schema::Step;
use revline_sql::{
    Assumption, Dialect, Memory, Mode, Rendered, Settings, Sqlalchemy, Status, render_after,
};

use super::{Naming, naming};
use crate::{Project, Snapshot};

/// What SQLAlchemy 2.0 prints otherwise stands near one of these.
const PRINTED_OTHERWISE: [&str; 3] = ["COLLATE", "JSONB", "GENERATED ALWAYS AS"];

impl Snapshot {
    /// Adds what is assumed of the project, where the text depends on it.
    ///
    /// A naming convention that is not known makes the text derived. A SQLAlchemy that is not known
    /// is the one that everything here follows, and is named beside the text.
    pub(crate) fn assume(
        &self,
        project: &Project,
        steps: &[Step],
        dialect: &'static dyn Dialect,
        settings: &Settings,
        before: Memory,
        rendered: &mut Rendered,
    ) {
        let facts = self.facts(project);
        let again = |settings: Settings| {
            render_after(&mut before.clone(), steps, dialect, Mode::Script, &settings)
        };
        if let Naming::Unknown(unknown) = &facts.naming
            && project.settings.naming_convention.is_empty()
            && let Some(assumption) = naming::assumed(unknown, rendered, |convention| {
                again(Settings { naming_convention: Some(convention), ..settings.clone() })
            })
        {
            rendered.status = rendered.status.max(Status::Derived);
            rendered.assumes.push(assumption);
        }
        if facts.packages.sqlalchemy.is_some() {
            return;
        }
        let concerned = |text: &str| PRINTED_OTHERWISE.iter().any(|word| text.contains(word));
        if !rendered.statements.iter().any(|statement| concerned(&statement.text)) {
            return;
        }
        let other = again(Settings { sqlalchemy: Sqlalchemy::V2_0, ..settings.clone() });
        let mut pairs = rendered.statements.iter().zip(&other.statements);
        let differs = pairs.find(|(one, other)| one.text != other.text);
        if differs.is_some() || rendered.statements.len() != other.statements.len() {
            let origin = differs.and_then(|(statement, _)| statement.origin);
            let fact = "SQLAlchemy 2.1 prints this; its version is not known, and 2.0 prints it \
                        otherwise";
            rendered.assumes.push(Assumption { fact: fact.into(), origin: origin.into() });
        }
    }
}
