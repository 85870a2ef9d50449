//! `revline heads`.
//!
//! Over a folder that cannot be loaded (a cycle, a label used twice) Alembic's own `heads` ends in a
//! traceback where its `history` has a sentence; here both say the sentence.

use std::process::ExitCode;

use crate::entry::Parts;
use crate::listing::Listing;
use crate::project::Globals;

/// Show the heads of the history.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Show everything about each.
    #[arg(short, long)]
    verbose: bool,
    /// Leave out heads that another revision depends on.
    #[arg(long)]
    resolve_dependencies: bool,
    /// Print an array of objects.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    Listing {
        json: arguments.json,
        any: false,
        select: &|history| {
            let real = arguments.resolve_dependencies;
            Ok(if real { history.real_heads() } else { history.heads() }.to_vec())
        },
        draw: &|entries, node| {
            if arguments.verbose {
                return entries.block(node) + "\n";
            }
            entries.line(node, Parts { labels: true, ..Parts::default() }) + "\n"
        },
    }
    .run(globals)
}
