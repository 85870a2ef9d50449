//! `super()`: what a class overrides, in the class behind it.
//!
//! It is a term of its own, `builtins.super(class, receiver)`, which no source can spell otherwise.

use std::sync::Arc;

use revline_text::Span;

use super::machine::{Eval, Machine};
use crate::value::{Arguments, Call, Kind, Object, ObjectId, Term, Value, View};

/// The attribute of an object whose external base was given its arguments. No source can name it.
pub const INITIALIZED: &str = "(initialized)";

const SUPER: &str = "builtins.super";

impl Machine<'_> {
    /// `super()` in the method that runs.
    pub(super) fn super_here(&mut self, span: Span) -> Value {
        let unknown = || Value::unknown(span, "`super()` is not evaluated here");
        let Some(frame) = self.frames.last() else { return unknown() };
        let Some(definition) = frame.definition.clone() else { return unknown() };
        let receiver = definition.parameters.first().and_then(|first| {
            self.heap.scope(frame.scope).and_then(|scope| scope.names.get(&first.name)).cloned()
        });
        let Some(receiver) = receiver else { return unknown() };
        let class = match (&receiver.kind, self.heap.view(&receiver)) {
            (Kind::Class(id), _) => *id,
            (_, View::Instance(instance)) => instance.class,
            _ => return unknown(),
        };
        let defines = |id: &ObjectId| {
            let Some(Object::Class(class)) = self.heap.object(*id) else { return false };
            let Some(scope) = self.heap.scope(class.scope) else { return false };
            scope.names.get(&definition.name).is_some_and(|value| match self.heap.view(value) {
                View::Function(function) => Arc::ptr_eq(&function.definition, &definition),
                _ => false,
            })
        };
        match self.ancestry(class).0.into_iter().find(defines) {
            Some(class) => self.super_of(&Value::new(Kind::Class(class), span), &receiver, span),
            None => unknown(),
        }
    }

    /// `super(class, receiver)`.
    pub(super) fn super_of(&mut self, class: &Value, receiver: &Value, span: Span) -> Value {
        let arguments = Arguments::of(vec![class.clone(), receiver.clone()]);
        let call = Call { callee: Value::symbol(SUPER, span), arguments, assigned: Vec::new() };
        self.heap.term(Term::Call(call), span)
    }

    /// The class and the receiver of a `super()`.
    fn behind(&self, value: &Value) -> Option<(ObjectId, Value)> {
        let View::Term(Term::Call(call)) = self.heap.view(value) else { return None };
        if call.callee.as_symbol()?.path() != SUPER {
            return None;
        }
        match call.arguments.positional.as_slice() {
            [class, receiver] => match class.value.kind {
                Kind::Class(class) => Some((class, receiver.value.clone())),
                _ => None,
            },
            _ => None,
        }
    }

    /// `super().name(arguments)`; `None` where the value is no `super()`.
    pub(super) fn super_call(
        &mut self,
        value: &Value,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Eval<Option<Value>> {
        let Some((class, receiver)) = self.behind(value) else { return Ok(None) };
        let of = match (&receiver.kind, self.heap.view(&receiver)) {
            (Kind::Class(id), _) => *id,
            (_, View::Instance(instance)) => instance.class,
            _ => class,
        };
        let (line, external) = self.ancestry(of);
        let behind = line.iter().skip_while(|id| **id != class).skip(1);
        let found = behind.copied().find_map(|id| match self.heap.object(id) {
            Some(Object::Class(class)) => {
                self.heap.scope(class.scope).and_then(|scope| scope.names.get(name)).cloned()
            }
            _ => None,
        });
        if let Some(function) = found {
            let receiver = Some(receiver);
            return self.call_function(&function, arguments.clone(), receiver, span).map(Some);
        }
        let own = |base: &Value| base.as_symbol().is_some_and(|it| it.path() == "builtins.object");
        if name == "__init__" {
            if let Kind::Instance(id) = receiver.kind
                && let Some(Object::Instance(instance)) = self.heap.change(id)
            {
                instance.arguments = arguments.clone();
                instance.attributes.insert(INITIALIZED.into(), Value::bool(true, span));
            }
            return Ok(Some(Value::none(span)));
        }
        if external.iter().all(own) && name.starts_with("__init") {
            return Ok(Some(Value::none(span)));
        }
        // The method of the base, whatever it is: the host may know what it gives.
        let callee = Value::symbol(&format!("super.{name}"), span);
        if name == "load_dialect_impl" {
            let call = Call { callee, arguments: arguments.clone(), assigned: Vec::new() };
            return Ok(Some(self.heap.term(Term::Call(call), span)));
        }
        let why = format!("what `{name}` of a base class does is not known");
        Ok(Some(Value::unknown(span, why)))
    }
}
