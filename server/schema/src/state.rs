//! The schema at one point of the history. Maps are persistent and tables shared, so that every
//! state of a chain of thousands of revisions can be kept.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rpds::{RedBlackTreeMapSync, RedBlackTreeSetSync};

use crate::column::Column;
use crate::constraint::{Constraint, Index, TableName};
use crate::literal::Options;
use crate::name::{Name, Opaque, SourceText};
use crate::naming::NamingConvention;
use crate::tables::Tables;
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
        let schema = table.schema.as_ref().filter(|schema| !schema.text.is_empty());
        Self { schema: schema.map(|schema| schema.text.clone()), name: table.name.text.clone() }
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
    pub tables: Tables,
    /// Named enumerations of the database by key.
    pub enums: RedBlackTreeMapSync<Key, Arc<EnumType>>,
    /// How names that are not given are made.
    pub naming: Arc<NamingConvention>,
    /// Why anything at all may be different: a statement whose effect is not known.
    pub doubt: Option<Opaque>,
    /// Tables made since `doubt` arose: it does not concern them.
    pub made_since: RedBlackTreeSetSync<Key>,
    /// Why `enums` may be different.
    pub types_doubt: Option<Opaque>,
    /// Names that tables had before they were renamed: what a database named after them keeps its
    /// name.
    pub renamed: Past,
}

/// Names of the past. What was is no part of what a schema is: they compare equal and add nothing to
/// a hash.
#[derive(Clone, Debug, Default)]
pub struct Past(pub RedBlackTreeSetSync<Arc<str>>);

impl PartialEq for Past {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Past {}

impl PartialOrd for Past {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Past {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl Hash for Past {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// What a schema says about something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sight<'a, T> {
    /// It is there, exactly like this.
    Present(&'a T),
    /// It is not there.
    Absent,
    /// Not known, and why.
    Uncertain(&'a Opaque),
}

impl Schema {
    /// The empty schema of an environment; `None` where its metadata has no convention.
    pub fn empty(naming: Option<&NamingConvention>) -> Self {
        let naming = naming.cloned().unwrap_or_else(NamingConvention::sqlalchemy_default);
        Self { naming: Arc::new(naming), ..Self::default() }
    }

    /// The table under a key.
    pub fn table(&self, key: &Key) -> Option<&Arc<Table>> {
        self.tables.get(key)
    }

    /// Whether nothing in the history puts the schema as a whole in doubt.
    pub const fn is_certain(&self) -> bool {
        self.doubt.is_none()
    }

    /// What is certain about a table.
    pub fn look(&self, key: &Key) -> Sight<'_, Arc<Table>> {
        match (self.tables.get(key), &self.doubt) {
            (Some(table), _) if table.doubt.is_some() => match &table.doubt {
                Some(why) => Sight::Uncertain(why),
                None => Sight::Present(table),
            },
            (Some(table), None) => Sight::Present(table),
            (Some(table), Some(_)) if self.made_since.contains(key) => Sight::Present(table),
            (None, None) => Sight::Absent,
            (_, Some(why)) => Sight::Uncertain(why),
        }
    }

    /// What is certain about a named enumeration.
    pub fn look_enum(&self, key: &Key) -> Sight<'_, Arc<EnumType>> {
        match (self.enums.get(key), self.types_doubt.as_ref().or(self.doubt.as_ref())) {
            (_, Some(why)) => Sight::Uncertain(why),
            (Some(enum_), None) => Sight::Present(enum_),
            (None, None) => Sight::Absent,
        }
    }

    /// The same schema with the whole of it in doubt. The first reason stays.
    #[must_use]
    pub fn doubted(mut self, why: Opaque) -> Self {
        self.doubt.get_or_insert(why);
        self.made_since = RedBlackTreeSetSync::default();
        self
    }

    /// The same schema with one table in doubt, whether it is there or not.
    #[must_use]
    pub fn with_doubtful(mut self, name: &TableName, why: Opaque) -> Self {
        let key = Key::from(name);
        let mut table = match self.tables.get(&key) {
            Some(table) => (**table).clone(),
            None => Table { name: name.clone(), ..Table::default() },
        };
        table.doubt.get_or_insert(why);
        self.tables.insert_mut(key, Arc::new(table));
        self
    }
}

/// A table as operations left it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Table {
    /// Schema and name.
    pub name: TableName,
    /// Columns in order. What a column brings along (keys, CHECKs, an index) stands in
    /// `constraints` and `indexes`, not on the column.
    pub columns: Vec<Arc<Column>>,
    /// Constraints in the order they were made, names resolved.
    pub constraints: Vec<Arc<Constraint>>,
    /// Indexes in the order they were made, names resolved.
    pub indexes: Vec<Arc<Index>>,
    /// The comment.
    pub comment: Option<SourceText>,
    /// Keywords of `create_table`.
    pub options: Options,
    /// Whether raw SQL wrote a part of it: what a database keeps as its text is not what the
    /// operations print.
    pub is_raw: bool,
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

    /// The columns of the primary key, in its order; empty where there is none.
    pub fn primary_key(&self) -> &[Name] {
        self.constraints
            .iter()
            .find_map(|constraint| match &**constraint {
                Constraint::PrimaryKey(key) => Some(key.columns.as_slice()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// Whether nothing puts the table in doubt.
    pub const fn is_certain(&self) -> bool {
        self.doubt.is_none()
    }
}
