//! The addresses of documents with SQL: `revline:/sql/upgrade/RANGE.sql?ENVIRONMENT`.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use revline_ide::SqlDocument;

use crate::world::World;

/// The address of a document.
pub(crate) fn sql_uri(document: &SqlDocument) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let direction = if document.downgrade { "downgrade" } else { "upgrade" };
    format!(
        "revline:/sql/{direction}/{}.sql?{}",
        encode(&document.range),
        encode(&document.environment)
    )
}

/// The document of an address, however its letters are encoded; `None` where it is another one.
pub(crate) fn sql_address(uri: &str) -> Option<SqlDocument> {
    let rest = uri.strip_prefix("revline:")?.trim_start_matches('/').strip_prefix("sql/")?;
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (path, environment) = match rest.split_once('?') {
        Some((path, query)) => (path.to_owned(), decode(query)),
        // A client may encode the question mark too.
        None => {
            let whole = decode(rest);
            let (path, environment) = whole.split_once('?')?;
            (path.to_owned(), environment.to_owned())
        }
    };
    let (direction, name) = path.split_once('/')?;
    let downgrade = match direction {
        "upgrade" => false,
        "downgrade" => true,
        _ => return None,
    };
    let range = decode(name);
    let range = range.strip_suffix(".sql").unwrap_or(&range).to_owned();
    Some(SqlDocument { environment, range, downgrade })
}

/// The text of such a document. What went wrong is its text: it is asked for again after each edit.
pub(crate) fn sql_document(world: &World, document: &SqlDocument) -> String {
    match revline_ide::sql_document(&world.snapshot, document) {
        Ok(text) => text,
        Err(why) => format!("-- {why}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_every_way_of_encoding() {
        for (range, environment) in
            [("4cb8d2719ea0", "alembic"), ("base:heads", "services/a b"), ("a+1", "ä")]
        {
            for downgrade in [false, true] {
                let document = SqlDocument {
                    environment: environment.to_owned(),
                    range: range.to_owned(),
                    downgrade,
                };
                let uri = sql_uri(&document);
                assert_eq!(sql_address(&uri).as_ref(), Some(&document), "{uri}");
                assert_eq!(sql_address(&uri.replace('?', "%3F")), Some(document.clone()), "{uri}");
                let bare = percent_decode_str(&uri).decode_utf8_lossy().into_owned();
                assert_eq!(sql_address(&bare), Some(document), "{bare}");
            }
        }
        assert_eq!(sql_address("revline:/rules/multiple-heads.md"), None);
    }
}
