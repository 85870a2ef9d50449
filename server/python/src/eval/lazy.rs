//! Imports of imported modules, made when a name is first read.
//!
//! A migration takes one helper from a package, and running all that the package imports would take a
//! thousand times as long as the migration. What a module imports at its top level is noted with the
//! module that asks, and followed when somebody reads the name. What the file itself imports is
//! followed at once, so that what leads nowhere is known.

use std::collections::HashMap;
use std::sync::Arc;

use revline_text::Span;

use super::machine::{Eval, Frame, Machine};
use crate::value::{Kind, ObjectId, Value};

/// An import that nobody needed yet.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    /// The frame of the module that asks.
    frame: Frame,
    /// How many dots stand before the path.
    pub(super) level: u32,
    /// The module.
    pub(super) path: Arc<str>,
    /// The name in it; none where the module itself is bound.
    pub(super) name: Option<Arc<str>>,
    pub(super) span: Span,
    /// Whether a handler around it would pass over its failure.
    is_lenient: bool,
}

/// What was noted, by the scope and the name that it is for, and what it turned out to be.
///
/// It stands beside the heap: a name that is read first in a branch that may not run is bound all the
/// same.
#[derive(Debug, Default)]
pub(super) struct Lazy(HashMap<ObjectId, HashMap<Arc<str>, State>>);

#[derive(Clone, Debug)]
enum State {
    Pending(Box<Pending>),
    Known(Value),
}

impl Machine<'_> {
    /// Notes an import; `false` where it has to be made at once: in the file itself, in functions,
    /// and where it is not certain that it happens.
    pub(super) fn postpone(
        &mut self,
        binds: &Arc<str>,
        level: u32,
        path: &str,
        name: Option<&Arc<str>>,
        span: Span,
    ) -> bool {
        let Some(frame) = self.frames.last() else { return false };
        let is_top = frame.definition.is_none() && frame.scope == frame.globals;
        if !is_top || self.guards > 0 || self.main == Some(frame.module) {
            return false;
        }
        let pending = Pending {
            frame: frame.clone(),
            level,
            path: path.into(),
            name: name.cloned(),
            span,
            is_lenient: self.lenient > 0,
        };
        let globals = frame.globals;
        // It counts instead of what was bound before.
        if self.heap.scope(globals).is_some_and(|scope| scope.names.contains_key(binds))
            && let Some(scope) = self.heap.scope_mut(globals)
        {
            scope.names.remove(binds);
        }
        let names = self.lazy.0.entry(globals).or_default();
        names.insert(binds.clone(), State::Pending(Box::new(pending)));
        true
    }

    /// The value of a name that an import is noted for in this scope.
    pub(super) fn awaited(&mut self, scope: ObjectId, name: &str) -> Eval<Option<Value>> {
        let Some(names) = self.lazy.0.get_mut(&scope) else { return Ok(None) };
        let Some((name, state)) = names.get_key_value(name) else { return Ok(None) };
        let pending = match state {
            State::Known(value) => return Ok(Some(value.clone())),
            State::Pending(pending) => pending.clone(),
        };
        let name = name.clone();
        // Modules may import each other: who asks again meanwhile finds nothing.
        names.remove(&name);
        let Pending { frame, level, path, name: wanted, span, is_lenient } = *pending;
        self.frames.push(frame);
        let lenient = std::mem::replace(&mut self.lenient, u32::from(is_lenient));
        let value = self.bounded(|machine| {
            machine.deeper(span, |machine| {
                let module = machine.imported(level, &path, span)?;
                match (&module.kind, &wanted) {
                    (_, Some(wanted)) => machine.member(&module, wanted, span),
                    (_, None) => Ok(module),
                }
            })
        });
        self.frames.pop();
        self.lenient = lenient;
        let value = value?.unwrap_or_else(|why| Value::new(Kind::Unknown(why), span));
        self.lazy.0.entry(scope).or_default().insert(name, State::Known(value.clone()));
        Ok(Some(value))
    }

    /// The value of a name that an import is noted for, in the scopes around the running code.
    pub(super) fn awaited_around(&mut self, name: &str) -> Eval<Option<Value>> {
        let mut scope = self.frames.last().map(|frame| frame.scope);
        while let Some(id) = scope {
            if let Some(value) = self.awaited(id, name)? {
                return Ok(Some(value));
            }
            scope = self.heap.scope(id).and_then(|scope| scope.parent);
        }
        Ok(None)
    }

    /// The names of a module that imports are noted for.
    pub(super) fn awaited_names(&self, scope: ObjectId) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = self
            .lazy
            .0
            .get(&scope)
            .map(|names| names.keys().cloned().collect())
            .unwrap_or_default();
        names.sort_unstable();
        names
    }

    /// Notes for `to` what is noted for a name of `from`.
    pub(super) fn await_too(&mut self, to: ObjectId, from: ObjectId, name: &Arc<str>) {
        let state = self.lazy.0.get(&from).and_then(|names| names.get(name)).cloned();
        if let Some(state) = state {
            self.lazy.0.entry(to).or_default().insert(name.clone(), state);
        }
    }
}
