//! Constraints and indexes.

use std::sync::Arc;

use crate::expr::Expr;
use crate::literal::Options;
use crate::name::{Name, Origin, SourceText};

/// A constraint of a table.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Constraint {
    /// PRIMARY KEY.
    PrimaryKey(KeyConstraint),
    /// UNIQUE.
    Unique(KeyConstraint),
    /// FOREIGN KEY.
    ForeignKey(ForeignKeyConstraint),
    /// CHECK.
    Check(CheckConstraint),
    /// EXCLUDE.
    Exclude(ExcludeConstraint),
}

impl Constraint {
    /// The name, where one was given.
    pub fn name(&self) -> Option<&Name> {
        match self {
            Self::PrimaryKey(key) | Self::Unique(key) => key.name.as_ref(),
            Self::ForeignKey(key) => key.name.as_ref(),
            Self::Check(check) => check.name.as_ref(),
            Self::Exclude(exclude) => exclude.name.as_ref(),
        }
    }

    /// Which kind it is.
    pub const fn kind(&self) -> ConstraintKind {
        match self {
            Self::PrimaryKey(_) => ConstraintKind::PrimaryKey,
            Self::Unique(_) => ConstraintKind::Unique,
            Self::ForeignKey(_) => ConstraintKind::ForeignKey,
            Self::Check(_) => ConstraintKind::Check,
            Self::Exclude(_) => ConstraintKind::Exclude,
        }
    }
}

/// The kinds of constraints.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ConstraintKind {
    /// `primary`.
    PrimaryKey,
    /// `unique`.
    Unique,
    /// `foreignkey`.
    ForeignKey,
    /// `check`.
    Check,
    /// PostgreSQL's EXCLUDE; has no word in `drop_constraint`.
    Exclude,
}

/// When a constraint is checked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Deferral {
    /// `deferrable=`.
    pub deferrable: Option<bool>,
    /// `initially=`, as given.
    pub initially: Option<Arc<str>>,
}

/// PRIMARY KEY or UNIQUE over columns.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct KeyConstraint {
    /// The name.
    pub name: Option<Name>,
    /// The columns in order.
    pub columns: Vec<Name>,
    /// When it is checked.
    pub deferral: Deferral,
    /// `comment=`.
    pub comment: Option<SourceText>,
    /// `postgresql_include`, `postgresql_nulls_not_distinct`, `sqlite_on_conflict` and the rest.
    pub options: Options,
    /// The constructor or call.
    pub origin: Origin,
}

/// FOREIGN KEY over columns.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ForeignKeyConstraint {
    /// The name.
    pub name: Option<Name>,
    /// The columns of this table.
    pub columns: Vec<Name>,
    /// The table they point to.
    pub referent: TableName,
    /// The columns there; empty where only a table was named.
    pub referent_columns: Vec<Name>,
    /// `ON DELETE`, `ON UPDATE`, `MATCH` and when it is checked.
    pub rules: ReferenceRules,
    /// `use_alter=True`.
    pub use_alter: bool,
    /// `comment=`.
    pub comment: Option<SourceText>,
    /// `postgresql_not_valid` and the rest.
    pub options: Options,
    /// The constructor or call.
    pub origin: Origin,
}

/// What a foreign key does when the other side changes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ReferenceRules {
    /// `ondelete=`, as given.
    pub on_delete: Option<Arc<str>>,
    /// `onupdate=`, as given.
    pub on_update: Option<Arc<str>>,
    /// `match=`, as given.
    pub match_: Option<Arc<str>>,
    /// When it is checked.
    pub deferral: Deferral,
}

/// `sa.ForeignKey('table.column', …)` on a column.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ForeignKey {
    /// The name.
    pub name: Option<Name>,
    /// The table.
    pub referent: TableName,
    /// The column there; `None` where only a table was named.
    pub referent_column: Option<Name>,
    /// `ON DELETE`, `ON UPDATE`, `MATCH` and when it is checked.
    pub rules: ReferenceRules,
    /// `use_alter=True`.
    pub use_alter: bool,
    /// `comment=`.
    pub comment: Option<SourceText>,
    /// Dialect options.
    pub options: Options,
    /// The constructor.
    pub origin: Origin,
}

/// CHECK.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CheckConstraint {
    /// The name.
    pub name: Option<Name>,
    /// The condition; a Python string is a text clause.
    pub condition: Expr,
    /// When it is checked.
    pub deferral: Deferral,
    /// `comment=`.
    pub comment: Option<SourceText>,
    /// Dialect options.
    pub options: Options,
    /// The constructor or call.
    pub origin: Origin,
}

/// PostgreSQL's EXCLUDE.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ExcludeConstraint {
    /// The name.
    pub name: Option<Name>,
    /// Columns or expressions with their operators, in order.
    pub elements: Vec<(IndexElement, Arc<str>)>,
    /// `using=`, `gist` unless given.
    pub using: Option<Arc<str>>,
    /// `where=`.
    pub condition: Option<Expr>,
    /// When it is checked.
    pub deferral: Deferral,
    /// `ops=` and the rest.
    pub options: Options,
    /// The constructor or call.
    pub origin: Origin,
}

/// An index.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Index {
    /// The name.
    pub name: Option<Name>,
    /// Columns or expressions in order.
    pub elements: Vec<IndexElement>,
    /// `unique=True`.
    pub unique: bool,
    /// `postgresql_where` and the rest.
    pub options: Options,
    /// The constructor or call.
    pub origin: Origin,
}

/// One element of an index.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum IndexElement {
    /// A column by name.
    Column(Name),
    /// `sa.text('…')` or another expression.
    Expr(Expr),
}

impl IndexElement {
    /// The column, where the element is one.
    pub fn column(&self) -> Option<&Name> {
        match self {
            Self::Column(name) => Some(name),
            Self::Expr(_) => None,
        }
    }
}

impl From<&str> for IndexElement {
    fn from(name: &str) -> Self {
        Self::Column(name.into())
    }
}

/// A table with its schema.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct TableName {
    /// The schema, where one was given.
    pub schema: Option<Name>,
    /// The table.
    pub name: Name,
}

impl TableName {
    /// A table in the default schema.
    pub fn new(name: impl Into<Name>) -> Self {
        Self { schema: None, name: name.into() }
    }

    /// A table in a schema.
    pub fn in_schema(schema: impl Into<Name>, name: impl Into<Name>) -> Self {
        Self { schema: Some(schema.into()), name: name.into() }
    }
}

impl From<&str> for TableName {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl std::fmt::Display for TableName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => write!(f, "{}", self.name),
        }
    }
}
