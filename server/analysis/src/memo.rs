//! Tables of derived values: pure functions remembered by the identity of what they read.
//!
//! Each key keeps its last two values, so that nothing grows for ever and that undoing an edit finds
//! the value from before. No table is locked while a value is computed: two threads that want the
//! same one may both compute it, and get the same.

use std::hash::Hash;

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

    /// Remembers a value; the older of the two that were there is forgotten.
    pub fn put(&self, key: &K, identity: I, value: V) {
        match self.0.entry(key.clone()) {
            dashmap::Entry::Occupied(mut entry) => {
                let pair = entry.get_mut();
                if pair.newer.0 == identity {
                    pair.newer.1 = value;
                } else {
                    let older = std::mem::replace(&mut pair.newer, (identity, value));
                    pair.older = Some(older);
                }
            }
            dashmap::Entry::Vacant(entry) => {
                entry.insert(Pair { newer: (identity, value), older: None });
            }
        }
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
}
