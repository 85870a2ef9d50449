//! Which lane each row stands in.

use std::collections::BTreeSet;

/// The lane of each row, from the rows of its parents, which stand below it. The first parent that
/// has no lane yet goes on in the lane of its child, others open one; a lane is free again behind
/// its last row. So every lane leads to one row at a time.
pub(super) fn assign(parents: &[Vec<usize>]) -> Vec<usize> {
    let mut reserved: Vec<Option<usize>> = vec![None; parents.len()];
    let mut free = Free::default();
    let mut lanes = Vec::with_capacity(parents.len());
    for (row, parents) in parents.iter().enumerate() {
        let own = reserved.get(row).copied().flatten().unwrap_or_else(|| free.take(0));
        let mut goes_on = false;
        for parent in parents.iter().filter(|parent| **parent > row) {
            let Some(slot @ None) = reserved.get_mut(*parent) else { continue };
            *slot = Some(if goes_on { free.take(own) } else { own });
            goes_on = true;
        }
        if !goes_on {
            free.lanes.insert(own);
        }
        lanes.push(own);
    }
    lanes
}

/// Lanes that lead nowhere at the moment.
#[derive(Default)]
struct Free {
    lanes: BTreeSet<usize>,
    /// How many lanes were ever opened.
    width: usize,
}

impl Free {
    /// The next free lane from `near` to the right, else the first one, else a new one.
    fn take(&mut self, near: usize) -> usize {
        let found = self.lanes.range(near..).next().or_else(|| self.lanes.first()).copied();
        if let Some(lane) = found {
            self.lanes.remove(&lane);
            return lane;
        }
        self.width += 1;
        self.width - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A numbers generator that gives the same in every run.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(self.0 >> 33).expect("31 bits") % end
        }
    }

    #[test]
    fn no_row_stands_in_the_way_of_an_edge() {
        let mut numbers = Numbers(7);
        for _ in 0..300 {
            let rows = 1 + numbers.below(40);
            let parents: Vec<Vec<usize>> = (0..rows)
                .map(|row| {
                    let below = rows - row - 1;
                    let mut parents: Vec<usize> = (0..numbers.below(4).min(below))
                        .map(|_| row + 1 + numbers.below(below.min(9)))
                        .collect();
                    parents.sort_unstable();
                    parents.dedup();
                    parents
                })
                .collect();
            let lanes = assign(&parents);
            assert_eq!(lanes.len(), rows);
            for (row, parents_of) in parents.iter().enumerate() {
                for parent in parents_of {
                    let between = &lanes[row + 1..*parent];
                    assert!(
                        !between.contains(&lanes[*parent]),
                        "the edge from {row} to {parent} is crossed in {lanes:?} of {parents:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn many_heads_on_one_revision_take_two_lanes() {
        let parents: Vec<Vec<usize>> = (0..50).map(|_| vec![50]).chain([vec![]]).collect();
        assert_eq!(assign(&parents).iter().max(), Some(&1));
    }
}
