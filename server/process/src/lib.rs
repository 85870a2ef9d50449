//! Child processes: the project's own Alembic, and whatever else of a project is run.
//!
//! The only door to them. A child is started by its path and a list of arguments, never by a shell,
//! in a process group of its own and in an environment that its caller wrote down. It is killed as a
//! group when its time is over and when whoever waits for it goes away. A child that would outlive a Revline that is killed has
//! a keeper between. This crate refuses to know
//! what a child is for, and to decide whether it may run.
//!
//! Arguments can be read by every user of a machine: what is secret goes through [`Task::input`].

mod child;
#[cfg(unix)]
mod keeper;
mod lines;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

pub use child::run;
#[cfg(unix)]
pub use keeper::keep;

/// What is started, and how.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Task {
    /// The program, by its path; a bare name is looked up in the caller's `PATH`.
    pub program: PathBuf,
    /// Its arguments. Nothing secret stands here.
    pub arguments: Vec<OsString>,
    /// The folder that it runs in.
    pub folder: PathBuf,
    /// Its whole environment.
    pub environment: Vec<(OsString, OsString)>,
    /// The first line of its standard input, written without being shown to anybody. The input stays
    /// open as long as the caller lives, so that a child can notice its end.
    pub input: Option<String>,
    /// The program that keeps it, with the words before the child's own program: it ends the child when
    /// whoever runs it is killed. Needed for children that do not watch their input; none where this is
    /// empty, and beyond Unix.
    pub keeper: Vec<OsString>,
    /// How long it may take.
    pub timeout: Option<Duration>,
}

impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Task")
            .field("program", &self.program)
            .field("arguments", &self.arguments)
            .field("folder", &self.folder)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// A line that a child printed, without its end; a line without end comes in parts of 16 KiB. What is
/// no UTF-8 is replaced.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    /// On standard output.
    Out(String),
    /// On standard error.
    Err(String),
}

impl Line {
    /// Its text.
    pub fn text(&self) -> &str {
        match self {
            Self::Out(text) | Self::Err(text) => text,
        }
    }
}

/// How a child ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// By itself, with this code; none where a signal ended it.
    Exited(Option<i32>),
    /// It was killed, since its time was over.
    TimedOut,
}

impl Ended {
    /// Whether it ended by itself and well.
    pub const fn is_well(self) -> bool {
        matches!(self, Self::Exited(Some(0)))
    }
}
