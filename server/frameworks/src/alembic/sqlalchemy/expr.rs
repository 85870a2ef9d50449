//! SQL expressions: literals beside columns, operators, functions and constructors.
//!
//! Methods (`x.in_(…)`, `x.label(…)`) stand in [`super::methods`].

use std::collections::BTreeMap;
use std::sync::Arc;

use revline_python::value::{Call, Operation, Operator, Term};
use revline_python::{Value, View};
use revline_schema::{
    BinaryOp, Bind, Boolean, Characters, ColumnRef, Decimal, Expr, Literal, Name, SqlType,
    TextClause, TypeKind, UnaryOp,
};
use revline_text::Span;

use super::{Known, Read, Reader, Signature, fail, known};

fn own_type(value: &Literal) -> Option<SqlType> {
    let kind = match value {
        Literal::Str(_) => TypeKind::String(Characters::default()),
        Literal::Int(_) => TypeKind::Integer,
        Literal::Bool(_) => TypeKind::Boolean(Boolean::default()),
        Literal::Float(_) => TypeKind::Float(Decimal::default()),
        _ => return None,
    };
    Some(SqlType::new(kind))
}

const LITERAL: Signature = Signature {
    name: "literal",
    positional: &["value", "type_", "literal_execute"],
    variadic: false,
    keywords: &[],
};
const LITERAL_COLUMN: Signature = Signature {
    name: "literal_column",
    positional: &["text", "type_"],
    variadic: false,
    keywords: &[],
};
const CAST: Signature = Signature {
    name: "cast",
    positional: &["expression", "type_"],
    variadic: false,
    keywords: &[],
};
const CASE: Signature =
    Signature { name: "case", positional: &[], variadic: true, keywords: &["value", "else_"] };
const BINDPARAM: Signature = Signature {
    name: "bindparam",
    positional: &["key", "value", "type_"],
    variadic: false,
    keywords: &[],
};
const FUNCTION: Signature =
    Signature { name: "func", positional: &[], variadic: true, keywords: &["type_"] };

impl Reader<'_> {
    /// A SQL expression, or a Python value where one may stand.
    pub(crate) fn expr(&self, value: &Value) -> Read<Expr> {
        self.deeper(value.span, || self.try_expr(value))
    }

    fn try_expr(&self, value: &Value) -> Read<Expr> {
        match self.view(value)? {
            View::Term(Term::Call(call)) => self.called(value, call),
            View::Term(Term::Operation(operation)) => self.operation(operation, value.span),
            View::Term(Term::Attribute { object, name }) => {
                self.column_of_table(object, name, value.span)
            }
            View::Term(Term::Item { object, key }) => self.item(object, key, value.span),
            View::Symbol(symbol) => {
                fail(value.span, format!("`{}` is not understood as an expression", symbol.path()))
            }
            _ => self.bound(value),
        }
    }

    /// A Python value as a parameter.
    pub(super) fn bound(&self, value: &Value) -> Read<Expr> {
        match self.literal(value) {
            Literal::Opaque(why) => Err(why),
            Literal::Expr(expr) => Ok(*expr),
            literal => Ok(Expr::Bind(Bind { value: literal, type_: None })),
        }
    }

    fn item(&self, object: &Value, key: &Value, span: Span) -> Read<Expr> {
        if let (View::Term(Term::Attribute { name, .. }), Some(column)) =
            (self.view(object)?, key.as_str())
            && matches!(&**name, "c" | "columns")
        {
            return self.column_of_table(object, column, span);
        }
        Ok(Expr::Binary {
            op: BinaryOp::Getitem,
            left: Box::new(self.expr(object)?),
            right: Box::new(self.expr(key)?),
        })
    }

    fn called(&self, value: &Value, call: &Call) -> Read<Expr> {
        let span = value.span;
        if let Some(symbol) = call.callee.as_symbol() {
            return match known(symbol.path()) {
                Known::Sa(name) => self.constructed_expr(name, value, call),
                Known::Func(path) => self.function(&path, call, span),
                Known::Op("inline_literal") => self.inline_literal(call, span),
                Known::Op("f") => self.bound_name(value),
                _ if self.standard_value(value) => self.bound(value),
                _ => fail(span, format!("`{}` is not understood as an expression", symbol.path())),
            };
        }
        match self.view(&call.callee)? {
            View::Term(Term::Attribute { object, name }) => {
                self.method(object, name, &call.arguments, span)
            }
            // `x.op("->>")("key")`
            View::Term(Term::Call(operator)) => self.custom_operator(operator, call, span),
            _ => fail(span, "not an expression that is understood"),
        }
    }

    fn bound_name(&self, value: &Value) -> Read<Expr> {
        let name = self.name(value)?;
        Ok(Expr::value(Literal::Str(revline_schema::SourceText {
            origin: name.origin,
            ..revline_schema::SourceText::new(name.text)
        })))
    }

    /// Whether a call makes a plain value of the standard library, such as a date.
    fn standard_value(&self, value: &Value) -> bool {
        let View::Term(Term::Call(call)) = self.heap.view(value) else { return false };
        self.standard(call).is_some()
    }

    fn inline_literal(&self, call: &Call, span: Span) -> Read<Expr> {
        let matched = LITERAL.bind(&call.arguments, span)?;
        let value = self.literal(matched.need("inline_literal", "value", span)?);
        if let Literal::Opaque(why) = value {
            return Err(why);
        }
        let type_ = matched.some("type_").map(|value| self.sql_type(value));
        Ok(Expr::InlineLiteral(Bind { value, type_ }))
    }

    fn function(&self, path: &[&str], call: &Call, span: Span) -> Read<Expr> {
        let matched = FUNCTION.bind(&call.arguments, span)?;
        matched.no_extra("func")?;
        let mut args = Vec::new();
        for argument in matched.rest {
            args.push(self.expr(&argument.value)?);
        }
        Ok(Expr::Function {
            path: path.iter().map(|part| Name::at(*part, call.callee.span)).collect(),
            args,
            type_: matched.some("type_").map(|value| self.sql_type(value)),
        })
    }

    fn constructed_expr(&self, name: &str, value: &Value, call: &Call) -> Read<Expr> {
        let span = value.span;
        let arguments = &call.arguments;
        let unary = |op: UnaryOp| -> Read<Expr> {
            if op != UnaryOp::Not && op != UnaryOp::Distinct {
                self.no_names(arguments)?;
            }
            match self.expressions(arguments, span)?.as_slice() {
                [only] => Ok(Expr::Unary { op, operand: Box::new(only.clone()) }),
                _ => fail(span, format!("{name}() takes one expression")),
            }
        };
        Ok(match name {
            "text" => match arguments.positional.as_slice() {
                [only] if arguments.keywords.is_empty() => {
                    Expr::Text(TextClause { text: self.text(&only.value)?, binds: BTreeMap::new() })
                }
                _ => return fail(span, "text() takes one string"),
            },
            "null" => Expr::Null,
            "true" => Expr::True,
            "false" => Expr::False,
            "column" => Expr::Column(self.column_clause(call, span)?),
            "Column" => {
                let column = self.column(value)?;
                Expr::Column(ColumnRef {
                    name: column.name,
                    table: None,
                    type_: Some(column.type_),
                })
            }
            "literal_column" => {
                let matched = LITERAL_COLUMN.bind(arguments, span)?;
                Expr::LiteralColumn(self.text(matched.need("literal_column", "text", span)?)?)
            }
            "literal" | "bindparam" => self.bind(name, call, span)?,
            "and_" => Expr::And(flattened(self.conditions(arguments, span)?, true)),
            "or_" => Expr::Or(flattened(self.conditions(arguments, span)?, false)),
            "not_" => unary(UnaryOp::Not)?,
            "desc" => unary(UnaryOp::Desc)?,
            "asc" => unary(UnaryOp::Asc)?,
            "distinct" => unary(UnaryOp::Distinct)?,
            "nulls_first" | "nullsfirst" => unary(UnaryOp::NullsFirst)?,
            "nulls_last" | "nullslast" => unary(UnaryOp::NullsLast)?,
            "tuple_" => Expr::List(self.expressions(arguments, span)?),
            "cast" | "type_coerce" => {
                let matched = CAST.bind(arguments, span)?;
                matched.no_extra(name)?;
                let operand = Box::new(self.expr(matched.need(name, "expression", span)?)?);
                let type_ = self.known_type(matched.need(name, "type_", span)?)?;
                if name == "cast" {
                    Expr::Cast { operand, type_ }
                } else {
                    Expr::Coerce { operand, type_ }
                }
            }
            "case" => self.case(call, span)?,
            "exists" => match arguments.positional.as_slice() {
                [only] => match self.select(&only.value)? {
                    Some(select) => Expr::Exists(Box::new(select)),
                    None => return fail(span, "exists() without a query is not understood"),
                },
                _ => return fail(span, "exists() without a query is not understood"),
            },
            "select" => match self.select(value)? {
                Some(select) => Expr::Select(Box::new(select)),
                None => return fail(span, "not a query that is understood"),
            },
            "conv" | "quoted_name" => self.bound_name(value)?,
            _ => return fail(span, format!("sqlalchemy.{name}() is not understood here")),
        })
    }

    /// A type that is known.
    pub(super) fn known_type(&self, value: &Value) -> Read<SqlType> {
        let type_ = self.sql_type(value);
        match type_.kind {
            revline_schema::TypeKind::Opaque(why) => Err(why),
            _ => Ok(type_),
        }
    }

    fn bind(&self, name: &str, call: &Call, span: Span) -> Read<Expr> {
        let signature = if name == "literal" { &LITERAL } else { &BINDPARAM };
        let matched = signature.bind(&call.arguments, span)?;
        matched.no_extra(name)?;
        let Some(value) = matched.get("value") else {
            return fail(span, "a parameter without a value");
        };
        let value = self.literal(value);
        if let Literal::Opaque(why) = value {
            return Err(why);
        }
        let type_ = match matched.some("type_") {
            Some(value) => Some(self.sql_type(value)),
            // It has the type of its value, whatever it is assigned to.
            None => own_type(&value),
        };
        Ok(Expr::Bind(Bind { value, type_ }))
    }

    fn case(&self, call: &Call, span: Span) -> Read<Expr> {
        let matched = CASE.bind(&call.arguments, span)?;
        matched.no_extra("case")?;
        let mut whens = Vec::new();
        for argument in matched.rest {
            match self.view(&argument.value)? {
                View::Tuple([condition, result]) => {
                    whens.push((self.expr(condition)?, self.expr(result)?));
                }
                View::Dict(dict) => {
                    for (condition, result) in dict.entries() {
                        whens.push((self.expr(condition)?, self.expr(result)?));
                    }
                }
                _ => return fail(argument.span, "case() takes pairs of condition and result"),
            }
        }
        let boxed = |value: &Value| self.expr(value).map(Box::new);
        Ok(Expr::Case {
            value: matched.some("value").map(boxed).transpose()?,
            whens,
            otherwise: matched.some("else_").map(boxed).transpose()?,
        })
    }

    fn custom_operator(&self, operator: &Call, call: &Call, span: Span) -> Read<Expr> {
        let View::Term(Term::Attribute { object, name }) = self.view(&operator.callee)? else {
            return fail(span, "not an expression that is understood");
        };
        let text = match operator.arguments.positional.as_slice() {
            [only] if &**name == "op" && operator.arguments.keywords.is_empty() => {
                self.text(&only.value)?
            }
            _ => return fail(span, "an operator that is not understood"),
        };
        match self.expressions(&call.arguments, span)?.as_slice() {
            [right] => Ok(Expr::Binary {
                op: BinaryOp::Custom(text.text),
                left: Box::new(self.expr(object)?),
                right: Box::new(right.clone()),
            }),
            _ => fail(span, "an operator takes one operand"),
        }
    }

    fn operation(&self, operation: &Operation, span: Span) -> Read<Expr> {
        match operation.operands.as_slice() {
            [operand] => {
                let op = match operation.operator {
                    Operator::Invert => UnaryOp::Not,
                    Operator::Neg => UnaryOp::Negative,
                    _ => return fail(span, "this operator has no meaning in SQL"),
                };
                Ok(Expr::Unary { op, operand: Box::new(self.expr(operand)?) })
            }
            [left, right] => self.binary(operation.operator, left, right, span),
            _ => fail(span, "an operator with too many operands"),
        }
    }

    fn binary(&self, operator: Operator, left: &Value, right: &Value, span: Span) -> Read<Expr> {
        let (a, b) = (self.expr(left)?, self.expr(right)?);
        let op = match operator {
            Operator::BitAnd => return Ok(Expr::And(flattened(vec![a, b], true))),
            Operator::BitOr => return Ok(Expr::Or(flattened(vec![a, b], false))),
            Operator::Eq => BinaryOp::Eq,
            Operator::NotEq => BinaryOp::Ne,
            Operator::Lt => BinaryOp::Lt,
            Operator::LtEq => BinaryOp::Le,
            Operator::Gt => BinaryOp::Gt,
            Operator::GtEq => BinaryOp::Ge,
            Operator::Add => BinaryOp::Add,
            Operator::Sub => BinaryOp::Sub,
            Operator::Mul => BinaryOp::Mul,
            Operator::Div => BinaryOp::Div,
            Operator::FloorDiv => BinaryOp::FloorDiv,
            Operator::Mod => BinaryOp::Mod,
            _ => return fail(span, "this operator has no meaning in SQL"),
        };
        // Python asks the right operand where the left one is a plain value: `5 < x` is `x > 5`.
        let (op, a, b) = match (self.heap.view(left), op) {
            (View::Term(_), op) => (op, a, b),
            (_, BinaryOp::Lt) => (BinaryOp::Gt, b, a),
            (_, BinaryOp::Le) => (BinaryOp::Ge, b, a),
            (_, BinaryOp::Gt) => (BinaryOp::Lt, b, a),
            (_, BinaryOp::Ge) => (BinaryOp::Le, b, a),
            (_, op @ (BinaryOp::Eq | BinaryOp::Ne)) => (op, b, a),
            (_, op) => (op, a, b),
        };
        Ok(Expr::Binary { op, left: Box::new(a), right: Box::new(b) })
    }
}

/// The operands of AND or OR, with nested ones of the same kind taken apart, as SQLAlchemy does.
fn flattened(operands: Vec<Expr>, and: bool) -> Vec<Expr> {
    let mut flat = Vec::new();
    for operand in operands {
        match (operand, and) {
            (Expr::And(inner), true) | (Expr::Or(inner), false) => flat.extend(inner),
            (operand, _) => flat.push(operand),
        }
    }
    flat
}

/// A boxed parameter, for callers that build expressions themselves.
pub(super) fn like_escape(value: &Value) -> Option<Arc<str>> {
    value.as_str().map(Arc::from)
}
