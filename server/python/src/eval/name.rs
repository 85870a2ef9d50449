//! Names: reading, binding, deleting.

use std::sync::Arc;

use revline_text::Span;

use super::builtin;
use super::machine::{Eval, Frame, Machine};
use crate::syntax::ast::{Expr, ExprKind};
use crate::value::{Arguments, Kind, Object, ObjectId, Operator, Term, Unknown, Value, View};

impl Machine<'_> {
    /// The value of a name in the scopes around the running code.
    pub(super) fn lookup(&self, name: &str) -> Option<Value> {
        let mut scope = self.frames.last().map(|frame| frame.scope);
        while let Some(id) = scope {
            let names = self.heap.scope(id)?;
            if let Some(value) = names.names.get(name) {
                return Some(value.clone());
            }
            scope = names.parent;
        }
        None
    }

    pub(super) fn name(&mut self, name: &str, span: Span) -> Eval<Value> {
        let mut scope = self.frames.last().map(|frame| frame.scope);
        while let Some(names) = scope.and_then(|id| self.heap.scope(id)) {
            if let Some(value) = names.names.get(name) {
                return Ok(value.clone());
            }
            // A name that a function binds anywhere is its own everywhere.
            if let Some(definition) = &names.definition
                && definition.locals.binary_search_by(|local| (**local).cmp(name)).is_ok()
            {
                let why = format!("`{name}` may be read before it is bound");
                return Ok(Value::unknown(span, why));
            }
            scope = names.parent;
        }
        if let Some(value) = self.awaited_around(name)? {
            return Ok(value);
        }
        Ok(self.unbound(name, span))
    }

    /// What a name means that nothing binds.
    fn unbound(&self, name: &str, span: Span) -> Value {
        if let Some(unknown) = self.star() {
            return Value::new(Kind::Unknown(unknown), span);
        }
        if builtin::is_builtin(name) {
            return Value::symbol(&format!("builtins.{name}"), span);
        }
        match name {
            "__name__" => {
                let module = self.frames.last().map(|frame| frame.module);
                match module.and_then(|module| self.heap.object(module)) {
                    Some(Object::Module(module)) => Value::str(&module.name.clone(), span),
                    _ => Value::unknown_data(span, "the module's name is not known"),
                }
            }
            "__file__" | "__package__" | "__doc__" => {
                Value::unknown_data(span, format!("`{name}` is not evaluated"))
            }
            _ => Value::unknown(span, format!("`{name}` is not defined")),
        }
    }

    fn star(&self) -> Option<Unknown> {
        let globals = self.frames.last().map(|frame| frame.globals)?;
        self.heap.scope(globals).and_then(|scope| scope.star.clone())
    }

    /// Binds a name in the running scope, or where it was declared to live.
    pub(super) fn bind(&mut self, name: &Arc<str>, value: Value) {
        let Some(frame) = self.frames.last() else { return };
        let scope = match frame.outer {
            None => Self::home_of(frame, name).unwrap_or(frame.scope),
            Some(_) => frame.scope,
        };
        self.bind_in(scope, name, value);
    }

    /// Binds a name by `:=`, which does so around a comprehension.
    pub(super) fn bind_named(&mut self, name: &Arc<str>, value: Value) {
        let Some(frame) = self.frames.last() else { return };
        let scope = Self::home_of(frame, name).or(frame.outer).unwrap_or(frame.scope);
        self.bind_in(scope, name, value);
    }

    /// Where a name was declared to live.
    fn home_of(frame: &Frame, name: &str) -> Option<ObjectId> {
        frame.elsewhere.iter().find(|(other, _)| &**other == name).map(|(_, scope)| *scope)
    }

    pub(super) fn bind_in(&mut self, scope: ObjectId, name: &Arc<str>, value: Value) {
        if let Some(scope) = self.heap.scope_mut(scope)
            && scope.names.insert(name.clone(), value).is_none()
        {
            scope.order.push(name.clone());
        }
    }

    /// Assigns to a name, attribute, item, or the parts of a tuple.
    pub(super) fn assign(&mut self, target: &Expr, value: &Value) -> Eval<()> {
        let span = self.at(target.range);
        match &target.kind {
            ExprKind::Name(name) => self.bind(name, value.clone()),
            ExprKind::Attribute { object, name, .. } => {
                let object = self.expression(object)?;
                self.assign_attribute(&object, name, value, span)?;
            }
            ExprKind::Subscript { object, index } => {
                let object = self.expression(object)?;
                if let ExprKind::Slice { lower, upper, step } = &index.kind {
                    let bounds = [lower, upper, step].map(Option::as_deref);
                    return self.set_slice(&object, bounds, Some(value), span);
                }
                let index = self.expression(index)?;
                self.set_item(&object, &index, value, span)?;
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                return self.deeper(span, |machine| machine.unpack(targets, value, span));
            }
            ExprKind::Starred(inner) => {
                return self.deeper(span, |machine| machine.assign(inner, value));
            }
            _ => {
                let unknown = Unknown::new(span, "an assignment that is not evaluated");
                self.opaque(span, unknown, None);
            }
        }
        Ok(())
    }

    fn unpack(&mut self, targets: &[Expr], value: &Value, span: Span) -> Eval<()> {
        let items = match self.ordered(value, span)? {
            Ok(items) => items,
            Err(why) => {
                for target in targets {
                    let part = Value::new(Kind::Unknown(why.clone()), span);
                    self.assign(target, &part)?;
                }
                return Ok(());
            }
        };
        let star = targets.iter().position(|target| matches!(target.kind, ExprKind::Starred(_)));
        let fixed = targets.len() - usize::from(star.is_some());
        if items.len() < fixed || (star.is_none() && items.len() > fixed) {
            let what = if items.len() < fixed { "not enough" } else { "too many" };
            let message = format!("{what} values to unpack (expected {fixed})");
            return self.raise("ValueError", &message, span);
        }
        let rest = items.len() - fixed;
        let mut items = items.into_iter();
        for (index, target) in targets.iter().enumerate() {
            if Some(index) == star {
                let list: Vec<Value> = items.by_ref().take(rest).collect();
                let list = self.heap.list(list, span);
                self.assign(target, &list)?;
            } else if let Some(item) = items.next() {
                self.assign(target, &item)?;
            }
        }
        Ok(())
    }

    pub(super) fn augment(
        &mut self,
        target: &Expr,
        operator: Operator,
        value: &Expr,
        span: Span,
    ) -> Eval<()> {
        // What stands before the operator is evaluated once.
        let place = match &target.kind {
            ExprKind::Attribute { object, name, .. } => {
                let object = self.expression(object)?;
                let old = self.attribute(&object, name, self.at(target.range))?;
                Some((object, None, old, Some(name)))
            }
            ExprKind::Subscript { object, index } => {
                let object = self.expression(object)?;
                let index = self.expression(index)?;
                let old = self.item(&object, &index, self.at(target.range))?;
                Some((object, Some(index), old, None))
            }
            _ => None,
        };
        let old = match &place {
            Some((.., old, _)) => old.clone(),
            None => self.expression(target)?,
        };
        let value = self.expression(value)?;
        let new = self.in_place(operator, &old, &value, span)?;
        match place {
            None => self.assign(target, &new),
            Some((object, Some(index), ..)) => self.set_item(&object, &index, &new, span),
            Some((object, _, _, Some(name))) => self.assign_attribute(&object, name, &new, span),
            Some(_) => Ok(()),
        }
    }

    /// `old operator= value`: what changes in place is the same object afterwards, and whoever else has it
    /// sees that.
    fn in_place(
        &mut self,
        operator: Operator,
        old: &Value,
        value: &Value,
        span: Span,
    ) -> Eval<Value> {
        match (&old.kind, operator) {
            (Kind::List(_), Operator::Add) => self.extend(old, value, span)?,
            (Kind::Dict(_), Operator::BitOr) => self.update(old, value, span)?,
            (Kind::List(id), Operator::Mul) => {
                let new = self.operate(operator, old, value, span)?;
                match self.heap.items(&new).map(<[Value]>::to_vec) {
                    Some(items) => {
                        if let Some(list) = self.heap.list_mut(old) {
                            *list = items;
                        }
                    }
                    None => {
                        let why = self.why(&new);
                        self.heap.taint(*id, why);
                    }
                }
            }
            (
                Kind::Set(id),
                Operator::BitOr | Operator::BitAnd | Operator::Sub | Operator::BitXor,
            ) => {
                let new = self.operate(operator, old, value, span)?;
                match self.heap.view(&new) {
                    View::Set(items) => {
                        let items = items.clone();
                        if let Some(set) = self.heap.dict_mut(old) {
                            *set = items;
                        }
                    }
                    _ => {
                        let why = self.why(&new);
                        self.heap.taint(*id, why);
                    }
                }
            }
            (Kind::Instance(_), _) => {
                let name = super::special::in_place(operator);
                if self.class_attribute(old, name).is_some() {
                    let value = Arguments::of(vec![value.clone()]);
                    return self.call_method(old, name, value, span);
                }
                return self.operate(operator, old, value, span);
            }
            _ => return self.operate(operator, old, value, span),
        }
        Ok(old.clone())
    }

    /// Takes a name from the running scope, or from where it was declared to live.
    pub(super) fn unbind(&mut self, name: &Arc<str>) -> bool {
        let Some(frame) = self.frames.last() else { return false };
        let scope = Self::home_of(frame, name).unwrap_or(frame.scope);
        let Some(scope) = self.heap.scope_mut(scope) else { return false };
        scope.order.retain(|other| other != name);
        scope.names.remove(name).is_some()
    }

    pub(super) fn delete(&mut self, target: &Expr) -> Eval<()> {
        let span = self.at(target.range);
        match &target.kind {
            ExprKind::Name(name) => {
                self.unbind(name);
            }
            ExprKind::Tuple(targets) => {
                for target in targets {
                    self.deeper(span, |machine| machine.delete(target))?;
                }
            }
            ExprKind::Subscript { object, index } => {
                let object = self.expression(object)?;
                if let ExprKind::Slice { lower, upper, step } = &index.kind {
                    let bounds = [lower, upper, step].map(Option::as_deref);
                    return self.set_slice(&object, bounds, None, span);
                }
                let index = self.expression(index)?;
                self.delete_item(&object, &index, span)?;
            }
            _ => {
                let unknown = Unknown::new(span, "a `del` that is not evaluated");
                self.opaque(span, unknown, None);
            }
        }
        Ok(())
    }

    /// `object.name = value`, as the object's class lets it be.
    pub(super) fn assign_attribute(
        &mut self,
        object: &Value,
        name: &Arc<str>,
        value: &Value,
        span: Span,
    ) -> Eval<()> {
        if let Kind::Instance(id) = object.kind {
            let own = self.class_attribute(object, name);
            let (is_property, setter) = match own.as_ref().map(|own| self.heap.view(own)) {
                Some(View::Function(function)) => {
                    let mark = function.attributes.get("__decorated__").and_then(Value::as_str);
                    let setter = function.attributes.get(super::method::SETTER).cloned();
                    (mark == Some("property"), setter)
                }
                _ => (false, None),
            };
            if let Some(setter) = setter {
                let given = Arguments::of(vec![object.clone(), value.clone()]);
                self.call(&setter, given, span, span)?;
                return Ok(());
            }
            if is_property {
                let message =
                    format!("property '{name}' of {} has no setter", self.describe(object));
                return self.raise("AttributeError", &message, span);
            }
            // What stands in the class may take the value for itself.
            let why = match own.as_ref().and_then(|own| self.heap.unknown(own)) {
                Some(why) => Some(why.clone()),
                None if self.class_attribute(object, "__setattr__").is_some()
                    || self.is_frozen(object) =>
                {
                    Some(Unknown::data(span, "an attribute of an object that takes none"))
                }
                None => None,
            };
            if let Some(why) = why {
                self.heap.taint(id, why);
                return Ok(());
            }
        }
        if let Kind::Int(_)
        | Kind::Float(_)
        | Kind::Bool(_)
        | Kind::List(_)
        | Kind::Tuple(_)
        | Kind::Dict(_)
        | Kind::Set(_)
        | Kind::FrozenSet(_) = object.kind
        {
            let message = format!("{} has no attribute '{name}'", self.describe(object));
            return self.raise("AttributeError", &message, span);
        }
        self.set_attribute(object, name, value);
        Ok(())
    }

    /// Assigns an attribute.
    pub(super) fn set_attribute(&mut self, object: &Value, name: &Arc<str>, value: &Value) {
        match &object.kind {
            Kind::Instance(id) => {
                if let Some(Object::Instance(instance)) = self.heap.change(*id) {
                    instance.attributes.insert(name.clone(), value.clone());
                }
            }
            Kind::Function(id) => {
                if let Some(Object::Function(function)) = self.heap.change(*id) {
                    function.attributes.insert(name.clone(), value.clone());
                }
            }
            Kind::Class(id) => {
                if let Some(Object::Class(class)) = self.heap.object(*id) {
                    let scope = class.scope;
                    self.bind_in(scope, name, value.clone());
                }
            }
            Kind::Module(id) => {
                if let Some(Object::Module(module)) = self.heap.object(*id) {
                    let scope = module.scope;
                    self.bind_in(scope, name, value.clone());
                }
            }
            Kind::Symbol(_) | Kind::Term(_) | Kind::Host(_) => {
                let taken = self.host.set_attribute(&mut self.heap, object, name, value);
                if !taken
                    && let Kind::Term(id) = object.kind
                    && let Some(Object::Term(Term::Call(call))) = self.heap.change(id)
                {
                    call.assigned.push((name.clone(), value.clone()));
                }
            }
            _ => {}
        }
    }
}
