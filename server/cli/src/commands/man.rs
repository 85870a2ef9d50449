//! `revline man`: a page of the manual for the program and for each command.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_mangen::Man;
use revline_vfs::{Disk as _, RealDisk, normalize};

use crate::output::print;

/// Write the manual pages into a folder.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// The folder; it is made where it is not there.
    folder: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let current = std::env::current_dir().context("there is no current folder")?;
    let folder = normalize(&current.join(&arguments.folder));
    let mut command = super::Arguments::command();
    command.build();
    let mut pages = vec![(command.get_name().to_owned(), command.clone())];
    for one in command.get_subcommands().filter(|one| !one.is_hide_set()) {
        // The list of commands has one that only repeats it.
        if one.get_name() != "help" {
            let name = format!("{}-{}", command.get_name(), one.get_name());
            pages.push((name.clone(), one.clone().display_name(name)));
        }
    }
    for (name, command) in pages {
        let mut page = Vec::new();
        Man::new(command).title(name.to_uppercase()).render(&mut page)?;
        let path = folder.join(format!("{name}.1"));
        RealDisk.write(&path, &page).with_context(|| path.display().to_string())?;
        print(&format!("{}\n", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}
