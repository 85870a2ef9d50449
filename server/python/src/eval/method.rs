//! Methods of built-in types: which there are, and those of lists, dictionaries and sets.

mod set;
mod text;

use revline_text::Span;

use super::machine::{Eval, Machine};
use super::{Answer, Callee, Invocation};
use crate::value::string::Joiner;
use crate::value::{Argument, Arguments, Kind, Object, Part, State, Str, Unknown, Value, View};

const STRING: &[&str] = &[
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
    "zfill",
];
const LIST: &[&str] = &[
    "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse",
    "sort",
];
const DICT: &[&str] =
    &["clear", "copy", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"];
const SET: &[&str] = &[
    "add",
    "clear",
    "copy",
    "difference",
    "difference_update",
    "discard",
    "intersection",
    "intersection_update",
    "isdisjoint",
    "issubset",
    "issuperset",
    "pop",
    "remove",
    "symmetric_difference",
    "symmetric_difference_update",
    "union",
    "update",
];
const FROZEN: &[&str] = &[
    "copy",
    "difference",
    "intersection",
    "isdisjoint",
    "issubset",
    "issuperset",
    "symmetric_difference",
    "union",
];

/// Whether a value of a built-in type has a method that is evaluated.
pub(super) fn exists(value: &Value, name: &str) -> bool {
    let names = match value.kind {
        Kind::Str(_) => STRING,
        Kind::List(_) => LIST,
        Kind::Tuple(_) => &["count", "index"],
        Kind::Dict(_) => DICT,
        Kind::Set(_) => SET,
        Kind::FrozenSet(_) => FROZEN,
        Kind::Bytes(_) => &["decode"],
        _ => &[],
    };
    names.contains(&name)
}

/// Whether an encoding has the characters of ASCII where ASCII has them.
fn is_ascii_like(encoding: &str) -> bool {
    matches!(encoding, "ascii" | "latin-1" | "latin1" | "iso-8859-1" | "cp1252")
}

/// What `property.setter` is called as, and under which name the property keeps what it was given.
pub(super) const SETTER: &str = "(setter)";

/// Whether a value of a built-in type certainly has no such attribute.
pub(super) fn is_absent(value: &Value, name: &str) -> bool {
    const NUMBER: &[&str] = &[
        "as_integer_ratio",
        "bit_count",
        "bit_length",
        "conjugate",
        "denominator",
        "from_bytes",
        "fromhex",
        "hex",
        "imag",
        "is_integer",
        "numerator",
        "real",
        "to_bytes",
    ];
    let is_other = match value.kind {
        Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) | Kind::FrozenSet(_) => true,
        Kind::Dict(_) => name != "fromkeys",
        Kind::Bytes(_) => {
            !STRING.contains(&name)
                && !matches!(name, "decode" | "fromhex" | "hex" | "maketrans" | "translate")
        }
        Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => !NUMBER.contains(&name),
        _ => false,
    };
    is_other && !name.starts_with("__") && !exists(value, name)
}

impl Machine<'_> {
    pub(super) fn builtin_method(
        &mut self,
        receiver: &Value,
        name: &str,
        arguments: Arguments,
        span: Span,
    ) -> Eval<Value> {
        if let Some(why) = &arguments.unknown {
            let why = why.clone();
            self.taint_value(receiver, Some(why.clone()));
            return Ok(Value::new(Kind::Unknown(why), span));
        }
        let values: Vec<Value> =
            arguments.positional.iter().map(|argument| argument.value.clone()).collect();
        let result = match &receiver.kind {
            Kind::Str(text) if name == "format" => {
                return self.str_format(&text.clone(), &arguments, span);
            }
            Kind::Str(text) if name == "join" => return self.join(&text.clone(), &values, span),
            // What a library wraps a string in is known as the string.
            Kind::Str(_) if !exists(receiver, name) => {
                let callee = Callee::Method { receiver, name };
                let call = Invocation { callee, arguments: &arguments, span, callee_span: span };
                match self.host.call(&mut self.heap, &call) {
                    Answer::Unclaimed => None,
                    answer => Some(self.settle_answer(answer, span)?),
                }
            }
            Kind::Str(text) => self.string_method(&text.clone(), name, &arguments, span)?,
            Kind::List(_) => self.list_method(receiver, name, &values, &arguments, span)?,
            Kind::Dict(_) => self.dict_method(receiver, name, &values, &arguments, span)?,
            Kind::Set(_) | Kind::FrozenSet(_) if exists(receiver, name) => {
                self.set_method(receiver, name, &values, span)?
            }
            Kind::Tuple(_) if exists(receiver, name) => {
                self.sequence_method(receiver, name, &values, span)?
            }
            Kind::Function(_) if name == SETTER => Some(self.with_setter(receiver, &values, span)),
            Kind::Bytes(bytes) if name == "decode" && arguments.get(1, "errors").is_none() => {
                let encoding = match arguments.get(0, "encoding") {
                    None => Some("utf-8"),
                    Some(encoding) => encoding.as_str(),
                };
                let is_utf = matches!(encoding, Some("utf-8" | "utf8" | "UTF-8"));
                match std::str::from_utf8(bytes) {
                    Ok(text)
                        if is_utf || text.is_ascii() && encoding.is_some_and(is_ascii_like) =>
                    {
                        Some(Value::str(text, span))
                    }
                    Err(_) if is_utf => {
                        let message = "'utf-8' codec can't decode bytes";
                        return self.raise("UnicodeDecodeError", message, span);
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        Ok(match result {
            Some(value) => value,
            None if is_absent(receiver, name) && self.heap.unknown(receiver).is_none() => {
                let message = format!("{} has no attribute '{name}'", self.describe(receiver));
                return self.raise("AttributeError", &message, span);
            }
            None => {
                let unknown = values.iter().find_map(|value| self.heap.unknown(value)).cloned();
                let why = unknown.unwrap_or_else(|| {
                    let what = self.describe(receiver);
                    Unknown::data(span, format!("the method `{name}` of {what} is not evaluated"))
                });
                // What is not evaluated may have changed it.
                if !exists(receiver, name) || !matches!(receiver.kind, Kind::Str(_)) {
                    self.taint_value(receiver, Some(why.clone()));
                }
                Value::new(Kind::Unknown(why), span)
            }
        })
    }

    /// A property like another, with a function that takes what is assigned.
    fn with_setter(&mut self, property: &Value, values: &[Value], span: Span) -> Value {
        let (View::Function(function), [setter]) = (self.heap.view(property), values) else {
            return Value::unknown_data(span, "a setter that is not evaluated");
        };
        let mut function = function.clone();
        function.attributes.insert(SETTER.into(), setter.clone());
        Value::new(Kind::Function(self.heap.add(Object::Function(function))), span)
    }

    fn join(&mut self, separator: &Str, values: &[Value], span: Span) -> Eval<Value> {
        let [list] = values else {
            return Ok(Value::unknown_data(span, "a `join` that is not evaluated"));
        };
        let items = match self.ordered(list, span)? {
            Ok(items) => items,
            Err(why) => return Ok(Value::new(Kind::Unknown(why), span)),
        };
        let mut joiner = Joiner::default();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                joiner.push(separator);
            }
            match self.heap.view(item) {
                View::Str(text) => joiner.push(text),
                View::Unknown(why) => return Ok(Value::new(Kind::Unknown(why.clone()), span)),
                _ => {
                    let message = format!("sequence item {index}: expected str instance");
                    if super::operator::kind_of(self.heap.view(item)).is_some() {
                        return self.raise("TypeError", &message, span);
                    }
                    return Ok(Value::new(Kind::Unknown(self.why(item)), span));
                }
            }
            if let Err(large) = self.fits(joiner.len() as u64, span) {
                return Ok(large);
            }
        }
        Ok(self.string(joiner.finish(span), span))
    }

    fn sequence_method(
        &mut self,
        list: &Value,
        name: &str,
        values: &[Value],
        span: Span,
    ) -> Eval<Option<Value>> {
        let (Some(items), [wanted, bounds @ ..]) =
            (self.heap.items(list).map(<[Value]>::to_vec), values)
        else {
            return Ok(None);
        };
        if !bounds.is_empty() {
            return Ok(None);
        }
        self.charge(items.len() as u64 / 4, span)?;
        let mut count = 0_i128;
        for (index, item) in items.iter().enumerate() {
            let equal = self.compare(crate::value::Operator::Eq, item, wanted, span)?;
            match (self.truth_of(&equal, span)?, name) {
                (Ok(true), "index") => {
                    return Ok(Some(Value::new(Kind::Int(index as i128), span)));
                }
                (Ok(true), _) => count += 1,
                (Ok(false), _) => {}
                (Err(why), _) => return Ok(Some(Value::new(Kind::Unknown(why), span))),
            }
        }
        if name == "index" {
            return self.raise("ValueError", "the value is not in the list", span);
        }
        Ok((name == "count").then(|| Value::new(Kind::Int(count), span)))
    }

    fn list_method(
        &mut self,
        list: &Value,
        name: &str,
        values: &[Value],
        arguments: &Arguments,
        span: Span,
    ) -> Eval<Option<Value>> {
        let none = Ok(Some(Value::none(span)));
        if let Some(why) = self.heap.unknown(list) {
            let why = why.clone();
            let changes = matches!(
                name,
                "append" | "extend" | "insert" | "remove" | "clear" | "sort" | "reverse"
            );
            return if changes { none } else { Ok(Some(Value::new(Kind::Unknown(why), span))) };
        }
        let length = self.heap.items(list).map_or(0, <[Value]>::len);
        match (name, values) {
            ("append", [value]) => {
                if let Err(unknown) =
                    self.fits((length as u64 + 1).saturating_mul(super::operator::ITEM), span)
                {
                    self.taint_value(list, unknown.as_unknown().cloned());
                    return none;
                }
                self.heap.charge(size_of::<Value>());
                if let Some(items) = self.heap.list_mut(list) {
                    items.push(value.clone());
                }
                none
            }
            ("extend", [values]) => {
                self.extend(list, values, span)?;
                none
            }
            ("insert", [at, value]) => match super::container::place(at, length) {
                Some(at) => {
                    self.charge(length as u64 / 8, span)?;
                    self.heap.charge(size_of::<Value>());
                    if let Some(items) = self.heap.list_mut(list) {
                        items.insert(at.min(items.len()), value.clone());
                    }
                    none
                }
                None => Ok(None),
            },
            ("pop", [] | [_]) => {
                let at = match values.first() {
                    None => length.saturating_sub(1),
                    Some(at) => match super::container::index(at, length) {
                        Some(at) => at,
                        None => return Ok(None),
                    },
                };
                self.charge(length as u64 / 8, span)?;
                match self.heap.list_mut(list) {
                    Some(items) if at < items.len() => Ok(Some(items.remove(at))),
                    _ => self.raise("IndexError", "pop index out of range", span),
                }
            }
            ("remove", [_]) => {
                let at = match self.sequence_method(list, "index", values, span)? {
                    Some(Value { kind: Kind::Int(at), .. }) => usize::try_from(at).ok(),
                    _ => None,
                };
                match (at, self.heap.list_mut(list)) {
                    (Some(at), Some(items)) if at < items.len() => {
                        items.remove(at);
                        none
                    }
                    _ => Ok(None),
                }
            }
            ("clear", []) => {
                if let Some(items) = self.heap.list_mut(list) {
                    items.clear();
                }
                none
            }
            ("reverse", []) => {
                if let Some(items) = self.heap.list_mut(list) {
                    items.reverse();
                }
                none
            }
            ("copy", []) => {
                let items = self.heap.items(list).map(<[Value]>::to_vec).unwrap_or_default();
                Ok(Some(self.heap.list(items, span)))
            }
            ("sort", []) => {
                let mut call = arguments.clone();
                call.positional.insert(0, Argument { value: list.clone(), span });
                let callee = Value::symbol("builtins.sorted", span);
                let sorted = super::builtin::call(self, "sorted", &callee, call, span)?;
                match self.heap.items(&sorted).map(<[Value]>::to_vec) {
                    Some(sorted) => {
                        if let Some(items) = self.heap.list_mut(list) {
                            *items = sorted;
                        }
                        none
                    }
                    None => Ok(None),
                }
            }
            ("index" | "count", _) => self.sequence_method(list, name, values, span),
            _ => Ok(None),
        }
    }

    fn dict_method(
        &mut self,
        dict: &Value,
        name: &str,
        values: &[Value],
        arguments: &Arguments,
        span: Span,
    ) -> Eval<Option<Value>> {
        let View::Dict(found) = self.heap.view(dict) else {
            return Ok(Some(Value::new(Kind::Unknown(self.why(dict)), span)));
        };
        let key = match values.first().map(|key| self.key(key)) {
            Some(Ok(key)) => Some(key),
            Some(Err(why)) if matches!(name, "get" | "pop" | "setdefault") => {
                if name != "get" {
                    self.taint_value(dict, Some(why.clone()));
                }
                return Ok(Some(Value::new(Kind::Unknown(why), span)));
            }
            _ => None,
        };
        match (name, values, key) {
            ("get", [_] | [_, _], Some(key)) => {
                let value = found.get(&key).cloned();
                let default = values.get(1).cloned().unwrap_or(Value::none(span));
                Ok(Some(value.unwrap_or(default)))
            }
            ("keys" | "values" | "items", [], _) => {
                let (what, part) = match name {
                    "keys" => ("dict_keys", Part::Keys),
                    "values" => ("dict_values", Part::Values),
                    _ => ("dict_items", Part::Items),
                };
                let state = State::Entries { of: dict.clone(), part };
                Ok(Some(self.make_iter(what, state, span)))
            }
            ("popitem", [], _) => {
                let last = found.entries().last().map(|(key, _)| self.key(key));
                let removed = match last {
                    Some(Ok(key)) => self.heap.dict_mut(dict).and_then(|dict| dict.remove(&key)),
                    Some(Err(_)) => return Ok(None),
                    None => None,
                };
                match removed {
                    Some((key, value)) => Ok(Some(self.heap.tuple(vec![key, value], span))),
                    None => self.raise("KeyError", "'popitem(): dictionary is empty'", span),
                }
            }
            ("copy", [], _) => {
                let copy = found.clone();
                Ok(Some(self.heap.dict(copy, span)))
            }
            ("setdefault", [_] | [_, _], Some(key)) => {
                if let Some(value) = found.get(&key) {
                    return Ok(Some(value.clone()));
                }
                let value = values.get(1).cloned().unwrap_or(Value::none(span));
                if let Some(name) = values.first() {
                    self.set_item(dict, name, &value, span)?;
                }
                Ok(Some(value))
            }
            ("pop", [_] | [_, _], Some(key)) => {
                let length = found.len();
                self.charge(length as u64 / 8, span)?;
                let removed = self.heap.dict_mut(dict).and_then(|dict| dict.remove(&key));
                match (removed, values.get(1)) {
                    (Some((_, value)), _) => Ok(Some(value)),
                    (None, Some(default)) => Ok(Some(default.clone())),
                    (None, None) => self.raise("KeyError", "", span),
                }
            }
            ("update", [] | [_], _) => {
                if let Some(values) = values.first() {
                    self.update(dict, values, span)?;
                }
                for keyword in &arguments.keywords {
                    let key = Value::str(&keyword.name, keyword.name_span);
                    self.set_item(dict, &key, &keyword.value, span)?;
                }
                Ok(Some(Value::none(span)))
            }
            ("clear", [], _) => {
                if let Some(dict) = self.heap.dict_mut(dict) {
                    *dict = crate::value::Dict::default();
                }
                Ok(Some(Value::none(span)))
            }
            _ => Ok(None),
        }
    }
}
