//! The databases of a session: looking where they stand, and running what a person asks for.
//!
//! Nothing here happens in a folder that is not trusted, and nothing on a keystroke. Looking is a
//! task of its own beside the lanes, since a server may be slow to answer; what it saw comes back as
//! an event. A run shows its plan first, asks, and goes on under a progress that can be cancelled.

mod act;
mod hooks;
mod look;
mod models;
mod progress;
mod runs;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use revline_analysis::{Asking, Believed, Files, NoDatabase, Project, Snapshot};
use revline_apply::Person;
use tracing::warn;

pub(crate) use act::{Act, wish};
pub(crate) use hooks::Hooked;
pub(crate) use look::{Looks, joined, look};
pub(crate) use runs::Runs;

/// What decides whether a database may be opened, and for whom.
#[derive(Clone, Debug, Default)]
pub(crate) struct Access {
    /// Whether the person trusts the folder.
    pub(crate) trusted: bool,
    /// The person who started the server.
    pub(crate) person: Arc<Person>,
    /// The hosts beyond this machine that the editor's settings allow.
    pub(crate) allow: Arc<Vec<String>>,
    /// The database of the settings that the person chose, by the script folder of its environment;
    /// the main one where there is none.
    pub(crate) chosen: Arc<BTreeMap<PathBuf, String>>,
}

impl Access {
    /// The name of the database that counts for an environment; `None` for the main one.
    pub(crate) fn name(&self, project: &Project) -> Option<&str> {
        let name = self.chosen.get(&project.environment.script_location)?;
        // The settings may have lost it since.
        project.settings.database.named.contains_key(name).then_some(name)
    }

    /// The database that counts for an environment.
    fn believed(
        &self,
        snapshot: &Snapshot,
        project: &Project,
    ) -> Result<Believed, Box<NoDatabase>> {
        let asking = Asking { name: self.name(project), ..Asking::default() };
        self.person.believed(snapshot, project, &asking)
    }

    /// The hosts beyond this machine that the person allows: in their own settings, their editor's,
    /// and for this environment.
    fn hosts(&self, files: &Files, project: &Project) -> Vec<String> {
        let (mut hosts, _) = self.person.allow(files);
        hosts.extend(self.allow.iter().cloned());
        match self.person.hosts(files, project) {
            Ok(own) => hosts.extend(own),
            Err(error) => warn!(%error, "the hosts that were allowed cannot be read"),
        }
        hosts
    }
}
