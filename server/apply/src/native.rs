//! The runner `native`: statements that the engine knows, on SQLite and PostgreSQL.
//!
//! Each transaction looks at the version table first and changes it last. What a step executes is
//! evaluated when it is reached, on the schema that is there then; a step that turns out not to be
//! known completely is not begun.

use std::time::{Duration, Instant};

use revline_analysis::Execution;
use revline_analysis::settings::Runner;
use revline_database::{Access, BrokenReference, ErrorKind, Interrupt, Session, VersionTable};
use revline_history::RevisionId;
use revline_sql::StatementKind;

use crate::event::{Event, Failure, Hear};
use crate::plan::{Plan, PlannedStep, Transactions, Walk, objection};
use crate::run::{Run, cancelled};
use crate::versions;

/// How long a statement is told to stop before its session is ended.
const STOPPING: Duration = Duration::from_secs(5);

/// The time from one telling to the next.
const BETWEEN_STOPS: Duration = Duration::from_millis(250);

/// Runs a plan. The lock has to be held by the caller.
///
/// # Errors
/// [`Failure`] with where the database stands; what was committed before stays.
pub async fn run_native(
    wanted: &Run<'_>,
    plan: &Plan,
    hear: Hear<'_>,
) -> Result<Vec<RevisionId>, Failure> {
    let connection = wanted.connection;
    if plan.runner != Ok(Runner::Native) {
        return Err(Failure::new("this plan is not one that Revline runs itself"));
    }
    let mut session =
        Session::open(&connection.address, Access::Change, &connection.timeouts).await?;
    let table = versions::table(&connection.believed);
    let interrupt = session.interrupt();
    let mut run = Running {
        wanted,
        table,
        rows: plan.rows.clone(),
        broken: None,
        open: false,
        session: &mut session,
        hear,
    };
    let done = {
        let all = run.all(plan);
        tokio::pin!(all);
        tokio::select! {
            done = &mut all => Some(done),
            () = cancelled(wanted.cancel) => stopped(&interrupt, all).await,
        }
    };
    match done {
        Some(Ok(())) => {}
        Some(Err(failure)) => {
            if run.open {
                // The server rolls back by itself where this does not reach it.
                drop(run.session.rollback().await);
            }
            session.close().await;
            let failure = match wanted.is_stopped() {
                true => Failure { step: failure.step, ..Failure::cancelled() },
                false => failure,
            };
            return Err(failure.seen(connection).await);
        }
        None => {
            // Where the server has gone already there is nobody left to end.
            drop(interrupt.end().await);
            drop(session);
            return Err(Failure::cancelled().seen(connection).await);
        }
    }
    let rows = versions::rows(run.session, &run.table).await?;
    session.close().await;
    Ok(rows)
}

/// Stops what runs, until it has ended; `None` where it does not end.
async fn stopped<T>(interrupt: &Interrupt, all: impl Future<Output = T>) -> Option<T> {
    let stopping = async {
        loop {
            // A statement that begins in this moment is met the next time.
            drop(interrupt.stop().await);
            tokio::time::sleep(BETWEEN_STOPS).await;
        }
    };
    tokio::select! {
        done = all => Some(done),
        _ = tokio::time::timeout(STOPPING, stopping) => None::<T>,
    }
}

/// A run on its way.
struct Running<'a> {
    wanted: &'a Run<'a>,
    session: &'a mut Session,
    table: VersionTable,
    /// The rows as they should be now.
    rows: Vec<RevisionId>,
    /// References that were broken before; `None` where that cannot be said.
    broken: Option<Vec<BrokenReference>>,
    /// Whether a transaction is open.
    open: bool,
    hear: Hear<'a>,
}

impl Running<'_> {
    async fn all(&mut self, plan: &Plan) -> Result<(), Failure> {
        let Run { snapshot, project, connection, .. } = *self.wanted;
        if plan.rows.is_empty() {
            self.begin().await?;
            self.session.create_version_table(&self.table).await?;
            if plan.steps.is_empty() || plan.transactions == Transactions::Each {
                self.commit().await?;
            }
        }
        if plan.steps.is_empty() {
            return Ok(());
        }
        let mut walk =
            Walk::new(snapshot, project, connection, &plan.rows).map_err(Failure::new)?;
        let mut table = revline_history::VersionTable::new(plan.rows.iter().cloned());
        for (at, planned) in plan.steps.iter().enumerate() {
            let began = Instant::now();
            let number = at + 1;
            (self.hear)(Event::Began {
                number,
                of: plan.steps.len(),
                label: planned.label.clone(),
                title: planned.title.clone(),
            });
            let done = self.step(&mut walk, planned).await;
            done.map_err(|failure| Failure { step: Some(planned.label.clone()), ..failure })?;
            table
                .apply(project.history(), &planned.step)
                .map_err(|error| Failure::new(error.to_string()))?;
            self.rows = table.rows().cloned().collect();
            if plan.transactions == Transactions::Each {
                self.commit().await?;
            }
            (self.hear)(Event::Ended { number, took: began.elapsed() });
        }
        self.commit().await
    }

    async fn step(&mut self, walk: &mut Walk<'_>, planned: &PlannedStep) -> Result<(), Failure> {
        self.begin().await?;
        let execution = walk.step(&planned.step, Some(&mut *self.session)).await?;
        if let Some((why, span)) = objection(&execution, walk.dialect) {
            let message = format!(
                "not all of {} is known on this database: {why}. Nothing of it was run",
                planned.label
            );
            return Err(Failure { span, ..Failure::new(message) });
        }
        self.statements(&execution).await?;
        self.begin().await?;
        for change in &planned.changes {
            self.session.change_version(&self.table, change).await?;
        }
        Ok(())
    }

    async fn statements(&mut self, execution: &Execution) -> Result<(), Failure> {
        let transactional = self.session.server().dialect == "postgresql";
        let rendered = &execution.rendered;
        for statement in rendered.statements.iter().filter(|it| it.kind == StatementKind::Sql) {
            if transactional && !statement.transactional {
                // An autocommit block ends the transaction before it.
                self.commit().await?;
            } else {
                self.begin().await?;
            }
            (self.hear)(Event::Statement(statement.text.clone()));
            if self.wanted.is_stopped() {
                return Err(Failure::cancelled());
            }
            if let Err(error) = self.session.execute(&statement.text).await {
                return Err(Failure {
                    span: statement.origin,
                    statement: Some(statement.text.clone()),
                    ..Failure::from(error)
                });
            }
        }
        Ok(())
    }

    /// Opens a transaction, unless one is open, and looks whether the rows are those expected.
    async fn begin(&mut self) -> Result<(), Failure> {
        if self.open {
            return Ok(());
        }
        if self.wanted.is_stopped() {
            return Err(Failure::cancelled());
        }
        self.session.begin().await?;
        self.open = true;
        let rows = versions::rows(self.session, &self.table).await?;
        if rows != self.rows {
            return Err(Failure::new(format!(
                "somebody else moved the database meanwhile: it stands at {}, and {} was expected",
                listed(&rows),
                listed(&self.rows)
            )));
        }
        self.broken = self.references().await?;
        Ok(())
    }

    /// The broken references; `None` where SQLite cannot say, as for a key whose parent has no such
    /// columns.
    async fn references(&mut self) -> Result<Option<Vec<BrokenReference>>, Failure> {
        match self.session.check_foreign_keys().await {
            Ok(broken) => Ok(Some(broken)),
            Err(error) if error.kind == ErrorKind::Statement => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn commit(&mut self) -> Result<(), Failure> {
        if !self.open {
            return Ok(());
        }
        let now = self.references().await?.unwrap_or_default();
        let before = self.broken.take();
        if let Some(before) = before
            && let Some(new) = now.iter().find(|one| !before.contains(one))
        {
            let row = new.row.map(|row| format!(" (row {row})")).unwrap_or_default();
            return Err(Failure::new(format!(
                "a row of {}{row} would point to nothing in {} by {}; all of it was taken back",
                new.table,
                new.referent,
                new.columns.join(", ")
            )));
        }
        if self.wanted.is_stopped() {
            return Err(Failure::cancelled());
        }
        self.session.commit().await?;
        self.open = false;
        Ok(())
    }
}

/// Rows of a version table in words.
pub fn listed(rows: &[RevisionId]) -> String {
    if rows.is_empty() {
        return "base".to_owned();
    }
    rows.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(", ")
}
