//! The schema at a revision: Alembic's own steps from base, replayed.

use std::sync::Arc;

use revline_frameworks::alembic::migration::{Direction, Migration, Target};
use revline_history::{Node, Step};
use revline_schema::{Opaque, Schema, apply_steps};
use revline_sql::{Dialect, Mode};
use revline_text::Fingerprint;

use crate::memo::LastTwo;
use crate::{Project, Snapshot};

/// States by revision and dialect, each known by the operations that led to it. The operations'
/// fingerprint leaves places out, so that editing a comment invalidates nothing behind it.
pub(crate) type States = LastTwo<(revline_text::FileId, &'static str), Fingerprint, Arc<Schema>>;

impl Snapshot {
    /// The schema that a revision's `upgrade` meets on a database that followed the history. What
    /// an operation leaves uncertain is marked so in it.
    pub fn schema_before(
        &self,
        project: &Project,
        node: Node,
        dialect: &'static dyn Dialect,
    ) -> Arc<Schema> {
        self.replay(project, node, dialect, false)
    }

    /// The schema that a revision leaves.
    pub fn schema_after(
        &self,
        project: &Project,
        node: Node,
        dialect: &'static dyn Dialect,
    ) -> Arc<Schema> {
        self.replay(project, node, dialect, true)
    }

    fn replay(
        &self,
        project: &Project,
        node: Node,
        dialect: &'static dyn Dialect,
        with_own: bool,
    ) -> Arc<Schema> {
        let history = project.history();
        let name = dialect.facts().name;
        let target = Target {
            dialect: name.into(),
            mode: Mode::Execute,
            direction: Direction::Upgrade,
            engine: None,
        };
        let Ok(plan) = history.upgrade(history[node].id.as_str(), &[]) else {
            return Arc::new(doubtful("the history has a defect"));
        };
        let steps = plan.steps.iter().filter_map(|step| match step {
            Step::Upgrade(step) if with_own || *step != node => Some(*step),
            _ => None,
        });
        let mut migrations: Vec<(revline_text::FileId, Fingerprint, Option<Arc<Migration>>)> =
            Vec::new();
        let mut identity = Fingerprint::default();
        for step in steps {
            let file = history[step].file;
            let migration = self.migration(project, file, &target);
            let own = migration
                .as_ref()
                .map(|migration| Fingerprint::of(&(&migration.steps, migration.is_complete())));
            identity = Fingerprint::of(&(identity, own));
            migrations.push((file, identity, migration));
        }
        // The last state that is known, then forward from there.
        let states = &self.memo().states;
        let known = migrations.iter().enumerate().rev().find_map(|(place, (file, identity, _))| {
            Some((place + 1, states.peek(&(*file, name), identity)?))
        });
        let (from, mut schema) = known.unwrap_or_else(|| (0, Arc::new(Schema::default())));
        for (file, identity, migration) in migrations.iter().skip(from) {
            let mut next = match migration {
                Some(migration) => apply_steps(&schema, &migration.steps).0,
                None => doubtful("a file cannot be read"),
            };
            if let Some(migration) = migration
                && !migration.is_complete()
                && next.doubt.is_none()
            {
                next.doubt = Some(Opaque::new("a revision before is not known completely"));
            }
            schema = Arc::new(next);
            states.put(&(*file, name), *identity, schema.clone());
        }
        schema
    }
}

fn doubtful(why: &str) -> Schema {
    Schema { doubt: Some(Opaque::new(why)), ..Schema::default() }
}
