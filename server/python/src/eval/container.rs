//! Iterating, subscripts, and changes of lists and dictionaries.

use revline_text::Span;

use super::Answer;
use super::machine::{Eval, Machine};
use crate::syntax::ast::Expr;
use crate::value::{Key, Kind, Object, Term, Unknown, Value, View};

impl Machine<'_> {
    /// Tells the host where the items of a set are taken in an order.
    pub(super) fn in_order(&mut self, value: &Value, span: Span) {
        if matches!(self.heap.view(value), View::Set(items) if items.len() > 1) {
            self.host.unordered(span);
        }
    }

    /// The items of a value in their order.
    pub(super) fn ordered(
        &mut self,
        value: &Value,
        span: Span,
    ) -> Eval<Result<Vec<Value>, Unknown>> {
        self.in_order(value, span);
        self.iterate(value, span)
    }

    /// The items that iterating over a value gives, or why they are not known.
    pub(super) fn iterate(
        &mut self,
        value: &Value,
        span: Span,
    ) -> Eval<Result<Vec<Value>, Unknown>> {
        let items = match self.heap.view(value) {
            View::List(items) | View::Tuple(items) => items.to_vec(),
            View::Dict(dict) | View::Set(dict) => {
                dict.entries().iter().map(|(key, _)| key.clone()).collect()
            }
            View::Str(string) => {
                let string = string.clone();
                let starts = string.text().char_indices();
                let pieces = starts.map(|(at, char)| string.slice(at, at + char.len_utf8()));
                pieces.flatten().map(|piece| Value::new(Kind::Str(piece), value.span)).collect()
            }
            View::Bytes(bytes) => {
                let item = |byte: &u8| Value::new(Kind::Int(i128::from(*byte)), value.span);
                bytes.iter().map(item).collect()
            }
            View::Iter(_) => return self.drain(value, span),
            View::Unknown(unknown) => return Ok(Err(unknown.clone())),
            View::Class(_) if value.object().is_some_and(|class| self.is_enum(class)) => {
                value.object().map(|class| self.members(class)).unwrap_or_default()
            }
            View::Instance(_) if self.class_attribute(value, "__iter__").is_some() => {
                return match self.special_call(value, "__iter__", &[], span)? {
                    Some(items) if !matches!(items.kind, Kind::Instance(_)) => {
                        self.iterate(&items, span)
                    }
                    _ => Ok(Err(Unknown::data(value.span, "the items of an object"))),
                };
            }
            View::Symbol(_)
            | View::Term(_)
            | View::Host(_)
            | View::Instance(_)
            | View::Class(_) => {
                return match self.host.iterate(&mut self.heap, value, span) {
                    Answer::Unclaimed => {
                        let why = format!("the items of {}", self.describe(value));
                        Ok(Err(Unknown::new(value.span, why)))
                    }
                    answer => {
                        let answer = self.settle_answer(answer, span)?;
                        Ok(match self.heap.items(&answer) {
                            Some(items) => Ok(items.to_vec()),
                            None => Err(self.why(&answer)),
                        })
                    }
                };
            }
            _ => {
                let message = format!("{} is not iterable", self.describe(value));
                return self.raise("TypeError", &message, span);
            }
        };
        self.charge(items.len() as u64 / 8, span)?;
        self.heap.charge(items.len().saturating_mul(size_of::<Value>()) / 4);
        Ok(Ok(items))
    }

    pub(super) fn item(&mut self, object: &Value, key: &Value, span: Span) -> Eval<Value> {
        if let Some(value) = self.globals_item(object, key, span)? {
            return Ok(value);
        }
        match self.heap.view(object) {
            View::Unknown(unknown) => Ok(Value::new(Kind::Unknown(unknown.clone()), span)),
            View::Instance(_) if self.class_attribute(object, "__getitem__").is_some() => {
                let found =
                    self.special_call(object, "__getitem__", std::slice::from_ref(key), span)?;
                Ok(found.unwrap_or_else(|| Value::unknown_data(span, "an item of an object")))
            }
            View::Symbol(_) | View::Term(_) | View::Host(_) | View::Instance(_) => {
                match self.host.item(&mut self.heap, object, key, span) {
                    Answer::Unclaimed => {
                        if matches!(object.kind, Kind::Instance(_)) {
                            let why = format!("an item of {}", self.describe(object));
                            return Ok(Value::unknown(span, why));
                        }
                        if let Kind::Symbol(symbol) = &object.kind
                            && super::library::is_standard(symbol.path())
                        {
                            let why = format!("`{}` is not evaluated", symbol.path());
                            return Ok(Value::unknown_data(span, why));
                        }
                        let term = Term::Item { object: object.clone(), key: key.clone() };
                        Ok(self.heap.term(term, span))
                    }
                    answer => self.settle_answer(answer, span),
                }
            }
            View::Dict(dict) => {
                let found = match self.key(key) {
                    Ok(name) => dict.get(&name).cloned(),
                    Err(why) => return Ok(Value::new(Kind::Unknown(why), span)),
                };
                match found {
                    Some(value) => Ok(value),
                    None => {
                        let shown = crate::emit::literal(&self.heap, key).unwrap_or_default();
                        self.raise("KeyError", &shown, span)
                    }
                }
            }
            View::List(items) | View::Tuple(items) => {
                let found = index(key, items.len()).map(|at| items.get(at).cloned());
                self.indexed(found, key, span)
            }
            View::Str(string) => {
                let chars = string.text().char_indices();
                let all: Vec<(usize, char)> = chars.collect();
                let found = index(key, all.len()).map(|at| {
                    let (start, char) = *all.get(at)?;
                    let piece = string.slice(start, start + char.len_utf8())?;
                    Some(Value::new(Kind::Str(piece), span))
                });
                self.indexed(found, key, span)
            }
            View::Bytes(bytes) => {
                let found = index(key, bytes.len()).map(|at| {
                    bytes.get(at).map(|byte| Value::new(Kind::Int(i128::from(*byte)), span))
                });
                self.indexed(found, key, span)
            }
            View::Iter(iter) if iter.what == "range" => match self.drain(object, span)? {
                Ok(items) => {
                    let found = index(key, items.len()).map(|at| items.get(at).cloned());
                    self.indexed(found, key, span)
                }
                Err(why) => Ok(Value::new(Kind::Unknown(why), span)),
            },
            View::Iter(_) | View::Set(_) | View::Int(_) | View::Float(_) | View::Bool(_) => {
                let message = format!("{} is not subscriptable", self.describe(object));
                self.raise("TypeError", &message, span)
            }
            View::Class(_) => {
                // `Color["red"]`; the subscript of a generic class is the class.
                let name = key.as_str().map(str::to_owned);
                match (object.object(), name) {
                    (Some(class), Some(name)) if self.is_enum(class) => {
                        self.attribute(object, &name, span)
                    }
                    _ => Ok(object.clone()),
                }
            }
            _ => {
                let why = format!("an item of {}", self.describe(object));
                Ok(Value::unknown_data(span, why))
            }
        }
    }

    fn indexed(&mut self, found: Option<Option<Value>>, key: &Value, span: Span) -> Eval<Value> {
        match found {
            Some(Some(value)) => Ok(value),
            Some(None) => self.raise("IndexError", "index out of range", span),
            None if super::operator::kind_of(self.heap.view(key)).is_some() => {
                self.raise("TypeError", "indices must be integers or slices", span)
            }
            None => Ok(Value::new(Kind::Unknown(self.why(key)), span)),
        }
    }

    pub(super) fn slice(
        &mut self,
        object: &Value,
        bounds: [Option<&Expr>; 3],
        span: Span,
    ) -> Eval<Value> {
        let [lower, upper, step] = match self.bounds(bounds, span)? {
            Ok(numbers) => numbers,
            Err(unknown) => return Ok(unknown),
        };
        let step = step.unwrap_or(1);
        match self.heap.view(object) {
            View::Bytes(bytes) => {
                let wanted = positions(bytes.len(), lower, upper, step).into_iter();
                let bytes: Vec<u8> = wanted.filter_map(|at| bytes.get(at).copied()).collect();
                self.heap.charge(bytes.len());
                Ok(Value::new(Kind::Bytes(bytes.into()), span))
            }
            View::Str(string) => {
                let string = string.clone();
                let ends = string.text().char_indices().map(|(at, _)| at);
                let starts: Vec<usize> = ends.chain([string.text().len()]).collect();
                let wanted = positions(starts.len() - 1, lower, upper, step);
                let mut joiner = crate::value::string::Joiner::default();
                if step == 1 {
                    let from = wanted.first().and_then(|at| starts.get(*at)).copied();
                    let to = wanted.last().and_then(|at| starts.get(*at + 1)).copied();
                    if let (Some(from), Some(to)) = (from, to)
                        && let Some(piece) = string.slice(from, to)
                    {
                        joiner.push(&piece);
                    }
                } else {
                    for at in wanted {
                        if let (Some(from), Some(to)) = (starts.get(at), starts.get(at + 1))
                            && let Some(piece) = string.slice(*from, *to)
                        {
                            joiner.push(&piece);
                        }
                    }
                }
                Ok(self.string(joiner.finish(span), span))
            }
            View::List(items) => {
                let wanted = positions(items.len(), lower, upper, step);
                let items = wanted.into_iter().filter_map(|at| items.get(at).cloned()).collect();
                Ok(self.heap.list(items, span))
            }
            View::Tuple(items) => {
                let wanted = positions(items.len(), lower, upper, step);
                let items = wanted.into_iter().filter_map(|at| items.get(at).cloned()).collect();
                Ok(self.heap.tuple(items, span))
            }
            View::Int(_) | View::Float(_) | View::Bool(_) | View::Set(_) | View::Dict(_) => {
                let message = format!("{} cannot be sliced", self.describe(object));
                self.raise("TypeError", &message, span)
            }
            _ => Ok(Value::new(Kind::Unknown(self.why(object)), span)),
        }
    }

    /// The numbers of a slice.
    fn bounds(
        &mut self,
        bounds: [Option<&Expr>; 3],
        span: Span,
    ) -> Eval<Result<[Option<i128>; 3], Value>> {
        let mut numbers: [Option<i128>; 3] = [None; 3];
        for (number, bound) in numbers.iter_mut().zip(bounds) {
            let Some(bound) = bound else { continue };
            let value = self.expression(bound)?;
            match self.heap.view(&value) {
                View::None => {}
                View::Int(found) => *number = Some(found),
                View::Bool(truth) => *number = Some(i128::from(truth)),
                view if super::operator::kind_of(view).is_some() => {
                    return self.raise("TypeError", "slice indices must be integers or None", span);
                }
                _ => return Ok(Err(Value::new(Kind::Unknown(self.why(&value)), span))),
            }
        }
        if numbers.last() == Some(&Some(0)) {
            return self.raise("ValueError", "slice step cannot be zero", span);
        }
        Ok(Ok(numbers))
    }

    /// `list[lower:upper:step] = values`, or `del` of it where there are no values.
    pub(super) fn set_slice(
        &mut self,
        object: &Value,
        bounds: [Option<&Expr>; 3],
        values: Option<&Value>,
        span: Span,
    ) -> Eval<()> {
        let bounds = self.bounds(bounds, span)?;
        let Kind::List(_) = object.kind else {
            let why = Unknown::data(span, "an assignment to a slice that is not evaluated");
            self.taint_value(object, Some(why));
            return Ok(());
        };
        let items = match values {
            None => Ok(Vec::new()),
            Some(values) => self.ordered(values, span)?,
        };
        let (bounds, items) = match (bounds, items) {
            (Ok(bounds), Ok(items)) => (bounds, items),
            (Err(unknown), _) => {
                self.taint_value(object, unknown.as_unknown().cloned());
                return Ok(());
            }
            (_, Err(why)) => {
                self.taint_value(object, Some(why));
                return Ok(());
            }
        };
        let length = self.heap.items(object).map_or(0, <[Value]>::len);
        let size = ((length + items.len()) as u64).saturating_mul(super::operator::ITEM);
        if let Err(large) = self.fits(size, span) {
            self.taint_value(object, large.as_unknown().cloned());
            return Ok(());
        }
        self.charge(length as u64 / 8, span)?;
        let [lower, upper, step] = bounds;
        let mut places = positions(length, lower, upper, step.unwrap_or(1));
        if values.is_some() && step.is_some_and(|step| step != 1) {
            if places.len() != items.len() {
                let message = "attempt to assign a sequence of another size to an extended slice";
                return self.raise("ValueError", message, span);
            }
            if let Some(list) = self.heap.list_mut(object) {
                for (place, item) in places.into_iter().zip(items) {
                    if let Some(old) = list.get_mut(place) {
                        *old = item;
                    }
                }
            }
            return Ok(());
        }
        self.heap.charge(items.len().saturating_mul(size_of::<Value>()));
        let start = positions(length, None, lower, 1).len();
        let Some(list) = self.heap.list_mut(object) else { return Ok(()) };
        places.sort_unstable();
        for place in places.iter().rev() {
            list.remove(*place);
        }
        if values.is_some() {
            let start = if lower.is_none() { 0 } else { start.min(list.len()) };
            list.splice(start..start, items);
        }
        Ok(())
    }

    pub(super) fn set_item(
        &mut self,
        object: &Value,
        key: &Value,
        value: &Value,
        span: Span,
    ) -> Eval<()> {
        if self.set_global(object, key, value) {
            return Ok(());
        }
        if let Kind::Dict(_) = object.kind {
            self.need_hashable(key, span)?;
        }
        match &object.kind {
            Kind::Dict(id) => match self.key(key) {
                Ok(name) => {
                    self.heap.charge(2 * size_of::<Value>());
                    if let Some(Object::Dict(dict)) = self.heap.change(*id) {
                        dict.insert(name, key.clone(), value.clone());
                    }
                }
                Err(why) => self.heap.taint(*id, why),
            },
            Kind::List(id) => {
                let length = self.heap.items(object).map(<[Value]>::len);
                match length.map(|length| index(key, length)) {
                    Some(Some(at)) => {
                        let mut set = false;
                        if let Some(Object::List(items)) = self.heap.change(*id)
                            && let Some(place) = items.get_mut(at)
                        {
                            *place = value.clone();
                            set = true;
                        }
                        if !set {
                            return self.raise(
                                "IndexError",
                                "list assignment index out of range",
                                span,
                            );
                        }
                    }
                    Some(None) => {
                        let why = self.why(key);
                        self.heap.taint(*id, why);
                    }
                    None => {}
                }
            }
            Kind::Instance(id) => {
                let id = *id;
                let with = [key.clone(), value.clone()];
                if self.special_call(object, "__setitem__", &with, span)?.is_none() {
                    let why = Unknown::data(span, "an item of an object");
                    self.heap.taint(id, why);
                }
            }
            _ if super::operator::kind_of(self.heap.view(object)).is_some() => {
                let message = format!("{} does not support item assignment", self.describe(object));
                return self.raise("TypeError", &message, span);
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn delete_item(&mut self, object: &Value, key: &Value, span: Span) -> Eval<()> {
        if let Kind::Dict(_) = object.kind {
            self.need_hashable(key, span)?;
        }
        match &object.kind {
            Kind::Dict(id) => match self.key(key) {
                Ok(name) => {
                    let length = self.heap.dict_mut(object).map_or(0, |dict| dict.len());
                    self.charge(length as u64 / 8, span)?;
                    let removed =
                        self.heap.dict_mut(object).map(|dict| dict.remove(&name).is_some());
                    if removed == Some(false) {
                        return self.raise("KeyError", "", span);
                    }
                }
                Err(why) => self.heap.taint(*id, why),
            },
            Kind::List(id) => {
                let length = self.heap.items(object).map_or(0, <[Value]>::len);
                match index(key, length) {
                    Some(at) if at < length => {
                        if let Some(items) = self.heap.list_mut(object) {
                            items.remove(at);
                        }
                    }
                    Some(_) => return self.raise("IndexError", "index out of range", span),
                    None => {
                        let why = self.why(key);
                        self.heap.taint(*id, why);
                    }
                }
            }
            _ if super::operator::kind_of(self.heap.view(object)).is_some() => {
                let message = format!("{} does not support item deletion", self.describe(object));
                return self.raise("TypeError", &message, span);
            }
            _ => {}
        }
        Ok(())
    }

    /// `list.extend(values)`, also `list += values`.
    pub(super) fn extend(&mut self, list: &Value, values: &Value, span: Span) -> Eval<()> {
        match self.ordered(values, span)? {
            Ok(items) => {
                let size = self.heap.items(list).map_or(0, <[Value]>::len) + items.len();
                if let Err(unknown) =
                    self.fits((size as u64).saturating_mul(super::operator::ITEM), span)
                {
                    self.taint_value(list, unknown.as_unknown().cloned());
                    return Ok(());
                }
                self.heap.charge(items.len().saturating_mul(size_of::<Value>()));
                if let Some(list) = self.heap.list_mut(list) {
                    list.extend(items);
                }
            }
            Err(why) => self.taint_value(list, Some(why)),
        }
        Ok(())
    }

    /// `dict.update(values)` and `set.update(values)`.
    pub(super) fn update(&mut self, object: &Value, values: &Value, span: Span) -> Eval<()> {
        let entries: Vec<(Value, Value)> = match (&object.kind, self.heap.view(values)) {
            (Kind::Dict(_), View::Dict(other)) => other.entries().to_vec(),
            (Kind::Dict(_), View::List(_) | View::Tuple(_) | View::Iter(_)) => {
                let callee = Value::symbol("builtins.dict", span);
                let arguments = crate::value::Arguments::of(vec![values.clone()]);
                let made = super::builtin::call(self, "dict", &callee, arguments, span)?;
                match self.heap.view(&made) {
                    View::Dict(made) => made.entries().to_vec(),
                    _ => {
                        let why = self.why(&made);
                        self.taint_value(object, Some(why));
                        return Ok(());
                    }
                }
            }
            (Kind::Dict(_), _) => {
                let why = self.why(values);
                self.taint_value(object, Some(why));
                return Ok(());
            }
            _ => match self.iterate(values, span)? {
                Ok(items) => {
                    for item in &items {
                        self.need_hashable(item, span)?;
                    }
                    items.into_iter().map(|item| (item, Value::none(span))).collect()
                }
                Err(why) => {
                    self.taint_value(object, Some(why));
                    return Ok(());
                }
            },
        };
        self.heap.charge(entries.len().saturating_mul(2 * size_of::<Value>()));
        for (key, value) in entries {
            match self.key(&key) {
                Ok(name) => {
                    if let Some(dict) = self.heap.dict_mut(object) {
                        dict.insert(name, key, value);
                    }
                }
                Err(why) => self.taint_value(object, Some(why)),
            }
        }
        Ok(())
    }

    pub(super) fn taint_value(&mut self, value: &Value, why: Option<Unknown>) {
        if let (Some(id), Some(why)) = (value.object(), why) {
            self.heap.taint(id, why);
        }
    }

    /// The value that a dictionary has for a key.
    pub(super) fn dict_get(&self, dict: &Value, key: &Key) -> Option<Value> {
        match self.heap.view(dict) {
            View::Dict(dict) => dict.get(key).cloned(),
            _ => None,
        }
    }
}

/// The place that an index names in a sequence; one past the end where it lies outside. `None` where
/// it is no integer.
pub(super) fn index(key: &Value, length: usize) -> Option<usize> {
    let at = match key.kind {
        Kind::Int(at) => at,
        Kind::Bool(truth) => i128::from(truth),
        _ => return None,
    };
    let at = if at < 0 { at.checked_add(length as i128)? } else { at };
    Some(usize::try_from(at).unwrap_or(length).min(length))
}

/// The place before which `insert` puts an item; `None` where it is no integer.
pub(super) fn place(key: &Value, length: usize) -> Option<usize> {
    let at = super::operator::number(key).and_then(|at| match at {
        super::operator::Number::Int(at) => Some(at),
        super::operator::Number::Float(_) => None,
    })?;
    let at = if at < 0 { at.saturating_add(length as i128).max(0) } else { at };
    Some(usize::try_from(at).unwrap_or(length).min(length))
}

/// The places that a slice names.
fn positions(length: usize, lower: Option<i128>, upper: Option<i128>, step: i128) -> Vec<usize> {
    let length = length as i128;
    let clamp = |bound: i128, low: i128, high: i128| {
        let bound = if bound < 0 { bound.saturating_add(length) } else { bound };
        bound.clamp(low, high)
    };
    let mut places = Vec::new();
    if step > 0 {
        let mut at = lower.map_or(0, |bound| clamp(bound, 0, length));
        let end = upper.map_or(length, |bound| clamp(bound, 0, length));
        while at < end {
            places.push(usize::try_from(at).unwrap_or_default());
            at = at.saturating_add(step);
        }
    } else {
        let mut at = lower.map_or(length - 1, |bound| clamp(bound, -1, length - 1));
        let end = upper.map_or(-1, |bound| clamp(bound, -1, length - 1));
        while at > end {
            places.push(usize::try_from(at).unwrap_or_default());
            at = at.saturating_add(step);
        }
    }
    places
}
