//! The schema at one point of the history. Maps are persistent and tables shared, so that every
//! state of a chain of thousands of revisions can be kept.

use std::sync::Arc;

use rpds::RedBlackTreeMapSync;

use crate::column::Column;
use crate::constraint::{Constraint, Index, TableName};
use crate::literal::Options;
use crate::name::{Opaque, SourceText};
use crate::types::EnumType;

/// The key of a table, type or sequence: schema and name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// The schema; `None` is the default one.
    pub schema: Option<Arc<str>>,
    /// The name.
    pub name: Arc<str>,
}

impl Key {
    /// A key in the default schema.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self { schema: None, name: name.into() }
    }
}

impl From<&TableName> for Key {
    fn from(table: &TableName) -> Self {
        Self {
            schema: table.schema.as_ref().map(|schema| schema.text.clone()),
            name: table.name.text.clone(),
        }
    }
}

impl From<&str> for Key {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// All tables and types as a chain of operations left them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Schema {
    /// Tables by key.
    pub tables: RedBlackTreeMapSync<Key, Arc<Table>>,
    /// Named enumerations of the database by key.
    pub enums: RedBlackTreeMapSync<Key, Arc<EnumType>>,
    /// Why anything at all may be different: a statement whose effect is not known.
    pub doubt: Option<Opaque>,
}

impl Schema {
    /// The table under a key.
    pub fn table(&self, key: &Key) -> Option<&Arc<Table>> {
        self.tables.get(key)
    }

    /// Whether nothing in the history puts the schema as a whole in doubt.
    pub const fn is_certain(&self) -> bool {
        self.doubt.is_none()
    }
}

/// A table as operations left it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Table {
    /// Schema and name.
    pub name: TableName,
    /// Columns in order.
    pub columns: Vec<Arc<Column>>,
    /// Constraints in the order they were made; those given on a column stand here, not there.
    pub constraints: Vec<Arc<Constraint>>,
    /// Indexes in the order they were made.
    pub indexes: Vec<Arc<Index>>,
    /// The comment.
    pub comment: Option<SourceText>,
    /// Keywords of `create_table`.
    pub options: Options,
    /// Why the table may be different from what stands here, or not exist.
    pub doubt: Option<Opaque>,
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Arc<Column>> {
        self.columns.iter().find(|column| column.name.as_str() == name)
    }

    /// The constraint of that name.
    pub fn constraint(&self, name: &str) -> Option<&Arc<Constraint>> {
        self.constraints.iter().find(|c| c.name().is_some_and(|n| n.as_str() == name))
    }

    /// The index of that name.
    pub fn index(&self, name: &str) -> Option<&Arc<Index>> {
        self.indexes.iter().find(|i| i.name.as_ref().is_some_and(|n| n.as_str() == name))
    }

    /// Whether nothing puts the table in doubt.
    pub const fn is_certain(&self) -> bool {
        self.doubt.is_none()
    }
}
