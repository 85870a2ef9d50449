//! Names: reading, binding, deleting.

use std::sync::Arc;

use revline_text::Span;

use super::builtin;
use super::machine::{Eval, Machine};
use crate::syntax::ast::{Expr, ExprKind};
use crate::value::{Kind, Object, ObjectId, Operator, Term, Unknown, Value};

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
        if let Some(value) = self.lookup(name) {
            return Ok(value);
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
        let elsewhere = frame.elsewhere.iter().find(|(other, _)| other == name);
        let scope = elsewhere.map_or(frame.scope, |(_, scope)| *scope);
        self.bind_in(scope, name, value);
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
                self.set_attribute(&object, name, value);
            }
            ExprKind::Subscript { object, index } => {
                let object = self.expression(object)?;
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
        let items = match self.iterate(value, span)? {
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
        let old = self.expression(target)?;
        let value = self.expression(value)?;
        // `+=` changes a list in place, and whoever else has it sees that.
        if matches!(old.kind, Kind::List(_)) && operator == Operator::Add {
            return self.extend(&old, &value, span);
        }
        if matches!(old.kind, Kind::Dict(_) | Kind::Set(_)) && operator == Operator::BitOr {
            return self.update(&old, &value, span);
        }
        let new = self.operate(operator, &old, &value, span)?;
        self.assign(target, &new)
    }

    pub(super) fn delete(&mut self, target: &Expr) -> Eval<()> {
        let span = self.at(target.range);
        match &target.kind {
            ExprKind::Name(name) => {
                let scope = self.frames.last().map(|frame| frame.scope);
                if let Some(scope) = scope.and_then(|scope| self.heap.scope_mut(scope)) {
                    scope.names.remove(name);
                    scope.order.retain(|other| other != name);
                }
            }
            ExprKind::Subscript { object, index } => {
                let object = self.expression(object)?;
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
