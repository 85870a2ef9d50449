//! `revline history`.

use std::process::ExitCode;

use revline_history::Walk;

use crate::entry::Parts;
use crate::listing::{Listing, no_database};
use crate::output::Failure;
use crate::project::Globals;

/// List the revisions, newest first.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Only these, written [start]:[end].
    #[arg(short, long, value_name = "RANGE", allow_hyphen_values = true)]
    rev_range: Option<String>,
    /// Show everything about each.
    #[arg(short, long)]
    verbose: bool,
    /// Mark the revision that a database is at; needs a database.
    #[arg(short, long)]
    indicate_current: bool,
    /// Print an array of objects.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let walk = match &arguments.rev_range {
        Some(range) => Walk::parse(range).map_err(Failure::from)?,
        None => Walk::ALL,
    };
    if arguments.indicate_current || walk.needs_current() {
        let instead = "`revline history` lists the whole history, `-r A:B` a part of it, and the \
                       project's own `alembic history -i` marks the current revision";
        return Err(no_database("The current revision", instead).into());
    }
    Listing {
        json: arguments.json,
        any: arguments.rev_range.is_some(),
        select: &|history| history.walk_range(&walk),
        draw: &|entries, node| {
            if arguments.verbose {
                return entries.block(node) + "\n";
            }
            let all = Parts { labels: true, title: true, parents: true, places: true };
            entries.line(node, all) + "\n"
        },
    }
    .run(globals)
}
