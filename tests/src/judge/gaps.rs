//! What a database behind a gap lacks: the revisions that Alembic could not run, of which the header alone
//! counts.
//!
//! A batch copies the table that is there. Where a skipped revision was to change that very table, what is
//! executed on it says nothing about what it would have been.

#![allow(clippy::disallowed_methods, reason = "revisions are files")]

use std::collections::{BTreeMap, BTreeSet};

use super::corpus::{Location, find};
use super::online::Run;

/// The skipped revisions of a location.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    parents: BTreeMap<String, Vec<String>>,
    /// By identifier, the names that stand in quotes in its file.
    skipped: BTreeMap<String, BTreeSet<String>>,
}

impl Gaps {
    /// Those of runs of a location.
    pub(super) fn of(location: &Location, runs: &[Run]) -> Self {
        let mut gaps = Self::default();
        for run in runs.iter().filter(|run| run.direction == "upgrade") {
            gaps.parents.insert(run.revision.clone(), run.parents.clone());
            if run.outcome == "ended" && run.base != "state" {
                let file = location.versions.iter().find_map(|folder| find(folder, &run.file));
                let text = file.and_then(|file| std::fs::read_to_string(file).ok());
                gaps.skipped.insert(run.revision.clone(), quoted(&text.unwrap_or_default()));
            }
        }
        gaps
    }

    /// Whether two statements about one table differ in something that a skipped revision before this one names
    /// together with the table.
    pub(super) fn explain(&self, revision: &str, theirs: &str, ours: &str) -> bool {
        let (left, right) = (words(theirs), words(ours));
        let tables: Vec<&str> = left
            .intersection(&right)
            .map(|word| word.strip_prefix("_alembic_tmp_").unwrap_or(word))
            .collect();
        let differing: Vec<&&str> = left.symmetric_difference(&right).collect();
        self.before(revision).into_iter().filter_map(|one| self.skipped.get(one)).any(|names| {
            tables.iter().any(|table| names.contains(*table))
                && differing.iter().any(|word| names.contains(**word))
        })
    }

    /// All ancestors.
    fn before<'a>(&'a self, revision: &'a str) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        let mut left = vec![revision];
        while let Some(one) = left.pop() {
            for parent in self.parents.get(one).into_iter().flatten() {
                if seen.insert(parent.as_str()) {
                    left.push(parent);
                }
            }
        }
        seen
    }
}

fn words(statement: &str) -> BTreeSet<&str> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    statement.split(|letter| !is_word(letter)).filter(|word| !word.is_empty()).collect()
}

/// The names that stand alone in quotes.
fn quoted(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in text.lines() {
        for quote in ['"', '\''] {
            let parts = line.split(quote).skip(1).step_by(2);
            names.extend(parts.filter(|part| words(part).contains(part)).map(str::to_owned));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaps() -> Gaps {
        let skipped = "op.add_column('jobs', sa.Column(\"room\", sa.Text()))";
        let parents = [("c", &["b"] as &[&str]), ("b", &["a"]), ("a", &[]), ("x", &[])];
        Gaps {
            parents: parents
                .map(|(name, all)| (name.into(), all.iter().map(|one| (*one).into()).collect()))
                .into(),
            skipped: [("a".to_owned(), quoted(skipped))].into(),
        }
    }

    #[test]
    fn a_copy_without_a_column_that_a_skipped_revision_adds_proves_nothing() {
        let (theirs, ours) = (
            "CREATE TABLE _alembic_tmp_jobs (\n\tid INTEGER\n)",
            "CREATE TABLE _alembic_tmp_jobs (\n\tid INTEGER, \n\troom TEXT\n)",
        );
        assert!(gaps().explain("c", theirs, ours));
        assert!(!gaps().explain("x", theirs, ours), "it does not stand before it");
    }

    #[test]
    fn a_difference_in_another_table_or_in_what_no_skipped_revision_names_counts() {
        let column = |table: &str, name: &str| {
            format!("CREATE TABLE _alembic_tmp_{table} (\n\tid INTEGER, \n\t{name} TEXT\n)")
        };
        assert!(!gaps().explain("c", &column("jobs", "name"), &column("jobs", "title")));
        assert!(!gaps().explain("c", &column("rooms", "room"), &column("rooms", "name")));
    }
}
