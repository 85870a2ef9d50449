//! Types that the file defines itself: decorators with an `impl`, subclasses, Python enums.

use std::sync::Arc;

use revline_python::eval::{INITIALIZED, RESULT};
use revline_python::value::{Arguments, Class, Term};
use revline_python::{Value, View};
use revline_schema::{SqlType, TypeKind};
use revline_text::Span;

use super::super::{Known, Read, Reader, fail, known};

/// The members of a Python enum with their values, in order.
type Members = Vec<(Arc<str>, Value)>;

/// The method in which a `TypeDecorator` says what it is on a dialect.
const IMPL: &str = "load_dialect_impl";

/// How far a chain of base classes is followed.
const LONGEST_CHAIN: usize = 16;

impl<'h> Reader<'h> {
    /// A type made by a class of the source.
    pub(super) fn custom_type(&self, value: &Value) -> Read<SqlType> {
        let none = Arguments::default();
        let (class, arguments) = match self.heap.view(value) {
            View::Class(class) => (class, &none),
            View::Instance(instance) => match self.heap.class(instance.class) {
                Some(class) => (class, &instance.arguments),
                None => return fail(value.span, "not a column type"),
            },
            _ => return fail(value.span, "not a column type"),
        };
        let (chain, base) = self.bases(class, value.span)?;
        let base = base.as_symbol();
        let processes = [
            "process_bind_param",
            "process_literal_param",
            "bind_processor",
            "literal_processor",
            "bind_expression",
        ];
        if processes.iter().any(|name| self.class_attribute(&chain, name).is_some()) {
            self.processing.borrow_mut().insert(class.name.clone());
        }
        let is_decorator =
            base.is_some_and(|base| known(base.path()) == Known::Sa("TypeDecorator"));
        let result = match self.heap.view(value) {
            View::Instance(instance) => instance.attributes.get(RESULT),
            _ => self.class_attribute(&chain, RESULT),
        };
        // `super().load_dialect_impl(dialect)` is the `impl`, where no base of the source has its own.
        let is_impl = is_decorator
            && result.is_some_and(|result| self.is_super_impl(result))
            && chain.iter().filter(|it| self.heap.attribute_of(it, IMPL).is_some()).count() == 1;
        if let Some(result) = result.filter(|_| is_decorator && !is_impl)
            && self.class_attribute(&chain, IMPL).is_some()
            && !chain.iter().any(|class| self.overridden.contains(&class.name))
        {
            let inner = self.deeper(value.span, || Ok(self.sql_type(result)))?;
            let class = class.name.clone();
            return Ok(SqlType::new(TypeKind::Decorated { class, inner: Arc::new(inner) }));
        }
        // Its constructor ran, and handed these arguments on.
        let is_initialized = match self.heap.view(value) {
            View::Instance(instance) => instance.attributes.contains_key(INITIALIZED),
            _ => false,
        };
        for name in ["__init__", IMPL, "get_col_spec", "__visit_name__", "adapt"] {
            let is_followed = match name {
                IMPL => is_impl,
                "__init__" => is_initialized,
                _ => false,
            };
            if self.class_attribute(&chain, name).is_some() && !is_followed {
                return fail(value.span, format!("{}.{name} decides how it prints", class.name));
            }
        }
        let Some(base) = base else {
            return fail(value.span, format!("the base of {} is not known", class.name));
        };
        if chain.iter().any(|class| self.overridden.contains(&class.name)) {
            return fail(value.span, format!("this file changes how {} compiles", class.name));
        }
        if !is_decorator {
            return self.constructed(base, arguments, value.span);
        }
        let own = match self.heap.view(value) {
            View::Instance(instance) => instance.attributes.get("impl"),
            _ => None,
        };
        let Some(inner) = own.or_else(|| self.class_attribute(&chain, "impl")) else {
            return fail(value.span, format!("{} has no `impl`", class.name));
        };
        let inner = match self.view(inner)? {
            View::Symbol(symbol) => self.constructed(symbol, arguments, value.span)?,
            // An instance stays as it is, whatever the arguments are.
            _ => self.sql_type(inner),
        };
        let class = class.name.clone();
        Ok(SqlType::new(TypeKind::Decorated { class, inner: Arc::new(inner) }))
    }

    fn is_super_impl(&self, result: &Value) -> bool {
        matches!(self.heap.view(result), View::Term(Term::Call(call)) if call
            .callee
            .as_symbol()
            .is_some_and(|symbol| symbol.path() == "super.load_dialect_impl"))
    }

    /// A class with its bases of the source, and the first base outside.
    fn bases<'v>(&self, class: &'v Class, span: Span) -> Read<(Vec<&'v Class>, &'v Value)>
    where
        'h: 'v,
    {
        let mut chain = vec![class];
        let mut at = class;
        while chain.len() < LONGEST_CHAIN {
            let Some(base) = at.bases.first() else {
                return fail(span, format!("{} is not a column type", class.name));
            };
            match self.view(base)? {
                View::Class(next) => {
                    chain.push(next);
                    at = next;
                }
                _ => return Ok((chain, base)),
            }
        }
        fail(span, "too many base classes")
    }

    fn class_attribute<'v>(&self, chain: &[&'v Class], name: &str) -> Option<&'v Value>
    where
        'h: 'v,
    {
        chain.iter().find_map(|class| self.heap.attribute_of(class, name))
    }

    /// The members of a Python enum class in order, aliases left out; `None` for another class.
    pub(super) fn members(&self, value: &Value) -> Read<Option<Members>> {
        let View::Class(class) = self.view(value)? else { return Ok(None) };
        let (chain, _) = self.bases(class, value.span)?;
        let is_enum = chain.iter().flat_map(|class| &class.bases).any(|base| {
            base.as_symbol().is_some_and(|symbol| {
                matches!(
                    symbol.path(),
                    "enum.Enum" | "enum.IntEnum" | "enum.StrEnum" | "enum.Flag" | "enum.IntFlag"
                )
            })
        });
        if !is_enum {
            return Ok(None);
        }
        let mut members = Members::new();
        for (name, member) in self.heap.attributes_of(class) {
            if name.starts_with("__") || matches!(self.heap.view(member), View::Function(_)) {
                continue;
            }
            let inner = match self.view(member)? {
                View::Instance(_) => match self.member(member)? {
                    Some((_, inner)) => inner,
                    None => continue,
                },
                _ => member.clone(),
            };
            if !members.iter().any(|(_, other)| other.same(&inner)) {
                members.push((name.clone(), inner));
            }
        }
        Ok(Some(members))
    }

    /// Name and value where an instance is a member of a Python enum.
    pub(in crate::alembic::sqlalchemy) fn member(
        &self,
        value: &Value,
    ) -> Read<Option<(Arc<str>, Value)>> {
        let View::Instance(instance) = self.view(value)? else { return Ok(None) };
        match (instance.attributes.get("name"), instance.attributes.get("value")) {
            (Some(name), Some(inner)) => {
                Ok(name.as_str().map(|name| (Arc::from(name), inner.clone())))
            }
            _ => Ok(None),
        }
    }
}
