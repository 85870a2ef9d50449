//! The commands, one file each: a file here, a variant, and a line in `run`.

mod bases;
mod branches;
mod check;
mod completions;
mod current;
mod demo;
mod doctor;
mod downgrade;
mod explain;
pub(crate) mod graph;
mod heads;
mod history;
mod keep;
mod lint;
mod man;
mod merge;
mod rebase;
mod revision;
mod rules;
mod schema;
mod server;
mod show;
mod sql;
mod stamp;
mod status;
mod upgrade;

use std::process::ExitCode;

use crate::output::Failure;
use crate::project::Globals;

/// Database migrations, read as they are written.
#[derive(clap::Parser, Debug)]
#[command(name = "revline", version, propagate_version = true, infer_subcommands = false)]
pub(crate) struct Arguments {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Show the revisions that have no parent.
    Bases(bases::Arguments),
    /// Show the revisions that several others follow.
    Branches(branches::Arguments),
    /// Say whether the models and the migrations agree, by the project's own Alembic.
    Check(check::Arguments),
    /// Show the revisions that the database has.
    Current(current::Arguments),
    /// Print the completions for a shell.
    #[command(hide = true)]
    Completions(completions::Arguments),
    /// Show the whole product on a sample project, in one command.
    Demo(demo::Arguments),
    /// Say what was found, and why not more.
    Doctor(doctor::Arguments),
    /// Take revisions back from the database, as a plan that is shown first.
    Downgrade(downgrade::Arguments),
    /// Show the documentation of a rule.
    Explain(explain::Arguments),
    /// Draw the history.
    Graph(graph::Arguments),
    /// Show the heads of the history.
    Heads(heads::Arguments),
    /// List the revisions, newest first.
    History(history::Arguments),
    /// Run a program, and end it when whoever started this has gone.
    #[command(hide = true)]
    Keep(keep::Arguments),
    /// Say what is wrong with the migrations, and mend what can be mended safely.
    Lint(lint::Arguments),
    /// Write the manual pages into a folder.
    #[command(hide = true)]
    Man(man::Arguments),
    /// Write a revision that merges several.
    Merge(merge::Arguments),
    /// Move the side of a revision onto another one.
    Rebase(rebase::Arguments),
    /// Write a new revision file.
    Revision(revision::Arguments),
    /// List the rules.
    Rules(rules::Arguments),
    /// Show the tables that a database has at a revision, as the migrations leave them.
    Schema(schema::Arguments),
    /// Start the language server on standard input and output.
    Server(server::Arguments),
    /// Show everything about a revision.
    Show(show::Arguments),
    /// Print the SQL of revisions, without Python and without a database.
    Sql(sql::Arguments),
    /// Say that the database is at a revision, without running anything.
    Stamp(stamp::Arguments),
    /// Show where the database stands, in one screen; 0 where nothing is pending.
    Status(status::Arguments),
    /// Bring the database to a revision, as a plan that is shown first.
    Upgrade(upgrade::Arguments),
}

/// Runs a command; errors are told on standard error.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let globals = &arguments.globals;
    let done = match arguments.command {
        Command::Bases(arguments) => bases::run(&arguments, globals),
        Command::Branches(arguments) => branches::run(&arguments, globals),
        Command::Check(arguments) => check::run(&arguments, globals),
        Command::Current(arguments) => current::run(&arguments, globals),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments, globals),
        Command::Downgrade(arguments) => downgrade::run(&arguments, globals),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments, globals),
        Command::Heads(arguments) => heads::run(&arguments, globals),
        Command::History(arguments) => history::run(&arguments, globals),
        Command::Keep(arguments) => keep::run(arguments),
        Command::Lint(arguments) => lint::run(&arguments, globals),
        Command::Man(arguments) => man::run(&arguments),
        Command::Merge(arguments) => merge::run(&arguments, globals),
        Command::Rebase(arguments) => rebase::run(&arguments, globals),
        Command::Revision(arguments) => revision::run(&arguments, globals),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments, globals),
        Command::Server(arguments) => server::run(&arguments),
        Command::Show(arguments) => show::run(&arguments, globals),
        Command::Sql(arguments) => sql::run(&arguments, globals),
        Command::Stamp(arguments) => stamp::run(&arguments, globals),
        Command::Status(arguments) => status::run(&arguments, globals),
        Command::Upgrade(arguments) => upgrade::run(&arguments, globals),
    };
    match done {
        Ok(code) => code,
        Err(error) if error.is::<Failure>() => {
            error.downcast_ref().map_or(ExitCode::FAILURE, Failure::tell)
        }
        Err(error) => {
            anstream::eprintln!("revline: {error:#}");
            ExitCode::from(2)
        }
    }
}
