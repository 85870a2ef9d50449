//! Operators on values.

use revline_text::Span;

use super::Answer;
use super::machine::{Eval, Machine};
use crate::value::string::Joiner;
use crate::value::{Dict, Key, Kind, Object, Operation, Operator, Term, Unknown, Value, View};

/// What an item of a list counts beside a byte of a string.
pub(super) const ITEM: u64 = 16;

impl Machine<'_> {
    pub(super) fn is_external(value: &Value) -> bool {
        matches!(value.kind, Kind::Symbol(_) | Kind::Term(_) | Kind::Host(_))
    }

    /// An operation with something external: the host's, or a term.
    pub(super) fn external(
        &mut self,
        operator: Operator,
        operands: Vec<Value>,
        span: Span,
    ) -> Eval<Value> {
        match self.host.operate(&mut self.heap, operator, &operands, span) {
            Answer::Unclaimed => {
                let operation = Operation { operator, operands };
                Ok(self.heap.term(Term::Operation(operation), span))
            }
            answer => self.settle_answer(answer, span),
        }
    }

    pub(super) fn unary(&mut self, operator: Operator, operand: &Value, span: Span) -> Eval<Value> {
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
        if let Some(answer) = self.special(operator, left, right, span)? {
            return Ok(answer);
        }
        if let Kind::Iter(_) = left.kind
            && let Some(left) = self.as_set(left, span)?
        {
            return self.operate(operator, &left, right, span);
        }
        if let Kind::Iter(_) = right.kind
            && let Some(right) = self.as_set(right, span)?
        {
            return self.operate(operator, left, &right, span);
        }
        match (operator, self.heap.view(left), self.heap.view(right)) {
            (Operator::Add, View::Bytes(a), View::Bytes(b)) => {
                if let Err(unknown) = self.fits((a.len() + b.len()) as u64, span) {
                    return Ok(unknown);
                }
                let bytes: Vec<u8> = a.iter().chain(b).copied().collect();
                self.heap.charge(bytes.len());
                Ok(Value::new(Kind::Bytes(bytes.into()), span))
            }
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
            (Operator::Mul, _, _) if self.is_product(left, right) => self.repeat(left, right, span),
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
                let set = self.heap.add(Object::Set(set));
                let is_frozen = matches!(left.kind, Kind::FrozenSet(_));
                Ok(Value::new(if is_frozen { Kind::FrozenSet(set) } else { Kind::Set(set) }, span))
            }
            (_, a, b)
                if kind_of(a).is_some()
                    && kind_of(b).is_some()
                    && !matches!((operator, a), (Operator::Mod, View::Bytes(_))) =>
            {
                let message = format!(
                    "unsupported operands: {} and {}",
                    self.describe(left),
                    self.describe(right)
                );
                self.raise("TypeError", &message, span)
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

    /// Whether a sequence is multiplied by an integer.
    fn is_product(&self, left: &Value, right: &Value) -> bool {
        let is_sequence = |value: &Value| {
            matches!(
                self.heap.view(value),
                View::Str(_) | View::Bytes(_) | View::List(_) | View::Tuple(_)
            )
        };
        let is_count = |value: &Value| matches!(value.kind, Kind::Int(_) | Kind::Bool(_));
        is_sequence(left) && is_count(right) || is_count(left) && is_sequence(right)
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
            View::Bytes(bytes) => bytes.len() as u64,
            View::List(items) | View::Tuple(items) => items.len() as u64,
            _ => return Ok(Value::unknown_data(span, "a product that is not evaluated")),
        };
        let weight = match sequence.kind {
            Kind::Str(_) | Kind::Bytes(_) => 1,
            _ => ITEM,
        };
        if let Err(unknown) = self.fits(size.saturating_mul(count).saturating_mul(weight), span) {
            return Ok(unknown);
        }
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if size == 0 && !matches!(sequence.kind, Kind::List(_)) {
            return Ok(sequence.clone());
        }
        match self.heap.view(sequence) {
            View::Str(string) => {
                let text = string.text().repeat(count);
                Ok(self.text(&text, span))
            }
            View::Bytes(bytes) => {
                let bytes = bytes.repeat(count);
                self.heap.charge(bytes.len());
                Ok(Value::new(Kind::Bytes(bytes.into()), span))
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
                // A larger integer is rounded once in Python, and would be twice here.
                Operator::Div if a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT => {
                    Value::new(Kind::Float(left.float() / right.float()), span)
                }
                Operator::Pow if b < 0 && a == 0 => {
                    return self.raise(
                        "ZeroDivisionError",
                        "0.0 cannot be raised to a negative power",
                        span,
                    );
                }
                Operator::LeftShift | Operator::RightShift if b < 0 => {
                    return self.raise("ValueError", "negative shift count", span);
                }
                Operator::LeftShift if a == 0 => int(Some(0)),
                Operator::MatMul => {
                    return self.raise("TypeError", "unsupported operand type(s) for @", span);
                }
                _ => Value::unknown_data(span, "an operation that is not evaluated"),
            });
        }
        let (a, b) = (left.float(), right.float());
        let result = match operator {
            Operator::Add => a + b,
            Operator::Sub => a - b,
            Operator::Mul => a * b,
            Operator::Div => a / b,
            Operator::FloorDiv => floor_division(a, b).0,
            Operator::Mod => floor_division(a, b).1,
            // The C library's, of which not every one rounds alike.
            Operator::Pow => return Ok(Value::unknown_data(span, "a power of floats")),
            _ => return self.raise("TypeError", "unsupported operands: floats", span),
        };
        Ok(Value::new(Kind::Float(result), span))
    }
}

/// A number.
#[derive(Clone, Copy)]
pub(super) enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    /// Exactly, without rounding an integer; none where one is no number.
    pub(super) fn order(self, other: Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(&b),
            (Self::Float(_), Self::Int(_)) => other.order(self).map(std::cmp::Ordering::reverse),
            (Self::Int(a), Self::Float(b)) if b.abs() < 1e38 => {
                #[expect(clippy::cast_possible_truncation, reason = "whole, and in the range")]
                let whole = b.trunc() as i128;
                let rest = 0.0_f64.partial_cmp(&b.fract());
                rest.map(|rest| a.cmp(&whole).then(rest))
            }
            (Self::Int(_), Self::Float(b)) => 0.0_f64.partial_cmp(&b),
        }
    }

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

/// Integers up to this size are floats exactly.
const EXACT: u128 = 1 << 53;

/// `a // b` and `a % b` as CPython's `float_divmod` computes them.
fn floor_division(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0.0_f64.copysign(a / b), rest);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

/// What values of builtin types are ordered with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    Number,
    Str,
    Bytes,
    List,
    Tuple,
    Set,
    /// Not even with each other.
    Unordered,
}

/// Which of the builtin types; none for everything else. `None` is left out: a name that is `None` here is
/// often one that the program around gives its value, so that what raises for it is not certain.
pub(super) fn kind_of(view: View<'_>) -> Option<Plain> {
    Some(match view {
        View::Int(_) | View::Bool(_) | View::Float(_) => Plain::Number,
        View::Str(_) => Plain::Str,
        View::Bytes(_) => Plain::Bytes,
        View::List(_) => Plain::List,
        View::Tuple(_) => Plain::Tuple,
        View::Set(_) => Plain::Set,
        View::Dict(_) | View::Function(_) => Plain::Unordered,
        _ => return None,
    })
}

pub(super) fn is_plain(view: View<'_>) -> bool {
    matches!(view, View::None) || kind_of(view).is_some()
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
        // Of equal items CPython keeps those of the smaller set, or of the right one.
        Operator::BitAnd if right.len() > left.len() => add(left, Some((right, true))),
        Operator::BitAnd => add(right, Some((left, true))),
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
