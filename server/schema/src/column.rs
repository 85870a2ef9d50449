//! A column as `sa.Column` describes it.

use crate::constraint::{CheckConstraint, ForeignKey};
use crate::expr::Expr;
use crate::literal::{Literal, Options};
use crate::name::{Name, Origin, SourceText};
use crate::types::SqlType;

/// `sa.Column(name, type, …)`: what was given, not what follows from it (see [`Column::is_nullable`]).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Column {
    /// The name.
    pub name: Name,
    /// The type; [`crate::TypeKind::Null`] where none was given.
    pub type_: SqlType,
    /// `nullable=`.
    pub nullable: Option<bool>,
    /// `primary_key=True`.
    pub primary_key: bool,
    /// `server_default=`, or a `Computed` or `Identity` among the arguments.
    pub server_default: Option<ServerDefault>,
    /// `autoincrement=`.
    pub autoincrement: Autoincrement,
    /// `index=True`.
    pub index: bool,
    /// `unique=True`.
    pub unique: bool,
    /// `comment=`.
    pub comment: Option<SourceText>,
    /// `sa.ForeignKey(…)` arguments in their order.
    pub foreign_keys: Vec<ForeignKey>,
    /// `sa.CheckConstraint(…)` arguments in their order.
    pub checks: Vec<CheckConstraint>,
    /// `sa.Sequence(…)` as an argument or default.
    pub sequence: Option<Sequence>,
    /// `default=`: no DDL, but rows written through the table take it.
    pub default: Option<PythonDefault>,
    /// `onupdate=` was given: no DDL.
    pub has_onupdate: bool,
    /// `system=True`: PostgreSQL leaves such a column out of CREATE TABLE.
    pub system: bool,
    /// `key=` where it differs from the name.
    pub key: Option<Name>,
    /// `sqlite_on_conflict_unique` and its kin, and keywords that nothing knows.
    pub options: Options,
    /// The whole `sa.Column(…)`.
    pub origin: Origin,
}

impl Column {
    /// A column with a name and a type.
    pub fn new(name: impl Into<Name>, type_: impl Into<SqlType>) -> Self {
        Self { name: name.into(), type_: type_.into(), ..Self::default() }
    }

    /// Whether the column takes NULL: as given, else unless it is part of the primary key or has a
    /// non-null `Identity`.
    pub fn is_nullable(&self) -> bool {
        let implied =
            !self.primary_key && !matches!(&self.server_default, Some(ServerDefault::Identity(_)));
        self.nullable.unwrap_or(implied)
    }
}

/// What the database puts in where a row says nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ServerDefault {
    /// A Python string: printed as a SQL string literal.
    Str(SourceText),
    /// A SQL expression: `sa.text(…)`, `sa.func.now()`, `sa.true()`, `sa.literal(…)`.
    Expr(Expr),
    /// `sa.Computed(…)`.
    Computed(Computed),
    /// `sa.Identity(…)`.
    Identity(Identity),
    /// `sa.FetchedValue()`: something in the database, no DDL.
    Fetched,
}

/// `sa.Computed(sqltext, persisted)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Computed {
    /// The expression.
    pub expression: Expr,
    /// `persisted=`.
    pub persisted: Option<bool>,
}

/// `sa.Identity(…)`; what was not given is `None`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Identity {
    /// `always`, false unless given.
    pub always: bool,
    /// `on_null`, for Oracle.
    pub on_null: Option<bool>,
    /// The options it shares with a sequence.
    pub sequence: SequenceOptions,
}

/// Options of a sequence or an identity column.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct SequenceOptions {
    /// `start`.
    pub start: Option<i64>,
    /// `increment`.
    pub increment: Option<i64>,
    /// `minvalue`.
    pub minvalue: Option<i64>,
    /// `maxvalue`.
    pub maxvalue: Option<i64>,
    /// `nominvalue`.
    pub nominvalue: Option<bool>,
    /// `nomaxvalue`.
    pub nomaxvalue: Option<bool>,
    /// `cycle`.
    pub cycle: Option<bool>,
    /// `cache`.
    pub cache: Option<i64>,
    /// `order`, for Oracle.
    pub order: Option<bool>,
}

/// `sa.Sequence(name, …)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Sequence {
    /// The name.
    pub name: Name,
    /// The schema.
    pub schema: Option<Name>,
    /// `optional=True`.
    pub optional: bool,
    /// `metadata=` was given.
    pub has_metadata: bool,
    /// `data_type=`.
    pub data_type: Option<SqlType>,
    /// The options.
    pub options: SequenceOptions,
}

/// `default=`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PythonDefault {
    /// A value.
    Value(Literal),
    /// A SQL expression.
    Expr(Expr),
    /// A callable, or something not known.
    Callable,
}

/// `autoincrement=`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Autoincrement {
    /// `'auto'`, or not given.
    #[default]
    Auto,
    /// `True`.
    True,
    /// `False`.
    False,
    /// `'ignore_fk'`.
    IgnoreFk,
}
