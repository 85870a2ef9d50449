//! What would happen, as data: revisions in order, their statements as far as they are known, the
//! transactions around them, what is lost, and who runs it.

mod native;
mod shown;
mod steps;

use std::path::PathBuf;

use revline_analysis::settings::Runner;
use revline_analysis::{Project, Snapshot};
use revline_database::{Access, Backend, ErrorKind, Server, Session};
use revline_history::{HistoryError, RevisionId, Step, VersionChange};
use revline_sql::{Statement, Status};
use revline_text::Span;

pub(crate) use native::{Walk, objection};

use crate::connect::Connection;
use crate::request::{Kind, Request};
use crate::versions;

/// A plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// The command.
    pub request: Request,
    /// The database, without its password.
    pub address: String,
    /// Other databases that the project's own Alembic may migrate in the same run.
    pub others: Vec<String>,
    /// What answers; `None` where the file of a SQLite database is not there yet.
    pub server: Option<Server>,
    /// The rows of the version table before.
    pub rows: Vec<RevisionId>,
    /// The rows afterwards.
    pub after: Vec<RevisionId>,
    /// The steps in their order.
    pub steps: Vec<PlannedStep>,
    /// The transactions around them.
    pub transactions: Transactions,
    /// Who runs it; where nobody can, why not.
    pub runner: Result<Runner, String>,
    /// Why this runner.
    pub why: String,
    /// Why Revline cannot run it itself; empty where it can.
    pub reasons: Vec<Reason>,
    /// What Alembic warns about, and what runs left that did not get to their end.
    pub warnings: Vec<String>,
}

/// One step of a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedStep {
    /// The step.
    pub step: Step,
    /// Alembic's words for it: `upgrade a -> b`.
    pub label: String,
    /// The first paragraph of the docstring; nothing for a stamp.
    pub title: String,
    /// The file of the revision.
    pub file: Option<PathBuf>,
    /// The statements as the driver would receive them, as far as they are known.
    pub statements: Vec<Statement>,
    /// How far they are known.
    pub status: Status,
    /// What is lost for good.
    pub lost: Vec<String>,
    /// How the version table changes.
    pub changes: Vec<VersionChange>,
}

/// Why something is not run natively.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// The step, as Alembic calls it.
    pub step: Option<String>,
    /// The reason.
    pub why: String,
    /// Where.
    pub span: Option<Span>,
}

/// The transactions of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transactions {
    /// One around everything.
    Whole,
    /// One around each revision with its row of the version table.
    Each,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The target, in Alembic's words.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The database.
    #[error(transparent)]
    Database(#[from] revline_database::Error),
}

/// Makes a plan. The database is looked at and not changed. `runner` is what a person wants;
/// `alembic` says why the project's own Alembic cannot be started, if it cannot.
///
/// # Errors
/// [`PlanError`].
pub async fn plan(
    snapshot: &Snapshot,
    project: &Project,
    connection: &Connection,
    request: &Request,
    runner: Runner,
    alembic: Result<(), String>,
) -> Result<Plan, PlanError> {
    let opened = Session::open(&connection.address, Access::Observe, &connection.timeouts).await;
    let mut session = match opened {
        Ok(session) => Some(session),
        Err(error) if error.kind == ErrorKind::NoFile => None,
        Err(error) => return Err(error.into()),
    };
    let table = versions::table(&connection.believed);
    let mut rows = match &mut session {
        Some(session) => versions::rows_in_order(session, &table).await?,
        None => Vec::new(),
    };
    let history = project.history();
    let planned = request.steps(history, &rows)?;
    rows.sort();
    let mut table = revline_history::VersionTable::new(match request.kind {
        Kind::Stamp { purge: true } => Vec::new(),
        _ => rows.clone(),
    });
    let mut steps = Vec::new();
    for step in &planned.steps {
        let changes = table.apply(history, step)?;
        steps.push(steps::outline(snapshot, project, step, changes));
    }
    let mut reasons = Vec::new();
    if !matches!(request.kind, Kind::Stamp { .. }) && !steps.is_empty() {
        reasons.extend(native::environment(connection));
        let walk = Walk::new(snapshot, project, connection, &rows);
        match walk {
            Ok(walk) => {
                native::fill(walk, session.as_mut(), &mut steps, &mut reasons).await?;
            }
            Err(why) => reasons.push(Reason { step: None, why, span: None }),
        }
    }
    let server = session.as_ref().map(|session| session.server().clone());
    let mut warnings = Vec::new();
    if let Some(mut session) = session {
        let left = session.left_over().await?;
        warnings.extend(left.iter().map(|one| format!("there is {one}")));
        session.close().await;
    }
    if planned.ambiguous {
        warnings.push(revline_history::AMBIGUOUS_DOWNGRADE.to_owned());
    }
    let alembic = alembic.and_then(|()| elsewhere(connection));
    let (runner, why) = chosen(request, steps.is_empty(), runner, &reasons, alembic);
    Ok(Plan {
        request: request.clone(),
        address: connection.address.to_string(),
        others: match runner {
            Ok(Runner::Alembic) => connection.others.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        },
        server,
        rows,
        after: table.rows().cloned().collect(),
        steps,
        transactions: transactions(connection),
        runner,
        why,
        reasons,
        warnings,
    })
}

/// The transactions as `env.py` has them.
pub(crate) fn transactions(connection: &Connection) -> Transactions {
    let believed = &connection.believed;
    let of_dialect = connection.address.backend() == Backend::Postgresql;
    let transactional = match &believed.transactional_ddl {
        Ok(set) => set.unwrap_or(of_dialect),
        Err(_) => of_dialect,
    };
    let per_migration = matches!(believed.transaction_per_migration, Ok(true));
    // Without transactional DDL Alembic opens one for each step, which holds the rows alone.
    if transactional && !per_migration { Transactions::Whole } else { Transactions::Each }
}

/// Why a runner runs that a person named.
const ASKED: &str = "it was asked for";

/// Refuses the project's own Alembic where its `env.py` would go on to databases that nobody named: it would be stopped
/// there, with the first one changed already, and a database without transactional DDL would keep half of it.
fn elsewhere(connection: &Connection) -> Result<(), String> {
    match connection.believed.missing.as_slice() {
        [] => Ok(()),
        names => Err(format!(
            "its env.py also migrates what the revisions have functions for ({}); name each with its `url` below \
             `[database.NAME]` in the settings",
            names.join(", ")
        )),
    }
}

/// Who runs a plan, and why.
fn chosen(
    request: &Request,
    is_empty: bool,
    wanted: Runner,
    reasons: &[Reason],
    alembic: Result<(), String>,
) -> (Result<Runner, String>, String) {
    if matches!(request.kind, Kind::Stamp { .. }) {
        return (Ok(Runner::Native), "a stamp changes the version table alone".to_owned());
    }
    if is_empty {
        return (Ok(Runner::Native), "there is nothing to run".to_owned());
    }
    let first = reasons.first().map(|reason| match &reason.step {
        Some(step) => format!("{step}: {}", reason.why),
        None => reason.why.clone(),
    });
    let more = match reasons.len() {
        0 | 1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    match (wanted, first, alembic) {
        (Runner::Native, None, _) => (Ok(Runner::Native), ASKED.to_owned()),
        (Runner::Native, Some(first), _) => {
            let refusal = format!("Revline does not know every statement of it: {first}{more}");
            (Err(refusal.clone()), refusal)
        }
        (Runner::Alembic, _, Ok(())) => (Ok(Runner::Alembic), ASKED.to_owned()),
        (Runner::Alembic, _, Err(why)) => (Err(why.clone()), why),
        (Runner::Auto, None, _) => {
            (Ok(Runner::Native), "Revline knows every statement of it".to_owned())
        }
        (Runner::Auto, Some(first), Ok(())) => (Ok(Runner::Alembic), format!("{first}{more}")),
        (Runner::Auto, Some(first), Err(why)) => {
            let refusal = format!(
                "Revline does not know every statement of it: {first}{more}; and the project's own \
                 Alembic cannot be started: {why}"
            );
            (Err(refusal.clone()), refusal)
        }
    }
}

impl Plan {
    /// Whether it would do nothing at all.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
            && !matches!(self.request.kind, Kind::Stamp { purge: true } if !self.rows.is_empty())
    }

    /// The plan in words, a line for each thing to know; with every statement where `whole` is
    /// wanted. `at` says a place as its reader knows places.
    pub fn text(&self, whole: bool, at: &dyn Fn(Span) -> String) -> String {
        shown::text(self, whole, at)
    }

    /// Everything that is lost for good.
    pub fn lost(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().flat_map(|step| step.lost.iter().map(String::as_str))
    }
}
