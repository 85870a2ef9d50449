//! The schema at a revision: Alembic's own steps from base, replayed.

use std::sync::Arc;

use revline_history::Node;
use revline_schema::{Opaque, Schema};
use revline_sql::Dialect;

use crate::{Project, Snapshot};

impl Snapshot {
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
