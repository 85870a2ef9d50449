//! The order in which Alembic lists and runs revisions.

use crate::node::NodeSet;
use crate::reach::Through;
use crate::{History, Node};

impl History {
    /// The revisions of `todo` from `heads` downwards, every one after all that stand on it; `None`
    /// when some of them lie below none of the heads.
    ///
    /// It follows a line down through the first parent, and where it comes to a revision on which
    /// another line still stands, goes on with the first such line. Lines begin in load order.
    /// (`RevisionMap._topological_sort`, which asks for each revision whether it is an ancestor of
    /// any current end of a line. Here each revision counts the references from above that are not
    /// listed yet, so that the question costs nothing; the answer is the same.)
    pub(crate) fn downwards(&self, todo: &NodeSet, heads: &[Node]) -> Option<Vec<Node>> {
        let mut lines: Vec<Node> =
            heads.iter().copied().filter(|one| todo.contains(*one)).collect();
        lines.sort_unstable_by_key(|one| self.rank.get(one.index()).copied());
        lines.dedup();

        let closure = self.below(&lines, Through::Dependencies);
        let mut above = Above::new(self);
        above.stand(&closure, &lines);
        self.list_down(todo.clone(), lines, &mut above)
    }

    /// The way of [`History::downwards`] from the ends of lines, of which `above` knows what stands on
    /// them.
    pub(crate) fn list_down(
        &self,
        mut todo: NodeSet,
        mut lines: Vec<Node>,
        above: &mut Above<'_>,
    ) -> Option<Vec<Node>> {
        let mut on_line: NodeSet = lines.iter().copied().collect();
        let mut listed = Vec::new();
        let mut at = 0;
        // What stands on the revision that was met last; it is often met again at once.
        let mut standing: Option<(Node, NodeSet)> = None;
        while let Some(&candidate) = lines.get(at) {
            if above.stands_on(candidate) {
                let known = standing.take().filter(|(node, _)| *node == candidate);
                let (_, set) = standing
                    .insert(known.unwrap_or_else(|| (candidate, above.standing_on(candidate))));
                at = lines.iter().position(|one| *one != candidate && set.contains(*one))?;
                continue;
            }
            if todo.contains(candidate) {
                listed.push(candidate);
                todo.remove(candidate);
            }
            on_line.remove(candidate);
            let mut next = self
                .normal_down
                .of(candidate)
                .iter()
                .copied()
                .filter(|one| todo.contains(*one) && !on_line.contains(*one))
                .collect::<Vec<_>>()
                .into_iter();
            match next.next() {
                None => {
                    lines.remove(at);
                    at = at.saturating_sub(1);
                }
                Some(first) => {
                    let from = lines.len();
                    if let Some(line) = lines.get_mut(at) {
                        *line = first;
                    }
                    lines.extend(next);
                    for one in [first].iter().chain(lines.get(from..).unwrap_or_default()) {
                        on_line.insert(*one);
                        above.hold(*one);
                    }
                }
            }
            above.release(candidate);
        }
        todo.is_empty().then_some(listed)
    }
}

/// For every revision the number of references to it from revisions at or below the end of a line,
/// and one more while a line ends at it.
pub(crate) struct Above<'a> {
    history: &'a History,
    references: Vec<u32>,
}

impl<'a> Above<'a> {
    /// Nothing stands on anything.
    pub(crate) fn new(history: &'a History) -> Self {
        Self { history, references: vec![0; history.revisions.len()] }
    }

    /// Lets the revisions of `closure` stand on what they require, and lines end where they do.
    pub(crate) fn stand(&mut self, closure: &NodeSet, lines: &[Node]) {
        for node in closure.iter() {
            for one in self.history.normal_down.of(node) {
                self.hold(*one);
            }
        }
        for line in lines {
            self.hold(*line);
        }
    }

    /// Forgets what the revisions of `closure` stand on.
    pub(crate) fn clear(&mut self, closure: &NodeSet) {
        for node in closure.iter() {
            for one in self.history.normal_down.of(node).iter().chain([&node]) {
                if let Some(count) = self.references.get_mut(one.index()) {
                    *count = 0;
                }
            }
        }
    }

    fn hold(&mut self, node: Node) {
        if let Some(count) = self.references.get_mut(node.index()) {
            *count = count.saturating_add(1);
        }
    }

    /// Whether anything stands on the end of a line.
    fn stands_on(&self, node: Node) -> bool {
        self.references.get(node.index()).is_some_and(|count| *count > 1)
    }

    /// What lies above a revision and at or below the end of a line.
    fn standing_on(&self, node: Node) -> NodeSet {
        let mut seen = self.history.room();
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            let open = self.references.get(node.index()).is_some_and(|count| *count > 0);
            if open && seen.insert(node) {
                todo.extend(self.history.all_up.of(node));
            }
        }
        seen
    }

    /// A line ends here no more. What nothing refers to any more refers to nothing either.
    fn release(&mut self, node: Node) {
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            // What nobody held lies below all that is listed here.
            if let Some(count) = self.references.get_mut(node.index()).filter(|count| **count > 0) {
                *count -= 1;
                if *count == 0 {
                    todo.extend(self.history.normal_down.of(node));
                }
            }
        }
    }
}
