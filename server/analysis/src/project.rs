//! One environment joined with everything that its files say.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use revline_frameworks::alembic::environment::Environment;
use revline_frameworks::settings::Settings;
use revline_history::{Defect, History, Node, Revision};
use revline_sql::Dialect;
use revline_text::FileId;
use revline_vfs::Shared;
use rpds::HashTrieMapSync;

use crate::Heading;

/// An environment, its revision files in load order, and the graph that they make.
///
/// A project is a value: an edit makes a new one that shares what did not change. The graph is made
/// when somebody asks for it first, so that a burst of keystrokes costs one graph.
pub struct Project {
    /// The environment.
    pub environment: Arc<Environment>,
    /// The settings that hold in its folder.
    pub settings: Arc<Settings>,
    /// Its revision files in Alembic's load order.
    pub files: Arc<[FileId]>,
    /// What the default branch has of it; `None` where that cannot be known.
    pub shared: Option<Arc<Shared>>,
    pub(crate) headings: HashTrieMapSync<FileId, Arc<Heading>>,
    graph: OnceLock<Arc<Graph>>,
}

/// A history and the way from files to its revisions.
#[derive(Debug)]
pub struct Graph {
    /// The history.
    pub history: History,
    /// The revisions of each file.
    nodes: HashMap<FileId, Node>,
}

impl Graph {
    /// The revision that a file declares; `None` where the file declares none. It may be one whose
    /// identifier was taken by a later file.
    pub fn node(&self, file: FileId) -> Option<Node> {
        self.nodes.get(&file).copied()
    }
}

impl Project {
    pub(crate) fn new(
        environment: Arc<Environment>,
        settings: Arc<Settings>,
        files: Arc<[FileId]>,
        shared: Option<Arc<Shared>>,
        headings: HashTrieMapSync<FileId, Arc<Heading>>,
    ) -> Self {
        Self { environment, settings, files, shared, headings, graph: OnceLock::new() }
    }

    /// The same project with another heading of one file.
    pub(crate) fn with_heading(&self, file: FileId, heading: Arc<Heading>) -> Self {
        Self::new(
            self.environment.clone(),
            self.settings.clone(),
            self.files.clone(),
            self.shared.clone(),
            self.headings.insert(file, heading),
        )
    }

    /// What stands at the head of a file; `None` for a file of somebody else.
    pub fn heading(&self, file: FileId) -> Option<&Arc<Heading>> {
        self.headings.get(&file)
    }

    /// The graph of all its files.
    pub fn graph(&self) -> &Arc<Graph> {
        self.graph.get_or_init(|| {
            let revisions: Vec<Revision> = self
                .files
                .iter()
                .filter_map(|file| self.headings.get(file)?.revision.clone())
                .collect();
            let history = History::build(revisions);
            // Revisions whose identifier was taken by a later file are in the defects alone.
            let hidden = history.defects().iter().flat_map(|defect| match defect {
                Defect::DuplicateId { revisions, .. } => revisions.as_slice(),
                _ => &[],
            });
            let all = history.nodes().iter().chain(hidden);
            let nodes = all.map(|node| (history[*node].file, *node)).collect();
            Arc::new(Graph { history, nodes })
        })
    }

    /// The history of all its files.
    pub fn history(&self) -> &History {
        &self.graph().history
    }

    /// The dialects that the project is for, from the settings, else from its configuration; empty
    /// where nothing says it. Only what Revline has a dialect for is in the list.
    pub fn targets(&self) -> Vec<&'static dyn Dialect> {
        let hinted = || self.environment.targets.iter().map(|hint| hint.dialect.as_str());
        let named: Vec<&str> = match &self.settings.targets {
            Some(targets) => targets.iter().map(String::as_str).collect(),
            None => hinted().collect(),
        };
        let mut targets: Vec<&'static dyn Dialect> = Vec::new();
        for dialect in named.into_iter().filter_map(revline_sql::dialect) {
            if !targets.iter().any(|known| known.facts().name == dialect.facts().name) {
                targets.push(dialect);
            }
        }
        targets
    }

    /// The name by which output calls the environment.
    pub fn name(&self) -> &str {
        &self.environment.name
    }
}
