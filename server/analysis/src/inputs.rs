//! What changes: the one mutable value, owned by one actor.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use revline_frameworks::alembic::environment;
use revline_text::{FileId, Text};
use revline_vfs::{Document, Files, Listings, normalize};

use crate::changes::Changes;
use crate::facts::FactsNow;
use crate::index::{Depth, Index, Listed, read_heading};
use crate::snapshot::{Memo, State};
use crate::{Database, Heading, Project, Snapshot, Workspace};

/// Files, documents and environments, as the events that arrived so far left them.
pub struct Inputs {
    files: Files,
    workspace: Arc<Workspace>,
    projects: Vec<Arc<Project>>,
    memo: Arc<Memo>,
    changes: Changes,
    facts: FactsNow,
}

/// What an event did to the graph.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// The file is not ours.
    Nothing,
    /// The file's body changed: no other file is concerned.
    Body,
    /// The graph changed: every file may be concerned.
    Graph,
    /// A file changed that decides where environments are: a new [`Index`] is wanted.
    Environments,
}

impl Inputs {
    /// Nothing but the disk.
    pub fn new(files: Files) -> Self {
        Self {
            files,
            workspace: Arc::default(),
            projects: Vec::new(),
            memo: Arc::default(),
            changes: Changes::default(),
            facts: Arc::default(),
        }
    }

    /// The files as they are now.
    pub const fn files(&self) -> &Files {
        &self.files
    }

    /// Everything as it is now.
    pub fn snapshot(&self) -> Snapshot {
        self.snapshot_of(self.files.clone())
    }

    /// What is known now of the environments, over the documents as they were at an earlier moment.
    pub fn snapshot_of(&self, files: Files) -> Snapshot {
        let changes = files.same_documents(&self.files).then(|| self.changes.clone());
        Snapshot::new(State {
            changes,
            files,
            workspace: self.workspace.clone(),
            projects: self.projects.clone(),
            memo: self.memo.clone(),
            facts: self.facts.clone(),
            timelines: RwLock::default(),
        })
    }

    /// Takes over what was found on disk. Documents opened or edited since the index was begun stand
    /// before it.
    pub fn set_index(&mut self, index: Index) {
        self.changes.note_all();
        let last: HashMap<FileId, Arc<Heading>> = self
            .files
            .documents()
            .filter_map(|(file, _)| Some((file, self.heading(file)?)))
            .collect();
        self.workspace = Arc::new(index.workspace);
        self.facts = Arc::default();
        let databases: HashMap<PathBuf, Arc<Database>> = self
            .projects
            .iter()
            .filter_map(|old| {
                Some((old.environment.script_location.clone(), old.database.clone()?))
            })
            .collect();
        self.projects = index
            .environments
            .into_iter()
            .map(|listed| {
                let heading = |file| index.headings.get(file).cloned();
                let mut project = self.project(listed, heading, &last);
                project.database = databases.get(&project.environment.script_location).cloned();
                Arc::new(project)
            })
            .collect();
    }

    /// What an index says of the documents as they were at an earlier moment: for whoever asked
    /// before the index was there.
    pub fn snapshot_then(files: Files, index: Index) -> Snapshot {
        let mut inputs = Self::new(files);
        inputs.set_index(index);
        inputs.snapshot()
    }

    /// A project over headings that were read, with the open documents that belong to it read anew.
    fn project(
        &self,
        mut listed: Listed,
        mut heading: impl FnMut(FileId) -> Option<Arc<Heading>>,
        last: &HashMap<FileId, Arc<Heading>>,
    ) -> Project {
        let mut open: HashMap<FileId, Arc<Heading>> = HashMap::new();
        for (file, _) in self.files.documents() {
            let path = self.files.path(file);
            if !listed.files.contains(&file) {
                if !environment::owns(&listed.environment, &path) {
                    continue;
                }
                // An editor holds a new file open that is not on disk yet.
                let after = |other: &FileId| {
                    let other = self.files.path(*other);
                    other.parent() == path.parent() && *other > *path
                };
                let end = listed.files.len();
                let place = listed.files.iter().position(after).unwrap_or(end);
                listed.files.insert(place, file);
            }
            let mut heading = read_heading(&mut self.files.reader(), file);
            if let Some(last) = last.get(&file) {
                heading = heading.or_last_good(last);
            }
            open.insert(file, Arc::new(heading));
        }
        Project::new(
            listed.environment,
            listed.settings,
            listed.files.into(),
            listed.shared,
            |file| open.get(&file).cloned().or_else(|| heading(file)),
        )
    }

    /// The places of the projects that a file belongs to.
    fn owners(&self, file: FileId) -> impl Iterator<Item = usize> {
        let places = self.projects.iter().enumerate();
        places.filter(move |(_, project)| project.lists(file)).map(|(place, _)| place)
    }

    fn is_listed(&self, file: FileId) -> bool {
        self.owners(file).next().is_some()
    }

    fn heading(&self, file: FileId) -> Option<Arc<Heading>> {
        self.projects.get(self.owners(file).next()?)?.heading(file).cloned()
    }

    /// Takes over what the database of an environment said, or that it says nothing any more. The
    /// environment is known by its script folder.
    pub fn observe(&mut self, script_location: &Path, database: Option<Database>) -> Effect {
        let database = database.map(Arc::new);
        let mut effect = Effect::Nothing;
        for project in &mut self.projects {
            if project.environment.script_location == script_location
                && project.database != database
            {
                *project = Arc::new(project.with_database(database.clone()));
                effect = Effect::Graph;
            }
        }
        effect
    }

    /// Opens a document.
    pub fn open(&mut self, path: &Path, text: Text, version: i32) -> Effect {
        let file = self.files.id(&normalize(path));
        self.files.open(file, Document { text, version });
        self.refresh(file, false)
    }

    /// Replaces the text of an open document.
    pub fn edit(&mut self, file: FileId, text: Text, version: i32) -> Effect {
        self.files.open(file, Document { text, version });
        self.refresh(file, true)
    }

    /// Closes a document: the disk's text counts again.
    pub fn close(&mut self, file: FileId) -> Effect {
        self.files.close(file);
        self.refresh(file, false)
    }

    /// Files were made, changed or deleted on disk.
    pub fn touched(&mut self, paths: &[PathBuf]) -> Effect {
        let mut effect = Effect::Nothing;
        for path in paths {
            let path = normalize(path);
            let file = self.files.id(&path);
            // The editor's text stands before the disk's as long as the document is open.
            if self.files.document(file).is_none() || !self.is_listed(file) {
                effect = effect.max(self.refresh(file, false));
            }
        }
        effect
    }

    /// Reads the head of one file again. `typing`: a broken part keeps its last good value.
    fn refresh(&mut self, file: FileId, typing: bool) -> Effect {
        self.changes.note(file);
        let path = self.files.path(file);
        if is_configuration(&path) {
            return Effect::Environments;
        }
        let present =
            self.files.document(file).is_some() || self.files.disk().stamp(&path).is_some();
        let listed = self.is_listed(file);
        if !listed {
            // It may stand behind an `env.py`, or be a lock file.
            self.facts = Arc::default();
        }
        let owned =
            self.projects.iter().any(|project| environment::owns(&project.environment, &path));
        if listed != (present && owned) {
            self.relist(file);
            return Effect::Graph;
        }
        if !listed {
            return Effect::Nothing;
        }
        let mut heading = read_heading(&mut self.files.reader(), file);
        let Some(last) = self.heading(file) else { return Effect::Nothing };
        if typing {
            heading = heading.or_last_good(&last);
        }
        // What the graph reads is equal: only the body changed, and the graph is kept.
        let effect = if heading.reads_as(&last) { Effect::Body } else { Effect::Graph };
        // The text of an open document is asked for itself, key by key.
        if effect == Effect::Body
            && (heading.text == last.text || self.files.document(file).is_some())
        {
            return effect;
        }
        let heading = Arc::new(heading);
        for place in self.owners(file).collect::<Vec<_>>() {
            if let Some(project) = self.projects.get_mut(place) {
                *project = Arc::new(project.with_heading(file, heading.clone()));
            }
        }
        effect
    }

    /// Lists the environments anew that a file came to or went away from.
    fn relist(&mut self, file: FileId) {
        let path = self.files.path(file);
        let concerned: Vec<usize> = (self.projects.iter().enumerate())
            .filter(|(_, project)| {
                project.heading(file).is_some() || environment::owns(&project.environment, &path)
            })
            .map(|(place, _)| place)
            .collect();
        for place in concerned {
            let Some(old) = self.projects.get(place).cloned() else { continue };
            let mut listed = Listed::of(
                &self.files,
                (*old.environment).clone(),
                old.settings.clone(),
                &Listings::default(),
                Depth::Graph,
            );
            listed.shared = old.shared.clone();
            let heading = |file| {
                let known = old.heading(file).cloned();
                let read = || Arc::new(read_heading(&mut self.files.reader(), file));
                Some(known.unwrap_or_else(read))
            };
            let last = HashMap::new();
            let mut project = self.project(listed, heading, &last);
            project.database = old.database.clone();
            if let Some(slot) = self.projects.get_mut(place) {
                *slot = Arc::new(project);
            }
        }
    }
}

/// Whether a change of the file may move environments, or the settings that hold in them.
fn is_configuration(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    matches!(name, "pyproject.toml" | "revline.toml" | "env.py" | "script.py.mako")
        || path.extension().is_some_and(|extension| extension == "ini")
}

impl Effect {
    fn max(self, other: Self) -> Self {
        let weight = |effect| match effect {
            Self::Nothing => 0,
            Self::Body => 1,
            Self::Graph => 2,
            Self::Environments => 3,
        };
        if weight(other) > weight(self) { other } else { self }
    }
}
