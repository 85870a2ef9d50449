//! One environment joined with everything that its files say.

use std::sync::{Arc, OnceLock};

use revline_frameworks::alembic::environment::Environment;
use revline_frameworks::settings::Settings;
use revline_history::{History, Node};
use revline_text::{FileId, Fingerprint};
use revline_vfs::Shared;

use crate::Heading;
use crate::file_table::FileTable;
use crate::observed::{Applied, Database, Observed, Place, Sight};
use crate::plan::Plan;

/// An environment, its revision files in load order, and the graph that they make.
///
/// A project is a value: an edit makes a new one that shares what did not change. The graph is made
/// when somebody asks for it first, so that a burst of keystrokes costs one graph.
#[derive(Clone)]
pub struct Project {
    /// The environment.
    pub environment: Arc<Environment>,
    /// The settings that hold in its folder.
    pub settings: Arc<Settings>,
    /// Its revision files in Alembic's load order.
    pub files: Arc<[FileId]>,
    /// What the default branch has of it; `None` where that cannot be known.
    pub shared: Option<Arc<Shared>>,
    /// What makes it this one among the environments: its script folder and its version folders.
    pub(crate) id: Fingerprint,
    /// Its database; `None` where nobody looked for one.
    pub database: Option<Arc<Database>>,
    /// The heading of each of `files`.
    headings: Vec<Option<Arc<Heading>>>,
    /// The place of each file in `files`.
    places: Arc<FileTable<u32>>,
    graph: OnceLock<Arc<Graph>>,
    applied: OnceLock<Option<Arc<Applied>>>,
    judged_by: OnceLock<Fingerprint>,
}

/// A history and the way from files to its revisions.
#[derive(Debug)]
pub struct Graph {
    /// The history.
    pub history: History,
    /// The revision of each file of the project.
    nodes: Vec<Option<Node>>,
    places: Arc<FileTable<u32>>,
    plan: OnceLock<Arc<Plan>>,
}

impl Graph {
    /// Where the states of the history lie; made on first use.
    pub(crate) fn plan(&self) -> Arc<Plan> {
        self.plan.get_or_init(|| Arc::new(Plan::new(&self.history))).clone()
    }

    /// The revision that a file declares; `None` where the file declares none. It may be one whose
    /// identifier was taken by a later file.
    pub fn node(&self, file: FileId) -> Option<Node> {
        *self.nodes.get(*self.places.get(file)? as usize)?
    }
}

impl Project {
    pub(crate) fn new(
        environment: Arc<Environment>,
        settings: Arc<Settings>,
        files: Arc<[FileId]>,
        shared: Option<Arc<Shared>>,
        heading: impl FnMut(FileId) -> Option<Arc<Heading>>,
    ) -> Self {
        let headings = files.iter().copied().map(heading).collect();
        let places = Arc::new(FileTable::new(&files, (0..).map(Some)));
        let id = Fingerprint::of(&(&environment.script_location, &environment.version_dirs));
        Self {
            environment,
            settings,
            files,
            shared,
            id,
            database: None,
            headings,
            places,
            graph: OnceLock::new(),
            applied: OnceLock::new(),
            judged_by: OnceLock::new(),
        }
    }

    /// The same project with another heading of one file.
    pub(crate) fn with_heading(&self, file: FileId, heading: Arc<Heading>) -> Self {
        let same = self.heading(file).is_some_and(|last| heading.reads_as(last));
        let mut project = self.clone();
        if let Some(place) = self.places.get(file)
            && let Some(slot) = project.headings.get_mut(*place as usize)
        {
            *slot = Some(heading);
        }
        if !same {
            project.graph = OnceLock::new();
            project.applied = OnceLock::new();
        }
        project
    }

    /// The same project with what its database says now.
    pub(crate) fn with_database(&self, database: Option<Arc<Database>>) -> Self {
        Self { database, applied: OnceLock::new(), ..self.clone() }
    }

    /// How its database stands to the history; `None` where nobody looked.
    pub fn applied(&self) -> Option<Arc<Applied>> {
        let of = |observed: &Observed| Arc::new(Applied::of(&observed.rows, self.history()));
        self.applied.get_or_init(|| self.observed().map(of)).clone()
    }

    /// How each revision stands to its database, by the file that declares it; empty where the
    /// database was not seen.
    pub fn places(&self) -> Vec<(FileId, Option<Place>)> {
        let Some(applied) = self.applied() else { return Vec::new() };
        let history = self.history();
        let place = |node: &Node| (history[*node].file, applied.place(*node));
        history.nodes().iter().map(place).collect()
    }

    /// What its database said last; `None` where it did not answer or nobody asked.
    pub fn observed(&self) -> Option<&Observed> {
        match &self.database.as_ref()?.sight {
            Sight::Seen(observed) => Some(observed),
            Sight::Offered | Sight::Refused { .. } | Sight::Closed(_) => None,
        }
    }

    /// Whether everything but the bodies of revision files is the same as in another value of the
    /// project.
    pub fn has_graph_of(&self, other: &Self) -> bool {
        let shared = match (&self.shared, &other.shared) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (own, other) => own.is_none() && other.is_none(),
        };
        shared
            && self.database == other.database
            && Arc::ptr_eq(self.graph(), other.graph())
            && Arc::ptr_eq(&self.environment, &other.environment)
            && Arc::ptr_eq(&self.settings, &other.settings)
    }

    /// The identity of the settings that hold for every file of the project.
    pub(crate) fn judged_by(&self) -> Fingerprint {
        *self.judged_by.get_or_init(|| Fingerprint::of(&*self.settings))
    }

    /// Whether a file is one of its revision files.
    pub(crate) fn lists(&self, file: FileId) -> bool {
        self.places.get(file).is_some()
    }

    /// What stands at the head of a file; `None` for a file of somebody else.
    pub fn heading(&self, file: FileId) -> Option<&Arc<Heading>> {
        self.headings.get(*self.places.get(file)? as usize)?.as_ref()
    }

    /// What stands at the heads of all files, in load order.
    pub fn headings(&self) -> impl Iterator<Item = (FileId, Option<&Arc<Heading>>)> {
        self.files.iter().copied().zip(self.headings.iter().map(Option::as_ref))
    }

    /// The graph of all its files.
    pub fn graph(&self) -> &Arc<Graph> {
        self.graph.get_or_init(|| {
            let declared = || {
                let declares = |heading: &Option<Arc<Heading>>| heading.as_ref()?.revision.clone();
                self.headings.iter().map(declares)
            };
            let history = History::build(declared().flatten());
            // A revision's number is its place among the revisions that were given.
            let mut numbers = history.all();
            let nodes = declared().map(|revision| revision.and_then(|_| numbers.next())).collect();
            let places = self.places.clone();
            Arc::new(Graph { history, nodes, places, plan: OnceLock::new() })
        })
    }

    /// The history of all its files.
    pub fn history(&self) -> &History {
        &self.graph().history
    }

    /// The name by which output calls the environment.
    pub fn name(&self) -> &str {
        &self.environment.name
    }
}
