//! Dialects: operations to SQL, exactly as SQLAlchemy's compiler and Alembic print it.
//!
//! What is not rendered for sure is an unknown with its place and reason, never a guess.

mod rendered;
mod settings;

pub use rendered::{Assumption, Mode, Rendered, Statement, StatementKind, Status, Unknown};
pub use settings::{Paramstyle, Settings, Sqlalchemy};
