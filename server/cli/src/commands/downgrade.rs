//! `revline downgrade`.

use std::process::ExitCode;

use revline_apply::{Kind, Request};

use crate::applying::{self, Applying};
use crate::project::Globals;

/// Take revisions back from the database, as a plan that is shown first.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// The revision to go back to: an identifier, `base`, `-1`, `label@base`; START:END with --sql.
    #[arg(allow_hyphen_values = true)]
    revision: String,
    #[command(flatten)]
    applying: Applying,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let request = Request { kind: Kind::Downgrade, targets: vec![arguments.revision.clone()] };
    applying::run(&arguments.applying, request, globals)
}
