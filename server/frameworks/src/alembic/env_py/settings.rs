//! Environment variables, and the libraries that read settings from them.
//!
//! Unless somebody connects (`real`), a variable is never read: what it holds is `$NAME`, which
//! stands in a URL where its value would. One that has a default is taken as not set; one that may be
//! missing is looked at both ways.

use revline_python::value::{Arguments, Term};
use revline_python::{Answer, Heap, Kind, Value, View};
use revline_text::Span;

use super::Variables;
use super::host::Running;

/// What a variable that must be set holds.
fn placeholder(name: &str, span: Span) -> Answer {
    Answer::Value(Value::str(&format!("${name}"), span))
}

impl Running<'_> {
    /// A variable that Python cannot do without.
    fn required(&mut self, name: &str, span: Span) -> Answer {
        self.variables.insert(name.into());
        placeholder(name, span)
    }

    /// A variable with a default, or that may be missing.
    fn optional(&mut self, name: &str, default: Option<&Value>, span: Span) -> Answer {
        self.variables.insert(name.into());
        if let Some(Some(value)) = self.real_variable(name) {
            return Answer::Value(Value::str(&value, span));
        }
        if let Some(default) = default.filter(|default| !default.is_none()) {
            return Answer::Value(default.clone());
        }
        self.asked_optional = true;
        match self.world_of_variables {
            Variables::Unset | Variables::Real(_) => Answer::none(span),
            Variables::Set => placeholder(name, span),
        }
    }

    /// `os.environ[name]`.
    pub(super) fn environ_item(&mut self, key: &Value, span: Span) -> Answer {
        let Some(name) = key.as_str() else {
            return Answer::unknown(span, "an environment variable");
        };
        // `try: os.environ["X"] except KeyError` is how some ask for one that may be missing.
        self.asked_optional = true;
        let real = self.real_variable(name).flatten();
        match self.world_of_variables {
            Variables::Set => self.required(name, span),
            Variables::Real(_) if real.is_some() => {
                self.variables.insert(name.into());
                Answer::Value(Value::str(&real.unwrap_or_default(), span))
            }
            Variables::Unset | Variables::Real(_) => {
                self.variables.insert(name.into());
                Answer::Raise { class: "KeyError".to_owned(), message: format!("'{name}'") }
            }
        }
    }

    /// A call of a function that asks for a variable, or of a settings library; `None` where the
    /// name is another one.
    pub(super) fn settings_call(
        &mut self,
        heap: &Heap,
        path: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Answer> {
        let first = arguments.positional.first().map(|argument| &argument.value);
        Some(match path {
            "os.getenv" | "os.environ.get" => match first.and_then(Value::as_str) {
                Some(name) => self.optional(name, arguments.get(1, "default"), span),
                None => Answer::unknown(span, "an environment variable"),
            },
            "dotenv.load_dotenv" | "dotenv.main.load_dotenv" => self.load_dotenv(arguments, span),
            "decouple.config" => self.asked(heap, None, arguments, span)?,
            "decouple.AutoConfig" if matches!(self.world_of_variables, Variables::Real(_)) => {
                return None;
            }
            "decouple.AutoConfig" => self.asked(heap, None, arguments, span)?,
            "pydantic.computed_field"
            | "pydantic.field_validator"
            | "pydantic.model_validator"
            | "pydantic.validator"
            | "pydantic.root_validator"
            | "pydantic.validate_call"
            | "pydantic.dataclasses.dataclass" => match first {
                Some(value) if is_callable(value) => Answer::Value(value.clone()),
                _ => return None,
            },
            // A field knows the name of its variable.
            "pydantic.Field" | "pydantic.fields.Field"
                if matches!(self.world_of_variables, Variables::Real(_)) =>
            {
                return None;
            }
            "pydantic.Field" | "pydantic.fields.Field" => {
                match first.or(arguments.get(usize::MAX, "default")) {
                    Some(default) if !matches!(default.kind, Kind::Ellipsis) => {
                        Answer::Value(default.clone())
                    }
                    _ => Answer::unknown(span, "a setting that the environment gives"),
                }
            }
            _ if path.starts_with("pydantic") && path.ends_with("SecretStr") => {
                first.map(|value| Answer::Value(value.clone()))?
            }
            _ => return None,
        })
    }

    /// `config("NAME", default=…)`, as decouple, starlette and environs have it.
    fn asked(
        &mut self,
        heap: &Heap,
        callee: Option<&Value>,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Answer> {
        let name = arguments.positional.first()?.value.as_str()?;
        let default = arguments.positional.get(1).map(|argument| &argument.value);
        if let Some(found) = self.really_asked(heap, callee, name, span) {
            self.variables.insert(name.into());
            let default = default.or(arguments.get(usize::MAX, "default"));
            return Some(match (found, default) {
                (Ok(Some(text)), _) => self.cast(arguments, &text, span),
                (Ok(None), Some(default)) => Answer::Value(default.clone()),
                (Ok(None), None) => Answer::Raise {
                    class: "KeyError".to_owned(),
                    message: format!("{name} is not set"),
                },
                (Err(why), _) => super::host::data(span, why),
            });
        }
        Some(match default.or(arguments.get(usize::MAX, "default")) {
            Some(default) => self.optional(name, Some(default), span),
            None => self.required(name, span),
        })
    }

    /// A text that was asked for with `cast=…`: texts and URLs stay what they are.
    fn cast(&self, arguments: &Arguments, text: &str, span: Span) -> Answer {
        let cast = arguments.get(usize::MAX, "cast").or_else(|| {
            arguments.positional.get(1).map(|argument| &argument.value).filter(|value| {
                matches!(value.kind, Kind::Symbol(_) | Kind::Class(_) | Kind::Function(_))
            })
        });
        let plain = match cast.map(|cast| cast.as_symbol().map(|symbol| symbol.name().to_owned())) {
            None => true,
            Some(Some(name)) => {
                matches!(name.as_str(), "str" | "int" | "URL" | "Secret" | "DatabaseURL")
            }
            Some(None) => false,
        };
        match plain {
            true => Answer::Value(Value::str(text, span)),
            false => super::host::data(span, "what a setting is converted to"),
        }
    }

    /// A call of a value that a settings library made.
    pub(super) fn settings_value_call(
        &mut self,
        heap: &Heap,
        callee: &Value,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Answer> {
        let View::Term(Term::Call(call)) = heap.view(callee) else { return None };
        let path = call.callee.as_symbol()?.path().to_owned();
        match path.as_str() {
            "starlette.config.Config"
            | "decouple.Config"
            | "decouple.AutoConfig"
            | "environs.Env" => self.asked(heap, Some(callee), arguments, span),
            // A decorator with arguments leaves the function what it is.
            _ if path.starts_with("pydantic.") => {
                let first = &arguments.positional.first()?.value;
                is_callable(first).then(|| Answer::Value(first.clone()))
            }
            _ => None,
        }
    }

    /// A method of a value that a settings library made, or of a URL or secret.
    pub(super) fn settings_method(
        &mut self,
        heap: &Heap,
        receiver: &Value,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Answer> {
        if let Some(text) = super::url::text(heap, receiver) {
            return match name {
                "render_as_string" | "unicode_string" | "get_secret_value" | "__str__"
                | "__to_string__" => Some(Answer::Value(Value::str(&text, receiver.span))),
                "get_backend_name" => {
                    let url = crate::alembic::config::Url::new(text);
                    url.backend().map(|name| Answer::Value(Value::str(name, span)))
                }
                _ => None,
            };
        }
        let View::Term(Term::Call(call)) = heap.view(receiver) else { return None };
        let path = call.callee.as_symbol()?.path();
        let reads = matches!(name, "str" | "int" | "bool" | "url" | "__call__" | "get");
        (path.starts_with("environs.") && reads)
            .then(|| self.asked(heap, Some(receiver), arguments, span))?
    }

    /// A field of a settings class that has no default: the environment gives it.
    pub(super) fn settings_field(
        &mut self,
        heap: &mut Heap,
        object: &Value,
        name: &str,
        span: Span,
    ) -> Option<Answer> {
        if let Some(real) = self.real_field(heap, object, name, None, span) {
            return Some(real);
        }
        let View::Instance(instance) = heap.view(object) else { return None };
        let class = Value::new(Kind::Class(instance.class), span);
        let is_field = name.chars().next().is_some_and(char::is_alphabetic);
        (is_field && is_settings(heap, &class, 0)).then(|| self.required(name, span))
    }
}

fn is_callable(value: &Value) -> bool {
    matches!(value.kind, Kind::Function(_) | Kind::Bound(_) | Kind::Class(_))
}

pub(super) fn is_settings(heap: &Heap, class: &Value, depth: usize) -> bool {
    let View::Class(class) = heap.view(class) else { return false };
    depth < 16
        && class.bases.iter().any(|base| match heap.view(base) {
            View::Symbol(symbol) => {
                symbol.path().starts_with("pydantic") && symbol.name() == "BaseSettings"
            }
            View::Class(_) => is_settings(heap, base, depth + 1),
            _ => false,
        })
}
