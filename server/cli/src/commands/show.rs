//! `revline show`.

use std::process::ExitCode;

use crate::listing::{Listing, no_database};
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
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    if arguments.revision == "current" {
        let instead = "`revline show REV` shows any revision by its name, and the project's own \
                       `alembic show current` the current one";
        return Err(no_database("The current revision", instead).into());
    }
    Listing {
        json: arguments.json,
        any: true,
        select: &|history| history.resolve(&arguments.revision),
        draw: &|entries, node| entries.block(node) + "\n",
    }
    .run(globals)
}
