//! The binary `revline`: the language server, and Alembic's commands without Python.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the terminal is what this crate is for"
)]

mod applying;
mod commands;
mod database;
mod entry;
mod frame;
mod listing;
mod output;
mod project;
mod report;
mod reporters;
mod writing;

use std::process::ExitCode;

use clap::Parser as _;

/// A history is many small pieces made on all cores at once, for which this allocator is made.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = commands::Arguments::parse();
    commands::run(arguments)
}
