//! Where the states of a history lie: one place for each list of steps from base.
//!
//! The state at a revision is what Alembic's own steps from base to it leave. Lists that begin alike
//! share the places of what they have in common, so that a chain has one place for each revision; a
//! merge goes through its branches in Alembic's order and makes places of its own where that differs.

use std::collections::HashMap;
use std::sync::Arc;

use revline_history::{Node, Step};

use crate::Graph;

/// The places of one graph. A place stands behind the one before it.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) graph: Arc<Graph>,
    pub(crate) places: Vec<Place>,
    /// By [`Node::index`].
    of: Vec<Option<u32>>,
}

/// A revision after a certain list of others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) node: Node,
    /// The place of the list without its last step; `None` at base.
    pub(crate) before: Option<u32>,
}

impl Plan {
    pub(crate) fn new(graph: &Arc<Graph>) -> Self {
        let history = &graph.history;
        let mut plan = Self {
            graph: graph.clone(),
            places: Vec::with_capacity(history.len()),
            of: vec![None; history.revisions().len()],
        };
        let mut behind: HashMap<(Option<u32>, Node), u32> = HashMap::new();
        for node in history.oldest_first() {
            let place = match (history.parents(node), history.dependencies(node)) {
                ([], []) => Some(plan.place(&mut behind, None, node)),
                // The one who comes before every other step is the parent, whose list is known.
                ([parent], []) => {
                    plan.of(*parent).map(|before| plan.place(&mut behind, Some(before), node))
                }
                _ => plan.listed(&mut behind, node),
            };
            if let Some(slot) = plan.of.get_mut(node.index()) {
                *slot = place;
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
        behind: &mut HashMap<(Option<u32>, Node), u32>,
        before: Option<u32>,
        node: Node,
    ) -> u32 {
        *behind.entry((before, node)).or_insert_with(|| {
            self.places.push(Place { node, before });
            u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX)
        })
    }

    fn listed(
        &mut self,
        behind: &mut HashMap<(Option<u32>, Node), u32>,
        node: Node,
    ) -> Option<u32> {
        let graph = self.graph.clone();
        let steps = graph.history.upgrade(graph.history[node].id.as_str(), &[]).ok()?.steps;
        let mut at = None;
        for step in steps {
            if let Step::Upgrade(node) = step {
                at = Some(self.place(behind, at, node));
            }
        }
        at.filter(|at| self.places.get(*at as usize).is_some_and(|place| place.node == node))
    }
}
