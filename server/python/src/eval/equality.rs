//! What is equal, what comes first, and what a dictionary finds a value by, without asking the host.

use revline_text::Span;

use super::machine::{Eval, Machine};
use super::operator::{is_plain, number};
use crate::value::{Key, Kind, Unknown, Value, View};

/// Nested lists and tuples are compared and hashed to this depth.
const MOST_LEVELS: u32 = 50;

impl Machine<'_> {
    /// Whether two values are equal, without asking the host.
    pub(super) fn equal(&self, left: &Value, right: &Value, level: u32) -> Result<bool, Unknown> {
        let unsure = || {
            let why = format!("whether {} equals {}", self.describe(left), self.describe(right));
            Unknown::data(left.span, why)
        };
        for value in [left, right] {
            if let Some(why) = self.heap.unknown(value) {
                return Err(why.clone());
            }
        }
        if left.same(right) {
            let is_nan = matches!(left.kind, Kind::Float(number) if number.is_nan());
            // In a list, what is the same object is equal; whether it is, nobody knows.
            return if is_nan && level > 0 { Err(unsure()) } else { Ok(!is_nan) };
        }
        if level >= MOST_LEVELS || Self::is_external(left) || Self::is_external(right) {
            return Err(unsure());
        }
        if let (Some(a), Some(b)) = (number(left), number(right)) {
            return Ok(a.order(b).is_some_and(std::cmp::Ordering::is_eq));
        }
        match (self.heap.view(left), self.heap.view(right)) {
            (View::List(a), View::List(b)) | (View::Tuple(a), View::Tuple(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (a, b) in a.iter().zip(b) {
                    if !self.equal(a, b, level + 1)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (View::Dict(a), View::Dict(b)) | (View::Set(a), View::Set(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                if a.is_ordered && b.is_ordered {
                    return Err(unsure());
                }
                for (key, value) in a.entries() {
                    let Some(other) = self.key(key).ok().and_then(|key| b.get(&key)) else {
                        return Ok(false);
                    };
                    if !self.equal(value, other, level + 1)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (View::Iter(_), _) | (_, View::Iter(_)) => self.equal_iterators(left, right, level),
            (View::Instance(_), _) | (_, View::Instance(_)) => {
                if [left, right].into_iter().all(|it| self.is_plain_object(it)) {
                    return Ok(false);
                }
                match (self.mixed_in(left), self.mixed_in(right)) {
                    (Some(None), Some(None)) => Ok(false),
                    (Some(Some(a)), Some(Some(b))) => self.equal(&a, &b, level + 1),
                    (Some(Some(a)), None) if !matches!(right.kind, Kind::Instance(_)) => {
                        self.equal(&a, right, level + 1)
                    }
                    (None, Some(Some(b))) if !matches!(left.kind, Kind::Instance(_)) => {
                        self.equal(left, &b, level + 1)
                    }
                    (Some(None), None) if !matches!(right.kind, Kind::Instance(_)) => Ok(false),
                    (None, Some(None)) if !matches!(left.kind, Kind::Instance(_)) => Ok(false),
                    _ => Err(unsure()),
                }
            }
            _ => Ok(false),
        }
    }

    /// Whether a value is an object of a class of the source that equals itself and nothing else, or of a
    /// builtin type.
    fn is_plain_object(&self, value: &Value) -> bool {
        match self.heap.view(value) {
            View::Instance(instance) => {
                !self.is_enum(instance.class)
                    && !self.has_external(value)
                    && self.class_attribute(value, "__eq__").is_none()
                    && !self.is_dataclass(instance.class)
            }
            view => is_plain(view),
        }
    }

    /// The value that a member of an `Enum` is at the same time, as in `class Color(str, Enum)`; an
    /// inner `None` for a member that is only itself, an outer one for anything else.
    fn mixed_in(&self, value: &Value) -> Option<Option<Value>> {
        let View::Instance(instance) = self.heap.view(value) else { return None };
        if !self.is_enum(instance.class) {
            return None;
        }
        let mixed = self.ancestry(instance.class).1.iter().any(|base| {
            let path = base.as_symbol().map(|symbol| symbol.path());
            path.is_some_and(|path| {
                path.starts_with("builtins.")
                    || matches!(path, "enum.IntEnum" | "enum.StrEnum" | "enum.IntFlag")
            })
        });
        Some(instance.attributes.get("value").filter(|_| mixed).cloned())
    }

    pub(super) fn order(
        &self,
        left: &Value,
        right: &Value,
        level: u32,
    ) -> Option<std::cmp::Ordering> {
        if let (Some(a), Some(b)) = (number(left), number(right)) {
            return a.order(b);
        }
        match (self.heap.view(left), self.heap.view(right)) {
            (View::Str(a), View::Str(b)) => Some(a.text().cmp(b.text())),
            (View::Bytes(a), View::Bytes(b)) => Some(a.cmp(b)),
            (View::List(a), View::List(b)) | (View::Tuple(a), View::Tuple(b))
                if level < MOST_LEVELS =>
            {
                for (a, b) in a.iter().zip(b) {
                    // Items that are equal need no order.
                    if self.equal(a, b, level + 1).ok()? {
                        continue;
                    }
                    let order = self.order(a, b, level + 1)?;
                    if order.is_ne() {
                        return Some(order);
                    }
                }
                Some(a.len().cmp(&b.len()))
            }
            _ => None,
        }
    }

    /// Raises where a value certainly cannot be a key.
    pub(super) fn need_hashable(&mut self, value: &Value, span: Span) -> Eval<()> {
        if let View::List(_) | View::Dict(_) = self.heap.view(value) {
            return self.raise("TypeError", &format!("unhashable: {}", self.describe(value)), span);
        }
        if let (Kind::Set(_), View::Set(_)) = (&value.kind, self.heap.view(value)) {
            return self.raise("TypeError", "unhashable: a set", span);
        }
        Ok(())
    }

    /// What a dictionary finds a value by.
    pub(super) fn key(&self, value: &Value) -> Result<Key, Unknown> {
        self.key_within(value, 0)
    }

    fn key_within(&self, value: &Value, level: u32) -> Result<Key, Unknown> {
        Ok(match self.heap.view(value) {
            View::Set(set) if matches!(value.kind, Kind::FrozenSet(_)) && level < MOST_LEVELS => {
                // Equal sets have equal keys, in whatever order they were made.
                let keys = set.entries().iter().map(|(item, _)| self.key_within(item, level + 1));
                let mut keys = keys.collect::<Result<Vec<_>, _>>()?;
                keys.sort_by_key(|key| format!("{key:?}"));
                keys.push(Key::Symbol(crate::value::Symbol::new("builtins.frozenset")));
                Key::Tuple(keys)
            }
            View::None => Key::None,
            View::Bool(truth) => Key::Int(i128::from(truth)),
            View::Int(number) => Key::Int(number),
            View::Float(number) if number.is_nan() => {
                return Err(Unknown::data(value.span, "a key that is no number"));
            }
            #[expect(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
            View::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                Key::Int(number as i128)
            }
            View::Float(number) => Key::Float(number.to_bits()),
            View::Str(string) => Key::Str(string.shared()),
            View::Bytes(bytes) => Key::Bytes(bytes.into()),
            View::Symbol(symbol) => Key::Symbol(symbol.clone()),
            View::Host(object) => Key::Host(object),
            View::Unknown(unknown) => return Err(unknown.clone()),
            View::Tuple(items) if level < MOST_LEVELS => {
                let keys = items.iter().map(|item| self.key_within(item, level + 1));
                Key::Tuple(keys.collect::<Result<_, _>>()?)
            }
            View::Instance(_) if matches!(self.mixed_in(value), Some(Some(_))) => {
                match self.mixed_in(value).flatten() {
                    Some(inner) if level < MOST_LEVELS => self.key_within(&inner, level + 1)?,
                    _ => Key::None,
                }
            }
            View::Instance(_) if self.class_attribute(value, "__eq__").is_some() => {
                let why = format!("{} as a key", self.describe(value));
                return Err(Unknown::data(value.span, why));
            }
            View::Instance(_)
            | View::Function(_)
            | View::Class(_)
            | View::Term(_)
            | View::Module(_) => match value.object() {
                Some(id) => Key::Object(id),
                None => Key::None,
            },
            _ => {
                let why = format!("{} as a key", self.describe(value));
                return Err(Unknown::data(value.span, why));
            }
        })
    }
}
