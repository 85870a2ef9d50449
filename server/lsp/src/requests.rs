//! The requests, one file each, from plain data to plain data. A new feature is a file here, a file
//! in `ide`, and a method in `incoming`.

mod actions;
mod commands;
mod diagnostics;
mod document_content;
mod features;
mod files;
mod graph;
mod place;
mod sql_document;

pub(crate) use actions::{actions, at_once, later, resolve};
pub(crate) use commands::{COMMANDS, command, project};
pub(crate) use diagnostics::diagnostics;
pub(crate) use document_content::document_content;
pub(crate) use features::{
    completions, definition, highlights, hover, inlays, lenses, links, prepare_rename, references,
    rename, revision_item, signature, sql_tokens, standing_on, stood_on, symbols,
    workspace_symbols,
};
pub(crate) use files::{deleting, renaming};
pub(crate) use graph::{Views, graph_view, status};
pub(crate) use place::place;
pub(crate) use sql_document::{sql_address, sql_document};
