//! Iterators, ranges, and the parts of dictionaries.
//!
//! Nothing is done before somebody asks for the next item, and what is used up stays so.

use std::sync::Arc;

use revline_text::Span;

use super::machine::{Eval, Flow, Frame, Machine};
use super::statement::condition;
use crate::syntax::ast::{Clause, Comprehension, Expr};
use crate::value::{
    Arguments, Iter, Kind, Object, Part, Scope, State, Suspended, Unknown, Value, View,
};

/// What asking for an item gives.
pub(super) enum Next {
    Item(Value),
    End,
    /// It is not known whether there is one, and which.
    Unknown(Unknown),
}

impl Machine<'_> {
    pub(super) fn make_iter(&mut self, what: &'static str, state: State, span: Span) -> Value {
        Value::new(Kind::Iter(self.heap.add(Object::Iter(Iter { what, state }))), span)
    }

    /// `iter(value)`.
    pub(super) fn iterator(&mut self, value: &Value, span: Span) -> Eval<Result<Value, Unknown>> {
        let what = match self.heap.view(value) {
            View::Iter(iter) if iter.is_used_up() => return Ok(Ok(value.clone())),
            View::List(_) => {
                let state = State::List { list: value.clone(), at: 0 };
                return Ok(Ok(self.make_iter("list_iterator", state, span)));
            }
            View::Tuple(_) => "tuple_iterator",
            View::Dict(_) => "dict_keyiterator",
            View::Set(_) => "set_iterator",
            View::Bytes(_) => "bytes_iterator",
            _ => "iterator",
        };
        Ok(match self.ordered(value, span)? {
            Ok(items) => {
                Ok(self.make_iter(what, State::Items { items: items.into(), at: 0 }, span))
            }
            Err(why) => Err(why),
        })
    }

    /// The iterators of several values.
    pub(super) fn iterators(
        &mut self,
        values: &[Value],
        span: Span,
    ) -> Eval<Result<Vec<Value>, Unknown>> {
        let mut all = Vec::with_capacity(values.len());
        for value in values {
            match self.iterator(value, span)? {
                Ok(iterator) => all.push(iterator),
                Err(why) => return Ok(Err(why)),
            }
        }
        Ok(Ok(all))
    }

    /// `next(iterator)`.
    pub(super) fn next_of(&mut self, iterator: &Value, span: Span) -> Eval<Next> {
        self.deeper(span, |machine| machine.next_kind(iterator, span))
    }

    fn next_kind(&mut self, iterator: &Value, span: Span) -> Eval<Next> {
        let (Kind::Iter(id), View::Iter(iter)) = (&iterator.kind, self.heap.view(iterator)) else {
            return Ok(Next::Unknown(self.why(iterator)));
        };
        let id = *id;
        let next = match &iter.state {
            State::Range { .. } | State::Entries { .. } => {
                return Ok(Next::Unknown(self.why(iterator)));
            }
            State::Items { items, at } => items.get(*at).cloned().map_or(Next::End, Next::Item),
            State::List { list, at } => match self.heap.view(list) {
                View::List(items) => items.get(*at).cloned().map_or(Next::End, Next::Item),
                _ => Next::Unknown(self.why(list)),
            },
            State::Map { function, over } => {
                let (function, over) = (function.clone(), over.clone());
                match self.row(&over, span)? {
                    Ok(Some(row)) => {
                        Next::Item(self.call(&function, Arguments::of(row), span, span)?)
                    }
                    Ok(None) => Next::End,
                    Err(why) => Next::Unknown(why),
                }
            }
            State::Filter { function, over } => {
                let (function, over) = (function.clone(), over.clone());
                self.next_that(&function, &over, span)?
            }
            State::Zip { over } => {
                let over = over.clone();
                match self.row(&over, span)? {
                    Ok(Some(row)) if !over.is_empty() => Next::Item(self.heap.tuple(row, span)),
                    Ok(_) => Next::End,
                    Err(why) => Next::Unknown(why),
                }
            }
            State::Enumerate { over, next } => {
                let (over, at) = (over.clone(), *next);
                match self.next_of(&over, span)? {
                    Next::Item(item) => {
                        let number = Value::new(Kind::Int(at), span);
                        Next::Item(self.heap.tuple(vec![number, item], span))
                    }
                    other => other,
                }
            }
            State::Chain { .. } => return self.next_in_chain(iterator, span),
            State::Generator(suspended) => {
                let suspended = suspended.clone();
                return self.next_of_generator(iterator, suspended, span);
            }
        };
        match &next {
            Next::Unknown(why) => self.heap.taint(id, why.clone()),
            Next::Item(_) => {
                if let Some(Object::Iter(iter)) = self.heap.change(id) {
                    match &mut iter.state {
                        State::Items { at, .. } | State::List { at, .. } => *at += 1,
                        State::Enumerate { next, .. } => *next = next.saturating_add(1),
                        _ => {}
                    }
                }
            }
            // A list that grows afterwards does not bring its iterator back.
            Next::End => {
                if let Some(Object::Iter(iter)) = self.heap.change(id)
                    && let State::List { .. } = iter.state
                {
                    iter.state = State::Items { items: Arc::from([]), at: 0 };
                }
            }
        }
        Ok(next)
    }

    /// The next items of several iterators; none where one is at its end.
    fn row(&mut self, over: &[Value], span: Span) -> Eval<Result<Option<Vec<Value>>, Unknown>> {
        let mut row = Vec::with_capacity(over.len());
        for iterator in over {
            match self.next_of(iterator, span)? {
                Next::Item(item) => row.push(item),
                Next::End => return Ok(Ok(None)),
                Next::Unknown(why) => return Ok(Err(why)),
            }
        }
        Ok(Ok(Some(row)))
    }

    /// The next item that `filter` lets through.
    fn next_that(&mut self, function: &Value, over: &Value, span: Span) -> Eval<Next> {
        loop {
            let item = match self.next_of(over, span)? {
                Next::Item(item) => item,
                other => return Ok(other),
            };
            let test = match function.is_none() {
                true => item.clone(),
                false => self.call(function, Arguments::of(vec![item.clone()]), span, span)?,
            };
            match self.truth_of(&test, span)? {
                Ok(true) => return Ok(Next::Item(item)),
                Ok(false) => {}
                Err(why) => return Ok(Next::Unknown(why)),
            }
        }
    }

    fn next_in_chain(&mut self, iterator: &Value, span: Span) -> Eval<Next> {
        loop {
            let Kind::Iter(id) = iterator.kind else { return Ok(Next::End) };
            let (current, following) = match self.heap.view(iterator) {
                View::Iter(Iter { state: State::Chain { current, rest }, .. }) => {
                    (current.clone(), rest.last().cloned())
                }
                _ => return Ok(Next::Unknown(self.why(iterator))),
            };
            if let Some(current) = current {
                match self.next_of(&current, span)? {
                    Next::End => {}
                    other => return Ok(other),
                }
            }
            let Some(following) = following else { return Ok(Next::End) };
            let next = match self.iterator(&following, span)? {
                Ok(next) => next,
                Err(why) => {
                    self.heap.taint(id, why.clone());
                    return Ok(Next::Unknown(why));
                }
            };
            if let Some(Object::Iter(Iter { state: State::Chain { current, rest }, .. })) =
                self.heap.change(id)
            {
                rest.pop();
                *current = Some(next);
            }
        }
    }

    /// A generator expression where it stands: its first iterable is evaluated, and nothing else.
    pub(super) fn generator_expression(
        &mut self,
        comprehension: &Arc<Comprehension>,
        frame: &Frame,
        first: &Value,
        span: Span,
    ) -> Eval<Value> {
        let over = match self.iterator(first, span)? {
            Ok(over) => over,
            Err(why) => return Ok(Value::new(Kind::Unknown(why), span)),
        };
        let state = State::Generator(Suspended {
            comprehension: comprehension.clone(),
            scope: frame.scope,
            globals: frame.globals,
            module: frame.module,
            source: frame.source.clone(),
            definition: frame.definition.clone(),
            outer: frame.outer.unwrap_or(frame.scope),
            over: vec![over],
        });
        Ok(self.make_iter("generator", state, span))
    }

    fn next_of_generator(
        &mut self,
        iterator: &Value,
        suspended: Suspended,
        span: Span,
    ) -> Eval<Next> {
        let Kind::Iter(id) = iterator.kind else { return Ok(Next::End) };
        let Suspended { comprehension, mut over, .. } = suspended;
        self.frames.push(Frame {
            scope: suspended.scope,
            closure: suspended.scope,
            globals: suspended.globals,
            module: suspended.module,
            source: suspended.source,
            definition: suspended.definition,
            effects: self.host.effects(),
            elsewhere: Vec::new(),
            outer: Some(suspended.outer),
        });
        let next = self.resumed(&comprehension, &mut over, span);
        self.frames.pop();
        // It is at its end where it raised.
        let next = match next {
            Ok(next) => next,
            Err(halt) => {
                over.clear();
                self.stand(id, over);
                return Err(halt);
            }
        };
        match &next {
            Next::Unknown(why) => self.heap.taint(id, why.clone()),
            _ => self.stand(id, over),
        }
        Ok(next)
    }

    fn stand(&mut self, id: crate::ObjectId, over: Vec<Value>) {
        if let Some(Object::Iter(Iter { state: State::Generator(suspended), .. })) =
            self.heap.change(id)
        {
            suspended.over = over;
        }
    }

    /// Goes on with a generator expression to its next item. `over` has the iterators of the `for` clauses
    /// that are entered.
    fn resumed(
        &mut self,
        comprehension: &Comprehension,
        over: &mut Vec<Value>,
        span: Span,
    ) -> Eval<Next> {
        'item: loop {
            let Some(innermost) = over.last().cloned() else { return Ok(Next::End) };
            // The clause that the innermost iterator belongs to.
            let mut clauses = comprehension.clauses.iter();
            let mut left = over.len();
            let target = clauses.by_ref().find_map(|clause| match clause {
                Clause::For { target, .. } => {
                    left -= 1;
                    (left == 0).then_some(target)
                }
                Clause::If(_) => None,
            });
            let Some(target) = target else { return Ok(Next::End) };
            match self.next_of(&innermost, span)? {
                Next::Item(item) => self.assign(target, &item)?,
                Next::End => {
                    over.pop();
                    continue;
                }
                Next::Unknown(why) => {
                    let rest = clauses.as_slice();
                    return self.whatever_follows(comprehension, Some(target), rest, why, span);
                }
            }
            while let Some(clause) = clauses.next() {
                match clause {
                    Clause::If(test) => {
                        let value = self.expression(test)?;
                        match self.truth_of(&value, span)? {
                            Ok(true) => {}
                            Ok(false) => continue 'item,
                            Err(why) => {
                                let (why, rest) = (condition(&why), clauses.as_slice());
                                return self.whatever_follows(comprehension, None, rest, why, span);
                            }
                        }
                    }
                    Clause::For { target, iterable } => {
                        let value = self.expression(iterable)?;
                        match self.iterator(&value, span)? {
                            Ok(iterator) => {
                                over.push(iterator);
                                continue 'item;
                            }
                            Err(why) => {
                                let rest = clauses.as_slice();
                                let target = Some(target);
                                return self.whatever_follows(
                                    comprehension,
                                    target,
                                    rest,
                                    why,
                                    span,
                                );
                            }
                        }
                    }
                }
            }
            return Ok(Next::Item(self.expression(&comprehension.element)?));
        }
    }

    /// The rest of a generator expression, of which it is not known how often it runs.
    fn whatever_follows(
        &mut self,
        comprehension: &Comprehension,
        target: Option<&Expr>,
        rest: &[Clause],
        why: Unknown,
        span: Span,
    ) -> Eval<Next> {
        self.any_number_of_times(span, &why, |machine| {
            if let Some(target) = target {
                machine.assign(target, &Value::new(Kind::Unknown(why.clone()), span))?;
            }
            machine.clauses(comprehension, rest, &mut Default::default(), span)?;
            Ok(Flow::Next)
        })?;
        Ok(Next::Unknown(why))
    }

    /// The items of an iterator that are left.
    pub(super) fn drain(&mut self, value: &Value, span: Span) -> Eval<Result<Vec<Value>, Unknown>> {
        let View::Iter(iter) = self.heap.view(value) else { return Ok(Err(self.why(value))) };
        match &iter.state {
            State::Range { start, count, step } => {
                let (start, count, step) = (*start, *count, *step);
                self.charge(count / 4, span)?;
                let at = |index: u64| start.saturating_add(step.saturating_mul(index.into()));
                Ok(Ok((0..count)
                    .map(|index| Value::new(Kind::Int(at(index)), value.span))
                    .collect()))
            }
            State::Entries { of, part } => {
                let (of, part) = (of.clone(), *part);
                let View::Dict(dict) = self.heap.view(&of) else { return Ok(Err(self.why(&of))) };
                let entries = dict.entries().to_vec();
                self.charge(entries.len() as u64 / 4, span)?;
                let items = entries.into_iter().map(|(key, item)| match part {
                    Part::Keys => key,
                    Part::Values => item,
                    Part::Items => self.heap.tuple(vec![key, item], span),
                });
                Ok(Ok(items.collect()))
            }
            _ => {
                let mut items = Vec::new();
                loop {
                    match self.next_of(value, span)? {
                        Next::Item(item) => items.push(item),
                        Next::End => return Ok(Ok(items)),
                        Next::Unknown(why) => return Ok(Err(why)),
                    }
                    let size = (items.len() as u64).saturating_mul(super::operator::ITEM);
                    if let Err(large) = self.fits(size, span) {
                        return Ok(Err(self.why(&large)));
                    }
                }
            }
        }
    }

    /// The number of items of what is not used up by counting them.
    pub(super) fn count_of(&self, iter: &Iter) -> Option<usize> {
        match &iter.state {
            State::Range { count, .. } => usize::try_from(*count).ok(),
            State::Entries { of, .. } => match self.heap.view(of) {
                View::Dict(dict) => Some(dict.len()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether two values, of which one is a range or an iterator, are equal.
    pub(super) fn equal_iterators(
        &self,
        left: &Value,
        right: &Value,
        level: u32,
    ) -> Result<bool, Unknown> {
        let unsure = || Err(Unknown::data(left.span, "whether parts of dictionaries are equal"));
        let (View::Iter(a), View::Iter(b)) = (self.heap.view(left), self.heap.view(right)) else {
            let other = if matches!(left.kind, Kind::Iter(_)) { right } else { left };
            let iter = if matches!(left.kind, Kind::Iter(_)) { left } else { right };
            let is_set = matches!(
                self.heap.view(iter),
                View::Iter(Iter {
                    state: State::Entries { part: Part::Keys | Part::Items, .. },
                    ..
                })
            );
            return match self.heap.view(other) {
                View::Set(_) | View::Instance(_) if is_set => unsure(),
                _ => Ok(false),
            };
        };
        match (&a.state, &b.state) {
            (
                State::Range { start: a, count, step },
                State::Range { start: b, count: other, step: by },
            ) => Ok(count == other && (*count == 0 || a == b && (*count == 1 || step == by))),
            (State::Entries { .. }, State::Entries { .. }) if level < 50 => unsure(),
            _ => Ok(false),
        }
    }

    /// The keys or items of a dictionary as the set that they are.
    pub(super) fn as_set(&mut self, value: &Value, span: Span) -> Eval<Option<Value>> {
        match self.heap.view(value) {
            View::Iter(Iter {
                state: State::Entries { part: Part::Keys | Part::Items, .. },
                ..
            }) => match self.drain(value, span)? {
                Ok(items) => Ok(Some(self.make_set(items, span))),
                Err(_) => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// Arguments for somebody who knows lists and no iterators.
    pub(super) fn listed(&mut self, mut arguments: Arguments, span: Span) -> Eval<Arguments> {
        let positional = arguments.positional.iter_mut().map(|argument| &mut argument.value);
        let keywords = arguments.keywords.iter_mut().map(|keyword| &mut keyword.value);
        for value in positional.chain(keywords) {
            if let Kind::Iter(_) = value.kind {
                *value = match self.drain(&value.clone(), span)? {
                    Ok(items) => self.heap.list(items, value.span),
                    Err(why) => Value::new(Kind::Unknown(why), value.span),
                };
            }
        }
        Ok(arguments)
    }

    /// A new scope inside of the running code for the names of a comprehension.
    pub(super) fn inner_scope(&mut self, frame: &Frame) -> Frame {
        let scope = Scope { parent: Some(frame.closure), ..Scope::default() };
        let scope = self.heap.add(Object::Scope(scope));
        let outer = Some(frame.outer.unwrap_or(frame.scope));
        Frame { scope, closure: scope, outer, ..frame.clone() }
    }
}
