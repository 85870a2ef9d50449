//! The world in which somebody connects: variables, `.env` files and `-x` are what they are.
//!
//! A value that a library converts by an annotation (`"0"` for a truth value) is not known: the
//! evaluator does not see annotations.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use revline_python::value::{Arguments, Dict, Key, Term};
use revline_python::{Answer, Heap, Kind, Value, View};
use revline_text::{FileId, Span};

use super::Variables;
use super::host::{Running, data};
use super::settings::is_settings;
use crate::alembic::flask_migrate::Passed;
use crate::alembic::migration::Unknown;
use crate::dotenv;

/// The process that would run `env.py`.
pub trait Surroundings {
    /// An environment variable.
    fn variable(&self, name: &str) -> Option<String>;

    /// The first variable whose name is this one but for the case of its letters.
    fn variable_in_any_case(&self, name: &str) -> Option<String>;

    /// The text of a file; `None` where there is none.
    fn file(&self, path: &Path) -> Option<String>;

    /// The path of a file that was evaluated.
    fn path(&self, file: FileId) -> Option<PathBuf>;

    /// The folder that it is run in.
    fn folder(&self) -> &Path;

    /// The arguments of `-x`.
    fn x(&self) -> &[String];

    /// What the Flask application around `env.py` passes on to Alembic; `asked` is where `env.py` asks for it.
    ///
    /// # Errors
    /// Why that is not known.
    fn flask_arguments(&self, asked: Span) -> Result<Vec<Passed>, Unknown>;
}

/// What the evaluation has loaded from files.
#[derive(Default)]
pub(super) struct Loaded {
    /// Variables that `load_dotenv` set.
    variables: BTreeMap<String, String>,
}

/// A setting, where a library looks for it.
enum Found {
    Value(String),
    Absent,
    Unknown(&'static str),
}

impl<'w> Running<'w> {
    pub(super) fn surroundings(&self) -> Option<&'w dyn Surroundings> {
        match self.world_of_variables {
            Variables::Real(surroundings) => Some(surroundings),
            _ => None,
        }
    }

    /// A variable of the process, or of a file that was loaded into it; the outer `None` where the
    /// evaluation is not in the real world.
    pub(super) fn real_variable(&self, name: &str) -> Option<Option<String>> {
        let given = self.surroundings()?.variable(name);
        Some(given.or_else(|| self.real.variables.get(name).cloned()))
    }

    /// `load_dotenv` and its kin: the file that is named, else the nearest one above the caller.
    pub(super) fn load_dotenv(&mut self, arguments: &Arguments, span: Span) -> Answer {
        let Some(surroundings) = self.surroundings() else { return Answer::none(span) };
        let named = arguments.get(0, "dotenv_path").filter(|value| !value.is_none());
        let overrides = arguments.keyword("override").map(|keyword| keyword.value.as_bool());
        let text = match named.map(|value| value.as_str()) {
            Some(Some(path)) => surroundings.file(&surroundings.folder().join(path)),
            // A path that is computed otherwise is most often that of the nearest file.
            Some(None) => return Answer::unknown(span, "which file of variables is loaded"),
            None => self.nearest(".env", span),
        };
        let Some(text) = text else { return Answer::Value(Value::bool(false, span)) };
        for (name, value) in self.parsed(&text) {
            match overrides {
                Some(Some(true)) | Some(None) => {
                    return Answer::unknown(span, "a file of variables that overrides those set");
                }
                _ => self.real.variables.entry(name).or_insert(value),
            };
        }
        Answer::Value(Value::bool(true, span))
    }

    fn nearest(&self, name: &str, span: Span) -> Option<String> {
        let surroundings = self.surroundings()?;
        let caller = surroundings.path(span.file)?;
        caller.ancestors().skip(1).find_map(|folder| surroundings.file(&folder.join(name)))
    }

    fn parsed(&self, text: &str) -> Vec<(String, String)> {
        dotenv::parse(text, &|name| self.real_variable(name).flatten())
    }

    fn in_file(&self, text: &str, name: &str, any_case: bool) -> Option<String> {
        let entries = self.parsed(text);
        let same = |known: &str| known == name || any_case && known.eq_ignore_ascii_case(name);
        entries.into_iter().rev().find(|(known, _)| same(known)).map(|(_, value)| value)
    }

    /// `config("NAME", …)` of decouple, starlette and environs: the variable, else the library's
    /// file. The outer `None` where the evaluation is not in the real world.
    pub(super) fn really_asked(
        &self,
        heap: &Heap,
        callee: Option<&Value>,
        name: &str,
        span: Span,
    ) -> Option<Result<Option<String>, &'static str>> {
        let surroundings = self.surroundings()?;
        if let Some(value) = self.real_variable(name).flatten() {
            return Some(Ok(Some(value)));
        }
        let call = callee.and_then(|callee| match heap.view(callee) {
            View::Term(Term::Call(call)) => Some(call),
            _ => None,
        });
        let path = call.and_then(|call| Some(call.callee.as_symbol()?.path().to_owned()));
        Some(match (path.as_deref(), call) {
            (Some("starlette.config.Config"), Some(call)) => {
                if call.arguments.keyword("env_prefix").is_some() {
                    return Some(Err("the prefix of the variables"));
                }
                match call.arguments.get(0, "env_file").map(|file| (file.is_none(), file.as_str()))
                {
                    None | Some((true, _)) => Ok(None),
                    Some((false, Some(file))) => {
                        let text = surroundings.file(&surroundings.folder().join(file));
                        Ok(text.and_then(|text| self.in_file(&text, name, false)))
                    }
                    Some((false, None)) => Err("which file of variables is read"),
                }
            }
            (Some("decouple.Config"), _) => Err("which file of variables is read"),
            (Some("environs.Env"), _) => {
                // `read_env` is a method whose effect is not followed: the nearest file is its default.
                let text = self.nearest(".env", span);
                match text.and_then(|text| self.in_file(&text, name, false)) {
                    Some(_) => Err("whether `read_env` has read the file of variables"),
                    None => Ok(None),
                }
            }
            _ if self.nearest("settings.ini", span).is_some() => Err("what settings.ini says"),
            _ => {
                let text = self.nearest(".env", span);
                Ok(text.and_then(|text| self.in_file(&text, name, false)))
            }
        })
    }

    /// A field of an instance of a settings class; `None` where the evaluation is not in the real
    /// world, or the class is another one. `given` is what stands in the class.
    pub(super) fn real_field(
        &mut self,
        heap: &mut Heap,
        object: &Value,
        name: &str,
        given: Option<&Value>,
        span: Span,
    ) -> Option<Answer> {
        self.surroundings()?;
        let View::Instance(instance) = heap.view(object) else { return None };
        let class = Value::new(Kind::Class(instance.class), span);
        let is_field = !name.starts_with('_') && name != "model_config" && name != "Config";
        if !is_field || !is_settings(heap, &class, 0) {
            return None;
        }
        if given.is_some_and(|given| {
            matches!(given.kind, Kind::Function(_) | Kind::Class(_) | Kind::Bound(_))
        }) {
            return None;
        }
        let passed = instance.arguments.keyword(name).map(|keyword| keyword.value.clone());
        if let Some(value) = passed {
            return Some(Answer::Value(value));
        }
        self.variables.insert(name.into());
        let (default, alias) = declared(heap, given);
        let default = default.cloned();
        Some(match self.setting(heap, object, &class, name, alias) {
            Found::Value(text) => converted(&text, default.as_ref(), span),
            Found::Absent => match default {
                Some(default) => Answer::Value(default),
                None => Answer::Raise {
                    class: "pydantic.ValidationError".to_owned(),
                    message: format!("{name}: Field required"),
                },
            },
            Found::Unknown(why) => data(span, why),
        })
    }

    fn setting(
        &self,
        heap: &Heap,
        object: &Value,
        class: &Value,
        name: &str,
        alias: Alias,
    ) -> Found {
        let Some(surroundings) = self.surroundings() else { return Found::Absent };
        let option = |name: &str| configured(heap, class, name);
        let prefix = match option("env_prefix") {
            None => String::new(),
            Some(value) => match value.as_str() {
                Some(prefix) => prefix.to_owned(),
                None => return Found::Unknown("the prefix of the variables"),
            },
        };
        let cased = match option("case_sensitive") {
            None => false,
            Some(value) => match value.as_bool() {
                Some(cased) => cased,
                None => return Found::Unknown("whether the case of variables counts"),
            },
        };
        let wanted = match alias {
            Alias::None => format!("{prefix}{name}"),
            Alias::Name(alias) => alias,
            Alias::Unknown => return Found::Unknown("the name of the variable"),
        };
        let variable = if cased {
            surroundings.variable(&wanted)
        } else {
            surroundings.variable(&wanted).or_else(|| surroundings.variable_in_any_case(&wanted))
        };
        if let Some(value) = variable.or_else(|| self.real.variables.get(&wanted).cloned()) {
            return Found::Value(value);
        }
        let passed = match heap.view(object) {
            View::Instance(instance) => {
                instance.arguments.keyword("_env_file").map(|keyword| keyword.value.clone())
            }
            _ => None,
        };
        let Some(files) = passed.or_else(|| option("env_file")) else { return Found::Absent };
        let files: Vec<Value> = match heap.items(&files) {
            Some(files) => files.to_vec(),
            None => vec![files],
        };
        // Later files stand before earlier ones.
        for file in files.iter().rev().filter(|file| !file.is_none()) {
            let Some(file) = path_of(heap, file) else {
                return Found::Unknown("which file of variables is read");
            };
            let text = surroundings.file(&surroundings.folder().join(file));
            if let Some(value) = text.and_then(|text| self.in_file(&text, &wanted, !cased)) {
                return Found::Value(value);
            }
        }
        Found::Absent
    }

    /// `context.get_x_argument()`: what a person typed, which is nothing unless somebody connects.
    pub(super) fn x_arguments(&self, heap: &mut Heap, arguments: &Arguments, span: Span) -> Answer {
        let x = self.surroundings().map(Surroundings::x).unwrap_or_default();
        let dictionary = arguments.get(0, "as_dictionary").and_then(Value::as_bool);
        if dictionary != Some(true) {
            let items = x.iter().map(|one| Value::str(one, span)).collect();
            return Answer::Value(heap.list(items, span));
        }
        let mut dict = Dict::default();
        for one in x {
            let (name, value) = one.split_once('=').unwrap_or((one, ""));
            dict.insert(Key::Str(name.into()), Value::str(name, span), Value::str(value, span));
        }
        Answer::Value(heap.dict(dict, span))
    }
}

/// A path: a text, or `Path(".env")`.
fn path_of(heap: &Heap, value: &Value) -> Option<PathBuf> {
    if let Some(text) = value.as_str() {
        return Some(PathBuf::from(text));
    }
    let View::Term(Term::Call(call)) = heap.view(value) else { return None };
    let path = call.callee.as_symbol()?.path();
    let text = call.arguments.positional.first()?.value.as_str()?;
    (path == "pathlib.Path" && call.arguments.positional.len() == 1).then(|| text.into())
}

/// The name of a field's variable.
enum Alias {
    None,
    Name(String),
    Unknown,
}

/// The default of a field and the name of its variable, as `Field(…)` gives them.
fn declared<'a>(heap: &'a Heap, given: Option<&'a Value>) -> (Option<&'a Value>, Alias) {
    let Some(given) = given else { return (None, Alias::None) };
    let call = match heap.view(given) {
        View::Term(Term::Call(call)) => call,
        _ => return (Some(given), Alias::None),
    };
    let is_field = call
        .callee
        .as_symbol()
        .is_some_and(|s| s.path().starts_with("pydantic") && s.name() == "Field");
    if !is_field {
        return (Some(given), Alias::None);
    }
    let default = call.arguments.get(0, "default");
    let default = default.filter(|default| !matches!(default.kind, Kind::Ellipsis));
    let names = ["validation_alias", "alias", "env"];
    let alias = names.iter().find_map(|name| call.arguments.keyword(name));
    let alias = match alias.map(|keyword| keyword.value.as_str()) {
        None => Alias::None,
        Some(Some(name)) => Alias::Name(name.to_owned()),
        Some(None) => Alias::Unknown,
    };
    (default, alias)
}

/// An option of a settings class: of `model_config`, or of the class `Config` in it; its own first,
/// then that of its bases.
fn configured(heap: &Heap, class: &Value, name: &str) -> Option<Value> {
    let mut open = vec![class.clone()];
    let mut seen = 0;
    while let Some(class) = open.pop() {
        let View::Class(class) = heap.view(&class) else { continue };
        seen += 1;
        if seen > 32 {
            return None;
        }
        let scope = heap.scope(class.scope)?;
        let config = scope.names.get("model_config").map(|config| match heap.view(config) {
            View::Dict(dict) => dict.get_str(name).cloned(),
            View::Term(Term::Call(call)) => {
                call.arguments.keyword(name).map(|keyword| keyword.value.clone())
            }
            _ => None,
        });
        let inner = scope.names.get("Config").map(|config| match heap.view(config) {
            View::Class(config) => {
                heap.scope(config.scope).and_then(|scope| scope.names.get(name).cloned())
            }
            _ => None,
        });
        if let Some(value) = config.flatten().or(inner.flatten()) {
            return Some(value);
        }
        open.extend(class.bases.iter().rev().cloned());
    }
    None
}

/// A text as the type of its default reads it. Without a default, what may be a truth value is not
/// known.
fn converted(text: &str, default: Option<&Value>, span: Span) -> Answer {
    let truth = match text.to_ascii_lowercase().as_str() {
        "0" | "off" | "f" | "false" | "n" | "no" => Some(false),
        "1" | "on" | "t" | "true" | "y" | "yes" => Some(true),
        _ => None,
    };
    match default.map(|default| &default.kind) {
        Some(Kind::Bool(_)) => match truth {
            Some(truth) => Answer::Value(Value::bool(truth, span)),
            None => Answer::Raise {
                class: "pydantic.ValidationError".to_owned(),
                message: "Input should be a valid boolean".to_owned(),
            },
        },
        Some(Kind::Str(_)) | Some(Kind::Int(_)) => Answer::Value(Value::str(text, span)),
        _ if truth.is_some() && !text.chars().all(|c| c.is_ascii_digit()) => {
            data(span, "whether this setting is a text or a truth value")
        }
        _ if text.is_empty() => data(span, "what an empty setting stands for"),
        _ => Answer::Value(Value::str(text, span)),
    }
}

/// `re.split(r",\s*", text)`, as the template for several databases has it.
pub(super) fn split(heap: &mut Heap, arguments: &Arguments, span: Span) -> Answer {
    let pattern = arguments.get(0, "pattern").and_then(Value::as_str);
    let text = arguments.get(1, "string").and_then(Value::as_str);
    let (Some(r",\s*" | ","), Some(text)) = (pattern, text) else {
        return data(span, "`re.split` is not evaluated");
    };
    let spaces = pattern != Some(",");
    let parts = text.split(',').enumerate().map(|(index, part)| {
        let part = if spaces && index > 0 { part.trim_start() } else { part };
        Value::str(part, span)
    });
    let parts = parts.collect();
    Answer::Value(heap.list(parts, span))
}

#[cfg(test)]
mod tests;
