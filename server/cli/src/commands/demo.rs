//! `revline demo`: the whole product on a sample project, as an editor would meet it.
//!
//! The sample is embedded, copied to a temporary folder, and a second process of this program
//! serves it over standard input and output. Everything that is shown is what that server answered;
//! something expected that did not come is told at the end, and makes the command fail.

/// Says a line; a reader that went away is no error.
macro_rules! say {
    ($($told:tt)*) => { $crate::output::print(&format!("{}\n", format_args!($($told)*))) };
}

mod applying;
mod editor;
mod lsp_client;
mod sample;
mod tour;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use revline_vfs::{Disk as _, RealDisk};

use crate::output::warn;

/// Show the whole product on a sample project.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    let folder = tempfile::tempdir().context("there is no temporary folder")?;
    // Where the system's temporary folder is reached by a link, the server's names are the real ones.
    let project = RealDisk.real_path(folder.path())?;
    sample::write(&project)?;
    let mut missing = tour::run(&project)?;
    missing.extend(applying::run(&project)?);
    folder.close().context("the sample cannot be removed")?;
    say!("\nDone in {} ms; the sample is gone again.", began.elapsed().as_millis());
    for what in &missing {
        warn(&format!("{what} was expected and did not come"));
    }
    Ok(if missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
