//! `revline check`: the project's own Alembic compares its models with the database.

use std::process::ExitCode;
use std::time::Duration;

use revline_analysis::Depth;

use crate::applying::{self, Own};
use crate::database::{Chosen, Process, connection};
use crate::project::{Globals, check, open};

/// Say whether the models and the migrations agree, by the project's own Alembic.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// How long it may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    timeout: u64,
    #[command(flatten)]
    chosen: Chosen,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let opened = open(globals, Depth::Graph)?;
    let project = opened.only()?;
    check(&opened, project)?;
    let process = Process::here();
    let connection = connection(&opened, project, globals, &arguments.chosen, &process)?;
    let own = Own {
        opened: &opened,
        project,
        process: &process,
        connection: &connection,
        timeout: Some(Duration::from_secs(arguments.timeout)),
    };
    applying::passed_through(&own, &["check".to_owned()])
}
