//! `revline keep`: what Revline puts between itself and a program of the project that would not notice its end. Nobody
//! types it.

use std::ffi::OsString;
use std::process::ExitCode;

/// Run a program, and end it when whoever started this has gone.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// The program and its arguments.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    words: Vec<OsString>,
}

#[cfg(unix)]
pub(crate) fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut words = arguments.words.into_iter();
    let program = words.next().unwrap_or_default();
    std::process::exit(revline_process::keep(program, words.collect()))
}

#[cfg(not(unix))]
pub(crate) fn run(_: Arguments) -> anyhow::Result<ExitCode> {
    anyhow::bail!("there is nothing to keep on this operating system")
}
