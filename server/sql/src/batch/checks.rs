//! The CHECK that a Boolean or Enum brings, apart from its type: in a database it is a constraint like
//! any other.

use revline_schema::{
    CheckConstraint, Constraint, Deferral, Expr, Name, Options, SqlType, TypeKind,
};

use crate::build;
use crate::print::Cx;

/// The CHECK of a type as a constraint by itself.
pub(crate) fn implied(cx: Cx<'_>, check: &build::TypeCheck) -> Constraint {
    let condition = format!("{} IN ({})", cx.quote(&check.column), check.values.join(", "));
    Constraint::Check(CheckConstraint {
        name: check.name.clone().map(Name::finalised),
        condition: Expr::text(condition.as_str()),
        deferral: Deferral::default(),
        comment: None,
        options: Options::default(),
        origin: check.column.origin,
    })
}

/// A type that brings no CHECK of its own any more: the constraint stands by itself.
pub(crate) fn without_check(type_: &SqlType) -> SqlType {
    let mut type_ = type_.clone();
    strip(&mut type_.kind);
    for variant in type_.variants.values_mut() {
        strip(&mut variant.kind);
    }
    type_
}

fn strip(kind: &mut TypeKind) {
    match kind {
        TypeKind::Boolean(boolean)
        | TypeKind::Standard(revline_schema::Standard::Boolean(boolean)) => {
            boolean.create_constraint = false;
        }
        TypeKind::Enum(enum_) if enum_.create_constraint => {
            let mut plain = (**enum_).clone();
            plain.create_constraint = false;
            *enum_ = plain.into();
        }
        TypeKind::Decorated { inner, .. } => {
            let plain = without_check(inner);
            *inner = plain.into();
        }
        _ => {}
    }
}
