//! The project's own Alembic, started for a person.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use revline_analysis::Project;
use revline_apply::{
    Connection, Event, Failure as RunFailure, Hear, Plan, Standing, Start, run_child, start,
};
use revline_history::RevisionId;

use crate::database::{Process, interpreter, runtime};
use crate::output::{Failure, print, warn};
use crate::project::Opened;

/// What is started, for whom.
pub(crate) struct Own<'a> {
    pub(crate) opened: &'a Opened,
    pub(crate) project: &'a Arc<Project>,
    pub(crate) process: &'a Process,
    pub(crate) connection: &'a Connection,
    pub(crate) timeout: Option<Duration>,
}

impl Own<'_> {
    async fn run(
        &self,
        words: &[String],
        hear: Hear<'_>,
    ) -> Result<revline_apply::Child, RunFailure> {
        let found = interpreter(self.opened, &self.connection.believed, self.process);
        let task = start(&Start {
            connection: self.connection,
            interpreter: found.as_ref().ok(),
            variables: &self.process.variables,
            arguments: words,
            timeout: self.timeout,
        });
        let task = task.map_err(|why| RunFailure::new(found.err().unwrap_or(why)))?;
        run_child(&self.opened.snapshot, self.project, self.connection, &task, hear).await
    }

    async fn rows(&self) -> Result<Vec<RevisionId>, RunFailure> {
        let standing: Standing = revline_apply::standing(self.project, self.connection)
            .await
            .map_err(RunFailure::from)?;
        Ok(standing.rows)
    }
}

/// Runs a plan by the project's own Alembic, and looks at where the database stands afterwards.
pub(super) async fn carried_out(
    own: &Own<'_>,
    words: &[String],
    plan: &Plan,
    hear: Hear<'_>,
) -> Result<Vec<RevisionId>, RunFailure> {
    own.run(words, hear).await?;
    let rows = own.rows().await?;
    if rows != plan.after {
        let message = "the project's Alembic ended well, and the database that was meant does not \
                       stand where the plan leads: another one may have been changed";
        return Err(RunFailure { rows: Some(rows), ..RunFailure::new(message) });
    }
    Ok(rows)
}

/// Runs a command whose answer is the project's own: what it prints is printed, and its code is ours.
pub(crate) fn passed_through(own: &Own<'_>, words: &[String]) -> anyhow::Result<ExitCode> {
    let mut failed = None;
    let done = runtime()?.block_on(own.run(words, &mut |event| match event {
        Event::Answered(line) => match line.strip_prefix("FAILED: ") {
            Some(sentence) => failed = Some(sentence.to_owned()),
            None => print(&format!("{line}\n")),
        },
        Event::Said(line) => anstream::eprintln!("{line}"),
        _ => {}
    }));
    match done {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(failure) => {
            if let Some(sentence) = failed {
                return Err(Failure::Alembics(sentence).into());
            }
            warn(&failure.to_string());
            Ok(ExitCode::from(1))
        }
    }
}
