//! Operators: how tightly they bind, what negates them, and the functions that print as words.

use revline_schema::{BinaryOp, Bind, ColumnRef, Expr, Literal, SqlType, UnaryOp};

use super::MAX_DEPTH;
use crate::types::{Affinity, affinity};

/// What stands around an operand.
#[derive(Clone, Copy)]
pub(super) enum Around {
    /// No operator; no parentheses.
    Nothing,
    /// A place where every operator is put in parentheses.
    Anything,
    /// `NOT`.
    Not,
    /// The right side of `IN`.
    In,
    /// An operator.
    Operator { precedence: u8, operator: &'static str },
}

impl Around {
    pub(super) fn groups(self, own_precedence: u8, own: &'static str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Anything => true,
            Self::Not | Self::In => own_precedence <= 5,
            Self::Operator { precedence, operator } => {
                let repeats =
                    own == operator && matches!(own, "add" | "mul" | "concat" | "eq" | "ne");
                !repeats && own_precedence <= precedence
            }
        }
    }
}

/// Precedence and operator of an expression that may need parentheses.
pub(super) fn own(expr: &Expr) -> Option<(u8, &'static str)> {
    match expr {
        Expr::Binary { op, right, .. } => {
            Some(if matches!(right.as_ref(), Expr::Null) { (5, "is") } else { precedence(op) })
        }
        Expr::And(items) => (items.len() > 1).then_some((3, "and")),
        Expr::Or(items) => (items.len() > 1).then_some((2, "or")),
        Expr::In { .. } => Some((5, "in")),
        Expr::Between { .. } => Some((5, "between")),
        Expr::Like { .. } => Some((5, "like")),
        Expr::Collate { .. } => Some((4, "collate")),
        Expr::Unary { op: UnaryOp::Negative, .. } => Some((8, "neg")),
        Expr::Unary { op: UnaryOp::Not, operand } => match opposite(operand) {
            Some(_) => Some((5, "not")),
            // SQLAlchemy's `AsBoolean`, which is never grouped.
            None if is_boolean(operand) => None,
            None => Some((5, "inv")),
        },
        Expr::Unary { op: UnaryOp::Distinct, .. } => Some((5, "distinct")),
        Expr::Exists(_) => Some((0, "exists")),
        _ => None,
    }
}

pub(super) fn precedence(op: &BinaryOp) -> (u8, &'static str) {
    match op {
        BinaryOp::Mul => (8, "mul"),
        BinaryOp::Div => (8, "div"),
        BinaryOp::FloorDiv => (8, "floordiv"),
        BinaryOp::Mod => (8, "mod"),
        BinaryOp::Add => (7, "add"),
        BinaryOp::Sub => (7, "sub"),
        BinaryOp::Concat => (5, "concat"),
        BinaryOp::Eq => (5, "eq"),
        BinaryOp::Ne => (5, "ne"),
        BinaryOp::Custom(_) => (0, "custom"),
        BinaryOp::Getitem => (15, "getitem"),
        _ => (5, "compare"),
    }
}

pub(super) const fn word(op: &BinaryOp) -> &str {
    match op {
        BinaryOp::Eq => "=",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::Is => "IS",
        BinaryOp::IsNot => "IS NOT",
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div | BinaryOp::FloorDiv => "/",
        BinaryOp::Mod => "%",
        BinaryOp::Concat => "||",
        BinaryOp::IsDistinctFrom => "IS DISTINCT FROM",
        BinaryOp::IsNotDistinctFrom => "IS NOT DISTINCT FROM",
        BinaryOp::Getitem => "[]",
        BinaryOp::Custom(_) => "",
    }
}

/// What `not_` turns a comparison into.
pub(super) fn opposite(expr: &Expr) -> Option<Expr> {
    Some(match expr {
        Expr::Binary { op, left, right } => {
            let op = match op {
                BinaryOp::Eq => BinaryOp::Ne,
                BinaryOp::Ne => BinaryOp::Eq,
                BinaryOp::Lt => BinaryOp::Ge,
                BinaryOp::Ge => BinaryOp::Lt,
                BinaryOp::Gt => BinaryOp::Le,
                BinaryOp::Le => BinaryOp::Gt,
                BinaryOp::Is => BinaryOp::IsNot,
                BinaryOp::IsNot => BinaryOp::Is,
                BinaryOp::IsDistinctFrom => BinaryOp::IsNotDistinctFrom,
                BinaryOp::IsNotDistinctFrom => BinaryOp::IsDistinctFrom,
                _ => return None,
            };
            Expr::Binary { op, left: left.clone(), right: right.clone() }
        }
        Expr::In { operand, among, negated } => {
            Expr::In { operand: operand.clone(), among: among.clone(), negated: !negated }
        }
        Expr::Between { operand, low, high, negated } => Expr::Between {
            operand: operand.clone(),
            low: low.clone(),
            high: high.clone(),
            negated: !negated,
        },
        Expr::Like { operand, pattern, escape, negated, case_insensitive } => Expr::Like {
            operand: operand.clone(),
            pattern: pattern.clone(),
            escape: escape.clone(),
            negated: !negated,
            case_insensitive: *case_insensitive,
        },
        Expr::True => Expr::False,
        Expr::False => Expr::True,
        _ => return None,
    })
}

pub(super) fn flatten<'a>(items: &'a [Expr], and: bool, out: &mut Vec<&'a Expr>, depth: usize) {
    for item in items {
        match item {
            Expr::And(inner) if and && depth < MAX_DEPTH => flatten(inner, and, out, depth + 1),
            Expr::Or(inner) if !and && depth < MAX_DEPTH => flatten(inner, and, out, depth + 1),
            _ => out.push(item),
        }
    }
}

/// The type of an expression, where it is known without a database.
pub(crate) fn type_of(expr: &Expr) -> Option<&SqlType> {
    match expr {
        Expr::Column(column) => column.type_.as_ref(),
        Expr::Cast { type_, .. } | Expr::Coerce { type_, .. } => Some(type_),
        Expr::Bind(bind) | Expr::InlineLiteral(bind) => bind.type_.as_ref(),
        Expr::Label { operand, .. } | Expr::Collate { operand, .. } => type_of(operand),
        Expr::Function { type_, .. } => type_.as_ref(),
        Expr::Binary { op: BinaryOp::Add | BinaryOp::Concat, left, .. } => type_of(left),
        _ => None,
    }
}

/// Whether it is a column, function or value that is true or false.
pub(super) fn is_boolean(expr: &Expr) -> bool {
    let type_ = match expr {
        Expr::Column(ColumnRef { type_, .. })
        | Expr::Function { type_, .. }
        | Expr::Bind(Bind { type_, .. }) => type_.as_ref(),
        _ => None,
    };
    type_.is_some_and(|type_| affinity(&type_.kind) == Affinity::Boolean)
}

pub(super) fn is_integer(expr: &Expr) -> bool {
    match expr {
        Expr::Bind(Bind { value: Literal::Int(_), type_: None }) => true,
        _ => type_of(expr).is_some_and(|type_| affinity(&type_.kind) == Affinity::Integer),
    }
}

pub(super) fn is_text(type_: Option<&SqlType>) -> bool {
    type_.is_some_and(|type_| affinity(&type_.kind) == Affinity::String)
}

/// Functions that print as a word, without parentheses where they have no arguments.
pub(super) fn keyword_function(name: &str) -> Option<&'static str> {
    Some(match name {
        "current_date" => "CURRENT_DATE",
        "current_time" => "CURRENT_TIME",
        "current_timestamp" => "CURRENT_TIMESTAMP",
        "current_user" => "CURRENT_USER",
        "localtime" => "LOCALTIME",
        "localtimestamp" => "LOCALTIMESTAMP",
        "session_user" => "SESSION_USER",
        "user" => "USER",
        "sysdate" => "sysdate",
        _ => return None,
    })
}

/// Functions that SQLAlchemy knows by name whatever the case.
pub(super) const REGISTERED: &[&str] = &[
    "coalesce",
    "max",
    "min",
    "sum",
    "now",
    "concat",
    "char_length",
    "count",
    "random",
    "array_agg",
];
