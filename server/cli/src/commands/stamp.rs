//! `revline stamp`: on every database by Revline itself, since no migration runs.

use std::process::ExitCode;

use revline_apply::{Kind, Request};

use crate::applying::{self, Applying};
use crate::output::Failure;
use crate::project::Globals;

/// Say that the database is at a revision, without running anything.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Revisions, `head`, `heads`, `base`, `label@head`; START:END with --sql.
    #[arg(required = true, allow_hyphen_values = true)]
    revisions: Vec<String>,
    /// Delete all rows of the version table first.
    #[arg(long)]
    purge: bool,
    #[command(flatten)]
    applying: Applying,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    if arguments.purge && arguments.applying.sql {
        return Err(Failure::Alembics("Can't use --purge with --sql mode".to_owned()).into());
    }
    let kind = Kind::Stamp { purge: arguments.purge };
    let request = Request { kind, targets: arguments.revisions.clone() };
    applying::run(&arguments.applying, request, globals)
}
