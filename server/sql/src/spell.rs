//! Parts of a schema in a dialect's words, outside of any statement: for people, and for comparing a
//! simulated schema with a real one. A part that cannot be spelled says why, as in a rendering.

use revline_schema::{Column, Expr, IndexElement, ServerDefault, TableName};

use crate::build::{self, TypeCheck};
use crate::expr::Scope;
use crate::print::{Cx, Print};
use crate::{ddl, index};

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
