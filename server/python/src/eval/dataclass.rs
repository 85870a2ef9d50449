//! Dataclasses: the constructor that the decorator makes of the annotated names.

use std::sync::Arc;

use revline_text::Span;

use super::machine::{Eval, Machine};
use crate::value::{Arguments, ObjectId, Term, Unknown, Value, View};

/// The mark of a class that the decorator was put on. No source can name it.
const MARK: &str = "(dataclass)";

impl Machine<'_> {
    pub(super) fn mark_as_dataclass(&mut self, class: &Value, is_frozen: bool, span: Span) {
        self.set_attribute(class, &Arc::from(MARK), &Value::bool(is_frozen, span));
    }

    /// Whether no attribute of an object may be assigned.
    pub(super) fn is_frozen(&self, object: &Value) -> bool {
        self.class_attribute(object, MARK).is_some_and(|mark| mark.as_bool() == Some(true))
            || self.is_named_tuple(object)
    }

    fn is_named_tuple(&self, object: &Value) -> bool {
        let View::Instance(instance) = self.heap.view(object) else { return false };
        self.ancestry(instance.class)
            .1
            .iter()
            .any(|base| base.as_symbol().is_some_and(|base| base.path() == "typing.NamedTuple"))
    }

    pub(super) fn is_dataclass(&self, class: ObjectId) -> bool {
        let Some(found) = self.heap.class(class) else { return false };
        let is_named =
            |base: &Value| base.as_symbol().is_some_and(|base| base.path() == "typing.NamedTuple");
        self.heap.attribute_of(found, MARK).is_some() || found.bases.iter().any(is_named)
    }

    /// Gives a new object of a dataclass its attributes.
    pub(super) fn construct(
        &mut self,
        class: ObjectId,
        object: &Value,
        arguments: Arguments,
        span: Span,
    ) -> Eval<()> {
        if let Some(why) = arguments.unknown {
            self.taint_value(object, Some(why));
            return Ok(());
        }
        let mut fields: Vec<Arc<str>> = Vec::new();
        for id in self.ancestry(class).0.into_iter().rev() {
            for name in self.heap.class(id).map(|class| class.fields.clone()).unwrap_or_default() {
                if !fields.contains(&name) {
                    fields.push(name);
                }
            }
        }
        let mut positional = arguments.positional.into_iter();
        let mut keywords = arguments.keywords;
        for name in fields {
            let given = positional.next().map(|argument| argument.value).or_else(|| {
                let at = keywords.iter().position(|keyword| keyword.name == name)?;
                Some(keywords.remove(at).value)
            });
            let default = self.class_attribute(object, &name);
            let value = match (given, default) {
                (Some(value), _) => value,
                (None, Some(default)) => self.default_of(&default, span)?,
                (None, None) => {
                    let message = format!("missing required argument: '{name}'");
                    return self.raise("TypeError", &message, span);
                }
            };
            self.set_attribute(object, &name, &value);
        }
        if positional.next().is_some() || !keywords.is_empty() {
            return self.raise("TypeError", "arguments that are no fields", span);
        }
        if self.class_attribute(object, "__post_init__").is_some() {
            self.call_method(object, "__post_init__", Arguments::default(), span)?;
        }
        Ok(())
    }

    /// What a field is that nobody gave: its default, or what its factory makes.
    fn default_of(&mut self, default: &Value, span: Span) -> Eval<Value> {
        let View::Term(Term::Call(call)) = self.heap.view(default) else {
            return Ok(default.clone());
        };
        if call.callee.as_symbol().is_none_or(|symbol| symbol.path() != "dataclasses.field") {
            return Ok(default.clone());
        }
        if let Some(default) = call.arguments.keyword("default") {
            return Ok(default.value.clone());
        }
        match call.arguments.keyword("default_factory").map(|keyword| keyword.value.clone()) {
            Some(factory) => self.call(&factory, Arguments::default(), span, span),
            None => {
                let why = "a field without a default";
                Ok(Value::new(crate::Kind::Unknown(Unknown::data(span, why)), span))
            }
        }
    }

    /// The names that a class body annotates, in order.
    pub(super) fn fields(body: &[crate::syntax::ast::Stmt]) -> Vec<Arc<str>> {
        use crate::syntax::ast::{ExprKind, StmtKind};
        let mut fields: Vec<Arc<str>> = Vec::new();
        for statement in body {
            let target = match &statement.kind {
                StmtKind::Declare { target } => Some(target),
                StmtKind::Assign { targets, annotation: Some(_), .. } => targets.first(),
                _ => None,
            };
            if let Some(ExprKind::Name(name)) = target.map(|target| &target.kind)
                && !fields.contains(name)
            {
                fields.push(name.clone());
            }
        }
        fields
    }
}
