//! Whole sessions with the server over real standard input and output, as editors hold them.

#![allow(clippy::disallowed_methods, reason = "a test's own files")]
#![allow(clippy::expect_used, clippy::panic, reason = "what a test cannot do without ends it")]

mod broken_input;
mod cancel;
mod changes;
mod database;
mod diagnostics;
mod encodings;
mod files;
mod graph;
mod hierarchy;
mod lifecycle;
mod models;
mod navigation;
mod old;
mod operations;
mod ordering;
mod password;
mod schema;
mod workspace;
