//! `MetaData(naming_convention={…})` as data.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Templates for names that were not given, `%(table_name)s` tokens inside, by SQLAlchemy's keys:
/// `ix`, `uq`, `ck`, `fk`, `pk`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct NamingConvention {
    /// Template by key.
    pub templates: BTreeMap<Arc<str>, Arc<str>>,
}

impl NamingConvention {
    /// The convention of a `MetaData` that was given none: `{"ix": "ix_%(column_0_label)s"}`.
    pub fn sqlalchemy_default() -> Self {
        Self::default().with("ix", "ix_%(column_0_label)s")
    }

    /// The same convention with one more template.
    #[must_use]
    pub fn with(mut self, key: &str, template: &str) -> Self {
        self.templates.insert(key.into(), template.into());
        self
    }

    /// The template for a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.templates.get(key).map(|template| &**template)
    }
}
