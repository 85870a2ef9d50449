//! Special methods of the source's own classes: what operators, comparisons and builtin functions ask an
//! object for.

use revline_text::Span;

use super::machine::{Eval, Machine};
use crate::value::{Arguments, Kind, Operator, Str, Unknown, Value, View};

/// The method of an operator's left side, and that of its right one.
fn methods(operator: Operator) -> Option<(&'static str, &'static str)> {
    Some(match operator {
        Operator::Add => ("__add__", "__radd__"),
        Operator::Sub => ("__sub__", "__rsub__"),
        Operator::Mul => ("__mul__", "__rmul__"),
        Operator::Div => ("__truediv__", "__rtruediv__"),
        Operator::FloorDiv => ("__floordiv__", "__rfloordiv__"),
        Operator::Mod => ("__mod__", "__rmod__"),
        Operator::Pow => ("__pow__", "__rpow__"),
        Operator::MatMul => ("__matmul__", "__rmatmul__"),
        Operator::LeftShift => ("__lshift__", "__rlshift__"),
        Operator::RightShift => ("__rshift__", "__rrshift__"),
        Operator::BitAnd => ("__and__", "__rand__"),
        Operator::BitOr => ("__or__", "__ror__"),
        Operator::BitXor => ("__xor__", "__rxor__"),
        Operator::Eq => ("__eq__", "__eq__"),
        Operator::NotEq => ("__ne__", "__ne__"),
        Operator::Lt => ("__lt__", "__gt__"),
        Operator::LtEq => ("__le__", "__ge__"),
        Operator::Gt => ("__gt__", "__lt__"),
        Operator::GtEq => ("__ge__", "__le__"),
        _ => return None,
    })
}

/// The method of `left operator= right`.
pub(super) fn in_place(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "__iadd__",
        Operator::Sub => "__isub__",
        Operator::Mul => "__imul__",
        Operator::BitOr => "__ior__",
        Operator::BitAnd => "__iand__",
        Operator::BitXor => "__ixor__",
        Operator::Mod => "__imod__",
        Operator::Div => "__itruediv__",
        Operator::FloorDiv => "__ifloordiv__",
        Operator::Pow => "__ipow__",
        _ => "__ilshift__",
    }
}

fn is_not_implemented(value: &Value) -> bool {
    value.as_symbol().is_some_and(|symbol| symbol.path() == "builtins.NotImplemented")
}

impl Machine<'_> {
    /// What a method of an object that takes `with` gives: `__len__`, `__getitem__`, `__iter__`; none where it has
    /// none.
    pub(super) fn special_call(
        &mut self,
        object: &Value,
        name: &str,
        with: &[Value],
        span: Span,
    ) -> Eval<Option<Value>> {
        if !matches!(object.kind, Kind::Instance(_)) || self.class_attribute(object, name).is_none()
        {
            return Ok(None);
        }
        let arguments = Arguments::of(with.to_vec());
        let answer = self.call_method(object, name, arguments, span)?;
        Ok(Some(answer).filter(|answer| !is_not_implemented(answer)))
    }

    /// An operation or a comparison with an object that has a method for it; none where it has none.
    pub(super) fn special(
        &mut self,
        operator: Operator,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Eval<Option<Value>> {
        let Some((own, reflected)) = methods(operator) else { return Ok(None) };
        if let Some(answer) = self.special_call(left, own, std::slice::from_ref(right), span)? {
            return Ok(Some(answer));
        }
        if let Some(answer) =
            self.special_call(right, reflected, std::slice::from_ref(left), span)?
        {
            return Ok(Some(answer));
        }
        // What has no `__ne__` is not what its `__eq__` says.
        if operator == Operator::NotEq
            && let Some(equal) = self.special(Operator::Eq, left, right, span)?
        {
            return Ok(Some(match self.truth_of(&equal, span)? {
                Ok(equal) => Value::bool(!equal, span),
                Err(why) => Value::new(Kind::Unknown(why), span),
            }));
        }
        Ok(None)
    }

    /// `str(object)`, `repr(object)`: the text of an object by its own methods; none where it has none.
    pub(super) fn special_text(
        &mut self,
        object: &Value,
        names: &[&str],
        span: Span,
    ) -> Eval<Option<Result<Str, Unknown>>> {
        for name in names {
            if let Some(answer) = self.special_call(object, name, &[], span)? {
                return Ok(Some(match self.heap.view(&answer) {
                    View::Str(text) => Ok(text.clone()),
                    _ => Err(self.why(&answer)),
                }));
            }
        }
        Ok(None)
    }
}
