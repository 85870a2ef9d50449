//! Where a database stands in the history of its project.

use revline_analysis::Project;
use revline_database::{Access, Error, ErrorKind, Server, Session};
use revline_history::{Node, RevisionId, Through};

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
}

impl Standing {
    /// Whether every head is applied and nothing is unknown.
    pub fn is_current(&self) -> bool {
        self.pending.is_empty() && self.unknown.is_empty()
    }

    /// Rows beside the history.
    pub fn of(project: &Project, server: Option<Server>, rows: Vec<RevisionId>) -> Self {
        let history = project.history();
        let known: Vec<Node> = rows.iter().filter_map(|row| history.find(row.as_str())).collect();
        let unknown =
            rows.iter().filter(|row| history.find(row.as_str()).is_none()).cloned().collect();
        let pending = history
            .oldest_first()
            .into_iter()
            .filter(|node| {
                !known.iter().any(|row| {
                    row == node || history.is_ancestor(*node, *row, Through::Dependencies)
                })
            })
            .collect();
        Self { server, rows, unknown, pending }
    }
}

/// Asks the database. Nothing is changed, and no file is made.
///
/// # Errors
/// Those of the database. A SQLite file that is not there is a database with nothing applied.
pub async fn standing(project: &Project, connection: &Connection) -> Result<Standing, Error> {
    let (server, rows) = observed(connection).await?;
    Ok(Standing::of(project, server, rows))
}

/// The server and the rows of the version table.
pub(crate) async fn observed(
    connection: &Connection,
) -> Result<(Option<Server>, Vec<RevisionId>), Error> {
    let opened = Session::open(&connection.address, Access::Observe, &connection.timeouts).await;
    let mut session = match opened {
        Ok(session) => session,
        Err(error) if error.kind == ErrorKind::NoFile => return Ok((None, Vec::new())),
        Err(error) => return Err(error),
    };
    let table = versions::table(&connection.believed);
    let rows = versions::rows(&mut session, &table).await?;
    let server = session.server().clone();
    session.close().await;
    Ok((Some(server), rows))
}
