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

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::drawing::{history, ids};
    use crate::{Argument, History, HistoryError, Plan, RevisionId, StampArguments, Walk};

    /// Two branches with labels, one of which depends on the other, and a merge.
    const SHOP: &str = "
        a1b2c3
        a1b2d4 <- a1b2c3
        net1 <- a1b2d4 labels net
        net2 <- net1
        shop1 <- a1b2d4 labels shop
        shop2 <- shop1 needs net1
    ";

    fn logs(history: &History, plan: Result<Plan, HistoryError>) -> String {
        match plan {
            Ok(plan) => {
                let logs: Vec<_> = plan.steps.iter().map(|step| history.short_log(step)).collect();
                format!("{}{}", if plan.ambiguous { "(ambiguous) " } else { "" }, logs.join("; "))
            }
            Err(error) => format!("FAILED: {error}"),
        }
    }

    fn rows(text: &str) -> Vec<RevisionId> {
        text.split_whitespace().map(RevisionId::from).collect()
    }

    #[test]
    fn upgrades_take_every_form_of_target() {
        let history = history(SHOP);
        let asks = [
            ("heads", ""),
            ("head", ""),
            ("shop@head", ""),
            ("a1b2c", ""),
            ("a1b2", ""),
            ("+1", "a1b2c3"),
            ("+1", "a1b2d4"),
            ("shop@+1", "a1b2d4"),
            ("+9", "a1b2c3"),
            ("a1b2c3+1", ""),
            ("a1b2c3+7", "a1b2c3"),
            ("a1b2c3", "net1"),
            ("nope", ""),
        ];
        let lines: Vec<_> = asks
            .iter()
            .map(|(to, from)| {
                format!("{from} to {to}: {}", logs(&history, history.upgrade(to, &rows(from))))
            })
            .collect();
        expect![[r#"
             to heads: upgrade  -> a1b2c3; upgrade a1b2c3 -> a1b2d4; upgrade a1b2d4 -> net1; upgrade a1b2d4 -> shop1; upgrade shop1 -> shop2; upgrade net1 -> net2
             to head: FAILED: Multiple head revisions are present for given argument 'head'; please specify a specific target revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads
             to shop@head: upgrade  -> a1b2c3; upgrade a1b2c3 -> a1b2d4; upgrade a1b2d4 -> net1; upgrade a1b2d4 -> shop1; upgrade shop1 -> shop2
             to a1b2c: upgrade  -> a1b2c3
             to a1b2: FAILED: Can't locate revision identified by 'a1b2'
            a1b2c3 to +1: upgrade a1b2c3 -> a1b2d4
            a1b2d4 to +1: FAILED: Ambiguous walk
            a1b2d4 to shop@+1: upgrade a1b2d4 -> shop1
            a1b2c3 to +9: FAILED: Ambiguous walk
             to a1b2c3+1: upgrade  -> a1b2c3; upgrade a1b2c3 -> a1b2d4
            a1b2c3 to a1b2c3+7: FAILED: Ambiguous walk
            net1 to a1b2c3: 
             to nope: FAILED: Can't locate revision identified by 'nope'"#]].assert_eq(&lines.join("\n"));
    }

    #[test]
    fn downgrades_take_every_form_of_target() {
        let history = history(SHOP);
        let asks = [
            ("base", "net2 shop2"),
            ("-1", "shop2"),
            ("-1", "net2 shop2"),
            ("shop@-1", "net2 shop2"),
            ("shop@a1b2d4", "net2 shop2"),
            ("net1", "net2 shop2"),
            ("+1", "net2"),
            ("-9", "net2"),
            ("shop2", "net2"),
        ];
        let lines: Vec<_> = asks
            .iter()
            .map(|(to, from)| {
                format!("{from} to {to}: {}", logs(&history, history.downgrade(to, &rows(from))))
            })
            .collect();
        expect![[r#"
            net2 shop2 to base: downgrade net2 -> net1; downgrade shop2 -> shop1; downgrade shop1 -> a1b2d4; downgrade net1 -> a1b2d4; downgrade a1b2d4 -> a1b2c3; downgrade a1b2c3 -> 
            shop2 to -1: downgrade shop2 -> shop1
            net2 shop2 to -1: (ambiguous) downgrade net2 -> net1
            net2 shop2 to shop@-1: downgrade shop2 -> shop1
            net2 shop2 to shop@a1b2d4: downgrade shop2 -> shop1; downgrade shop1 -> a1b2d4
            net2 shop2 to net1: downgrade net2 -> net1
            net2 to +1: FAILED: Relative revision +1 didn't produce 1 migrations
            net2 to -9: FAILED: Relative revision -9 didn't produce 9 migrations
            net2 to shop2: FAILED: Destination shop2 is not a valid downgrade target from current head(s)"#]].assert_eq(&lines.join("\n"));
    }

    #[test]
    fn ranges_list_both_ends() {
        let history = history(SHOP);
        let applied = rows("net1");
        let asks = [":", "a1b2d4:shop2", ":net1", "net1:shop2", "current:", "-2:", "a", "a:b:c"];
        let lines: Vec<_> = asks
            .iter()
            .map(|text| {
                let walked = Walk::parse(text)
                    .and_then(|walk| history.walk_range(&walk.with_current(&applied)));
                match walked {
                    Ok(nodes) => format!("{text} lists {}", ids(&history, &nodes)),
                    Err(error) => format!("{text} FAILED: {error}"),
                }
            })
            .collect();
        expect![[r#"
            : lists net2 shop2 shop1 net1 a1b2d4 a1b2c3
            a1b2d4:shop2 lists shop2 shop1 net1 a1b2d4
            :net1 lists net1 a1b2d4 a1b2c3
            net1:shop2 FAILED: Requested range up to shop2 is joined by dependencies alone
            current: lists net2 net1
            -2: lists net2 shop2 shop1 net1 a1b2d4
            a FAILED: History range requires [start]:[end], [start]:, or :[end]
            a:b:c FAILED: 'a:b:c' has more than one ':'; a range is [start]:[end]"#]]
        .assert_eq(&lines.join("\n"));
    }

    #[test]
    fn a_start_is_taken_only_by_sql() {
        let texts = [
            format!("{:?}", Argument::upgrade("a:b", true)),
            format!("{:?}", Argument::upgrade("a:b", false)),
            format!("{:?}", Argument::downgrade("a", true)),
            format!("{:?}", StampArguments::parse(&["a:b", "a:c", "d"])),
            format!("{:?}", StampArguments::parse(&["a:b", "x:c"])),
        ];
        expect![[r#"
            Ok(Argument { start: Some("a"), target: "b" })
            Err(RangeNotAllowed)
            Err(DowngradeNeedsRange)
            Ok(StampArguments { start: Some("a"), targets: ["b", "c", "d"] })
            Err(StampNeedsOneStart)"#]]
        .assert_eq(&texts.join("\n"));
    }
}
