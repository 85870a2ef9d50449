//! A live schema as SQLAlchemy's inspector tells it.
//!
//! Each field is what the inspector's answer of the same name holds (`sqlalchemy.engine.interfaces`, `Reflected…`), and
//! types are the text to which SQLAlchemy compiles what it reflected, so that both can be laid side by side.

use std::collections::BTreeMap;

/// A table or a view.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// The schema; `None` is the default one.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
    /// The columns in order.
    pub columns: Vec<Column>,
    /// The primary key; without columns where there is none.
    pub primary_key: Key,
    /// UNIQUE constraints.
    pub unique: Vec<Key>,
    /// FOREIGN KEY constraints.
    pub foreign_keys: Vec<ForeignKey>,
    /// CHECK constraints.
    pub checks: Vec<Check>,
    /// Indexes.
    pub indexes: Vec<Index>,
    /// The comment.
    pub comment: Option<String>,
    /// Options of the table, as `get_table_options` names them, values as text.
    pub options: BTreeMap<String, String>,
}

/// A column.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Column {
    /// The name.
    pub name: String,
    /// The type as SQLAlchemy prints what it reflected; `NULL` for one that it does not know.
    pub type_: String,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// The default's SQL.
    pub default: Option<String>,
    /// Whether the database counts it up, where the inspector says so.
    pub autoincrement: Option<bool>,
    /// The comment.
    pub comment: Option<String>,
    /// The expression of a computed column.
    pub computed: Option<Computed>,
    /// The sequence of an identity column.
    pub identity: Option<Identity>,
}

/// A computed column.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Computed {
    /// The expression.
    pub expression: String,
    /// Whether it is stored; `None` where the inspector does not say.
    pub persisted: Option<bool>,
}

/// An identity column.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Identity {
    /// GENERATED ALWAYS.
    pub always: bool,
    /// START WITH.
    pub start: i64,
    /// INCREMENT BY.
    pub increment: i64,
    /// MINVALUE.
    pub minimum: i64,
    /// MAXVALUE.
    pub maximum: i64,
    /// CYCLE.
    pub cycle: bool,
    /// CACHE.
    pub cache: i64,
}

/// PRIMARY KEY or UNIQUE.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Key {
    /// The name, where it has one.
    pub name: Option<String>,
    /// The columns in order.
    pub columns: Vec<String>,
    /// The comment.
    pub comment: Option<String>,
    /// The index that MySQL keeps it in, where it tells the two apart.
    pub duplicates_index: Option<String>,
    /// What the dialect adds, as the inspector names it, values as text.
    pub options: BTreeMap<String, String>,
}

/// FOREIGN KEY.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ForeignKey {
    /// The name, where it has one.
    pub name: Option<String>,
    /// The columns of this table.
    pub columns: Vec<String>,
    /// The schema of the table pointed to; `None` where it needs none.
    pub referred_schema: Option<String>,
    /// The table pointed to.
    pub referred_table: String,
    /// The columns pointed to.
    pub referred_columns: Vec<String>,
    /// `ondelete`, `onupdate`, `deferrable`, `initially`, `match`, values as text.
    pub options: BTreeMap<String, String>,
    /// The comment.
    pub comment: Option<String>,
}

/// CHECK.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Check {
    /// The name, where it has one.
    pub name: Option<String>,
    /// The condition.
    pub condition: String,
    /// The comment.
    pub comment: Option<String>,
    /// What the dialect adds, as the inspector names it, values as text.
    pub options: BTreeMap<String, String>,
}

/// An index.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Index {
    /// The name.
    pub name: String,
    /// The columns in order; `None` for an expression.
    pub columns: Vec<Option<String>>,
    /// Columns and expressions in order, where there is an expression.
    pub expressions: Vec<String>,
    /// Whether it is UNIQUE.
    pub unique: bool,
    /// The constraint that it was made for.
    pub duplicates_constraint: Option<String>,
    /// `column_sorting` by column, words joined by a blank: `desc nulls_last`.
    pub sorting: BTreeMap<String, String>,
    /// What the dialect adds, as the inspector names it, values as text.
    pub options: BTreeMap<String, String>,
}

/// A PostgreSQL enumeration.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Enumeration {
    /// The schema.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
    /// The labels in order.
    pub labels: Vec<String>,
}
