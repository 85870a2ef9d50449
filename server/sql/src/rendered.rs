//! What rendering gives: statements, and exactly how far they can be trusted.

use std::sync::Arc;

use revline_schema::Origin;
use revline_text::Span;

/// Which text is wanted. The two are never mixed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mode {
    /// What `alembic upgrade --sql` prints, with its escaping and its quirks. Not executable text:
    /// an unbound `:name` prints NULL, tabs become spaces.
    Script,
    /// Statements as the driver receives them.
    Execute,
}

/// What a rendering promises. Ordered from the best to the worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Status {
    /// Byte for byte what real Alembic prints for exactly these steps.
    Exact,
    /// What Alembic would execute on a database that followed the chain; it cannot print it.
    Derived,
    /// Some statements are known, the rest is marked in place.
    Partial,
    /// Alembic itself refuses.
    Refused,
}

impl Status {
    /// The word used in `--json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Derived => "derived",
            Self::Partial => "partial",
            Self::Refused => "refused",
        }
    }
}

/// One statement of a rendering.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// The statement without terminator.
    pub text: String,
    /// What it is.
    pub kind: StatementKind,
    /// The call that gave it.
    pub origin: Option<Span>,
    /// Whether it stands in the migration's transaction; false in an autocommit block, and
    /// everywhere on a dialect without transactional DDL.
    pub transactional: bool,
}

/// What a [`Statement`] is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum StatementKind {
    /// SQL, ended by the dialect's terminator.
    Sql,
    /// Begin or end of a transaction, ended by the dialect's terminator.
    Transaction,
    /// A comment line without terminator: `-- Running upgrade a -> b`.
    Comment,
    /// The place of something unknown: a comment line that says why.
    Unknown,
}

/// A fact that a derived rendering rests on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Assumption {
    /// The fact: `table "users" exists`.
    pub fact: Arc<str>,
    /// Where it is used.
    pub origin: Origin,
}

/// Something that could not be rendered, or Alembic's refusal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Unknown {
    /// The reason; of a refusal, Alembic's own sentence.
    pub why: Arc<str>,
    /// Where it is.
    pub origin: Origin,
}

/// The rendering of some steps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rendered {
    /// How far it can be trusted.
    pub status: Status,
    /// The statements in order, up to the refusal if there is one.
    pub statements: Vec<Statement>,
    /// What a derived rendering rests on.
    pub assumes: Vec<Assumption>,
    /// What is unknown or refused.
    pub unknowns: Vec<Unknown>,
}

impl Default for Rendered {
    fn default() -> Self {
        Self {
            status: Status::Exact,
            statements: Vec::new(),
            assumes: Vec::new(),
            unknowns: Vec::new(),
        }
    }
}
