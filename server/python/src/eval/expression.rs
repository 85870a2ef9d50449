//! Expressions.

use std::sync::Arc;

use revline_text::Span;

use super::guard::either;
use super::iterator::Next;
use super::machine::{Eval, Flow, Machine};
use super::statement::condition;
use crate::syntax::ast::{Arg, Clause, Comprehension, ComprehensionKind, Expr, ExprKind};
use crate::value::{
    Argument, Arguments, Dict, Keyword, Kind, Object, Operator, Unknown, Value, View,
};

impl Machine<'_> {
    pub(super) fn expression(&mut self, expression: &Expr) -> Eval<Value> {
        let span = self.at(expression.range);
        self.deeper(span, |machine| machine.expression_kind(expression, span))
    }

    fn expression_kind(&mut self, expression: &Expr, span: Span) -> Eval<Value> {
        Ok(match &expression.kind {
            ExprKind::Name(name) => self.name(name, span)?,
            ExprKind::None => Value::none(span),
            ExprKind::True => Value::bool(true, span),
            ExprKind::False => Value::bool(false, span),
            ExprKind::Ellipsis => Value::new(Kind::Ellipsis, span),
            ExprKind::Int(number) => Value::new(Kind::Int(*number), span),
            ExprKind::Float(number) => Value::new(Kind::Float(*number), span),
            ExprKind::Str(string) => match self.fits(string.text().len() as u64, span) {
                Ok(()) => Value::new(Kind::Str(string.clone()), span),
                Err(unknown) => unknown,
            },
            ExprKind::Bytes(bytes) => Value::new(Kind::Bytes(bytes.clone()), span),
            ExprKind::FString(parts) => self.format_string(parts, span)?,
            ExprKind::Tuple(items) => match self.items(items)? {
                Ok(items) => self.heap.tuple(items, span),
                Err(why) => Value::new(Kind::Unknown(why), span),
            },
            ExprKind::List(items) => match self.items(items)? {
                Ok(items) => self.heap.list(items, span),
                Err(why) => Value::new(Kind::Unknown(why), span),
            },
            ExprKind::Set(items) => match self.items(items)? {
                Ok(items) => {
                    for item in &items {
                        self.need_hashable(item, span)?;
                    }
                    self.make_set(items, span)
                }
                Err(why) => Value::new(Kind::Unknown(why), span),
            },
            ExprKind::Dict(entries) => self.dictionary(entries, span)?,
            ExprKind::Attribute { object, name, .. } => {
                let object = self.expression(object)?;
                self.attribute(&object, name, span)?
            }
            ExprKind::Subscript { object, index } => {
                let object = self.expression(object)?;
                if let ExprKind::Slice { lower, upper, step } = &index.kind {
                    let bounds = [lower, upper, step];
                    return self.slice(&object, bounds.map(Option::as_deref), span);
                }
                let index = self.expression(index)?;
                self.item(&object, &index, span)?
            }
            ExprKind::Slice { .. } => Value::unknown_data(span, "a slice that is not evaluated"),
            ExprKind::Call { callee, arguments } => {
                self.call_expression(callee, arguments, span)?
            }
            ExprKind::Unary { operator, operand } => {
                let operand = self.expression(operand)?;
                if *operator == Operator::Not {
                    return Ok(match self.truth_of(&operand, span)? {
                        Ok(truth) => Value::bool(!truth, span),
                        Err(why) => Value::new(Kind::Unknown(why), span),
                    });
                }
                self.unary(*operator, &operand, span)?
            }
            ExprKind::Binary { first, rest } => self.binary(first, rest)?,
            ExprKind::Compare { first, rest } => self.comparison(first, rest, span)?,
            ExprKind::Bool { operator, operands } => self.boolean(*operator, operands)?,
            ExprKind::Conditional { test, then, otherwise } => {
                self.conditional(test, then, otherwise)?
            }
            ExprKind::Lambda(definition) => self.function(definition)?,
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension, span)?,
            ExprKind::Starred(inner) => self.expression(inner)?,
            ExprKind::Yield(inner) => {
                let value = match inner {
                    Some(inner) => self.expression(inner)?,
                    None => Value::none(span),
                };
                self.yielded(value, span)?
            }
            ExprKind::Await(inner) => {
                let value = self.expression(inner)?;
                self.awaiting(value, span)?
            }
            ExprKind::Named { name, value } => {
                let value = self.expression(value)?;
                self.bind_named(name, value.clone());
                value
            }
            ExprKind::Opaque(why) => {
                let unknown = Unknown::new(span, *why);
                self.opaque(span, unknown.clone(), None);
                Value::new(Kind::Unknown(unknown), span)
            }
        })
    }

    /// The values of a display, starred ones taken apart.
    fn items(&mut self, items: &[Expr]) -> Eval<Result<Vec<Value>, Unknown>> {
        let mut values = Vec::with_capacity(items.len());
        let mut unknown = None;
        for item in items {
            match &item.kind {
                ExprKind::Starred(inner) => {
                    let value = self.expression(inner)?;
                    let span = self.at(item.range);
                    match self.ordered(&value, span)? {
                        Ok(more) => values.extend(more),
                        Err(why) => unknown = unknown.or(Some(why)),
                    }
                }
                _ => values.push(self.expression(item)?),
            }
        }
        Ok(match unknown {
            Some(why) => Err(why),
            None => Ok(values),
        })
    }

    pub(super) fn make_set(&mut self, items: Vec<Value>, span: Span) -> Value {
        let mut set = Dict::default();
        for item in items {
            match self.key(&item) {
                Ok(key) => {
                    let none = Value::none(item.span);
                    if set.get(&key).is_none() {
                        set.insert(key, item, none);
                    }
                }
                Err(why) => return Value::new(Kind::Unknown(why), span),
            }
        }
        Value::new(Kind::Set(self.heap.add(Object::Set(set))), span)
    }

    /// A `frozenset`.
    pub(super) fn frozen(&mut self, items: Vec<Value>, span: Span) -> Value {
        let set = self.make_set(items, span);
        match set.kind {
            Kind::Set(id) => Value::new(Kind::FrozenSet(id), span),
            _ => set,
        }
    }

    fn dictionary(&mut self, entries: &[(Option<Expr>, Expr)], span: Span) -> Eval<Value> {
        let mut dict = Dict::default();
        let mut unknown = None;
        for (key, value) in entries {
            let Some(key) = key else {
                let other = self.expression(value)?;
                match self.heap.view(&other) {
                    View::Dict(other) => {
                        for (key, value) in other.entries().to_vec() {
                            match self.key(&key) {
                                Ok(name) => dict.insert(name, key, value),
                                Err(why) => unknown = unknown.or(Some(why)),
                            }
                        }
                    }
                    _ => unknown = unknown.or(Some(self.why(&other))),
                }
                continue;
            };
            let key = self.expression(key)?;
            let value = self.expression(value)?;
            self.need_hashable(&key, span)?;
            match self.key(&key) {
                Ok(name) => dict.insert(name, key, value),
                Err(why) => unknown = unknown.or(Some(why)),
            }
        }
        Ok(match unknown {
            Some(why) => Value::new(Kind::Unknown(why), span),
            None => self.heap.dict(dict, span),
        })
    }

    pub(super) fn arguments(&mut self, arguments: &[Arg]) -> Eval<Arguments> {
        let mut all = Arguments::default();
        for argument in arguments {
            match argument {
                Arg::Positional(value) => {
                    let span = self.at(value.range);
                    let value = self.expression(value)?;
                    all.positional.push(Argument { value, span });
                }
                Arg::Keyword { name, name_range, value } => {
                    let span = self.at(value.range);
                    let name_span = self.at(*name_range);
                    let value = self.expression(value)?;
                    all.keywords.push(Keyword { name: name.clone(), name_span, value, span });
                }
                Arg::Star(inner) => {
                    let span = self.at(inner.range);
                    let value = self.expression(inner)?;
                    match self.ordered(&value, span)? {
                        Ok(items) => {
                            let items = items.into_iter().map(|value| Argument { value, span });
                            all.positional.extend(items);
                        }
                        Err(why) => {
                            all.unknown.get_or_insert(why);
                        }
                    }
                }
                Arg::StarStar(inner) => {
                    let span = self.at(inner.range);
                    let value = self.expression(inner)?;
                    self.splat(&value, span, &mut all);
                }
            }
        }
        let mut names: Vec<&str> = all.keywords.iter().map(|keyword| &*keyword.name).collect();
        names.sort_unstable();
        if let Some([name, _]) = names.windows(2).find(|pair| pair.first() == pair.last()) {
            let message = format!("got multiple values for keyword argument '{name}'");
            let span = all.keywords.last().map_or(self.at(Default::default()), |it| it.span);
            return self.raise("TypeError", &message, span);
        }
        Ok(all)
    }

    fn splat(&mut self, value: &Value, span: Span, all: &mut Arguments) {
        let View::Dict(dict) = self.heap.view(value) else {
            let why = self.why(value);
            all.unknown.get_or_insert(why);
            return;
        };
        for (key, value) in dict.entries() {
            match key.as_str() {
                Some(name) => all.keywords.push(Keyword {
                    name: name.into(),
                    name_span: key.span,
                    value: value.clone(),
                    span,
                }),
                None => {
                    all.unknown.get_or_insert(Unknown::data(span, "a keyword is not a string"));
                }
            }
        }
    }

    fn binary(&mut self, first: &Expr, rest: &[(Operator, Expr)]) -> Eval<Value> {
        let mut left = self.expression(first)?;
        let mut range = first.range;
        for (operator, operand) in rest {
            let right = self.expression(operand)?;
            range = range.cover(operand.range);
            let span = self.at(range);
            left = self.operate(*operator, &left, &right, span)?;
        }
        Ok(left)
    }

    fn comparison(&mut self, first: &Expr, rest: &[(Operator, Expr)], span: Span) -> Eval<Value> {
        let mut left = self.expression(first)?;
        let mut result = Value::bool(true, span);
        for (operator, operand) in rest {
            let right = self.expression(operand)?;
            result = self.compare(*operator, &left, &right, span)?;
            if rest.len() > 1 {
                match self.truth_of(&result, span)? {
                    Ok(true) => {}
                    Ok(false) => return Ok(result),
                    Err(why) => return Ok(Value::new(Kind::Unknown(why), span)),
                }
            }
            left = right;
        }
        Ok(result)
    }

    fn boolean(&mut self, operator: Operator, operands: &[Expr]) -> Eval<Value> {
        let Some((first, rest)) = operands.split_first() else {
            return Ok(Value::bool(operator == Operator::And, self.at(Default::default())));
        };
        let value = self.expression(first)?;
        let Some(next) = rest.first() else { return Ok(value) };
        match self.truth_of(&value, self.at(first.range))? {
            Ok(truth) if truth == (operator == Operator::Or) => Ok(value),
            Ok(_) => self.boolean(operator, rest),
            Err(why) => {
                let span = self.at(first.range);
                let why = condition(&why);
                let mut other = None;
                let right = self.at(next.range);
                let flow = self.both(
                    span,
                    &why,
                    |machine| {
                        other = Some(machine.deeper(right, |it| it.boolean(operator, rest))?);
                        Ok(Flow::Next)
                    },
                    |_| Ok(Flow::Next),
                )?;
                drop(flow);
                // `unknown and False` is false whatever the first was, as far as its truth goes.
                if let Some(other) = other
                    && self.truth(&other).ok() == Some(operator == Operator::Or)
                    && other.as_bool().is_some()
                {
                    return Ok(other);
                }
                Ok(Value::new(Kind::Unknown(why), span))
            }
        }
    }

    fn conditional(&mut self, test: &Expr, then: &Expr, otherwise: &Expr) -> Eval<Value> {
        let value = self.expression(test)?;
        match self.truth_of(&value, self.at(test.range))? {
            Ok(true) => self.expression(then),
            Ok(false) => self.expression(otherwise),
            Err(why) => {
                let span = self.at(test.range);
                let why = condition(&why);
                let (mut one, mut two) = (None, None);
                self.both(
                    span,
                    &why,
                    |machine| {
                        one = Some(machine.expression(then)?);
                        Ok(Flow::Next)
                    },
                    |machine| {
                        two = Some(machine.expression(otherwise)?);
                        Ok(Flow::Next)
                    },
                )?;
                Ok(match (one, two) {
                    (Some(one), Some(two)) => either(one, &two, &why),
                    (Some(value), None) | (None, Some(value)) => value,
                    (None, None) => Value::new(Kind::Unknown(why), span),
                })
            }
        }
    }

    fn comprehension(&mut self, comprehension: &Arc<Comprehension>, span: Span) -> Eval<Value> {
        let Some(frame) = self.frames.last().cloned() else { return Ok(Value::none(span)) };
        // The first iterable belongs to the code around: it does not see the names of the comprehension.
        let first = match comprehension.clauses.first() {
            Some(Clause::For { iterable, .. }) => self.expression(iterable)?,
            _ => return Ok(Value::unknown(span, "this is not evaluated")),
        };
        let inner = self.inner_scope(&frame);
        if comprehension.kind == ComprehensionKind::Generator {
            return self.generator_expression(comprehension, &inner, &first, span);
        }
        self.frames.push(inner);
        let mut made = Made { first: Some(first), ..Made::default() };
        let result = self.clauses(comprehension, &comprehension.clauses, &mut made, span);
        self.frames.pop();
        result?;
        if let Some(why) = made.unknown {
            return Ok(Value::new(Kind::Unknown(why), span));
        }
        Ok(match comprehension.kind {
            ComprehensionKind::List | ComprehensionKind::Generator => {
                self.heap.list(made.items, span)
            }
            ComprehensionKind::Set => self.make_set(made.items, span),
            ComprehensionKind::Dict => {
                let mut dict = Dict::default();
                for (key, value) in made.items.into_iter().zip(made.values) {
                    match self.key(&key) {
                        Ok(name) => dict.insert(name, key, value),
                        Err(why) => return Ok(Value::new(Kind::Unknown(why), span)),
                    }
                }
                self.heap.dict(dict, span)
            }
        })
    }

    pub(super) fn clauses(
        &mut self,
        comprehension: &Comprehension,
        clauses: &[Clause],
        made: &mut Made,
        span: Span,
    ) -> Eval<()> {
        match clauses.split_first() {
            None => {
                made.items.push(self.expression(&comprehension.element)?);
                if let Some(value) = &comprehension.value {
                    made.values.push(self.expression(value)?);
                }
                if let Err(unknown) =
                    self.fits((made.items.len() as u64).saturating_mul(super::operator::ITEM), span)
                {
                    made.unknown = unknown.as_unknown().cloned();
                }
                Ok(())
            }
            Some((Clause::If(test), rest)) => {
                let value = self.expression(test)?;
                match self.truth_of(&value, span)? {
                    Ok(true) => self.deeper(span, |it| it.clauses(comprehension, rest, made, span)),
                    Ok(false) => Ok(()),
                    Err(why) => {
                        let why = condition(&why);
                        made.unknown.get_or_insert(why.clone());
                        let test = self.at(test.range);
                        self.any_number_of_times(test, &why, |machine| {
                            machine
                                .deeper(span, |it| it.clauses(comprehension, rest, made, span))?;
                            Ok(Flow::Next)
                        })
                    }
                }
            }
            Some((Clause::For { target, iterable }, rest)) => {
                let place = self.at(iterable.range);
                let value = match made.first.take() {
                    Some(first) => first,
                    None => self.expression(iterable)?,
                };
                if comprehension.kind != ComprehensionKind::Set {
                    self.in_order(&value, place);
                }
                let why = match self.walk(&value, place)? {
                    Ok(mut walk) => loop {
                        match self.step(&mut walk, place)? {
                            Next::Item(item) => self.assign(target, &item)?,
                            Next::End => return Ok(()),
                            Next::Unknown(why) => break why,
                        }
                        self.deeper(span, |it| it.clauses(comprehension, rest, made, span))?;
                    },
                    Err(why) => why,
                };
                made.unknown.get_or_insert(why.clone());
                self.any_number_of_times(place, &why, |machine| {
                    let item = Value::new(Kind::Unknown(why.clone()), place);
                    machine.assign(target, &item)?;
                    machine.deeper(span, |it| it.clauses(comprehension, rest, made, span))?;
                    Ok(Flow::Next)
                })
            }
        }
    }

    /// Why a value is unknown; for one that is known, that it is of no use here.
    pub(super) fn why(&self, value: &Value) -> Unknown {
        match self.heap.unknown(value) {
            Some(unknown) => unknown.clone(),
            None => {
                let why = format!("{} is not evaluated here", self.describe(value));
                Unknown::data(value.span, why)
            }
        }
    }

    /// What a value is, in a few words.
    pub(super) fn describe(&self, value: &Value) -> String {
        match self.heap.view(value) {
            View::None => "`None`".to_owned(),
            View::Ellipsis => "`...`".to_owned(),
            View::Bool(_) => "a truth value".to_owned(),
            View::Int(_) | View::Float(_) => "a number".to_owned(),
            View::Str(_) => "a string".to_owned(),
            View::Bytes(_) => "a bytes string".to_owned(),
            View::List(_) => "a list".to_owned(),
            View::Tuple(_) => "a tuple".to_owned(),
            View::Dict(_) => "a dictionary".to_owned(),
            View::Set(_) => "a set".to_owned(),
            View::Iter(iter) => format!("a `{}`", iter.what),
            View::Symbol(symbol) => format!("`{}`", symbol.path()),
            View::Term(term) => self.describe_term(term),
            View::Function(function) => format!("the function `{}`", function.definition.name),
            View::Bound(bound) => format!("the method `{}`", bound.name),
            View::Coroutine(_) => "a coroutine".to_owned(),
            View::Class(class) => format!("the class `{}`", class.name),
            View::Instance(instance) => {
                let class = Value::new(Kind::Class(instance.class), value.span);
                match self.heap.view(&class) {
                    View::Class(class) => format!("a `{}`", class.name),
                    _ => "an object".to_owned(),
                }
            }
            View::Module(module) => format!("the module `{}`", module.name),
            View::Host(object) => format!("the {}", object.what),
            View::Unknown(unknown) => unknown.why.to_string(),
        }
    }

    fn describe_term(&self, term: &crate::value::Term) -> String {
        use crate::value::Term;
        let path = |value: &Value| match &value.kind {
            Kind::Symbol(symbol) => symbol.path().to_owned(),
            Kind::Host(object) => object.what.to_owned(),
            _ => "…".to_owned(),
        };
        match term {
            Term::Call(call) => match self.heap.view(&call.callee) {
                View::Term(Term::Attribute { name, .. }) => format!("`….{name}(…)`"),
                _ => format!("`{}(…)`", path(&call.callee)),
            },
            Term::Attribute { object, name } => format!("`{}.{name}`", path(object)),
            Term::Item { object, .. } => format!("`{}[…]`", path(object)),
            Term::Operation(_) => "an expression of external objects".to_owned(),
        }
    }
}

/// What a comprehension has made so far.
#[derive(Default)]
pub(super) struct Made {
    /// The first iterable, evaluated already.
    first: Option<Value>,
    items: Vec<Value>,
    values: Vec<Value>,
    unknown: Option<Unknown>,
}
