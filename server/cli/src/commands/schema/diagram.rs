//! A schema as Mermaid's `erDiagram`.

use revline_analysis::{Inventory, TableEntry};

/// The diagram, with a line break at its end. Mermaid takes names of few characters: a table whose
/// name has others gets an alias, and other characters in types and columns become underscores.
pub(super) fn mermaid(inventory: &Inventory) -> String {
    let mut text = "erDiagram\n".to_owned();
    for table in &inventory.tables {
        for key in &table.foreign_keys {
            let is_key = |columns: &[String]| columns == key.columns;
            let is_unique = table.primary_key.as_ref().is_some_and(|own| is_key(&own.columns))
                || table.unique.iter().any(|own| is_key(&own.columns))
                || table.indexes.iter().any(|own| own.unique && is_key(&own.columns));
            let takes_null = key.columns.iter().any(|name| {
                table.columns.iter().any(|column| column.name == *name && column.nullable)
            });
            let referent = match &key.referred_schema {
                Some(schema) => format!("{schema}.{}", key.referred_table),
                None => key.referred_table.clone(),
            };
            text.push_str(&format!(
                "    {} {}--{} {} : \"{}\"\n",
                entity(&referent),
                if takes_null { "|o" } else { "||" },
                if is_unique { "o|" } else { "o{" },
                entity(&table.full_name()),
                key.columns.join(", ").replace('"', "'"),
            ));
        }
    }
    for table in &inventory.tables {
        text.push_str(&block(table));
    }
    text
}

fn block(table: &TableEntry) -> String {
    let name = table.full_name();
    let alias = entity(&name);
    let shown =
        if alias == name { alias } else { format!("{alias}[\"{}\"]", name.replace('"', "'")) };
    let mut text = format!("    {shown} {{\n");
    for column in &table.columns {
        let mut keys = Vec::new();
        let among = |columns: &[String]| columns.contains(&column.name);
        if table.primary_key.as_ref().is_some_and(|key| among(&key.columns)) {
            keys.push("PK");
        }
        if table.foreign_keys.iter().any(|key| among(&key.columns)) {
            keys.push("FK");
        }
        if table.unique.iter().any(|key| key.columns == [column.name.as_str()]) {
            keys.push("UK");
        }
        let type_ = column.type_.as_deref().map_or("unknown".to_owned(), word);
        let line = format!("        {type_} {} {}", word(&column.name), keys.join(", "));
        text.push_str(&format!("{}\n", line.trim_end()));
    }
    text + "    }\n"
}

fn entity(name: &str) -> String {
    word(name)
}

/// A word that Mermaid takes: letters, digits, underscores, and the parentheses of a length.
fn word(text: &str) -> String {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '(' | ')');
    let mut word = String::new();
    for c in text.chars() {
        match c {
            c if allowed(c) => word.push(c),
            _ if word.ends_with('_') => {}
            _ => word.push('_'),
        }
    }
    if word.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        word
    } else {
        format!("_{word}")
    }
}
