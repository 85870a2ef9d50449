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

mod attribute;
mod budget;
mod builtin;
mod call;
mod comparison;
mod container;
mod coroutine;
mod dataclass;
mod enumeration;
mod equality;
mod exception;
mod expression;
mod format;
mod generator;
mod globals;
mod guard;
mod handler;
mod host;
mod import;
mod iterator;
mod lazy;
mod library;
mod machine;
mod method;
mod name;
mod operator;
mod special;
mod statement;
mod superclass;
mod walk;

pub use budget::Budget;
pub use host::{
    Answer, Callee, Foreign, Guard, GuardKind, Host, Import, Imported, Invocation, Opaque,
    Presumption, RESULT,
};
pub use library::is_standard;
pub use superclass::INITIALIZED;

use std::sync::Arc;

use revline_text::{Range, Span};

use crate::syntax::Source;
use crate::value::{Arguments, Heap, Kind, Object, ObjectId, Unknown, Value};
use machine::{Halt, Machine};

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

/// A module whose top level has run.
pub struct Evaluation<'h> {
    machine: Machine<'h>,
    scope: Option<ObjectId>,
    span: Span,
    outcome: Outcome,
}

/// Runs the top level of a module. The bounds of `budget` hold for it and for all calls made on the
/// result together. A module that raises, or exceeds the budget, keeps the names bound until then.
pub fn evaluate<'h>(
    source: &Arc<Source>,
    host: &'h mut dyn Host,
    budget: Budget,
) -> Evaluation<'h> {
    let mut machine = Machine::new(host, budget);
    let scope = machine.heap.add(Object::Scope(crate::value::Scope::default()));
    let module = crate::value::Module { source: source.clone(), scope, name: "".into() };
    let module = machine.heap.add(Object::Module(module));
    let span = source.span();
    machine.modules.insert(source.file, Value::new(Kind::Module(module), span));
    machine.main = Some(module);
    let outcome = match machine.run_module(source, module, scope) {
        Ok(value) => Outcome::Returned(value),
        Err(Halt::Raise(raised)) => Outcome::Raised(*raised),
        Err(Halt::Stop(why)) => Outcome::Stopped(*why),
    };
    Evaluation { machine, scope: Some(scope), span, outcome }
}

impl Evaluation<'_> {
    /// How the top level ended.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// A global of the module.
    pub fn global(&self, name: &str) -> Option<Value> {
        let scope = self.machine.heap.scope(self.scope?)?;
        scope.names.get(name).cloned()
    }

    /// The names of the module's globals, in the order of their first assignment.
    pub fn globals(&self) -> Vec<Arc<str>> {
        let scope = self.scope.and_then(|scope| self.machine.heap.scope(scope));
        scope.map(|scope| scope.order.clone()).unwrap_or_default()
    }

    /// The objects behind the values.
    pub fn heap(&self) -> &Heap {
        &self.machine.heap
    }

    /// The objects, to make arguments of.
    pub fn heap_mut(&mut self) -> &mut Heap {
        &mut self.machine.heap
    }

    /// Steps taken so far.
    pub fn steps(&self) -> u64 {
        self.machine.steps
    }

    /// Calls a function of the module: `upgrade`, or `upgrade("engine1")`.
    pub fn call_function(&mut self, name: &str, arguments: Vec<Value>) -> Outcome {
        let Some(function) = self.global(name) else { return Outcome::Absent };
        let span = Span::new(self.span.file, Range::empty(function.span.range.start()));
        let arguments = Arguments::of(arguments);
        match self.machine.call(&function, arguments, span, span) {
            Ok(value) => Outcome::Returned(value),
            Err(Halt::Raise(raised)) => Outcome::Raised(*raised),
            Err(Halt::Stop(why)) => {
                // Whatever was deferred is not settled any more: nothing further is evaluated.
                self.machine.deferred.clear();
                self.machine.frames.clear();
                Outcome::Stopped(*why)
            }
        }
    }
}
