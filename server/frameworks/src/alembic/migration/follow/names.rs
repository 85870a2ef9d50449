//! The names that PostgreSQL makes for keys that have none: `ChooseRelationName` and
//! `ChooseConstraintName` of `src/backend/commands/indexcmds.c`, `src/backend/catalog/pg_constraint.c`
//! and `makeObjectName`, version 12 and later.

use revline_schema::{Constraint, Key, Name, Schema, Table};

/// PostgreSQL's longest identifier, in bytes.
const LONGEST: usize = 63;

/// How many names are tried before one is left without.
const MOST_TRIES: usize = 100;

/// The name of a constraint that has none; none for the kinds that this does not follow.
pub(super) fn generated(schema: &Schema, table: &Table, constraint: &Constraint) -> Option<String> {
    let own = table.name.name.text.as_ref();
    let (columns, label) = match constraint {
        Constraint::PrimaryKey(_) => (None, "pkey"),
        Constraint::Unique(key) => (Some(addition(&key.columns)), "key"),
        Constraint::ForeignKey(key) => (Some(addition(&key.columns)), "fkey"),
        Constraint::Exclude(_) | Constraint::Check(_) => return None,
    };
    (0..MOST_TRIES).find_map(|pass| {
        let label = if pass == 0 { label.to_owned() } else { format!("{label}{pass}") };
        let name = object_name(own, columns.as_deref(), &label);
        is_free(schema, table, &name).then_some(name)
    })
}

/// `ChooseIndexNameAddition`: the columns, until they fill a name.
fn addition(columns: &[Name]) -> String {
    let mut text = String::new();
    for column in columns {
        if !text.is_empty() {
            text.push('_');
        }
        text.push_str(column.as_str());
        if text.len() > LONGEST {
            break;
        }
    }
    text
}

/// `makeObjectName`: the longer of the two parts gives way.
fn object_name(first: &str, second: Option<&str>, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(second.is_some());
    let room = LONGEST.saturating_sub(overhead);
    let (mut one, mut two) = (first.len(), second.map_or(0, str::len));
    while one + two > room {
        if one > two { one -= 1 } else { two -= 1 }
    }
    let part =
        |text: &str, most: usize| text.get(..clipped(text, most)).unwrap_or_default().to_owned();
    match second {
        Some(second) => format!("{}_{}_{label}", part(first, one), part(second, two)),
        None => format!("{}_{label}", part(first, one)),
    }
}

/// The longest length in bytes, at most `most`, that ends between characters.
fn clipped(text: &str, most: usize) -> usize {
    (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn is_free(schema: &Schema, own: &Table, name: &str) -> bool {
    let has = |table: &Table| table.constraint(name).is_some() || table.index(name).is_some();
    !has(own)
        && schema.tables.get(&Key::new(name)).is_none()
        && !schema.tables.has_key_or_index(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_where_it_is_longer() {
        let columns: Vec<Name> =
            ["workflow_input_hash", "workflow_name", "pattern", "x"].map(Name::new).into();
        assert_eq!(
            object_name("cron_triggers_v2", Some(&addition(&columns)), "key"),
            "cron_triggers_v2_workflow_input_hash_workflow_name_pattern__key"
        );
        assert_eq!(object_name("t", None, "pkey"), "t_pkey");
    }
}
