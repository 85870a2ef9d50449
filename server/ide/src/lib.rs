//! Editor features as plain data: one file each, pure functions of a snapshot.
//!
//! A feature answers in bytes and knows no protocol, no client and no database. Files that are no
//! revisions get no answer: another language server sits beside this one.

mod actions;
mod calls;
pub mod card;
mod caret;
mod completion;
mod definition;
mod directives;
mod document;
mod graph;
mod highlight;
mod hover;
mod inlay;
mod leaving;
mod lens;
mod links;
mod named;
mod names;
mod old;
mod place;
mod rename;
mod signature;
mod sql_tokens;
mod symbols;
#[cfg(test)]
mod testing;
mod traces;
mod types;
mod workspace_symbols;

pub use actions::{NEW, actions, resolve};
pub use calls::{Neighbour, RevisionItem, revision_item, standing_on, stood_on};
pub use completion::completions;
pub use definition::{definition, references};
pub use document::sql_document;
pub use graph::{GraphEdge, GraphLine, GraphMarks, GraphProblem, GraphRole, GraphRow, GraphView};
pub use highlight::highlights;
pub use hover::hover;
pub use inlay::inlays;
pub use leaving::{leaving, revision_files, stays_a_revision};
pub use lens::lenses;
pub use links::{Link, LinkTarget, links};
pub use old::in_editor;
pub use rename::{prepare_rename, rename};
pub use signature::signature;
pub use sql_tokens::sql_tokens;
pub use symbols::symbols;
pub use types::{
    Action, ActionKind, Command, Completion, CompletionKind, FilePosition, Highlight, Hover, Inlay,
    Later, Lens, Made, Renameable, RunDeed, Signature, SignatureParameter, SqlDocument, Symbol,
    SymbolKind, Work,
};
pub use workspace_symbols::{Found, FoundKind, workspace_symbols};
