//! Column types: constructors, classes named without a call, `with_variant`, a file's own classes.

mod classes;
mod custom;
mod dialect;
mod enumeration;
mod generic;
mod third_party;

pub(crate) use classes::TypeClass;
use revline_python::value::{Arguments, Call, Term};
use revline_python::{Symbol, Value, View};
use revline_schema::{SqlType, TypeKind};
use revline_text::Span;

use super::{Known, Read, Reader, Signature, fail, known};

impl Reader<'_> {
    /// A type; what is not understood is opaque in its place.
    pub(crate) fn sql_type(&self, value: &Value) -> SqlType {
        let read = self.deeper(value.span, || self.try_type(value));
        let mut type_ = read.unwrap_or_else(|why| SqlType::new(TypeKind::Opaque(why)));
        type_.origin = value.span.into();
        type_
    }

    fn try_type(&self, value: &Value) -> Read<SqlType> {
        match self.view(value)? {
            View::Symbol(symbol) => self.constructed(symbol, &Arguments::default(), value.span),
            View::Term(Term::Call(call)) => self.called_type(call, value.span),
            View::Class(_) | View::Instance(_) => self.custom_type(value),
            // `Column("x", None)` is as good as no type.
            View::None => Ok(SqlType::default()),
            _ => fail(value.span, "not a column type"),
        }
    }

    fn called_type(&self, call: &Call, span: Span) -> Read<SqlType> {
        if !call.assigned.is_empty() {
            return fail(span, "a type whose attributes are assigned");
        }
        if let Some(symbol) = call.callee.as_symbol() {
            return self.constructed(symbol, &call.arguments, span);
        }
        let View::Term(Term::Attribute { object, name }) = self.view(&call.callee)? else {
            return fail(span, "not a column type");
        };
        match &**name {
            "with_variant" => self.variant(object, &call.arguments, span),
            // A copy of the same type.
            "copy" | "as_generic" if &**name == "copy" && call.arguments.is_empty() => {
                self.deeper(span, || self.try_type(object))
            }
            _ => fail(span, format!("`{name}` of a type is not understood")),
        }
    }

    fn variant(&self, object: &Value, arguments: &Arguments, span: Span) -> Read<SqlType> {
        const VARIANT: Signature = Signature {
            name: "with_variant",
            positional: &["type_"],
            variadic: true,
            keywords: &["dialect_name"],
        };
        let matched = VARIANT.bind(arguments, span)?;
        let mut type_ = self.deeper(span, || self.try_type(object))?;
        if let TypeKind::Opaque(why) = &type_.kind {
            return Err(why.clone());
        }
        let variant = self.sql_type(matched.need("with_variant", "type_", span)?);
        // SQLAlchemy 1.4's keyword is a positional name now; both spellings occur.
        let by_name = matched.get("dialect_name").into_iter();
        let names = matched.rest.iter().map(|argument| &argument.value).chain(by_name);
        let mut count = 0_u32;
        for name in names {
            let dialect = self.text(name)?;
            if type_.variants.contains_key(&dialect.text) {
                return fail(span, format!("dialect '{}' has a variant already", dialect.text));
            }
            type_.variants.insert(dialect.text, variant.clone());
            count += 1;
        }
        if count == 0 {
            return fail(span, "with_variant() needs the name of a dialect");
        }
        Ok(type_)
    }

    /// The type that `symbol(arguments)` makes.
    pub(crate) fn constructed(
        &self,
        symbol: &Symbol,
        arguments: &Arguments,
        span: Span,
    ) -> Read<SqlType> {
        if self.overridden.contains(symbol.path()) {
            return fail(span, format!("this file changes how {} compiles", symbol.name()));
        }
        // `MutableDict.as_mutable(type)` is the type: what it adds is Python's.
        if symbol.path().starts_with("sqlalchemy.ext.mutable.") && symbol.name() == "as_mutable" {
            return match arguments.get(0, "sqltype") {
                Some(type_) => self.deeper(span, || self.try_type(type_)),
                None => fail(span, "as_mutable() is missing a type"),
            };
        }
        let kind = match known(symbol.path()) {
            Known::Sa(name) => self.generic_type(name, arguments, span)?,
            Known::Dialect(dialect, name) => self.dialect_type(dialect, name, arguments, span)?,
            _ => return self.third_party_type(symbol.path(), arguments, span),
        };
        Ok(SqlType::new(kind))
    }

    /// Whether a value in the place of a column's second argument is its type.
    pub(crate) fn is_type(&self, value: &Value) -> bool {
        match self.heap.view(value) {
            View::Symbol(symbol) => !self.is_schema_item(symbol),
            View::Term(Term::Call(call)) => match call.callee.as_symbol() {
                Some(symbol) => !self.is_schema_item(symbol),
                None => true,
            },
            View::None | View::Class(_) | View::Instance(_) | View::Unknown(_) => true,
            _ => false,
        }
    }

    /// Whether a name constructs something that hangs on a column or table and is no type.
    fn is_schema_item(&self, symbol: &Symbol) -> bool {
        const ITEMS: [&str; 13] = [
            "ForeignKey",
            "CheckConstraint",
            "UniqueConstraint",
            "PrimaryKeyConstraint",
            "ForeignKeyConstraint",
            "Computed",
            "Identity",
            "Sequence",
            "FetchedValue",
            "DefaultClause",
            "ColumnDefault",
            "Column",
            "Index",
        ];
        matches!(known(symbol.path()), Known::Sa(name) if ITEMS.contains(&name))
    }
}
