//! From revisions as declared to the graph.

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::node::{Edges, NodeSet};
use crate::{Defect, History, Node, Revision, cycles, labels, refusal};

/// What the identifier grammar needs for itself, so that no identifier may hold it.
const RESERVED: [char; 4] = ['+', '-', ':', '@'];

impl History {
    /// The graph of these revisions. They come in load order, by which Alembic sorts: file names
    /// within each folder, folders in the order of `version_locations`.
    ///
    /// Never fails: see [`History::defects`]. Takes time in proportion to revisions and references,
    /// but for what branch labels spread over and dependencies that are named again further up.
    pub fn build(revisions: Vec<Revision>) -> Self {
        let mut defects = Vec::new();
        let (mut names, order) = identifiers(&revisions, &mut defects);
        let ids = names.len();
        let mut rank = vec![u32::MAX; revisions.len()];
        for (place, node) in order.iter().enumerate() {
            if let Some(rank) = rank.get_mut(node.index()) {
                *rank = place as u32;
            }
        }

        own_faults(&revisions, &mut defects);
        labels::declare(&revisions, &mut names, &mut defects);

        let counts = |node: Node| rank.get(node.index()).is_some_and(|rank| *rank != u32::MAX);
        let dependencies = references(&revisions, |node, revision| {
            let mut found = Vec::new();
            if !counts(node) {
                return found;
            }
            for (reference, to) in revision.depends_on.iter().enumerate() {
                match names.get(to.id.as_str()) {
                    // By its own identifier: reported with the faults of its own.
                    Some(to_node) if *to_node == node && to.id == revision.id => {}
                    Some(to_node) => {
                        if *to_node == node {
                            defects.push(Defect::DependencySelfLoop { revision: node, reference });
                        }
                        found.push(*to_node);
                    }
                    None => defects.push(Defect::MissingDependency { revision: node, reference }),
                }
            }
            found
        });
        let down = references(&revisions, |node, revision| {
            let mut found = Vec::new();
            if !counts(node) {
                return found;
            }
            for (reference, to) in revision.down.iter().enumerate() {
                match names.get_full(to.id.as_str()) {
                    Some((_, _, to_node)) if *to_node == node && to.id == revision.id => {}
                    // A label is no parent: only `depends_on` may name one.
                    Some((place, _, to_node)) if place < ids => found.push(*to_node),
                    _ => defects.push(Defect::MissingParent { revision: node, reference }),
                }
            }
            found
        });

        let refusal_before_cycles = refusal::of_declarations(&revisions, &defects);
        let raw = cycles::Raw { order: &order, revisions: &revisions };
        let (down, cyclic) = cycles::cut_parents(raw, down, &mut defects);
        let (dependencies, dependency_cyclic) =
            cycles::cut_dependencies(raw, &down, dependencies, &mut defects);
        let refusal = refusal_before_cycles.or(cyclic).or(dependency_cyclic);

        let all_down = both(&revisions, &down, &dependencies);
        let up = down.reversed(&order);
        let all_up = all_down.reversed(&order);
        let normal_dependencies = normalise(&revisions, &down, &dependencies, &all_up);
        let normal_down = both(&revisions, &down, &normal_dependencies);

        let mut by_load = order.clone();
        by_load.sort_unstable();
        let those = |keep: &dyn Fn(Node) -> bool| -> Vec<Node> {
            by_load.iter().copied().filter(|node| keep(*node)).collect()
        };
        let declares =
            |node: Node, what: fn(&Revision) -> bool| revisions.get(node.index()).is_some_and(what);
        let heads = those(&|node| up.of(node).is_empty());
        let real_heads = those(&|node| all_up.of(node).is_empty());
        let bases = those(&|node| declares(node, |one| one.down.is_empty()));
        let real_bases =
            those(&|node| declares(node, |one| one.down.is_empty() && one.depends_on.is_empty()));

        let labels = labels::spread(&revisions, &names, ids, &down, &up, &all_up);
        Self {
            revisions,
            names,
            ids,
            order,
            rank,
            down,
            up,
            all_down,
            all_up,
            normal_down,
            normal_dependencies,
            heads,
            real_heads,
            bases,
            real_bases,
            labels,
            defects,
            refusal,
        }
    }
}

/// The names of all revisions in the order of their first loading, each meaning the last one that
/// bears it.
fn identifiers(
    revisions: &[Revision],
    defects: &mut Vec<Defect>,
) -> (IndexMap<Arc<str>, Node>, Vec<Node>) {
    let mut names: IndexMap<Arc<str>, Node> = IndexMap::with_capacity(revisions.len());
    let mut repeated: IndexMap<usize, Vec<Node>> = IndexMap::new();
    for (node, revision) in numbered(revisions) {
        let (place, before) = names.insert_full(revision.id.shared(), node);
        if let Some(before) = before {
            repeated.entry(place).or_insert_with(|| vec![before]).push(node);
        }
    }
    for (place, nodes) in repeated {
        if let Some(revision) = names.get_index(place).and_then(|(_, n)| revisions.get(n.index())) {
            defects.push(Defect::DuplicateId { id: revision.id.clone(), revisions: nodes });
        }
    }
    let order = names.values().copied().collect();
    (names, order)
}

/// What is wrong with a revision whatever the others are.
fn own_faults(revisions: &[Revision], defects: &mut Vec<Defect>) {
    for (revision, declared) in numbered(revisions) {
        let own = |one: &crate::Reference| one.id == declared.id;
        if let Some(reference) = declared.down.iter().position(own) {
            defects.push(Defect::SelfLoop { revision, reference });
        }
        if let Some(reference) = declared.depends_on.iter().position(own) {
            defects.push(Defect::DependencySelfLoop { revision, reference });
        }
        let id = declared.id.as_str();
        if id.contains(RESERVED) {
            let characters = RESERVED.into_iter().filter(|one| id.contains(*one)).collect();
            defects.push(Defect::BadCharacters { revision, characters });
        }
    }
}

fn references(revisions: &[Revision], mut find: impl FnMut(Node, &Revision) -> Vec<Node>) -> Edges {
    Edges::new(numbered(revisions).map(|(node, revision)| find(node, revision)))
}

/// The edges of both, each once, those of `first` first.
fn both(revisions: &[Revision], first: &Edges, second: &Edges) -> Edges {
    Edges::new(numbered(revisions).map(|(node, _)| {
        let (first, second) = (first.of(node), second.of(node));
        let mut list = Vec::with_capacity(first.len() + second.len());
        let mut seen = HashSet::new();
        let many = first.len() + second.len() > 16;
        for one in first.iter().chain(second) {
            if if many { seen.insert(*one) } else { !list.contains(one) } {
                list.push(*one);
            }
        }
        list
    }))
}

/// Leaves out the dependencies that an ancestor by parents names as well: they are in place
/// whenever the ancestor is.
fn normalise(revisions: &[Revision], down: &Edges, dependencies: &Edges, all_up: &Edges) -> Edges {
    let mut seen = NodeSet::with_room_for(revisions.len());
    Edges::new(numbered(revisions).map(|(node, _)| {
        let mut kept = Vec::new();
        for &dependency in dependencies.of(node) {
            if kept.contains(&dependency) {
                continue;
            }
            // Named once in the whole history: no ancestor can have it.
            let named_once = all_up.of(dependency).len() == 1;
            if named_once || !implied(node, dependency, down, dependencies, &mut seen) {
                kept.push(dependency);
            }
        }
        kept
    }))
}

fn implied(
    node: Node,
    dependency: Node,
    down: &Edges,
    dependencies: &Edges,
    seen: &mut NodeSet,
) -> bool {
    let mut visited = Vec::new();
    let mut todo: Vec<Node> = down.of(node).to_vec();
    let mut found = false;
    while let Some(ancestor) = todo.pop() {
        if !seen.insert(ancestor) {
            continue;
        }
        visited.push(ancestor);
        if dependencies.of(ancestor).contains(&dependency) {
            found = true;
            break;
        }
        todo.extend(down.of(ancestor));
    }
    for one in visited {
        seen.remove(one);
    }
    found
}

pub(crate) fn numbered(revisions: &[Revision]) -> impl Iterator<Item = (Node, &Revision)> {
    revisions.iter().enumerate().map(|(place, revision)| (Node(place as u32), revision))
}
