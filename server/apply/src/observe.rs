//! The schema that a step meets: what the live database says, in the words of the history.
//!
//! A table of which the database says the same as the history does is taken from the history, which
//! knows it as it was written; any other is taken from the database, in doubt where that says too
//! little. So guards are answered from what is there, and a batch copies the table that is there.

use std::sync::Arc;

use revline_analysis::{Inventory, Part, TableEntry};
use revline_database::{Error, Session, live};
use revline_schema::{Key, Schema};
use revline_sql::{Dialect, Settings};

/// The schema of a session's database. `followed` is what the history would have made.
pub(crate) async fn observed(
    session: &mut Session,
    followed: &Arc<Schema>,
    dialect: &'static dyn Dialect,
    settings: &Settings,
) -> Result<Arc<Schema>, Error> {
    let tables = session.tables(None).await?;
    let mut schema = session.schema().await?;
    schema.naming = followed.naming.clone();
    schema.renamed = followed.renamed.clone();
    let inventory = Inventory::of(followed, dialect, settings);
    for entry in inventory.tables.iter().filter(|entry| entry.schema.is_none()) {
        let same = tables.iter().find(|table| table.name == entry.name).is_some_and(|table| {
            entry.doubt.is_none() && agree(table, entry)
        });
        let key = Key::new(entry.name.as_str());
        if same && let Some(table) = followed.tables.get(&key) {
            schema.tables.insert_mut(key, table.clone());
        }
    }
    let version = Key::new(&*settings.version_table);
    schema.tables.remove_mut(&version);
    Ok(Arc::new(schema))
}

/// Whether an answer rests on a schema beside the default one, which is not read.
pub(crate) fn beyond(parts: &std::collections::BTreeSet<Part>) -> bool {
    parts.iter().any(|part| matches!(part, Part::Table(key) if key.schema.is_some()))
}

/// Whether a table is the same in the database and in the history: columns in their order with type
/// and nullability, keys, foreign keys, indexes. Names that the database makes itself are none.
fn agree(live: &live::Table, entry: &TableEntry) -> bool {
    let columns = live.columns.iter().map(|column| {
        (column.name.as_str(), spelled(&column.type_), column.nullable)
    });
    let own = entry.columns.iter().map(|column| {
        let type_ = column.type_.as_deref().map(spelled).unwrap_or_default();
        (column.name.as_str(), type_, column.nullable)
    });
    if !columns.eq(own) {
        return false;
    }
    let key = entry.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
    if live.primary_key.columns != key {
        return false;
    }
    let uniques = live.unique.iter().map(|key| (key.name.as_deref(), key.columns.join(",")));
    let own = entry.unique.iter().map(|key| (key.name.as_deref(), key.columns.join(",")));
    if !same_but_for_made_names(uniques.collect(), own.collect()) {
        return false;
    }
    let rule = |text: Option<&str>| {
        text.map(str::to_uppercase).filter(|text| text != "NO ACTION").unwrap_or_default()
    };
    let foreign = live.foreign_keys.iter().map(|key| {
        let option = |name: &str| rule(key.options.get(name).map(String::as_str));
        let text = format!(
            "{}>{}({}){}/{}",
            key.columns.join(","),
            key.referred_table,
            key.referred_columns.join(","),
            option("ondelete"),
            option("onupdate")
        );
        (key.name.as_deref(), text)
    });
    let own = entry.foreign_keys.iter().map(|key| {
        let text = format!(
            "{}>{}({}){}/{}",
            key.columns.join(","),
            key.referred_table,
            key.referred_columns.join(","),
            rule(key.on_delete.as_deref()),
            rule(key.on_update.as_deref())
        );
        (key.name.as_deref(), text)
    });
    if !same_but_for_made_names(foreign.collect(), own.collect()) {
        return false;
    }
    let indexes = live.indexes.iter().filter(|index| index.duplicates_constraint.is_none());
    let mut indexes: Vec<(String, bool, usize)> = indexes
        .map(|index| (index.name.clone(), index.unique, index.columns.len()))
        .collect();
    let mut own: Vec<(String, bool, usize)> = entry
        .indexes
        .iter()
        .map(|index| {
            (index.name.clone().unwrap_or_default(), index.unique, index.columns.len())
        })
        .collect();
    indexes.sort();
    own.sort();
    indexes == own
}

/// A type without the differences that say nothing.
fn spelled(type_: &str) -> String {
    let type_ = type_.to_uppercase().replace(", ", ",");
    type_.split(" COLLATE ").next().unwrap_or_default().trim().to_owned()
}

/// The same entries; one without a name on our side goes with any name on the other.
fn same_but_for_made_names(
    mut live: Vec<(Option<&str>, String)>,
    own: Vec<(Option<&str>, String)>,
) -> bool {
    if live.len() != own.len() {
        return false;
    }
    let (named, nameless): (Vec<_>, Vec<_>) = own.into_iter().partition(|(name, _)| name.is_some());
    for one in named {
        match live.iter().position(|other| *other == one) {
            Some(at) => drop(live.remove(at)),
            None => return false,
        }
    }
    for (_, text) in nameless {
        match live.iter().position(|(_, other)| *other == text) {
            Some(at) => drop(live.remove(at)),
            None => return false,
        }
    }
    true
}
