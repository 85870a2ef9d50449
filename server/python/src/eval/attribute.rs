//! Attributes, classes and their instances.

use revline_text::Span;
use std::collections::BTreeMap;

use super::machine::{Eval, Halt, Machine};
use super::{Answer, Imported, Presumption, RESULT, method};
use crate::value::{
    Arguments, Bound, Instance, Kind, Object, ObjectId, Term, Unknown, Value, View,
};

/// Bases followed at most, so that no tangle of classes takes long.
const MOST_BASES: usize = 64;

impl Machine<'_> {
    pub(super) fn attribute(&mut self, object: &Value, name: &str, span: Span) -> Eval<Value> {
        match &object.kind {
            Kind::Symbol(symbol)
                if matches!(name, "__name__" | "__qualname__")
                    && symbol.path().starts_with("builtins.") =>
            {
                Ok(Value::str(symbol.name(), span))
            }
            Kind::Symbol(symbol) => {
                let symbol = symbol.clone();
                match self.host.attribute(&mut self.heap, object, name, span) {
                    Answer::Unclaimed => Ok(Value::new(Kind::Symbol(symbol.child(name)), span)),
                    answer => self.settle_answer(answer, span),
                }
            }
            Kind::Term(_) if name == "args" && self.exception_arguments(object).is_some() => {
                let arguments = self.exception_arguments(object).unwrap_or_default();
                Ok(self.heap.tuple(arguments, span))
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
            _ if method::is_absent(object, name) => {
                let message = format!("{} has no attribute '{name}'", self.describe(object));
                self.raise("AttributeError", &message, span)
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
                (None, "setter")
                    if function.attributes.get("__decorated__").and_then(Value::as_str)
                        == Some("property") =>
                {
                    let name = method::SETTER.into();
                    let bound = Bound { receiver: object.clone(), function: None, name };
                    Value::new(Kind::Bound(self.heap.add(Object::Bound(bound))), span)
                }
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
            Answer::Unclaimed => {}
            answer => return self.settle_answer(answer, span),
        }
        let has_external = self.has_external(object);
        if !name.starts_with("__") && !has_external {
            let asked = Value::str(name, span);
            if let Some(value) = self.special_call(object, "__getattr__", &[asked], span)? {
                return Ok(value);
            }
            if self.class_attribute(object, "__getattribute__").is_none() {
                let message = format!("{} has no attribute '{name}'", self.describe(object));
                return self.raise("AttributeError", &message, span);
            }
        }
        let why = format!("{} has no `{name}` that could be read", self.describe(object));
        Ok(Value::unknown(span, why))
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
                let scope =
                    self.heap.class(class).and_then(|it| self.heap.scope(it.scope)).cloned();
                for name in scope.iter().flat_map(|scope| &scope.order) {
                    let member = scope.as_ref().and_then(|scope| scope.names.get(name));
                    let is_member = |value: &&Value| match self.heap.view(value) {
                        View::Instance(instance) => instance.class == class,
                        _ => false,
                    };
                    if let Some(member) = member.filter(is_member) {
                        let key = crate::value::Key::Str(name.clone());
                        dict.insert(key, Value::str(name, span), member.clone());
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

    /// Turns the constants of an `Enum` into its members.
    pub(super) fn finish_class(&mut self, class: ObjectId, span: Span) -> Eval<()> {
        if self.is_enum(class) {
            return self.finish_enum(class, span);
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

    pub(super) fn instantiate(
        &mut self,
        class: ObjectId,
        arguments: Arguments,
        span: Span,
    ) -> Eval<Value> {
        if self.is_enum(class) {
            return self.member_of(class, &arguments, span);
        }
        let instance =
            Instance { class, arguments: arguments.clone(), attributes: BTreeMap::new() };
        let object = Value::new(Kind::Instance(self.heap.add(Object::Instance(instance))), span);
        match self.class_attribute(&object, "__init__") {
            Some(init) => {
                self.call_function(&init, arguments, Some(object.clone()), span)?;
            }
            None if self.is_dataclass(class) => {
                self.construct(class, &object, arguments, span)?;
            }
            None if !arguments.positional.is_empty() && self.is_made_plainly(&object) => {
                let message = format!("{} takes no arguments", self.describe(&object));
                return self.raise("TypeError", &message, span);
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

    /// Whether nothing but `__init__` has a say in how an object is made.
    fn is_made_plainly(&self, object: &Value) -> bool {
        let View::Instance(instance) = self.heap.view(object) else { return false };
        let line = self.ancestry(instance.class).0;
        let has_keywords = |id: &ObjectId| self.heap.class(*id).is_none_or(|it| it.has_keywords);
        !line.iter().any(has_keywords)
            && !self.has_external(object)
            && self.class_attribute(object, "__new__").is_none()
    }

    /// Whether a value is true, its own methods asked.
    pub(super) fn truth_of(&mut self, value: &Value, span: Span) -> Eval<Result<bool, Unknown>> {
        if let Kind::Instance(_) = value.kind {
            for name in ["__bool__", "__len__"] {
                if self.class_attribute(value, name).is_some() {
                    let answer = self.call_method(value, name, Arguments::default(), span)?;
                    return Ok(match self.heap.view(&answer) {
                        View::Bool(truth) => Ok(truth),
                        View::Int(number) if name == "__len__" => Ok(number != 0),
                        _ => Err(self.why(&answer)),
                    });
                }
            }
        }
        Ok(self.truth(value))
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
            View::Iter(iter) if iter.is_used_up() => Ok(true),
            View::Iter(iter) => match self.count_of(iter) {
                Some(count) => Ok(count != 0),
                None => Err(self.why(value)),
            },
            View::Ellipsis
            | View::Function(_)
            | View::Bound(_)
            | View::Coroutine(_)
            | View::Class(_)
            | View::Module(_) => Ok(true),
            View::Unknown(unknown) => Err(unknown.clone()),
            View::Instance(instance)
                if self.is_enum(instance.class)
                    && self.class_attribute(value, "__bool__").is_none() =>
            {
                match self.enum_truth(value) {
                    Some(inner) => self.truth(&inner),
                    None => Ok(true),
                }
            }
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
