//! The figures of all judges by name, as `tests/corpus/floors.toml` bounds them.

use std::collections::BTreeMap;

use super::{alter, offline, online};

/// Collected figures.
#[derive(Clone, Default, Debug)]
pub struct Figures {
    /// By name.
    pub counts: BTreeMap<String, usize>,
}

impl Figures {
    fn set(&mut self, name: String, count: usize) {
        self.counts.insert(name, count);
    }

    /// Adds the offline judge's, under `plain` or `named`.
    pub fn offline(&mut self, pass: &str, tallies: &BTreeMap<String, offline::Tally>) {
        for (dialect, tally) in tallies {
            let mut set = |what: &str, count| self.set(format!("{pass} {dialect} {what}"), count);
            set("rendered by Alembic", tally.rendered);
            set("exact and equal", tally.equal);
            set("exact and different", tally.different.len());
            set("exact where Alembic refuses", tally.overclaimed.len());
            set("upgrades known", tally.upgrades_of("exact") + tally.upgrades_of("derived"));
        }
    }

    /// Adds the online judge's.
    pub fn online(&mut self, judged: &online::Judged) {
        for (dialect, tally) in &judged.tallies {
            let mut set = |what: &str, count| self.set(format!("online {dialect} {what}"), count);
            set("upgrades that ran", tally.count("upgrade", None, "ran"));
            set("downgrades that ran", tally.count("downgrade", None, "ran"));
            set("exact and executed so", tally.exact.1);
            set("exact and executed otherwise", tally.exact.0 - tally.exact.1);
            set("derived and executed so", tally.derived_equal);
            set("derived and executed otherwise", tally.derived_different.len());
            set("states equal", tally.states.1);
            set("states different", tally.states_different.len());
        }
    }

    /// Adds the rule's.
    pub fn alter(&mut self, tally: &alter::Tally) {
        self.set("alter judged".to_owned(), tally.judged);
        self.set("alter found".to_owned(), tally.found);
        self.set("alter missed".to_owned(), tally.missed.len());
        self.set("alter false alarms".to_owned(), tally.false_alarms.len());
        self.set("alter mended".to_owned(), tally.mended);
        self.set("alter not mended".to_owned(), tally.not_mended.len());
    }
}
