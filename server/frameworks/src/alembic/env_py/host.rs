//! The surroundings of an `env.py`: Alembic's context and configuration, engines, and the names of
//! the libraries in which projects keep their metadata and settings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use revline_python::eval::{Callee, Foreign, Import, Invocation, Opaque};
use revline_python::value::{Arguments, Dict, HostObject, Key, Term};
use revline_python::{Answer, Heap, Host, Imported, Kind, ObjectId, Symbol, Value, View};
use revline_sql::Mode;
use revline_text::Span;

use super::metadata::unknown_metadata;
use super::{Configured, Told, Variables, real, url};
use crate::alembic::config::{Config, Url};
use crate::alembic::migration::imports::Imports;
use crate::alembic::migration::{Unknown, World};

/// Packages whose names stand for themselves, beside those that a migration knows.
const PACKAGES: [&str; 9] = [
    "decouple",
    "dotenv",
    "environs",
    "flask",
    "flask_migrate",
    "flask_sqlalchemy",
    "pydantic",
    "pydantic_settings",
    "starlette",
];

/// A value of an option of the configuration.
type Options = BTreeMap<(Arc<str>, Arc<str>), Value>;

/// The host of one evaluation.
pub(super) struct Running<'w> {
    pub(super) configured: Vec<Configured>,
    pub(super) variables: BTreeSet<Arc<str>>,
    pub(super) world_of_variables: Variables<'w>,
    pub(super) real: real::Loaded,
    pub(super) asked_optional: bool,
    pub(super) asks_flask: bool,
    pub(super) beside: Vec<Unknown>,
    /// Whether the migrations have run.
    pub(super) ran: bool,
    pub(super) version_locations: Option<Span>,
    /// Metadata by what it belongs to; SQLModel's under `None`.
    pub(super) metadata: BTreeMap<Option<ObjectId>, Value>,
    config: Option<&'w Config>,
    offline: bool,
    imports: Imports<'w>,
    /// What Python set, over what the file says.
    set: Options,
    /// Why the configuration is not known any more.
    pub(super) doubt: Option<Unknown>,
    attributes: Option<Value>,
    pub(super) engines: Vec<Told<Url>>,
    guards: u32,
}

impl<'w> Running<'w> {
    pub(super) fn new(
        config: Option<&'w Config>,
        mode: Mode,
        world: &'w dyn World,
        variables: Variables<'w>,
    ) -> Self {
        Self {
            configured: Vec::new(),
            variables: BTreeSet::new(),
            world_of_variables: variables,
            real: real::Loaded::default(),
            asked_optional: false,
            asks_flask: false,
            beside: Vec::new(),
            ran: false,
            version_locations: None,
            metadata: BTreeMap::new(),
            config,
            offline: mode == Mode::Script,
            imports: Imports::new(world),
            set: Options::new(),
            doubt: None,
            attributes: None,
            engines: Vec::new(),
            guards: 0,
        }
    }

    fn section(&self) -> Arc<str> {
        self.config.map_or("alembic", |config| config.section.as_str()).into()
    }

    /// An option as `Config` gives it: what Python set, else what the file says.
    fn option(&self, section: &str, name: &str, span: Span) -> Option<Value> {
        if let Some(doubt) = &self.doubt {
            return Some(Value::unknown_data(doubt.span, doubt.why.clone()));
        }
        if let Some(value) = self.set.get(&(section.into(), name.into())) {
            return Some(value.clone());
        }
        let config = self.config?;
        let text = config.options.get(section, name)?;
        // A URL tells where it stands in the file.
        let databases = config.databases.iter().filter(|one| one.name.text == section);
        let url = match name {
            "sqlalchemy.url" if *config.section == *section => config.sqlalchemy_url.as_ref(),
            "sqlalchemy.url" => databases.filter_map(|database| database.url.as_ref()).next(),
            _ => None,
        };
        let place = url.filter(|url| url.value.secret() == text).map_or(span, |url| url.span);
        Some(Value::str(text, place))
    }

    /// The URL of the configuration as it is now.
    pub(super) fn main_url(&self, whole: Span) -> Told<Url> {
        let value = self.option(&self.section(), "sqlalchemy.url", whole);
        value.map_or(Told::Nothing, |value| url::told(&Heap::new(), &value))
    }

    fn set_option(&mut self, section: Arc<str>, arguments: &Arguments, from: usize, span: Span) {
        let name = arguments.get(from, "name").and_then(Value::as_str);
        let (Some(name), Some(value)) = (name, arguments.get(from + 1, "value")) else {
            let why = "Python changes an option of the configuration that is not known".into();
            self.doubt.get_or_insert(Unknown { span, why });
            return;
        };
        if name == "version_locations" {
            self.version_locations.get_or_insert(span);
        }
        let value = if self.guards > 0 {
            Value::unknown_data(span, "whether this option is set here is not known")
        } else {
            match value.as_str() {
                Some(text) => Value::str(&text.replace("%%", "%"), value.span),
                None => value.clone(),
            }
        };
        self.set.insert((section, name.into()), value);
    }

    fn section_dict(&self, heap: &mut Heap, section: &str, span: Span) -> Option<Value> {
        if let Some(doubt) = &self.doubt {
            return Some(Value::unknown_data(doubt.span, doubt.why.clone()));
        }
        let file = self.config.and_then(|config| config.options.section(section));
        let names = file.into_iter().flat_map(|options| options.keys().map(|key| key.as_str()));
        let set = self.set.keys().filter(|(of, _)| **of == *section).map(|(_, name)| &**name);
        let names: BTreeSet<String> = names.chain(set).map(str::to_owned).collect();
        if names.is_empty() && file.is_none() {
            return None;
        }
        let mut dict = Dict::default();
        for name in names {
            if let Some(value) = self.option(section, &name, span) {
                dict.insert(Key::Str(name.as_str().into()), Value::str(&name, span), value);
            }
        }
        Some(heap.dict(dict, span))
    }

    pub(super) fn object(what: &'static str, id: usize, span: Span) -> Answer {
        let id = u32::try_from(id).unwrap_or(u32::MAX);
        Answer::Value(Value::new(Kind::Host(HostObject { what, id }), span))
    }

    pub(super) fn config_call(
        &mut self,
        heap: &mut Heap,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        let first = arguments.get(0, "name").and_then(Value::as_str);
        let found = match (name, first) {
            ("get_main_option" | "get_alembic_option", Some(name)) => {
                (self.option(&self.section(), name, span), arguments.get(1, "default"))
            }
            ("get_section_option", _) => {
                let section = arguments.get(0, "section").and_then(Value::as_str);
                let option = arguments.get(1, "name").and_then(Value::as_str);
                let (Some(section), Some(option)) = (section, option) else {
                    return Answer::unknown(span, "an option whose name is not known");
                };
                (self.option(section, option, span), arguments.get(2, "default"))
            }
            ("get_section", Some(name)) => {
                (self.section_dict(heap, name, span), arguments.get(1, "default"))
            }
            ("set_main_option", _) => {
                self.set_option(self.section(), arguments, 0, span);
                return Answer::none(span);
            }
            ("set_section_option", _) => {
                match arguments.get(0, "section").and_then(Value::as_str) {
                    Some(section) => self.set_option(section.into(), arguments, 1, span),
                    None => {
                        let why = "Python changes a section that is not known".into();
                        self.doubt.get_or_insert(Unknown { span, why });
                    }
                }
                return Answer::none(span);
            }
            _ => return data(span, "what the configuration says is not known here"),
        };
        Answer::Value(match found {
            (Some(value), _) => value,
            (None, Some(default)) => default.clone(),
            (None, None) => Value::none(span),
        })
    }

    pub(super) fn config_attribute(&mut self, heap: &mut Heap, name: &str, span: Span) -> Answer {
        match name {
            "config_ini_section" => Answer::Value(Value::str(&self.section(), span)),
            "config_file_name" => match self.config.and_then(|config| config.ini.as_deref()) {
                Some(path) => Answer::Value(Value::str(&path.to_string_lossy(), span)),
                None => Answer::none(span),
            },
            "attributes" => {
                let attributes = &mut self.attributes;
                let value = attributes.get_or_insert_with(|| heap.dict(Dict::default(), span));
                Answer::Value(value.clone())
            }
            "cmd_opts" | "file_config" | "toml_file_name" | "stdout" => {
                data(span, "what the command line says is not known here")
            }
            _ => Answer::Unclaimed,
        }
    }

    pub(super) fn context_call(
        &mut self,
        heap: &mut Heap,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        match name {
            "configure" => {
                self.configure(heap, arguments, span);
                Answer::none(span)
            }
            "is_offline_mode" => Answer::Value(Value::bool(self.offline, span)),
            "begin_transaction" => Self::object("transaction", 0, span),
            "execute" => {
                self.beside("env.py executes a statement of its own", span);
                Answer::none(span)
            }
            "run_migrations" => {
                self.ran = true;
                Answer::none(span)
            }
            "static_output" => Answer::none(span),
            "get_context" => Self::object("context", 0, span),
            "get_x_argument" => self.x_arguments(heap, arguments, span),
            "get_tag_argument" => Answer::none(span),
            _ => data(span, "this depends on the run"),
        }
    }

    pub(super) fn engine(&mut self, url: Told<Url>, span: Span) -> Answer {
        self.engines.push(url);
        Self::object("engine", self.engines.len().saturating_sub(1), span)
    }

    /// The URL of the engine behind a connection.
    pub(super) fn url_behind(&self, heap: &Heap, connection: &Value) -> Told<Url> {
        match (heap.view(connection), &connection.kind) {
            (View::Unknown(why), _) => {
                Told::Unknown(Unknown { span: why.span, why: why.why.clone() })
            }
            (_, Kind::Host(HostObject { what: "engine", id })) => {
                self.engines.get(*id as usize).cloned().unwrap_or_default()
            }
            _ => Told::Unknown(Unknown {
                span: connection.span,
                why: "what this connects to is not known".into(),
            }),
        }
    }

    fn symbol_call(
        &mut self,
        heap: &mut Heap,
        path: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        if let Some(name) = path.strip_prefix("alembic.context.") {
            if let Some(name) = name.strip_prefix("config.") {
                return self.config_call(heap, name, arguments, span);
            }
            return self.context_call(heap, name, arguments, span);
        }
        self.notice(path, arguments, span);
        if let Some(answer) = self.settings_call(heap, path, arguments, span) {
            return answer;
        }
        let first = arguments.positional.first().map(|argument| &argument.value);
        let name = path.rsplit('.').next().unwrap_or_default();
        match (name, first) {
            ("create_engine" | "create_async_engine", _) if path.starts_with("sqlalchemy.") => {
                let url = match arguments.get(0, "url") {
                    Some(value) => url::told(heap, value),
                    None => Told::Nothing,
                };
                self.engine(url, span)
            }
            ("engine_from_config" | "async_engine_from_config", _)
                if path.starts_with("sqlalchemy.") =>
            {
                let prefix = arguments.get(1, "prefix").map_or(Some("sqlalchemy."), Value::as_str);
                let key = prefix.map(|prefix| format!("{prefix}url"));
                let url = match (arguments.get(0, "configuration"), key) {
                    (Some(options), Some(key)) => match heap.view(options) {
                        View::Dict(dict) => {
                            dict.get_str(&key).map_or(Told::Nothing, |url| url::told(heap, url))
                        }
                        View::None => {
                            let why = "the configuration has no such section".into();
                            Told::Unknown(Unknown { span: options.span, why })
                        }
                        _ => Told::Unknown(super::configure::why(heap, options)),
                    },
                    _ => Told::Nothing,
                };
                self.engine(url, span)
            }
            ("str", Some(value)) if path == "builtins.str" => match url::text(heap, value) {
                Some(text) => Answer::Value(Value::str(&text, value.span)),
                None => Answer::Unclaimed,
            },
            // A database of Flask-SQLAlchemy 3 has it, and its metadata is the one without a key.
            ("hasattr", Some(value)) if path == "builtins.hasattr" => {
                match super::flask::is_database(value) {
                    true => Answer::Value(Value::bool(true, span)),
                    false => Answer::Unclaimed,
                }
            }
            ("split", _) if path == "re.split" => real::split(heap, arguments, span),
            _ => Answer::Unclaimed,
        }
    }
}

/// A datum that is not known.
pub(super) fn data(span: Span, why: &str) -> Answer {
    Answer::Value(Value::unknown_data(span, why))
}

pub(super) fn host_object(value: &Value) -> Option<HostObject> {
    match value.kind {
        Kind::Host(object) => Some(object),
        _ => None,
    }
}

impl Host for Running<'_> {
    fn import(&mut self, import: &Import<'_>) -> Imported {
        let top = import.module.split('.').next().unwrap_or_default();
        match self.imports.resolve(import) {
            Imported::Unknown(_) | Imported::Foreign(_)
                if import.level == 0 && PACKAGES.contains(&top) =>
            {
                Imported::Symbol(Symbol::new(import.module))
            }
            imported => imported,
        }
    }

    fn call(&mut self, heap: &mut Heap, call: &Invocation<'_>) -> Answer {
        let (arguments, span) = (call.arguments, call.span);
        match call.callee {
            Callee::Symbol(symbol) => self.symbol_call(heap, symbol.path(), arguments, span),
            Callee::Method { receiver, name } => match host_object(receiver) {
                Some(object) => self.object_call(heap, object, name, arguments, span),
                None => self
                    .settings_method(heap, receiver, name, arguments, span)
                    .unwrap_or(Answer::Unclaimed),
            },
            Callee::Value(value) => {
                self.settings_value_call(heap, value, arguments, span).unwrap_or(Answer::Unclaimed)
            }
        }
    }

    fn attribute(&mut self, heap: &mut Heap, object: &Value, name: &str, span: Span) -> Answer {
        if let Some(object) = host_object(object) {
            return self.object_attribute(heap, object, name, span);
        }
        if let View::Symbol(symbol) = heap.view(object)
            && symbol.path() == "alembic.context"
        {
            return match name {
                "config" => Self::object("config", 0, span),
                "script" => Self::object("script", 0, span),
                _ => Answer::Unclaimed,
            };
        }
        if name == "metadata"
            && matches!(object.kind, Kind::Symbol(_) | Kind::Term(_) | Kind::Class(_))
        {
            if let Some(value) = self.metadata_of(heap, object) {
                return Answer::Value(value);
            }
            if matches!(object.kind, Kind::Term(_) | Kind::Class(_)) {
                let why = unknown_metadata(heap, object);
                return Answer::Value(Value::unknown_data(span, why));
            }
        }
        if name == "Model" && self.metadata_of(heap, object).is_some() {
            return Answer::Value(object.clone());
        }
        self.settings_field(heap, object, name, span).unwrap_or(Answer::Unclaimed)
    }

    fn field(
        &mut self,
        heap: &mut Heap,
        object: &Value,
        name: &str,
        given: &Value,
        span: Span,
    ) -> Answer {
        self.real_field(heap, object, name, Some(given), span).unwrap_or(Answer::Unclaimed)
    }

    fn set_attribute(
        &mut self,
        heap: &mut Heap,
        object: &Value,
        name: &str,
        value: &Value,
    ) -> bool {
        if name == "version_locations"
            && matches!(host_object(object), Some(HostObject { what: "script", .. }))
        {
            self.version_locations.get_or_insert(value.span);
            return true;
        }
        if name == "metadata"
            && let View::Symbol(symbol) = heap.view(object)
            && symbol.path().starts_with("sqlmodel.")
        {
            let value = match self.guards {
                0 => value.clone(),
                _ => Value::unknown_data(value.span, "whether this is set here is not known"),
            };
            self.metadata.insert(None, value);
            return true;
        }
        if let Some(HostObject { what: "engine" | "dialect", .. }) = host_object(object) {
            self.beside(&format!("env.py sets `{name}` of its connection"), value.span);
            return true;
        }
        false
    }

    fn item(&mut self, heap: &mut Heap, object: &Value, key: &Value, span: Span) -> Answer {
        match heap.view(object) {
            View::Symbol(symbol) if symbol.path() == "os.environ" => self.environ_item(key, span),
            View::Symbol(symbol)
                if symbol.path() == "flask.current_app.extensions"
                    && key.as_str() == Some("migrate") =>
            {
                Self::object("flask_migrate", 0, span)
            }
            View::Symbol(symbol)
                if symbol.path() == "flask.current_app.extensions"
                    && key.as_str() == Some("sqlalchemy") =>
            {
                Self::object("flask_db", 0, span)
            }
            // `current_app.config["SQLALCHEMY_DATABASE_URI"]` and its kin.
            View::Symbol(symbol) if symbol.path().starts_with("flask.") => {
                data(span, "the Flask application that runs says this")
            }
            _ => Answer::Unclaimed,
        }
    }

    fn truth(&mut self, heap: &Heap, value: &Value) -> Option<bool> {
        match heap.view(value) {
            View::Symbol(symbol) => Some(symbol.name() != "TYPE_CHECKING"),
            View::Host(_) => Some(true),
            View::Term(Term::Call(call)) => {
                let path = call.callee.as_symbol()?.path();
                (path.starts_with("sqlalchemy") || url::makes_url(path)).then_some(true)
            }
            _ => None,
        }
    }

    fn enter(&mut self, _: &mut Heap, value: &Value, _: Span) -> Answer {
        match host_object(value) {
            Some(_) => Answer::Value(value.clone()),
            None => Answer::Unclaimed,
        }
    }

    fn enter_guard(&mut self, _: &Heap, _: &revline_python::Guard) {
        self.guards = self.guards.saturating_add(1);
    }

    fn leave_guard(&mut self, _: &Heap, _: &revline_python::Guard) {
        self.guards = self.guards.saturating_sub(1);
    }

    fn foreign(&mut self, _: &Heap, path: &str, _: &Arguments, span: Span) -> Foreign {
        self.foreign_call(path, span)
    }

    fn opaque(&mut self, _: &Heap, opaque: &Opaque<'_>) {
        self.opaque_call(opaque);
    }
}
