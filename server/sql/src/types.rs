//! Types as SQLAlchemy's default type compiler prints them.

use revline_schema::{
    Characters, Decimal, EnumFlavour, EnumType, Literal, Name, SqlType, Standard, TypeKind, Vendor,
};

use crate::identifier;
use crate::print::{Cx, Halt, Print};
use crate::settings::Sqlalchemy;

/// How deep decorated types may be nested before printing gives up.
const MAX_DEPTH: usize = 16;

/// What stands for a type on the dialect: its variant, and what a decorator wraps.
pub(crate) fn resolve<'a>(cx: Cx<'_>, type_: &'a SqlType) -> &'a TypeKind {
    let name = cx.dialect.facts().name;
    let mut kind = type_.on(name);
    for _ in 0..MAX_DEPTH {
        match kind {
            TypeKind::Decorated { inner, .. } => kind = inner.on(name),
            _ => break,
        }
    }
    kind
}

/// What a type is at heart, which decides how values of it are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Affinity {
    Null,
    Integer,
    Numeric,
    String,
    Boolean,
    Enum,
    Date,
    Time,
    DateTime,
    Uuid,
    Binary,
    Json,
    Other,
}

/// The affinity of a type, its variants left aside as SQLAlchemy's `_type_affinity` does.
pub(crate) fn affinity(kind: &TypeKind) -> Affinity {
    match kind {
        TypeKind::Null => Affinity::Null,
        TypeKind::Integer
        | TypeKind::SmallInteger
        | TypeKind::BigInteger
        | TypeKind::Standard(Standard::Integer | Standard::SmallInt | Standard::BigInt) => {
            Affinity::Integer
        }
        TypeKind::Numeric(_) | TypeKind::Float(_) | TypeKind::Double(_) => Affinity::Numeric,
        TypeKind::Standard(
            Standard::Numeric(_)
            | Standard::Decimal(_)
            | Standard::Float(_)
            | Standard::Real(_)
            | Standard::Double(_)
            | Standard::DoublePrecision(_),
        ) => Affinity::Numeric,
        TypeKind::String(_)
        | TypeKind::Text(_)
        | TypeKind::Unicode(_)
        | TypeKind::UnicodeText(_)
        | TypeKind::Standard(
            Standard::Char(_)
            | Standard::Varchar(_)
            | Standard::NChar(_)
            | Standard::NVarchar(_)
            | Standard::Text(_)
            | Standard::Clob(_),
        ) => Affinity::String,
        TypeKind::Boolean(_) | TypeKind::Standard(Standard::Boolean(_)) => Affinity::Boolean,
        TypeKind::Enum(_) => Affinity::Enum,
        TypeKind::Date | TypeKind::Standard(Standard::Date) => Affinity::Date,
        TypeKind::Time { .. } | TypeKind::Standard(Standard::Time { .. }) => Affinity::Time,
        TypeKind::DateTime { .. }
        | TypeKind::Standard(Standard::DateTime { .. } | Standard::Timestamp { .. }) => {
            Affinity::DateTime
        }
        TypeKind::Uuid { .. } | TypeKind::Standard(Standard::Uuid) => Affinity::Uuid,
        TypeKind::LargeBinary(_)
        | TypeKind::Standard(Standard::Blob(_) | Standard::Binary(_) | Standard::Varbinary(_)) => {
            Affinity::Binary
        }
        TypeKind::Json | TypeKind::Standard(Standard::Json) => Affinity::Json,
        TypeKind::Decorated { inner, .. } => affinity(&inner.kind),
        TypeKind::Vendor(vendor) => vendor_affinity(vendor),
        _ => Affinity::Other,
    }
}

fn vendor_affinity(vendor: &Vendor) -> Affinity {
    match &*vendor.name {
        "INTEGER" | "BIGINT" | "SMALLINT" | "TINYINT" | "MEDIUMINT" | "OID" => Affinity::Integer,
        "NUMERIC" | "DECIMAL" | "FLOAT" | "DOUBLE" | "REAL" | "DOUBLE_PRECISION" | "NUMBER" => {
            Affinity::Numeric
        }
        "VARCHAR" | "CHAR" | "TEXT" | "NVARCHAR" | "NCHAR" | "LONGTEXT" | "MEDIUMTEXT"
        | "TINYTEXT" | "NTEXT" | "CLOB" | "NCLOB" | "VARCHAR2" | "NVARCHAR2" => Affinity::String,
        "DATETIME" | "TIMESTAMP" | "DATETIME2" | "DATETIMEOFFSET" | "SMALLDATETIME" => {
            Affinity::DateTime
        }
        "DATE" => Affinity::Date,
        "TIME" => Affinity::Time,
        "JSON" | "JSONB" => Affinity::Json,
        "UUID" => Affinity::Uuid,
        _ => Affinity::Other,
    }
}

/// SQLAlchemy's refusal to print a type that the dialect has no word for.
pub(crate) fn unsupported(cx: Cx<'_>, class: &str) -> Halt {
    Halt::Refused(format!(
        "Compiler <{}> can't render element of type {class}",
        cx.dialect.facts().type_compiler
    ))
}

/// A type as the default compiler prints it.
pub(crate) fn generic(cx: Cx<'_>, kind: &TypeKind) -> Print {
    Ok(match kind {
        TypeKind::Null => {
            return Err(Halt::Refused(
                "Can't generate DDL for NullType(); did you forget to specify a type on this Column?"
                    .to_owned(),
            ));
        }
        TypeKind::Integer => "INTEGER".to_owned(),
        TypeKind::SmallInteger => "SMALLINT".to_owned(),
        TypeKind::BigInteger => "BIGINT".to_owned(),
        TypeKind::Numeric(decimal) => number("NUMERIC", *decimal),
        TypeKind::Float(_) => "FLOAT".to_owned(),
        TypeKind::Double(_) => "DOUBLE".to_owned(),
        TypeKind::Boolean(_) => "BOOLEAN".to_owned(),
        TypeKind::String(characters) | TypeKind::Unicode(characters) => {
            string(cx, "VARCHAR", characters)
        }
        TypeKind::Text(characters) | TypeKind::UnicodeText(characters) => {
            string(cx, "TEXT", characters)
        }
        TypeKind::LargeBinary(_) | TypeKind::PickleType => "BLOB".to_owned(),
        TypeKind::Date => "DATE".to_owned(),
        TypeKind::DateTime { .. } | TypeKind::Interval(_) => "DATETIME".to_owned(),
        TypeKind::Time { .. } => "TIME".to_owned(),
        TypeKind::Uuid { native } if *native && cx.dialect.facts().native_uuid => "UUID".to_owned(),
        TypeKind::Uuid { .. } => "CHAR(32)".to_owned(),
        TypeKind::Json => return Err(unsupported(cx, "JSON")),
        TypeKind::Enum(enum_) if enum_.flavour == EnumFlavour::Mysql => {
            return Err(unsupported(cx, "ENUM"));
        }
        TypeKind::Enum(enum_) => enum_as_varchar(cx, enum_),
        TypeKind::Array(_) => return Err(unsupported(cx, "ARRAY")),
        TypeKind::Standard(standard) => return standard_text(cx, standard),
        TypeKind::Vendor(vendor) => return vendor_text(cx, vendor),
        TypeKind::Decorated { class, .. } => {
            return Err(Halt::unknown(format!("the type {class} is nested too deeply")));
        }
        TypeKind::Custom { text, .. } => text.to_string(),
        TypeKind::Opaque(opaque) => return Err(opaque.clone().into()),
    })
}

fn standard_text(cx: Cx<'_>, standard: &Standard) -> Print {
    Ok(match standard {
        Standard::Integer => "INTEGER".to_owned(),
        Standard::SmallInt => "SMALLINT".to_owned(),
        Standard::BigInt => "BIGINT".to_owned(),
        Standard::Numeric(decimal) => number("NUMERIC", *decimal),
        Standard::Decimal(decimal) => number("DECIMAL", *decimal),
        Standard::Float(_) => "FLOAT".to_owned(),
        Standard::Real(_) => "REAL".to_owned(),
        Standard::Double(_) => "DOUBLE".to_owned(),
        Standard::DoublePrecision(_) => "DOUBLE PRECISION".to_owned(),
        Standard::Boolean(_) => "BOOLEAN".to_owned(),
        Standard::Char(characters) => string(cx, "CHAR", characters),
        Standard::Varchar(characters) => string(cx, "VARCHAR", characters),
        Standard::NChar(characters) => string(cx, "NCHAR", characters),
        Standard::NVarchar(characters) => string(cx, "NVARCHAR", characters),
        Standard::Text(characters) => string(cx, "TEXT", characters),
        Standard::Clob(_) => "CLOB".to_owned(),
        Standard::Blob(_) => "BLOB".to_owned(),
        Standard::Binary(length) => sized("BINARY", *length),
        Standard::Varbinary(length) => sized("VARBINARY", *length),
        Standard::Date => "DATE".to_owned(),
        Standard::Time { .. } => "TIME".to_owned(),
        Standard::DateTime { .. } => "DATETIME".to_owned(),
        Standard::Timestamp { .. } => "TIMESTAMP".to_owned(),
        Standard::Json => return Err(unsupported(cx, "JSON")),
        Standard::Uuid => "UUID".to_owned(),
    })
}

/// A dialect's own class on another dialect: its visit name decides, so `mysql.VARCHAR(5)` prints
/// everywhere and `mysql.MEDIUMTEXT` nowhere else.
pub(crate) fn vendor_text(cx: Cx<'_>, vendor: &Vendor) -> Print {
    Ok(match &*vendor.name {
        name @ ("VARCHAR" | "CHAR" | "NCHAR" | "NVARCHAR" | "TEXT") => {
            let mut text = name.to_owned();
            match vendor.options.given("length") {
                None | Some(Literal::Int(0)) => {}
                Some(Literal::Int(length)) => text.push_str(&format!("({length})")),
                Some(Literal::Str(length)) => text.push_str(&format!("({})", length.as_str())),
                Some(_) => return Err(Halt::unknown(format!("the length of {name} is not known"))),
            }
            if let Some(collation) = vendor.options.given("collation") {
                let collation = collation.as_str().ok_or_else(|| {
                    Halt::unknown(format!("the collation of {name} is not known"))
                })?;
                text.push_str(&format!(" COLLATE {}", identifier::quote_str(cx, collation)));
            }
            text
        }
        name @ ("INTEGER" | "BIGINT" | "SMALLINT" | "BOOLEAN" | "DATE" | "TIME" | "DATETIME"
        | "TIMESTAMP" | "FLOAT" | "DOUBLE" | "REAL" | "BLOB" | "CLOB" | "NCLOB"
        | "UUID") => name.to_owned(),
        "DOUBLE_PRECISION" => "DOUBLE PRECISION".to_owned(),
        name @ ("NUMERIC" | "DECIMAL") => number(name, vendor_decimal(vendor)?),
        name @ ("BINARY" | "VARBINARY") => sized(name, vendor_length(vendor)?),
        name => return Err(unsupported(cx, name)),
    })
}

fn vendor_number(vendor: &Vendor, option: &str) -> Print<Option<u32>> {
    match vendor.options.given(option) {
        None => Ok(None),
        Some(Literal::Int(value)) => u32::try_from(*value)
            .map(Some)
            .map_err(|_| Halt::unknown(format!("the {option} of {} is not known", vendor.name))),
        Some(_) => Err(Halt::unknown(format!("the {option} of {} is not known", vendor.name))),
    }
}

/// Precision and scale of a dialect's number type.
pub(crate) fn vendor_decimal(vendor: &Vendor) -> Print<Decimal> {
    Ok(Decimal {
        precision: vendor_number(vendor, "precision")?,
        scale: vendor_number(vendor, "scale")?,
    })
}

/// Length of a dialect's type.
pub(crate) fn vendor_length(vendor: &Vendor) -> Print<Option<u32>> {
    vendor_number(vendor, "length")
}

/// A number given under a name.
pub(crate) fn vendor_precision(vendor: &Vendor, option: &str) -> Print<Option<u32>> {
    vendor_number(vendor, option)
}

fn number(name: &str, decimal: Decimal) -> String {
    match (decimal.precision, decimal.scale) {
        (None, _) => name.to_owned(),
        (Some(precision), None) => format!("{name}({precision})"),
        (Some(precision), Some(scale)) => format!("{name}({precision}, {scale})"),
    }
}

fn sized(name: &str, length: Option<u32>) -> String {
    match length {
        None | Some(0) => name.to_owned(),
        Some(length) => format!("{name}({length})"),
    }
}

/// A character type with length and collation.
pub(crate) fn string(cx: Cx<'_>, name: &str, characters: &Characters) -> String {
    let mut text = sized(name, characters.length);
    if let Some(collation) = &characters.collation {
        // 2.0 quotes every collation of a type.
        let quoted = match is_v2_0(cx) {
            true => format!("\"{collation}\""),
            false => cx.quote(collation),
        };
        text.push_str(&format!(" COLLATE {quoted}"));
    }
    text
}

/// The length of an enumeration that is kept as text: given, or that of its longest value.
pub(crate) fn enum_as_varchar(cx: Cx<'_>, enum_: &EnumType) -> String {
    let longest = enum_.values.iter().map(|value| value.text.chars().count()).max().unwrap_or(0);
    let length = enum_.length.unwrap_or_else(|| u32::try_from(longest).unwrap_or(u32::MAX));
    let collation: Option<Name> = enum_.collation.clone();
    string(cx, "VARCHAR", &Characters { length: Some(length), collation })
}

/// Whether the SQLAlchemy in use is 2.0.
pub(crate) fn is_v2_0(cx: Cx<'_>) -> bool {
    cx.settings.sqlalchemy == Sqlalchemy::V2_0
}
