//! Tables of derived values: pure functions remembered by the identity of what they read.
//!
//! Each key keeps its last two values, so that nothing grows for ever and that undoing an edit finds
//! the value from before. No table is locked while a value is computed: two threads that want the
//! same one may both compute it, and get the same.

use std::collections::VecDeque;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use dashmap::DashMap;

/// The last two values under each key, each with the identity of what it was computed from.
pub struct LastTwo<K, I, V>(DashMap<K, Pair<I, V>>);

#[derive(Debug)]
struct Pair<I, V> {
    newer: (I, V),
    older: Option<(I, V)>,
}

impl<K: Eq + Hash, I: Eq, V: Clone> Default for LastTwo<K, I, V> {
    fn default() -> Self {
        Self(DashMap::new())
    }
}

impl<K: Eq + Hash + Clone, I: Eq, V: Clone> LastTwo<K, I, V> {
    /// The value under `key` that was computed from `identity`; computed now where there is none.
    pub fn get(&self, key: &K, identity: I, compute: impl FnOnce() -> V) -> V {
        if let Some(value) = self.peek(key, &identity) {
            return value;
        }
        let value = compute();
        self.put(key, identity, value.clone());
        value
    }

    /// The value under `key` that was computed from `identity`, if it is remembered.
    pub fn peek(&self, key: &K, identity: &I) -> Option<V> {
        let pair = self.0.get(key)?;
        if pair.newer.0 == *identity {
            return Some(pair.newer.1.clone());
        }
        pair.older.as_ref().filter(|older| older.0 == *identity).map(|older| older.1.clone())
    }

    /// The value that was remembered last under `key`.
    pub fn newest(&self, key: &K) -> Option<V> {
        self.0.get(key).map(|pair| pair.newer.1.clone())
    }

    /// Remembers a value; the older of the two that were there is forgotten. Whether there was none.
    pub fn put(&self, key: &K, identity: I, value: V) -> bool {
        match self.0.entry(key.clone()) {
            dashmap::Entry::Occupied(mut entry) => {
                let pair = entry.get_mut();
                if pair.newer.0 == identity {
                    pair.newer.1 = value;
                } else {
                    let older = std::mem::replace(&mut pair.newer, (identity, value));
                    pair.older = Some(older);
                }
                false
            }
            dashmap::Entry::Vacant(entry) => {
                entry.insert(Pair { newer: (identity, value), older: None });
                true
            }
        }
    }

    fn forget(&self, key: &K) {
        self.0.remove(key);
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// As [`LastTwo`] for the keys that are kept. Of the others only so many have a value; the one that
/// was computed longest ago goes first.
pub(crate) struct Recent<K, I, V> {
    table: LastTwo<K, I, V>,
    passing: Mutex<VecDeque<K>>,
}

/// How many values of keys that are not kept there are: enough for what asks for one value several
/// times in a row, on several threads.
const PASSING: usize = 256;

impl<K: Eq + Hash, I: Eq, V: Clone> Default for Recent<K, I, V> {
    fn default() -> Self {
        Self { table: LastTwo::default(), passing: Mutex::default() }
    }
}

impl<K: Eq + Hash + Clone, I: Eq, V: Clone> Recent<K, I, V> {
    /// The value that was remembered last under `key`.
    pub(crate) fn newest(&self, key: &K) -> Option<V> {
        self.table.newest(key)
    }

    /// The value under `key` that was computed from `identity`, if it is remembered.
    pub(crate) fn peek(&self, key: &K, identity: &I) -> Option<V> {
        self.table.peek(key, identity)
    }

    /// Remembers a value, for long where the key is `kept`.
    pub(crate) fn put(&self, key: &K, identity: I, value: V, kept: bool) {
        let is_new = self.table.put(key, identity, value);
        if kept || !is_new {
            return;
        }
        let mut passing = self.passing.lock().unwrap_or_else(PoisonError::into_inner);
        passing.push_back(key.clone());
        let gone = if passing.len() > PASSING { passing.pop_front() } else { None };
        drop(passing);
        if let Some(gone) = gone {
            self.table.forget(&gone);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn the_last_two_values_are_remembered_and_no_more() {
        let computed = Cell::new(0);
        let table: LastTwo<&str, i32, i32> = LastTwo::default();
        let ask = |identity: i32| {
            table.get(&"key", identity, || {
                computed.set(computed.get() + 1);
                identity * 10
            })
        };
        assert_eq!([ask(1), ask(2), ask(1), ask(2)], [10, 20, 10, 20]);
        assert_eq!(computed.get(), 2);
        assert_eq!([ask(3), ask(2), ask(1)], [30, 20, 10]);
        assert_eq!(computed.get(), 4, "only the one before the last two is computed again");
    }

    #[test]
    fn what_is_not_kept_goes_when_much_came_after_it() {
        let table: Recent<usize, (), usize> = Recent::default();
        table.put(&0, (), 0, true);
        for key in 1..=2 * PASSING {
            table.put(&key, (), key, false);
        }
        let there = |key: usize| table.peek(&key, &()).is_some();
        let expected = [true, false, false, true, true];
        assert_eq!([0, 1, PASSING, PASSING + 1, 2 * PASSING].map(there), expected);
    }
}
