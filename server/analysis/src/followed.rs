//! What a revision does on a database that followed the history, for those who judge it.

use std::sync::Arc;

use revline_frameworks::alembic::migration::{Direction, Migration, Target};
use revline_history::Node;
use revline_schema::Schema;
use revline_sql::{Dialect, Mode};
use revline_text::Fingerprint;

use crate::{Project, Snapshot};

/// One direction of a revision, and the schema that it meets.
#[derive(Clone, Debug)]
pub struct Followed {
    /// What is done.
    pub migration: Arc<Migration>,
    /// The schema before it: for a downgrade the one that the upgrade leaves.
    pub start: Arc<Schema>,
}

impl Snapshot {
    /// One direction of a revision on a database that followed the history to it; `None` where the
    /// history does not lead to it or the file cannot be read.
    pub fn followed(
        &self,
        project: &Project,
        node: Node,
        direction: Direction,
        dialect: &'static dyn Dialect,
    ) -> Option<Followed> {
        let name = dialect.facts().name;
        let entry = self.entry(project, node, name, &|| false)?;
        match direction {
            Direction::Upgrade => {
                let migration = entry.migration.clone()?;
                Some(Followed { migration, start: entry.before.clone() })
            }
            Direction::Downgrade => {
                let mode = Mode::Execute;
                let target = Target { dialect: name.into(), mode, direction, engine: None };
                let file = project.history()[node].file;
                let migration = self.migration_on(project, file, &target, Some(&entry.after))?;
                Some(Followed { migration, start: entry.after.clone() })
            }
        }
    }

    /// The identity of what a revision is judged by on the databases of its project: the operations
    /// before it, its own, and the modules that it consulted. What another file says without doing
    /// anything, such as a comment, is no part of it.
    pub fn state_identity(&self, project: &Project, node: Node) -> Fingerprint {
        let of = |dialect: &'static dyn Dialect| {
            let entry = self.entry(project, node, dialect.facts().name, &|| false)?;
            Some(entry.identity())
        };
        let mut dialects = project.dialects();
        if project.targets().is_empty() {
            // All must agree, so that one is enough to say whether anything may be different.
            dialects.truncate(1);
        }
        let states: Vec<Option<Fingerprint>> = dialects.into_iter().map(of).collect();
        Fingerprint::of(&states)
    }
}
