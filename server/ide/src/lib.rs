//! Editor features as plain data: one file each, pure functions of a snapshot.
//!
//! A feature answers in bytes and knows no protocol, no client and no database. Files that are no
//! revisions get no answer: another language server sits beside this one.

mod actions;
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
mod lens;
mod named;
mod place;
mod rename;
mod signature;
mod symbols;
#[cfg(test)]
mod testing;
mod traces;
mod types;

pub use actions::actions;
pub use completion::completions;
pub use definition::{definition, references};
pub use document::sql_document;
pub use graph::{GraphEdge, GraphLine, GraphMarks, GraphProblem, GraphRole, GraphRow, GraphView};
pub use highlight::highlights;
pub use hover::hover;
pub use inlay::inlays;
pub use lens::lenses;
pub use rename::{prepare_rename, rename};
pub use signature::signature;
pub use symbols::symbols;
pub use types::{
    Action, ActionKind, Command, Completion, CompletionKind, FilePosition, Highlight, Hover, Inlay,
    Lens, Renameable, Signature, SignatureParameter, SqlDocument, Symbol, SymbolKind,
};
