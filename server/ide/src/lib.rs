//! Editor features as plain data: one file each, pure functions of a snapshot.
//!
//! A feature answers in bytes and knows no protocol, no client and no database. Files that are no
//! revisions get no answer: another language server sits beside this one.

mod actions;
pub mod card;
mod completion;
mod definition;
mod hover;
mod lens;
mod place;
mod rename;
mod symbols;
mod types;

pub use actions::actions;
pub use completion::completions;
pub use definition::{definition, references};
pub use hover::hover;
pub use lens::lenses;
pub use rename::{prepare_rename, rename};
pub use symbols::symbols;
pub use types::{
    Action, ActionKind, Command, Completion, CompletionKind, FilePosition, Hover, Lens, Renameable,
    Symbol, SymbolKind,
};
