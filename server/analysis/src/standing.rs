//! The schema at a target of the command line, which may be several heads at once.

use std::collections::HashSet;
use std::sync::Arc;

use revline_frameworks::alembic::migration::{Direction, Target};
use revline_history::{HistoryError, Node, RevisionId, Step};
use revline_schema::Schema;
use revline_sql::Dialect;

use crate::replay::after;
use crate::{Project, Snapshot};

/// A place in the history, and the schema of a database that stands there.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The revisions that the version table would hold; none at base.
    pub revisions: Vec<Node>,
    /// The schema.
    pub schema: Arc<Schema>,
}

impl Snapshot {
    /// Where `alembic upgrade TARGET` leads on an empty database. Errors as that command does.
    pub fn standing(
        &self,
        project: &Project,
        target: &str,
        dialect: &'static dyn Dialect,
    ) -> Result<Standing, HistoryError> {
        let history = project.history();
        let nodes: Vec<Node> = upgraded(&history.upgrade(target, &[])?.steps).collect();
        // What no later step stands on is where the run ends.
        let stood_on: HashSet<Node> =
            nodes.iter().flat_map(|node| history.requirements(*node)).copied().collect();
        let revisions: Vec<Node> =
            nodes.into_iter().filter(|node| !stood_on.contains(node)).collect();
        let Some((first, others)) = revisions.split_first() else {
            return Ok(Standing { revisions, schema: Arc::new(Schema::default()) });
        };
        let mut schema = self.schema_after(project, *first, dialect);
        let mut applied: Vec<RevisionId> = vec![history[*first].id.clone()];
        let migrating = Target::executed(dialect.facts().name, Direction::Upgrade);
        for other in others {
            let id = &history[*other].id;
            for node in upgraded(&history.upgrade(id.as_str(), &applied)?.steps) {
                let file = history[node].file;
                let migration = self.migration_on(project, file, &migrating, Some(&schema));
                schema = Arc::new(after(&schema, migration.as_deref(), dialect.facts().name));
            }
            applied.push(id.clone());
        }
        Ok(Standing { revisions, schema })
    }

    /// Where a database stands on which the revision that the target names is the next step.
    pub fn standing_before(
        &self,
        project: &Project,
        target: &str,
        dialect: &'static dyn Dialect,
    ) -> Result<Standing, HistoryError> {
        let history = project.history();
        let last = upgraded(&history.upgrade(target, &[])?.steps).last();
        let Some(node) = last else { return self.standing(project, target, dialect) };
        let schema = self.schema_before(project, node, dialect);
        Ok(Standing { revisions: history.parents(node).to_vec(), schema })
    }
}

fn upgraded(steps: &[Step]) -> impl Iterator<Item = Node> {
    steps.iter().filter_map(|step| match step {
        Step::Upgrade(node) => Some(*node),
        Step::Downgrade(_) | Step::Stamp(_) => None,
    })
}
