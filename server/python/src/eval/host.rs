//! The surroundings of an evaluation: whoever knows what the external names mean.

use std::sync::Arc;

use revline_text::{FileId, Span};

use crate::syntax::Source;
use crate::value::{Arguments, Heap, Symbol, Unknown, Value};

/// What the host says to a question.
#[derive(Clone, Debug)]
pub enum Answer {
    /// This value.
    Value(Value),
    /// Nothing of the host's: the evaluator goes on as if it had not been asked. A call becomes a
    /// term, an attribute of a symbol the longer symbol.
    Unclaimed,
    /// Python would raise this: the name of a builtin exception (or a dotted path) and its message.
    Raise {
        /// `ValueError`, `alembic.util.CommandError`.
        class: String,
        /// The exception's only argument.
        message: String,
    },
    /// The result of calling this function of the source, awaited where that is a coroutine.
    Invoke {
        /// The function, lambda, class or bound method.
        function: Value,
        /// With what.
        arguments: Arguments,
    },
}

impl Answer {
    /// `None`, made by the call at `span`.
    pub fn none(span: Span) -> Self {
        Self::Value(Value::none(span))
    }

    /// `run_sync(function, …)` and its kin: the function with `first` before the rest of the arguments.
    pub fn handing_on(arguments: &Arguments, first: Value) -> Self {
        let span = first.span;
        let mut arguments = arguments.clone();
        let Some(place) = arguments.positional.first_mut() else {
            return Self::unknown(span, "which function is run");
        };
        let function = std::mem::replace(&mut place.value, first);
        Self::Invoke { function, arguments }
    }

    /// A value that is not known, and a reason for a person.
    pub fn unknown(span: Span, why: impl Into<Arc<str>>) -> Self {
        Self::Value(Value::unknown(span, why))
    }
}

/// What is called.
#[derive(Clone, Copy, Debug)]
pub enum Callee<'a> {
    /// An external name: `alembic.op.add_column`.
    Symbol(&'a Symbol),
    /// A method of a host's object, a term, or an instance of a class with external bases.
    Method {
        /// The receiver.
        receiver: &'a Value,
        /// The method.
        name: &'a str,
    },
    /// A host's object or a term itself.
    Value(&'a Value),
}

/// A call that the host is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Invocation<'a> {
    /// What is called.
    pub callee: Callee<'a>,
    /// With what.
    pub arguments: &'a Arguments,
    /// The whole call expression.
    pub span: Span,
    /// The part of it before the parentheses.
    pub callee_span: Span,
}

/// A module that an `import` names.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// The file that imports.
    pub file: FileId,
    /// The name that the importing module was itself imported as; empty for the file evaluated.
    pub importer: &'a str,
    /// Number of leading dots.
    pub level: u32,
    /// The dotted name after the dots; may be empty after dots.
    pub module: &'a str,
    /// The name in the statement.
    pub span: Span,
}

/// What an imported module is.
#[derive(Clone, Debug)]
pub enum Imported {
    /// An external package, known well enough that its names stand for themselves
    /// (`sqlalchemy.String`).
    Symbol(Symbol),
    /// A file of the workspace, to be read. The host answers the same file with the same
    /// `FileId`; it is evaluated once.
    Source {
        /// The file.
        source: Arc<Source>,
        /// The absolute dotted name of the module, for what it imports itself.
        name: String,
    },
    /// A package without a file of its own; the name as above.
    Namespace {
        /// The absolute dotted name.
        name: String,
    },
    /// Not known, and why.
    Unknown(String),
    /// A package that was not found, and is none of the workspace's own.
    Foreign(String),
    /// Nothing of the host's: the standard library is tried, else it is unknown.
    Unclaimed,
}

/// Why the evaluator cannot say whether a part of the program runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum GuardKind {
    /// A branch of an `if`, or an operand of a conditional expression.
    Branch,
    /// The body of a loop over values that are not known: it runs any number of times.
    Loop,
    /// What follows a `return`, `break` or `continue` that may have happened.
    AfterExit,
    /// What follows a `raise` that may have happened: it runs whenever the function succeeds.
    AfterRaise,
    /// A `case` or a handler that may be entered.
    Handler,
}

/// A part of the program that may or may not run.
#[derive(Clone, Debug)]
pub struct Guard {
    /// Why it is not known.
    pub kind: GuardKind,
    /// The condition, iterable or statement that decides.
    pub span: Span,
    /// What is not known about it.
    pub why: Unknown,
    /// The value the condition has where this part runs: `true` in the first branch, `false` in the
    /// other; `true` for everything else.
    pub holds: bool,
}

/// Something that was called or executed although nobody knows what it does.
#[derive(Clone, Debug)]
pub struct Opaque<'a> {
    /// The call or statement.
    pub span: Span,
    /// Why nobody knows.
    pub why: Unknown,
    /// With what it was called.
    pub arguments: Option<&'a Arguments>,
}

/// What a call of something of a package that was not found may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Foreign {
    /// It has no effect that shows, and gives something of the package.
    Harmless,
    /// It has no effect that shows, and may give back what it was handed.
    Once,
    /// It may have any effect, and gives something of the package.
    Its,
    /// It may have any effect and give anything.
    Unknown,
}

/// What is taken for granted about a module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presumption {
    /// An attribute of a package is the module of that name, which no import seen so far names: Python
    /// has it there where something else has imported it.
    Imported,
    /// Its import succeeds, where the program would pass over a failure: what it imports itself may not
    /// be installed.
    Importable,
}

/// The attribute that keeps what [`Host::made`] asked for. No source can name it.
pub const RESULT: &str = "(result)";

/// Answers for names outside the source, and hears of effects. Every method has an answer that
/// claims nothing, so that a host implements what it knows about.
///
/// The order of the questions is the order of execution in Python. A host must be total and must
/// not assume that lists and dictionaries are free of cycles.
pub trait Host {
    /// What a module is.
    fn import(&mut self, import: &Import<'_>) -> Imported {
        let _ = import;
        Imported::Unclaimed
    }

    /// The result of a call of an external name, of a method of a term or host's object, of such an
    /// object itself, or of a method that a string lacks. Unclaimed, it becomes a term (for a host's object: unknown).
    fn call(&mut self, heap: &mut Heap, call: &Invocation<'_>) -> Answer {
        let _ = (heap, call);
        Answer::Unclaimed
    }

    /// An attribute of a symbol, term, host's object or unknown value, or one that an instance
    /// of a class with external bases lacks.
    fn attribute(&mut self, heap: &mut Heap, object: &Value, name: &str, span: Span) -> Answer {
        let _ = (heap, object, name, span);
        Answer::Unclaimed
    }

    /// A datum that an instance of a class with external bases finds in its class: what its bases do
    /// with it is theirs to know. Unclaimed, it is what stands in the class.
    fn field(
        &mut self,
        heap: &mut Heap,
        object: &Value,
        name: &str,
        given: &Value,
        span: Span,
    ) -> Answer {
        let _ = (heap, object, name, given, span);
        Answer::Unclaimed
    }

    /// An assignment to an attribute of a symbol, term or host's object. `true` where the host
    /// has taken it; else it is remembered on a call term, and otherwise forgotten.
    fn set_attribute(
        &mut self,
        heap: &mut Heap,
        object: &Value,
        name: &str,
        value: &Value,
    ) -> bool {
        let _ = (heap, object, name, value);
        false
    }

    /// `object[key]` of a symbol, term or host's object.
    fn item(&mut self, heap: &mut Heap, object: &Value, key: &Value, span: Span) -> Answer {
        let _ = (heap, object, key, span);
        Answer::Unclaimed
    }

    /// What iterating over a symbol, term or host's object gives: a list or tuple, or an unknown
    /// value.
    fn iterate(&mut self, heap: &mut Heap, object: &Value, span: Span) -> Answer {
        let _ = (heap, object, span);
        Answer::Unclaimed
    }

    /// `left operator right` (`operator left` where there is no right) with a symbol, term or host's
    /// object among the operands. Unclaimed, it becomes an operation term.
    fn operate(
        &mut self,
        heap: &mut Heap,
        operator: crate::value::Operator,
        operands: &[Value],
        span: Span,
    ) -> Answer {
        let _ = (heap, operator, operands, span);
        Answer::Unclaimed
    }

    /// Whether a symbol, term or host's object is true; `None` where the host does not know.
    fn truth(&mut self, heap: &Heap, value: &Value) -> Option<bool> {
        let _ = (heap, value);
        None
    }

    /// `str(value)` of a symbol, term or host's object; `None` where the host does not know.
    fn text(&self, heap: &Heap, value: &Value) -> Option<String> {
        let _ = (heap, value);
        None
    }

    /// `with value as x:` of a symbol, term or host's object; the answer is `x`. Unclaimed, `x` is
    /// the value itself.
    fn enter(&mut self, heap: &mut Heap, value: &Value, span: Span) -> Answer {
        let _ = (heap, value, span);
        Answer::Unclaimed
    }

    /// The end of the `with` block, also when it is left by `return` or an exception; `span` as for
    /// [`Host::enter`].
    fn exit(&mut self, heap: &mut Heap, value: &Value, span: Span) {
        let _ = (heap, value, span);
    }

    /// How many effects there were so far; a number that never falls.
    fn effects(&self) -> usize {
        0
    }

    /// A call of something of a package that was not found. `path` is what is called:
    /// `oslo_utils.uuidutils.generate_uuid`.
    fn foreign(&mut self, heap: &Heap, path: &str, arguments: &Arguments, span: Span) -> Foreign {
        let _ = (heap, path, arguments, span);
        Foreign::Unknown
    }

    /// From here to the matching [`Host::leave_guard`] it is not known whether the program runs.
    /// Guards nest.
    fn enter_guard(&mut self, heap: &Heap, guard: &Guard) {
        let _ = (heap, guard);
    }

    /// The end of the innermost guard.
    fn leave_guard(&mut self, heap: &Heap, guard: &Guard) {
        let _ = (heap, guard);
    }

    /// From here to the matching [`Host::leave_attempt`] the program stands in the body of a `try`
    /// that passes over every exception: one that the evaluator cannot see ends the body and nothing
    /// else. `span` is the body's.
    fn enter_attempt(&mut self, span: Span) {
        let _ = span;
    }

    /// The end of the innermost such body, however it ends.
    fn leave_attempt(&mut self) {}

    /// The last effects came from the body of a `try` or `with` that succeeded here; a failure that the
    /// evaluator cannot see may be caught, and the program go on otherwise. `span` is the beginning.
    fn caught(&mut self, span: Span) {
        let _ = span;
    }

    /// A module of the workspace is used as if something were certain that is not.
    fn presumed(&mut self, presumption: Presumption, module: &str, span: Span) {
        let _ = (presumption, module, span);
    }

    /// A loop goes through a set of several items, whose order differs from process to process. It is
    /// run in the order in which they are written.
    fn unordered(&mut self, span: Span) {
        let _ = span;
    }

    /// A class that inherits from something external was defined, or an object of one was made: a
    /// method that the host wants to know the result of, with its arguments. The result is kept as
    /// the attribute [`RESULT`] of the class or object.
    fn made(
        &mut self,
        heap: &Heap,
        value: &Value,
        span: Span,
    ) -> Option<(&'static str, Arguments)> {
        let _ = (heap, value, span);
        None
    }

    /// From here to the matching [`Host::leave_module`] the top level of a module runs, that of the
    /// file itself or of one that it imports.
    fn enter_module(&mut self) {}

    /// The end of the innermost top level, however it ends.
    fn leave_module(&mut self) {}

    /// Something unknown was called or executed: anything may have happened here.
    fn opaque(&mut self, heap: &Heap, opaque: &Opaque<'_>) {
        let _ = (heap, opaque);
    }
}
