//! What is above and below: sets of ancestors and descendants.

use crate::node::{Edges, NodeSet};
use crate::{History, HistoryError, Node};

/// Which references count as a way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Through {
    /// Parents alone.
    Parents,
    /// Parents and dependencies.
    Dependencies,
}

impl History {
    /// A revision and all that must have run before it, in load order.
    pub fn ancestors(&self, node: Node, through: Through) -> Vec<Node> {
        self.below(&[node], through).iter().collect()
    }

    /// A revision and all that cannot run before it, in load order.
    pub fn descendants(&self, node: Node, through: Through) -> Vec<Node> {
        self.above(&[node], through).iter().collect()
    }

    /// Whether `ancestor` is `node` or must have run before it.
    pub fn is_ancestor(&self, ancestor: Node, node: Node, through: Through) -> bool {
        self.below(&[node], through).contains(ancestor)
    }

    /// A revision, its ancestors and its descendants by parents, in load order.
    pub fn lineage(&self, node: Node) -> Vec<Node> {
        self.related(&[node], Through::Parents).iter().collect()
    }

    /// The nodes and their ancestors.
    pub(crate) fn below(&self, nodes: &[Node], through: Through) -> NodeSet {
        self.reach(nodes, self.down_edges(through))
    }

    /// The nodes and their descendants.
    pub(crate) fn above(&self, nodes: &[Node], through: Through) -> NodeSet {
        self.reach(nodes, self.up_edges(through))
    }

    /// The nodes, their ancestors and their descendants.
    pub(crate) fn related(&self, nodes: &[Node], through: Through) -> NodeSet {
        let mut set = self.below(nodes, through);
        set.union(&self.above(nodes, through));
        set
    }

    /// As [`History::below`], refusing nodes of which one has another of `among` for an ancestor.
    pub(crate) fn below_apart(
        &self,
        nodes: &[Node],
        among: &NodeSet,
    ) -> Result<NodeSet, HistoryError> {
        self.reach_apart(nodes, among, self.down_edges(Through::Dependencies))
    }

    /// As [`History::above`] by parents, refusing targets of which one is a descendant of another.
    pub(crate) fn above_apart(&self, nodes: &[Node]) -> Result<NodeSet, HistoryError> {
        let among = nodes.iter().copied().collect();
        self.reach_apart(nodes, &among, self.up_edges(Through::Parents))
    }

    fn down_edges(&self, through: Through) -> &Edges {
        match through {
            Through::Parents => &self.down,
            Through::Dependencies => &self.normal_down,
        }
    }

    fn up_edges(&self, through: Through) -> &Edges {
        match through {
            Through::Parents => &self.up,
            Through::Dependencies => &self.all_up,
        }
    }

    fn reach(&self, nodes: &[Node], edges: &Edges) -> NodeSet {
        let mut seen = self.room();
        let mut todo = nodes.to_vec();
        while let Some(node) = todo.pop() {
            if seen.insert(node) {
                todo.extend(edges.of(node));
            }
        }
        seen
    }

    /// Every target is walked from in turn. One met on the way from another is an overlap, also
    /// when its own ancestors were visited before.
    fn reach_apart(
        &self,
        nodes: &[Node],
        targets: &NodeSet,
        edges: &Edges,
    ) -> Result<NodeSet, HistoryError> {
        let mut seen = self.room();
        for &target in nodes {
            let mut met = NodeSet::default();
            let mut todo = vec![target];
            while let Some(node) = todo.pop() {
                if node != target && targets.contains(node) {
                    met.insert(node);
                }
                if seen.insert(node) {
                    todo.extend(edges.of(node));
                }
            }
            if !met.is_empty() {
                return Err(HistoryError::Overlap {
                    revision: self[target].id.clone(),
                    others: met.iter().map(|node| self[node].id.clone()).collect(),
                });
            }
        }
        Ok(seen)
    }
}
