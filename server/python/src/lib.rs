//! Python source as a tree, typed views of it, and a total evaluator of a Python subset.
//!
//! Everything here is a pure function of text: a file is parsed, looked at and interpreted, and
//! never executed. No input makes it fail: broken source is data with its defects, and what cannot
//! be known is [`Unknown`] with a place and a reason. The crate refuses to know what the calls mean:
//! names outside the file belong to a [`Host`].
//!
//! - [`syntax`]: a file as a tree, and its statements as plain data.
//! - [`header`]: the column-0 assignments of a few names, without a tree.
//! - [`value`]: what an expression evaluates to.
//! - [`eval`]: the evaluator and its host.
//! - [`emit`]: values as Python source.

pub mod emit;
pub mod eval;
pub mod header;
pub mod syntax;
pub mod value;

pub use eval::{Answer, Budget, Evaluation, Guard, GuardKind, Host, Imported, Outcome, evaluate};
pub use header::{Header, HeaderValue};
pub use syntax::Source;
pub use value::{Heap, Kind, ObjectId, Str, Symbol, Unknown, Value, View};
