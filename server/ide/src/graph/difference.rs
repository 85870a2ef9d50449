//! What is another in a later view: so that an editor that shows one is told no more than it needs.

use revline_text::Fingerprint;

use super::fold::{self, Edges};
use super::{GraphRevision, GraphView};

impl GraphView {
    /// The identity of all that is shown.
    pub fn identity(&self) -> Fingerprint {
        Fingerprint::of(self)
    }

    /// The rows that read otherwise than in an earlier view of the same shape; `None` where the shape is
    /// another one.
    pub fn changed_since(&self, earlier: &Self) -> Option<Vec<usize>> {
        if self.shape() != earlier.shape() {
            return None;
        }
        let both = self.rows.iter().zip(&earlier.rows).enumerate();
        Some(both.filter(|(_, (now, then))| now != then).map(|(at, _)| at).collect())
    }

    /// Stretches of single rows in which nothing happens but one revision after the other, as first and
    /// last row; they can be hidden without hiding a fork, a merge, a head, a label or a database.
    pub fn runs(&self) -> Vec<(usize, usize)> {
        let alone = |row: &'_ super::GraphRow| row.revisions.len() == 1;
        if !self.rows.iter().all(alone) {
            return Vec::new();
        }
        let revisions: Vec<&GraphRevision> =
            self.rows.iter().filter_map(|row| row.revisions.first()).collect();
        let edges = self
            .rows
            .iter()
            .map(|row| Edges { parents: row.parents.clone(), depends_on: row.depends_on.clone() });
        fold::runs(&revisions, &edges.collect::<Vec<_>>())
    }

    /// The identity of rows, lanes, edges and runs, without what is written on the rows.
    fn shape(&self) -> Fingerprint {
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let ids: Vec<&str> = row.revisions.iter().map(|one| one.id.as_str()).collect();
            rows.push((ids, row.lane, &row.parents, &row.depends_on));
        }
        Fingerprint::of(&(&self.environment, rows, self.runs()))
    }
}
