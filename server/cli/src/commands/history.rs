//! `revline history`.

use std::process::ExitCode;

use revline_history::Walk;

use crate::database::{Chosen, rows};
use crate::entry::Parts;
use crate::listing::Listing;
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
    /// Mark the revisions that the database is at.
    #[arg(short, long)]
    indicate_current: bool,
    /// Print an array of objects.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    chosen: Chosen,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let walk = match &arguments.rev_range {
        Some(range) => Walk::parse(range).map_err(Failure::from)?,
        None => Walk::ALL,
    };
    let rows = if arguments.indicate_current || walk.needs_current() {
        Some(rows(globals, &arguments.chosen)?)
    } else {
        None
    };
    let walk = match &rows {
        Some(rows) => walk.with_current(rows),
        None => walk,
    };
    let marked = rows.as_deref().filter(|_| arguments.indicate_current).unwrap_or_default();
    Listing {
        json: arguments.json,
        any: arguments.rev_range.is_some(),
        select: &|history| history.walk_range(&walk),
        draw: &|entries, node| {
            let current = marked.contains(&entries.history()[node].id);
            if arguments.verbose {
                return entries.block_of(node, current) + "\n";
            }
            let all = Parts { labels: true, title: true, parents: true, places: true, current };
            entries.line(node, all) + "\n"
        },
    }
    .run(globals)
}
