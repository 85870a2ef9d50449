//! Alembic environments of a workspace, found without running anything.
//!
//! An environment is a script folder with the version folders that one graph is read from. Several
//! ini sections that mean the same folders are profiles of one environment. What an `env.py`
//! decides while it runs is not known here, and nothing is guessed about it beyond the layouts
//! named in [`discover`].

mod location;
mod naming;
mod search;
mod versions;

use std::path::PathBuf;

use revline_text::Span;
use revline_vfs::Listings;

use super::config::{Config, ConfigDefect};

pub use search::discover;
pub use versions::{VersionFiles, is_revision_file, owns, version_files};

/// A script folder and where its revisions are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Environment {
    /// Unique in the workspace, from the path of the script folder: `backend/migrations`.
    pub name: String,
    /// The script folder, absolute.
    pub script_location: PathBuf,
    /// The version folders in Alembic's order, absolute. They need not exist.
    pub version_dirs: Vec<PathBuf>,
    /// Whether folders below them are read too.
    pub recursive: bool,
    /// Whether compiled files without source are revisions.
    pub sourceless: bool,
    /// The configurations that mean this environment; none where only `env.py` was found.
    pub profiles: Vec<Profile>,
    /// `script.py.mako`, where it is there.
    pub template: Option<PathBuf>,
    /// `env.py`, where it is there.
    pub env_py: Option<PathBuf>,
    /// What the configuration says of the databases: hints, since `env.py` decides.
    pub targets: Vec<TargetHint>,
    /// What is wrong with the configurations and folders. One file may serve several environments,
    /// each of which then carries its defects.
    pub defects: Vec<ConfigDefect>,
}

/// One way to start Alembic on an environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// The section's name, and the file's where several files have it.
    pub name: String,
    /// The ini file, else the TOML file.
    pub config_file: PathBuf,
    /// The section (`-n`).
    pub section: String,
    /// What it says.
    pub config: Config,
}

/// A database that the environment seems to be for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TargetHint {
    /// The part of the URL before `+` and `://`: `postgresql`.
    pub dialect: String,
    /// The URL in its file; `None` where the name of a version folder says it.
    pub span: Option<Span>,
}

/// What was found below a folder, and what was not taken.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Discovery {
    /// The environments, ordered by script folder.
    pub environments: Vec<Environment>,
    /// What was looked at and is no environment, or was read in a way that needs a word.
    pub notes: Vec<Note>,
    /// Folders that were listed on the way.
    pub listings: Listings,
}

/// A sentence about a file or folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Note {
    /// The file or folder.
    pub path: PathBuf,
    /// The sentence, without the path.
    pub text: String,
}

impl Environment {
    /// The configuration of the first profile.
    pub fn config(&self) -> Option<&Config> {
        self.profiles.first().map(|profile| &profile.config)
    }
}

#[cfg(test)]
mod tests;
