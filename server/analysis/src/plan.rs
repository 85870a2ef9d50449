//! Where the states of a history lie: one place for each list of steps from base.
//!
//! The state at a revision is what Alembic's own steps from base to it leave. Lists that begin alike
//! share the places of what they have in common, so that a chain has one place for each revision; a
//! merge goes through its branches in Alembic's order and makes places of its own where that differs.

use foldhash::{HashMap, HashMapExt as _};
use revline_history::{History, Node};
use revline_text::FileId;

/// The places of one graph. A place stands behind the one before it.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) places: Vec<Place>,
    /// By [`Node::index`].
    of: Vec<Option<u32>>,
}

/// A revision after a certain list of others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) node: Node,
    /// The file of the revision.
    pub(crate) file: FileId,
    /// The place of the list without its last step; `None` at base.
    pub(crate) before: Option<u32>,
}

impl Plan {
    pub(crate) fn new(history: &History) -> Self {
        let mut plan = Self {
            places: Vec::with_capacity(history.len()),
            of: vec![None; history.revisions().len()],
        };
        let mut behind: HashMap<(Option<u32>, Node), u32> = HashMap::with_capacity(history.len());
        for run in history.run_ups() {
            let mut at = run.after.and_then(|after| plan.of(after));
            for node in run.between {
                at = Some(plan.place(history, &mut behind, at, node));
            }
            let place = plan.place(history, &mut behind, at, run.node);
            if let Some(slot) = plan.of.get_mut(run.node.index()) {
                *slot = Some(place);
            }
        }
        plan
    }

    /// The place at which a revision is done; `None` where the history does not lead to it.
    pub(crate) fn of(&self, node: Node) -> Option<u32> {
        self.of.get(node.index()).copied().flatten()
    }

    fn place(
        &mut self,
        history: &History,
        behind: &mut HashMap<(Option<u32>, Node), u32>,
        before: Option<u32>,
        node: Node,
    ) -> u32 {
        *behind.entry((before, node)).or_insert_with(|| {
            self.places.push(Place { node, file: history[node].file, before });
            u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX)
        })
    }
}
