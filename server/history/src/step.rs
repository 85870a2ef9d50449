//! What `upgrade`, `downgrade`, `stamp` and `history` do, step by step.

use crate::fault::Fault;
use crate::node::NodeSet;
use crate::reach::Through;
use crate::resolve::Found;
use crate::target::{End, Reading, Selection, shown};
use crate::{History, HistoryError, Node, RevisionId, Walk};

/// One step of a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// Runs `upgrade()` of a revision.
    Upgrade(Node),
    /// Runs `downgrade()` of a revision.
    Downgrade(Node),
    /// Runs nothing; only the version table changes.
    Stamp(Stamp),
}

/// A move in the version table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// Rows that are left.
    pub from: Vec<RevisionId>,
    /// The row that is reached; `None` for base.
    pub to: Option<RevisionId>,
    /// Whether it leads up.
    pub up: bool,
    /// Whether a branch as a whole appears or goes.
    pub branch_move: bool,
}

/// The steps towards a target.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// In the order in which they run.
    pub steps: Vec<Step>,
    /// The target counted from one of several current heads, the first. Alembic warns
    /// ([`AMBIGUOUS_DOWNGRADE`]) and goes on.
    pub ambiguous: bool,
}

/// Alembic's warning for a plan that is [`Plan::ambiguous`].
pub const AMBIGUOUS_DOWNGRADE: &str = "downgrade -1 from multiple heads is ambiguous; this usage will be disallowed in a future release.";

impl History {
    /// The steps of `upgrade TARGET` for a database whose version table holds `applied`.
    pub fn upgrade(&self, target: &str, applied: &[RevisionId]) -> Result<Plan, HistoryError> {
        self.check()?;
        let reading = Reading { inclusive: false, implicit_base: true, all_steps: true };
        let selection = self
            .select_upwards(End::Typed(target), End::Applied(applied), reading)
            .map_err(|fault| fault.upgrade(target))?;
        let mut nodes = self.listed(&selection, target)?;
        nodes.reverse();
        Ok(Plan { steps: nodes.into_iter().map(Step::Upgrade).collect(), ambiguous: false })
    }

    /// The steps of `downgrade TARGET` for a database whose version table holds `applied`, in the
    /// order in which it gives its rows.
    pub fn downgrade(&self, target: &str, applied: &[RevisionId]) -> Result<Plan, HistoryError> {
        self.check()?;
        let (selection, ambiguous) =
            self.select_downwards(applied, target).map_err(|fault| fault.downgrade(target))?;
        let nodes = self.listed(&selection, target)?;
        Ok(Plan { steps: nodes.into_iter().map(Step::Downgrade).collect(), ambiguous })
    }

    /// The revisions that `history` lists, newest first. Both ends belong to the range.
    pub fn walk_range(&self, walk: &Walk<'_>) -> Result<Vec<Node>, HistoryError> {
        self.check()?;
        let reading = Reading { inclusive: true, implicit_base: false, all_steps: false };
        let (upper, lower) = (walk.upper(), walk.lower());
        let selection = self
            .select_upwards(upper, lower, reading)
            .map_err(|fault| fault.range(&shown(lower), &shown(upper)))?;
        self.listed(&selection, &shown(upper))
    }

    /// All revisions as `history` lists them, newest first. Where Alembic would refuse the folder,
    /// the sound part.
    pub fn newest_first(&self) -> Vec<Node> {
        let all: NodeSet = self.order.iter().copied().collect();
        self.downwards(&all, &self.real_heads).unwrap_or_else(|| self.order.clone())
    }

    /// All revisions in the order in which `upgrade heads` runs them.
    pub fn oldest_first(&self) -> Vec<Node> {
        let mut nodes = self.newest_first();
        nodes.reverse();
        nodes
    }

    /// What a database holds that starts at `start` in `--sql` mode: nothing for `base` and where
    /// no start is given, else the one revision named.
    pub fn starting_at(&self, start: Option<&str>) -> Result<Vec<RevisionId>, HistoryError> {
        self.check()?;
        let Some(start) = start.filter(|start| *start != "base") else {
            return Ok(Vec::new());
        };
        match self.get_revision(start).map_err(Fault::plain)? {
            Found::Revision(node) => Ok(vec![self[node].id.clone()]),
            _ => Err(HistoryError::BeyondTheEnd { target: start.to_owned() }),
        }
    }

    /// The revisions that `current` lists for a version table that holds `applied`: its rows, and
    /// the heads of other branches that these rows imply. In load order.
    pub fn all_current(&self, applied: &[RevisionId]) -> Result<Vec<Node>, HistoryError> {
        self.check()?;
        let mut rows = Vec::new();
        for one in self.found(End::Applied(applied)).map_err(Fault::plain)? {
            if let Found::Revision(node) = one {
                rows.push(node);
            }
        }
        Ok(self.branch_heads(self.below(&rows, Through::Dependencies)))
    }

    /// The steps of `stamp TARGETS` for a database whose version table holds `applied`.
    pub fn stamp(&self, targets: &[&str], applied: &[RevisionId]) -> Result<Plan, HistoryError> {
        self.check()?;
        let steps = self.stamp_steps(targets, applied).map_err(Fault::stamp)?;
        Ok(Plan { steps: steps.into_iter().map(Step::Stamp).collect(), ambiguous: false })
    }

    /// `ScriptDirectory._stamp_revs`.
    fn stamp_steps(&self, targets: &[&str], applied: &[RevisionId]) -> Result<Vec<Stamp>, Fault> {
        let mut rows = Vec::new();
        for one in self.found(End::Applied(applied))? {
            match one {
                Found::Revision(node) => rows.push(node),
                _ => return Err(HistoryError::BeyondTheEnd { target: String::new() }.into()),
            }
        }
        let targets = if targets.is_empty() { &["base"] } else { targets };
        let mut heads: Vec<Node> = Vec::new();
        let mut among_heads = NodeSet::default();
        for target in targets.iter().filter(|target| !target.is_empty()) {
            for node in self.of_lineage(&rows, target, Through::Dependencies)? {
                if among_heads.insert(node) {
                    heads.push(node);
                }
            }
        }
        let mut destinations = Vec::new();
        for target in targets {
            destinations.extend(self.get_revisions(target)?);
        }
        if destinations.is_empty() {
            destinations.push(Found::Nothing);
        }
        let mut steps = Vec::new();
        for destination in destinations {
            let node = match destination {
                Found::Nothing => {
                    steps.extend(self.ids(&heads).into_iter().map(|head| Stamp {
                        from: vec![head],
                        to: None,
                        up: false,
                        branch_move: true,
                    }));
                    continue;
                }
                Found::Base => {
                    let target = targets.join(" ");
                    return Err(HistoryError::BeyondTheEnd { target }.into());
                }
                Found::Revision(node) if among_heads.contains(node) => continue,
                Found::Revision(node) => node,
            };
            let meets = |set: NodeSet| heads.iter().any(|head| set.contains(*head));
            let heads_above = meets(self.above(&[node], Through::Dependencies));
            let heads_below = meets(self.below(&[node], Through::Dependencies));
            let to = self[node].id.clone();
            if heads_above && heads_below {
                return Err(HistoryError::StampBothWays { target: to }.into());
            }
            let moved = heads_above || heads_below;
            steps.push(Stamp {
                from: if moved { self.ids(&heads) } else { Vec::new() },
                to: Some(to),
                up: !heads_above,
                branch_move: !moved,
            });
        }
        Ok(steps)
    }

    /// What Alembic logs for a step, without the docstring: `upgrade a, b -> c`. The side of base is
    /// empty. With `-- Running ` before it, it is the comment of a `--sql` script.
    pub fn short_log(&self, step: &Step) -> String {
        let parents = |node: Node| -> Vec<&str> {
            self[node].down.iter().map(|parent| parent.id.as_str()).collect()
        };
        match step {
            Step::Upgrade(node) => {
                format!("upgrade {} -> {}", parents(*node).join(", "), self[*node].id)
            }
            Step::Downgrade(node) => {
                format!("downgrade {} -> {}", self[*node].id, parents(*node).join(", "))
            }
            Step::Stamp(stamp) => {
                let from: Vec<_> = stamp.from.iter().map(RevisionId::as_str).collect();
                let to = stamp.to.as_ref().map_or("", RevisionId::as_str);
                format!("stamp_revision {} -> {to}", from.join(", "))
            }
        }
    }

    fn listed(&self, selection: &Selection, end: &str) -> Result<Vec<Node>, HistoryError> {
        self.downwards(&selection.revisions, &selection.heads)
            .ok_or_else(|| HistoryError::JoinedByDependencies { end: end.to_owned() })
    }
}
