//! The name of a revision, as its tool prints it.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// The identifier of a revision. Cheap to clone; two are equal when they print the same.
///
/// Alembic's is the string of `revision`. A tool whose identifier has several parts (Django's app
/// and name, Liquibase's file, author and id) gives the text by which it names the revision itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(Arc<str>);

impl RevisionId {
    /// The identifier that prints as `text`.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The text that the tool prints.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for RevisionId {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for RevisionId {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl AsRef<str> for RevisionId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Hashes and compares as its text, so that a map is asked without making an identifier.
impl Borrow<str> for RevisionId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for RevisionId {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for RevisionId {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}
