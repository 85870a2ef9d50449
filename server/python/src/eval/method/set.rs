//! Methods of sets.

use revline_text::Span;

use super::super::machine::{Eval, Machine};
use crate::value::{Kind, Object, Value, View};

impl Machine<'_> {
    pub(super) fn set_method(
        &mut self,
        set: &Value,
        name: &str,
        values: &[Value],
        span: Span,
    ) -> Eval<Option<Value>> {
        let View::Set(found) = self.heap.view(set) else {
            return Ok(Some(Value::new(Kind::Unknown(self.why(set)), span)));
        };
        match (name, values) {
            // A set is looked for as the frozen set that it equals.
            ("discard" | "remove", [value]) if self.key(value).is_err() => {
                if !matches!(value.kind, Kind::Set(_)) {
                    self.need_hashable(value, span)?;
                }
                Ok(None)
            }
            ("add", [value]) => {
                let pair = [value.clone()];
                let list = self.heap.list(pair.to_vec(), span);
                self.update(set, &list, span)?;
                Ok(Some(Value::none(span)))
            }
            ("update", _) => {
                for values in values {
                    self.update(set, values, span)?;
                }
                Ok(Some(Value::none(span)))
            }
            ("clear", []) => {
                if let Some(set) = self.heap.dict_mut(set) {
                    *set = crate::value::Dict::default();
                }
                Ok(Some(Value::none(span)))
            }
            // Which one it gives is not Python's to promise.
            ("pop", []) if found.len() <= 1 => match self.heap.dict_mut(set).map(std::mem::take) {
                Some(set) if !set.is_empty() => {
                    Ok(set.entries().first().map(|(item, _)| item.clone()))
                }
                _ => self.raise("KeyError", "'pop from an empty set'", span),
            },
            ("remove" | "discard", [value]) => match self.key(value) {
                Ok(key) => {
                    let length = found.len();
                    self.charge(length as u64 / 8, span)?;
                    let removed = self.heap.dict_mut(set).and_then(|set| set.remove(&key));
                    if removed.is_none() && name == "remove" {
                        return self.raise("KeyError", "", span);
                    }
                    Ok(Some(Value::none(span)))
                }
                Err(_) => Ok(None),
            },
            ("copy", []) => {
                let copy = self.heap.add(Object::Set(found.clone()));
                let is_frozen = matches!(set.kind, Kind::FrozenSet(_));
                let kind = if is_frozen { Kind::FrozenSet(copy) } else { Kind::Set(copy) };
                Ok(Some(Value::new(kind, span)))
            }
            (
                "union"
                | "difference"
                | "intersection"
                | "symmetric_difference"
                | "issubset"
                | "issuperset"
                | "isdisjoint"
                | "difference_update"
                | "intersection_update"
                | "symmetric_difference_update",
                [other],
            ) => {
                let is_set = matches!(self.heap.view(other), View::Set(_));
                let other = match self.iterate(other, span)? {
                    Ok(items) => self.make_set(items, span),
                    Err(why) => return Ok(Some(Value::new(Kind::Unknown(why), span))),
                };
                use crate::value::Operator;
                let operator = match name {
                    "union" => Operator::BitOr,
                    "difference" | "issubset" | "difference_update" => Operator::Sub,
                    "symmetric_difference" | "symmetric_difference_update" => Operator::BitXor,
                    _ => Operator::BitAnd,
                };
                if name == "issuperset" {
                    let rest = self.operate(Operator::Sub, &other, set, span)?;
                    return Ok(self.truth(&rest).ok().map(|some| Value::bool(!some, span)));
                }
                let mut result = self.operate(operator, set, &other, span)?;
                // Of equal items, those of what is no set are kept.
                if operator == Operator::BitAnd
                    && !is_set
                    && let (View::Set(own), View::Set(kept)) =
                        (self.heap.view(set), self.heap.view(&other))
                {
                    let mut both = crate::value::Dict::default();
                    for (item, none) in kept.entries() {
                        if let Ok(key) = self.key(item)
                            && own.get(&key).is_some()
                        {
                            both.insert(key, item.clone(), none.clone());
                        }
                    }
                    let both = self.heap.add(Object::Set(both));
                    result.kind = match set.kind {
                        Kind::FrozenSet(_) => Kind::FrozenSet(both),
                        _ => Kind::Set(both),
                    };
                }
                if matches!(name, "issubset" | "isdisjoint") {
                    return Ok(self.truth(&result).ok().map(|some| Value::bool(!some, span)));
                }
                if name.ends_with("_update") {
                    let items = match self.heap.view(&result) {
                        View::Set(items) => items.clone(),
                        _ => return Ok(None),
                    };
                    if let Some(set) = self.heap.dict_mut(set) {
                        *set = items;
                    }
                    return Ok(Some(Value::none(span)));
                }
                Ok(Some(result))
            }
            _ => Ok(None),
        }
    }
}
