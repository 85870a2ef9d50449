//! `revline upgrade`.

use std::process::ExitCode;

use revline_apply::{Kind, Request};

use crate::applying::{self, Applying};
use crate::project::Globals;

/// Bring the database to a revision, as a plan that is shown first.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// A revision, `head`, `heads`, `+1`, `label@head`; START:END with --sql.
    #[arg(allow_hyphen_values = true)]
    revision: String,
    #[command(flatten)]
    applying: Applying,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let request = Request { kind: Kind::Upgrade, targets: vec![arguments.revision.clone()] };
    applying::run(&arguments.applying, request, globals)
}
