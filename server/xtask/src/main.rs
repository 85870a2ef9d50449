//! The development tasks: `cargo xtask COMMAND`.
//!
//! One file for each command. A new one is a file with a documented `Args` and a `run`, its `mod` line, and its name in
//! `commands!`. What a task needs from outside goes into a folder of the build directory, never into the source tree.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task is a script: it reads and writes files, runs programs and prints"
)]

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod apply;
mod bench;
mod child;
mod database;
mod docs;
mod fidelity;
mod newcomer;
mod pack;
mod paths;
mod report;
mod setup;
mod test;
mod torture;
mod wheel;

/// Declares the subcommands: each names a module with `Args` and `run(&Args) -> Result<bool>`, true when all is well.
macro_rules! commands {
    [$($name:ident),* $(,)?] => {
        #[derive(Subcommand)]
        #[allow(non_camel_case_types, reason = "a command is spelt as its module")]
        enum Command {
            $($name($name::Args)),*
        }

        impl Command {
            fn run(&self) -> Result<bool> {
                match self {
                    $(Self::$name(args) => $name::run(args)),*
                }
            }
        }
    };
}

commands![apply, bench, database, docs, fidelity, newcomer, pack, setup, test, torture, wheel];

/// Development tasks of Revline.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> Result<ExitCode> {
    let well = Cli::parse().command.run()?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
