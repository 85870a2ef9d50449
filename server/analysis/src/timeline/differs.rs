//! In what two states may differ that stood at one place of a history, one after the other: so that
//! what was judged on the one is used again on the other without looking at it.

use std::sync::Arc;

use revline_schema::{Key, Op, Schema, Step};
use revline_sql::{Dialect, step_effects};
use revline_text::Fingerprint;

/// The parts in which two states may differ. What is not named is equal in both.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Differs {
    /// Tables, whether they are there or not; sorted, each once.
    pub tables: Vec<Key>,
    /// The named types.
    pub types: bool,
    /// What concerns every table: why anything may be different, how names are made.
    pub whole: bool,
}

/// The parts of a schema that steps name. Others they leave as they are, and look at none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reach {
    /// Tables, in no order.
    pub tables: Vec<Key>,
    /// Whether any part may be looked at or changed beside them.
    pub whole: bool,
}

impl Reach {
    /// What steps reach on this schema, raw SQL read for what it does.
    pub fn of(steps: &[Step], before: &Schema, dialect: &'static dyn Dialect) -> Self {
        let mut reach = Self::default();
        let reads_text = steps.iter().any(|step| has_text(&step.op));
        if reads_text {
            reach.add(&step_effects(steps, before, dialect), 0);
        } else {
            reach.add(steps, 0);
        }
        reach
    }

    fn add(&mut self, steps: &[Step], depth: usize) {
        for step in steps {
            match &step.op {
                Op::BulkInsert(_) => {}
                Op::AutocommitBlock(block) if depth < DEEPEST => {
                    self.add(&block.steps, depth + 1);
                }
                // Dependent foreign keys go along.
                Op::DropTable(op) if op.options.is_set("cascade") => self.whole = true,
                // A rename is followed by what refers to the name.
                Op::AlterColumn(op) if op.new_name.is_some() => self.whole = true,
                Op::RenameTable(_) | Op::Batch(_) => self.whole = true,
                op => match op.table() {
                    Some(table) => self.tables.push(Key::from(table)),
                    // An index may be anybody's.
                    None => self.whole = true,
                },
            }
        }
    }
}

/// How deep blocks may be nested.
const DEEPEST: usize = 8;

fn has_text(op: &Op) -> bool {
    match op {
        Op::Execute(_) => true,
        Op::AutocommitBlock(block) => block.steps.iter().any(|step| has_text(&step.op)),
        _ => false,
    }
}

impl Differs {
    /// What is different among `tables`, and in all that is no table.
    pub(crate) fn among(one: &Schema, other: &Schema, mut tables: Vec<Key>) -> Self {
        tables.sort_unstable();
        tables.dedup();
        tables.retain(|key| {
            one.tables.get(key) != other.tables.get(key)
                || one.made_since.contains(key) != other.made_since.contains(key)
        });
        Self::beside(one, other, tables)
    }

    /// What is different, looked for in all of both.
    pub(crate) fn between(one: &Schema, other: &Schema) -> Self {
        let mut tables = Vec::new();
        let (mut left, mut right) = (one.tables.iter().peekable(), other.tables.iter().peekable());
        loop {
            match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some((key, _)), Some((same, _))) if key == same => {
                    if let (Some((key, table)), Some((_, there))) = (left.next(), right.next())
                        && !Arc::ptr_eq(table, there)
                        && table != there
                    {
                        tables.push(key.clone());
                    }
                }
                (Some((key, _)), there) if there.is_none_or(|(other, _)| *key < *other) => {
                    tables.push((*key).clone());
                    left.next();
                }
                _ => tables.extend(right.next().map(|(key, _)| key.clone())),
            }
        }
        if one.made_since != other.made_since {
            let lone = |these: &Schema, those: &Schema| -> Vec<Key> {
                let lone = these.made_since.iter().filter(|key| !those.made_since.contains(*key));
                lone.cloned().collect()
            };
            tables.extend(lone(one, other));
            tables.extend(lone(other, one));
            tables.sort_unstable();
            tables.dedup();
        }
        Self::beside(one, other, tables)
    }

    fn beside(one: &Schema, other: &Schema, tables: Vec<Key>) -> Self {
        Self {
            tables,
            types: one.enums != other.enums || one.types_doubt != other.types_doubt,
            whole: one.doubt != other.doubt
                || !Arc::ptr_eq(&one.naming, &other.naming) && one.naming != other.naming,
        }
    }

    /// All that one of the two names.
    pub(crate) fn or(&self, other: &Self) -> Self {
        let mut tables = [self.tables.as_slice(), other.tables.as_slice()].concat();
        tables.sort_unstable();
        tables.dedup();
        Self { tables, types: self.types || other.types, whole: self.whole || other.whole }
    }

    /// Whether a table may be another one.
    pub fn has(&self, table: &Key) -> bool {
        self.tables.binary_search(table).is_ok()
    }

    /// Whether nothing differs.
    pub fn is_nothing(&self) -> bool {
        self.tables.is_empty() && !self.types && !self.whole
    }
}

/// Which states stood at a place before, and in what the one that stands there now may differ from
/// each of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Lineage {
    earlier: Vec<Fingerprint>,
    differs: Arc<Differs>,
}

/// So many earlier states are remembered: as many keystrokes as may pass before a pass that was
/// cancelled comes round again.
const EARLIER: usize = 24;

/// Where more tables than these may differ, the memory begins anew.
const MOST_TABLES: usize = 24;

impl Lineage {
    /// The lineage of a state that takes the place of one with the identity `last`, and differs from it
    /// in `differs`. `like` is a lineage that may well name the same parts.
    pub(crate) fn next(&self, last: Fingerprint, differs: Differs, like: &Self) -> Self {
        let all = if self.earlier.is_empty() { differs.clone() } else { self.differs.or(&differs) };
        let (mut earlier, parts) = if all.tables.len() > MOST_TABLES {
            (Vec::new(), differs)
        } else {
            (self.earlier.clone(), all)
        };
        earlier.retain(|known| *known != last);
        earlier.truncate(EARLIER - 1);
        earlier.insert(0, last);
        let differs = if *like.differs == parts { like.differs.clone() } else { Arc::new(parts) };
        Self { earlier, differs }
    }

    /// In what the state `now` of this lineage may differ from an earlier one; `None` where that one is
    /// not remembered.
    pub(crate) fn since(&self, now: Fingerprint, then: Fingerprint) -> Option<Arc<Differs>> {
        if now == then {
            return Some(Arc::default());
        }
        self.earlier.contains(&then).then(|| self.differs.clone())
    }
}

#[cfg(test)]
mod tests {
    use revline_schema::Table;

    use super::*;

    fn schema(tables: &[(&str, bool)]) -> Schema {
        let mut schema = Schema::default();
        for (name, is_raw) in tables {
            let table = Table { is_raw: *is_raw, ..Table::default() };
            schema.tables.insert_mut(Key::new(*name), Arc::new(table));
        }
        schema
    }

    #[test]
    fn what_differs_is_found_among_some_as_among_all() {
        let one = schema(&[("a", false), ("b", false), ("d", false)]);
        let other = schema(&[("b", true), ("c", false), ("d", false)]);
        let expected = ["a", "b", "c"].map(Key::new).to_vec();
        assert_eq!(Differs::between(&one, &other).tables, expected);
        let asked = ["d", "c", "b", "a", "b"].map(Key::new).to_vec();
        assert_eq!(Differs::among(&one, &other, asked), Differs::between(&one, &other));
        assert!(Differs::between(&one, &one.clone()).is_nothing());
    }

    #[test]
    fn a_lineage_knows_what_may_differ_from_each_state_before() {
        let id = |number: u128| Fingerprint(number);
        let part = |name: &str| Differs { tables: vec![Key::new(name)], ..Differs::default() };
        let first = Lineage::default().next(id(1), part("a"), &Lineage::default());
        let second = first.next(id(2), part("b"), &first);
        let tables = |lineage: &Lineage, then: u128| {
            lineage.since(id(3), id(then)).map(|differs| differs.tables.len())
        };
        assert_eq!(
            [1, 2, 3, 4].map(|then| tables(&second, then)),
            [Some(2), Some(2), Some(0), None]
        );
        let mut long = second;
        for number in 4..40 {
            long = long.next(id(number), part(&format!("t{number}")), &Lineage::default());
        }
        assert_eq!(tables(&long, 1), None, "what is long ago is forgotten");
        assert!(tables(&long, 39).is_some_and(|tables| tables <= MOST_TABLES));
    }
}
