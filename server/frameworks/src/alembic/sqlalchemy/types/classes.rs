//! SQLAlchemy's type classes and what they inherit from, for `isinstance(column["type"], sa.String)`.
//!
//! As in SQLAlchemy 2.1. Where 2.0 has it otherwise (`Float` is a `Numeric` there), nothing is said.

use super::super::{Known, known};
use super::dialect::is_shared;

/// Classes with the one that they inherit from. Those of a dialect stand under its name.
const CLASSES: &[(&str, &str)] = &[
    ("ARRAY", "TypeEngine"),
    ("BIGINT", "BigInteger"),
    ("BINARY", "_Binary"),
    ("BLOB", "LargeBinary"),
    ("BOOLEAN", "Boolean"),
    ("BigInteger", "Integer"),
    ("Boolean", "TypeEngine"),
    ("CHAR", "String"),
    ("CLOB", "Text"),
    ("DATE", "Date"),
    ("DATETIME", "DateTime"),
    ("DECIMAL", "Numeric"),
    ("DOUBLE", "Double"),
    ("DOUBLE_PRECISION", "Double"),
    ("Date", "TypeEngine"),
    ("DateTime", "TypeEngine"),
    ("Double", "Float"),
    ("Enum", "String"),
    ("FLOAT", "Float"),
    ("Float", "TypeEngine"),
    ("INTEGER", "Integer"),
    ("Integer", "TypeEngine"),
    ("Interval", "TypeDecorator"),
    ("JSON", "TypeEngine"),
    ("LargeBinary", "_Binary"),
    ("NCHAR", "Unicode"),
    ("NUMERIC", "Numeric"),
    ("NVARCHAR", "Unicode"),
    ("NullType", "TypeEngine"),
    ("Numeric", "TypeEngine"),
    ("PickleType", "TypeDecorator"),
    ("REAL", "Float"),
    ("SMALLINT", "SmallInteger"),
    ("SmallInteger", "Integer"),
    ("String", "TypeEngine"),
    ("TEXT", "Text"),
    ("TIME", "Time"),
    ("TIMESTAMP", "DateTime"),
    ("Text", "String"),
    ("Time", "TypeEngine"),
    ("TypeDecorator", "TypeEngine"),
    ("TypeEngine", ""),
    ("UUID", "Uuid"),
    ("Unicode", "String"),
    ("UnicodeText", "Text"),
    ("UserDefinedType", "TypeEngine"),
    ("Uuid", "TypeEngine"),
    ("VARBINARY", "_Binary"),
    ("VARCHAR", "String"),
    ("_Binary", "TypeEngine"),
    ("postgresql.ARRAY", "ARRAY"),
    ("postgresql.BIT", "TypeEngine"),
    ("postgresql.BYTEA", "LargeBinary"),
    ("postgresql.CIDR", "TypeEngine"),
    ("postgresql.CITEXT", "TEXT"),
    ("postgresql.DATERANGE", "TypeEngine"),
    ("postgresql.DOMAIN", "TypeEngine"),
    ("postgresql.ENUM", "Enum"),
    ("postgresql.HSTORE", "TypeEngine"),
    ("postgresql.INET", "TypeEngine"),
    ("postgresql.INT4RANGE", "TypeEngine"),
    ("postgresql.INT8RANGE", "TypeEngine"),
    ("postgresql.INTERVAL", "TypeEngine"),
    ("postgresql.JSON", "JSON"),
    ("postgresql.JSONB", "postgresql.JSON"),
    ("postgresql.JSONPATH", "TypeEngine"),
    ("postgresql.MACADDR", "TypeEngine"),
    ("postgresql.MACADDR8", "TypeEngine"),
    ("postgresql.MONEY", "TypeEngine"),
    ("postgresql.NUMRANGE", "TypeEngine"),
    ("postgresql.OID", "TypeEngine"),
    ("postgresql.REGCLASS", "TypeEngine"),
    ("postgresql.REGCONFIG", "TypeEngine"),
    ("postgresql.TIME", "TIME"),
    ("postgresql.TIMESTAMP", "TIMESTAMP"),
    ("postgresql.TSQUERY", "TypeEngine"),
    ("postgresql.TSRANGE", "TypeEngine"),
    ("postgresql.TSTZRANGE", "TypeEngine"),
    ("postgresql.TSVECTOR", "TypeEngine"),
    ("sqlite.DATE", "Date"),
    ("sqlite.DATETIME", "DateTime"),
    ("sqlite.JSON", "JSON"),
    ("sqlite.JSONB", "sqlite.JSON"),
    ("sqlite.TIME", "Time"),
];

/// A class of a type of SQLAlchemy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TypeClass(String);

impl TypeClass {
    /// The class of a dotted path; `None` for what is no type.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let name = match known(path) {
            Known::Sa("INT") => "INTEGER".to_owned(),
            Known::Sa("NULLTYPE") => return None,
            Known::Sa(name) => name.to_owned(),
            Known::Dialect(dialect, name) if is_shared(dialect, name) => name.to_owned(),
            // No reflected type of another database is one of these.
            Known::Dialect("mysql" | "mariadb" | "mssql" | "oracle", name)
                if name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) =>
            {
                return Some(Self(format!("elsewhere.{name}")));
            }
            Known::Dialect(dialect, name) => format!("{dialect}.{name}"),
            _ => return None,
        };
        base(&name).map(|_| Self(name.clone()))
    }

    /// The class without its module.
    pub(crate) fn name(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or(&self.0)
    }

    /// The text of a type of this class without arguments.
    pub(crate) fn word(&self) -> &str {
        match self.name() {
            "DOUBLE_PRECISION" => "DOUBLE PRECISION",
            "NullType" => "NULL",
            name => name,
        }
    }

    /// Whether it is `other` or inherits from it; `None` where that depends on SQLAlchemy's version.
    pub(crate) fn is(&self, other: &Self) -> Option<bool> {
        let mut at = self.0.as_str();
        let mut is_float = false;
        while !at.is_empty() {
            if at == other.0 {
                return Some(true);
            }
            is_float |= at == "Float";
            at = base(at)?;
        }
        (!(is_float && other.0 == "Numeric")).then_some(false)
    }
}

fn base(name: &str) -> Option<&'static str> {
    CLASSES.iter().find(|(own, _)| *own == name).map(|(_, base)| *base)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(one: &str, other: &str) -> Option<bool> {
        TypeClass::of(one)?.is(&TypeClass::of(other)?)
    }

    #[test]
    fn a_class_is_what_it_inherits_from() {
        assert_eq!(is("sqlalchemy.TEXT", "sqlalchemy.types.String"), Some(true));
        assert_eq!(is("sqlalchemy.TEXT", "sqlalchemy.VARCHAR"), Some(false));
        assert_eq!(
            is("sqlalchemy.dialects.postgresql.TIMESTAMP", "sqlalchemy.DateTime"),
            Some(true)
        );
        assert_eq!(
            is("sqlalchemy.TIMESTAMP", "sqlalchemy.dialects.postgresql.TIMESTAMP"),
            Some(false)
        );
        // The dialect's module hands out the same class.
        assert_eq!(is("sqlalchemy.UUID", "sqlalchemy.dialects.postgresql.UUID"), Some(true));
        assert_eq!(is("sqlalchemy.VARCHAR", "sqlalchemy.dialects.mysql.VARCHAR"), Some(false));
        assert_eq!(is("sqlalchemy.FLOAT", "sqlalchemy.Numeric"), None);
        assert_eq!(is("sqlalchemy.VARCHAR", "sqlalchemy.Column"), None);
    }
}
