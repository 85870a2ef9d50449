//! Dialects: operations to SQL, exactly as SQLAlchemy's compiler and Alembic print it.
//!
//! What is not rendered for sure is an unknown with its place and reason, never a guess. SQL text is
//! printed here and never executed.

mod alter;
mod batch;
mod build;
mod ddl;
mod dialect;
mod dml;
mod expr;
mod highlight;
mod identifier;
mod index;
mod keywords;
mod literal;
mod naming;
mod parse;
mod placeholder;
mod print;
mod reflect;
mod render;
mod rendered;
mod running;
mod script;
mod select;
mod settings;
pub mod spell;
mod support;
mod text_clause;
mod types;

pub use build::{BuiltColumn, BuiltTable, Piece, TypeCheck};
pub use dialect::{DIALECTS, Dialect, Facts, Objection, dialect};
pub use expr::Temporal;
pub use highlight::{Shade, highlight};
pub use index::Making;
pub use parse::{effects, statements, step_effects};
pub use print::{Cx, Halt, Print};
pub use reflect::reflection;
pub use render::{Memory, Renderer, render, render_after, render_from};
pub use rendered::{Assumption, Mode, Rendered, Statement, StatementKind, Status, Unknown};
pub use running::advance;
pub use script::{ScriptStep, VersionChange, script, version_statement, version_table};
pub use settings::{Paramstyle, Settings, Sqlalchemy};
pub use support::{Hindrance, Support, batch_recreates, sqlite_support, sqlite_trial};
pub use text_clause::parameters;
