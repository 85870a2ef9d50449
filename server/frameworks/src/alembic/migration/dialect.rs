//! What SQLAlchemy's dialect objects say of themselves, as far as it is the same with every driver and
//! server: class attributes of `sqlalchemy.dialects.postgresql.base.PGDialect` and
//! `sqlalchemy.dialects.sqlite.base.SQLiteDialect`.

use revline_python::{Kind, Value};
use revline_text::Span;

/// What only one of the two has.
const OF_POSTGRESQL: &[&str] = &[
    "sequences_optional",
    "supports_alter",
    "supports_comments",
    "supports_constraint_comments",
    "supports_identity_columns",
    "supports_native_boolean",
    "supports_native_enum",
    "supports_native_uuid",
    "supports_sequences",
];

/// What both have.
const OF_BOTH: &[&str] = &["supports_schemas", "supports_views"];

/// An attribute of the dialect's object; offline nobody has asked a server for its version.
pub(super) fn attribute(dialect: &str, is_offline: bool, name: &str, span: Span) -> Option<Value> {
    let is_postgresql = match dialect {
        "postgresql" => true,
        "sqlite" => false,
        _ => return None,
    };
    Some(match name {
        "server_version_info" | "default_schema_name" if is_offline => Value::none(span),
        "default_schema_name" if !is_postgresql => Value::str("main", span),
        "max_identifier_length" => {
            Value::new(Kind::Int(if is_postgresql { 63 } else { 9999 }), span)
        }
        _ if OF_POSTGRESQL.contains(&name) => Value::bool(is_postgresql, span),
        _ if OF_BOTH.contains(&name) => Value::bool(true, span),
        _ => return None,
    })
}
