//! The revision graph as a value: identifiers, parents, dependencies, branch labels, heads, and
//! what is wrong with them.
//!
//! The semantics are those of Alembic 1.20.1 (`alembic.script.revision`, `alembic.script.base`);
//! linear tools are a path in the same graph. This crate refuses to read files, to know a
//! migration's body, and to word a diagnostic: defects are data.

mod build;
mod cycles;
mod defect;
mod error;
mod history;
mod id;
mod labels;
mod node;
mod refusal;
mod revision;

pub use defect::Defect;
pub use error::{CycleKind, HistoryError, Unresolved};
pub use history::History;
pub use id::RevisionId;
pub use node::Node;
pub use revision::{Label, Place, Reference, Revision, RevisionSpans};
