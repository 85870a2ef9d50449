//! The graph of an environment as a picture that anybody can draw: rows, lanes and edges.
//!
//! A child stands above its parents, the newest revision first. An edge leaves its row sideways to the
//! lane of the parent and then runs straight down to it; no other revision stands in its way. So a
//! row needs to know nothing but its own lane and the rows of its parents.

mod difference;
mod fold;
mod lanes;
mod text;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use revline_analysis::{Project, Snapshot};
use revline_history::{Defect, History, Node, RevisionId};
use revline_lint::{Cache, Finding, Severity};
use revline_text::{FileId, Range, Span};

pub use text::GraphLine;

/// The picture of an environment's graph.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct GraphView {
    /// The name of the environment.
    pub environment: String,
    /// From the newest to the oldest.
    pub rows: Vec<GraphRow>,
    /// How many lanes there are side by side.
    pub lanes: usize,
}

/// A row of the picture.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct GraphRow {
    /// One revision, or a chain of them that was folded into a row, the newest first.
    pub revisions: Vec<GraphRevision>,
    /// Where it stands, from 0 on the left.
    pub lane: usize,
    /// The rows of the parents, all below it.
    pub parents: Vec<usize>,
    /// The rows of what it depends on without being its child, all below it.
    pub depends_on: Vec<usize>,
}

/// A revision in the picture.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct GraphRevision {
    /// Its identifier.
    pub id: String,
    /// The first line of its message.
    pub title: String,
    /// When it was made, as written.
    pub created: Option<String>,
    /// Its file.
    pub file: FileId,
    /// Its identifier in the file.
    pub at: Span,
    /// The branch labels that it declares.
    pub labels: Vec<String>,
    /// The identifiers of its parents as written.
    pub parents: Vec<String>,
    /// Those of them that are there and not in the picture.
    pub outside: Vec<String>,
    /// Those of them that are not there at all.
    pub missing: Vec<String>,
    /// What it depends on, as written.
    pub depends_on: Vec<String>,
    /// Whether it has no child.
    pub head: bool,
    /// Whether it has no child and another revision depends on it.
    pub effective_head: bool,
    /// Whether it declares no parent.
    pub base: bool,
    /// Whether it has several children.
    pub branch_point: bool,
    /// Whether it has several parents.
    pub merge_point: bool,
    /// Whether a later file has its identifier, so that Alembic does not see it.
    pub shadowed: bool,
    /// The databases that stand at it.
    pub databases: Vec<String>,
    /// What is wrong with it, the worst first.
    pub problems: Vec<GraphProblem>,
}

/// What is wrong with a revision.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct GraphProblem {
    /// The rule.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
}

/// What is drawn of a history.
#[derive(Clone, Copy, Debug, Default)]
pub struct GraphOptions<'a> {
    /// These revisions alone, newest first, as a range of the history gives them; else all.
    pub revisions: Option<&'a [Node]>,
    /// Whether chains in which nothing happens become one row each.
    pub fold: bool,
    /// What was found in each file, as far as it is known; else what the rules about the graph say.
    pub findings: Option<&'a HashMap<FileId, Arc<Vec<Finding>>>>,
    /// The name of each database, and what its version table holds.
    pub databases: &'a [(String, Vec<RevisionId>)],
}

/// Draws the graph of an environment. Total: of a broken history the sound part is drawn, and what is
/// wrong is among the problems.
pub fn graph(
    snapshot: &Snapshot,
    project: &Project,
    cache: &Cache,
    options: GraphOptions<'_>,
) -> GraphView {
    let history = project.history();
    let all;
    let nodes = match options.revisions {
        Some(nodes) => nodes,
        None => {
            // Behind what Alembic lists: files whose identifier a later file takes.
            let shadowed = history.all().filter(|node| !history.counts(*node));
            all = history.newest_first().into_iter().chain(shadowed).collect::<Vec<Node>>();
            &all
        }
    };
    let shown: HashMap<Node, usize> = nodes.iter().zip(0..).map(|(node, at)| (*node, at)).collect();
    let problems = match options.findings {
        Some(findings) => problems(project, findings.iter().map(|(file, found)| (*file, found))),
        None => {
            let found = cache.graph_only(snapshot);
            problems(project, found.iter().map(|(file, found)| (*file, found)))
        }
    };
    let missing = missing(history);
    let revisions: Vec<GraphRevision> = nodes
        .iter()
        .map(|node| {
            let mut revision = revision(history, *node, &shown);
            revision.missing = missing.get(node).cloned().unwrap_or_default();
            revision.problems = problems.get(&revision.file).cloned().unwrap_or_default();
            let stand = options.databases.iter().filter(|(_, held)| {
                !revision.shadowed && held.iter().any(|held| *held == *revision.id.as_str())
            });
            revision.databases = stand.map(|(name, _)| name.clone()).collect();
            revision
        })
        .collect();
    let below = |at: usize, others: &[Node]| {
        let rows = others.iter().filter_map(|node| shown.get(node).copied());
        let mut rows: Vec<usize> = rows.filter(|row| *row > at).collect();
        // A parent may be declared twice.
        let mut seen = std::collections::HashSet::new();
        rows.retain(|row| seen.insert(*row));
        rows
    };
    let edges = nodes.iter().zip(0..).map(|(node, at)| fold::Edges {
        parents: below(at, history.parents(*node)),
        depends_on: below(at, history.dependencies(*node)),
    });
    let (groups, edges) = fold::rows(&revisions, edges.collect(), options.fold);
    let parents: Vec<Vec<usize>> = edges.iter().map(|edges| edges.parents.clone()).collect();
    let lanes = lanes::assign(&parents);
    let mut revisions: Vec<Option<GraphRevision>> = revisions.into_iter().map(Some).collect();
    let rows: Vec<GraphRow> = groups
        .into_iter()
        .zip(edges)
        .zip(&lanes)
        .map(|((group, edges), lane)| GraphRow {
            revisions: group
                .into_iter()
                .filter_map(|at| revisions.get_mut(at).and_then(Option::take))
                .collect(),
            lane: *lane,
            parents: edges.parents,
            depends_on: edges.depends_on,
        })
        .collect();
    let lanes = rows.iter().map(|row| row.lane + 1).max().unwrap_or(0);
    GraphView { environment: project.name().to_owned(), rows, lanes }
}

fn revision(history: &History, node: Node, shown: &HashMap<Node, usize>) -> GraphRevision {
    let one = &history[node];
    let outside = history.parents(node).iter().filter(|parent| !shown.contains_key(parent));
    let start = Span::new(one.file, Range::empty(0));
    GraphRevision {
        id: one.id.to_string(),
        title: one.title.lines().next().unwrap_or_default().to_owned(),
        created: one.created.clone(),
        file: one.file,
        at: one.spans.id.value.unwrap_or(start),
        labels: one.labels.iter().map(|label| label.name.clone()).collect(),
        parents: one.down.iter().map(|parent| parent.id.to_string()).collect(),
        outside: outside.map(|parent| history[*parent].id.to_string()).collect(),
        missing: Vec::new(),
        depends_on: one.depends_on.iter().map(|other| other.id.to_string()).collect(),
        head: history.is_head(node),
        effective_head: history.is_head(node) && !history.is_real_head(node),
        base: history.is_base(node),
        branch_point: history.is_branch_point(node),
        merge_point: history.is_merge_point(node),
        shadowed: !history.counts(node),
        databases: Vec::new(),
        problems: Vec::new(),
    }
}

/// The parents of each revision that are not there.
fn missing(history: &History) -> HashMap<Node, Vec<String>> {
    let mut missing: HashMap<Node, Vec<String>> = HashMap::new();
    for defect in history.defects() {
        if let Defect::MissingParent { revision, reference } = defect
            && let Some(parent) = history[*revision].down.get(*reference)
        {
            missing.entry(*revision).or_default().push(parent.id.to_string());
        }
    }
    missing
}

/// What was found in each file of the environment, the worst first.
fn problems<'a>(
    project: &Project,
    found: impl Iterator<Item = (FileId, &'a Arc<Vec<Finding>>)>,
) -> HashMap<FileId, Vec<GraphProblem>> {
    let mut problems: HashMap<FileId, Vec<GraphProblem>> = HashMap::new();
    for (file, findings) in found {
        let own = findings.iter().filter(|finding| finding.environment == project.name());
        let own = own.map(|finding| GraphProblem {
            rule: finding.rule,
            severity: finding.severity,
            message: finding.message.clone(),
        });
        let all = problems.entry(file).or_default();
        all.extend(own);
        all.sort_by_key(|problem| Reverse(problem.severity));
    }
    problems
}

#[cfg(test)]
mod tests;
