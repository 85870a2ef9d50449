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
    let rows = session.heads(table).await?.unwrap_or_default();
    Ok(rows.iter().map(|row| RevisionId::from(row.as_str())).collect())
}
