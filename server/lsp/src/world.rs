//! How things stand at one moment, as a request sees them.

use std::sync::Arc;

use revline_analysis::Snapshot;
use revline_analysis::write::Now;
use revline_ide::{Later, Made};
use revline_lint::Cache;

use crate::database::Access;
use crate::features::Features;

/// A snapshot and what it takes to answer from it.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) snapshot: Snapshot,
    pub(crate) features: Arc<Features>,
    pub(crate) findings: Arc<Cache>,
    /// Whether remarks about what is assumed or not known stand in the code.
    pub(crate) inlay_hints: bool,
    /// Whether databases may be opened, and for whom.
    pub(crate) access: Access,
}

impl World {
    /// The moment and the chance that new files need.
    pub(crate) fn now() -> Now {
        Now { moment: jiff::Zoned::now(), random: uuid::Uuid::new_v4().as_u128() }
    }

    /// Works out what an action left for later. Errors are sentences for a person.
    pub(crate) fn make(&self, later: &Later) -> Result<Made, String> {
        revline_ide::resolve(&self.snapshot, later, &Self::now())
    }
}
