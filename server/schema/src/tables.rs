//! The tables of a schema, with what finds a name among those of all their keys and indexes.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use rpds::RedBlackTreeMapSync;

use crate::constraint::Constraint;
use crate::state::{Key, Table};

/// Tables by key. Reads as the map that it holds.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    map: RedBlackTreeMapSync<Key, Arc<Table>>,
    /// How many keys and indexes have a name of this hash. It follows from `map`.
    names: RedBlackTreeMapSync<u64, u32>,
}

impl Tables {
    /// Puts a table under a key, in place of the one that stands there.
    pub fn insert_mut(&mut self, key: Key, table: Arc<Table>) {
        let new = names(&table);
        let old = self.map.get(&key).map(|table| names(table)).unwrap_or_default();
        if new != old {
            old.into_iter().for_each(|name| self.forget(name));
            new.into_iter().for_each(|name| self.note(name));
        }
        self.map.insert_mut(key, table);
    }

    /// Takes the table under a key away; whether there was one.
    pub fn remove_mut(&mut self, key: &Key) -> bool {
        if let Some(table) = self.map.get(key) {
            names(table).into_iter().for_each(|name| self.forget(name));
        }
        self.map.remove_mut(key)
    }

    /// Whether a constraint or an index of any table has this name.
    pub fn has_key_or_index(&self, name: &str) -> bool {
        // Two names may have one hash.
        self.names.contains_key(&hash(name))
            && self
                .map
                .values()
                .any(|table| table.constraint(name).is_some() || table.index(name).is_some())
    }

    fn note(&mut self, name: u64) {
        let count = self.names.get(&name).copied().unwrap_or_default();
        self.names.insert_mut(name, count.saturating_add(1));
    }

    fn forget(&mut self, name: u64) {
        match self.names.get(&name).copied() {
            Some(count) if count > 1 => self.names.insert_mut(name, count - 1),
            _ => drop(self.names.remove_mut(&name)),
        }
    }
}

/// The hashes of the names of a table's keys and indexes.
fn names(table: &Table) -> Vec<u64> {
    let keys = table.constraints.iter().filter_map(|key: &Arc<Constraint>| key.name());
    let indexes = table.indexes.iter().filter_map(|index| index.name.as_ref());
    keys.chain(indexes).map(|name| hash(name.as_str())).collect()
}

/// FNV-1a, 64 bits: the same in every process.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Deref for Tables {
    type Target = RedBlackTreeMapSync<Key, Arc<Table>>;

    fn deref(&self) -> &Self::Target {
        &self.map
    }
}

impl<'a> IntoIterator for &'a Tables {
    type Item = (&'a Key, &'a Arc<Table>);
    type IntoIter = <&'a RedBlackTreeMapSync<Key, Arc<Table>> as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (&self.map).into_iter()
    }
}

impl FromIterator<(Key, Arc<Table>)> for Tables {
    fn from_iter<T: IntoIterator<Item = (Key, Arc<Table>)>>(tables: T) -> Self {
        let mut all = Self::default();
        tables.into_iter().for_each(|(key, table)| all.insert_mut(key, table));
        all
    }
}

impl PartialEq for Tables {
    fn eq(&self, other: &Self) -> bool {
        self.map == other.map
    }
}

impl Eq for Tables {}

impl PartialOrd for Tables {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Tables {
    fn cmp(&self, other: &Self) -> Ordering {
        self.map.cmp(&other.map)
    }
}

impl Hash for Tables {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.map.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraint::Index;
    use crate::name::Name;

    fn table(indexes: &[&str]) -> Arc<Table> {
        let index =
            |name: &&str| Arc::new(Index { name: Some(Name::new(*name)), ..Index::default() });
        Arc::new(Table { indexes: indexes.iter().map(index).collect(), ..Table::default() })
    }

    #[test]
    fn a_name_is_found_as_long_as_some_table_has_it() {
        let mut tables = Tables::default();
        let seen = |tables: &Tables| ["x", "y"].map(|name| tables.has_key_or_index(name));
        tables.insert_mut(Key::new("a"), table(&["x", "y"]));
        tables.insert_mut(Key::new("b"), table(&["x"]));
        assert_eq!(seen(&tables), [true, true]);
        tables.insert_mut(Key::new("a"), table(&[]));
        assert_eq!(seen(&tables), [true, false]);
        assert!(tables.remove_mut(&Key::new("b")));
        assert_eq!(seen(&tables), [false, false]);
        assert!(!tables.remove_mut(&Key::new("b")));
    }
}
