//! Where a database stands in the history of its project.

use revline_analysis::Project;
use revline_database::{Access, Error, ErrorKind, LeftOver, Server, Session};
use revline_history::{Node, RevisionId, Step};

use crate::connect::Connection;
use crate::versions;

/// The rows of a version table beside the history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// What answers; `None` where the file of a SQLite database is not there yet.
    pub server: Option<Server>,
    /// The rows, sorted.
    pub rows: Vec<RevisionId>,
    /// Rows that no file of the project declares.
    pub unknown: Vec<RevisionId>,
    /// The revisions that are not applied, in the order in which `upgrade heads` would run them.
    pub pending: Vec<Node>,
    /// What operations left in the database that did not get to their end.
    pub left: Vec<LeftOver>,
}

impl Standing {
    /// Whether every head is applied and nothing is unknown.
    pub fn is_current(&self) -> bool {
        self.pending.is_empty() && self.unknown.is_empty()
    }

    /// Rows beside the history.
    fn of(project: &Project, seen: Seen) -> Self {
        let Seen { server, rows, left } = seen;
        let history = project.history();
        let known: Vec<Node> = rows.iter().filter_map(|row| history.find(row.as_str())).collect();
        let unknown =
            rows.iter().filter(|row| history.find(row.as_str()).is_none()).cloned().collect();
        let ids: Vec<RevisionId> = known.iter().map(|node| history[*node].id.clone()).collect();
        let steps = history.upgrade("heads", &ids).map(|plan| plan.steps).unwrap_or_default();
        let pending = steps
            .into_iter()
            .filter_map(|step| match step {
                Step::Upgrade(node) => Some(node),
                _ => None,
            })
            .collect();
        Self { server, rows, unknown, pending, left }
    }
}

/// Asks the database. Nothing is changed, and no file is made.
///
/// # Errors
/// Those of the database. A SQLite file that is not there is a database with nothing applied.
pub async fn standing(project: &Project, connection: &Connection) -> Result<Standing, Error> {
    Ok(Standing::of(project, seen(connection).await?))
}

/// Takes back what a program left half done in a SQLite file, as whoever opens it for a change does.
pub(crate) async fn take_back(connection: &Connection) -> Result<(), Error> {
    let Connection { address, timeouts, .. } = connection;
    Session::open(address, Access::Change, timeouts).await?.close().await;
    Ok(())
}

/// What the database itself says.
#[derive(Default)]
pub(crate) struct Seen {
    /// `None` where the file of a SQLite database is not there yet.
    pub(crate) server: Option<Server>,
    /// The rows of the version table, sorted.
    pub(crate) rows: Vec<RevisionId>,
    pub(crate) left: Vec<LeftOver>,
}

/// Looks at the database.
pub(crate) async fn seen(connection: &Connection) -> Result<Seen, Error> {
    let opened = Session::open(&connection.address, Access::Observe, &connection.timeouts).await;
    let mut session = match opened {
        Ok(session) => session,
        Err(error) if error.kind == ErrorKind::NoFile => return Ok(Seen::default()),
        Err(error) => return Err(error),
    };
    let table = versions::table(&connection.believed);
    let rows = versions::rows(&mut session, &table).await?;
    let left = session.left_over().await?;
    let server = session.server().clone();
    session.close().await;
    Ok(Seen { server: Some(server), rows, left })
}
