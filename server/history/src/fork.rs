//! Where two lineages part, where a revision stands in its own, and which identifiers look alike.

use crate::node::NodeSet;
use crate::reach::Through;
use crate::{History, Node};

/// Two revisions seen from where their lineages part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fork {
    /// The nearest common ancestors, in load order: usually one, several after a criss-cross of
    /// merges, none when the trees are independent.
    pub at: Vec<Node>,
    /// What only the first has, oldest first; its last is the first itself.
    pub left: Vec<Node>,
    /// What only the second has, oldest first.
    pub right: Vec<Node>,
}

/// The place of a revision in its lineage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// How many revisions of the lineage run up to and including this one.
    pub place: usize,
    /// How many the lineage has: ancestors, the revision, descendants.
    pub of: usize,
}

impl History {
    /// Where the lineages of two revisions part, by parents alone.
    pub fn fork_of(&self, left: Node, right: Node) -> Fork {
        let lefts = self.below(&[left], Through::Parents);
        let rights = self.below(&[right], Through::Parents);
        let mut common = lefts.clone();
        common.intersect(&rights);
        let at = common
            .iter()
            .filter(|node| !self.up.of(*node).iter().any(|child| common.contains(*child)))
            .collect();
        let side = |mut all: NodeSet, head: Node| {
            all.subtract(&common);
            self.parents_first(&all, head)
        };
        Fork { left: side(lefts, left), right: side(rights, right), at }
    }

    /// Where a revision stands in its lineage, by parents alone.
    pub fn position(&self, node: Node) -> Position {
        let place = self.below(&[node], Through::Parents).iter().count();
        let below = self.above(&[node], Through::Parents).iter().count();
        Position { place, of: place + below - 1 }
    }

    /// The identifiers nearest to a text that names none, best first, at most `most`: those that
    /// begin with it, then those that few typing errors part from it.
    pub fn nearest_ids(&self, text: &str, most: usize) -> Vec<Node> {
        let limit = (text.chars().count() / 3).max(2);
        let wanted = &Letters::of(text);
        let mut near: Vec<(usize, Node)> = self
            .order
            .iter()
            .filter_map(|node| {
                let id = self[*node].id.as_str();
                if !text.is_empty() && id.starts_with(text) {
                    return Some((0, *node));
                }
                // Most identifiers differ in length or letters so much that they need no closer look.
                let letters = Letters::of(id);
                if letters.differ_from(wanted) > limit {
                    return None;
                }
                let errors = strsim::osa_distance(text, id);
                (errors <= limit).then_some((errors, *node))
            })
            .collect();
        near.sort_unstable();
        near.into_iter().take(most).map(|(_, node)| node).collect()
    }

    /// The revisions of a set that `head` stands on, parents before children, by parents alone.
    fn parents_first(&self, set: &NodeSet, head: Node) -> Vec<Node> {
        let mut listed = Vec::new();
        let mut done = self.room();
        let mut todo = if set.contains(head) { vec![(head, 0)] } else { Vec::new() };
        while let Some((node, next)) = todo.pop() {
            if done.contains(node) {
                continue;
            }
            match self.down.of(node).get(next) {
                Some(parent) => {
                    todo.push((node, next + 1));
                    if set.contains(*parent) && !done.contains(*parent) {
                        todo.push((*parent, 0));
                    }
                }
                None => {
                    done.insert(node);
                    listed.push(node);
                }
            }
        }
        listed
    }
}

/// How often each of 32 groups of characters occurs in a name.
struct Letters([u8; 32]);

impl Letters {
    fn of(name: &str) -> Self {
        let mut counts = [0_u8; 32];
        for char in name.chars() {
            if let Some(count) = counts.get_mut(char as usize % 32) {
                *count = count.saturating_add(1);
            }
        }
        Self(counts)
    }

    /// So many typing errors at least part the two names: each adds, drops or exchanges one letter.
    fn differ_from(&self, other: &Self) -> usize {
        let pairs = || self.0.iter().zip(&other.0);
        let more: usize = pairs().map(|(own, other)| usize::from(own.saturating_sub(*other))).sum();
        let less: usize = pairs().map(|(own, other)| usize::from(other.saturating_sub(*own))).sum();
        more.max(less)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::drawing::{history, ids};

    fn fork(text: &str, left: &str, right: &str) -> String {
        let history = history(text);
        let find = |id| history.find(id).unwrap();
        let fork = history.fork_of(find(left), find(right));
        let position = history.position(find(left));
        format!(
            "at [{}], left [{}], right [{}]; {left} is {} of {}",
            ids(&history, &fork.at),
            ids(&history, &fork.left),
            ids(&history, &fork.right),
            position.place,
            position.of,
        )
    }

    #[test]
    fn two_sides_part_at_their_nearest_common_ancestor() {
        let text = "
            a
            b <- a
            l1 <- b
            l2 <- l1
            r1 <- b
        ";
        expect!["at [b], left [l1 l2], right [r1]; l2 is 4 of 4"]
            .assert_eq(&fork(text, "l2", "r1"));
    }

    #[test]
    fn independent_trees_part_nowhere() {
        expect!["at [], left [a b], right [x]; b is 2 of 2"].assert_eq(&fork(
            "
            a
            b <- a
            x
        ",
            "b",
            "x",
        ));
    }

    #[test]
    fn criss_cross_merges_part_at_several() {
        expect!["at [b c], left [l], right [r]; l is 4 of 4"].assert_eq(&fork(
            "
            a
            b <- a
            c <- a
            l <- b c
            r <- c b
        ",
            "l",
            "r",
        ));
    }

    #[test]
    fn one_above_the_other_parts_at_the_lower() {
        expect!["at [a], left [], right [b c]; a is 1 of 3"].assert_eq(&fork(
            "
            a
            b <- a
            c <- b
        ",
            "a",
            "c",
        ));
    }

    #[test]
    fn the_nearest_identifiers_are_beginnings_then_slips() {
        let history = history(
            "
            27c6a30d7c24
            27c6a30d7c42 <- 27c6a30d7c24
            ae1027a6acf0
            0001_initial
        ",
        );
        let near = |text| ids(&history, &history.nearest_ids(text, 3));
        expect!["27c6a30d7c24 27c6a30d7c42 | 27c6a30d7c24 27c6a30d7c42 | 0001_initial | "]
            .assert_eq(&format!(
                "{} | {} | {} | {}",
                near("27c6"),
                near("27c6a30d7c25"),
                near("0001_intial"),
                near("zzzz"),
            ));
    }
}
