//! Well-known types of other packages: what they print as, dialect by dialect.
//!
//! Each entry follows the `impl`, `load_dialect_impl` or `get_col_spec` of the package's class.

use std::sync::Arc;

use revline_python::value::Arguments;
use revline_schema::{Characters, SqlType, Standard, TypeKind};
use revline_text::Span;

use super::super::{Read, Reader, Signature, fail};

const fn signature(positional: &'static [&'static str]) -> Signature {
    Signature { name: "type", positional, variadic: false, keywords: &[] }
}

fn standard(standard: Standard) -> SqlType {
    SqlType::new(TypeKind::Standard(standard))
}

fn characters(length: Option<u32>) -> Characters {
    Characters { length, collation: None }
}

fn unicode(length: Option<u32>) -> SqlType {
    SqlType::new(TypeKind::Unicode(characters(length)))
}

fn decorated(class: &str, inner: SqlType) -> SqlType {
    SqlType::new(TypeKind::Decorated { class: class.into(), inner: Arc::new(inner) })
}

impl Reader<'_> {
    /// A type of another package.
    pub(super) fn third_party_type(
        &self,
        path: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Read<SqlType> {
        let (package, rest) = path.split_once('.').unwrap_or((path, ""));
        let name = rest.rsplit('.').next().unwrap_or(rest);
        let length = |positional: &'static [&'static str], parameter: &str| -> Read<Option<u32>> {
            self.number(&signature(positional).bind(arguments, span)?, parameter)
        };
        Ok(match (package, name) {
            ("sqlmodel", "AutoString") => {
                let length = length(&["length"], "length")?;
                let plain = SqlType::new(TypeKind::String(characters(length)));
                let type_ = decorated(path, plain);
                // MySQL has no VARCHAR without a length.
                if length.is_none() {
                    type_.with_variant(SqlType::string(255), "mysql")
                } else {
                    type_
                }
            }
            // From SQLModel 0.0.50 on, for `datetime`.
            ("sqlmodel", "UTCDateTime") if arguments.is_empty() => {
                decorated(path, SqlType::new(TypeKind::DateTime { timezone: true }))
            }
            ("sqlalchemy_utils", "UUIDType") => self.uuid_type(path, arguments, span)?,
            ("sqlalchemy_utils", "EmailType") => {
                decorated(path, unicode(length(&["length"], "length")?.or(Some(255))))
            }
            ("sqlalchemy_utils", "IPAddressType") => {
                decorated(path, unicode(length(&["max_length"], "max_length")?.or(Some(50))))
            }
            ("sqlalchemy_utils", "TimezoneType") => decorated(path, unicode(Some(50))),
            ("sqlalchemy_utils", "LocaleType") => decorated(path, unicode(Some(10))),
            ("sqlalchemy_utils", "URLType" | "ScalarListType") => {
                decorated(path, SqlType::new(TypeKind::UnicodeText(Characters::default())))
            }
            ("sqlalchemy_utils", "JSONType") => {
                decorated(path, SqlType::new(TypeKind::UnicodeText(Characters::default())))
                    .with_variant(SqlType::vendor("postgresql", "JSON"), "postgresql")
            }
            ("sqlalchemy_utils", "ArrowType") if arguments.is_empty() => {
                decorated(path, SqlType::new(TypeKind::DateTime { timezone: false }))
            }
            ("sqlalchemy_utils", "ChoiceType") => {
                let matched = signature(&["choices", "impl"]).bind(arguments, span)?;
                match matched.some("impl") {
                    Some(inner) => decorated(path, self.sql_type(inner)),
                    None => decorated(path, unicode(Some(255))),
                }
            }
            ("sqlalchemy_utils", "StringEncryptedType") => {
                const ENCRYPTED: &[&str] = &["type_in", "key", "engine", "padding", "length"];
                let length = length(ENCRYPTED, "length")?;
                decorated(path, SqlType::new(TypeKind::String(characters(length))))
            }
            ("sqlalchemy_utils", "EncryptedType") => {
                decorated(path, SqlType::new(TypeKind::LargeBinary(None)))
            }
            ("sqlalchemy_utils", "TSVectorType") => {
                decorated(path, SqlType::vendor("postgresql", "TSVECTOR"))
            }
            ("sqlalchemy_utils", "LtreeType") => custom(path, "LTREE"),
            ("citext", "CIText") if arguments.is_empty() => custom(path, "CITEXT"),
            ("pgvector", "Vector" | "VECTOR") => sized(path, "VECTOR", length(&["dim"], "dim")?),
            ("pgvector", "HALFVEC") => sized(path, "HALFVEC", length(&["dim"], "dim")?),
            ("pgvector", "SPARSEVEC") => sized(path, "SPARSEVEC", length(&["dim"], "dim")?),
            ("fastapi_users_db_sqlalchemy", "GUID") => {
                decorated(path, standard(Standard::Char(Characters::of(36))))
                    .with_variant(standard(Standard::Uuid), "postgresql")
            }
            ("fastapi_users_db_sqlalchemy", "TIMESTAMPAware") => {
                let timezone =
                    self.flag(&signature(&["timezone"]).bind(arguments, span)?, "timezone")?;
                decorated(path, standard(Standard::Timestamp { timezone }))
            }
            ("oslo_db", "JsonEncodedDict" | "JsonEncodedList") => {
                let matched =
                    signature(&["mysql_as_long", "mysql_as_medium"]).bind(arguments, span)?;
                let plain = SqlType::new(TypeKind::Text(Characters::default()));
                let variant = if self.flag(&matched, "mysql_as_long")? {
                    Some("LONGTEXT")
                } else if self.flag(&matched, "mysql_as_medium")? {
                    Some("MEDIUMTEXT")
                } else {
                    None
                };
                match variant {
                    Some(name) => {
                        decorated(path, plain.with_variant(SqlType::vendor("mysql", name), "mysql"))
                    }
                    None => decorated(path, plain),
                }
            }
            ("oslo_db", "SoftDeleteInteger") => decorated(path, SqlType::new(TypeKind::Integer)),
            ("sqlalchemy_utils", "PhoneNumberType") => {
                let given = length(&["region", "max_length"], "max_length")?;
                decorated(path, unicode(given.or(Some(20))))
            }
            ("sqlalchemy_utils", "ColorType") => {
                decorated(path, unicode(length(&["max_length"], "max_length")?.or(Some(20))))
            }
            ("sqlalchemy_utils", "CurrencyType") if arguments.is_empty() => {
                decorated(path, SqlType::string(3))
            }
            ("sqlalchemy_utils", "CountryType") if arguments.is_empty() => {
                decorated(path, SqlType::string(2))
            }
            ("advanced_alchemy", "DateTimeUTC") => {
                decorated(path, SqlType::new(TypeKind::DateTime { timezone: true }))
            }
            _ => return fail(span, format!("the type `{path}` is not known")),
        })
    }

    fn uuid_type(&self, path: &str, arguments: &Arguments, span: Span) -> Read<SqlType> {
        let matched = signature(&["binary", "native"]).bind(arguments, span)?;
        let binary = self.choice(&matched, "binary")?.unwrap_or(true);
        let native = self.choice(&matched, "native")?.unwrap_or(true);
        let plain =
            if binary { Standard::Binary(Some(16)) } else { Standard::Char(Characters::of(32)) };
        let type_ = decorated(path, standard(plain));
        Ok(if native {
            type_
                .with_variant(standard(Standard::Uuid), "postgresql")
                .with_variant(SqlType::vendor("mssql", "UNIQUEIDENTIFIER"), "mssql")
        } else {
            type_
        })
    }
}

fn custom(path: &str, text: &str) -> SqlType {
    SqlType::new(TypeKind::Custom { class: path.into(), text: text.into() })
}

fn sized(path: &str, word: &str, dim: Option<u32>) -> SqlType {
    match dim {
        Some(dim) => custom(path, &format!("{word}({dim})")),
        None => custom(path, word),
    }
}
