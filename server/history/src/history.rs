//! The graph and what is known of it without asking for a target.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::node::{Edges, NodeSet};
use crate::{Defect, HistoryError, Node, Revision};

/// What every identifier and label means. The order does not depend on the hashes.
pub(crate) type Names = IndexMap<Arc<str>, Node, foldhash::fast::RandomState>;

/// All revisions of one environment as a graph.
///
/// Made by [`History::build`], which takes anything: what is wrong with the input is in
/// [`History::defects`], and the graph holds what is sound. A parent that does not exist is left
/// out of the graph, yet its child is no base; an edge that closes a cycle is left out; of several
/// revisions with one identifier the last one loaded counts.
///
/// The words follow Alembic 1.20.1 (`alembic.script.revision.RevisionMap`): a *head* has no child,
/// a *real head* moreover is no dependency of another revision, a *base* declares no parent, a
/// *branch point* has several children, a *merge point* several parents.
#[derive(Clone, Debug)]
pub struct History {
    pub(crate) revisions: Vec<Arc<Revision>>,
    /// Identifiers in the order of their first loading, then labels in the order of declaration:
    /// the order in which Alembic's own map is searched and sorted by.
    pub(crate) names: Names,
    /// How many of `names` are identifiers.
    pub(crate) ids: usize,
    /// The revisions that count, in the order of `names`.
    pub(crate) order: Vec<Node>,
    /// Place of every node in `order`; `u32::MAX` for one that does not count.
    pub(crate) rank: Vec<u32>,
    /// Parents as declared, with repetitions.
    pub(crate) down: Edges,
    /// Children.
    pub(crate) up: Edges,
    /// Children and dependents.
    pub(crate) all_up: Edges,
    /// Parents and those dependencies that no ancestor has already, each once.
    pub(crate) normal_down: Edges,
    /// The dependencies among `normal_down`.
    pub(crate) normal_dependencies: Edges,
    pub(crate) heads: Vec<Node>,
    pub(crate) real_heads: Vec<Node>,
    pub(crate) bases: Vec<Node>,
    pub(crate) real_bases: Vec<Node>,
    /// Places in `names` of the labels that a revision carries, declared or inherited.
    pub(crate) labels: Vec<Vec<u32>>,
    pub(crate) defects: Vec<Defect>,
    /// What Alembic refuses the whole folder with.
    pub(crate) refusal: Option<HistoryError>,
}

impl History {
    /// What is wrong, in the order in which Alembic would meet it.
    pub fn defects(&self) -> &[Defect] {
        &self.defects
    }

    /// Whether Alembic would load this history at all; the error is the first one it ends with.
    /// Commands that answer as Alembic does ask this before anything else.
    pub fn check(&self) -> Result<(), HistoryError> {
        self.refusal.clone().map_or(Ok(()), Err)
    }

    /// The revisions that count, in the order in which their identifiers were first loaded.
    pub fn nodes(&self) -> &[Node] {
        &self.order
    }

    /// How many revisions count.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is no revision.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Every revision that was given, also those whose identifier was taken by a later one.
    /// The place in this slice is [`Node::index`].
    pub fn revisions(&self) -> &[Arc<Revision>] {
        &self.revisions
    }

    /// Every revision that was given, as nodes, in load order.
    pub fn all(&self) -> impl Iterator<Item = Node> + use<> {
        (0..u32::try_from(self.revisions.len()).unwrap_or(u32::MAX)).map(Node)
    }

    /// The revision with exactly this identifier.
    pub fn find(&self, id: &str) -> Option<Node> {
        self.names.get_full(id).filter(|(place, ..)| *place < self.ids).map(|(.., node)| *node)
    }

    /// The revision that declares exactly this branch label.
    pub fn find_label(&self, label: &str) -> Option<Node> {
        self.names.get_full(label).filter(|(place, ..)| *place >= self.ids).map(|(.., node)| *node)
    }

    /// Every branch label with the revision that declares it, in the order of declaration.
    pub fn branch_labels(&self) -> impl Iterator<Item = (&str, Node)> {
        self.names.iter().skip(self.ids).map(|(label, node)| (&**label, *node))
    }

    /// The labels a revision carries: its own, those of its ancestors, and those that spread up to
    /// it along an unbranched line. In the order of declaration; Alembic's own order is that of a
    /// Python set and differs from run to run.
    pub fn labels(&self, node: Node) -> impl Iterator<Item = &str> {
        let places = self.labels.get(node.index()).map(Vec::as_slice).unwrap_or_default();
        places
            .iter()
            .filter_map(|place| self.names.get_index(*place as usize).map(|(label, _)| &**label))
    }

    /// Whether a revision carries a label, declared or inherited.
    pub fn carries(&self, node: Node, label: &str) -> bool {
        self.labels(node).any(|one| one == label)
    }

    /// Revisions without children, in load order.
    pub fn heads(&self) -> &[Node] {
        &self.heads
    }

    /// Heads that are no dependency of another revision either: what the version table holds after
    /// everything ran.
    pub fn real_heads(&self) -> &[Node] {
        &self.real_heads
    }

    /// Revisions that declare no parent, in load order.
    pub fn bases(&self) -> &[Node] {
        &self.bases
    }

    /// Bases that depend on nothing.
    pub fn real_bases(&self) -> &[Node] {
        &self.real_bases
    }

    /// Parents, in the order declared.
    pub fn parents(&self, node: Node) -> &[Node] {
        self.down.of(node)
    }

    /// Children, in load order.
    pub fn children(&self, node: Node) -> &[Node] {
        self.up.of(node)
    }

    /// Dependencies that are not implied by an ancestor.
    pub fn dependencies(&self, node: Node) -> &[Node] {
        self.normal_dependencies.of(node)
    }

    /// Parents, then dependencies that are not implied by an ancestor: what must be in place for
    /// this revision to run.
    pub fn requirements(&self, node: Node) -> &[Node] {
        self.normal_down.of(node)
    }

    /// Revisions that name this one as a dependency and not as a parent.
    pub fn dependents(&self, node: Node) -> impl Iterator<Item = Node> {
        let children = self.up.of(node);
        self.all_up.of(node).iter().copied().filter(move |one| !children.contains(one))
    }

    /// Whether it has no children.
    pub fn is_head(&self, node: Node) -> bool {
        self.counts(node) && self.up.of(node).is_empty()
    }

    /// Whether it has neither children nor dependents.
    pub fn is_real_head(&self, node: Node) -> bool {
        self.counts(node) && self.all_up.of(node).is_empty()
    }

    /// Whether it declares no parent.
    pub fn is_base(&self, node: Node) -> bool {
        self.revisions.get(node.index()).is_some_and(|one| one.down.is_empty())
    }

    /// Whether it has several children.
    pub fn is_branch_point(&self, node: Node) -> bool {
        self.up.of(node).len() > 1
    }

    /// Whether it has several children or dependents.
    pub fn is_real_branch_point(&self, node: Node) -> bool {
        self.all_up.of(node).len() > 1
    }

    /// Whether it declares several parents.
    pub fn is_merge_point(&self, node: Node) -> bool {
        self.revisions.get(node.index()).is_some_and(|one| one.down.len() > 1)
    }

    /// Whether the identifier of this revision means this revision, and not one loaded later.
    pub fn counts(&self, node: Node) -> bool {
        self.rank.get(node.index()).is_some_and(|rank| *rank != u32::MAX)
    }

    pub(crate) fn room(&self) -> NodeSet {
        NodeSet::with_room_for(self.revisions.len())
    }
}

impl std::ops::Index<Node> for History {
    type Output = Revision;

    /// The revision of a node. A node of another history may name a different revision, or none,
    /// and then this panics as a slice would.
    fn index(&self, node: Node) -> &Revision {
        &self.revisions[node.index()]
    }
}
