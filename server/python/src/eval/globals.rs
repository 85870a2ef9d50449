//! `globals()`: the names of the module as a dictionary.
//!
//! It is a term of its own, `builtins.globals(module)`, which no source can spell otherwise. What is
//! done with it beyond looking up, setting and testing names is not followed.

use std::sync::Arc;

use revline_text::Span;

use super::machine::{Eval, Machine};
use crate::value::{Arguments, Call, Kind, Object, ObjectId, Operator, Term, Unknown, Value, View};

const GLOBALS: &str = "builtins.globals";

impl Machine<'_> {
    /// `globals()` in the code that runs.
    pub(super) fn globals_here(&mut self, span: Span) -> Value {
        let Some(module) = self.frames.last().map(|frame| frame.module) else {
            return Value::unknown(span, "`globals()` is not evaluated here");
        };
        let arguments = Arguments::of(vec![Value::new(Kind::Module(module), span)]);
        let call = Call { callee: Value::symbol(GLOBALS, span), arguments, assigned: Vec::new() };
        self.heap.term(Term::Call(call), span)
    }

    /// The module whose names a `globals()` is; none for every other value.
    fn globals_module(&self, value: &Value) -> Option<ObjectId> {
        let View::Term(Term::Call(call)) = self.heap.view(value) else { return None };
        match (call.callee.as_symbol()?.path(), call.arguments.positional.as_slice()) {
            (GLOBALS, [module]) => module.value.object(),
            _ => None,
        }
    }

    fn global_of(&mut self, module: ObjectId, name: &str) -> Eval<Option<Value>> {
        let Some(Object::Module(found)) = self.heap.object(module) else { return Ok(None) };
        let scope = found.scope;
        let bound = self.heap.scope(scope).and_then(|scope| scope.names.get(name)).cloned();
        match bound {
            Some(value) => Ok(Some(value)),
            None => self.awaited(scope, name),
        }
    }

    /// `globals()[name]`.
    pub(super) fn globals_item(
        &mut self,
        object: &Value,
        key: &Value,
        span: Span,
    ) -> Eval<Option<Value>> {
        let Some(module) = self.globals_module(object) else { return Ok(None) };
        let Some(name) = key.as_str().map(str::to_owned) else {
            return Ok(Some(Value::new(Kind::Unknown(self.why(key)), span)));
        };
        match self.global_of(module, &name)? {
            Some(value) => Ok(Some(value)),
            None => self.raise("KeyError", &format!("'{name}'"), span),
        }
    }

    /// `globals()[name] = value`; whether the object is one.
    pub(super) fn set_global(&mut self, object: &Value, key: &Value, value: &Value) -> bool {
        let Some(module) = self.globals_module(object) else { return false };
        let scope = match self.heap.object(module) {
            Some(Object::Module(module)) => module.scope,
            _ => return true,
        };
        match key.as_str() {
            Some(name) => self.bind_in(scope, &Arc::from(name), value.clone()),
            // Any name may have been set.
            None => {
                let why = self.why(key);
                if let Some(scope) = self.heap.scope_mut(scope) {
                    scope.star.get_or_insert(why);
                }
            }
        }
        true
    }

    /// A method of `globals()`.
    pub(super) fn globals_call(
        &mut self,
        object: &Value,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Eval<Option<Value>> {
        let Some(module) = self.globals_module(object) else { return Ok(None) };
        let key = arguments.get(0, "key").and_then(Value::as_str).map(str::to_owned);
        match (name, key) {
            ("get", Some(key)) => Ok(Some(match self.global_of(module, &key)? {
                Some(value) => value,
                None => match arguments.get(1, "default") {
                    Some(default) => default.clone(),
                    None => Value::none(span),
                },
            })),
            _ => {
                let why = Unknown::new(span, format!("`{name}` of `globals()` is not evaluated"));
                self.opaque(span, why.clone(), Some(arguments));
                Ok(Some(Value::new(Kind::Unknown(why), span)))
            }
        }
    }

    /// `name in globals()`.
    pub(super) fn is_global(
        &mut self,
        operator: Operator,
        name: &Value,
        object: &Value,
        span: Span,
    ) -> Eval<Option<Value>> {
        if !matches!(operator, Operator::In | Operator::NotIn) {
            return Ok(None);
        }
        let Some(module) = self.globals_module(object) else { return Ok(None) };
        let Some(name) = name.as_str().map(str::to_owned) else {
            return Ok(Some(Value::new(Kind::Unknown(self.why(name)), span)));
        };
        let is = self.global_of(module, &name)?.is_some();
        Ok(Some(Value::bool(is == (operator == Operator::In), span)))
    }
}
