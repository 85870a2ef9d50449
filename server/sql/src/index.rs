//! Indexes: what both dialects share.

use revline_schema::{Expr, Index, IndexElement, Literal, Name, UnaryOp};

use crate::expr::Scope;
use crate::identifier;
use crate::print::{Cx, Halt, Print};

/// The printed name of an index.
pub(crate) fn name(cx: Cx<'_>, index: &Index, verb: &str) -> Print {
    match &index.name {
        Some(name) => identifier::bounded(cx, name),
        None => Err(Halt::Refused(format!("{verb} INDEX requires that the index have a name"))),
    }
}

/// One element: a column by its name, anything else as an expression.
pub(crate) fn element(cx: Cx<'_>, element: &IndexElement, grouped: bool) -> Print {
    let scope = Scope::ddl(cx);
    match element {
        IndexElement::Column(name) => Ok(cx.quote(name)),
        IndexElement::Expr(expr) if grouped => scope.grouped(expr),
        IndexElement::Expr(expr) => scope.print(expr),
    }
}

/// How an index is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Making {
    /// With its table or column.
    Inline,
    /// By `op.create_index()`.
    Directive {
        /// `if_not_exists=True`.
        if_not_exists: bool,
    },
}

impl Making {
    pub(crate) fn if_not_exists(self) -> bool {
        self == Self::Directive { if_not_exists: true }
    }
}

/// The name under which an operator class is looked up for an element. Alembic gives the text clauses of
/// its directive their text for a key (`alembic.util.sqla_compat._textual_index_element`).
pub(crate) fn element_key(element: &IndexElement, making: Making) -> Option<&str> {
    match element {
        IndexElement::Expr(Expr::Text(clause)) if making != Making::Inline => {
            Some(clause.text.as_str())
        }
        IndexElement::Column(name) => Some(name.as_str()),
        IndexElement::Expr(Expr::Column(column)) => Some(column.name.as_str()),
        IndexElement::Expr(Expr::Label { name, .. }) => Some(name.as_str()),
        IndexElement::Expr(Expr::Unary { op: UnaryOp::Desc | UnaryOp::Asc, .. }) => None,
        IndexElement::Expr(_) => None,
    }
}

/// A condition given as a string, `sa.text` or expression.
pub(crate) fn condition(cx: Cx<'_>, value: &Literal) -> Print {
    match value {
        Literal::Str(text) => Scope::ddl(cx).print(&Expr::text(text.clone())),
        Literal::Expr(expr) => Scope::ddl(cx).print(expr),
        Literal::Opaque(opaque) => Err(opaque.clone().into()),
        _ => Err(Halt::unknown("the condition of this index is not known")),
    }
}

/// A list of column names given as strings or columns.
pub(crate) fn names(value: &Literal) -> Print<Vec<Name>> {
    let unknown = || Halt::unknown("the columns given here are not known");
    match value {
        Literal::List(items) => {
            items.iter().map(|item| item.as_str().map(Name::new).ok_or_else(unknown)).collect()
        }
        Literal::Opaque(opaque) => Err(opaque.clone().into()),
        _ => Err(unknown()),
    }
}
