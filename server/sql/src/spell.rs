//! Parts of a schema in a dialect's words, outside of any statement: for people, and for comparing a
//! simulated schema with a real one. A part that cannot be spelled says why, as in a rendering.

use revline_schema::{Column, Expr, IndexElement, Schema, ServerDefault, SqlType, TableName};

use crate::build::{self, TypeCheck};
use crate::expr::Scope;
use crate::print::{Cx, Halt, Print};
use crate::{ddl, index, parse, reflect};

/// What follows DEFAULT in a column; `None` where the default is no DEFAULT clause.
pub fn default(cx: Cx<'_>, default: &ServerDefault) -> Print<Option<String>> {
    ddl::default_text(cx, Some(default))
}

/// `GENERATED …` of a computed or identity column; `None` for every other default.
pub fn generated(cx: Cx<'_>, default: &ServerDefault) -> Print<Option<String>> {
    let mut text = String::new();
    ddl::push_generated(cx, Some(default), &mut text)?;
    let text = text.trim();
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// A condition or another expression of DDL.
pub fn expression(cx: Cx<'_>, expression: &Expr) -> Print {
    Scope::ddl(cx).print(expression)
}

/// An element of an index: a bare column name, unquoted, or an expression.
pub fn index_element(cx: Cx<'_>, element: &IndexElement) -> Print {
    match element {
        IndexElement::Column(name) => Ok(name.text.to_string()),
        IndexElement::Expr(_) => index::element(cx, element, false),
    }
}

/// The CHECK that a Boolean or Enum column brings where the dialect has no such type.
pub fn type_check(cx: Cx<'_>, table: &TableName, column: &Column) -> Print<Option<TypeCheck>> {
    build::type_check(cx, table, &column.name, &column.type_)
}

/// The type that SQLAlchemy reflects for a column that was made with this one.
pub fn reflected_type(cx: Cx<'_>, type_: &SqlType, schema: &Schema) -> Print<SqlType> {
    let text = cx.dialect.type_text(cx, type_)?;
    match cx.dialect.facts().name {
        "sqlite" => reflect::declared_type(&text),
        "postgresql" => parse::spelled_type(&text, schema, cx.dialect),
        _ => Err(Halt::unknown("what reflection says of a type is not known for this dialect")),
    }
}
