//! The requests, one file each, from plain data to plain data. A new feature is a file here, a file
//! in `ide`, and a method in `incoming`.

mod actions;
mod commands;
mod diagnostics;
mod document_content;
mod features;

pub(crate) use actions::actions;
pub(crate) use commands::{COMMANDS, command};
pub(crate) use diagnostics::diagnostics;
pub(crate) use document_content::document_content;
pub(crate) use features::{
    completions, definition, hover, lenses, prepare_rename, references, rename, symbols,
};
