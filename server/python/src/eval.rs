//! The evaluator: a total interpreter of the Python that migrations contain.
//!
//! [`evaluate`] runs the top level of a module; [`Evaluation::call_function`] then runs one of its
//! functions. What the names outside the file mean is the [`Host`]'s business, and every effect
//! shows itself as a call on the host, in order. The evaluator refuses to guess:
//!
//! - what it cannot compute is [`Kind::Unknown`](crate::Kind::Unknown) with a place and a reason,
//!   and so is everything computed from it;
//! - a condition that is not known runs both branches from the same state, each inside a
//!   [`Guard`]; whatever the branches leave different is unknown afterwards;
//! - a loop over something unknown runs its body once, in a guard, with everything that it assigns
//!   unknown;
//! - a call of something unknown is told to [`Host::opaque`], and makes the lists, dictionaries and
//!   objects handed to it uncertain;
//! - `try` takes its body, and an error that the evaluator itself raises enters `except`;
//! - [`Budget`] bounds the work: no input runs for ever, exhausts memory or the stack.

mod budget;
mod host;

pub use budget::Budget;
pub use host::{Answer, Callee, Guard, GuardKind, Host, Import, Imported, Invocation, Opaque};

use revline_text::Span;

use crate::value::{Unknown, Value};

/// How a call ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It returned.
    Returned(Value),
    /// It certainly raises.
    Raised(Raised),
    /// The budget ran out. What the host heard up to here is true but not complete.
    Stopped(Unknown),
    /// The module has no such function.
    Absent,
}

/// An exception.
#[derive(Clone, Debug)]
pub struct Raised {
    /// The exception: a term that calls `builtins.ValueError`, an instance, or unknown.
    pub exception: Value,
    /// The `raise` statement, or the expression that failed.
    pub span: Span,
    /// The class's name as a traceback shows it.
    pub class: String,
    /// What a traceback shows after the class: the message where it is known, else nothing.
    pub message: String,
}
