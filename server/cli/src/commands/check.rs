//! `revline check`: the project's own Alembic compares its models with the database.

use std::process::ExitCode;
use std::time::Duration;

use revline_analysis::Depth;
use revline_apply::{Person, Run};

use crate::applying;
use crate::database::{Chosen, connection};
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
    let person = Person::here();
    let connection = connection(&opened, project, globals, &arguments.chosen, &person)?;
    let run = Run {
        snapshot: &opened.snapshot,
        project,
        connection: &connection,
        person: &person,
        timeout: Some(Duration::from_secs(arguments.timeout)),
        cancel: None,
    };
    applying::passed_through(&run, &["check".to_owned()])
}
