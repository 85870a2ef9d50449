//! The page about the settings and the schema that editors complete from, both from the list of keys that the
//! settings are read by.

use revline_frameworks::settings::KEYS;
use revline_frameworks::settings::database::DATABASE_KEYS;
use revline_frameworks::settings::shape::{KINDS, SEVERITIES, Shape};
use serde_json::{Value, json};

/// `settings.md`.
pub(super) fn page() -> String {
    let mut page = String::from(
        "# Settings\n\n\
         They stand in `revline.toml` in the root of the project, or below `[tool.revline]` in its `pyproject.toml`; where there is a\n\
         `revline.toml`, the other one is not read. An editor's settings have the same names and stand before those of files, key by\n\
         key. What is not understood is told on its place (the rule [unknown-setting](rules/unknown-setting.md)), and the rest holds.\n\n\
         Editors that know [the schema](revline.schema.json) complete the keys and the names of rules. In VS Code with Even Better\n\
         TOML that is so for every `revline.toml`, by Revline's extension; with Taplo elsewhere, and for another copy of the\n\
         schema, its place stands in the first line of the file:\n\n\
         ```toml\n#:schema ./revline.schema.json\ntargets = [\"postgresql\"]\n```\n\n\
         This page and the schema are made by `cargo xtask docs`.\n",
    );
    for (key, about) in KEYS {
        let Some(example) = Shape::of(key).and_then(|shape| shape.example(key)) else { continue };
        page.push_str(&format!("\n## {key}\n\n{about}\n\n```toml\n{example}```\n"));
        if Shape::of(key) == Some(Shape::Database) {
            page.push_str("\n| key | says |\n|---|---|\n");
            for (key, about) in DATABASE_KEYS {
                page.push_str(&format!("| `{key}` | {about} |\n"));
            }
            page.push_str("\n`[database.NAME]` is another one, which `--database NAME` means.\n");
        }
    }
    page
}

/// `revline.schema.json`: JSON Schema, draft 7, which TOML editors read.
pub(super) fn schema() -> String {
    let mut properties = serde_json::Map::new();
    for (key, about) in KEYS {
        if let Some(mut schema) = Shape::of(key).and_then(of) {
            schema["description"] = about.into();
            properties.insert(key.to_owned(), schema);
        }
    }
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Revline",
        "description": "Settings of Revline: revline.toml, or [tool.revline] in pyproject.toml",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    format!("{schema:#}\n")
}

fn of(shape: Shape) -> Option<Value> {
    let strings = || json!({ "type": "array", "items": { "type": "string" } });
    let list = |names: Vec<&str>| json!({ "type": "array", "items": { "enum": names } });
    let by = |names: &[&str], value: &Value| {
        let each = names.iter().map(|name| ((*name).to_owned(), value.clone()));
        let properties: serde_json::Map<String, Value> = each.collect();
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    };
    Some(match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Globs => strings(),
        Shape::Dialects => {
            list(revline_sql::DIALECTS.iter().map(|dialect| dialect.facts().name).collect())
        }
        Shape::Rules => list(rules()),
        Shape::Severities => by(&rules(), &json!({ "enum": SEVERITIES })),
        Shape::RulesByGlob => {
            json!({ "type": "object", "additionalProperties": list(rules()) })
        }
        Shape::Templates => by(&KINDS, &json!({ "type": "string" })),
        Shape::Database => database(),
        Shape::Editor => return None,
    })
}

/// `[database]`, and `[database.NAME]` with the same keys. `allow` counts in a person's own settings alone.
fn database() -> Value {
    let keys = DATABASE_KEYS.iter().filter(|(key, _)| *key != "allow");
    let keys = keys.map(|(key, about)| {
        let mut schema = match *key {
            "alembic-command" | "x" => json!({ "type": "array", "items": { "type": "string" } }),
            "runner" => json!({ "enum": ["auto", "native", "alembic"] }),
            "lock-timeout" | "statement-timeout" => {
                json!({ "type": ["integer", "number", "string"] })
            }
            _ => json!({ "type": "string" }),
        };
        schema["description"] = (*about).into();
        ((*key).to_owned(), schema)
    });
    let keys: serde_json::Map<String, Value> = keys.collect();
    let named = json!({ "type": "object", "properties": keys, "additionalProperties": false });
    json!({ "type": "object", "properties": keys, "additionalProperties": named })
}

/// What can be named where a rule can: rules, groups, everything.
fn rules() -> Vec<&'static str> {
    let mut names: Vec<&str> = revline_lint::rules()
        .iter()
        .flat_map(|rule| [rule.name, rule.meta.group.as_str()])
        .chain(["all"])
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
