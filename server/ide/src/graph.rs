//! The revision graph as something to look at: rows in chain order, lanes, edges, and what is marked.
//!
//! It says where everything stands and draws nothing itself, but for [`GraphView::lines`], which
//! editors and terminals without a canvas show as it is.

mod lanes;
mod text;

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use revline_analysis::Project;
use revline_history::{History, Node, RevisionId};
use revline_lint::{Finding, Severity};
use revline_text::{FileId, Fingerprint};

pub use text::GraphLine;

/// The shortest run of revisions that is worth folding away.
const SHORTEST_RUN: usize = 4;

/// The graph of one environment, newest revision first, in the order in which Alembic lists it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GraphView {
    /// The environment's name.
    pub environment: String,
    /// A row for each revision. A file whose identifier a later file takes stands at the end.
    pub rows: Vec<GraphRow>,
    /// The lines from children to what they stand on, in the order of the children's rows.
    pub edges: Vec<GraphEdge>,
    /// How many lanes there are side by side.
    pub lanes: u32,
    /// Stretches in which nothing happens but one revision after the other, as first and last row;
    /// they can be folded away without hiding a fork, a merge, a head, a label or a database.
    pub runs: Vec<(u32, u32)>,
    /// The identity of rows, lanes, edges and runs, without what is written on the rows.
    pub shape: Fingerprint,
}

/// A revision in the picture.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct GraphRow {
    /// Its identifier.
    pub id: RevisionId,
    /// The first line of its title.
    pub title: String,
    /// When it was made, as written.
    pub created: Option<String>,
    /// The file that declares it.
    pub file: FileId,
    /// The lane it stands in, from 0.
    pub lane: u32,
    /// What it is in the history.
    pub roles: Vec<GraphRole>,
    /// The branch labels that it declares.
    pub labels: Vec<String>,
    /// Parents and dependencies that no file declares, as written.
    pub missing: Vec<String>,
    /// What is wrong in its file, the worst first.
    pub problems: Vec<GraphProblem>,
    /// The databases that stand at this revision.
    pub databases: Vec<String>,
}

/// What a revision is in the history.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GraphRole {
    /// It has no child.
    Head,
    /// It declares no parent.
    Base,
    /// It has several parents.
    Merge,
    /// It has several children.
    BranchPoint,
    /// A later file has its identifier, so Alembic does not see it.
    Shadowed,
}

impl GraphRole {
    /// The role as a word or two.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Base => "base",
            Self::Merge => "merge",
            Self::BranchPoint => "branch point",
            Self::Shadowed => "shadowed",
        }
    }
}

/// A finding in the file of a revision.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct GraphProblem {
    /// How much it matters.
    pub severity: Severity,
    /// The rule that found it.
    pub rule: &'static str,
    /// What it says.
    pub message: String,
}

/// A line from a revision to one that it stands on. It bends into the lane of the lower one right
/// below the upper one, and runs down in that lane.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GraphEdge {
    /// The row of the revision that stands on the other.
    pub child: u32,
    /// The row of the other.
    pub parent: u32,
    /// Whether it is a dependency, and no parent.
    pub is_dependency: bool,
}

/// What is known beside the history.
#[derive(Default)]
pub struct GraphMarks<'a> {
    /// The findings of each file, as far as they are computed.
    pub findings: HashMap<FileId, Arc<Vec<Finding>>>,
    /// The name of each database and what its version table holds.
    pub databases: &'a [(String, Vec<RevisionId>)],
}

impl GraphView {
    /// The picture of an environment.
    pub fn of(project: &Project, marks: &GraphMarks<'_>) -> Self {
        let history = project.history();
        let mut order = history.newest_first();
        let listed = order.len();
        order.extend(history.all().filter(|node| !history.counts(*node)));
        Self::drawn(project, &order, listed, marks)
    }

    /// The picture of some of its revisions, newest first, as a range of the history gives them.
    pub fn part(project: &Project, nodes: &[Node], marks: &GraphMarks<'_>) -> Self {
        Self::drawn(project, nodes, nodes.len(), marks)
    }

    /// The rows of `order`, of which the first `listed` have edges.
    fn drawn(project: &Project, order: &[Node], listed: usize, marks: &GraphMarks<'_>) -> Self {
        let history = project.history();
        let places: HashMap<Node, u32> = order.iter().copied().zip(0..).collect();
        let edges = edges(history, order.get(..listed).unwrap_or_default(), &places);
        let (lanes, width) = lanes::lanes(order.len(), &edges);
        let rows: Vec<GraphRow> =
            order.iter().zip(lanes).map(|(node, lane)| row(project, *node, lane, marks)).collect();
        let runs = runs(history, order, &rows, &edges);
        let drawn: Vec<(&RevisionId, u32)> = rows.iter().map(|row| (&row.id, row.lane)).collect();
        let shape = Fingerprint::of(&(&drawn, &edges, &runs, width));
        let environment = project.name().to_owned();
        Self { environment, rows, edges, lanes: width, runs, shape }
    }

    /// The identity of all that is shown.
    pub fn identity(&self) -> Fingerprint {
        Fingerprint::of(self)
    }

    /// The rows that read otherwise than in an earlier view of the same shape; `None` where the
    /// shape is another one.
    pub fn changed_since(&self, earlier: &Self) -> Option<Vec<u32>> {
        if self.shape != earlier.shape || self.environment != earlier.environment {
            return None;
        }
        let both = self.rows.iter().zip(&earlier.rows).zip(0..);
        Some(both.filter(|((now, then), _)| now != then).map(|(_, place)| place).collect())
    }

    /// The picture as lines of text, as wide as they get; each with the row that it is about.
    pub fn lines(&self) -> Vec<GraphLine> {
        text::lines(self)
    }
}

impl Hash for GraphView {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.environment, &self.rows, self.shape).hash(state);
    }
}

fn edges(history: &History, order: &[Node], places: &HashMap<Node, u32>) -> Vec<GraphEdge> {
    let mut edges: Vec<GraphEdge> = Vec::with_capacity(order.len());
    for (node, child) in order.iter().zip(0..) {
        let first = edges.len();
        let parents = history.parents(*node).iter().map(|one| (one, false));
        let dependencies = history.dependencies(*node).iter().map(|one| (one, true));
        for (below, is_dependency) in parents.chain(dependencies) {
            let Some(parent) = places.get(below).copied() else { continue };
            // A parent may be declared twice.
            let own = edges.get(first..).unwrap_or_default();
            if !own.iter().any(|edge| edge.parent == parent) {
                edges.push(GraphEdge { child, parent, is_dependency });
            }
        }
    }
    edges
}

fn row(project: &Project, node: Node, lane: u32, marks: &GraphMarks<'_>) -> GraphRow {
    let history = project.history();
    let revision = &history[node];
    let counts = history.counts(node);
    let roles = [
        (GraphRole::Shadowed, !counts),
        (GraphRole::Head, counts && history.is_head(node)),
        (GraphRole::Merge, history.is_merge_point(node)),
        (GraphRole::BranchPoint, history.is_branch_point(node)),
        (GraphRole::Base, history.is_base(node)),
    ];
    let exists = |name: &str| history.find(name).is_some() || history.find_label(name).is_some();
    let missing = revision.down.iter().filter(|one| history.find(one.id.as_str()).is_none());
    let depends = revision.depends_on.iter().filter(|one| !exists(one.id.as_str()));
    let found = marks.findings.get(&revision.file).map(|found| found.as_slice());
    let own = |finding: &&Finding| finding.environment == project.name();
    let mut problems: Vec<GraphProblem> = found
        .unwrap_or_default()
        .iter()
        .filter(own)
        .map(|finding| GraphProblem {
            severity: finding.severity,
            rule: finding.rule,
            message: finding.message.clone(),
        })
        .collect();
    problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    let stands = |held: &[RevisionId]| counts && held.contains(&revision.id);
    let databases = marks.databases.iter().filter(|(_, held)| stands(held));
    GraphRow {
        id: revision.id.clone(),
        title: revision.title.lines().next().unwrap_or_default().trim().to_owned(),
        created: revision.created.clone(),
        file: revision.file,
        lane,
        roles: roles.into_iter().filter(|(_, is)| *is).map(|(role, _)| role).collect(),
        labels: revision.labels.iter().map(|label| label.name.clone()).collect(),
        missing: missing.chain(depends).map(|one| one.id.to_string()).collect(),
        problems,
        databases: databases.map(|(name, _)| name.clone()).collect(),
    }
}

/// Stretches of revisions that each have the next row for their only parent and the one before for
/// their only child, and carry nothing that somebody looks for.
fn runs(
    history: &History,
    order: &[Node],
    rows: &[GraphRow],
    edges: &[GraphEdge],
) -> Vec<(u32, u32)> {
    let mut down: Vec<u32> = vec![0; rows.len()];
    let mut follows: Vec<bool> = vec![false; rows.len()];
    let mut up: Vec<u32> = vec![0; rows.len()];
    for edge in edges {
        let count = |counts: &mut Vec<u32>, at: u32| {
            if let Some(count) = counts.get_mut(at as usize) {
                *count += 1;
            }
        };
        count(&mut down, edge.child);
        count(&mut up, edge.parent);
        if edge.parent == edge.child + 1
            && !edge.is_dependency
            && let Some(slot) = follows.get_mut(edge.child as usize)
        {
            *slot = true;
        }
    }
    let inner = |at: usize| {
        let once = |counts: &[u32]| counts.get(at) == Some(&1);
        let follows = |at: usize| follows.get(at).copied().unwrap_or_default();
        let quiet = |row: &GraphRow| {
            row.labels.is_empty() && row.databases.is_empty() && row.missing.is_empty()
        };
        let node = order.get(at).copied();
        at > 0
            && once(&up)
            && once(&down)
            && follows(at)
            && follows(at - 1)
            && rows.get(at).is_some_and(quiet)
            && node.is_some_and(|node| history[node].down.len() == 1)
    };
    let mut runs = Vec::new();
    let mut first = 0;
    for at in 0..=rows.len() {
        if at < rows.len() && inner(at) {
            continue;
        }
        if at - first >= SHORTEST_RUN
            && let (Ok(first), Ok(last)) = (u32::try_from(first), u32::try_from(at - 1))
        {
            runs.push((first, last));
        }
        first = at + 1;
    }
    runs
}

#[cfg(test)]
mod tests;
