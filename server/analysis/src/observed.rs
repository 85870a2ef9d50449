//! What a database said when somebody looked last: plain data that comes from outside, since this
//! crate opens no database.

use std::collections::HashSet;
use std::path::PathBuf;

use revline_history::{History, Node, RevisionId, Through};
use revline_text::{Fingerprint, Span};
use revline_vfs::Files;

use crate::{Earlier, Heading, Project};

/// The database of an environment, as far as it was looked at.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Database {
    /// Its name in the settings; `None` for the main one.
    pub name: Option<String>,
    /// Its URL without the password.
    pub address: String,
    /// What came of it.
    pub sight: Sight,
}

/// What came of looking at a database.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum Sight {
    /// It was discovered, and a person has to agree before it is opened.
    Offered,
    /// Its host is a name such as the services of a compose file have, and nobody allowed it.
    Refused {
        /// The host.
        host: String,
        /// A sentence that says why.
        why: String,
    },
    /// It did not answer, or it may not be opened: a sentence that says why.
    Closed(String),
    /// It answered.
    Seen(Observed),
}

/// A database that answered.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub struct Observed {
    /// The product and its version, such as `PostgreSQL 15.18`.
    pub server: String,
    /// The rows of its version table; none where there is no table.
    pub rows: Vec<RevisionId>,
    /// Where git has the revisions of those rows that no file here declares.
    pub elsewhere: Vec<Elsewhere>,
    /// What applied revisions said before, as far as somebody knows, in the order of their
    /// identifiers.
    pub earlier: Vec<Earlier>,
    /// What differs between it and the models, as the project's own Alembic found when somebody
    /// asked last.
    pub differences: Vec<Difference>,
    /// The run that failed last.
    pub failed: Option<FailedRun>,
}

impl Observed {
    /// What an applied revision said before; `None` where nobody knows, and of one that is not
    /// applied.
    pub fn before(&self, id: &RevisionId) -> Option<&Earlier> {
        let at = self.earlier.binary_search_by(|earlier| earlier.id.cmp(id)).ok()?;
        self.earlier.get(at)
    }
}

/// Something that the models declare otherwise than the database has it.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Difference {
    /// Where the models declare it, and the text then, where that is known.
    pub place: Option<(Span, Fingerprint)>,
    /// What a revision would do, in a few words.
    pub short: String,
    /// A sentence.
    pub message: String,
}

/// A run of migrations that did not get to its end.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct FailedRun {
    /// The place in the migration.
    pub span: Span,
    /// The text of the migration then; in another text the place means nothing.
    pub text: Fingerprint,
    /// What went wrong.
    pub message: String,
}

/// A revision that another branch has.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Elsewhere {
    /// The revision.
    pub id: RevisionId,
    /// The branch, as git shortens its name.
    pub branch: String,
    /// The file on that branch.
    pub path: PathBuf,
}

/// How a revision stands to a database.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Place {
    /// The version table names it.
    Current,
    /// It was applied on the way there.
    Applied,
    /// It is still to come.
    Pending,
}

/// The rows of a version table laid on a history.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Applied {
    /// The revisions that the table names, in its order.
    pub current: Vec<Node>,
    /// Rows that no file declares.
    pub unknown: Vec<RevisionId>,
    reached: HashSet<Node>,
}

impl Applied {
    /// The rows of a version table on a history.
    pub fn of(rows: &[RevisionId], history: &History) -> Self {
        let mut applied = Self::default();
        for row in rows {
            let Some(node) = history.find(row.as_str()) else {
                applied.unknown.push(row.clone());
                continue;
            };
            applied.current.push(node);
            applied.reached.insert(node);
            applied.reached.extend(history.ancestors(node, Through::Dependencies));
        }
        applied
    }

    /// The revisions that are applied, in no order.
    pub fn nodes(&self) -> impl Iterator<Item = Node> {
        self.reached.iter().copied()
    }

    /// How a revision stands to the database. Behind a row that no file declares nothing is known;
    /// what the other rows have not reached is then `None`.
    pub fn place(&self, node: Node) -> Option<Place> {
        if self.current.contains(&node) {
            return Some(Place::Current);
        }
        if self.reached.contains(&node) {
            return Some(Place::Applied);
        }
        self.unknown.is_empty().then_some(Place::Pending)
    }
}

/// Where git has revisions that no file here declares: for each of `ids` the first branch that has
/// it, read without running anything. It reads the branches' files, so it is for the background.
pub fn elsewhere(files: &Files, project: &Project, ids: &[RevisionId]) -> Vec<Elsewhere> {
    let mut found: Vec<Elsewhere> = Vec::new();
    if ids.is_empty() {
        return found;
    }
    for folder in &project.environment.version_dirs {
        files.disk().on_branches(folder, &mut |branch, path, content| {
            let Ok(text) = std::str::from_utf8(content) else { return true };
            let is_missing = |id: &RevisionId| !found.iter().any(|one| one.id == *id);
            if ids.iter().any(|id| is_missing(id) && text.contains(id.as_str())) {
                let heading = Heading::read(files.id(path), path, text);
                let declared = heading.revision.as_ref().map(|revision| revision.id.clone());
                // A file may name one that is missing and declare another that is found.
                if let Some(id) = declared.filter(|id| ids.contains(id) && is_missing(id)) {
                    let (branch, path) = (branch.to_owned(), path.to_owned());
                    found.push(Elsewhere { id, branch, path });
                }
            }
            found.len() < ids.len()
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use revline_vfs::MemoryDisk;

    use super::*;
    use crate::{Depth, Index, Inputs};

    #[test]
    fn a_revision_that_two_branches_have_is_found_once_and_the_search_goes_on() {
        let root = "/w/alembic.ini";
        let here = [(root, "[alembic]\nscript_location = here\n"), ("/w/here/env.py", "")];
        let later = "revision = 'later'\ndown_revision = 'first'\n";
        let first = "revision = 'first'\ndown_revision = None\n";
        let path = "/w/here/versions/later.py";
        let disk = MemoryDisk::new(here)
            .with_branch("one", [(path, later)])
            .with_branch("two", [(path, format!("{later}# mended\n"))])
            .with_branch("three", [("/w/here/versions/first.py", first)]);
        let files = Files::new(Arc::new(disk));
        let index = Index::build(&files, &[PathBuf::from("/w")], None, Depth::Graph);
        let mut inputs = Inputs::new(files);
        inputs.set_index(index);
        let snapshot = inputs.snapshot();
        let ids = ["first", "later"].map(RevisionId::new);
        let found = elsewhere(snapshot.files(), &snapshot.projects()[0], &ids);
        let found: Vec<String> =
            found.iter().map(|one| format!("{} on {}", one.id, one.branch)).collect();
        assert_eq!(found, ["later on one", "first on three"]);
    }
}
