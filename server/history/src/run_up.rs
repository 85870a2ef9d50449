//! What runs before each revision, told for all revisions at once.
//!
//! A list of ten thousand steps for each of many merges would be mostly the same list. The runs of
//! revisions that part and meet again begin alike: with everything up to the last revision that all
//! ways down lead through.

use crate::node::NodeSet;
use crate::order::Above;
use crate::{History, Node};

/// What `upgrade NODE` runs on an empty database: what the run up to `after` runs, then those
/// `between`, then the revision itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunUp {
    /// The revision.
    pub node: Node,
    /// The last one before it that every way down to base leads through; `None` is base.
    pub after: Option<Node>,
    /// The others above that one, in the order in which they run.
    pub between: Vec<Node>,
}

impl History {
    /// The run up to every revision that has one, each behind the one that it goes on from. Where
    /// Alembic refuses the history, a revision that requires several others has none.
    pub fn run_ups(&self) -> Vec<RunUp> {
        let mut runs = Vec::with_capacity(self.order.len());
        let mut floors = Floors(vec![None; self.revisions.len()]);
        let mut above = Above::new(self);
        for node in self.oldest_first() {
            let required = self.normal_down.of(node);
            if required.len() > 1 && self.refusal.is_some() {
                continue;
            }
            let Some(after) = floors.common(required) else { continue };
            let between = match required {
                [] | [_] => Vec::new(),
                _ => match self.between(node, after, &mut above) {
                    Some(between) => between,
                    None => continue,
                },
            };
            floors.set(node, after);
            runs.push(RunUp { node, after, between });
        }
        runs
    }

    /// What runs after `floor`, or from base, and before `node`. Every way down from the one leads
    /// through the other, so that below it the order is what it is without all this.
    fn between(&self, node: Node, floor: Option<Node>, above: &mut Above<'_>) -> Option<Vec<Node>> {
        let mut closure = NodeSet::default();
        let mut todo = vec![node];
        while let Some(one) = todo.pop() {
            // The floor itself belongs to the way: lines wait at it for one another.
            if closure.insert(one) && Some(one) != floor {
                todo.extend(self.normal_down.of(one));
            }
        }
        above.stand(&closure, &[node]);
        let listed = self.list_down(closure.clone(), vec![node], above);
        above.clear(&closure);
        let mut listed = listed?;
        if floor.is_some() && listed.pop() != floor {
            return None;
        }
        listed.reverse();
        (listed.pop() == Some(node)).then_some(listed)
    }
}

/// For every revision that was reached the one that its run goes on from, and how many such steps it
/// is away from base.
struct Floors(Vec<Option<(Option<Node>, u32)>>);

impl Floors {
    fn of(&self, node: Node) -> Option<(Option<Node>, u32)> {
        self.0.get(node.index()).copied().flatten()
    }

    fn height(&self, node: Option<Node>) -> u32 {
        node.and_then(|node| self.of(node)).map_or(0, |(_, height)| height)
    }

    fn set(&mut self, node: Node, after: Option<Node>) {
        let height = self.height(after) + 1;
        if let Some(slot) = self.0.get_mut(node.index()) {
            *slot = Some((after, height));
        }
    }

    /// The highest revision that is one of the floors of each; `None` inside is base, and outside
    /// that one of them was not reached.
    fn common(&self, nodes: &[Node]) -> Option<Option<Node>> {
        let Some((first, others)) = nodes.split_first() else { return Some(None) };
        self.of(*first)?;
        let mut common = Some(*first);
        for other in others {
            self.of(*other)?;
            let mut other = Some(*other);
            while common != other {
                if self.height(common) >= self.height(other) {
                    common = self.of(common?)?.0;
                } else {
                    other = self.of(other?)?.0;
                }
            }
        }
        Some(common)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::fmt::Write as _;

    use super::*;
    use crate::Step;
    use crate::drawing::history;

    /// Numbers without a pattern, the same in every run.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, limit: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_041);
            usize::try_from(self.0 >> 33).expect("fits") % limit
        }
    }

    fn drawn(dice: &mut Dice) -> String {
        let mut text = String::new();
        // Names are not in the order of the line, by which lines are sorted.
        let name = |number: usize| format!("r{}", (number * 7 + 3) % 23);
        for number in 0..2 + dice.below(20) {
            write!(text, "{}", name(number)).expect("a string");
            let near = |dice: &mut Dice| name(number - 1 - dice.below(number.min(4)));
            if number > 0 && dice.below(9) > 0 {
                write!(text, " <- {}", near(dice)).expect("a string");
                for _ in 0..dice.below(4).saturating_sub(1) {
                    write!(text, " {}", near(dice)).expect("a string");
                }
            }
            if number > 0 && dice.below(8) == 0 {
                write!(text, " needs {}", near(dice)).expect("a string");
            }
            text.push('\n');
        }
        text
    }

    #[test]
    fn the_run_up_to_every_revision_is_what_upgrading_to_it_runs() {
        let mut dice = Dice(11);
        let (mut compared, mut joined) = (0, 0);
        for _ in 0..3_000 {
            let text = drawn(&mut dice);
            let history = history(&text);
            let mut lists: HashMap<Option<Node>, Vec<Node>> = HashMap::from([(None, Vec::new())]);
            for run in history.run_ups() {
                let mut list = lists.get(&run.after).expect("it comes first").clone();
                joined += usize::from(run.after.is_some() && !run.between.is_empty());
                list.extend(run.between);
                list.push(run.node);
                lists.insert(Some(run.node), list);
            }
            for node in history.nodes() {
                let steps = history.upgrade(history[*node].id.as_str(), &[]);
                let Ok(plan) = steps else {
                    assert!(history.check().is_err(), "{text}");
                    continue;
                };
                let steps: Vec<Node> = plan
                    .steps
                    .into_iter()
                    .map(|step| match step {
                        Step::Upgrade(node) => node,
                        other => panic!("{other:?} in an upgrade"),
                    })
                    .collect();
                assert_eq!(lists.get(&Some(*node)), Some(&steps), "{node:?} of\n{text}");
                compared += 1;
            }
        }
        assert!(compared > 20_000 && joined > 2_000, "{compared} and {joined} are enough");
    }
}
