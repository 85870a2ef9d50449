//! The types of `sqlalchemy.types`.

use std::sync::Arc;

use revline_python::value::Arguments;
use revline_schema::{
    ArrayType, Boolean, Characters, Decimal, EnumFlavour, Interval, Standard, TypeKind,
};
use revline_text::Span;

use super::super::{Matched, Read, Reader, Signature, fail};

const fn signature(name: &'static str, positional: &'static [&'static str]) -> Signature {
    Signature { name, positional, variadic: false, keywords: &[] }
}

const PLAIN: Signature = signature("type", &[]);
const CHARACTERS: Signature = signature("String", &["length", "collation", "collation_schema"]);
const NUMERIC: Signature =
    signature("Numeric", &["precision", "scale", "decimal_return_scale", "asdecimal"]);
const FLOAT: Signature = signature("Float", &["precision", "asdecimal", "decimal_return_scale"]);
const TIMEZONE: Signature = signature("DateTime", &["timezone"]);
const BINARY: Signature = signature("LargeBinary", &["length"]);
const BOOLEAN: Signature = signature("Boolean", &["create_constraint", "name"]);
const INTERVAL: Signature = signature("Interval", &["native", "second_precision", "day_precision"]);
const UUID: Signature = signature("Uuid", &["as_uuid", "native_uuid"]);
const JSON: Signature = signature("JSON", &["none_as_null"]);
const PICKLE: Signature = signature("PickleType", &["protocol", "pickler", "comparator", "impl"]);
pub(super) const ARRAY: Signature =
    signature("ARRAY", &["item_type", "as_tuple", "dimensions", "zero_indexes"]);

impl Reader<'_> {
    /// A type of `sqlalchemy.types`.
    pub(super) fn generic_type(
        &self,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Read<TypeKind> {
        let bind = |signature: &Signature| -> Read<Matched<'_>> {
            let matched = signature.bind(arguments, span)?;
            matched.no_extra(name)?;
            Ok(matched)
        };
        let characters = || self.characters(&bind(&CHARACTERS)?, span);
        let numeric = || self.decimal(&bind(&NUMERIC)?);
        let float = || self.decimal(&bind(&FLOAT)?);
        let timezone = || self.flag(&bind(&TIMEZONE)?, "timezone");
        let binary = || self.number(&bind(&BINARY)?, "length");
        let plain = |kind: TypeKind| bind(&PLAIN).map(|_| kind);
        Ok(match name {
            "Integer" => plain(TypeKind::Integer)?,
            "SmallInteger" => plain(TypeKind::SmallInteger)?,
            "BigInteger" => plain(TypeKind::BigInteger)?,
            "Date" => plain(TypeKind::Date)?,
            "NullType" | "NULLTYPE" => plain(TypeKind::Null)?,
            "String" => TypeKind::String(characters()?),
            "Text" => TypeKind::Text(characters()?),
            "Unicode" => TypeKind::Unicode(characters()?),
            "UnicodeText" => TypeKind::UnicodeText(characters()?),
            "Numeric" => TypeKind::Numeric(numeric()?),
            "Float" => TypeKind::Float(float()?),
            "Double" => TypeKind::Double(float()?),
            "DateTime" => TypeKind::DateTime { timezone: timezone()? },
            "Time" => TypeKind::Time { timezone: timezone()? },
            "LargeBinary" => TypeKind::LargeBinary(binary()?),
            "Boolean" => TypeKind::Boolean(self.boolean(&bind(&BOOLEAN)?)?),
            "Interval" => self.interval(&bind(&INTERVAL)?)?,
            "Uuid" => TypeKind::Uuid {
                native: self.choice(&bind(&UUID)?, "native_uuid")?.unwrap_or(true),
            },
            "JSON" => {
                bind(&JSON)?;
                TypeKind::Json
            }
            "PickleType" => self.pickle(&bind(&PICKLE)?, span)?,
            "Enum" => {
                TypeKind::Enum(Arc::new(self.enumeration(arguments, EnumFlavour::Generic, span)?))
            }
            "ARRAY" => self.array(&bind(&ARRAY)?, span)?,
            "INTEGER" | "INT" => plain(TypeKind::Standard(Standard::Integer))?,
            "SMALLINT" => plain(TypeKind::Standard(Standard::SmallInt))?,
            "BIGINT" => plain(TypeKind::Standard(Standard::BigInt))?,
            "DATE" => plain(TypeKind::Standard(Standard::Date))?,
            "UUID" => {
                bind(&UUID)?;
                TypeKind::Standard(Standard::Uuid)
            }
            "NUMERIC" => TypeKind::Standard(Standard::Numeric(numeric()?)),
            "DECIMAL" => TypeKind::Standard(Standard::Decimal(numeric()?)),
            "FLOAT" => TypeKind::Standard(Standard::Float(float()?)),
            "REAL" => TypeKind::Standard(Standard::Real(float()?)),
            "DOUBLE" => TypeKind::Standard(Standard::Double(float()?)),
            "DOUBLE_PRECISION" => TypeKind::Standard(Standard::DoublePrecision(float()?)),
            "BOOLEAN" => TypeKind::Standard(Standard::Boolean(self.boolean(&bind(&BOOLEAN)?)?)),
            "CHAR" => TypeKind::Standard(Standard::Char(characters()?)),
            "VARCHAR" => TypeKind::Standard(Standard::Varchar(characters()?)),
            "NCHAR" => TypeKind::Standard(Standard::NChar(characters()?)),
            "NVARCHAR" => TypeKind::Standard(Standard::NVarchar(characters()?)),
            "TEXT" => TypeKind::Standard(Standard::Text(characters()?)),
            "CLOB" => TypeKind::Standard(Standard::Clob(characters()?)),
            "BLOB" => TypeKind::Standard(Standard::Blob(binary()?)),
            "BINARY" => TypeKind::Standard(Standard::Binary(binary()?)),
            "VARBINARY" => TypeKind::Standard(Standard::Varbinary(binary()?)),
            "TIME" => TypeKind::Standard(Standard::Time { timezone: timezone()? }),
            "DATETIME" => TypeKind::Standard(Standard::DateTime { timezone: timezone()? }),
            "TIMESTAMP" => TypeKind::Standard(Standard::Timestamp { timezone: timezone()? }),
            _ => return fail(span, format!("sqlalchemy.{name} is not a column type")),
        })
    }

    pub(super) fn characters(&self, matched: &Matched<'_>, span: Span) -> Read<Characters> {
        if matched.some("collation_schema").is_some() {
            return fail(span, "a collation with a schema is not understood");
        }
        Ok(Characters {
            length: self.number(matched, "length")?,
            collation: self.name_of(matched, "collation")?,
        })
    }

    pub(super) fn decimal(&self, matched: &Matched<'_>) -> Read<Decimal> {
        Ok(Decimal {
            precision: self.number(matched, "precision")?,
            scale: self.number(matched, "scale")?,
        })
    }

    pub(super) fn boolean(&self, matched: &Matched<'_>) -> Read<Boolean> {
        Ok(Boolean {
            create_constraint: self.flag(matched, "create_constraint")?,
            name: self.name_of(matched, "name")?,
        })
    }

    fn interval(&self, matched: &Matched<'_>) -> Read<TypeKind> {
        Ok(TypeKind::Interval(Interval {
            native: self.choice(matched, "native")?.unwrap_or(matched.get("native").is_none()),
            second_precision: self.number(matched, "second_precision")?,
            day_precision: self.number(matched, "day_precision")?,
        }))
    }

    fn pickle(&self, matched: &Matched<'_>, span: Span) -> Read<TypeKind> {
        match matched.some("impl") {
            // `impl` may be a class that keeps its variants; what it prints as is the same.
            Some(inner) => Ok(TypeKind::Decorated {
                class: "sqlalchemy.PickleType".into(),
                inner: Arc::new(self.sql_type(inner)),
            }),
            None if matched.some("pickler").is_some_and(|p| p.as_unknown().is_some()) => {
                fail(span, "the pickler is not known")
            }
            None => Ok(TypeKind::PickleType),
        }
    }

    pub(super) fn array(&self, matched: &Matched<'_>, span: Span) -> Read<TypeKind> {
        let item = self.sql_type(matched.need("ARRAY", "item_type", span)?);
        Ok(TypeKind::Array(Arc::new(ArrayType {
            item,
            dimensions: self.number(matched, "dimensions")?,
        })))
    }
}
