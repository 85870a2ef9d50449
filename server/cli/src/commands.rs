//! The commands, one file each: a file here, a variant, and a line in `run`.

mod server;

use std::process::ExitCode;

/// Database migrations, read as they are written.
#[derive(clap::Parser, Debug)]
#[command(name = "revline", version, propagate_version = true, infer_subcommands = false)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Start the language server on standard input and output.
    Server(server::Arguments),
}

/// Runs a command; errors are told on standard error.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let done = match arguments.command {
        Command::Server(arguments) => server::run(&arguments),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("revline: {error:#}");
            ExitCode::from(2)
        }
    }
}
