//! The schema at a revision: Alembic's own steps from base, replayed.

use std::collections::HashSet;
use std::sync::Arc;

use revline_frameworks::alembic::migration::{Direction, Migration, Target, follow};
use revline_history::{Node, RevisionId, Step};
use revline_schema::{Opaque, Schema};
use revline_sql::Dialect;
use revline_text::Fingerprint;

use crate::timeline::{AllMade, Differs, Ground, MadeHere};
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
        let file = project.history()[node].file;
        if direction == Direction::Upgrade {
            let before = entry.before.schema.clone();
            let migration = self
                .upgrade_on(project, file, dialect, &before)
                .filter(|_| entry.deeds.is_there)
                .map(|evaluated| evaluated.migration.clone());
            let known_after = Some(entry.after.schema.clone());
            return Some(Passage { before, migration, known_after, dialect });
        }
        let target = Target::executed(dialect, direction);
        let before = entry.after.schema.clone();
        let migration = self.migration_on(project, file, &target, Some(&before));
        Some(Passage { before, migration, known_after: None, dialect })
    }

    /// The names that `upgrade` of a revision brings into a database that followed the history; `None`
    /// where the history does not lead to it.
    pub fn made(
        &self,
        project: &Project,
        node: Node,
        dialect: &'static dyn Dialect,
    ) -> Option<MadeHere> {
        let entry = self.entry(project, node, dialect.facts().name, &|| false)?;
        Some(MadeHere(entry.deeds.clone()))
    }

    /// The names that all revisions of a project bring into one of its databases.
    pub fn all_made(&self, project: &Project, dialect: &'static dyn Dialect) -> Arc<AllMade> {
        self.made_by_all(project, dialect.facts().name)
    }

    /// The identity of the names that all revisions of a project bring into its databases.
    pub fn identity_of_all_made(&self, project: &Project) -> Fingerprint {
        let dialects = self.judging(project).into_iter();
        let made = dialects.map(|dialect| self.identity_of_made(project, dialect));
        Fingerprint::of(&made.collect::<Vec<_>>())
    }

    /// What a revision is judged by on the databases of its project: the operations before it, its own,
    /// and the modules that it consulted. What another file says without doing anything, such as a
    /// comment, is no part of it.
    pub fn grounds(&self, project: &Project, node: Node) -> Vec<Option<Ground>> {
        let entries = self.judging(project).into_iter();
        entries
            .map(|dialect| Some(self.entry(project, node, dialect, &|| false)?.ground()))
            .collect()
    }

    /// In what the states around a revision may differ from those that it stood on `then`, on any
    /// database; `None` where that is not remembered, or where it does something else by now.
    pub fn differs_since(
        &self,
        project: &Project,
        node: Node,
        then: &[Option<Ground>],
    ) -> Option<Arc<Differs>> {
        let dialects = self.judging(project);
        if dialects.len() != then.len() {
            return None;
        }
        let mut all: Arc<Differs> = Arc::default();
        for (dialect, then) in dialects.into_iter().zip(then) {
            let entry = self.entry(project, node, dialect, &|| false);
            match (entry, then) {
                (Some(entry), Some(then)) => {
                    let differs = entry.differs_since(*then)?;
                    all = if all.is_nothing() { differs } else { Arc::new(all.or(&differs)) };
                }
                (None, None) => {}
                _ => return None,
            }
        }
        Some(all)
    }

    /// The identity of every state of a project's history; `None` where `stop`, which is asked before
    /// each revision, says so. What was computed until then is kept.
    pub fn states_identity(
        &self,
        project: &Project,
        stop: &dyn Fn() -> bool,
    ) -> Option<Fingerprint> {
        let mut states = Vec::new();
        for dialect in self.judging(project) {
            states.push(self.all_grounds(project, dialect, stop)?);
        }
        Some(Fingerprint::of(&states))
    }

    /// The dialects on whose databases a revision is judged.
    fn judging(&self, project: &Project) -> Vec<&'static str> {
        let mut dialects = self.dialects(project);
        if self.targets(project).is_empty() {
            // All must agree, so that one is enough to say whether anything may be different.
            dialects.truncate(1);
        }
        dialects.into_iter().map(|dialect| dialect.facts().name).collect()
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
        let ids: Vec<RevisionId> = rows.iter().map(|row| history[*row].id.clone()).collect();
        let pending: HashSet<Node> = history
            .upgrade("heads", &ids)
            .map(|plan| plan.steps)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|step| match step {
                Step::Upgrade(node) => Some(node),
                _ => None,
            })
            .collect();
        let target = Target::executed(name, Direction::Upgrade);
        if rows.is_empty() {
            return schema;
        }
        for node in history.oldest_first().into_iter().filter(|node| !pending.contains(node)) {
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
        Some(self.entry(project, node, dialect.facts().name, stop)?.before.schema.clone())
    }

    /// As [`Snapshot::schema_after`], stopped as [`Snapshot::schema_before_unless`] is.
    pub fn schema_after_unless(
        &self,
        project: &Project,
        node: Node,
        dialect: &'static dyn Dialect,
        stop: &dyn Fn() -> bool,
    ) -> Option<Arc<Schema>> {
        Some(self.entry(project, node, dialect.facts().name, stop)?.after.schema.clone())
    }
}

fn doubtful() -> Arc<Schema> {
    Arc::new(Schema::default().doubted(Opaque::new("the history has a defect")))
}
