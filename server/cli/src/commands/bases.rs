//! `revline bases`: what Alembic knows and has no command for.

use std::process::ExitCode;

use crate::entry::Parts;
use crate::listing::Listing;
use crate::project::Globals;

/// Show the revisions that have no parent.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Show everything about each.
    #[arg(short, long)]
    verbose: bool,
    /// Print an array of objects.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    Listing {
        json: arguments.json,
        any: false,
        select: &|history| Ok(history.bases().to_vec()),
        draw: &|entries, node| {
            if arguments.verbose {
                return entries.block(node) + "\n";
            }
            entries.line(node, Parts { labels: true, ..Parts::default() }) + "\n"
        },
    }
    .run(globals)
}
