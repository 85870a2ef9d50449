//! Everything at one moment: immutable, cheap to clone, and safe to compute on from any thread.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use revline_frameworks::alembic::{environment, revision};
use revline_history::Node;
use revline_python::{Header, Source};
use revline_text::{FileId, Fingerprint, Text};
use revline_vfs::{Files, Listings};

use crate::changes::Changes;
use crate::facts::{FactsNow, Remembered};
use crate::memo::LastTwo;
use crate::migration::{Lookups, Migrations, Modules, Namespaces};
use crate::timeline::{Timeline, TimelineIdentity};
use crate::touches::Touches;
use crate::{Project, Workspace};

/// The joined model at one moment.
#[derive(Clone)]
pub struct Snapshot(Arc<State>);

pub(crate) struct State {
    pub(crate) files: Files,
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) projects: Vec<Arc<Project>>,
    pub(crate) memo: Arc<Memo>,
    /// None where the documents are not those of now.
    pub(crate) changes: Option<Changes>,
    pub(crate) facts: FactsNow,
    pub(crate) timelines: TimelinesNow,
}

/// The timelines that somebody asked this snapshot for, by [`Project::id`] and dialect.
pub(crate) type TimelinesNow = RwLock<Vec<((Fingerprint, &'static str), Arc<Timeline>)>>;

/// The tables that outlive a snapshot.
#[derive(Default)]
pub(crate) struct Memo {
    pub(crate) headers: LastTwo<FileId, Fingerprint, Arc<Header>>,
    pub(crate) syntax: LastTwo<FileId, Fingerprint, Arc<Source>>,
    pub(crate) migrations: Migrations,
    pub(crate) modules: Modules,
    pub(crate) touches: Touches,
    pub(crate) lookups: Lookups,
    pub(crate) namespaces: Namespaces,
    pub(crate) timelines: LastTwo<(Fingerprint, &'static str), TimelineIdentity, Arc<Timeline>>,
    pub(crate) facts: Remembered,
}

impl Snapshot {
    pub(crate) fn new(state: State) -> Self {
        Self(Arc::new(state))
    }

    pub(crate) fn memo(&self) -> &Memo {
        &self.0.memo
    }

    pub(crate) fn changes(&self) -> Option<&Changes> {
        self.0.changes.as_ref()
    }

    pub(crate) fn facts_now(&self) -> &FactsNow {
        &self.0.facts
    }

    pub(crate) fn timelines_now(&self) -> &TimelinesNow {
        &self.0.timelines
    }

    /// The files as they were.
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    /// What the search for environments found, and why not more.
    pub fn workspace(&self) -> &Workspace {
        &self.0.workspace
    }

    /// Every environment, in the order of their paths.
    pub fn projects(&self) -> &[Arc<Project>] {
        &self.0.projects
    }

    /// The environments that a revision file belongs to; none for any other file.
    pub fn owners(&self, file: FileId) -> impl Iterator<Item = &Arc<Project>> {
        self.0.projects.iter().filter(move |project| project.lists(file))
    }

    /// Whether a file is a revision file of some environment.
    pub fn is_revision(&self, file: FileId) -> bool {
        self.owners(file).next().is_some()
    }

    /// Every revision file that is known.
    pub fn known_paths(&self) -> impl Iterator<Item = PathBuf> {
        let files: BTreeSet<FileId> =
            self.0.projects.iter().flat_map(|project| project.files.iter().copied()).collect();
        files.into_iter().map(|file| self.0.files.path(file).to_path_buf())
    }

    /// Every revision file that is on disk now, found by listing the version folders again.
    pub fn paths_on_disk(&self) -> Vec<PathBuf> {
        let list = |project: &Arc<Project>| {
            environment::version_files(&self.0.files, &project.environment, &Listings::default())
                .files
        };
        self.0.projects.iter().flat_map(list).collect()
    }

    /// The text of a file; `None` where it cannot be read.
    pub fn text(&self, file: FileId) -> Option<Text> {
        self.0.files.text(file).ok()
    }

    /// The identity of everything beside its own text that the body of a revision is judged by.
    pub fn body_facts(&self, project: &Project, node: Node) -> Fingerprint {
        let history = project.history();
        let revision = &history[node];
        let parents: Vec<&str> = revision.down.iter().map(|parent| parent.id.as_str()).collect();
        let created = revision.created.as_deref();
        let facts = self.facts(project).identity;
        let failed = project.observed().and_then(|seen| seen.failed.as_ref());
        let earlier = project.observed().and_then(|seen| seen.before(&revision.id));
        let own = (revision.id.as_str(), created, project.judged_by(), facts);
        Fingerprint::of(&(parents, own, failed, earlier))
    }

    /// The identity of a revision file's text, without reading a file that is not open: its heading
    /// is read anew whenever the disk tells of a change. `None` for a file of somebody else.
    pub fn text_identity(&self, project: &Project, file: FileId) -> Option<Fingerprint> {
        match self.0.files.document(file) {
            Some(document) => Some(document.text.fingerprint()),
            None => Some(project.heading(file)?.text),
        }
    }

    /// The assignments at the head of a file and its docstring, as they stand there now; `None` where
    /// the file cannot be read.
    pub fn header(&self, file: FileId) -> Option<Arc<Header>> {
        let text = self.text(file)?;
        let scan = || Arc::new(revision::head(text.as_str()));
        if self.0.files.document(file).is_some() {
            Some(self.memo().headers.get(&file, text.fingerprint(), scan))
        } else {
            Some(scan())
        }
    }

    /// The tree of a file; `None` where the file cannot be read. Trees of open documents are kept,
    /// others are large and rarely asked for twice.
    pub fn syntax(&self, file: FileId) -> Option<Arc<Source>> {
        Some(self.syntax_of(file, &self.text(file)?))
    }

    /// The syntax tree of this text of a file.
    pub(crate) fn syntax_of(&self, file: FileId, text: &Text) -> Arc<Source> {
        let parse = || Arc::new(Source::parse(file, text.shared()));
        if self.0.files.document(file).is_some() {
            self.memo().syntax.get(&file, text.fingerprint(), parse)
        } else {
            parse()
        }
    }
}
