//! Attributes, classes and their instances.

use std::collections::BTreeMap;
use std::sync::Arc;

use revline_text::Span;

use super::machine::{Eval, Halt, Machine};
use super::{Answer, Imported, Presumption, RESULT, method};
use crate::value::{
    Arguments, Bound, Instance, Kind, Object, ObjectId, Term, Unknown, Value, View,
};

/// Base classes that make an `Enum` of a class.
const ENUMS: &[&str] = &["enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"];

/// Bases followed at most, so that no tangle of classes takes long.
const MOST_BASES: usize = 64;

impl Machine<'_> {
    pub(super) fn attribute(&mut self, object: &Value, name: &str, span: Span) -> Eval<Value> {
        match &object.kind {
            Kind::Symbol(symbol) => {
                let symbol = symbol.clone();
                match self.host.attribute(&mut self.heap, object, name, span) {
                    Answer::Unclaimed => Ok(Value::new(Kind::Symbol(symbol.child(name)), span)),
                    answer => self.settle_answer(answer, span),
                }
            }
            Kind::Term(_) | Kind::Host(_) => {
                match self.host.attribute(&mut self.heap, object, name, span) {
                    Answer::Unclaimed => {
                        let term = Term::Attribute { object: object.clone(), name: name.into() };
                        Ok(self.heap.term(term, span))
                    }
                    answer => self.settle_answer(answer, span),
                }
            }
            Kind::Unknown(why) => match self.host.attribute(&mut self.heap, object, name, span) {
                Answer::Unclaimed => Ok(Value::new(Kind::Unknown(why.child(name)), object.span)),
                answer => self.settle_answer(answer, span),
            },
            Kind::Module(id) => self.module_attribute(*id, name, span),
            Kind::Class(id) => Ok(self.attribute_of_class(*id, object, name, span)),
            Kind::Instance(_) => self.instance_attribute(object, name, span),
            Kind::Function(_) => Ok(self.function_attribute(object, name, span)),
            _ if method::exists(object, name) => {
                let bound = Bound { receiver: object.clone(), function: None, name: name.into() };
                Ok(Value::new(Kind::Bound(self.heap.add(Object::Bound(bound))), span))
            }
            _ => {
                let why = format!("the attribute `{name}` of {}", self.describe(object));
                Ok(Value::unknown_data(span, why))
            }
        }
    }

    fn function_attribute(&mut self, object: &Value, name: &str, span: Span) -> Value {
        match self.heap.view(object) {
            View::Function(function) => match (function.attributes.get(name), name) {
                (Some(value), _) => value.clone(),
                (None, "__name__" | "__qualname__") => {
                    Value::str(&function.definition.name.clone(), span)
                }
                _ => Value::unknown_data(span, format!("the attribute `{name}` of a function")),
            },
            _ => object.clone(),
        }
    }

    pub(super) fn module_attribute(
        &mut self,
        module: ObjectId,
        name: &str,
        span: Span,
    ) -> Eval<Value> {
        let Some(Object::Module(found)) = self.heap.object(module) else {
            return Ok(Value::none(span));
        };
        let found = found.clone();
        let bound = self.heap.scope(found.scope).and_then(|scope| scope.names.get(name));
        if let Some(value) = bound {
            return Ok(value.clone());
        }
        if let Some(value) = self.awaited(found.scope, name)? {
            return Ok(value);
        }
        if let Some(scope) = self.heap.scope(found.scope) {
            if let Some(unknown) = &scope.star {
                return Ok(Value::new(Kind::Unknown(unknown.clone()), span));
            }
            if let Some(function) = scope.names.get("__getattr__").cloned() {
                let name = Arguments::of(vec![Value::str(name, span)]);
                match self.call_function(&function, name, None, span) {
                    // It has no such name: a module of the package may be meant.
                    Err(Halt::Raise(_)) => {}
                    result => return result,
                }
            }
        }
        let path = format!("{}.{name}", found.name);
        let import = super::Import {
            file: found.source.file,
            importer: &found.name,
            level: 0,
            module: &path,
            span,
        };
        match self.host.import(&import) {
            Imported::Unclaimed | Imported::Unknown(_) | Imported::Foreign(_) => {
                let why = format!("`{}` has no `{name}` that could be read", found.name);
                Ok(Value::unknown(span, why))
            }
            imported => {
                let is_read = match &imported {
                    Imported::Source { source, .. } => self.modules.contains_key(&source.file),
                    _ => false,
                };
                if !is_read && !self.named.contains(&*path) {
                    self.host.presumed(Presumption::Imported, &path, span);
                }
                self.module(imported, &path, span)
            }
        }
    }

    fn instance_attribute(&mut self, object: &Value, name: &str, span: Span) -> Eval<Value> {
        let View::Instance(instance) = self.heap.view(object) else {
            return Ok(Value::new(Kind::Unknown(self.why(object)), span));
        };
        if let Some(value) = instance.attributes.get(name) {
            return Ok(value.clone());
        }
        let class = instance.class;
        if name == "__class__" {
            return Ok(Value::new(Kind::Class(class), span));
        }
        if let Some(value) = self.class_attribute(object, name) {
            let kind = match self.heap.view(&value) {
                View::Function(function) => {
                    let mark = function.attributes.get("__decorated__");
                    Some(mark.and_then(Value::as_str).unwrap_or("method").to_owned())
                }
                _ => None,
            };
            return match kind.as_deref() {
                None if !self.ancestry(class).1.is_empty() => {
                    match self.host.field(&mut self.heap, object, name, &value, span) {
                        Answer::Unclaimed => Ok(value),
                        answer => self.settle_answer(answer, span),
                    }
                }
                None | Some("staticmethod") => Ok(value),
                Some("property") => {
                    self.call_function(&value, Arguments::default(), Some(object.clone()), span)
                }
                Some("classmethod") => {
                    Ok(self.bound(Value::new(Kind::Class(class), span), value, name, span))
                }
                Some(_) => Ok(self.bound(object.clone(), value, name, span)),
            };
        }
        match self.host.attribute(&mut self.heap, object, name, span) {
            Answer::Unclaimed => {
                let why = format!("{} has no `{name}` that could be read", self.describe(object));
                Ok(Value::unknown(span, why))
            }
            answer => self.settle_answer(answer, span),
        }
    }

    fn bound(&mut self, receiver: Value, function: Value, name: &str, span: Span) -> Value {
        let bound = Bound { receiver, function: Some(function), name: name.into() };
        Value::new(Kind::Bound(self.heap.add(Object::Bound(bound))), span)
    }

    /// The classes that a class inherits from, itself first, and whether some are external.
    pub(super) fn ancestry(&self, class: ObjectId) -> (Vec<ObjectId>, Vec<Value>) {
        let (mut classes, mut external) = (vec![class], Vec::new());
        let mut at = 0;
        while let Some(id) = classes.get(at).copied() {
            at += 1;
            if let Some(Object::Class(class)) = self.heap.object(id) {
                for base in &class.bases {
                    match base.kind {
                        Kind::Class(base) if classes.len() < MOST_BASES => {
                            if !classes.contains(&base) {
                                classes.push(base);
                            }
                        }
                        _ => external.push(base.clone()),
                    }
                }
            }
        }
        (classes, external)
    }

    /// An attribute that an instance (or class) finds in its class or a base.
    pub(super) fn class_attribute(&self, object: &Value, name: &str) -> Option<Value> {
        let class = match (&object.kind, self.heap.view(object)) {
            (Kind::Class(id), _) => *id,
            (_, View::Instance(instance)) => instance.class,
            _ => return None,
        };
        self.ancestry(class).0.into_iter().find_map(|id| match self.heap.object(id) {
            Some(Object::Class(class)) => {
                self.heap.scope(class.scope).and_then(|scope| scope.names.get(name)).cloned()
            }
            _ => None,
        })
    }

    fn attribute_of_class(
        &mut self,
        class: ObjectId,
        object: &Value,
        name: &str,
        span: Span,
    ) -> Value {
        if let Some(value) = self.class_attribute(object, name) {
            let decorated = match self.heap.view(&value) {
                View::Function(function) => {
                    function.attributes.get("__decorated__").and_then(Value::as_str)
                }
                _ => None,
            };
            if decorated == Some("classmethod") {
                return self.bound(object.clone(), value, name, span);
            }
            return value;
        }
        match (name, self.heap.object(class)) {
            ("__name__" | "__qualname__", Some(Object::Class(class))) => {
                Value::str(&class.name.clone(), span)
            }
            ("__members__", _) if self.is_enum(class) => {
                let mut dict = crate::value::Dict::default();
                for member in self.members(class) {
                    if let View::Instance(instance) = self.heap.view(&member)
                        && let Some(name) = instance.attributes.get("name").cloned()
                        && let Ok(key) = self.key(&name)
                    {
                        dict.insert(key, name, member);
                    }
                }
                self.heap.dict(dict, span)
            }
            _ => match self.host.attribute(&mut self.heap, object, name, span) {
                Answer::Value(value) => value,
                _ => {
                    let class = self.describe(object);
                    Value::unknown(span, format!("{class} has no `{name}` that could be read"))
                }
            },
        }
    }

    pub(super) fn is_enum(&self, class: ObjectId) -> bool {
        self.ancestry(class)
            .1
            .iter()
            .any(|base| base.as_symbol().is_some_and(|base| ENUMS.contains(&base.path())))
    }

    /// The members of an `Enum` in order.
    pub(super) fn members(&self, class: ObjectId) -> Vec<Value> {
        let Some(Object::Class(found)) = self.heap.object(class) else { return Vec::new() };
        let Some(scope) = self.heap.scope(found.scope) else { return Vec::new() };
        let values = scope.order.iter().filter_map(|name| scope.names.get(name));
        values
            .filter(|value| match self.heap.view(value) {
                View::Instance(instance) => instance.class == class,
                _ => false,
            })
            .cloned()
            .collect()
    }

    /// Turns the constants of an `Enum` into its members.
    pub(super) fn finish_class(&mut self, class: ObjectId, span: Span) -> Eval<()> {
        if self.is_enum(class) {
            self.finish_enum(class, span);
            return Ok(());
        }
        let value = Value::new(Kind::Class(class), span);
        let Some(asked) = self.asked(&value, span) else { return Ok(()) };
        let instance =
            Instance { class, arguments: Arguments::default(), attributes: BTreeMap::new() };
        let object = Value::new(Kind::Instance(self.heap.add(Object::Instance(instance))), span);
        let result = self.result_of(&object, asked, span)?;
        let Some(Object::Class(found)) = self.heap.object(class) else { return Ok(()) };
        let scope = found.scope;
        if let Some(scope) = self.heap.scope_mut(scope) {
            scope.names.insert(RESULT.into(), result);
        }
        Ok(())
    }

    fn asked(&mut self, value: &Value, span: Span) -> Option<(&'static str, Arguments)> {
        if !self.has_external(value) {
            return None;
        }
        let asked = self.host.made(&self.heap, value, span)?;
        self.class_attribute(value, asked.0).is_some().then_some(asked)
    }

    /// What a method of an object gives. One that raises is of no use where it is used.
    fn result_of(
        &mut self,
        object: &Value,
        (method, arguments): (&'static str, Arguments),
        span: Span,
    ) -> Eval<Value> {
        match self.call_method(object, method, arguments, span) {
            Err(Halt::Raise(raised)) => {
                Ok(Value::unknown(raised.span, format!("`{method}` raises {}", raised.class)))
            }
            result => result,
        }
    }

    fn finish_enum(&mut self, class: ObjectId, span: Span) {
        let Some(Object::Class(found)) = self.heap.object(class) else { return };
        let scope = found.scope;
        let Some(names) = self.heap.scope(scope) else { return };
        let mut members: Vec<(Arc<str>, Value)> = Vec::new();
        for name in &names.order {
            if let Some(value) = names.names.get(name)
                && !name.starts_with('_')
                && !matches!(value.kind, Kind::Function(_) | Kind::Class(_))
            {
                members.push((name.clone(), value.clone()));
            }
        }
        for (name, value) in members {
            let value = match &value.kind {
                Kind::Symbol(symbol) if symbol.path() == "enum.auto" => {
                    Value::unknown_data(value.span, "`enum.auto()` is not evaluated")
                }
                _ => value,
            };
            let at = value.span;
            let attributes = BTreeMap::from([
                (Arc::from("name"), Value::str(&name, at)),
                (Arc::from("value"), value),
            ]);
            let arguments = Arguments::default();
            let instance = Object::Instance(Instance { class, arguments, attributes });
            let member = Value::new(Kind::Instance(self.heap.add(instance)), span);
            self.bind_in(scope, &name, member);
        }
    }

    pub(super) fn instantiate(
        &mut self,
        class: ObjectId,
        arguments: Arguments,
        span: Span,
    ) -> Eval<Value> {
        if self.is_enum(class) {
            return Ok(self.member_of(class, &arguments, span));
        }
        let instance =
            Instance { class, arguments: arguments.clone(), attributes: BTreeMap::new() };
        let object = Value::new(Kind::Instance(self.heap.add(Object::Instance(instance))), span);
        match self.class_attribute(&object, "__init__") {
            Some(init) => {
                self.call_function(&init, arguments, Some(object.clone()), span)?;
            }
            None => {
                // The constructor of a declarative model, dataclass or named tuple: keywords are
                // attributes; positional ones are left to the host.
                for keyword in arguments.keywords {
                    self.set_attribute(&object, &keyword.name, &keyword.value);
                }
            }
        }
        if let Some(asked) = self.asked(&object, span) {
            let result = self.result_of(&object, asked, span)?;
            self.set_attribute(&object, &RESULT.into(), &result);
        }
        Ok(object)
    }

    fn member_of(&mut self, class: ObjectId, arguments: &Arguments, span: Span) -> Value {
        let unknown = || Value::unknown_data(span, "which member this is is not known");
        let Some(wanted) = arguments.get(0, "value") else { return unknown() };
        for member in self.members(class) {
            let View::Instance(instance) = self.heap.view(&member) else { continue };
            if instance.attributes.get("value").is_some_and(|value| value.same(wanted)) {
                return member;
            }
        }
        unknown()
    }

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
    pub(super) fn catches(&self, raised: &super::Raised, class: &Value) -> Option<bool> {
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
                Some("Exception") => Some(!super::builtin::is_beyond_exception(&raised.class)),
                Some(name) => super::builtin::exception_bases(&raised.class)
                    .map(|bases| raised.class == name || bases.contains(&name)),
                None if raised.class == symbol.path() => Some(true),
                None if super::builtin::exception_bases(&raised.class).is_some() => Some(false),
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

    /// Whether a value is true; why not, where that is not known.
    pub(super) fn truth(&mut self, value: &Value) -> Result<bool, Unknown> {
        match self.heap.view(value) {
            View::None => Ok(false),
            View::Bool(truth) => Ok(truth),
            View::Int(number) => Ok(number != 0),
            View::Float(number) => Ok(number != 0.0),
            View::Str(string) => Ok(!string.text().is_empty()),
            View::Bytes(bytes) => Ok(!bytes.is_empty()),
            View::List(items) | View::Tuple(items) => Ok(!items.is_empty()),
            View::Dict(dict) | View::Set(dict) => Ok(!dict.is_empty()),
            View::Ellipsis
            | View::Function(_)
            | View::Bound(_)
            | View::Coroutine(_)
            | View::Class(_)
            | View::Module(_) => Ok(true),
            View::Unknown(unknown) => Err(unknown.clone()),
            View::Instance(_)
                if self.class_attribute(value, "__bool__").is_none()
                    && self.class_attribute(value, "__len__").is_none() =>
            {
                Ok(true)
            }
            View::Symbol(_) | View::Term(_) | View::Host(_) | View::Instance(_) => {
                match self.host.truth(&self.heap, value) {
                    Some(truth) => Ok(truth),
                    None => {
                        let why = format!("whether {} is true", self.describe(value));
                        Err(Unknown::data(value.span, why))
                    }
                }
            }
        }
    }
}
