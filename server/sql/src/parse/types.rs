//! A type as SQL text spells it, as the type that SQLAlchemy reflects for a column of it.

use revline_schema::{
    ArrayType, Boolean, Characters, Decimal, EnumFlavour, EnumType, Key, Opaque, Options, Schema,
    SqlType, Standard, TypeKind, Vendor,
};
use std::sync::Arc;

use super::Lexis;
use super::cursor::Cursor;
use super::lexer::{Kind, tokens};
use super::source::Source;
use crate::dialect::Dialect;
use crate::print::{Halt, Print};

/// A type and what it brings to its column.
pub(crate) struct Spelled {
    pub(crate) type_: SqlType,
    /// `serial` and its kin: an integer with a sequence of its own.
    pub(crate) is_serial: bool,
}

/// Takes a type; `None` where none stands.
pub(crate) fn take(cursor: &mut Cursor<'_>, schema: &Schema) -> Option<Spelled> {
    let start = *cursor;
    let (kind, is_serial) = if cursor.lexis.is_postgresql {
        postgresql(cursor, schema)?
    } else {
        (sqlite(cursor), false)
    };
    let used = start.rest().len().saturating_sub(cursor.rest().len());
    let range = start.over(start.rest().get(..used).unwrap_or_default()).range();
    let origin = if used == 0 { Default::default() } else { cursor.source.origin(range) };
    Some(Spelled { type_: SqlType { origin, ..SqlType::new(kind) }, is_serial })
}

/// The type that a text spells on its own.
pub(crate) fn spelled(text: &str, schema: &Schema, dialect: &dyn Dialect) -> Print<SqlType> {
    let (source, lexis) = (Source::plain(text.into()), Lexis::of(dialect));
    let tokens = tokens(text, lexis);
    let mut cursor = Cursor::new(&source, lexis, &tokens);
    match take(&mut cursor, schema) {
        Some(Spelled { type_, .. }) if cursor.is_empty() => match type_.kind {
            TypeKind::Opaque(why) => Err(Halt::Unknown(why)),
            _ => Ok(type_),
        },
        _ => Err(Halt::unknown(format!("which type reflection finds in {text}"))),
    }
}

/// The numbers in parentheses behind a type.
fn arguments(cursor: &mut Cursor<'_>) -> Option<Vec<i64>> {
    let Some(group) = cursor.group() else { return Some(Vec::new()) };
    group.items().into_iter().map(|mut item| item.number().filter(|_| item.is_empty())).collect()
}

fn small(number: Option<&i64>) -> Option<u32> {
    number.and_then(|number| u32::try_from(*number).ok())
}

fn characters(arguments: &[i64]) -> Characters {
    Characters { length: small(arguments.first()), collation: None }
}

fn decimal(arguments: &[i64]) -> Decimal {
    Decimal { precision: small(arguments.first()), scale: small(arguments.get(1)) }
}

/// SQLAlchemy's SQLite dialect knows the words of its table as they are spelled there, and judges the
/// rest by SQLite's rules of affinity, in upper case alone.
fn sqlite(cursor: &mut Cursor<'_>) -> TypeKind {
    let mut words = Vec::new();
    while let Some(token) = cursor.rest().first() {
        let ends = match token.kind {
            Kind::Word => ENDS.contains(&cursor.word().as_str()),
            Kind::Quoted => false,
            Kind::String => !words.is_empty(),
            _ => true,
        };
        if ends {
            break;
        }
        words.push(cursor.text(token).trim_matches(['"', '\'', '`', '[', ']']).to_owned());
        cursor.next();
    }
    let word = words.join(" ");
    let given = arguments(cursor).unwrap_or_default();
    let standard = match word.as_str() {
        "BIGINT" => Standard::BigInt,
        "BLOB" => Standard::Blob(small(given.first())),
        "BOOL" | "BOOLEAN" => Standard::Boolean(Boolean::default()),
        "CHAR" => Standard::Char(characters(&given)),
        "DATE" | "DATE_CHAR" => Standard::Date,
        "DATETIME" | "DATETIME_CHAR" => Standard::DateTime { timezone: false },
        "DOUBLE" => Standard::Double(decimal(&given)),
        "DECIMAL" => Standard::Decimal(decimal(&given)),
        "FLOAT" => Standard::Float(decimal(&given)),
        "INT" | "INTEGER" => Standard::Integer,
        "JSON" | "JSONB" => {
            return SqlType::vendor("sqlite", &word).kind;
        }
        "NUMERIC" => Standard::Numeric(decimal(&given)),
        "REAL" => Standard::Real(decimal(&given)),
        "SMALLINT" => Standard::SmallInt,
        "TEXT" => Standard::Text(characters(&given)),
        "TIME" | "TIME_CHAR" => Standard::Time { timezone: false },
        "TIMESTAMP" => Standard::Timestamp { timezone: false },
        "VARCHAR" => Standard::Varchar(characters(&given)),
        "NVARCHAR" => Standard::NVarchar(characters(&given)),
        "NCHAR" => Standard::NChar(characters(&given)),
        other => {
            let has = |part: &str| other.contains(part);
            if has("INT") {
                Standard::Integer
            } else if has("CHAR") || has("CLOB") || has("TEXT") {
                Standard::Text(characters(&given))
            } else if has("BLOB") || other.is_empty() {
                return TypeKind::Null;
            } else if has("REAL") || has("FLOA") || has("DOUB") {
                Standard::Real(decimal(&given))
            } else {
                Standard::Numeric(decimal(&given))
            }
        }
    };
    TypeKind::Standard(standard)
}

/// Words that cannot be part of a type's name in SQLite.
const ENDS: &[&str] = &[
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
    "AS",
    "AUTOINCREMENT",
    "ON",
    "DEFERRABLE",
];

fn postgresql(cursor: &mut Cursor<'_>, schema: &Schema) -> Option<(TypeKind, bool)> {
    cursor.eat(&["SETOF"]);
    let start = *cursor;
    let mut name = cursor.table()?;
    if name.schema.as_ref().is_some_and(|schema| schema.as_str() == "pg_catalog") {
        name.schema = None;
    }
    let is_quoted = start.rest().first().is_some_and(|token| token.kind == Kind::Quoted);
    let known = if name.schema.is_some() || (is_quoted && name.name.as_str() == "char") {
        None
    } else {
        builtin(cursor, name.name.as_str())
    };
    let (kind, is_serial) = match known {
        Some(found) => found,
        None => {
            // A type of the database's own, with arguments of its own.
            cursor.group();
            let key = Key {
                schema: name.schema.as_ref().map(|schema| schema.text.clone()),
                name: name.name.text.clone(),
            };
            let bare = Key::new(key.name.clone());
            let is_public = key.schema.as_deref() == Some("public");
            let found = schema.enums.get(&key);
            let found = found.or_else(|| schema.enums.get(&bare).filter(|_| is_public));
            let kind = match found {
                Some(enum_) => TypeKind::Enum(Arc::new(EnumType {
                    create_type: false,
                    flavour: EnumFlavour::Postgresql,
                    ..(**enum_).clone()
                })),
                None => TypeKind::Opaque(Opaque {
                    why: format!("what the type {name} is stands in the database alone").into(),
                    origin: name.name.origin,
                }),
            };
            (kind, false)
        }
    };
    let mut dimensions = 0_u32;
    loop {
        if cursor.eat(&["ARRAY"]) {
            dimensions += 1;
        }
        if !cursor.eat_mark('[') {
            break;
        }
        cursor.number();
        cursor.eat_mark(']');
        dimensions = dimensions.saturating_add(1);
    }
    if dimensions == 0 {
        return Some((kind, is_serial));
    }
    // PostgreSQL keeps no number of dimensions.
    Some((TypeKind::Array(Arc::new(ArrayType { item: kind.into(), dimensions: None })), false))
}

fn builtin(cursor: &mut Cursor<'_>, name: &str) -> Option<(TypeKind, bool)> {
    let standard = |standard| Some((TypeKind::Standard(standard), false));
    let vendor = |name: &str, options: Options| {
        let name = name.to_ascii_uppercase();
        let vendor = Vendor { dialect: "postgresql".into(), name: name.as_str().into(), options };
        Some((TypeKind::Vendor(vendor), false))
    };
    match name {
        "int" | "int4" | "integer" => standard(Standard::Integer),
        "int2" | "smallint" => standard(Standard::SmallInt),
        "int8" | "bigint" => standard(Standard::BigInt),
        "serial" | "serial4" => Some((TypeKind::Standard(Standard::Integer), true)),
        "smallserial" | "serial2" => Some((TypeKind::Standard(Standard::SmallInt), true)),
        "bigserial" | "serial8" => Some((TypeKind::Standard(Standard::BigInt), true)),
        "numeric" | "decimal" | "dec" => {
            let mut given = decimal(&arguments(cursor)?);
            if given.precision.is_some() {
                given.scale.get_or_insert(0);
            }
            standard(Standard::Numeric(given))
        }
        "real" | "float4" => standard(Standard::Real(Decimal::default())),
        "float8" => standard(Standard::DoublePrecision(Decimal::default())),
        "float" => match arguments(cursor)?.first() {
            Some(precision) if *precision < 25 => standard(Standard::Real(Decimal::default())),
            _ => standard(Standard::DoublePrecision(Decimal::default())),
        },
        "double" if cursor.eat(&["PRECISION"]) => {
            standard(Standard::DoublePrecision(Decimal::default()))
        }
        "bool" | "boolean" => standard(Standard::Boolean(Boolean::default())),
        "text" => standard(Standard::Text(Characters::default())),
        "varchar" => standard(Standard::Varchar(characters(&arguments(cursor)?))),
        "char" | "character" | "nchar" | "national" => {
            if name == "national" && !cursor.eat(&["CHARACTER"]) && !cursor.eat(&["CHAR"]) {
                return None;
            }
            if cursor.eat(&["VARYING"]) {
                return standard(Standard::Varchar(characters(&arguments(cursor)?)));
            }
            let length = characters(&arguments(cursor)?).length.or(Some(1));
            standard(Standard::Char(Characters { length, collation: None }))
        }
        "date" => standard(Standard::Date),
        "timestamp" | "timestamptz" | "time" | "timetz" => {
            let precision = small(arguments(cursor)?.first());
            let zone = if cursor.eat(&["WITH", "TIME", "ZONE"]) {
                true
            } else {
                cursor.eat(&["WITHOUT", "TIME", "ZONE"]);
                name.ends_with("tz")
            };
            let is_time = name.starts_with("timetz") || name == "time";
            match precision {
                Some(precision) => {
                    let options = Options::default()
                        .with("precision", i64::from(precision))
                        .with("timezone", zone);
                    vendor(if is_time { "TIME" } else { "TIMESTAMP" }, options)
                }
                None if is_time => standard(Standard::Time { timezone: zone }),
                None => standard(Standard::Timestamp { timezone: zone }),
            }
        }
        "interval" => {
            let mut options = Options::default();
            let mut fields = Vec::new();
            while cursor.is_one_of(FIELDS) {
                fields.push(cursor.word());
                cursor.next();
            }
            if !fields.is_empty() {
                options = options.with("fields", fields.join(" ").as_str());
            }
            if let Some(precision) = small(arguments(cursor)?.first()) {
                options = options.with("precision", i64::from(precision));
            }
            vendor("interval", options)
        }
        "uuid" => standard(Standard::Uuid),
        "bit" | "varbit" => {
            let varying = name == "varbit" || cursor.eat(&["VARYING"]);
            let length = small(arguments(cursor)?.first());
            let mut options = Options::default().with("varying", varying);
            if let Some(length) = length.or_else(|| (!varying).then_some(1)) {
                options = options.with("length", i64::from(length));
            }
            vendor("bit", options)
        }
        _ if PLAIN.contains(&name) => vendor(name, Options::default()),
        _ => None,
    }
}

const FIELDS: &[&str] = &["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"];

/// Types of PostgreSQL without arguments that SQLAlchemy has a class for.
const PLAIN: &[&str] = &[
    "bytea",
    "cidr",
    "citext",
    "daterange",
    "hstore",
    "inet",
    "int4range",
    "int8range",
    "json",
    "jsonb",
    "jsonpath",
    "macaddr",
    "macaddr8",
    "money",
    "numrange",
    "oid",
    "regclass",
    "regconfig",
    "tsquery",
    "tsrange",
    "tstzrange",
    "tsvector",
];
