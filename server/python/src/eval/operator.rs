//! Operators on values.

use revline_text::Span;

use super::Answer;
use super::machine::{Eval, Machine};
use crate::value::string::Joiner;
use crate::value::{Dict, Key, Kind, Object, Operation, Operator, Term, Unknown, Value, View};

/// Nested lists and tuples are compared and hashed to this depth.
const MOST_LEVELS: u32 = 50;

/// What an item of a list counts beside a byte of a string.
pub(super) const ITEM: u64 = 16;

impl Machine<'_> {
    fn is_external(value: &Value) -> bool {
        matches!(value.kind, Kind::Symbol(_) | Kind::Term(_) | Kind::Host(_))
    }

    /// An operation with something external: the host's, or a term.
    fn external(&mut self, operator: Operator, operands: Vec<Value>, span: Span) -> Eval<Value> {
        match self.host.operate(&mut self.heap, operator, &operands, span) {
            Answer::Unclaimed => {
                let operation = Operation { operator, operands };
                Ok(self.heap.term(Term::Operation(operation), span))
            }
            answer => self.settle_answer(answer, span),
        }
    }

    pub(super) fn unary(&mut self, operator: Operator, operand: &Value, span: Span) -> Eval<Value> {
        if operator == Operator::Not {
            return Ok(match self.truth(operand) {
                Ok(truth) => Value::bool(!truth, span),
                Err(why) => Value::new(Kind::Unknown(why), span),
            });
        }
        if Self::is_external(operand) {
            return self.external(operator, vec![operand.clone()], span);
        }
        let whole = match self.heap.view(operand) {
            View::Int(number) => Some(number),
            View::Bool(truth) => Some(i128::from(truth)),
            _ => None,
        };
        let kind = match (operator, whole, self.heap.view(operand)) {
            (Operator::Neg, Some(number), _) => number.checked_neg().map(Kind::Int),
            (Operator::Pos, Some(number), _) => Some(Kind::Int(number)),
            (Operator::Invert, Some(number), _) => Some(Kind::Int(!number)),
            (Operator::Neg, _, View::Float(number)) => Some(Kind::Float(-number)),
            (Operator::Pos, _, View::Float(number)) => Some(Kind::Float(number)),
            _ => None,
        };
        Ok(match kind {
            Some(kind) => Value::new(kind, span),
            None => Value::new(Kind::Unknown(self.why(operand)), span),
        })
    }

    pub(super) fn operate(
        &mut self,
        operator: Operator,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Eval<Value> {
        if operator == Operator::Mod
            && let Kind::Str(format) = &left.kind
        {
            return self.percent(&format.clone(), right, span);
        }
        if Self::is_external(left) || Self::is_external(right) {
            return self.external(operator, vec![left.clone(), right.clone()], span);
        }
        if let Some(why) = self.heap.unknown(left).or_else(|| self.heap.unknown(right)) {
            let head = match (operator, &left.kind) {
                (Operator::Add, Kind::Str(text)) => Some(text.head()),
                (Operator::Add, Kind::Unknown(left)) => left.head.clone(),
                _ => None,
            };
            return Ok(Value::new(Kind::Unknown(Unknown { head, ..why.clone() }), span));
        }
        if let (Some(a), Some(b)) = (left.as_bool(), right.as_bool()) {
            match operator {
                Operator::BitAnd => return Ok(Value::bool(a & b, span)),
                Operator::BitOr => return Ok(Value::bool(a | b, span)),
                Operator::BitXor => return Ok(Value::bool(a ^ b, span)),
                _ => {}
            }
        }
        if let (Some(left), Some(right)) = (number(left), number(right)) {
            return self.arithmetic(operator, left, right, span);
        }
        match (operator, self.heap.view(left), self.heap.view(right)) {
            (Operator::Add, View::Str(a), View::Str(b)) => {
                let size = a.text().len() as u64 + b.text().len() as u64;
                if let Err(unknown) = self.fits(size, span) {
                    return Ok(unknown);
                }
                let mut joiner = Joiner::default();
                joiner.push(a);
                joiner.push(b);
                Ok(self.string(joiner.finish(span), span))
            }
            (Operator::Add, View::List(a), View::List(b)) => {
                let items: Vec<Value> = a.iter().chain(b).cloned().collect();
                self.sized_list(items, span)
            }
            (Operator::Add, View::Tuple(a), View::Tuple(b)) => {
                let items: Vec<Value> = a.iter().chain(b).cloned().collect();
                match self.fits((items.len() as u64).saturating_mul(ITEM), span) {
                    Ok(()) => Ok(self.heap.tuple(items, span)),
                    Err(unknown) => Ok(unknown),
                }
            }
            (Operator::Mul, _, _) => self.repeat(left, right, span),
            (Operator::BitOr, View::Dict(a), View::Dict(b)) => {
                let mut both = a.clone();
                for (key, value) in b.entries().to_vec() {
                    if let Ok(name) = self.key(&key) {
                        both.insert(name, key, value);
                    }
                }
                Ok(self.heap.dict(both, span))
            }
            (
                Operator::BitOr | Operator::BitAnd | Operator::Sub | Operator::BitXor,
                View::Set(a),
                View::Set(b),
            ) => {
                let set = combine(operator, &a.clone(), &b.clone(), |value| self.key(value));
                Ok(Value::new(Kind::Set(self.heap.add(Object::Set(set))), span))
            }
            _ => {
                let why =
                    format!("an operation on {} and {}", self.describe(left), self.describe(right));
                Ok(Value::unknown_data(span, why))
            }
        }
    }

    pub(super) fn sized_list(&mut self, items: Vec<Value>, span: Span) -> Eval<Value> {
        self.charge(items.len() as u64 / 8, span)?;
        match self.fits((items.len() as u64).saturating_mul(ITEM), span) {
            Ok(()) => Ok(self.heap.list(items, span)),
            Err(unknown) => Ok(unknown),
        }
    }

    fn repeat(&mut self, left: &Value, right: &Value, span: Span) -> Eval<Value> {
        let (sequence, count) = match (number(left), number(right)) {
            (Some(Number::Int(count)), None) => (right, count),
            (None, Some(Number::Int(count))) => (left, count),
            _ => return Ok(Value::unknown_data(span, "a product that is not evaluated")),
        };
        let count = u64::try_from(count.max(0)).unwrap_or(u64::MAX);
        let size = match self.heap.view(sequence) {
            View::Str(string) => string.text().len() as u64,
            View::List(items) | View::Tuple(items) => items.len() as u64,
            _ => return Ok(Value::unknown_data(span, "a product that is not evaluated")),
        };
        let weight = if sequence.as_str().is_some() { 1 } else { ITEM };
        if let Err(unknown) = self.fits(size.saturating_mul(count).saturating_mul(weight), span) {
            return Ok(unknown);
        }
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if size == 0 {
            return Ok(sequence.clone());
        }
        match self.heap.view(sequence) {
            View::Str(string) => {
                let text = string.text().repeat(count);
                Ok(self.text(&text, span))
            }
            View::List(items) => {
                let items = repeated(items, count);
                self.sized_list(items, span)
            }
            View::Tuple(items) => {
                let items = repeated(items, count);
                Ok(self.heap.tuple(items, span))
            }
            _ => Ok(Value::none(span)),
        }
    }

    fn arithmetic(
        &mut self,
        operator: Operator,
        left: Number,
        right: Number,
        span: Span,
    ) -> Eval<Value> {
        let large = || Value::unknown_data(span, "an integer of more than 127 bits");
        let int =
            |number: Option<i128>| number.map_or_else(large, |it| Value::new(Kind::Int(it), span));
        let divides = matches!(operator, Operator::Div | Operator::FloorDiv | Operator::Mod);
        if divides && right.float() == 0.0 {
            return self.raise("ZeroDivisionError", "division by zero", span);
        }
        if let (Number::Int(a), Number::Int(b)) = (left, right) {
            let floor = || {
                let quotient = a.checked_div(b)?;
                let exact = quotient.checked_mul(b)? == a;
                let below = !exact && ((a < 0) != (b < 0));
                if below { quotient.checked_sub(1) } else { Some(quotient) }
            };
            return Ok(match operator {
                Operator::Add => int(a.checked_add(b)),
                Operator::Sub => int(a.checked_sub(b)),
                Operator::Mul => int(a.checked_mul(b)),
                Operator::FloorDiv => int(floor()),
                Operator::Mod => {
                    int(floor().and_then(|it| it.checked_mul(b)).and_then(|it| a.checked_sub(it)))
                }
                Operator::Pow if b >= 0 => {
                    int(u32::try_from(b).ok().and_then(|b| a.checked_pow(b)))
                }
                Operator::LeftShift if b >= 0 => int(u32::try_from(b)
                    .ok()
                    .filter(|b| *b < 126)
                    .and_then(|b| 1_i128.checked_shl(b).and_then(|factor| a.checked_mul(factor)))),
                Operator::RightShift if b >= 0 => {
                    int(Some(a >> u32::try_from(b).unwrap_or(127).min(127)))
                }
                Operator::BitAnd => int(Some(a & b)),
                Operator::BitOr => int(Some(a | b)),
                Operator::BitXor => int(Some(a ^ b)),
                Operator::Div => Value::new(Kind::Float(left.float() / right.float()), span),
                _ => Value::unknown_data(span, "an operation that is not evaluated"),
            });
        }
        let (a, b) = (left.float(), right.float());
        let result = match operator {
            Operator::Add => a + b,
            Operator::Sub => a - b,
            Operator::Mul => a * b,
            Operator::Div => a / b,
            _ => return Ok(Value::unknown_data(span, "an operation on floats")),
        };
        Ok(Value::new(Kind::Float(result), span))
    }

    pub(super) fn compare(
        &mut self,
        operator: Operator,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Eval<Value> {
        match operator {
            Operator::Is | Operator::IsNot => {
                let same = self.identical(left, right);
                return Ok(match same {
                    Ok(same) => Value::bool(same == (operator == Operator::Is), span),
                    Err(why) => Value::new(Kind::Unknown(why), span),
                });
            }
            Operator::In | Operator::NotIn => return self.contains(operator, left, right, span),
            _ => {}
        }
        let externals = [left, right].into_iter().any(Self::is_external);
        if externals {
            // Two symbols are two names of external objects: whether they are equal is known only
            // where they are the same name.
            if left.same(right) && matches!(left.kind, Kind::Symbol(_)) {
                return Ok(Value::bool(operator == Operator::Eq, span));
            }
            return self.external(operator, vec![left.clone(), right.clone()], span);
        }
        if let Some(why) = self.heap.unknown(left).or_else(|| self.heap.unknown(right)) {
            return Ok(Value::new(Kind::Unknown(why.clone()), span));
        }
        if matches!(operator, Operator::Eq | Operator::NotEq) {
            return Ok(match self.equal(left, right, 0) {
                Ok(equal) => Value::bool(equal == (operator == Operator::Eq), span),
                Err(why) => Value::new(Kind::Unknown(why), span),
            });
        }
        Ok(match self.order(left, right, 0) {
            Some(order) => Value::bool(
                match operator {
                    Operator::Lt => order.is_lt(),
                    Operator::LtEq => order.is_le(),
                    Operator::Gt => order.is_gt(),
                    _ => order.is_ge(),
                },
                span,
            ),
            None => {
                let why = format!("comparing {} and {}", self.describe(left), self.describe(right));
                Value::unknown_data(span, why)
            }
        })
    }

    fn identical(&mut self, left: &Value, right: &Value) -> Result<bool, Unknown> {
        for value in [left, right] {
            // An unknown *object* (a tainted list) still has its identity.
            if let Kind::Unknown(why) = &value.kind {
                return Err(why.clone());
            }
        }
        if left.same(right) {
            return Ok(true);
        }
        let none = left.is_none() || right.is_none();
        let other = if left.is_none() { right } else { left };
        match &other.kind {
            // A term may turn out to be None (`inspector.foo() is None`), a symbol may not.
            Kind::Term(id) if none => match self.heap.object(*id) {
                Some(Object::Term(Term::Call(call)))
                    if call.callee.as_symbol().is_some_and(|symbol| {
                        symbol.name().starts_with(|first: char| first.is_uppercase())
                    }) =>
                {
                    Ok(false)
                }
                _ => Err(Unknown::data(
                    other.span,
                    format!("whether {} is None", self.describe(other)),
                )),
            },
            Kind::Symbol(_)
                if none
                    && !other.as_symbol().is_some_and(|symbol| {
                        symbol.name().starts_with(|first: char| first.is_uppercase())
                    }) =>
            {
                Err(Unknown::data(other.span, format!("whether {} is None", self.describe(other))))
            }
            _ => Ok(false),
        }
    }

    fn contains(
        &mut self,
        operator: Operator,
        item: &Value,
        container: &Value,
        span: Span,
    ) -> Eval<Value> {
        if Self::is_external(container) {
            if let Some(answer) = self.is_global(operator, item, container, span)? {
                return Ok(answer);
            }
            return self.external(operator, vec![item.clone(), container.clone()], span);
        }
        let wanted = operator == Operator::In;
        if let (Some(item), View::Str(text)) = (item.as_str(), self.heap.view(container)) {
            return Ok(Value::bool(text.text().contains(item) == wanted, span));
        }
        if let View::Unknown(why) = self.heap.view(container) {
            return Ok(Value::new(Kind::Unknown(why.clone()), span));
        }
        let items = match self.iterate(container, span)? {
            Ok(items) => items,
            Err(why) => return Ok(Value::new(Kind::Unknown(why), span)),
        };
        self.charge(items.len() as u64 / 4, span)?;
        let mut unsure = None;
        for other in &items {
            let equal = self.compare(Operator::Eq, item, other, span)?;
            match self.truth(&equal) {
                Ok(true) => return Ok(Value::bool(wanted, span)),
                Ok(false) => {}
                Err(why) => unsure = Some(why),
            }
        }
        Ok(match unsure {
            Some(why) => Value::new(Kind::Unknown(why), span),
            None => Value::bool(!wanted, span),
        })
    }

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
            return Ok(true);
        }
        if level >= MOST_LEVELS || Self::is_external(left) || Self::is_external(right) {
            return Err(unsure());
        }
        if let (Some(a), Some(b)) = (number(left), number(right)) {
            return Ok(match (a, b) {
                (Number::Int(a), Number::Int(b)) => a == b,
                (a, b) => a.float() == b.float(),
            });
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
            (View::Instance(_), _) | (_, View::Instance(_)) => {
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
            return match (a, b) {
                (Number::Int(a), Number::Int(b)) => Some(a.cmp(&b)),
                (a, b) => a.float().partial_cmp(&b.float()),
            };
        }
        match (self.heap.view(left), self.heap.view(right)) {
            (View::Str(a), View::Str(b)) => Some(a.text().cmp(b.text())),
            (View::List(a), View::List(b)) | (View::Tuple(a), View::Tuple(b))
                if level < MOST_LEVELS =>
            {
                for (a, b) in a.iter().zip(b) {
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

    /// What a dictionary finds a value by.
    pub(super) fn key(&self, value: &Value) -> Result<Key, Unknown> {
        self.key_within(value, 0)
    }

    fn key_within(&self, value: &Value, level: u32) -> Result<Key, Unknown> {
        Ok(match self.heap.view(value) {
            View::None => Key::None,
            View::Bool(truth) => Key::Int(i128::from(truth)),
            View::Int(number) => Key::Int(number),
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

/// A number.
#[derive(Clone, Copy)]
pub(super) enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    #[expect(clippy::cast_precision_loss, reason = "as Python's own conversion rounds")]
    pub(super) fn float(self) -> f64 {
        match self {
            Self::Int(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

pub(super) fn number(value: &Value) -> Option<Number> {
    match value.kind {
        Kind::Int(number) => Some(Number::Int(number)),
        Kind::Bool(truth) => Some(Number::Int(i128::from(truth))),
        Kind::Float(number) => Some(Number::Float(number)),
        _ => None,
    }
}

fn repeated(items: &[Value], count: usize) -> Vec<Value> {
    let total = items.len().saturating_mul(count);
    items.iter().cycle().take(total).cloned().collect()
}

fn combine(
    operator: Operator,
    left: &Dict,
    right: &Dict,
    key: impl Fn(&Value) -> Result<Key, Unknown>,
) -> Dict {
    let mut set = Dict::default();
    let mut add = |from: &Dict, other: Option<(&Dict, bool)>| {
        for (item, none) in from.entries() {
            let Ok(name) = key(item) else { continue };
            if other.is_none_or(|(other, wanted)| other.get(&name).is_some() == wanted) {
                set.insert(name, item.clone(), none.clone());
            }
        }
    };
    match operator {
        Operator::BitAnd => add(left, Some((right, true))),
        Operator::Sub => add(left, Some((right, false))),
        Operator::BitXor => {
            add(left, Some((right, false)));
            add(right, Some((left, false)));
        }
        _ => {
            add(left, None);
            add(right, None);
        }
    }
    set
}
