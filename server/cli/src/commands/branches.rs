//! `revline branches`.

use std::process::ExitCode;

use crate::entry::Parts;
use crate::listing::Listing;
use crate::project::Globals;

/// Show the revisions that several others follow.
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
        select: &|history| {
            let all = history.newest_first();
            Ok(all.into_iter().filter(|node| history.is_branch_point(*node)).collect())
        },
        draw: &|entries, node| {
            let history = entries.history();
            let parts = Parts { labels: true, places: true, ..Parts::default() };
            let mut text =
                if arguments.verbose { entries.block(node) } else { entries.line(node, parts) };
            text.push('\n');
            let indent = " ".repeat(history[node].id.as_str().chars().count());
            for child in history.children(node) {
                let line = entries.line(*child, Parts { title: arguments.verbose, ..parts });
                text.push_str(&format!("{indent} -> {line}\n"));
            }
            text + "\n"
        },
    }
    .run(globals)
}
