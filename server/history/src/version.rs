//! The rows of the version table, and how a step changes them.
//!
//! Follows `alembic.runtime.migration` (`HeadMaintainer`, `RevisionStep`, `StampStep`). Where
//! Alembic takes an arbitrary member of a Python set (which parent of a merge is updated and which
//! are deleted), here it is the last one in the order declared.

use std::collections::BTreeSet;
use std::fmt;

use crate::reach::Through;
use crate::resolve::Found;
use crate::step::{Stamp, Step};
use crate::{History, HistoryError, Node, RevisionId};

/// One statement against the version table.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum VersionChange {
    /// The row goes.
    Delete(RevisionId),
    /// The row comes.
    Insert(RevisionId),
    /// The row changes its value.
    Update {
        /// The value before.
        from: RevisionId,
        /// The value after.
        to: RevisionId,
    },
}

impl VersionChange {
    /// The value that goes and the value that comes.
    pub fn ends(&self) -> (Option<&RevisionId>, Option<&RevisionId>) {
        match self {
            Self::Delete(id) => (Some(id), None),
            Self::Insert(id) => (None, Some(id)),
            Self::Update { from, to } => (Some(from), Some(to)),
        }
    }
}

impl fmt::Display for VersionChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delete(id) => write!(f, "delete {id}"),
            Self::Insert(id) => write!(f, "insert {id}"),
            Self::Update { from, to } => write!(f, "update {from} to {to}"),
        }
    }
}

/// The rows of a version table while a plan runs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VersionTable {
    rows: BTreeSet<RevisionId>,
}

impl VersionTable {
    /// A table that holds these rows.
    pub fn new(rows: impl IntoIterator<Item = RevisionId>) -> Self {
        Self { rows: rows.into_iter().collect() }
    }

    /// The rows, sorted.
    pub fn rows(&self) -> impl Iterator<Item = &RevisionId> {
        self.rows.iter()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes a step, and returns its statements in order.
    ///
    /// # Errors
    /// [`HistoryError::VersionTable`] when the rows do not fit the step, as when a revision is
    /// downgraded that is not applied. The rows are then as they were.
    pub fn apply(
        &mut self,
        history: &History,
        step: &Step,
    ) -> Result<Vec<VersionChange>, HistoryError> {
        let changes = match step {
            Step::Upgrade(node) => self.upgrade(history, *node)?,
            Step::Downgrade(node) => self.downgrade(history, *node)?,
            Step::Stamp(stamp) => self.stamp(stamp)?,
        };
        for (done, change) in changes.iter().enumerate() {
            if let Err(error) = self.change(change) {
                for change in changes.iter().take(done).rev() {
                    self.undo(change);
                }
                return Err(error);
            }
        }
        Ok(changes)
    }

    fn change(&mut self, change: &VersionChange) -> Result<(), HistoryError> {
        let (gone, come) = change.ends();
        if let Some(id) = come.filter(|id| self.rows.contains(*id)) {
            return Err(unfit(format!("'{id}' is there already")));
        }
        if let Some(id) = gone.filter(|id| !self.rows.remove(*id)) {
            return Err(unfit(format!("'{id}' is not there")));
        }
        self.rows.extend(come.cloned());
        Ok(())
    }

    fn undo(&mut self, change: &VersionChange) {
        let (gone, come) = change.ends();
        if let Some(id) = come {
            self.rows.remove(id);
        }
        self.rows.extend(gone.cloned());
    }

    fn upgrade(&self, history: &History, node: Node) -> Result<Vec<VersionChange>, HistoryError> {
        let id = || history[node].id.clone();
        let required = history.requirements(node);
        let present: Vec<Node> =
            required.iter().copied().filter(|one| self.holds(history, *one)).collect();
        match present.as_slice() {
            [] => Ok(vec![VersionChange::Insert(id())]),
            // The rest of what it requires is implied by other rows.
            [one] => Ok(vec![VersionChange::Update { from: history[*one].id.clone(), to: id() }]),
            _ => {
                let others = self
                    .rows
                    .iter()
                    .filter(|row| !required.iter().any(|one| history[*one].id == **row));
                let implied = implied_by(history, others)?;
                let mut gone: Vec<RevisionId> = required
                    .iter()
                    .filter(|one| !implied.contains(**one))
                    .map(|one| history[*one].id.clone())
                    .collect();
                let Some(from) = gone.pop() else {
                    return Err(unfit(format!("other rows imply all that '{}' merges", id())));
                };
                let mut changes: Vec<_> = gone.into_iter().map(VersionChange::Delete).collect();
                changes.push(VersionChange::Update { from, to: id() });
                Ok(changes)
            }
        }
    }

    fn downgrade(&self, history: &History, node: Node) -> Result<Vec<VersionChange>, HistoryError> {
        let from = history[node].id.clone();
        if !self.rows.contains(&from) {
            return Err(unfit(format!("'{from}' is not there")));
        }
        let required = history.requirements(node);
        let alone = self.rows.len() == 1;
        let mut left: Vec<Node> = match required {
            [] => Vec::new(),
            [one] if alone => vec![*one],
            several if alone => several
                .iter()
                .copied()
                .filter(|one| {
                    !several.iter().any(|other| {
                        other != one && history.is_ancestor(*one, *other, Through::Dependencies)
                    })
                })
                .collect(),
            some => {
                let implied = implied_by(history, self.rows.iter().filter(|row| **row != from))?;
                some.iter().copied().filter(|one| !implied.contains(*one)).collect()
            }
        };
        let Some(last) = left.pop() else {
            return Ok(vec![VersionChange::Delete(from)]);
        };
        let mut changes: Vec<_> =
            history.ids(&left).into_iter().map(VersionChange::Insert).collect();
        changes.push(VersionChange::Update { from, to: history[last].id.clone() });
        Ok(changes)
    }

    fn stamp(&self, stamp: &Stamp) -> Result<Vec<VersionChange>, HistoryError> {
        let not_there = |id: &RevisionId| !self.rows.contains(id);
        if !stamp.up && stamp.branch_move {
            return Ok(stamp.from.iter().cloned().map(VersionChange::Delete).collect());
        }
        let Some(to) = stamp.to.clone() else {
            return Err(unfit("a stamp without a target leaves the branch".to_owned()));
        };
        if stamp.up && (stamp.branch_move || stamp.from.iter().any(not_there)) && not_there(&to) {
            return Ok(vec![VersionChange::Insert(to)]);
        }
        let Some((last, others)) = stamp.from.split_last() else {
            return Err(unfit(format!("'{to}' is there already")));
        };
        let mut changes: Vec<_> = others.iter().cloned().map(VersionChange::Delete).collect();
        changes.push(VersionChange::Update { from: last.clone(), to });
        Ok(changes)
    }

    fn holds(&self, history: &History, node: Node) -> bool {
        self.rows.contains(&history[node].id)
    }
}

/// The revisions that rows stand for, and all that these require.
fn implied_by<'a>(
    history: &History,
    rows: impl Iterator<Item = &'a RevisionId>,
) -> Result<crate::node::NodeSet, HistoryError> {
    let mut nodes = Vec::new();
    for row in rows {
        if let Some(node) = history.find(row.as_str()) {
            nodes.push(node);
            continue;
        }
        let found = history.get_revisions(row.as_str());
        for one in found.map_err(|fault| unfit(fault.plain().to_string()))? {
            match one {
                Found::Revision(node) => nodes.push(node),
                _ => return Err(unfit(format!("'{row}' is no revision"))),
            }
        }
    }
    Ok(history.below(&nodes, Through::Dependencies))
}

fn unfit(why: String) -> HistoryError {
    HistoryError::VersionTable { why }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::VersionTable;
    use crate::drawing::history;
    use crate::{Plan, RevisionId};

    /// The steps of a plan, with the statements of each.
    fn run(graph: &str, rows: &[&str], plan: fn(&crate::History, &[RevisionId]) -> Plan) -> String {
        let history = history(graph);
        let rows: Vec<RevisionId> = rows.iter().map(|row| RevisionId::from(*row)).collect();
        let plan = plan(&history, &rows);
        let mut table = VersionTable::new(rows);
        let mut text = String::new();
        for step in &plan.steps {
            text += &history.short_log(step);
            match table.apply(&history, step) {
                Ok(changes) => {
                    let changes: Vec<_> = changes.iter().map(ToString::to_string).collect();
                    text += &format!(": {}\n", changes.join(", "));
                }
                Err(error) => {
                    text += &format!(": {error}\n");
                    break;
                }
            }
        }
        text
    }

    const DIAMOND: &str = "
        a
        b <- a
        c <- a
        m <- b c
    ";

    #[test]
    fn a_merge_deletes_all_parents_but_the_last_and_updates_that() {
        let steps = run(DIAMOND, &[], |history, rows| history.upgrade("head", rows).unwrap());
        expect![[r#"
            upgrade  -> a: insert a
            upgrade a -> c: update a to c
            upgrade a -> b: insert b
            upgrade b, c -> m: delete b, update c to m
        "#]]
        .assert_eq(&steps);
    }

    #[test]
    fn taking_a_merge_back_inserts_what_it_deleted() {
        let steps = run(DIAMOND, &["m"], |history, rows| history.downgrade("base", rows).unwrap());
        expect![[r#"
            downgrade m -> b, c: insert b, update m to c
            downgrade b -> a: delete b
            downgrade c -> a: update c to a
            downgrade a -> : delete a
        "#]]
        .assert_eq(&steps);
    }

    #[test]
    fn a_base_that_depends_on_a_head_replaces_its_row() {
        let graph = "
            core
            shop needs core
        ";
        let steps = run(graph, &[], |history, rows| history.upgrade("heads", rows).unwrap());
        expect![[r#"
            upgrade  -> core: insert core
            upgrade  -> shop: update core to shop
        "#]]
        .assert_eq(&steps);
    }

    #[test]
    fn a_stamp_below_several_heads_leaves_one_row() {
        let steps = run(DIAMOND, &["b", "c"], |history, rows| history.stamp(&["a"], rows).unwrap());
        expect![[r#"
            stamp_revision b, c -> a: delete b, update c to a
        "#]]
        .assert_eq(&steps);
    }

    #[test]
    fn a_step_that_does_not_fit_changes_nothing() {
        let history = history(DIAMOND);
        let mut table = VersionTable::new([RevisionId::from("b")]);
        let merge = crate::Step::Downgrade(history.find("m").unwrap());
        let error = table.apply(&history, &merge).unwrap_err();
        expect![[r#"The version table does not fit: 'm' is not there; ["b"]"#]]
            .assert_eq(&format!("{error}; {:?}", table.rows().collect::<Vec<_>>()));
    }
}
