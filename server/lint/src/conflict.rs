//! Which heads conflict: their lineages fork, and not both sides say that they mean it.
//!
//! Two heads that fork at F conflict unless both sides declare a branch label of their own after F.
//! Trees without a common ancestor never conflict here. Heads are ordered by what should stay as it
//! is: on the default branch first, then by `Create Date`, then by file name; each is compared with
//! the heads before it, and its conflict is the one with the nearest fork. Mending all conflicts so
//! leaves one line.

use std::collections::HashMap;

use revline_history::Node;

use crate::ProjectContext;
use crate::unknowns::{Unknowns, labelled};

/// A head that has to move, or to be merged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Conflict {
    /// The head that is in the way.
    pub(crate) head: Node,
    /// The head that stays as it is.
    pub(crate) other: Node,
    /// The revision where they part.
    pub(crate) fork: Node,
}

/// Up to this many heads every two are compared exactly.
const FEW: usize = 16;

/// So many heads of a side are remembered above a fork; a side with more is compared by these.
const REMEMBERED: usize = 64;

/// The conflicts, at most one for each head, in the order of the heads.
pub(crate) fn conflicts(context: &ProjectContext<'_>) -> Vec<Conflict> {
    let history = context.history();
    if history.heads().len() < 2 {
        return Vec::new();
    }
    let unknowns = Unknowns::of(context);
    let open = |head: &Node| unknowns.may_be_followed(history[*head].id.as_str());
    let mut heads: Vec<Node> = history.heads().iter().copied().filter(|head| !open(head)).collect();
    heads.sort_by_cached_key(|head| precedence(context, *head));
    if heads.len() <= FEW { among_few(context, &heads) } else { among_many(context, &heads) }
}

/// What a head is ordered by: the first stays as it is.
pub(crate) fn precedence(context: &ProjectContext<'_>, node: Node) -> (bool, String, String, Node) {
    let revision = &context.history()[node];
    let created = revision.created.clone().unwrap_or_default();
    (!is_shared(context, node), created, context.file_name(revision.file), node)
}

/// Whether the default branch has the revision's file; `false` also where that is not known.
pub(crate) fn is_shared(context: &ProjectContext<'_>, node: Node) -> bool {
    let path = context.snapshot.files().path(context.history()[node].file);
    context.project.shared.as_ref().is_some_and(|shared| shared.files.contains(&*path))
}

fn among_few(context: &ProjectContext<'_>, heads: &[Node]) -> Vec<Conflict> {
    let history = context.history();
    let means_it = |side: &[Node]| side.iter().any(|node| labelled(context.project, *node));
    let mut conflicts = Vec::new();
    for (place, &head) in heads.iter().enumerate() {
        let mut nearest: Option<(usize, Conflict)> = None;
        for &other in heads.iter().take(place).rev() {
            let fork = history.fork_of(head, other);
            let Some(&at) = fork.at.last() else { continue };
            let by_design = means_it(&fork.left) && means_it(&fork.right);
            let distance = fork.left.len();
            if !by_design && nearest.is_none_or(|(least, _)| distance < least) {
                nearest = Some((distance, Conflict { head, other, fork: at }));
            }
        }
        conflicts.extend(nearest.map(|(_, conflict)| conflict));
    }
    conflicts
}

/// A head as its ancestors see it.
#[derive(Clone, Copy)]
struct Seen {
    /// Its place in the order of heads.
    place: usize,
    head: Node,
    /// Whether a label was declared between here and the head.
    labelled: bool,
    /// Whether its conflict is known.
    settled: bool,
    /// The child through which it is seen.
    through: Node,
}

/// The same in the tree of first parents, in time proportional to the history: heads that share
/// an ancestor through a later parent of a merge alone are not compared.
fn among_many(context: &ProjectContext<'_>, heads: &[Node]) -> Vec<Conflict> {
    let history = context.history();
    let parent = |node: Node| history.parents(node).first().copied();
    let mut waiting: HashMap<Node, usize> = HashMap::new();
    for parent in history.nodes().iter().filter_map(|node| parent(*node)) {
        *waiting.entry(parent).or_default() += 1;
    }
    let mut seen: HashMap<Node, Vec<Seen>> = HashMap::new();
    for (place, &head) in heads.iter().enumerate() {
        let one = Seen { place, head, labelled: false, settled: false, through: head };
        seen.insert(head, vec![one]);
    }
    let mut conflicts: Vec<(usize, Conflict)> = Vec::new();
    let mut ready: Vec<Node> =
        history.nodes().iter().copied().filter(|node| !waiting.contains_key(node)).collect();
    while let Some(node) = ready.pop() {
        let mut here = seen.remove(&node).unwrap_or_default();
        if here.iter().any(|one| Some(one.through) != here.first().map(|one| one.through)) {
            here.sort_by_key(|one| one.place);
            settle(node, &mut here, &mut conflicts);
            here.truncate(REMEMBERED);
        }
        let Some(parent) = parent(node) else { continue };
        let own = labelled(context.project, node);
        let up = here.into_iter().map(|one| Seen {
            labelled: one.labelled || own,
            through: node,
            ..one
        });
        seen.entry(parent).or_default().extend(up);
        if let Some(left) = waiting.get_mut(&parent) {
            *left -= 1;
            if *left == 0 {
                ready.push(parent);
            }
        }
    }
    conflicts.sort_by_key(|(place, _)| *place);
    conflicts.into_iter().map(|(_, conflict)| conflict).collect()
}

/// Finds for each head that has no conflict yet the last one before it, through another child,
/// that it conflicts with.
fn settle(fork: Node, heads: &mut [Seen], conflicts: &mut Vec<(usize, Conflict)>) {
    // The last heads seen so far through two different children: of any sort, and without label.
    let mut any: [Option<Seen>; 2] = [None, None];
    let mut plain: [Option<Seen>; 2] = [None, None];
    for one in heads.iter_mut() {
        if !one.settled {
            let candidates = if one.labelled { &plain } else { &any };
            let other = candidates.iter().flatten().find(|other| other.through != one.through);
            if let Some(other) = other {
                one.settled = true;
                conflicts.push((one.place, Conflict { head: one.head, other: other.head, fork }));
            }
        }
        let newest = |last: &mut [Option<Seen>; 2]| {
            let [first, second] = last;
            if first.is_some_and(|first| first.through != one.through) {
                *second = *first;
            }
            *first = Some(*one);
        };
        newest(&mut any);
        if !one.labelled {
            newest(&mut plain);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use revline_fixture::Fixture;

    use super::*;
    use crate::Cache;
    use crate::testing::snapshot;

    /// Numbers without a pattern, the same in every run.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, limit: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_041);
            usize::try_from(self.0 >> 33).expect("fits") % limit
        }
    }

    #[test]
    fn the_quick_way_finds_in_trees_what_the_exact_way_finds() {
        let mut dice = Dice(7);
        let mut compared = 0;
        for _ in 0..60 {
            let mut fixture = String::new();
            for number in 0..14 {
                let down = match dice.below(number + 1) {
                    0 => "None".to_owned(),
                    parent => format!("'r{}'", parent - 1),
                };
                let name = dice.below(100);
                write!(fixture, "//- versions/{name:02}_{number}.py\nrevision = 'r{number}'\n")
                    .expect("a string");
                writeln!(fixture, "down_revision = {down}").expect("a string");
                if dice.below(4) == 0 {
                    writeln!(fixture, "branch_labels = 'label{number}'").expect("a string");
                }
            }
            let snapshot = snapshot(Fixture::parse(&fixture));
            let project = &snapshot.projects()[0];
            let graph = project.graph();
            let context = ProjectContext { snapshot: &snapshot, project, graph };
            let mut heads = graph.history.heads().to_vec();
            heads.sort_by_cached_key(|head| precedence(&context, *head));
            let few = among_few(&context, &heads);
            compared += few.len();
            assert_eq!(few, among_many(&context, &heads), "{fixture}");
        }
        assert!(compared > 100, "the trees have conflicts: {compared}");
    }

    #[test]
    fn ten_thousand_heads_on_a_long_line_have_one_error_each() {
        let mut files = vec![(
            "versions/0.py".to_owned(),
            "revision = 'r0'\ndown_revision = None\n".to_owned(),
        )];
        for number in 1..5_000 {
            let parent = number - 1;
            let line = format!("revision = 'r{number}'\ndown_revision = 'r{parent}'\n");
            files.push((format!("versions/{number:05}.py"), line));
            let head = format!("revision = 'h{number}'\ndown_revision = 'r{parent}'\n");
            files.push((format!("versions/{number:05}_head.py"), head));
        }
        for number in 5_000..10_001 {
            let head = format!("revision = 'h{number}'\ndown_revision = 'r4999'\n");
            files.push((format!("versions/{number:05}_head.py"), head));
        }
        let snapshot = snapshot(Fixture::of(files));
        assert_eq!(snapshot.projects()[0].history().heads().len(), 10_000);
        let found = Cache::default().graph_only(&snapshot);
        let count = |severity| {
            let all = found.iter().flat_map(|(_, findings)| findings.iter());
            all.filter(|finding| finding.severity == severity).count()
        };
        assert_eq!((count(crate::Severity::Error), count(crate::Severity::Info)), (9_999, 1));
        let related = found.iter().flat_map(|(_, findings)| findings.iter());
        assert!(related.map(|finding| finding.related.len()).max() <= Some(16));
    }
}
