//! A file as a tree, and its statements as plain data.
//!
//! Parsing is total and bounded: a text that the parser cannot work through within its bounds is a
//! file with one syntax error. Nothing here looks at what the statements mean.

pub mod ast;
mod code;
mod decode;
mod injection;
pub(crate) mod literal;
pub(crate) mod lower;
pub(crate) mod scope;
mod source;
mod views;

pub use decode::{Decoded, decode};
pub use injection::SqlString;
pub use source::{Source, SyntaxError};
pub use views::{Body, FunctionView, ImportView, TopAssignment};
