//! `revline show`.

use std::process::ExitCode;

use crate::database::{Chosen, rows};
use crate::listing::Listing;
use crate::project::Globals;

/// Show everything about a revision.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// An identifier or the beginning of one, a branch label, `head`, `heads`, `label@head`, `-1`.
    #[arg(value_name = "REV", allow_hyphen_values = true)]
    revision: String,
    /// Print an array of objects.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    chosen: Chosen,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let rows = match arguments.revision.as_str() {
        "current" => Some(rows(globals, &arguments.chosen)?),
        _ => None,
    };
    Listing {
        json: arguments.json,
        any: true,
        select: &|history| match &rows {
            Some(rows) => {
                let found = rows.iter().map(|row| history.resolve(row.as_str()));
                Ok(found.collect::<Result<Vec<_>, _>>()?.concat())
            }
            None => history.resolve(&arguments.revision),
        },
        draw: &|entries, node| entries.block(node) + "\n",
    }
    .run(globals)
}
