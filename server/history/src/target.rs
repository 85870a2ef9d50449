//! What a target of `upgrade`, `downgrade` or `history` asks for, given what is applied.

use crate::error::HistoryError;
use crate::fault::Fault;
use crate::node::NodeSet;
use crate::reach::Through;
use crate::relative::Relative;
use crate::resolve::{Found, Lineage};
use crate::{History, Node, RevisionId};

/// One end of a range: as typed, or what a database holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End<'a> {
    Typed(&'a str),
    Applied(&'a [RevisionId]),
}

impl<'a> End<'a> {
    fn names(self) -> Vec<&'a str> {
        match self {
            Self::Typed(name) => vec![name],
            Self::Applied(ids) => ids.iter().map(RevisionId::as_str).collect(),
        }
    }
}

/// Which revisions lie in a range, and from where they are listed.
pub(crate) struct Selection {
    pub(crate) revisions: NodeSet,
    pub(crate) heads: Vec<Node>,
}

/// How a range is meant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// The lower end belongs to it.
    pub(crate) inclusive: bool,
    /// What the upper end needs from other branches belongs to it.
    pub(crate) implicit_base: bool,
    /// A relative end that leads too far is an error.
    pub(crate) all_steps: bool,
}

impl History {
    pub(crate) fn found(&self, end: End<'_>) -> Result<Vec<Found>, Fault> {
        let mut found = Vec::new();
        for name in end.names() {
            found.extend(self.get_revisions(name)?);
        }
        Ok(found)
    }

    /// `RevisionMap._collect_upgrade_revisions`.
    pub(crate) fn select_upwards(
        &self,
        upper: End<'_>,
        lower: End<'_>,
        reading: Reading,
    ) -> Result<Selection, Fault> {
        let mut lower = lower;
        let mut targets =
            certain(self.upgrade_target(lower, upper, reading.all_steps)?, || shown(upper))?;
        if let End::Typed(text) = lower
            && let Some((branch, _)) = text.split_once('@')
        {
            let label = self.label_before_at(branch)?;
            targets.retain(|node| self.carries(*node, label));
            let mut once = NodeSet::default();
            targets.retain(|node| once.insert(*node));
        }
        let required = self.below_apart(&targets, &targets.iter().copied().collect())?;

        let mut current = self.found(lower)?;
        let outside = |one: &Found| match one {
            Found::Revision(node) => !required.contains(*node),
            Found::Base => true,
            Found::Nothing => false,
        };
        if !reading.implicit_base && current.iter().any(outside) {
            return Err(Fault::NotAncestor);
        }
        // A lower end that walks down further than there are revisions is read as a downgrade from
        // the upper end would be.
        let walked;
        if current.first() == Some(&Found::Nothing) {
            let text = shown(lower);
            let down = self.downgrade_target(upper, &text, reading.all_steps)?;
            match down.to {
                Found::Base => {
                    current = Vec::new();
                    lower = End::Applied(&[]);
                }
                Found::Revision(node) => {
                    current = vec![down.to];
                    walked = [self[node].id.clone()];
                    lower = End::Applied(&walked);
                }
                Found::Nothing => {
                    return Err(HistoryError::BeyondTheEnd { target: text }.into());
                }
            }
        }
        // Alembic walks down from one after another, and an overlap comes up before what is no
        // revision does.
        let revision = |one: &Found| match one {
            Found::Revision(node) => Some(*node),
            _ => None,
        };
        let first: Vec<Node> = current.iter().map_while(revision).collect();
        let among: NodeSet = current.iter().filter_map(revision).collect();
        let below = self.below_apart(&first, &among)?;
        let current = certain(current, || shown(lower))?;

        let mut needs = required;
        needs.subtract(&below);
        if reading.inclusive {
            for node in certain(self.found(lower)?, || shown(lower))? {
                needs.insert(node);
            }
        }
        if !current.is_empty() && !reading.implicit_base {
            needs.intersect(&self.above_apart(&current)?);
        }
        Ok(Selection { revisions: needs, heads: targets })
    }

    /// The label by which a lower end `branch@symbol` narrows the targets. A revision in the place
    /// of a label stands for its only label.
    fn label_before_at<'a>(&'a self, branch: &'a str) -> Result<&'a str, Fault> {
        match self.get_revision(branch)? {
            Found::Revision(node) if self[node].id == branch => {
                let mut labels = self.labels(node);
                match (labels.next(), labels.next()) {
                    (Some(label), None) => Ok(label),
                    _ => Err(HistoryError::NotOneLabel { id: self[node].id.clone() }.into()),
                }
            }
            _ => Ok(branch),
        }
    }

    /// `RevisionMap._parse_upgrade_target`.
    fn upgrade_target(
        &self,
        current: End<'_>,
        target: End<'_>,
        all_steps: bool,
    ) -> Result<Vec<Found>, Fault> {
        let relative = match target {
            End::Typed(text) => Relative::parse(text),
            End::Applied(_) => None,
        };
        let Some(relative) = relative else {
            return self.found(target);
        };
        let branch = relative.label;
        if relative.steps <= 0 {
            let Some(symbol) = relative.symbol else {
                // Alembic prints the number here, not what was written: `+0` becomes `0`.
                let sign = if relative.steps < 0 { "-" } else { "" };
                return Err(too_few(&format!("{sign}{}", relative.count()), &relative));
            };
            let start = match branch {
                Some(branch) => self.get_revision(&format!("{branch}@{symbol}"))?,
                None => self.get_revision(symbol)?,
            };
            return Ok(vec![self.walk(start, relative.steps, None, all_steps)?]);
        }
        if let Some(symbol) = relative.symbol {
            let start = self.get_revision(symbol)?;
            return Ok(vec![self.walk(start, relative.steps, branch, all_steps)?]);
        }
        let start = match branch {
            Some(branch) => self.start_on_branch(current, branch)?,
            None => match current.names().as_slice() {
                [] => Found::Nothing,
                [name] => self.get_revision(name)?,
                _ => return Err(HistoryError::AmbiguousUpgrade.into()),
            },
        };
        match self.walk(start, relative.steps, branch, all_steps)? {
            Found::Nothing => Err(too_few(relative.written, &relative)),
            found => Ok(vec![found]),
        }
    }

    /// From where `branch@+N` counts: the current head of that branch; else the last applied
    /// revision of it; else its beginning.
    fn start_on_branch(&self, current: End<'_>, branch: &str) -> Result<Found, Fault> {
        let found = self.found(current)?;
        let mut lineage = Lineage::new(self, branch, Through::Parents)?;
        let mut starts = Vec::new();
        for one in &found {
            let belongs = lineage.is_all()
                || match one {
                    Found::Revision(node) => lineage.has(*node)?,
                    // Alembic looks the base up as if it were the name of a revision.
                    Found::Base => lineage.has(self.named("base", None)?)?,
                    Found::Nothing => {
                        return Err(HistoryError::BeyondTheEnd { target: shown(current) }.into());
                    }
                };
            if belongs {
                starts.push(*one);
            }
        }
        if starts.is_empty() {
            let heads = certain(found, || shown(current))?;
            let applied: Vec<Node> = self.below(&heads, Through::Dependencies).iter().collect();
            let active = self.of_lineage(&applied, branch, Through::Parents)?;
            let below: NodeSet =
                active.iter().flat_map(|node| self.normal_down.of(*node)).copied().collect();
            starts = active
                .into_iter()
                .filter(|node| !below.contains(*node))
                .map(Found::Revision)
                .collect();
        }
        match starts.as_slice() {
            [] => Ok(Found::Nothing),
            [Found::Base] => Ok(Found::Nothing),
            [one] => Ok(*one),
            _ => Err(HistoryError::AmbiguousUpgrade.into()),
        }
    }

    /// `RevisionMap._collect_downgrade_revisions`.
    pub(crate) fn select_downwards(
        &self,
        current: &[RevisionId],
        target: &str,
    ) -> Result<(Selection, bool), Fault> {
        let down = self.downgrade_target(End::Applied(current), target, true)?;
        let mut roots: Vec<Node> = match down.to {
            Found::Revision(node) => self.up.of(node).to_vec(),
            _ => self.bases.clone(),
        };
        // Alembic finds a labelled base once by its identifier and once by each label.
        let found_again = match down.to {
            Found::Revision(_) => 0,
            _ => self.branch_labels().filter(|(_, node)| self.is_base(*node)).count(),
        };
        if let Some(branch) = down.branch.filter(|branch| !branch.is_empty())
            && roots.len() + found_again > 1
        {
            let branch = self.below(&[self.branch(&branch)?], Through::Parents);
            roots.retain(|node| branch.contains(*node));
            if roots.is_empty() {
                return Err(HistoryError::NoSuchRoot.into());
            }
        }
        let heads = certain(self.found(End::Applied(current))?, || target.to_owned())?;
        let mut revisions = self.above(&roots, Through::Dependencies);
        revisions.intersect(&self.below(&heads, Through::Dependencies));
        if let Found::Revision(node) = down.to
            && revisions.is_empty()
            && !heads.contains(&node)
        {
            return Err(Fault::NotAncestor);
        }
        Ok((Selection { revisions, heads }, down.ambiguous))
    }

    /// `RevisionMap._parse_downgrade_target`.
    fn downgrade_target(
        &self,
        current: End<'_>,
        target: &str,
        all_steps: bool,
    ) -> Result<Downwards, Fault> {
        let Some(relative) = Relative::parse(target) else {
            let (branch, symbol) = match target.rsplit_once('@') {
                Some((branch, symbol)) => (Some(branch.to_owned()), symbol),
                None => (None, target),
            };
            let to = self.get_revision(symbol)?;
            return Ok(Downwards { branch, to, ambiguous: false });
        };
        if relative.steps >= 0 {
            let Some(symbol) = relative.symbol else {
                return Err(too_few(relative.written, &relative));
            };
            let start = self.get_revision(symbol)?;
            let to = self.walk(start, relative.steps, relative.label, all_steps)?;
            if to == Found::Nothing {
                return Err(HistoryError::WalkedTooFar.into());
            }
            let branch = relative.label.map(str::to_owned);
            return Ok(Downwards { branch, to, ambiguous: false });
        }
        let mut ambiguous = false;
        let (branch, symbol) = match (relative.symbol, relative.label) {
            (Some(symbol), label) => (label.map(str::to_owned), symbol.to_owned()),
            (None, Some(branch)) => {
                (Some(branch.to_owned()), self.applied_on_branch(current, branch)?)
            }
            (None, None) => {
                let mut names = current.names();
                let Some(first) = names.first().map(|name| (*name).to_owned()) else {
                    return Err(too_few(relative.written, &relative));
                };
                names.sort_unstable();
                names.dedup();
                ambiguous = names.len() > 1;
                (Some(first.clone()), first)
            }
        };
        let start = match &branch {
            Some(branch) => self.get_revision(&format!("{branch}@{symbol}"))?,
            None => self.get_revision(&symbol)?,
        };
        let to = self.walk(start, relative.steps, None, all_steps)?;
        if to == Found::Nothing {
            return Err(match relative.symbol {
                None => too_few(relative.written, &relative),
                Some(_) => HistoryError::WalkedTooFar.into(),
            });
        }
        Ok(Downwards { branch, to, ambiguous })
    }

    /// The one applied revision of a branch: a current head, or the head of the branch that a
    /// current head stands on or depends on.
    fn applied_on_branch(&self, current: End<'_>, branch: &str) -> Result<String, Fault> {
        let mut lineage = Lineage::new(self, branch, Through::Parents)?;
        let mut applied = Vec::new();
        for name in current.names() {
            // The name of everything (`base`) takes what is not known as well.
            if lineage.is_all() || lineage.has(self.named(name, None)?)? {
                applied.push(name.to_owned());
            }
        }
        if applied.is_empty() {
            let heads = certain(self.found(current)?, || branch.to_owned())?;
            let heads = self.branch_heads(self.below(&heads, Through::Dependencies));
            for node in heads {
                if lineage.has(node)? {
                    applied.push(self[node].id.as_str().to_owned());
                }
            }
        }
        match <[String; 1]>::try_from(applied) {
            Ok([one]) => Ok(one),
            Err(applied) => Err(HistoryError::NotOneOnBranch {
                branch: branch.to_owned(),
                applied: applied.len(),
            }
            .into()),
        }
    }

    /// Those of the set from which no other of the set descends by parents.
    pub(crate) fn branch_heads(&self, set: NodeSet) -> Vec<Node> {
        let nodes: Vec<Node> = set.iter().collect();
        let parents: Vec<Node> =
            nodes.iter().flat_map(|node| self.down.of(*node)).copied().collect();
        let below = self.below(&parents, Through::Parents);
        nodes.into_iter().filter(|node| !below.contains(*node)).collect()
    }
}

/// What a downgrade target says.
struct Downwards {
    branch: Option<String>,
    to: Found,
    /// It counts from the first of several current heads.
    ambiguous: bool,
}

fn too_few(written: &str, relative: &Relative<'_>) -> Fault {
    let error =
        HistoryError::TooFewMigrations { relative: written.to_owned(), steps: relative.count() };
    error.into()
}

/// The revisions found, where each name has to stand for one.
fn certain(found: Vec<Found>, target: impl Fn() -> String) -> Result<Vec<Node>, Fault> {
    found
        .into_iter()
        .map(|one| match one {
            Found::Revision(node) => Ok(node),
            _ => Err(HistoryError::BeyondTheEnd { target: target() }.into()),
        })
        .collect()
}

/// An end as it is printed; a database's as a Python tuple, as Alembic does.
pub(crate) fn shown(end: End<'_>) -> String {
    match end {
        End::Typed(text) => text.to_owned(),
        End::Applied([one]) => format!("('{one}',)"),
        End::Applied(ids) => {
            let ids: Vec<_> = ids.iter().map(|id| format!("'{id}'")).collect();
            format!("({})", ids.join(", "))
        }
    }
}
