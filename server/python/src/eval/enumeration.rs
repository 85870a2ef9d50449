//! Enumerations: their members and what those are at the same time.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use revline_text::Span;

use super::machine::{Eval, Machine};
use crate::value::{Arguments, Instance, Kind, Object, ObjectId, Value, View};

/// Base classes that make an `Enum` of a class.
const ENUMS: &[&str] = &["enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"];

impl Machine<'_> {
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
        let mut members: Vec<Value> = Vec::new();
        for value in scope.order.iter().filter_map(|name| scope.names.get(name)) {
            if let View::Instance(instance) = self.heap.view(value)
                && instance.class == class
                // A second name of a member is no member.
                && !members.iter().any(|member| member.same(value))
            {
                members.push(value.clone());
            }
        }
        members
    }

    pub(super) fn finish_enum(&mut self, class: ObjectId, span: Span) -> Eval<()> {
        let Some(Object::Class(found)) = self.heap.object(class) else { return Ok(()) };
        let scope = found.scope;
        let Some(names) = self.heap.scope(scope) else { return Ok(()) };
        let mut values: Vec<(Arc<str>, Value)> = Vec::new();
        for name in &names.order {
            if let Some(value) = names.names.get(name)
                && !name.starts_with('_')
                && !matches!(value.kind, Kind::Function(_) | Kind::Class(_))
            {
                values.push((name.clone(), value.clone()));
            }
        }
        let mut members: Vec<(Value, Value)> = Vec::new();
        let mut autos: HashMap<Span, Value> = HashMap::new();
        for (name, value) in values {
            // Another name for what `auto()` made is the same member.
            let made = self.is_auto(&value).then_some(value.span);
            if let Some(member) = made.and_then(|made| autos.get(&made).cloned()) {
                self.bind_in(scope, &name, member);
                continue;
            }
            let value = self.automatic(class, &name, value, &members);
            // Another name for an equal value is the same member.
            let same = members.iter().find(|(other, _)| self.equal(other, &value, 0) == Ok(true));
            if let Some((_, member)) = same {
                let member = member.clone();
                self.bind_in(scope, &name, member);
                continue;
            }
            let at = value.span;
            let attributes = BTreeMap::from([
                (Arc::from("name"), Value::str(&name, at)),
                (Arc::from("value"), value.clone()),
            ]);
            let arguments = Arguments::default();
            let instance = Object::Instance(Instance { class, arguments, attributes });
            let member = Value::new(Kind::Instance(self.heap.add(instance)), span);
            if self.class_attribute(&member, "__init__").is_some() {
                let arguments = match self.heap.view(&value) {
                    View::Tuple(items) => items.to_vec(),
                    _ => vec![value.clone()],
                };
                self.call_method(&member, "__init__", Arguments::of(arguments), span)?;
            }
            self.bind_in(scope, &name, member.clone());
            if let Some(made) = made {
                autos.insert(made, member.clone());
            }
            members.push((value, member));
        }
        Ok(())
    }

    fn is_auto(&self, value: &Value) -> bool {
        value.as_symbol().is_some_and(|symbol| symbol.path() == "enum.auto")
    }

    /// What `enum.auto()` stands for: one more than the value before, or the name in small letters.
    fn automatic(
        &self,
        class: ObjectId,
        name: &str,
        value: Value,
        before: &[(Value, Value)],
    ) -> Value {
        if !self.is_auto(&value) {
            return value;
        }
        let object = Value::new(Kind::Class(class), value.span);
        let bases = self.ancestry(class).1;
        let has = |path: &str| {
            bases.iter().any(|base| base.as_symbol().is_some_and(|it| it.path() == path))
        };
        let is_own = self.class_attribute(&object, "_generate_next_value_").is_some();
        let kind = match before.last() {
            _ if is_own || has("enum.Flag") || has("enum.IntFlag") => None,
            _ if has("enum.StrEnum") => return Value::str(&name.to_lowercase(), value.span),
            _ if has("builtins.str") => None,
            None => Some(1),
            // Some versions go on from the last value, others from the highest.
            Some((last, _)) => last
                .as_int()
                .filter(|last| {
                    before.iter().all(|(value, _)| value.as_int().is_some_and(|it| it <= *last))
                })
                .and_then(|last| last.checked_add(1)),
        };
        match kind {
            Some(number) => Value::new(Kind::Int(number), value.span),
            None => Value::unknown_data(value.span, "`enum.auto()` is not evaluated"),
        }
    }

    /// `Color("red")`.
    pub(super) fn member_of(
        &mut self,
        class: ObjectId,
        arguments: &Arguments,
        span: Span,
    ) -> Eval<Value> {
        let unknown = || Value::unknown_data(span, "which member this is is not known");
        let Some(wanted) = arguments.get(0, "value") else { return Ok(unknown()) };
        let mut is_certain = self.heap.unknown(wanted).is_none();
        for member in self.members(class) {
            if member.same(wanted) {
                return Ok(member);
            }
            let View::Instance(instance) = self.heap.view(&member) else { continue };
            match instance.attributes.get("value").map(|value| self.equal(value, wanted, 0)) {
                Some(Ok(true)) => return Ok(member),
                Some(Ok(false)) => {}
                _ => is_certain = false,
            }
        }
        let object = Value::new(Kind::Class(class), span);
        let is_flag = self
            .ancestry(class)
            .1
            .iter()
            .any(|base| base.as_symbol().is_some_and(|base| base.path().ends_with("Flag")));
        if !is_certain || is_flag || self.class_attribute(&object, "_missing_").is_some() {
            return Ok(unknown());
        }
        let message = format!("this is not a valid {}", self.describe(&object));
        self.raise("ValueError", &message, span)
    }

    /// The value whose truth is that of a member, where it is not true like every object.
    pub(super) fn enum_truth(&self, member: &Value) -> Option<Value> {
        let View::Instance(instance) = self.heap.view(member) else { return None };
        let is_plain = self
            .ancestry(instance.class)
            .1
            .iter()
            .all(|base| base.as_symbol().is_some_and(|base| base.path() == "enum.Enum"));
        instance.attributes.get("value").filter(|_| !is_plain).cloned()
    }
}
