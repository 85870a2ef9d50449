//! Values written into statements, as SQLAlchemy's literal processors write them.

use revline_schema::{EnumType, Literal, SqlType, TypeKind};

use crate::identifier::python_repr;
use crate::print::{Cx, Halt, Print};
use crate::rendered::Mode;
use crate::types::{Affinity, affinity, resolve};

/// Which kind of moment a text names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Temporal {
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// Both.
    DateTime,
}

/// A text between quotes.
pub(crate) fn string(cx: Cx<'_>, text: &str) -> String {
    let mut escaped = text.replace('\'', "''");
    if cx.doubles_percent() {
        escaped = escaped.replace('%', "%%");
    }
    format!("'{escaped}'")
}

/// The affinity a Python value has by itself; `None` where SQLAlchemy finds no type for it.
pub(crate) fn own_affinity(value: &Literal) -> Option<Affinity> {
    Some(match value {
        Literal::Bool(_) => Affinity::Boolean,
        Literal::Int(_) | Literal::BigInt(_) => Affinity::Integer,
        Literal::Float(_) | Literal::Decimal(_) => Affinity::Numeric,
        Literal::Str(_) => Affinity::String,
        Literal::Bytes(_) => Affinity::Binary,
        Literal::DateTime(_) => Affinity::DateTime,
        Literal::Date(_) => Affinity::Date,
        Literal::Time(_) => Affinity::Time,
        Literal::Uuid(_) => Affinity::Uuid,
        Literal::Member { .. } => Affinity::Enum,
        Literal::None
        | Literal::List(_)
        | Literal::Dict(_)
        | Literal::Expr(_)
        | Literal::Opaque(_) => {
            return None;
        }
    })
}

/// A value compared with something of a type: it takes that type unless its own is of another kind.
pub(crate) fn compared(cx: Cx<'_>, value: &Literal, other: Option<&SqlType>) -> Print {
    let theirs = other.map_or(Affinity::Null, |type_| affinity(&type_.kind));
    match (own_affinity(value), other) {
        (None, Some(type_)) => typed(cx, value, type_),
        (Some(own), Some(type_)) if own == theirs => typed(cx, value, type_),
        _ => untyped(cx, value),
    }
}

/// A value without a type beside it.
pub(crate) fn untyped(cx: Cx<'_>, value: &Literal) -> Print {
    by_affinity(cx, value, own_affinity(value).unwrap_or(Affinity::Null), "NULL", true)
}

/// A value written as a type.
pub(crate) fn typed(cx: Cx<'_>, value: &Literal, type_: &SqlType) -> Print {
    let kind = resolve(cx, type_);
    if cx.mode == Mode::Execute && affinity(kind) == Affinity::Null {
        // Nobody has to write it: the driver takes the value as it is.
        return untyped(cx, value);
    }
    if let (TypeKind::Array(array), Literal::List(items)) = (kind, value)
        && !items.is_empty()
        && array.dimensions.is_none_or(|dimensions| dimensions == 1)
    {
        let items: Print<Vec<_>> = items.iter().map(|item| typed(cx, item, &array.item)).collect();
        return Ok(format!("ARRAY[{}]", items?.join(", ")));
    }
    if let TypeKind::Enum(enum_) = kind {
        return enumerated(cx, value, enum_);
    }
    let name = || match cx.dialect.type_text(cx, type_) {
        Ok(name) => name,
        Err(_) => "NULL".to_owned(),
    };
    let native_uuid = match kind {
        TypeKind::Uuid { native } => *native && cx.dialect.facts().native_uuid,
        _ => cx.dialect.facts().native_uuid,
    };
    by_affinity(cx, value, affinity(kind), &name(), native_uuid)
}

/// A value of an enumeration: its name in Python becomes what the database stores.
fn enumerated(cx: Cx<'_>, value: &Literal, enum_: &EnumType) -> Print {
    let unsure = || Err(Halt::unknown("this value is none of its enumeration"));
    match value {
        Literal::Member { name, .. } => match enum_.stored(name) {
            Some(stored) => Ok(string(cx, stored.as_str())),
            None => unsure(),
        },
        Literal::Str(text) if enum_.validate_strings && !enum_.values.contains(text) => unsure(),
        _ => by_affinity(cx, value, Affinity::Enum, "VARCHAR", false),
    }
}

fn by_affinity(
    cx: Cx<'_>,
    value: &Literal,
    affinity: Affinity,
    type_name: &str,
    native_uuid: bool,
) -> Print {
    let (yes, no) = cx.dialect.facts().booleans;
    let boolean = |value: bool| if value { yes } else { no }.to_owned();
    let unsure =
        || Err(Halt::unknown(format!("how this value is written as {type_name} is not known")));
    let fails = || {
        Err(Halt::Refused(format!(
            "Could not render literal value \"{}\" with datatype {type_name}; see parent stack trace \
             for more detail.",
            shown(value)
        )))
    };
    let moment = |kind, text: &str| Ok(format!("'{}'", cx.dialect.temporal(kind, text)));
    match (affinity, value) {
        (_, Literal::Opaque(opaque)) => Err(opaque.clone().into()),
        (Affinity::Uuid, Literal::Expr(_)) => unsure(),
        (_, Literal::Expr(_)) => fails(),
        // A driver gets JSON as text; a script cannot say it.
        (Affinity::Json, value) if cx.mode == Mode::Execute => match json(value, 0) {
            Some(text) => Ok(string(cx, &text)),
            None => unsure(),
        },
        (_, Literal::None) => Ok("NULL".to_owned()),
        (Affinity::Null, _) | (Affinity::Json, _) => Err(Halt::Refused(format!(
            "No literal value renderer is available for literal value \"{}\" with datatype {type_name}",
            shown(value)
        ))),
        (Affinity::String | Affinity::Enum, Literal::Str(text)) => Ok(string(cx, text.as_str())),
        (Affinity::Enum, Literal::Member { name, .. }) => Ok(string(cx, name)),
        (Affinity::String, Literal::Int(_) | Literal::Bool(_) | Literal::Float(_)) => fails(),
        (Affinity::Integer, Literal::Int(value)) => Ok(value.to_string()),
        (Affinity::Integer, Literal::BigInt(digits)) => Ok(digits.to_string()),
        (Affinity::Integer, Literal::Bool(value)) => Ok(i32::from(*value).to_string()),
        (Affinity::Integer, Literal::Str(text)) => match text.as_str().trim().parse::<i64>() {
            Ok(number) => Ok(number.to_string()),
            Err(_) => unsure(),
        },
        (Affinity::Numeric, Literal::Int(value)) => Ok(value.to_string()),
        (
            Affinity::Numeric,
            Literal::BigInt(text) | Literal::Float(text) | Literal::Decimal(text),
        ) => Ok(text.to_string()),
        (Affinity::Boolean, Literal::Bool(value)) => Ok(boolean(*value)),
        (Affinity::Boolean, Literal::Int(value @ (0 | 1))) => Ok(boolean(*value == 1)),
        (Affinity::Boolean, Literal::Int(_) | Literal::Str(_)) => fails(),
        (Affinity::DateTime, Literal::DateTime(text)) => moment(Temporal::DateTime, text),
        (Affinity::Date, Literal::Date(text)) => moment(Temporal::Date, text),
        (Affinity::Time, Literal::Time(text)) => moment(Temporal::Time, text),
        (Affinity::Uuid, Literal::Uuid(text)) if native_uuid => Ok(string(cx, text)),
        (Affinity::Uuid, Literal::Uuid(text)) => Ok(string(cx, &text.replace('-', ""))),
        (Affinity::Binary, Literal::Bytes(bytes)) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(string(cx, text)),
            Err(_) => fails(),
        },
        _ => unsure(),
    }
}

/// A value as `json.dumps` writes it; `None` for one that it does not take.
fn json(value: &Literal, depth: usize) -> Option<String> {
    if depth > 64 {
        return None;
    }
    Some(match value {
        Literal::None => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::BigInt(digits) => digits.to_string(),
        Literal::Float(text) if text.chars().any(|c| c.is_ascii_digit()) => text.to_string(),
        Literal::Str(text) => json_string(text.as_str()),
        Literal::List(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| json(item, depth + 1)).collect();
            format!("[{}]", items?.join(", "))
        }
        Literal::Dict(items) => {
            let items: Option<Vec<_>> = items
                .iter()
                .map(|(key, item)| match key {
                    Literal::Str(key) => {
                        Some(format!("{}: {}", json_string(key.as_str()), json(item, depth + 1)?))
                    }
                    _ => None,
                })
                .collect();
            format!("{{{}}}", items?.join(", "))
        }
        _ => return None,
    })
}

fn json_string(text: &str) -> String {
    let mut out = String::from('"');
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(b'"') => out.push_str("\\\""),
            Ok(b'\\') => out.push_str("\\\\"),
            Ok(b'\n') => out.push_str("\\n"),
            Ok(b'\r') => out.push_str("\\r"),
            Ok(b'\t') => out.push_str("\\t"),
            Ok(8) => out.push_str("\\b"),
            Ok(12) => out.push_str("\\f"),
            Ok(byte @ 32..=126) => out.push(char::from(byte)),
            // DEL is ASCII and no control character for Python.
            Ok(127) => out.push('\u{7f}'),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.push('"');
    out
}

fn shown(value: &Literal) -> String {
    match value {
        Literal::None => "None".to_owned(),
        Literal::Bool(true) => "True".to_owned(),
        Literal::Bool(false) => "False".to_owned(),
        Literal::Int(value) => value.to_string(),
        Literal::BigInt(text) | Literal::Float(text) => text.to_string(),
        Literal::Decimal(text) => format!("Decimal('{text}')"),
        Literal::Str(text) => python_repr(text.as_str()),
        Literal::List(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        Literal::Dict(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|(key, value)| format!("{}: {}", shown(key), shown(value)))
                .collect();
            format!("{{{}}}", items.join(", "))
        }
        _ => "…".to_owned(),
    }
}
