//! The databases of a session: looking where they stand, and running what a person asks for.
//!
//! Nothing here happens in a folder that is not trusted, and nothing on a keystroke. Looking is a
//! task of its own beside the lanes, since a server may be slow to answer; what it saw comes back as
//! an event. A run shows its plan first, asks, and goes on under a progress that can be cancelled.

mod act;
mod look;
mod runs;

use std::sync::Arc;

use revline_apply::Person;

pub(crate) use act::{Act, wish};
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
}

impl Access {
    /// The hosts beyond this machine that the person allows, in their own settings and their
    /// editor's.
    fn hosts(&self, files: &revline_analysis::Files) -> Vec<String> {
        let (mut hosts, _) = self.person.allow(files);
        hosts.extend(self.allow.iter().cloned());
        hosts
    }
}
