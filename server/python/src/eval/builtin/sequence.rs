//! Functions that go through what they are given.

use super::super::iterator::Next;
use super::super::machine::Eval;
use super::super::operator::{ITEM, Number, number};
use super::Builtin;
use crate::value::{Arguments, Dict, Kind, Operator, State, Value, View};

impl Builtin<'_, '_> {
    pub(super) fn range(self, start: i128, end: Option<i128>, step: Option<i128>) -> Eval<Value> {
        let span = self.span;
        let (Some(end), Some(step)) = (end, step) else {
            return Ok(Value::unknown_data(span, "a range that is not known"));
        };
        if step == 0 {
            return self.machine.raise("ValueError", "range() arg 3 must not be zero", span);
        }
        let length = if step > 0 { end.saturating_sub(start) } else { start.saturating_sub(end) };
        let count = if length <= 0 { 0 } else { (length - 1) / step.saturating_abs() + 1 };
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        if let Err(unknown) = self.machine.fits(count.saturating_mul(ITEM), span) {
            return Ok(unknown);
        }
        Ok(self.machine.make_iter("range", State::Range { start, count, step }, span))
    }

    /// `zip`, `map`, `filter` and `enumerate`, which do nothing before they are asked.
    pub(super) fn lazy(self, name: &str, values: &[Value], arguments: &Arguments) -> Eval<Value> {
        let span = self.span;
        let (over, first) = match (name, values) {
            ("zip", _) if arguments.keywords.is_empty() => (values, None),
            ("map" | "filter", [function, over @ ..]) if !over.is_empty() => (over, Some(function)),
            ("enumerate", [over, ..]) => (std::slice::from_ref(over), None),
            _ => return Ok(self.beyond(name, values)),
        };
        let over = match self.machine.iterators(over, span)? {
            Ok(over) => over,
            Err(why) => return Ok(self.unknown(why)),
        };
        let (what, state) = match (name, first, over.as_slice()) {
            ("map", Some(function), _) => ("map", State::Map { function: function.clone(), over }),
            ("filter", Some(function), [over]) => {
                ("filter", State::Filter { function: function.clone(), over: over.clone() })
            }
            ("enumerate", _, [over]) => {
                let next = match arguments.get(1, "start") {
                    None => Some(0),
                    Some(start) => start.as_int(),
                };
                let Some(next) = next else { return Ok(self.beyond(name, values)) };
                ("enumerate", State::Enumerate { over: over.clone(), next })
            }
            ("zip", ..) => ("zip", State::Zip { over }),
            _ => return Ok(self.beyond(name, values)),
        };
        Ok(self.machine.make_iter(what, state, span))
    }

    pub(super) fn next(self, iterator: &Value, default: Option<&Value>) -> Eval<Value> {
        let span = self.span;
        if let View::List(_) | View::Tuple(_) | View::Str(_) | View::Dict(_) | View::Set(_) =
            self.machine.heap.view(iterator)
        {
            let message = format!("{} is not an iterator", self.machine.describe(iterator));
            return self.machine.raise("TypeError", &message, span);
        }
        match self.machine.next_of(iterator, span)? {
            Next::Item(item) => Ok(item),
            Next::End => match default {
                Some(default) => Ok(default.clone()),
                None => self.machine.raise("StopIteration", "", span),
            },
            Next::Unknown(why) => Ok(self.unknown(why)),
        }
    }

    /// `any` and `all` ask for no more items than they need.
    pub(super) fn any_or_all(self, wanted: bool, one: &Value) -> Eval<Value> {
        let span = self.span;
        let mut walk = match self.machine.walk(one, span)? {
            Ok(walk) => walk,
            Err(why) => return Ok(self.unknown(why)),
        };
        let mut unsure = None;
        loop {
            match self.machine.step(&mut walk, span)? {
                Next::Item(item) => match self.machine.truth_of(&item, span)? {
                    Ok(truth) if truth == wanted => return Ok(Value::bool(wanted, span)),
                    Ok(_) => {}
                    Err(why) => unsure = Some(why),
                },
                Next::End => break,
                Next::Unknown(why) => return Ok(self.unknown(why)),
            }
        }
        Ok(match unsure {
            Some(why) => self.unknown(why),
            None => Value::bool(!wanted, span),
        })
    }

    pub(super) fn over(self, name: &str, one: &Value, arguments: &Arguments) -> Eval<Value> {
        let span = self.span;
        if matches!(name, "list" | "tuple" | "dict") {
            self.machine.in_order(one, span);
        }
        let mut items = match self.machine.iterate(one, span)? {
            Ok(items) => items,
            Err(why) => return Ok(self.unknown(why)),
        };
        Ok(match name {
            "list" => self.machine.heap.list(items, span),
            "tuple" => self.machine.heap.tuple(items, span),
            "set" => self.machine.make_set(items, span),
            "frozenset" => self.machine.frozen(items, span),
            "reversed" => {
                items.reverse();
                let what = if matches!(one.kind, Kind::List(_)) {
                    "list_reverseiterator"
                } else {
                    "reversed"
                };
                self.machine.make_iter(what, State::Items { items: items.into(), at: 0 }, span)
            }
            "sum" => {
                let start = arguments.get(1, "start").cloned();
                return self.sum(&items, start.unwrap_or(Value::new(Kind::Int(0), span)));
            }
            "dict" => {
                let mut dict = Dict::default();
                for item in &items {
                    let pair = match self.machine.heap.unknown(item) {
                        Some(why) => return Ok(self.unknown(why.clone())),
                        None => self.machine.iterate(item, span)?,
                    };
                    let [key, value] = match pair.as_deref() {
                        Ok([key, value]) => [key, value],
                        Ok(_) => {
                            let message = "dictionary update sequence element has another length";
                            return self.machine.raise("ValueError", message, span);
                        }
                        Err(why) => return Ok(self.unknown(why.clone())),
                    };
                    match self.machine.key(key) {
                        Ok(name) => dict.insert(name, key.clone(), value.clone()),
                        Err(why) => return Ok(self.unknown(why)),
                    }
                }
                for keyword in &arguments.keywords {
                    let key = Value::str(&keyword.name, keyword.name_span);
                    let name = crate::value::Key::Str(keyword.name.clone());
                    dict.insert(name, key, keyword.value.clone());
                }
                self.machine.heap.dict(dict, span)
            }
            _ => self.beyond(name, std::slice::from_ref(one)),
        })
    }

    /// Python 3.12 adds floats more exactly than the versions before: known is what both agree on.
    fn sum(self, items: &[Value], start: Value) -> Eval<Value> {
        let span = self.span;
        if matches!(start.kind, Kind::Str(_) | Kind::Bytes(_)) {
            let message = "sum() can't sum strings [use ''.join(seq) instead]";
            return self.machine.raise("TypeError", message, span);
        }
        let mut sum = start.clone();
        for item in items {
            sum = self.machine.operate(Operator::Add, &sum, item, span)?;
        }
        let Kind::Float(plain) = sum.kind else { return Ok(sum) };
        let (mut total, mut lost) = (0.0_f64, 0.0_f64);
        for item in std::iter::once(&start).chain(items) {
            let next = number(item).map_or(f64::NAN, Number::float);
            let both = total + next;
            lost += match total.abs() >= next.abs() {
                true => (total - both) + next,
                false => (next - both) + total,
            };
            total = both;
        }
        let exact = if lost.is_finite() { total + lost } else { total };
        Ok(match exact.to_bits() == plain.to_bits() {
            true => sum,
            false => Value::unknown_data(span, "a sum of floats that depends on Python's version"),
        })
    }

    pub(super) fn sorted(mut self, one: &Value, arguments: &Arguments) -> Eval<Value> {
        let span = self.span;
        let items = match self.machine.iterate(one, span)? {
            Ok(items) => items,
            Err(why) => return Ok(self.unknown(why)),
        };
        let keys = self.keys(&items, arguments)?;
        let reverse = match arguments.keyword("reverse").map(|keyword| &keyword.value) {
            None => false,
            Some(reverse) => match self.machine.truth_of(reverse, span)? {
                Ok(reverse) => reverse,
                Err(why) => return Ok(self.unknown(why)),
            },
        };
        let keyed: Vec<(&Value, Value)> = keys.iter().zip(items).collect();
        self.machine.charge(keyed.len() as u64, span)?;
        // Equal items keep their order, reversed or not.
        let sorted = merge_sorted(keyed, &|one, two| {
            let order = self.machine.order(one.0, two.0, 0)?;
            Some(if reverse { order.is_lt() } else { order.is_gt() })
        });
        Ok(match sorted {
            Some(sorted) => {
                let items = sorted.into_iter().map(|(_, item)| item).collect();
                self.machine.heap.list(items, span)
            }
            None => self.beyond("sorted", &keys),
        })
    }

    /// What a `key=` makes of each item.
    fn keys(&mut self, items: &[Value], arguments: &Arguments) -> Eval<Vec<Value>> {
        let Some(key) = arguments.keyword("key").filter(|key| !key.value.is_none()) else {
            return Ok(items.to_vec());
        };
        let mut keys = Vec::with_capacity(items.len());
        for item in items {
            let argument = Arguments::of(vec![item.clone()]);
            keys.push(self.machine.call(&key.value, argument, self.span, self.span)?);
        }
        Ok(keys)
    }

    /// `max` and `min`: the first of those that nothing exceeds.
    pub(super) fn extreme(
        mut self,
        name: &str,
        items: &[Value],
        arguments: &Arguments,
    ) -> Eval<Value> {
        let keys = self.keys(items, arguments)?;
        let mut all = items.iter().zip(&keys);
        let Some(mut best) = all.next() else {
            return match arguments.keyword("default") {
                Some(default) => Ok(default.value.clone()),
                None => {
                    let message = format!("{name}() arg is an empty sequence");
                    self.machine.raise("ValueError", &message, self.span)
                }
            };
        };
        let wanted = match name {
            "max" => std::cmp::Ordering::Greater,
            _ => std::cmp::Ordering::Less,
        };
        for next in all {
            match self.machine.order(next.1, best.1, 0) {
                Some(order) if order == wanted => best = next,
                Some(_) => {}
                None => return Ok(self.beyond(name, &keys)),
            }
        }
        Ok(best.0.clone())
    }
}

/// The items in order, those that are equal as they stood; none where two that have to be compared cannot
/// be. `is_after` says whether the first has to stand behind the second.
fn merge_sorted<T>(
    mut items: Vec<T>,
    is_after: &impl Fn(&T, &T) -> Option<bool>,
) -> Option<Vec<T>> {
    if items.len() < 2 {
        return Some(items);
    }
    let second = items.split_off(items.len() / 2);
    let first = merge_sorted(items, is_after)?.into_iter();
    let second = merge_sorted(second, is_after)?.into_iter();
    let (mut first, mut second) = (first.peekable(), second.peekable());
    let mut merged = Vec::with_capacity(first.len() + second.len());
    while let (Some(one), Some(two)) = (first.peek(), second.peek()) {
        let next = if is_after(one, two)? { second.next() } else { first.next() };
        merged.extend(next);
    }
    merged.extend(first);
    merged.extend(second);
    Some(merged)
}
