//! From revisions as declared to the graph.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::history::Names;
use crate::node::{Edges, Listing, NodeSet};
use crate::{Defect, History, Node, Revision, cycles, labels, refusal};

/// What the identifier grammar needs for itself, so that no identifier may hold it.
const RESERVED: [char; 4] = ['+', '-', ':', '@'];

impl History {
    /// The graph of these revisions. They come in load order, by which Alembic sorts: file names
    /// within each folder, folders in the order of `version_locations`.
    ///
    /// Never fails: see [`History::defects`]. Takes time in proportion to revisions and references,
    /// but for what branch labels spread over and dependencies that are named again further up.
    pub fn build<R: Into<Arc<Revision>>>(revisions: impl IntoIterator<Item = R>) -> Self {
        let revisions: Vec<Arc<Revision>> = revisions.into_iter().map(Into::into).collect();
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
        let dependencies = references(&revisions, |node, revision, found| {
            for (reference, to) in revision.depends_on.iter().enumerate() {
                match names.get(to.id.as_str()) {
                    // By its own identifier: reported with the faults of its own.
                    Some(to_node) if *to_node == node && to.id == revision.id => {}
                    Some(to_node) => {
                        if *to_node == node && counts(node) {
                            defects.push(Defect::DependencySelfLoop { revision: node, reference });
                        }
                        found.push(*to_node);
                    }
                    None => defects.push(Defect::MissingDependency { revision: node, reference }),
                }
            }
            // Alembic resolves what lost revisions refer to as well, and forgets it.
            if !counts(node) {
                found.clear();
            }
        });
        let down = references(&revisions, |node, revision, found| {
            for (reference, to) in revision.down.iter().enumerate() {
                match names.get_full(to.id.as_str()) {
                    Some((_, _, to_node)) if *to_node == node && to.id == revision.id => {}
                    // A label is no parent: only `depends_on` may name one.
                    Some((place, _, to_node)) if place < ids => found.push(*to_node),
                    _ => defects.push(Defect::MissingParent { revision: node, reference }),
                }
            }
            if !counts(node) {
                found.clear();
            }
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
        let normal_dependencies = normalise(&revisions, &order, &up, &dependencies);
        let normal_down = both(&revisions, &down, &normal_dependencies);

        let mut by_load = order.clone();
        by_load.sort_unstable();
        let those = |keep: &dyn Fn(Node) -> bool| -> Vec<Node> {
            by_load.iter().copied().filter(|node| keep(*node)).collect()
        };
        let declares = |node: Node, what: fn(&Revision) -> bool| {
            revisions.get(node.index()).is_some_and(|one| what(one))
        };
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
fn identifiers(revisions: &[Arc<Revision>], defects: &mut Vec<Defect>) -> (Names, Vec<Node>) {
    let mut names = Names::with_capacity_and_hasher(revisions.len(), Default::default());
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
fn own_faults(revisions: &[Arc<Revision>], defects: &mut Vec<Defect>) {
    for (revision, declared) in numbered(revisions) {
        let own = |one: &crate::Reference| one.id == declared.id;
        if let Some(reference) = declared.down.iter().position(own) {
            defects.push(Defect::SelfLoop { revision, reference });
        }
        if let Some(reference) = declared.depends_on.iter().position(own) {
            defects.push(Defect::DependencySelfLoop { revision, reference });
        }
        let id = declared.id.as_str();
        // Nearly none has any: seen byte by byte at first.
        if id.bytes().any(|byte| RESERVED.contains(&char::from(byte))) {
            let characters = RESERVED.into_iter().filter(|one| id.contains(*one)).collect();
            defects.push(Defect::BadCharacters { revision, characters });
        }
    }
}

fn references(
    revisions: &[Arc<Revision>],
    mut find: impl FnMut(Node, &Revision, &mut Listing<'_>),
) -> Edges {
    Edges::of_each(revisions.len(), |node, found| {
        if let Some(revision) = revisions.get(node.index()) {
            find(node, revision, found);
        }
    })
}

/// The edges of both, each once, those of `first` first.
fn both(revisions: &[Arc<Revision>], first: &Edges, second: &Edges) -> Edges {
    let mut last_source = vec![None; revisions.len()];
    Edges::of_each(revisions.len(), |node, list| {
        for &one in first.of(node).iter().chain(second.of(node)) {
            if let Some(last) = last_source.get_mut(one.index())
                && last.replace(node) != Some(node)
            {
                list.push(one);
            }
        }
    })
}

/// Leaves out the dependencies that an ancestor by parents names as well: they are in place
/// whenever the ancestor is.
fn normalise(
    revisions: &[Arc<Revision>],
    order: &[Node],
    up: &Edges,
    dependencies: &Edges,
) -> Edges {
    if dependencies.is_empty() {
        return dependencies.clone();
    }
    let dependents = dependencies.reversed(order);
    // For what several revisions depend on: what descends from one of them.
    let mut below: HashMap<Node, NodeSet> = HashMap::new();
    for (dependency, _) in numbered(revisions) {
        let several = dependents.of(dependency);
        if several.len() < 2 {
            continue;
        }
        let mut seen = NodeSet::with_room_for(revisions.len());
        let mut todo: Vec<Node> = several.iter().flat_map(|node| up.of(*node)).copied().collect();
        while let Some(node) = todo.pop() {
            if seen.insert(node) {
                todo.extend(up.of(node));
            }
        }
        seen.intersect(&several.iter().copied().collect());
        below.insert(dependency, seen);
    }
    Edges::of_each(revisions.len(), |node, kept| {
        for dependency in dependencies.of(node) {
            let implied = below.get(dependency).is_some_and(|below| below.contains(node));
            if !implied && !kept.contains(*dependency) {
                kept.push(*dependency);
            }
        }
    })
}

pub(crate) fn numbered(revisions: &[Arc<Revision>]) -> impl Iterator<Item = (Node, &Revision)> {
    revisions.iter().enumerate().map(|(place, revision)| (Node(place as u32), &**revision))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use revline_text::FileId;

    use crate::drawing::{defects, history};
    use crate::{History, Label, Reference, Revision};

    #[test]
    fn a_missing_parent_makes_no_second_base() {
        let history = history(
            "
            a
            b <- a
            c <- gone
        ",
        );
        expect![[r#"
            c: no parent gone
            FAILED: Revision gone referenced from c is not present
            heads b c
            bases a
            order b a c
        "#]]
        .assert_eq(&defects(&history));
    }

    #[test]
    fn of_two_revisions_with_one_identifier_the_later_counts() {
        let history = history(
            "
            a
            b <- a
            b
        ",
        );
        expect![[r#"
            b is there 2x
            heads a b
            bases a b
            order a b
        "#]]
        .assert_eq(&defects(&history));
    }

    #[test]
    fn a_cycle_is_cut_and_told_as_a_path() {
        let history = history(
            "
            a
            b <- a d
            c <- b
            d <- c
            e <- d
        ",
        );
        expect![[r#"
            cycle b -> d -> c
            FAILED: Cycle is detected in revisions (b, c, d)
            heads e
            bases a
            order e d c b a
        "#]]
        .assert_eq(&defects(&history));
    }

    #[test]
    fn a_ring_without_base_or_head_is_what_alembic_lists_whole() {
        let history = history(
            "
            b <- a
            a <- b
        ",
        );
        expect![[r#"
            cycle b -> a
            FAILED: Cycle is detected in revisions (b, a)
            heads a
            bases 
            order a b
        "#]]
        .assert_eq(&defects(&history));
    }

    #[test]
    fn dependencies_that_close_a_cycle_are_left_out() {
        let history = history(
            "
            a needs y
            b <- a
            x
            y <- x needs b
        ",
        );
        expect![[r#"
            dependency cycle a -> y -> b
            FAILED: Dependency cycle is detected in revisions (a, b, x, y)
            heads b y
            bases a x
            order b a y x
        "#]]
        .assert_eq(&defects(&history));
    }

    #[test]
    fn every_fault_is_told_and_alembic_stops_at_its_first() {
        let history = history(
            "
            a <- a
            b@c <- a needs nothing labels one
            d <- b@c labels one a
            e needs e
            f labels own
            g <- f needs own
            h needs mine labels mine
            i <- own
        ",
        );
        expect![[r#"
            a is its own parent
            b@c holds ['@']
            e depends on itself
            d: label one is of b@c
            d: label a is of a
            b@c: no dependency nothing
            h depends on itself
            i: no parent own
            FAILED: Self-loop is detected in revisions (a)
            heads d e g h i
            bases e f h
            order d b@c a e g f h i
        "#]]
        .assert_eq(&defects(&history));
    }

    /// Ten thousand of each: a time that grows with the square would be felt.
    #[test]
    fn long_chains_and_wide_fans_are_taken_alike() {
        let id = |number: usize| format!("{number:06}");
        let make = |parent: &dyn Fn(usize) -> Option<usize>| {
            let revisions = (0..10_000).map(|number| {
                let mut revision = Revision::new(id(number), FileId(0));
                revision.down = parent(number)
                    .map(|parent| Reference::new(id(parent), None))
                    .into_iter()
                    .collect();
                if number == 0 {
                    revision.labels.push(Label::new("main", None));
                }
                revision
            });
            History::build(revisions)
        };
        let chain = make(&|number| number.checked_sub(1));
        let fan = make(&|number| (number > 0).then_some(0));
        let ring = make(&|number| Some((number + 9_999) % 10_000));
        let seen = [&chain, &fan, &ring].map(|history| {
            (history.heads().len(), history.newest_first().len(), history.defects().len())
        });
        assert_eq!(seen, [(1, 10_000, 0), (9_999, 10_000, 0), (1, 10_000, 1)]);
    }
}
