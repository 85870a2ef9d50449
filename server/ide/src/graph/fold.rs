//! Chains in which nothing happens, each as one row.

use std::collections::HashMap;

use super::GraphRevision;

/// Where a row leads, by the places of other rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Edges {
    pub(super) parents: Vec<usize>,
    pub(super) depends_on: Vec<usize>,
}

/// Fewer revisions than this are shown as they are.
const SHORTEST: usize = 3;

/// The revisions of each row, by their places, and where the rows lead. Without `fold` every revision
/// has a row of its own.
pub(super) fn rows(
    revisions: &[GraphRevision],
    edges: Vec<Edges>,
    fold: bool,
) -> (Vec<Vec<usize>>, Vec<Edges>) {
    if !fold {
        return ((0..revisions.len()).map(|at| vec![at]).collect(), edges);
    }
    let all: Vec<&GraphRevision> = revisions.iter().collect();
    let mut quiet = quiet(&all, &edges);
    for (slot, revision) in quiet.iter_mut().zip(revisions) {
        *slot &= revision.problems.is_empty();
    }
    let is_quiet = |at: usize| quiet.get(at).copied().unwrap_or_default();
    let parent = |at: usize| edges.get(at).and_then(|edges| edges.parents.first().copied());
    // The first revision of each chain has a child that is not of it.
    let mut first: Vec<bool> = quiet.clone();
    for at in (0..revisions.len()).filter(|at| is_quiet(*at)) {
        if let Some(slot) = parent(at).and_then(|parent| first.get_mut(parent)) {
            *slot = false;
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut row_of: HashMap<usize, usize> = HashMap::new();
    for at in 0..revisions.len() {
        if row_of.contains_key(&at) {
            continue;
        }
        let mut group = vec![at];
        if first.get(at).copied().unwrap_or_default() {
            let chain =
                std::iter::successors(Some(at), |at| parent(*at).filter(|next| is_quiet(*next)));
            let chain: Vec<usize> = chain.collect();
            if chain.len() >= SHORTEST {
                group = chain;
            }
        }
        row_of.extend(group.iter().map(|member| (*member, groups.len())));
        groups.push(group);
    }
    let to_rows = |places: &[usize]| -> Vec<usize> {
        places.iter().filter_map(|place| row_of.get(place).copied()).collect()
    };
    let edges = groups
        .iter()
        .map(|group| {
            let last = group.last().and_then(|last| edges.get(*last));
            let parents = last.map(|edges| to_rows(&edges.parents)).unwrap_or_default();
            // Nothing in a chain depends on anything.
            let only = group.first().and_then(|first| edges.get(*first));
            let depends_on = only.map(|edges| to_rows(&edges.depends_on)).unwrap_or_default();
            Edges { parents, depends_on }
        })
        .collect();
    (groups, edges)
}

/// The stretches of rows, as first and last, in which every revision stands on the next row and nothing
/// is to be looked for but findings: what a view may fold away while it shows the rest.
pub(super) fn runs(revisions: &[&GraphRevision], edges: &[Edges]) -> Vec<(usize, usize)> {
    let quiet = quiet(revisions, edges);
    let is_quiet = |at: usize| quiet.get(at).copied().unwrap_or_default();
    let goes_on = |at: usize| edges.get(at).is_some_and(|edges| edges.parents == [at + 1]);
    let mut runs = Vec::new();
    let mut first = 0;
    while first < revisions.len() {
        if !is_quiet(first) {
            first += 1;
            continue;
        }
        let mut last = first;
        while goes_on(last) && is_quiet(last + 1) {
            last += 1;
        }
        if last + 1 - first >= SHORTEST {
            runs.push((first, last));
        }
        first = last + 1;
    }
    runs
}

/// Which revisions have one child, one parent, and nothing that a person would look for. Findings are
/// not asked for here.
fn quiet(revisions: &[&GraphRevision], edges: &[Edges]) -> Vec<bool> {
    let mut children = vec![0_usize; revisions.len()];
    let mut needed = vec![false; revisions.len()];
    for edges in edges {
        for parent in &edges.parents {
            if let Some(count) = children.get_mut(*parent) {
                *count += 1;
            }
        }
        for other in &edges.depends_on {
            if let Some(needed) = needed.get_mut(*other) {
                *needed = true;
            }
        }
    }
    let quiet = revisions.iter().zip(edges).zip(children.iter().zip(&needed));
    quiet
        .map(|((revision, edges), (children, needed))| {
            *children == 1
                && !*needed
                && edges.parents.len() == 1
                && edges.depends_on.is_empty()
                && revision.depends_on.is_empty()
                && revision.labels.is_empty()
                && revision.outside.is_empty()
                && revision.missing.is_empty()
                && revision.databases.is_empty()
                && !revision.branch_point
                && !revision.merge_point
        })
        .collect()
}
