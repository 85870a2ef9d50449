//! Why something is not known, counted over reasons that differ in names alone.

use std::collections::BTreeMap;

/// Reasons with how often each stands first, and a place to look at.
#[derive(Clone, Default, Debug)]
pub struct Ledger {
    entries: BTreeMap<String, (usize, String)>,
}

impl Ledger {
    /// Counts a reason of a place.
    pub fn count(&mut self, reason: &str, place: impl FnOnce() -> String) {
        let entry = self.entries.entry(normalized(reason)).or_insert_with(|| (0, place()));
        entry.0 += 1;
    }

    /// The most frequent first: reason, count, an example's place.
    pub fn sorted(&self) -> Vec<(&str, usize, &str)> {
        let mut all: Vec<_> = self
            .entries
            .iter()
            .map(|(reason, (count, place))| (reason.as_str(), *count, place.as_str()))
            .collect();
        all.sort_by_key(|(reason, count, _)| (std::cmp::Reverse(*count), *reason));
        all
    }

    /// Adds another's counts.
    pub fn merge(&mut self, other: Self) {
        for (reason, (count, place)) in other.entries {
            self.entries.entry(reason).or_insert_with(|| (0, place)).0 += count;
        }
    }

    /// All that was counted.
    pub fn total(&self) -> usize {
        self.entries.values().map(|(count, _)| count).sum()
    }
}

/// A reason without what is particular: names in quotes, and numbers. The name of a module that is
/// missing stays, since that is what somebody can do something about.
pub fn normalized(reason: &str) -> String {
    let first = reason.lines().next().unwrap_or_default();
    let module = first.contains("the module `") || first.starts_with("ModuleNotFoundError");
    let mut text = String::new();
    let mut characters = first.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        match character {
            '`' | '"' if !module => {
                if characters.clone().any(|other| other == character) {
                    for other in characters.by_ref() {
                        if other == character {
                            break;
                        }
                    }
                    text.push('…');
                } else {
                    text.push(character);
                }
            }
            '\'' if !module
                && !before.is_alphanumeric()
                && characters.clone().any(|other| other == '\'') =>
            {
                for other in characters.by_ref() {
                    if other == '\'' {
                        break;
                    }
                }
                text.push('…');
            }
            digit if digit.is_ascii_digit() && !before.is_alphabetic() => {
                if !text.ends_with('#') {
                    text.push('#');
                }
            }
            other => text.push(other),
        }
        before = character;
    }
    let cut: String = text.chars().take(140).collect();
    if cut.len() < text.len() { cut + "…" } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_that_differ_in_names_are_one() {
        let mut ledger = Ledger::default();
        ledger.count("`a` is not defined", || "x".into());
        ledger.count("`b` is not defined", || "y".into());
        ledger.count("the module `numpy` was not found", || "z".into());
        assert_eq!(
            ledger.sorted(),
            [("… is not defined", 2, "x"), ("the module `numpy` was not found", 1, "z")]
        );
    }

    #[test]
    fn an_apostrophe_opens_nothing() {
        assert_eq!(normalized("Can't emit 'x' of 12 rows"), "Can't emit … of # rows");
    }
}
