//! From what a person types to revisions: full identifiers, unique beginnings, labels, `head`,
//! `heads`, `base`, `label@symbol`, and walks up and down.

use crate::error::Unresolved;
use crate::fault::Fault;
use crate::reach::Through;
use crate::{History, HistoryError, Node, RevisionId};

/// Where a name or a walk ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// A revision.
    Revision(Node),
    /// Below the first revision, reached by walking down.
    Base,
    /// No revision: the name is `base`, or the walk had too few revisions.
    Nothing,
}

/// A name with its symbols replaced: `label@heads` becomes the heads of that branch.
pub(crate) struct Names<'a> {
    pub(crate) ids: Vec<&'a str>,
    /// The branch before `@`, which may be empty.
    pub(crate) label: Option<&'a str>,
}

impl History {
    /// The revisions a name stands for, as `show` and `edit` take it: none for `base`, several for
    /// `heads`; a bare `-N` walks down from every real head.
    pub fn resolve(&self, name: &str) -> Result<Vec<Node>, HistoryError> {
        self.check()?;
        let found = self.get_revisions(name).map_err(Fault::plain)?;
        found
            .into_iter()
            .map(|one| match one {
                Found::Revision(node) => Ok(node),
                _ => Err(HistoryError::BeyondTheEnd { target: name.to_owned() }),
            })
            .collect()
    }

    /// As [`History::resolve`] for `edit`, which refuses a name that stands for nothing.
    pub fn resolve_to_edit(&self, name: &str) -> Result<Vec<Node>, HistoryError> {
        let found = self.resolve(name)?;
        if found.is_empty() {
            return Err(HistoryError::NothingIndicated { symbol: name.to_owned() });
        }
        Ok(found)
    }

    /// The one revision a name stands for; `None` for `base`, or for `head` of nothing.
    pub fn resolve_one(&self, name: &str) -> Result<Option<Node>, HistoryError> {
        self.check()?;
        match self.get_revision(name).map_err(Fault::plain)? {
            Found::Revision(node) => Ok(Some(node)),
            _ => Ok(None),
        }
    }

    /// The parents that a new revision gets for `--head NAME`, each name in turn; none makes a base.
    pub fn resolve_parents(&self, names: &[&str]) -> Result<Vec<Node>, HistoryError> {
        self.check()?;
        let mut parents = Vec::new();
        for name in names {
            for one in self.get_revisions(name).map_err(Fault::extend)? {
                match one {
                    Found::Revision(node) => parents.push(node),
                    _ => {
                        return Err(HistoryError::BeyondTheEnd { target: (*name).to_owned() });
                    }
                }
            }
        }
        Ok(parents)
    }

    pub(crate) fn names<'a>(&'a self, name: &'a str) -> Result<Names<'a>, Fault> {
        let (label, symbol) = match name.split_once('@') {
            Some((label, symbol)) => (Some(label), symbol),
            None => (None, name),
        };
        let branch = label.filter(|label| !label.is_empty());
        let ids = match (symbol, branch) {
            ("heads", Some(branch)) => {
                self.texts(&self.of_lineage(&self.heads, branch, Through::Parents)?)
            }
            ("heads", None) => self.texts(&self.real_heads),
            ("head", _) => self.texts(self.current_head(branch)?.as_slice()),
            ("base", _) => Vec::new(),
            _ => vec![symbol],
        };
        Ok(Names { ids, label })
    }

    /// The only head, or the only one of a branch.
    fn current_head(&self, branch: Option<&str>) -> Result<Option<Node>, Fault> {
        let heads = match branch {
            Some(branch) => self.of_lineage(&self.heads, branch, Through::Parents)?,
            None => self.heads.clone(),
        };
        if heads.len() > 1 {
            let argument = branch.map_or("head".to_owned(), |branch| format!("{branch}@head"));
            return Err(Fault::MultipleHeads { heads: self.ids(&heads), argument });
        }
        Ok(heads.first().copied())
    }

    pub(crate) fn get_revisions(&self, name: &str) -> Result<Vec<Found>, Fault> {
        let names = self.names(name)?;
        if let [id] = names.ids.as_slice()
            && let Some(steps) = integer(id).filter(|steps| *steps < 0)
        {
            let heads = self.real_heads.iter().filter(|head| match names.label {
                Some(label) => self.carries(**head, label),
                None => true,
            });
            return heads
                .map(|head| self.walk(Found::Revision(*head), steps, None, true))
                .collect();
        }
        names.ids.iter().map(|id| self.named(id, names.label).map(Found::Revision)).collect()
    }

    pub(crate) fn get_revision(&self, name: &str) -> Result<Found, Fault> {
        let names = self.names(name)?;
        match names.ids.as_slice() {
            [] => {
                if let Some(branch) = names.label.filter(|label| !label.is_empty()) {
                    self.branch(branch)?;
                }
                Ok(Found::Nothing)
            }
            [id] => self.named(id, names.label).map(Found::Revision),
            ids => Err(Fault::MultipleHeads {
                heads: ids.iter().map(|id| RevisionId::from(*id)).collect(),
                argument: name.to_owned(),
            }),
        }
    }

    /// The revision that a branch is named by: a label's, or that of an identifier.
    pub(crate) fn branch(&self, branch: &str) -> Result<Node, Fault> {
        match self.names.get(branch) {
            Some(node) => Ok(*node),
            None => self.named(branch, None).map_err(|fault| match fault {
                Fault::NotFound { .. } => Fault::NotFound {
                    argument: branch.to_owned(),
                    why: Unresolved::NoSuchBranch(branch.to_owned()),
                },
                other => other,
            }),
        }
    }

    /// The revision with this identifier or label, or whose one begins so, if it is of the branch.
    pub(crate) fn named(&self, id: &str, branch: Option<&str>) -> Result<Node, Fault> {
        let branch = branch.filter(|branch| !branch.is_empty());
        let bearer = branch.map(|branch| self.branch(branch)).transpose()?;
        let node = match self.names.get(id) {
            Some(node) => *node,
            None => self.beginning(id, branch)?,
        };
        if let (Some(branch), Some(bearer)) = (branch, bearer)
            && !self.related(&[bearer], Through::Parents).contains(node)
        {
            let why = Unresolved::NotOnBranch {
                revision: self[node].id.clone(),
                branch: branch.to_owned(),
            };
            return Err(Fault::NotFound { argument: id.to_owned(), why });
        }
        Ok(node)
    }

    /// The revision of the only name that begins so. Names of three characters and fewer are never
    /// abbreviated; how many characters are typed does not matter.
    fn beginning(&self, prefix: &str, branch: Option<&str>) -> Result<Node, Fault> {
        if prefix.is_empty() {
            return Err(HistoryError::EmptyName { argument: prefix.to_owned() }.into());
        }
        let mut candidates: Vec<(&str, Node)> = self
            .names
            .iter()
            .filter(|(name, _)| name.starts_with(prefix) && name.chars().nth(3).is_some())
            .map(|(name, node)| (&**name, *node))
            .collect();
        if let Some(branch) = branch {
            let mut lineage = Lineage::new(self, branch, Through::Parents)?;
            let mut kept = Vec::new();
            for candidate in candidates {
                if lineage.has(candidate.1)? {
                    kept.push(candidate);
                }
            }
            candidates = kept;
        }
        let why = match candidates.as_slice() {
            [(_, node)] => return Ok(*node),
            [] => Unresolved::NoSuchRevision(prefix.to_owned()),
            several => Unresolved::Ambiguous {
                prefix: prefix.to_owned(),
                candidates: several.iter().map(|(name, _)| (*name).to_owned()).collect(),
            },
        };
        Err(Fault::NotFound { argument: prefix.to_owned(), why })
    }

    /// Those of the nodes that are ancestors or descendants of what `name` stands for.
    pub(crate) fn of_lineage(
        &self,
        nodes: &[Node],
        name: &str,
        through: Through,
    ) -> Result<Vec<Node>, Fault> {
        let mut lineage = Lineage::new(self, name, through)?;
        let mut kept = Vec::new();
        for node in nodes {
            if lineage.has(*node)? {
                kept.push(*node);
            }
        }
        Ok(kept)
    }

    /// `steps` revisions up (positive) or down. Up, `branch` chooses where the way forks. Where the
    /// way ends too early the result is nothing when `all` steps are wanted, and the last place
    /// otherwise.
    pub(crate) fn walk(
        &self,
        start: Found,
        steps: i64,
        branch: Option<&str>,
        all: bool,
    ) -> Result<Found, Fault> {
        let mut here = start;
        for _ in 0..steps.unsigned_abs() {
            let next: Vec<Found> = if steps > 0 {
                let up = match here {
                    Found::Revision(node) => self.up.of(node),
                    _ => self.bases.as_slice(),
                };
                let up = match branch.filter(|branch| !branch.is_empty()) {
                    Some(branch) => self.of_lineage(up, branch, Through::Parents)?,
                    None => up.to_vec(),
                };
                up.into_iter().map(Found::Revision).collect()
            } else {
                let down = match here {
                    Found::Base => Some([].as_slice()),
                    Found::Revision(node) => Some(self.down.of(node)).filter(|one| !one.is_empty()),
                    Found::Nothing => Some(self.heads.as_slice()).filter(|one| !one.is_empty()),
                };
                down.map_or(vec![Found::Base], |down| {
                    down.iter().copied().map(Found::Revision).collect()
                })
            };
            match next.as_slice() {
                [] => return Ok(if all { Found::Nothing } else { here }),
                [one] => here = *one,
                _ => return Err(HistoryError::AmbiguousWalk.into()),
            }
        }
        Ok(here)
    }

    pub(crate) fn ids(&self, nodes: &[Node]) -> Vec<RevisionId> {
        nodes.iter().map(|node| self[*node].id.clone()).collect()
    }

    pub(crate) fn texts(&self, nodes: &[Node]) -> Vec<&str> {
        nodes.iter().map(|node| self[*node].id.as_str()).collect()
    }
}

/// The lineage of a name, found when the first revision is asked about: a name that nothing is
/// compared with may be any text.
pub(crate) struct Lineage<'a> {
    history: &'a History,
    shares: Vec<&'a str>,
    through: Through,
    set: Option<crate::node::NodeSet>,
}

impl<'a> Lineage<'a> {
    pub(crate) fn new(
        history: &'a History,
        name: &'a str,
        through: Through,
    ) -> Result<Self, Fault> {
        let names = history.names(name)?;
        let label = names.label.filter(|label| !label.is_empty());
        let shares = label.into_iter().chain(names.ids).collect();
        Ok(Self { history, shares, through, set: None })
    }

    /// Whether every revision belongs to it, because the name is `base`.
    pub(crate) fn is_all(&self) -> bool {
        self.shares.is_empty()
    }

    pub(crate) fn has(&mut self, node: Node) -> Result<bool, Fault> {
        if self.is_all() {
            return Ok(true);
        }
        if self.set.is_none() {
            let nodes: Result<Vec<_>, _> =
                self.shares.iter().map(|name| self.history.named(name, None)).collect();
            self.set = Some(self.history.related(&nodes?, self.through));
        }
        Ok(self.set.as_ref().is_some_and(|set| set.contains(node)))
    }
}

/// Python's `int(text)`, as far as it can be an identifier: white space around, a sign, digits with
/// single underscores between them.
fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let fits = !digits.is_empty()
        && digits
            .split('_')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let size = || digits.replace('_', "").parse::<i64>().unwrap_or(i64::MAX);
    fits.then(|| if text.starts_with('-') { -size() } else { size() })
}
