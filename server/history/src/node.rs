//! Dense graph storage: a revision is a number, edges are slices, sets are bits.

use std::fmt;

/// A revision of one [`History`](crate::History): its place in load order. Only the history that
/// gave it understands it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(pub(crate) u32);

impl Node {
    /// The place in load order, from 0.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Successors of every node, in one allocation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Edges {
    /// `starts[n]..starts[n + 1]` are the places of node `n` in `targets`.
    starts: Vec<u32>,
    targets: Vec<Node>,
}

impl Edges {
    /// Edges from one list per node.
    pub(crate) fn new(lists: impl IntoIterator<Item = impl IntoIterator<Item = Node>>) -> Self {
        let mut edges = Self { starts: vec![0], targets: Vec::new() };
        for list in lists {
            edges.targets.extend(list);
            edges.starts.push(edges.targets.len() as u32);
        }
        edges
    }

    /// Edges from what `list` says of every node in turn. It is given where the node's own begin.
    pub(crate) fn of_each(nodes: usize, mut list: impl FnMut(Node, &mut Listing<'_>)) -> Self {
        let mut edges =
            Self { starts: Vec::with_capacity(nodes + 1), targets: Vec::with_capacity(nodes) };
        edges.starts.push(0);
        for node in 0..nodes as u32 {
            let from = edges.targets.len();
            list(Node(node), &mut Listing { all: &mut edges.targets, from });
            edges.starts.push(edges.targets.len() as u32);
        }
        edges
    }

    /// The successors of a node, in order.
    pub(crate) fn of(&self, node: Node) -> &[Node] {
        let at = |i: usize| self.starts.get(i).map(|start| *start as usize);
        match (at(node.index()), at(node.index() + 1)) {
            (Some(start), Some(end)) => self.targets.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The same edges turned round. The sources of a target come in the order of `order`, each once.
    pub(crate) fn reversed(&self, order: &[Node]) -> Self {
        let nodes = self.starts.len().saturating_sub(1);
        let mut last = vec![None; nodes];
        let mut counts = vec![0_u32; nodes];
        let mut edges = Vec::with_capacity(self.targets.len());
        for &source in order {
            for &target in self.of(source) {
                if let (Some(last), Some(count)) =
                    (last.get_mut(target.index()), counts.get_mut(target.index()))
                    && last.replace(source) != Some(source)
                {
                    *count += 1;
                    edges.push((target, source));
                }
            }
        }
        let mut starts = Vec::with_capacity(nodes + 1);
        let mut next = 0;
        for count in &mut counts {
            starts.push(next);
            next += std::mem::replace(count, next);
        }
        starts.push(next);
        let mut targets = vec![Node(0); edges.len()];
        for (target, source) in edges {
            if let Some(place) = counts.get_mut(target.index())
                && let Some(slot) = targets.get_mut(*place as usize)
            {
                *slot = source;
                *place += 1;
            }
        }
        Self { starts, targets }
    }

    /// Whether no node has a successor.
    pub(crate) fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }
}

/// The successors of one node, while they are listed.
pub(crate) struct Listing<'a> {
    all: &'a mut Vec<Node>,
    from: usize,
}

impl Listing<'_> {
    /// One more.
    pub(crate) fn push(&mut self, node: Node) {
        self.all.push(node);
    }

    /// None after all.
    pub(crate) fn clear(&mut self) {
        self.all.truncate(self.from);
    }

    /// Whether it is listed already.
    pub(crate) fn contains(&self, node: Node) -> bool {
        self.all.get(self.from..).is_some_and(|own| own.contains(&node))
    }
}

/// A set of nodes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct NodeSet {
    words: Vec<u64>,
}

impl NodeSet {
    pub(crate) fn with_room_for(nodes: usize) -> Self {
        Self { words: vec![0; nodes.div_ceil(64)] }
    }

    /// Adds a node; `true` when it was not there.
    pub(crate) fn insert(&mut self, node: Node) -> bool {
        let (word, bit) = (node.index() / 64, 1_u64 << (node.index() % 64));
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        match self.words.get_mut(word) {
            Some(word) => {
                let new = *word & bit == 0;
                *word |= bit;
                new
            }
            None => false,
        }
    }

    pub(crate) fn remove(&mut self, node: Node) {
        if let Some(word) = self.words.get_mut(node.index() / 64) {
            *word &= !(1_u64 << (node.index() % 64));
        }
    }

    pub(crate) fn contains(&self, node: Node) -> bool {
        self.words
            .get(node.index() / 64)
            .is_some_and(|word| word & (1_u64 << (node.index() % 64)) != 0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub(crate) fn union(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
    }

    pub(crate) fn intersect(&mut self, other: &Self) {
        for (i, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(i).copied().unwrap_or(0);
        }
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        for (word, less) in self.words.iter_mut().zip(&other.words) {
            *word &= !less;
        }
    }

    /// The nodes in load order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Node> + '_ {
        self.words.iter().enumerate().flat_map(|(i, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros();
                rest &= rest.checked_sub(1)?;
                Some(Node((i * 64) as u32 + bit))
            })
        })
    }
}

impl FromIterator<Node> for NodeSet {
    fn from_iter<T: IntoIterator<Item = Node>>(nodes: T) -> Self {
        let mut set = Self::default();
        for node in nodes {
            set.insert(node);
        }
        set
    }
}
