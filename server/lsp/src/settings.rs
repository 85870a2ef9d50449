//! The editor's settings as the engine reads settings.

use revline_analysis::Settings;
use revline_analysis::settings::{Entry, Node, Tree};
use serde_json::Value;

/// The settings in what an editor sends; what is not understood there is left out, since it stands
/// in no file that could be shown.
pub(crate) fn from_json(value: &Value) -> Settings {
    Settings::read(&tree(value)).0
}

/// Whether the person wants remarks in the code: `inlayHints`, a setting of editors alone.
pub(crate) fn wants_inlay_hints(value: &Value) -> bool {
    value.get("inlayHints").and_then(Value::as_bool).unwrap_or(false)
}

/// The reader of JSON bounds how deep a value nests.
fn tree(value: &Value) -> Tree {
    Tree::of(match value {
        Value::Null => Node::Null,
        Value::Bool(truth) => Node::Bool(*truth),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Node::Int(number),
            None => Node::Other(number.to_string()),
        },
        Value::String(text) => Node::Str(text.clone()),
        Value::Array(items) => Node::List(items.iter().map(tree).collect()),
        Value::Object(entries) => Node::Table(
            entries
                .iter()
                .map(|(key, value)| Entry { key: kebab(key), key_span: None, value: tree(value) })
                .collect(),
        ),
    })
}

/// Editors write `perFileIgnores` where files write `per-file-ignores`.
fn kebab(key: &str) -> String {
    let mut text = String::with_capacity(key.len());
    for char in key.chars() {
        if char.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(char.to_ascii_lowercase());
    }
    text
}
