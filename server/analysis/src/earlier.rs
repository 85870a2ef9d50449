//! What applied revisions said before: when Revline applied them, or on the branch that everybody
//! shares. Whether they say something else by now is not judged here.

use std::path::PathBuf;
use std::sync::Arc;

use revline_frameworks::alembic::revision::NAMES;
use revline_history::{Node, RevisionId};
use revline_python::Source;
use revline_python::syntax::decode;
use revline_text::{FileId, Fingerprint};

use crate::{Project, Snapshot};

/// A revision that is applied, as it was before.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Earlier {
    /// The revision.
    pub id: RevisionId,
    /// The identity of its code then; see [`code`].
    pub code: Fingerprint,
    /// Who knows.
    pub witness: Witness,
}

/// Who knows what a revision said before.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Witness {
    /// Revline, which applied it on that day, such as `2026-11-25`.
    Run(String),
    /// The branch that everybody shares has it, or had it where this one comes from.
    Branch(String),
}

/// The identity of what runs when a revision is applied: neither how it is written nor its place in
/// the history nor its `downgrade` counts. `None` where not all of it is Python.
pub fn code(source: &Source) -> Option<Fingerprint> {
    let [revision, parents, labels, dependencies] = NAMES;
    source.code_identity(&[revision, parents, labels, dependencies, "downgrade"])
}

impl Snapshot {
    /// [`code`] of a revision file as it reads here.
    pub fn code_here(&self, file: FileId) -> Option<Fingerprint> {
        code(&*self.syntax(file)?)
    }

    /// [`code`] of a revision file as it stands on disk, where an editor may hold another text.
    pub fn code_on_disk(&self, file: FileId) -> Option<Fingerprint> {
        let bytes = self.files().disk().read(&self.files().path(file)).ok()?;
        code_of_bytes(file, &bytes)
    }

    /// What those of `applied` said before whose files are not as they were where this branch parted
    /// from the one that everybody shares; none where git does not say. It reads their files, so it
    /// is for the background.
    pub fn before_here(&self, project: &Project, applied: &[Node]) -> Vec<Earlier> {
        let Some(shared) = &project.shared else { return Vec::new() };
        let (files, history) = (self.files(), project.history());
        let place = |node: &Node| (files.path(history[*node].file).to_path_buf(), *node);
        let places: Vec<(PathBuf, Node)> =
            applied.iter().map(place).filter(|(path, _)| shared.files.contains(path)).collect();
        let paths: Vec<PathBuf> = places.iter().map(|(path, _)| path.clone()).collect();
        let folder = &project.environment.script_location;
        // Without a common commit nothing is known, and nothing is said.
        let Ok(before) = files.disk().before(folder, &shared.branch, &paths) else {
            return Vec::new();
        };
        let earlier = |(path, node): (PathBuf, Node)| {
            let revision = &history[node];
            let code = code_of_bytes(revision.file, before.get(&path)?)?;
            let witness = Witness::Branch(shared.branch.clone());
            Some(Earlier { id: revision.id.clone(), code, witness })
        };
        places.into_iter().filter_map(earlier).collect()
    }
}

fn code_of_bytes(file: FileId, bytes: &[u8]) -> Option<Fingerprint> {
    let text: Arc<str> = decode(bytes).text.into();
    code(&Source::parse(file, text))
}
