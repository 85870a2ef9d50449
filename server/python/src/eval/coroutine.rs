//! Coroutines: a call of an `async` function runs nothing; `await` and the functions that run an event
//! loop do.
//!
//! One coroutine runs at a time, from its start to its end. What is handed a coroutine and is none of the
//! functions below may run it, so that nobody knows what it does.

use revline_text::Span;

use super::machine::{Eval, Machine};
use crate::value::{Arguments, Coroutine, Kind, Object, Term, Unknown, Value, View};

/// Where the functions that make an event loop stand; what they give is kept as it is written.
pub(super) const ASYNCIO: &str = "asyncio.";

/// Functions that run a coroutine to its end.
const RUNNERS: &[&str] = &["asyncio.run", "uvloop.run"];

/// Functions that call a function with what follows it, and run the coroutine that it gives.
const CALLERS: &[&str] = &["anyio.run", "trio.run"];

/// Functions that give something whose `await` runs the coroutine.
const WRAPPERS: &[&str] =
    &["asyncio.create_task", "asyncio.ensure_future", "asyncio.shield", "asyncio.wait_for"];

impl Machine<'_> {
    /// The coroutine of a call of an `async` function.
    pub(super) fn coroutine(
        &mut self,
        function: &Value,
        arguments: Arguments,
        span: Span,
    ) -> Value {
        let coroutine = Coroutine { function: function.clone(), arguments };
        Value::new(Kind::Coroutine(self.heap.add(Object::Coroutine(coroutine))), span)
    }

    /// `await value`. What is no coroutine of the source is what it gives.
    pub(super) fn awaiting(&mut self, value: Value, span: Span) -> Eval<Value> {
        let View::Coroutine(coroutine) = self.heap.view(&value) else { return Ok(value) };
        let Coroutine { function, arguments } = coroutine.clone();
        self.coroutines += 1;
        let result = self.deeper(span, |machine| machine.run_function(&function, arguments, span));
        self.coroutines -= 1;
        result
    }

    /// A call of what runs or wraps coroutines; none for every other function.
    pub(super) fn event_loop_function(
        &mut self,
        path: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Eval<Option<Value>> {
        if path == "asyncio.get_running_loop" && self.coroutines == 0 {
            return self.raise("RuntimeError", "no running event loop", span).map(Some);
        }
        let Some(first) = arguments.positional.first().map(|it| it.value.clone()) else {
            return Ok(None);
        };
        let is_coroutine = matches!(self.heap.view(&first), View::Coroutine(_));
        if is_coroutine && RUNNERS.contains(&path) {
            return self.awaiting(first, span).map(Some);
        }
        if is_coroutine && WRAPPERS.contains(&path) {
            return Ok(Some(first));
        }
        if CALLERS.contains(&path) && arguments.unknown.is_none() {
            let rest = arguments.positional.iter().skip(1).map(|it| it.value.clone()).collect();
            let made = self.call(&first, Arguments::of(rest), span, span)?;
            return self.awaiting(made, span).map(Some);
        }
        Ok(None)
    }

    /// `loop.run_until_complete(coroutine)` and its kin; none for every other method.
    pub(super) fn event_loop_method(
        &mut self,
        receiver: &Value,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Eval<Option<Value>> {
        if !matches!(name, "run_until_complete" | "run" | "create_task") {
            return Ok(None);
        }
        let first = arguments.positional.first().map(|it| it.value.clone());
        let coroutine = first.filter(|it| matches!(self.heap.view(it), View::Coroutine(_)));
        let Some(coroutine) = coroutine else { return Ok(None) };
        let View::Term(Term::Call(made)) = self.heap.view(receiver) else { return Ok(None) };
        match made.callee.as_symbol() {
            Some(symbol) if symbol.path().starts_with(ASYNCIO) => {}
            _ => return Ok(None),
        }
        match name {
            "create_task" => Ok(Some(coroutine)),
            _ => self.awaiting(coroutine, span).map(Some),
        }
    }

    /// Tells the host where something is handed a coroutine that may run it.
    pub(super) fn hand_over(&mut self, arguments: &Arguments, callee: &str, span: Span) {
        if arguments.values().any(|value| matches!(self.heap.view(value), View::Coroutine(_))) {
            let why = Unknown::new(span, format!("whether {callee} runs a coroutine"));
            self.opaque(span, why, Some(arguments));
        }
    }
}
