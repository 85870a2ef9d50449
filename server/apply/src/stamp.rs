//! `stamp`: the version table alone, on every database, by Alembic's own steps.

use revline_database::{Access, Backend, Session, VersionTable};
use revline_history::{RevisionId, VersionChange};

use crate::connect::Connection;
use crate::event::{Event, Failure, Hear};
use crate::native::listed;
use crate::plan::Plan;
use crate::request::Kind;
use crate::versions;

/// Stamps. The lock has to be held by the caller.
///
/// # Errors
/// [`Failure`]; the rows are as they were then.
pub async fn run_stamp(
    connection: &Connection,
    plan: &Plan,
    hear: Hear<'_>,
) -> Result<Vec<RevisionId>, Failure> {
    let mut session =
        Session::open(&connection.address, Access::Change, &connection.timeouts).await?;
    let table = versions::table(&connection.believed);
    if connection.address.backend() == Backend::Mysql {
        // A CREATE TABLE in the transaction would commit it, and leave its rows to themselves.
        session.create_version_table(&table).await?;
    }
    session.begin().await?;
    if let Err(failure) = changed(&mut session, &table, plan, hear).await {
        drop(session.rollback().await);
        session.close().await;
        return Err(failure.seen(connection).await);
    }
    session.commit().await?;
    let rows = versions::rows(&mut session, &table).await?;
    session.close().await;
    Ok(rows)
}

async fn changed(
    session: &mut Session,
    table: &VersionTable,
    plan: &Plan,
    hear: Hear<'_>,
) -> Result<(), Failure> {
    let rows = versions::rows(session, table).await?;
    if rows != plan.rows {
        return Err(Failure::new(format!(
            "somebody else moved the database meanwhile: it stands at {}, and {} was expected",
            listed(&rows),
            listed(&plan.rows)
        )));
    }
    session.create_version_table(table).await?;
    if matches!(plan.request.kind, Kind::Stamp { purge: true }) {
        for row in rows {
            session.change_version(table, &VersionChange::Delete(row)).await?;
        }
    }
    for (at, step) in plan.steps.iter().enumerate() {
        let began = std::time::Instant::now();
        let number = at + 1;
        hear(Event::Began {
            number,
            of: plan.steps.len(),
            label: step.label.clone(),
            title: String::new(),
        });
        for change in &step.changes {
            session.change_version(table, change).await.map_err(|error| Failure {
                step: Some(step.label.clone()),
                ..Failure::from(error)
            })?;
        }
        hear(Event::Ended { number, took: began.elapsed() });
    }
    Ok(())
}
