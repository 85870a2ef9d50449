//! Generators that are context managers: `@contextlib.contextmanager`.
//!
//! `with manager():` runs the generator up to its `yield`, there the block, and then what follows. So the
//! block runs inside the generator's `try`, as an exception of it arrives at the `yield` in Python.

use std::sync::Arc;

use revline_text::Span;

use super::guard::Exit;
use super::machine::{Eval, Flow, Frame, Machine};
use crate::syntax::ast::{Expr, Stmt, Suspends, WithItem};
use crate::value::{Coroutine, Unknown, Value, View};

/// The mark of a function that the decorator was put on. No source can name it.
pub(super) const MARK: &str = "(contextmanager)";

/// A block that waits for the `yield` of its manager.
pub(super) struct Waiting {
    /// The frame of the block.
    frame: Frame,
    target: Option<Arc<Expr>>,
    body: Arc<Vec<Stmt>>,
    /// Guards that were open when the manager was entered.
    guards: u32,
}

/// How a block ended that its manager has run.
pub(super) struct Left {
    flow: Flow,
    exits: Vec<Exit>,
}

impl Machine<'_> {
    /// Marks a generator function; `false` where it is none.
    pub(super) fn mark_as_manager(&mut self, function: &Value, span: Span) -> bool {
        let View::Function(found) = self.heap.view(function) else { return false };
        let is_generator = found.definition.suspends == Some(Suspends::Generator);
        if is_generator {
            self.set_attribute(function, &Arc::from(MARK), &Value::bool(true, span));
        }
        is_generator
    }

    /// The generator that a manager is, started by entering it.
    pub(super) fn generator(&self, manager: &Value) -> Option<Coroutine> {
        let View::Coroutine(coroutine) = self.heap.view(manager) else { return None };
        match self.heap.view(&coroutine.function) {
            View::Function(function) if function.attributes.contains_key(MARK) => {
                Some(coroutine.clone())
            }
            _ => None,
        }
    }

    /// `with` of a generator.
    pub(super) fn with_generator(
        &mut self,
        generator: Coroutine,
        item: &WithItem,
        body: &Arc<Vec<Stmt>>,
        span: Span,
    ) -> Eval<Flow> {
        let Some(frame) = self.frames.last().cloned() else { return Ok(Flow::Next) };
        let (waiting, left) = (self.waiting.len(), self.left.len());
        self.waiting.push(Waiting {
            frame,
            target: item.target.clone(),
            body: body.clone(),
            guards: self.guards,
        });
        let run = self.deeper(span, |machine| {
            machine.run_function(&generator.function, generator.arguments, span)
        });
        let is_entered = self.waiting.len() <= waiting;
        self.waiting.truncate(waiting);
        let ended = self.left.split_off(left.min(self.left.len())).into_iter().next();
        run?;
        match ended {
            Some(Left { flow, exits }) => {
                for exit in exits {
                    self.resume(exit);
                }
                Ok(flow)
            }
            None if is_entered => Ok(Flow::Next),
            None => {
                let why = Unknown::new(span, "the generator does not yield");
                self.opaque(span, why, None);
                Ok(Flow::Next)
            }
        }
    }

    /// `yield value`: the block that waits for it.
    pub(super) fn yielded(&mut self, value: Value, span: Span) -> Eval<Value> {
        let Some(waiting) = self.waiting.pop() else {
            let why = Unknown::new(span, "a second `yield` is not evaluated");
            self.opaque(span, why, None);
            return Ok(Value::none(span));
        };
        if self.guards > waiting.guards {
            let why = Unknown::new(span, "whether this `yield` is reached");
            self.opaque(span, why, None);
            return Ok(Value::none(span));
        }
        self.frames.push(waiting.frame);
        let mark = self.deferred.len();
        let flow = self.deeper(span, |machine| {
            if let Some(target) = &waiting.target {
                machine.assign(target, &value)?;
            }
            machine.block(&waiting.body)
        });
        self.frames.pop();
        if let Err(super::machine::Halt::Stop(_)) = &flow {
            return flow.map(|_| Value::none(span));
        }
        let exits = self.settle(mark);
        match flow {
            Ok(flow) => {
                self.left.push(Left { flow, exits });
                Ok(Value::none(span))
            }
            Err(raised) => {
                for exit in exits {
                    self.resume(exit);
                }
                Err(raised)
            }
        }
    }
}
