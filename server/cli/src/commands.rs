//! The commands, one file each: a file here, a variant, and a line in `run`.

mod demo;
mod explain;
mod lint;
mod rules;
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
    /// Show the whole product on a sample project, in one command.
    Demo(demo::Arguments),
    /// Show the documentation of a rule.
    Explain(explain::Arguments),
    /// Say what is wrong with the migrations, and mend what can be mended safely.
    Lint(lint::Arguments),
    /// List the rules.
    Rules(rules::Arguments),
    /// Start the language server on standard input and output.
    Server(server::Arguments),
}

/// Runs a command; errors are told on standard error.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let done = match arguments.command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
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
