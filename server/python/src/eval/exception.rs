//! Exceptions: what a traceback shows of them, and which handlers they enter.

use revline_text::Span;

use super::Raised;
use super::builtin::{exception_bases, is_beyond_exception};
use super::machine::Machine;
use crate::value::{Kind, Str, Term, Unknown, Value, View};

impl Machine<'_> {
    /// The class and message of an exception as a traceback shows them.
    pub(super) fn describe_exception(&self, exception: &Value) -> (String, String) {
        let class_of = |path: &str| path.strip_prefix("builtins.").unwrap_or(path).to_owned();
        match self.heap.view(exception) {
            View::Symbol(symbol) => (class_of(symbol.path()), String::new()),
            View::Term(Term::Call(call)) => {
                let class = match &call.callee.kind {
                    Kind::Symbol(symbol) => class_of(symbol.path()),
                    _ => "Exception".to_owned(),
                };
                let message = call.arguments.positional.first().map(|it| &it.value);
                let message = message.and_then(Value::as_str).unwrap_or_default();
                (class, message.to_owned())
            }
            View::Class(class) => (class.name.to_string(), String::new()),
            View::Instance(instance) => {
                let class = Value::new(Kind::Class(instance.class), exception.span);
                let name = match self.heap.view(&class) {
                    View::Class(class) => class.name.to_string(),
                    _ => "Exception".to_owned(),
                };
                let message = instance.arguments.positional.first().map(|it| &it.value);
                (name, message.and_then(Value::as_str).unwrap_or_default().to_owned())
            }
            _ => ("an exception".to_owned(), String::new()),
        }
    }

    /// Whether `except class` catches what was raised; `None` where it cannot be told.
    pub(super) fn catches(&self, raised: &Raised, class: &Value) -> Option<bool> {
        match self.heap.view(class) {
            View::Tuple(classes) | View::List(classes) => {
                let mut unsure = false;
                for class in classes {
                    match self.heap.view(class) {
                        View::Tuple(_) | View::List(_) => unsure = true,
                        _ => match self.catches(raised, class) {
                            Some(true) => return Some(true),
                            Some(false) => {}
                            None => unsure = true,
                        },
                    }
                }
                if unsure { None } else { Some(false) }
            }
            View::Symbol(symbol) => match symbol.path().strip_prefix("builtins.") {
                Some("BaseException") => Some(true),
                Some("Exception") => Some(!is_beyond_exception(&raised.class)),
                Some(name) if matches!(raised.exception.kind, Kind::Instance(_)) => {
                    self.inherits_builtin(&raised.exception, name)
                }
                Some(name) => exception_bases(&raised.class)
                    .map(|bases| raised.class == name || bases.contains(&name)),
                None if raised.class == symbol.path() => Some(true),
                None if exception_bases(&raised.class).is_some() => Some(false),
                None => None,
            },
            View::Class(_) => match self.heap.view(&raised.exception) {
                View::Instance(instance) => {
                    let ancestry = self.ancestry(instance.class);
                    Some(class.object().is_some_and(|id| ancestry.0.contains(&id)))
                }
                View::Class(_) => Some(class.same(&raised.exception)),
                View::Unknown(_) => None,
                _ => Some(false),
            },
            _ => None,
        }
    }

    /// `type(exception)`.
    pub(super) fn class_of_exception(&self, exception: &Value, span: Span) -> Value {
        match self.heap.view(exception) {
            View::Instance(instance) => Value::new(Kind::Class(instance.class), span),
            View::Term(Term::Call(call)) if self.exception_class(exception).is_some() => {
                call.callee.clone()
            }
            View::Symbol(_) | View::Class(_) => exception.clone(),
            _ => Value::unknown_data(span, "the class of an exception"),
        }
    }

    /// The arguments of a builtin exception; none for everything else.
    pub(super) fn exception_arguments(&self, value: &Value) -> Option<Vec<Value>> {
        let View::Term(Term::Call(call)) = self.heap.view(value) else { return None };
        self.exception_class(value)?;
        if call.arguments.unknown.is_some() || !call.arguments.keywords.is_empty() {
            return None;
        }
        Some(call.arguments.positional.iter().map(|argument| argument.value.clone()).collect())
    }

    /// The class of a builtin exception.
    pub(super) fn exception_class(&self, value: &Value) -> Option<&'static str> {
        let View::Term(Term::Call(call)) = self.heap.view(value) else { return None };
        let name = call.callee.as_symbol()?.path().strip_prefix("builtins.")?;
        super::builtin::exception(name)
    }

    /// `str(exception)` of a builtin one.
    pub(super) fn exception_text(&self, value: &Value, span: Span) -> Option<Result<Str, Unknown>> {
        let arguments = self.exception_arguments(value)?;
        let is_key_error = self.exception_class(value) == Some("KeyError");
        if matches!(self.exception_class(value), Some(name) if name.starts_with("Unicode"))
            || self.exception_bases_of(value).contains(&"OSError")
        {
            return None;
        }
        Some(match arguments.as_slice() {
            [] => Ok(Str::computed("", span)),
            [one] if !is_key_error => self.to_text(one, span),
            [one] => self.to_repr(one, span),
            several => {
                let shown: Result<Vec<String>, Unknown> = several
                    .iter()
                    .map(|it| self.to_repr(it, span).map(|text| text.text().to_owned()))
                    .collect();
                shown.map(|shown| Str::computed(&format!("({})", shown.join(", ")), span))
            }
        })
    }

    /// `repr(exception)` of a builtin one.
    pub(super) fn exception_repr(&self, value: &Value, span: Span) -> Option<Result<Str, Unknown>> {
        let (class, arguments) = (self.exception_class(value)?, self.exception_arguments(value)?);
        let shown: Result<Vec<String>, Unknown> = arguments
            .iter()
            .map(|it| self.to_repr(it, span).map(|text| text.text().to_owned()))
            .collect();
        Some(shown.map(|shown| Str::computed(&format!("{class}({})", shown.join(", ")), span)))
    }

    fn exception_bases_of(&self, value: &Value) -> &'static [&'static str] {
        self.exception_class(value).and_then(exception_bases).unwrap_or_default()
    }

    /// Whether an object's class inherits from a builtin class; `None` where it cannot be told.
    pub(super) fn inherits_builtin(&self, value: &Value, wanted: &str) -> Option<bool> {
        let class = match (&value.kind, self.heap.view(value)) {
            (Kind::Class(id), _) => *id,
            (_, View::Instance(instance)) => instance.class,
            _ => return None,
        };
        let mut is_certain = true;
        for base in self.ancestry(class).1 {
            let Some(path) = base.as_symbol().map(|symbol| symbol.path().to_owned()) else {
                is_certain = false;
                continue;
            };
            let own = match path.as_str() {
                "enum.Enum" | "enum.Flag" => continue,
                "enum.IntEnum" | "enum.IntFlag" => "int",
                "enum.StrEnum" => "str",
                path => match path.strip_prefix("builtins.") {
                    Some(own) => own,
                    None => {
                        is_certain = false;
                        continue;
                    }
                },
            };
            let is_exception = exception_bases(own).is_some();
            if own == wanted
                || wanted == "object"
                || is_exception && wanted == "BaseException"
                || is_exception && wanted == "Exception" && !is_beyond_exception(own)
                || exception_bases(own).is_some_and(|bases| bases.contains(&wanted))
            {
                return Some(true);
            }
        }
        is_certain.then_some(wanted == "object")
    }
}
