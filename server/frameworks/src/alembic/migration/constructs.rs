//! Attributes of columns, tables, constraints and indexes that a migration made itself:
//! `column.name`, `table.name`.

use revline_python::value::{Call, Term};
use revline_python::{Heap, Value, View};
use revline_text::Span;

use crate::alembic::sqlalchemy::{Known, known};

/// The attribute of a construct, where its constructor was given it.
pub(super) fn attribute(heap: &Heap, object: &Value, name: &str, span: Span) -> Option<Value> {
    if let View::Term(Term::Attribute { object: columns, name: column }) = heap.view(object)
        && let View::Term(Term::Attribute { object: table, name: collection }) = heap.view(columns)
        && matches!(&**collection, "c" | "columns")
    {
        // A column of a table, `users.c.id`.
        return match name {
            "table" => Some(table.clone()),
            "name" | "key" => Some(Value::str(column, span)),
            _ => None,
        };
    }
    let View::Term(Term::Call(call)) = heap.view(object) else { return None };
    let Known::Sa(class) = known(call.callee.as_symbol()?.path()) else { return None };
    if call.arguments.unknown.is_some() {
        return None;
    }
    if let Some((_, value)) = call.assigned.iter().rev().find(|(own, _)| &**own == name) {
        return Some(value.clone());
    }
    match (class, name) {
        ("Column", "name") => text(call, 0, "name"),
        ("Column", "key") => {
            let key = call.arguments.keyword("key").map(|keyword| keyword.value.clone());
            key.or_else(|| text(call, 0, "name"))
        }
        ("Column", "primary_key") => Some(flag(call, "primary_key", false, span)),
        ("Column", "nullable") => {
            let is_key = flag(call, "primary_key", false, span).as_bool()?;
            Some(flag(call, "nullable", !is_key, span))
        }
        ("Table", "name") | ("table", "name") => text(call, 0, "name"),
        ("Table", "schema") | ("table", "schema") => Some(
            call.arguments
                .keyword("schema")
                .map_or_else(|| Value::none(span), |keyword| keyword.value.clone()),
        ),
        ("Index", "name") => text(call, 0, "name"),
        (
            "CheckConstraint"
            | "ForeignKeyConstraint"
            | "PrimaryKeyConstraint"
            | "UniqueConstraint",
            "name",
        ) => call
            .arguments
            .keyword("name")
            .map(|keyword| keyword.value.clone())
            .filter(|name| name.as_str().is_some()),
        _ => None,
    }
}

fn text(call: &Call, at: usize, keyword: &str) -> Option<Value> {
    call.arguments.get(at, keyword).filter(|value| value.as_str().is_some()).cloned()
}

fn flag(call: &Call, name: &str, default: bool, span: Span) -> Value {
    match call.arguments.keyword(name) {
        Some(keyword) => keyword.value.clone(),
        None => Value::bool(default, span),
    }
}
