//! Which type a value is of.

use super::super::machine::Machine;
use crate::value::{Kind, Unknown, Value, View};

impl Machine<'_> {
    pub(super) fn is_instance(
        &self,
        value: &Value,
        class: &Value,
        level: u32,
    ) -> Result<bool, Unknown> {
        if let Some(why) = self.heap.unknown(value).or_else(|| self.heap.unknown(class)) {
            return Err(why.clone());
        }
        let unsure = || {
            let why = format!("whether {} is a {}", self.describe(value), self.describe(class));
            Err(Unknown::data(value.span, why))
        };
        match self.heap.view(class) {
            View::Tuple(classes) if level < 20 => {
                for class in classes {
                    if self.is_instance(value, class, level + 1)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            View::Symbol(symbol) => {
                let wanted = symbol.path().strip_prefix("builtins.");
                if let (Some(class), Some(wanted)) = (self.exception_class(value), wanted) {
                    let bases = super::exception_bases(class).unwrap_or_default();
                    let is_base = matches!(wanted, "BaseException" | "object")
                        || wanted == "Exception" && !super::is_beyond_exception(class);
                    return Ok(class == wanted || is_base || bases.contains(&wanted));
                }
                if let (Kind::Instance(_), Some(wanted)) = (&value.kind, wanted) {
                    return self.inherits_builtin(value, wanted).map_or_else(unsure, Ok);
                }
                if let (Kind::Dict(_), Some(wanted)) = (&value.kind, wanted) {
                    return Ok(matches!(wanted, "dict" | "object"));
                }
                if let Kind::FrozenSet(_) = value.kind {
                    return match wanted {
                        Some(wanted) => Ok(matches!(wanted, "frozenset" | "object")),
                        None => unsure(),
                    };
                }
                match (type_name(self.heap.view(value)), wanted) {
                    (Some(_), Some("object")) => Ok(true),
                    (Some("bool"), Some("int")) => Ok(true),
                    (Some(own), Some(wanted)) => Ok(own == wanted),
                    // A literal is no object of an external class.
                    (Some(_), None)
                        if !symbol.path().starts_with("collections.")
                            && !symbol.path().starts_with("typing.")
                            && !symbol.path().starts_with("numbers.") =>
                    {
                        Ok(false)
                    }
                    _ => unsure(),
                }
            }
            View::Class(_) => match self.heap.view(value) {
                View::Instance(instance) => {
                    let classes = self.ancestry(instance.class).0;
                    Ok(class.object().is_some_and(|id| classes.contains(&id)))
                }
                view if type_name(view).is_some() => Ok(false),
                _ => unsure(),
            },
            _ => unsure(),
        }
    }

    /// Whether a class, or the class of an instance, inherits from something external.
    pub(in crate::eval) fn has_external(&self, object: &Value) -> bool {
        let class = match (&object.kind, self.heap.view(object)) {
            (Kind::Class(id), _) => *id,
            (_, View::Instance(instance)) => instance.class,
            _ => return false,
        };
        let own = |base: &Value| base.as_symbol().is_some_and(|it| it.path() == "builtins.object");
        !self.ancestry(class).1.iter().all(own)
    }
}

/// The builtin type of a value.
pub(super) fn type_name(view: View<'_>) -> Option<&'static str> {
    Some(match view {
        View::None => "NoneType",
        View::Bool(_) => "bool",
        View::Int(_) => "int",
        View::Float(_) => "float",
        View::Str(_) => "str",
        View::Bytes(_) => "bytes",
        View::List(_) => "list",
        View::Tuple(_) => "tuple",
        View::Dict(dict) if !dict.is_ordered => "dict",
        View::Set(_) => "set",
        View::Function(_) => "function",
        View::Iter(iter) => iter.what,
        _ => return None,
    })
}
