//! The schema that a step meets: what the live database says, in the words of the history.
//!
//! A table of which the database says the same as the history does is taken from the history, which
//! knows it as it was written; any other is there, and in doubt. So guards are answered from what is
//! there, a batch copies the table that is there, and what is otherwise than foreseen is not run.

use std::sync::Arc;

use revline_analysis::{Inventory, Part, TableEntry};
use revline_database::{Error, Session, live};
use revline_schema::{Key, Name, Opaque, Schema, TableName};
use revline_sql::{Dialect, Settings};

/// The schema of a session's database. `followed` is what the history would have made.
pub(crate) async fn observed(
    session: &mut Session,
    followed: &Arc<Schema>,
    dialect: &'static dyn Dialect,
    settings: &Settings,
) -> Result<Arc<Schema>, Error> {
    let tables = session.tables(None).await?;
    let enumerations = session.enumerations(None).await?;
    let inventory = Inventory::of(followed, dialect, settings);
    let mut schema = Schema {
        naming: followed.naming.clone(),
        renamed: followed.renamed.clone(),
        ..Schema::default()
    };
    for table in tables.iter().filter(|table| table.name != *settings.version_table) {
        let key = Key::new(table.name.as_str());
        let entry = inventory.tables.iter().find(|entry| {
            entry.schema.is_none() && entry.name == table.name && entry.doubt.is_none()
        });
        match (entry.filter(|entry| agree(table, entry)), followed.tables.get(&key)) {
            (Some(_), Some(known)) => schema.tables.insert_mut(key, known.clone()),
            _ => {
                let name = TableName { schema: None, name: Name::new(table.name.as_str()) };
                let why = match entry {
                    Some(_) => "it is not as the history leaves it",
                    None => "the history does not know it",
                };
                let why =
                    Opaque::new(format!("the database has the table {}, and {why}", table.name));
                schema = schema.with_doubtful(&name, why);
            }
        }
    }
    // What lies in another schema was not looked at, and is what the history says.
    for (key, table) in followed.tables.iter().filter(|(key, _)| key.schema.is_some()) {
        schema.tables.insert_mut(key.clone(), table.clone());
    }
    let mut live: Vec<(String, Vec<String>)> =
        enumerations.into_iter().map(|one| (one.name, one.labels)).collect();
    let mut own: Vec<(String, Vec<String>)> = inventory
        .enums
        .iter()
        .filter(|one| one.schema.is_none())
        .map(|one| (one.name.clone(), one.values.clone()))
        .collect();
    live.sort();
    own.sort();
    if live == own && followed.types_doubt.is_none() {
        schema.enums = followed.enums.clone();
    } else {
        let why = "the database has other enumerations than the history leaves";
        schema.types_doubt = Some(Opaque::new(why));
    }
    Ok(Arc::new(schema))
}

/// Whether an answer rests on a schema beside the default one, which is not read.
pub(crate) fn beyond(parts: &std::collections::BTreeSet<Part>) -> bool {
    parts.iter().any(|part| matches!(part, Part::Table(key) if key.schema.is_some()))
}

/// Whether a table is the same in the database and in the history: columns in their order with type
/// and nullability, keys, foreign keys, indexes. Names that the database makes itself are none.
fn agree(live: &live::Table, entry: &TableEntry) -> bool {
    let columns = live
        .columns
        .iter()
        .map(|column| (column.name.as_str(), spelled(&column.type_), column.nullable));
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
    let mut indexes: Vec<(String, bool, usize)> =
        indexes.map(|index| (index.name.clone(), index.unique, index.columns.len())).collect();
    let mut own: Vec<(String, bool, usize)> = entry
        .indexes
        .iter()
        .map(|index| (index.name.clone().unwrap_or_default(), index.unique, index.columns.len()))
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
