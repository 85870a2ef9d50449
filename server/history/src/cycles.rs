//! Cycles: found, reported once each, and cut.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::error::CycleKind;
use crate::node::{Edges, NodeSet};
use crate::{Defect, HistoryError, Node, Revision};

/// The revisions before any edge is cut.
#[derive(Clone, Copy)]
pub(crate) struct Raw<'a> {
    pub(crate) order: &'a [Node],
    pub(crate) revisions: &'a [Arc<Revision>],
}

/// Cuts the cycles among parents: within one only the edges to revisions loaded earlier stay.
pub(crate) fn cut_parents(
    raw: Raw<'_>,
    down: Edges,
    defects: &mut Vec<Defect>,
) -> (Edges, Option<HistoryError>) {
    let components = Components::of(raw.revisions.len(), &down);
    if components.cyclic.is_empty() {
        return (down, None);
    }
    let paths: Vec<_> = components.paths(&down).collect();
    let bases = |one: &Revision| one.down.is_empty();
    let error = refusal(raw, CycleKind::Cycle, &down, bases, &paths);
    defects.extend(paths.into_iter().map(|path| Defect::Cycle { path }));
    let kept = Edges::new((0..raw.revisions.len() as u32).map(Node).map(|node| {
        let parents = down.of(node).iter().copied();
        let components = &components;
        parents.filter(move |parent| !components.share_a_cycle(node, *parent) || *parent < node)
    }));
    (kept, Some(error))
}

/// Cuts the cycles that dependencies close: within one no dependency stays.
pub(crate) fn cut_dependencies(
    raw: Raw<'_>,
    down: &Edges,
    dependencies: Edges,
    defects: &mut Vec<Defect>,
) -> (Edges, Option<HistoryError>) {
    let nodes = || (0..raw.revisions.len() as u32).map(Node);
    if dependencies.is_empty() {
        return (dependencies, None);
    }
    let all =
        Edges::new(nodes().map(|node| down.of(node).iter().chain(dependencies.of(node)).copied()));
    let components = Components::of(raw.revisions.len(), &all);
    if components.cyclic.is_empty() {
        return (dependencies, None);
    }
    let paths: Vec<_> = components.paths(&all).collect();
    let bases = |one: &Revision| one.down.is_empty() && one.depends_on.is_empty();
    let error = refusal(raw, CycleKind::DependencyCycle, &all, bases, &paths);
    // A dependency on an own label is reported where the reference is resolved.
    let longer = paths.into_iter().filter(|path| path.len() > 1);
    defects.extend(longer.map(|path| Defect::DependencyCycle { path }));
    let kept = Edges::new(nodes().map(|node| {
        let to = dependencies.of(node).iter().copied();
        let components = &components;
        to.filter(move |one| !components.share_a_cycle(node, *one))
    }));
    (kept, Some(error))
}

/// Alembic's error. It lists what does not lie both above a base and below a head, which is more
/// than the cycle, and nothing at all when the cycle has an entry and an exit: it overlooks that
/// one, and the path itself is listed here.
fn refusal(
    raw: Raw<'_>,
    kind: CycleKind,
    down: &Edges,
    is_base: impl Fn(&Revision) -> bool,
    paths: &[Vec<Node>],
) -> HistoryError {
    let up = down.reversed(raw.order);
    let id = |node: &Node| raw.revisions.get(node.index()).map(|one| one.id.clone());
    let of = |keep: &dyn Fn(Node) -> bool| -> Vec<Node> {
        raw.order.iter().copied().filter(|node| keep(*node)).collect()
    };
    let heads = of(&|node| up.of(node).is_empty());
    let bases = of(&|node| raw.revisions.get(node.index()).is_some_and(|one| is_base(one)));
    if heads.is_empty() || bases.is_empty() {
        return HistoryError::Cycle { kind, revisions: raw.order.iter().filter_map(id).collect() };
    }
    let below = reached(&heads, down);
    let above = reached(&bases, &up);
    let mut lost: Vec<_> = raw
        .order
        .iter()
        .filter(|node| !below.contains(**node) || !above.contains(**node))
        .filter_map(id)
        .collect();
    if lost.is_empty() {
        lost = paths.iter().flatten().filter_map(id).collect();
    }
    lost.sort_unstable();
    HistoryError::Cycle { kind, revisions: lost }
}

fn reached(from: &[Node], edges: &Edges) -> NodeSet {
    let mut seen = NodeSet::default();
    let mut todo = from.to_vec();
    while let Some(node) = todo.pop() {
        if seen.insert(node) {
            todo.extend(edges.of(node));
        }
    }
    seen
}

/// Strongly connected components (Tarjan's algorithm, with a stack of its own).
struct Components {
    of: Vec<u32>,
    /// The components that hold a cycle, each with its nodes in load order.
    cyclic: Vec<Vec<Node>>,
    /// Whether the component of that number holds a cycle.
    is_cyclic: Vec<bool>,
}

const UNSEEN: u32 = u32::MAX;

impl Components {
    fn of(nodes: usize, edges: &Edges) -> Self {
        let mut index = vec![UNSEEN; nodes];
        let mut low = vec![0_u32; nodes];
        let mut of = vec![UNSEEN; nodes];
        let mut stack: Vec<Node> = Vec::new();
        let mut calls: Vec<(Node, usize)> = Vec::new();
        let (mut cyclic, mut is_cyclic) = (Vec::new(), Vec::new());
        let mut next = 0_u32;
        for start in 0..nodes as u32 {
            if at(&index, Node(start)) != UNSEEN {
                continue;
            }
            calls.push((Node(start), 0));
            while let Some((node, edge)) = calls.pop() {
                if edge == 0 {
                    set(&mut index, node, next);
                    set(&mut low, node, next);
                    next += 1;
                    stack.push(node);
                }
                if let Some(&to) = edges.of(node).get(edge) {
                    calls.push((node, edge + 1));
                    if at(&index, to) == UNSEEN {
                        calls.push((to, 0));
                    } else if at(&of, to) == UNSEEN {
                        let lowest = at(&low, node).min(at(&index, to));
                        set(&mut low, node, lowest);
                    }
                    continue;
                }
                if let Some((caller, _)) = calls.last() {
                    let lowest = at(&low, *caller).min(at(&low, node));
                    set(&mut low, *caller, lowest);
                }
                if at(&low, node) == at(&index, node) {
                    let number = is_cyclic.len() as u32;
                    let mut members = Vec::new();
                    while let Some(member) = stack.pop() {
                        set(&mut of, member, number);
                        members.push(member);
                        if member == node {
                            break;
                        }
                    }
                    let cycle = members.len() > 1 || edges.of(node).contains(&node);
                    is_cyclic.push(cycle);
                    if cycle {
                        members.sort_unstable();
                        cyclic.push(members);
                    }
                }
            }
        }
        cyclic.sort_unstable();
        Self { of, cyclic, is_cyclic }
    }

    fn share_a_cycle(&self, one: Node, other: Node) -> bool {
        let (one, other) = (at(&self.of, one), at(&self.of, other));
        one == other && self.is_cyclic.get(one as usize) == Some(&true)
    }

    /// For each component the shortest way from its first node back to itself.
    fn paths<'a>(&'a self, edges: &'a Edges) -> impl Iterator<Item = Vec<Node>> + 'a {
        self.cyclic.iter().filter_map(move |members| {
            let start = *members.first()?;
            let mut came_from: std::collections::HashMap<Node, Node> = Default::default();
            let mut todo = VecDeque::from([start]);
            while let Some(node) = todo.pop_front() {
                for &to in edges.of(node).iter().filter(|to| self.share_a_cycle(start, **to)) {
                    if to == start {
                        let mut path = vec![node];
                        while let Some(before) = path.last().and_then(|one| came_from.get(one)) {
                            path.push(*before);
                        }
                        path.reverse();
                        return Some(path);
                    }
                    came_from.entry(to).or_insert_with(|| {
                        todo.push_back(to);
                        node
                    });
                }
            }
            None
        })
    }
}

fn at(list: &[u32], node: Node) -> u32 {
    list.get(node.index()).copied().unwrap_or(UNSEEN)
}

fn set(list: &mut [u32], node: Node, value: u32) {
    if let Some(slot) = list.get_mut(node.index()) {
        *slot = value;
    }
}
