//! The version table of an environment, in the words of `database`.

use revline_analysis::Believed;
use revline_database::{Error, Session, VersionTable};
use revline_history::RevisionId;

pub(crate) fn table(believed: &Believed) -> VersionTable {
    VersionTable {
        schema: believed.version_table_schema.clone(),
        name: believed.version_table.clone(),
        primary_key: believed.version_table_pk,
    }
}

/// The rows, sorted; none where there is no table.
pub(crate) async fn rows(
    session: &mut Session,
    table: &VersionTable,
) -> Result<Vec<RevisionId>, Error> {
    let mut rows = rows_in_order(session, table).await?;
    rows.sort();
    Ok(rows)
}

/// The rows as the database gives them: a target like `-1` counts from the first.
pub(crate) async fn rows_in_order(
    session: &mut Session,
    table: &VersionTable,
) -> Result<Vec<RevisionId>, Error> {
    let rows = session.heads(table).await?.unwrap_or_default();
    Ok(rows.iter().map(|row| RevisionId::from(row.as_str())).collect())
}
