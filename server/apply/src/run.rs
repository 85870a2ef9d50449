//! One database and whoever acts on it: the plan, and the run by the runner that the plan names.

use std::time::Duration;

use revline_analysis::settings::Runner;
use revline_analysis::{Project, Snapshot};
use revline_history::RevisionId;
use tokio_util::sync::CancellationToken;

use crate::alembic::{Child, Start, run_child, start};
use crate::connect::Connection;
use crate::event::{Event, Failure, Hear};
use crate::native::run_native;
use crate::person::Person;
use crate::plan::{Plan, PlanError, plan};
use crate::request::{Kind, Request};
use crate::stamp::run_stamp;
use crate::standing::{standing, take_back};

/// Everything that a run needs.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// Everything that the files say.
    pub snapshot: &'a Snapshot,
    /// The environment.
    pub project: &'a Project,
    /// Its database.
    pub connection: &'a Connection,
    /// Whoever gave the command.
    pub person: &'a Person,
    /// How long the project's own Alembic may take.
    pub timeout: Option<Duration>,
    /// How a person stops it, where they can. What was finished stays; what the server still does for
    /// the rest is ended before the run says where the database stands.
    pub cancel: Option<&'a CancellationToken>,
}

/// Waits until a run is to stop; for ever where nobody can stop it.
pub(crate) async fn cancelled(cancel: Option<&CancellationToken>) {
    match cancel {
        Some(cancel) => cancel.cancelled().await,
        None => std::future::pending().await,
    }
}

impl Run<'_> {
    /// Makes a plan that may be carried out. `runner` stands before the one of the settings. Nothing
    /// is changed, but that the half-done transaction of a program that died is taken back, as it is
    /// by whoever opens a SQLite file for a change.
    ///
    /// # Errors
    /// [`PlanError`].
    pub async fn plan(&self, request: &Request, runner: Option<Runner>) -> Result<Plan, PlanError> {
        match self.foresee(request, runner).await {
            Err(PlanError::Database(error)) if error.is_half_done() => {
                take_back(self.connection).await?;
                self.foresee(request, runner).await
            }
            other => other,
        }
    }

    /// Makes a plan that nobody carries out: the database is looked at, and nothing else.
    ///
    /// # Errors
    /// [`PlanError`].
    pub async fn foresee(
        &self,
        request: &Request,
        runner: Option<Runner>,
    ) -> Result<Plan, PlanError> {
        let believed = &self.connection.believed;
        let runner = runner.or(believed.entry.runner).unwrap_or_default();
        let alembic = self.person.can_start(self.snapshot, believed);
        plan(self.snapshot, self.project, self.connection, request, runner, alembic).await
    }

    /// Runs a plan; the rows of the version table afterwards. The lock has to be held by the caller.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn carry_out(&self, plan: &Plan, hear: Hear<'_>) -> Result<Vec<RevisionId>, Failure> {
        let outcome = self.run(plan, &mut *hear).await;
        let rows = match &outcome {
            Ok(rows) => Some(rows),
            Err(failure) => failure.rows.as_ref(),
        };
        let kept = rows.map(|rows| self.person.keep(self.snapshot, self.project, plan, rows));
        if let Some(Err(error)) = kept {
            hear(Event::Said(format!("what was applied cannot be remembered: {error}")));
        }
        outcome
    }

    async fn run(&self, plan: &Plan, hear: Hear<'_>) -> Result<Vec<RevisionId>, Failure> {
        let runner = plan.runner.clone().map_err(Failure::new)?;
        match (runner, plan.request.kind) {
            (_, Kind::Stamp { .. }) => run_stamp(self.connection, plan, hear).await,
            (Runner::Alembic, _) => {
                let mut words = vec![plan.request.word().to_owned()];
                // A target like `-1` is no option.
                words.extend(plan.request.targets.iter().cloned());
                self.alembic(&words, hear).await?;
                let rows = standing(self.project, self.connection).await?.rows;
                if rows != plan.after {
                    let message = "the project's Alembic ended well, and the database that was \
                                   meant does not stand where the plan leads: another one may \
                                   have been changed";
                    return Err(Failure { rows: Some(rows), ..Failure::new(message) });
                }
                Ok(rows)
            }
            (Runner::Native | Runner::Auto, _) => run_native(self, plan, hear).await,
        }
    }

    /// Whether a person stopped it.
    pub(crate) fn is_stopped(&self) -> bool {
        self.cancel.is_some_and(CancellationToken::is_cancelled)
    }

    /// Runs a command of the project's own Alembic, such as `["check"]`.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn alembic(&self, words: &[String], hear: Hear<'_>) -> Result<Child, Failure> {
        self.child(words, false, hear).await
    }

    pub(crate) async fn child(
        &self,
        words: &[String],
        differences: bool,
        hear: Hear<'_>,
    ) -> Result<Child, Failure> {
        let found = self.person.interpreter(self.snapshot, &self.connection.believed);
        let task = start(&Start {
            connection: self.connection,
            interpreter: found.as_ref().ok(),
            script_location: &self.project.environment.script_location,
            person: self.person,
            arguments: words,
            differences,
            timeout: self.timeout,
        });
        let task = task.map_err(|why| Failure::new(found.err().unwrap_or(why)))?;
        run_child(self, &task, hear).await
    }
}
