//! Comparisons: `==`, `<`, `is`, `in`.

use revline_text::Span;

use super::iterator::Next;
use super::machine::{Eval, Machine};
use super::operator::{Plain, is_plain, kind_of, number};
use crate::value::{Dict, Kind, Object, Operator, Term, Unknown, Value, View};

impl Machine<'_> {
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
            // Those of Python's own are different things.
            let is_own = |value: &Value| {
                value.as_symbol().is_some_and(|symbol| symbol.path().starts_with("builtins."))
                    || matches!(value.kind, Kind::Class(_))
                    || is_plain(self.heap.view(value))
            };
            if is_own(left) && is_own(right) && matches!(operator, Operator::Eq | Operator::NotEq) {
                return Ok(Value::bool(operator == Operator::NotEq, span));
            }
            return self.external(operator, vec![left.clone(), right.clone()], span);
        }
        if let Some(why) = self.heap.unknown(left).or_else(|| self.heap.unknown(right)) {
            return Ok(Value::new(Kind::Unknown(why.clone()), span));
        }
        if let Some(answer) = self.special(operator, left, right, span)? {
            return Ok(answer);
        }
        for (part, other) in [(left, right), (right, left)] {
            let is_set = matches!(self.heap.view(other), View::Set(_) | View::Iter(_));
            if let Kind::Iter(_) = part.kind
                && is_set
                && let Some(set) = self.as_set(part, span)?
            {
                return match std::ptr::eq(part, left) {
                    true => self.compare(operator, &set, right, span),
                    false => self.compare(operator, left, &set, span),
                };
            }
        }
        if matches!(operator, Operator::Eq | Operator::NotEq) {
            return Ok(match self.equal(left, right, 0) {
                Ok(equal) => Value::bool(equal == (operator == Operator::Eq), span),
                Err(why) => Value::new(Kind::Unknown(why), span),
            });
        }
        if let (View::Set(a), View::Set(b)) = (self.heap.view(left), self.heap.view(right)) {
            let within = |a: &Dict, b: &Dict| {
                a.entries()
                    .iter()
                    .all(|(item, _)| self.key(item).is_ok_and(|it| b.get(&it).is_some()))
            };
            let truth = match operator {
                Operator::Lt => a.len() < b.len() && within(a, b),
                Operator::LtEq => within(a, b),
                Operator::Gt => b.len() < a.len() && within(b, a),
                _ => within(b, a),
            };
            return Ok(Value::bool(truth, span));
        }
        if let (Some(a), Some(b)) = (kind_of(self.heap.view(left)), kind_of(self.heap.view(right)))
            && (a != b || a == Plain::Unordered)
        {
            let message =
                format!("{} and {} have no order", self.describe(left), self.describe(right));
            return self.raise("TypeError", &message, span);
        }
        if let (Some(a), Some(b)) = (number(left), number(right))
            && (a.float().is_nan() || b.float().is_nan())
        {
            return Ok(Value::bool(false, span));
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
            let is_shared = match &left.kind {
                Kind::Int(number) => (-5..=256).contains(number),
                Kind::Float(_) | Kind::Bytes(_) => false,
                Kind::Str(text) => match &right.kind {
                    Kind::Str(other) => text.text().is_empty() || text.is_one_with(other),
                    _ => false,
                },
                _ => true,
            };
            // Equal texts and numbers may be one object or two.
            return match is_shared {
                true => Ok(true),
                false => {
                    let what = self.describe(left);
                    Err(Unknown::data(left.span, format!("whether {what} is the same object")))
                }
            };
        }
        if let (View::Tuple([]), View::Tuple([])) = (self.heap.view(left), self.heap.view(right)) {
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
        if let (Kind::Str(_), Some(_)) = (&container.kind, kind_of(self.heap.view(item))) {
            return self.raise("TypeError", "'in <string>' requires string as left operand", span);
        }
        if let (Kind::Bytes(bytes), Some(kind)) = (&container.kind, kind_of(self.heap.view(item))) {
            let is = match &item.kind {
                Kind::Bytes(part) => {
                    part.is_empty() || bytes.windows(part.len()).any(|window| window == &**part)
                }
                _ if kind == Plain::Number => match item.as_int() {
                    Some(byte @ 0..=255) => bytes.iter().any(|it| i128::from(*it) == byte),
                    _ => return Ok(Value::unknown_data(span, "whether bytes contain this")),
                },
                _ => return self.raise("TypeError", "a bytes-like object is required", span),
            };
            return Ok(Value::bool(is == wanted, span));
        }
        if let Some(answer) =
            self.special_call(container, "__contains__", std::slice::from_ref(item), span)?
        {
            return Ok(match self.truth_of(&answer, span)? {
                Ok(is) => Value::bool(is == wanted, span),
                Err(why) => Value::new(Kind::Unknown(why), span),
            });
        }
        if let View::Iter(iter) = self.heap.view(container)
            && iter.is_used_up()
        {
            return self.is_next(wanted, item, container, span);
        }
        if let (View::Dict(_) | View::Set(_), View::List(_) | View::Dict(_)) =
            (self.heap.view(container), self.heap.view(item))
        {
            let message = format!("{} is not hashable", self.describe(item));
            return self.raise("TypeError", &message, span);
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

    /// `item in iterator`, which goes through it as far as that.
    fn is_next(&mut self, wanted: bool, item: &Value, over: &Value, span: Span) -> Eval<Value> {
        loop {
            match self.next_of(over, span)? {
                Next::Item(next) => {
                    let equal = self.compare(Operator::Eq, item, &next, span)?;
                    match self.truth_of(&equal, span)? {
                        Ok(true) => return Ok(Value::bool(wanted, span)),
                        Ok(false) => {}
                        Err(why) => return Ok(Value::new(Kind::Unknown(why), span)),
                    }
                }
                Next::End => return Ok(Value::bool(!wanted, span)),
                Next::Unknown(why) => return Ok(Value::new(Kind::Unknown(why), span)),
            }
        }
    }
}
