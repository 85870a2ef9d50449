//! The revision graph as a value: identifiers, parents, dependencies, branch labels, heads, what is
//! wrong with them, and what a target asks for.
//!
//! The semantics are those of Alembic 1.20.1 (`alembic.script.revision`, `alembic.script.base`,
//! `alembic.runtime.migration`); linear tools are a path in the same graph. This crate refuses to
//! read files, to know a migration's body, and to word a diagnostic: defects are data.

mod build;
mod cycles;
mod defect;
#[cfg(test)]
mod drawing;
mod error;
mod fault;
mod fork;
mod history;
mod id;
mod labels;
mod node;
mod order;
mod range;
mod reach;
mod refusal;
mod relative;
mod resolve;
mod revision;
mod run_up;
mod step;
mod target;
mod version;

pub use defect::Defect;
pub use error::{CycleKind, HistoryError, Unresolved};
pub use fork::{Fork, Position};
pub use history::History;
pub use id::RevisionId;
pub use node::Node;
pub use range::{Argument, StampArguments, Walk};
pub use reach::Through;
pub use relative::Relative;
pub use revision::{Label, Place, Reference, Revision, RevisionSpans};
pub use run_up::RunUp;
pub use step::{AMBIGUOUS_DOWNGRADE, Plan, Stamp, Step};
pub use version::{VersionChange, VersionTable};
