//! The types of `sqlalchemy.dialects.*`.
//!
//! A dialect's module hands out SQLAlchemy's upper-case types beside its own; those are the same
//! classes and stay [`Standard`](revline_schema::Standard).

use std::sync::Arc;

use revline_python::value::Arguments;
use revline_schema::{EnumFlavour, Literal, OptionValue, Options, TypeKind, Vendor};
use revline_text::Span;

use super::super::{Matched, Read, Reader, Signature, fail};
use super::generic;

/// The generic types that a dialect's module hands out under their own name.
pub(super) fn is_shared(dialect: &str, name: &str) -> bool {
    let shared: &[&str] = match dialect {
        "postgresql" => &[
            "BIGINT",
            "BOOLEAN",
            "CHAR",
            "DATE",
            "DOUBLE_PRECISION",
            "FLOAT",
            "INTEGER",
            "NUMERIC",
            "REAL",
            "SMALLINT",
            "TEXT",
            "UUID",
            "VARCHAR",
        ],
        "mysql" => &["BINARY", "BLOB", "BOOLEAN", "DATE", "VARBINARY"],
        "sqlite" => &[
            "BLOB",
            "BOOLEAN",
            "CHAR",
            "DECIMAL",
            "FLOAT",
            "INTEGER",
            "NUMERIC",
            "REAL",
            "SMALLINT",
            "TEXT",
            "TIMESTAMP",
            "VARCHAR",
        ],
        "mssql" => &[
            "BIGINT", "BINARY", "CHAR", "DATE", "DATETIME", "DECIMAL", "FLOAT", "INTEGER", "NCHAR",
            "NUMERIC", "NVARCHAR", "SMALLINT", "TEXT", "VARCHAR",
        ],
        "oracle" => &[
            "BLOB",
            "BOOLEAN",
            "CHAR",
            "CLOB",
            "DOUBLE_PRECISION",
            "NCHAR",
            "NVARCHAR",
            "NVARCHAR2",
            "REAL",
            "VARCHAR",
        ],
        _ => &[],
    };
    shared.contains(&name)
}

/// The positional parameters of a dialect's own type; `None` where there is no such type.
fn parameters(dialect: &str, name: &str) -> Option<&'static [&'static str]> {
    const TEXT: &[&str] = &["length", "collation", "collation_schema"];
    Some(match (dialect, name) {
        ("postgresql", "BIT") => &["length", "varying"],
        ("postgresql", "BYTEA") => &["length"],
        ("postgresql", "CITEXT") => TEXT,
        ("postgresql", "HSTORE") => &["text_type"],
        ("postgresql", "INTERVAL") => &["precision", "fields"],
        ("postgresql", "JSON" | "JSONB") => &["none_as_null", "astext_type"],
        ("postgresql", "TIME" | "TIMESTAMP") => &["timezone", "precision"],
        (
            "postgresql",
            "CIDR" | "INET" | "JSONPATH" | "MACADDR" | "MACADDR8" | "MONEY" | "OID" | "REGCLASS"
            | "REGCONFIG" | "TSQUERY" | "TSVECTOR" | "DATERANGE" | "INT4RANGE" | "INT8RANGE"
            | "NUMRANGE" | "TSRANGE" | "TSTZRANGE" | "DATEMULTIRANGE" | "INT4MULTIRANGE"
            | "INT8MULTIRANGE" | "NUMMULTIRANGE" | "TSMULTIRANGE" | "TSTZMULTIRANGE",
        ) => &[],
        ("mysql", "BIGINT" | "INTEGER" | "MEDIUMINT" | "SMALLINT" | "TINYINT" | "YEAR") => {
            &["display_width"]
        }
        (
            "mysql",
            "BIT" | "CHAR" | "NCHAR" | "NVARCHAR" | "VARCHAR" | "TEXT" | "LONGBLOB" | "MEDIUMBLOB"
            | "TINYBLOB",
        ) => &["length"],
        ("mysql", "LONGTEXT" | "MEDIUMTEXT" | "TINYTEXT" | "INET4" | "INET6") => &[],
        ("mysql", "DATETIME" | "TIME" | "TIMESTAMP") => &["timezone", "fsp"],
        ("mysql", "DECIMAL" | "DOUBLE" | "FLOAT" | "NUMERIC" | "REAL") => {
            &["precision", "scale", "asdecimal"]
        }
        ("mysql" | "sqlite" | "mssql", "JSON") | ("sqlite", "JSONB") => &["none_as_null"],
        ("sqlite", "DATE" | "DATETIME" | "TIME") => &["storage_format", "regexp"],
        ("mssql", "DATETIME2" | "DATETIMEOFFSET" | "TIME") => &["precision"],
        ("mssql", "BIT") => &["create_constraint", "name"],
        ("mssql", "IMAGE") => &["length"],
        ("mssql", "NTEXT" | "XML") => TEXT,
        ("mssql", "ROWVERSION" | "TIMESTAMP") => &["convert_int"],
        ("mssql", "SMALLDATETIME") => &["timezone"],
        ("mssql", "UNIQUEIDENTIFIER") => &["as_uuid"],
        ("mssql", "VARBINARY") => &["length", "filestream"],
        (
            "mssql",
            "DOUBLE_PRECISION" | "MONEY" | "REAL" | "SMALLMONEY" | "SQL_VARIANT" | "TINYINT",
        ) => &[],
        ("oracle", "BFILE" | "RAW") => &["length"],
        ("oracle", "BINARY_DOUBLE" | "BINARY_FLOAT") => {
            &["precision", "asdecimal", "decimal_return_scale"]
        }
        ("oracle", "DATE") => &["timezone"],
        ("oracle", "FLOAT") => &["binary_precision", "asdecimal", "decimal_return_scale"],
        ("oracle", "INTERVAL") => &["day_precision", "second_precision"],
        ("oracle", "JSON") => &["none_as_null", "use_blob"],
        ("oracle", "LONG" | "NCLOB" | "VARCHAR2") => TEXT,
        ("oracle", "NUMBER") => &["precision", "scale", "asdecimal"],
        ("oracle", "ROWID") => &[],
        ("oracle", "TIMESTAMP") => &["timezone", "local_timezone"],
        ("oracle", "VECTOR") => &["dim", "storage_format", "storage_type"],
        _ => return None,
    })
}

/// Parameters that change how Python sees a value, not what the database stores.
const PYTHON_ONLY: [&str; 8] = [
    "as_uuid",
    "asdecimal",
    "astext_type",
    "none_as_null",
    "storage_format",
    "regexp",
    "decimal_return_scale",
    "text_type",
];

impl Reader<'_> {
    /// A type of `sqlalchemy.dialects.<dialect>`.
    pub(super) fn dialect_type(
        &self,
        dialect: &str,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Read<TypeKind> {
        let dialect = if dialect == "mariadb" { "mysql" } else { dialect };
        if is_shared(dialect, name) {
            let name = if name == "NVARCHAR2" { "NVARCHAR" } else { name };
            return self.generic_type(name, arguments, span);
        }
        match (dialect, name) {
            ("postgresql", "ENUM") => {
                let read = self.enumeration(arguments, EnumFlavour::Postgresql, span)?;
                return Ok(TypeKind::Enum(Arc::new(read)));
            }
            ("mysql", "ENUM") => {
                let read = self.enumeration(arguments, EnumFlavour::Mysql, span)?;
                return Ok(TypeKind::Enum(Arc::new(read)));
            }
            ("postgresql", "ARRAY") => {
                let matched = generic::ARRAY.bind(arguments, span)?;
                matched.no_extra(name)?;
                return self.array(&matched, span);
            }
            ("mysql", "SET") => return self.set(arguments, span),
            _ => {}
        }
        let Some(positional) = parameters(dialect, name) else {
            return fail(span, format!("{dialect}.{name} is not a type that is understood"));
        };
        let signature = Signature { name: "type", positional, variadic: false, keywords: &[] };
        let matched = signature.bind(arguments, span)?;
        let mut options = self.options(matched.extra.iter().copied());
        for parameter in positional {
            if let Some(value) = matched.some(parameter) {
                let value = OptionValue { value: self.literal(value), origin: value.span.into() };
                options.0.insert((*parameter).into(), value);
            }
        }
        options.0.retain(|parameter, _| !PYTHON_ONLY.contains(&&**parameter));
        // SQLite's own only say how Python writes the values; other databases see the general type.
        let general = match (dialect, name) {
            ("sqlite", "DATE") => Some("Date"),
            ("sqlite", "DATETIME") => Some("DateTime"),
            ("sqlite", "TIME") => Some("Time"),
            _ => None,
        };
        if let Some(general) = general.filter(|_| options.0.is_empty()) {
            return self.generic_type(general, &Arguments::default(), span);
        }
        self.vendor(dialect, name, options)
    }

    fn set(&self, arguments: &Arguments, span: Span) -> Read<TypeKind> {
        const SET: Signature =
            Signature { name: "SET", positional: &[], variadic: true, keywords: &[] };
        let matched: Matched<'_> = SET.bind(arguments, span)?;
        let values = matched.rest.iter().map(|argument| self.literal(&argument.value)).collect();
        let mut options = self.options(matched.extra.iter().copied());
        let value = OptionValue { value: Literal::List(values), origin: span.into() };
        options.0.insert("values".into(), value);
        self.vendor("mysql", "SET", options)
    }

    fn vendor(&self, dialect: &str, name: &str, options: Options) -> Read<TypeKind> {
        for (_, option) in options.iter() {
            if let Literal::Opaque(why) = &option.value {
                return Err(why.clone());
            }
        }
        Ok(TypeKind::Vendor(Vendor { dialect: dialect.into(), name: name.into(), options }))
    }
}
