//! SQLAlchemy's types as data, before any dialect has spoken.
//!
//! A type keeps what its constructor was given. Which text it becomes is the dialect's business
//! (`revline-sql`); nothing here prints SQL.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::literal::Options;
use crate::name::{Name, Opaque, Origin, SourceText};

/// A column type with its variants.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct SqlType {
    /// The type itself.
    pub kind: TypeKind,
    /// `with_variant`: what stands in its place on a dialect, by the dialect's name.
    pub variants: BTreeMap<Arc<str>, SqlType>,
    /// The constructor in the source.
    pub origin: Origin,
}

impl SqlType {
    /// A type without variants.
    pub fn new(kind: TypeKind) -> Self {
        Self { kind, variants: BTreeMap::new(), origin: Origin(None) }
    }

    /// `String(length)`.
    pub fn string(length: u32) -> Self {
        Self::new(TypeKind::String(Characters::of(length)))
    }

    /// `VARCHAR(length)`.
    pub fn varchar(length: u32) -> Self {
        Self::new(TypeKind::Standard(Standard::Varchar(Characters::of(length))))
    }

    /// A dialect's own type without arguments, such as `postgresql.JSONB()`.
    pub fn vendor(dialect: &str, name: &str) -> Self {
        Self::new(TypeKind::Vendor(Vendor {
            dialect: dialect.into(),
            name: name.into(),
            options: Options::default(),
        }))
    }

    /// The same type with a variant for `dialect`.
    #[must_use]
    pub fn with_variant(mut self, variant: SqlType, dialect: &str) -> Self {
        self.variants.insert(dialect.into(), variant);
        self
    }

    /// The type that stands on `dialect`, variants resolved (a variant has none of its own).
    pub fn on(&self, dialect: &str) -> &TypeKind {
        self.variants.get(dialect).map_or(&self.kind, |variant| &variant.kind)
    }
}

impl From<TypeKind> for SqlType {
    fn from(kind: TypeKind) -> Self {
        Self::new(kind)
    }
}

/// What a type is. CamelCase names are SQLAlchemy's generic types, which each dialect spells its
/// own way; [`Standard`] are its upper-case types, printed as they are named.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum TypeKind {
    /// `NullType`: no type was given.
    #[default]
    Null,
    /// `Integer`.
    Integer,
    /// `SmallInteger`.
    SmallInteger,
    /// `BigInteger`.
    BigInteger,
    /// `Numeric`.
    Numeric(Decimal),
    /// `Float`.
    Float(Decimal),
    /// `Double`.
    Double(Decimal),
    /// `Boolean`.
    Boolean(Boolean),
    /// `String`.
    String(Characters),
    /// `Text`.
    Text(Characters),
    /// `Unicode`.
    Unicode(Characters),
    /// `UnicodeText`.
    UnicodeText(Characters),
    /// `LargeBinary(length)`.
    LargeBinary(Option<u32>),
    /// `PickleType`.
    PickleType,
    /// `Date`.
    Date,
    /// `DateTime(timezone)`.
    DateTime {
        /// `WITH TIME ZONE`.
        timezone: bool,
    },
    /// `Time(timezone)`.
    Time {
        /// `WITH TIME ZONE`.
        timezone: bool,
    },
    /// `Interval`.
    Interval(Interval),
    /// `Uuid`.
    Uuid {
        /// `native_uuid`, true unless given.
        native: bool,
    },
    /// `JSON`, the generic one.
    Json,
    /// `Enum`, and the dialects' `ENUM`.
    Enum(Arc<EnumType>),
    /// `ARRAY`, generic or PostgreSQL's: they print alike.
    Array(Arc<ArrayType>),
    /// An upper-case type of SQLAlchemy.
    Standard(Standard),
    /// A type of one dialect.
    Vendor(Vendor),
    /// A `TypeDecorator`: prints as what it wraps. Dialects it treats apart stand in `variants`.
    Decorated {
        /// The class, for people: `sqlalchemy_utils.types.uuid.UUIDType`.
        class: Arc<str>,
        /// What it wraps.
        inner: Arc<SqlType>,
    },
    /// A `UserDefinedType`: prints the same on every dialect.
    Custom {
        /// The class, for people.
        class: Arc<str>,
        /// What `get_col_spec()` gives.
        text: Arc<str>,
    },
    /// Not known.
    Opaque(Opaque),
}

/// SQLAlchemy's upper-case types, outside of any dialect.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Standard {
    /// `INTEGER`, `INT`.
    Integer,
    /// `SMALLINT`.
    SmallInt,
    /// `BIGINT`.
    BigInt,
    /// `NUMERIC`.
    Numeric(Decimal),
    /// `DECIMAL`.
    Decimal(Decimal),
    /// `FLOAT`.
    Float(Decimal),
    /// `REAL`.
    Real(Decimal),
    /// `DOUBLE`.
    Double(Decimal),
    /// `DOUBLE_PRECISION`.
    DoublePrecision(Decimal),
    /// `BOOLEAN`.
    Boolean(Boolean),
    /// `CHAR`.
    Char(Characters),
    /// `VARCHAR`.
    Varchar(Characters),
    /// `NCHAR`.
    NChar(Characters),
    /// `NVARCHAR`.
    NVarchar(Characters),
    /// `TEXT`.
    Text(Characters),
    /// `CLOB`.
    Clob(Characters),
    /// `BLOB(length)`.
    Blob(Option<u32>),
    /// `BINARY(length)`.
    Binary(Option<u32>),
    /// `VARBINARY(length)`.
    Varbinary(Option<u32>),
    /// `DATE`.
    Date,
    /// `TIME(timezone)`.
    Time {
        /// `WITH TIME ZONE`.
        timezone: bool,
    },
    /// `DATETIME(timezone)`.
    DateTime {
        /// Has no effect on any dialect, kept as given.
        timezone: bool,
    },
    /// `TIMESTAMP(timezone)`.
    Timestamp {
        /// `WITH TIME ZONE`.
        timezone: bool,
    },
    /// `JSON` of `sqlalchemy.types`; the generic and the upper-case type are one class.
    Json,
    /// `UUID`.
    Uuid,
}

/// Length and collation of a character type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Characters {
    /// Length in characters.
    pub length: Option<u32>,
    /// `collation`.
    pub collation: Option<Name>,
}

impl Characters {
    /// A length and no collation.
    pub const fn of(length: u32) -> Self {
        Self { length: Some(length), collation: None }
    }
}

/// Precision and scale of a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Decimal {
    /// Digits in all.
    pub precision: Option<u32>,
    /// Digits after the point.
    pub scale: Option<u32>,
}

/// What a `Boolean` was given.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Boolean {
    /// `create_constraint`: a CHECK where the database has no boolean.
    pub create_constraint: bool,
    /// The name of that CHECK.
    pub name: Option<Name>,
}

/// What an `Interval` was given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Interval {
    /// Use the database's own interval type.
    pub native: bool,
    /// Fractional seconds.
    pub second_precision: Option<u32>,
    /// Digits of days, for Oracle.
    pub day_precision: Option<u32>,
}

impl Default for Interval {
    fn default() -> Self {
        Self { native: true, second_precision: None, day_precision: None }
    }
}

/// An array and its items.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ArrayType {
    /// The type of one item.
    pub item: SqlType,
    /// `dimensions`; one pair of brackets when absent.
    pub dimensions: Option<u32>,
}

/// An enumeration: `sa.Enum`, `postgresql.ENUM`, `mysql.ENUM`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EnumType {
    /// The values that the database stores, in order. Of a Python class these are the member names,
    /// or what `values_callable` gives.
    pub values: Vec<SourceText>,
    /// The names of the members of the Python class, one for each value; empty without a class.
    pub members: Vec<Arc<str>>,
    /// `validate_strings`.
    pub validate_strings: bool,
    /// `name`, or the lower-cased name of the Python class.
    pub name: Option<Name>,
    /// `schema` of the type.
    pub schema: Option<Name>,
    /// `inherit_schema`.
    pub inherit_schema: bool,
    /// `native_enum`, true unless given.
    pub native_enum: bool,
    /// `create_constraint` where the type is not native.
    pub create_constraint: bool,
    /// `create_type` of PostgreSQL's `ENUM`, true unless given.
    pub create_type: bool,
    /// `metadata=` was given: the type is made and dropped with the metadata, not with a table.
    pub has_metadata: bool,
    /// `length` of the column where the type is not native.
    pub length: Option<u32>,
    /// `collation`.
    pub collation: Option<Name>,
    /// Which constructor was called.
    pub flavour: EnumFlavour,
}

impl EnumType {
    /// The value that the database stores for a member of the Python class. Follows SQLAlchemy's
    /// `Enum._db_value_for_lookup`; `None` where it is no member.
    pub fn stored(&self, member: &str) -> Option<&SourceText> {
        let at = self.members.iter().position(|name| **name == *member)?;
        self.values.get(at)
    }

    /// `sa.Enum(*values, name=name)`.
    pub fn new<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            values: values.into_iter().map(SourceText::from).collect(),
            members: Vec::new(),
            validate_strings: false,
            name: Some(name.into()),
            schema: None,
            inherit_schema: false,
            native_enum: true,
            create_constraint: false,
            create_type: true,
            has_metadata: false,
            length: None,
            collation: None,
            flavour: EnumFlavour::Generic,
        }
    }
}

/// Which constructor made an enumeration.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum EnumFlavour {
    /// `sa.Enum`.
    #[default]
    Generic,
    /// `postgresql.ENUM`.
    Postgresql,
    /// `mysql.ENUM`.
    Mysql,
}

/// A type of one dialect: `postgresql.JSONB`, `mysql.MEDIUMTEXT`, `mssql.DATETIME2`.
///
/// Arguments stand under the constructor's own parameter names (`length`, `precision`, `fsp`),
/// positional ones included; those not given are absent. PostgreSQL's `ARRAY` and the dialects'
/// `ENUM` have kinds of their own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Vendor {
    /// The module under `sqlalchemy.dialects`: `postgresql`, `mysql`, `sqlite`, `mssql`, `oracle`.
    pub dialect: Arc<str>,
    /// The class: `JSONB`.
    pub name: Arc<str>,
    /// The arguments by parameter name.
    pub options: Options,
}
