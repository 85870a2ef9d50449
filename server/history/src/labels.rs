//! Branch labels: who declares them, and which revisions carry them.

use std::sync::Arc;

use crate::build::numbered;
use crate::history::Names;
use crate::node::{Edges, NodeSet};
use crate::{Defect, Node, Revision};

/// Adds the labels to the names, each meaning the revision that declares it first.
pub(crate) fn declare(revisions: &[Arc<Revision>], names: &mut Names, defects: &mut Vec<Defect>) {
    for (revision, declared) in numbered(revisions) {
        for (label, one) in declared.labels.iter().enumerate() {
            if let Some(&first) = names.get(one.name.as_str()) {
                defects.push(Defect::LabelTwice { revision, label, first });
            } else if let Some(&bearer) = names.get(declared.id.as_str()) {
                names.insert(Arc::from(one.name.as_str()), bearer);
            }
        }
    }
}

/// Which labels every revision carries, as places in `names`.
///
/// A label spreads to all descendants by parents. It also spreads upwards, yet only when nothing
/// below the declaring revision forks, merges or is depended on twice: Alembic climbs from the last
/// descendant it happened to visit, and stops before the first branch point or merge point, which
/// in every other case lies at or below the declaring revision.
pub(crate) fn spread(
    revisions: &[Arc<Revision>],
    names: &Names,
    ids: usize,
    down: &Edges,
    up: &Edges,
    all_up: &Edges,
) -> Vec<Vec<u32>> {
    let mut carried = vec![Vec::new(); revisions.len()];
    let stops = |node: Node| {
        let merges = revisions.get(node.index()).is_some_and(|one| one.down.len() > 1);
        merges || all_up.of(node).len() > 1
    };
    for (place, (_, &declaring)) in names.iter().enumerate().skip(ids) {
        let mut carry = |node: Node| {
            if let Some(labels) = carried.get_mut(node.index()) {
                labels.push(place as u32);
            }
        };
        let mut seen = NodeSet::with_room_for(revisions.len());
        let mut todo = vec![declaring];
        let mut line = true;
        while let Some(node) = todo.pop() {
            if seen.insert(node) {
                carry(node);
                line &= !stops(node);
                todo.extend(up.of(node));
            }
        }
        let mut above = down.of(declaring).first().copied().filter(|_| line);
        while let Some(node) = above.filter(|node| !stops(*node)) {
            carry(node);
            above = down.of(node).first().copied();
        }
    }
    carried
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::drawing::history;

    fn carried(text: &str) -> String {
        let history = history(text);
        let lines = history.nodes().iter().map(|node| {
            let labels: Vec<_> = history.labels(*node).collect();
            format!("{}: {}\n", history[*node].id, labels.join(" "))
        });
        lines.collect()
    }

    #[test]
    fn a_label_spreads_down_and_up_to_the_branch_point() {
        expect![[r#"
            a: 
            b: 
            s1: shop
            s2: shop
            s3: shop
        "#]]
        .assert_eq(&carried(
            "
            a
            b <- a
            s1 <- a
            s2 <- s1 labels shop
            s3 <- s2
        ",
        ));
    }

    #[test]
    fn a_label_above_a_fork_or_a_merge_does_not_spread_up() {
        expect![[r#"
            a: 
            b: shop
            c: shop
            d: shop
            x: 
            y: net
            m: shop net
        "#]]
        .assert_eq(&carried(
            "
            a
            b <- a labels shop
            c <- b
            d <- b
            x
            y <- x labels net
            m <- y d
        ",
        ));
    }
}
