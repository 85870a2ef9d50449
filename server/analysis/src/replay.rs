//! The schema at a revision: Alembic's own steps from base, replayed.

use std::sync::Arc;

use revline_frameworks::alembic::migration::{Direction, Migration, Target, follow};
use revline_history::{Node, Through};
use revline_schema::{Opaque, Schema};
use revline_sql::{Dialect, Mode};
use revline_text::Fingerprint;

use crate::{Project, Snapshot};

/// One direction of a revision on a database that followed the history.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The state that it meets.
    pub before: Arc<Schema>,
    /// What it does there; `None` where the file cannot be read.
    pub migration: Option<Arc<Migration>>,
    /// The state that it leaves, where the timeline has it.
    known_after: Option<Arc<Schema>>,
    dialect: &'static str,
}

impl Passage {
    /// The state that it leaves.
    pub fn after(&self) -> Arc<Schema> {
        let followed = || Arc::new(after(&self.before, self.migration.as_deref(), self.dialect));
        self.known_after.clone().unwrap_or_else(followed)
    }
}

/// The state after a migration that ran on `before`; `None` is one whose file cannot be read.
pub(crate) fn after(before: &Schema, migration: Option<&Migration>, dialect: &str) -> Schema {
    let Some(migration) = migration else {
        return before.clone().doubted(Opaque::new("a file cannot be read"));
    };
    let after = follow(before, &migration.steps, dialect);
    if migration.is_followed() {
        after
    } else {
        after.doubted(Opaque::new("a revision before is not known completely"))
    }
}

impl Snapshot {
    /// What one direction of a revision does on a database that followed the history. `None` where
    /// the history does not lead to the revision.
    pub fn passage(
        &self,
        project: &Project,
        node: Node,
        direction: Direction,
        dialect: &'static dyn Dialect,
    ) -> Option<Passage> {
        let dialect = dialect.facts().name;
        let entry = self.entry(project, node, dialect, &|| false)?;
        if direction == Direction::Upgrade {
            let (before, migration) = (entry.before.clone(), entry.migration.clone());
            let known_after = Some(entry.after.clone());
            return Some(Passage { before, migration, known_after, dialect });
        }
        let target =
            Target { dialect: dialect.into(), mode: Mode::Execute, direction, engine: None };
        let file = project.history()[node].file;
        let before = entry.after.clone();
        let migration = self.migration_on(project, file, &target, Some(&before));
        Some(Passage { before, migration, known_after: None, dialect })
    }

    /// The identity of what a revision is judged by on the databases of its project: the operations
    /// before it, its own, and the modules that it consulted. What another file says without doing
    /// anything, such as a comment, is no part of it.
    pub fn state_identity(&self, project: &Project, node: Node) -> Fingerprint {
        let of = |dialect: &'static dyn Dialect| {
            let entry = self.entry(project, node, dialect.facts().name, &|| false)?;
            Some(entry.identity())
        };
        let mut dialects = self.dialects(project);
        if self.targets(project).is_empty() {
            // All must agree, so that one is enough to say whether anything may be different.
            dialects.truncate(1);
        }
        let states: Vec<Option<Fingerprint>> = dialects.into_iter().map(of).collect();
        Fingerprint::of(&states)
    }

    /// The schema that a revision's `upgrade` meets on a database that followed the history. What
    /// an operation leaves uncertain is marked so in it.
    pub fn schema_before(
        &self,
        project: &Project,
        node: Node,
        dialect: &'static dyn Dialect,
    ) -> Arc<Schema> {
        self.schema_before_unless(project, node, dialect, &|| false).unwrap_or_else(doubtful)
    }

    /// The schema that a revision leaves.
    pub fn schema_after(
        &self,
        project: &Project,
        node: Node,
        dialect: &'static dyn Dialect,
    ) -> Arc<Schema> {
        self.schema_after_unless(project, node, dialect, &|| false).unwrap_or_else(doubtful)
    }

    /// The schema of a database whose version table holds these rows, if it followed the history.
    /// Branches that it went through in another order may have left another one: what they share is
    /// to be looked at.
    pub fn schema_of_rows(
        &self,
        project: &Project,
        rows: &[Node],
        dialect: &'static dyn Dialect,
    ) -> Arc<Schema> {
        if let [only] = rows {
            return self.schema_after(project, *only, dialect);
        }
        let history = project.history();
        let name = dialect.facts().name;
        let convention = self.sql_settings(project).naming_convention;
        let mut schema = Arc::new(Schema::empty(convention.as_ref()));
        let applied = |node: &Node| {
            rows.iter()
                .any(|row| row == node || history.is_ancestor(*node, *row, Through::Dependencies))
        };
        let target = Target {
            dialect: name.into(),
            mode: Mode::Execute,
            direction: Direction::Upgrade,
            engine: None,
        };
        if rows.is_empty() {
            return schema;
        }
        for node in history.oldest_first().into_iter().filter(applied) {
            let file = history[node].file;
            let migration = self.migration_on(project, file, &target, Some(&schema));
            schema = Arc::new(after(&schema, migration.as_deref(), name));
        }
        schema
    }

    /// As [`Snapshot::schema_before`]; `None` where `stop`, which is asked before each revision, says
    /// so, and where the history does not lead to the revision. What was computed until then is kept.
    pub fn schema_before_unless(
        &self,
        project: &Project,
        node: Node,
        dialect: &'static dyn Dialect,
        stop: &dyn Fn() -> bool,
    ) -> Option<Arc<Schema>> {
        Some(self.entry(project, node, dialect.facts().name, stop)?.before.clone())
    }

    /// As [`Snapshot::schema_after`], stopped as [`Snapshot::schema_before_unless`] is.
    pub fn schema_after_unless(
        &self,
        project: &Project,
        node: Node,
        dialect: &'static dyn Dialect,
        stop: &dyn Fn() -> bool,
    ) -> Option<Arc<Schema>> {
        Some(self.entry(project, node, dialect.facts().name, stop)?.after.clone())
    }
}

fn doubtful() -> Arc<Schema> {
    Arc::new(Schema::default().doubted(Opaque::new("the history has a defect")))
}
