//! Loops: the way through a value, item by item, while its body may change that value.

use revline_text::Span;

use super::guard::Level;
use super::iterator::Next;
use super::machine::{Eval, Flow, Machine};
use crate::syntax::ast::{Expr, Stmt};
use crate::value::{Kind, State, Unknown, Value, View};

/// A way through a value.
pub(super) enum Walk {
    Items(std::vec::IntoIter<Value>),
    /// A list, which may change meanwhile.
    List {
        list: Value,
        at: usize,
    },
    /// A dictionary or set, which may not.
    Sized {
        items: std::vec::IntoIter<Value>,
        of: Value,
        length: usize,
    },
    Iter(Value),
}

impl Machine<'_> {
    /// A way through a value, of which the items that come later may depend on what is done with the earlier
    /// ones.
    pub(super) fn walk(&mut self, value: &Value, span: Span) -> Eval<Result<Walk, Unknown>> {
        let of = match self.heap.view(value) {
            View::List(_) => return Ok(Ok(Walk::List { list: value.clone(), at: 0 })),
            View::Iter(iter) => match &iter.state {
                State::Entries { of, .. } => Some(of.clone()),
                State::Range { .. } => None,
                _ => return Ok(Ok(Walk::Iter(value.clone()))),
            },
            View::Dict(_) | View::Set(_) => Some(value.clone()),
            _ => None,
        };
        Ok(self.iterate(value, span)?.map(|items| {
            let length = items.len();
            let items = items.into_iter();
            match of {
                Some(of) => Walk::Sized { items, of, length },
                None => Walk::Items(items),
            }
        }))
    }

    pub(super) fn step(&mut self, walk: &mut Walk, span: Span) -> Eval<Next> {
        self.charge(1, span)?;
        Ok(match walk {
            Walk::Items(items) => items.next().map_or(Next::End, Next::Item),
            Walk::List { list, at } => match self.heap.view(list) {
                View::List(items) => {
                    let item = items.get(*at).cloned();
                    *at += 1;
                    item.map_or(Next::End, Next::Item)
                }
                _ => Next::Unknown(self.why(list)),
            },
            Walk::Sized { items, of, length } => match self.heap.view(of) {
                View::Dict(dict) | View::Set(dict) if dict.len() == *length => {
                    items.next().map_or(Next::End, Next::Item)
                }
                View::Dict(_) => {
                    let message = "dictionary changed size during iteration";
                    return self.raise("RuntimeError", message, span);
                }
                View::Set(_) => {
                    return self.raise("RuntimeError", "Set changed size during iteration", span);
                }
                _ => Next::Unknown(self.why(of)),
            },
            Walk::Iter(iterator) => return self.next_of(&iterator.clone(), span),
        })
    }

    /// The rounds of a `for` loop.
    pub(super) fn rounds(
        &mut self,
        target: &Expr,
        walk: &mut Walk,
        body: &[Stmt],
        span: Span,
    ) -> Eval<Flow> {
        loop {
            let mark = self.deferred.len();
            let item = match self.step(walk, span)? {
                Next::Item(item) => item,
                Next::End => return Ok(Flow::Next),
                Next::Unknown(why) => {
                    self.unknown_rounds(target, why, body, span)?;
                    return Ok(Flow::Next);
                }
            };
            self.assign(target, &item)?;
            let flow = self.block(body)?;
            self.close_loop(mark, Level::Round);
            match flow {
                Flow::Next | Flow::Continue => {}
                flow => return Ok(flow),
            }
        }
    }

    /// The rounds of a loop over something unknown.
    pub(super) fn unknown_rounds(
        &mut self,
        target: &Expr,
        why: Unknown,
        body: &[Stmt],
        span: Span,
    ) -> Eval<()> {
        let why = Unknown { why: format!("a loop over: {}", why.why).into(), ..why };
        self.any_number_of_times(span, &why, |machine| {
            machine.forget(body, &why);
            machine.assign(target, &Value::new(Kind::Unknown(why.clone()), span))?;
            machine.block(body)
        })
    }
}
