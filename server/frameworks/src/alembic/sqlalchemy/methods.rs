//! Methods of SQL expressions.

use std::collections::BTreeMap;

use revline_python::value::{Arguments, Term};
use revline_python::{Value, View};
use revline_schema::{BinaryOp, Bind, Expr, Literal, TextClause, UnaryOp};
use revline_text::Span;

use super::expr::like_escape;
use super::{Read, Reader, fail, opaque};

impl Reader<'_> {
    /// `object.name(arguments)`.
    pub(super) fn method(
        &self,
        object: &Value,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Read<Expr> {
        if let Some(unknown) = &arguments.unknown {
            return Err(opaque(unknown));
        }
        if let Some(query) = self.query_method(object, name, arguments, span)? {
            return Ok(query);
        }
        let operand = self.expr(object)?;
        if let (Expr::Text(text), "bindparams") = (&operand, name) {
            return self.bindparams(text.clone(), arguments, span);
        }
        let operand = Box::new(operand);
        let binary = |op: BinaryOp| -> Read<Expr> {
            Ok(Expr::Binary {
                op,
                left: operand.clone(),
                right: Box::new(self.only(name, arguments, span)?),
            })
        };
        let unary = |op: UnaryOp| Ok(Expr::Unary { op, operand: operand.clone() });
        match name {
            "is_" => binary(BinaryOp::Is),
            "is_not" | "isnot" => binary(BinaryOp::IsNot),
            "is_distinct_from" => binary(BinaryOp::IsDistinctFrom),
            "is_not_distinct_from" | "isnot_distinct_from" => binary(BinaryOp::IsNotDistinctFrom),
            "concat" => binary(BinaryOp::Concat),
            "__eq__" => binary(BinaryOp::Eq),
            "__ne__" => binary(BinaryOp::Ne),
            "in_" | "not_in" | "notin_" => self.among(operand, name != "in_", arguments, span),
            "like" | "not_like" | "notlike" | "ilike" | "not_ilike" | "notilike" => {
                let pattern = match arguments.positional.first() {
                    Some(argument) => Box::new(self.expr(&argument.value)?),
                    None => return fail(span, format!("{name}() is missing an argument")),
                };
                Ok(Expr::Like {
                    operand,
                    pattern,
                    escape: arguments.get(1, "escape").and_then(like_escape),
                    negated: name.starts_with("not"),
                    case_insensitive: name.ends_with("ilike"),
                })
            }
            "between" => match arguments.positional.as_slice() {
                [low, high] if arguments.keywords.is_empty() => Ok(Expr::Between {
                    operand,
                    low: Box::new(self.expr(&low.value)?),
                    high: Box::new(self.expr(&high.value)?),
                    negated: false,
                }),
                _ => fail(span, "between() is not understood"),
            },
            "cast" => match arguments.get(0, "type_") {
                Some(type_) => Ok(Expr::Cast { operand, type_: self.known_type(type_)? }),
                None => fail(span, "cast() is missing a type"),
            },
            "label" if matches!(*operand, Expr::Text(_)) => fail(span, "a text has no label"),
            "label" => match arguments.get(0, "name") {
                Some(label) => Ok(Expr::Label { operand, name: self.name(label)? }),
                None => fail(span, "a label without a name"),
            },
            "collate" => match arguments.get(0, "collation") {
                Some(collation) => Ok(Expr::Collate { operand, collation: self.name(collation)? }),
                None => fail(span, "collate() is missing a collation"),
            },
            "desc" if arguments.is_empty() => unary(UnaryOp::Desc),
            "asc" if arguments.is_empty() => unary(UnaryOp::Asc),
            "distinct" if arguments.is_empty() => unary(UnaryOp::Distinct),
            "nulls_first" | "nullsfirst" if arguments.is_empty() => unary(UnaryOp::NullsFirst),
            "nulls_last" | "nullslast" if arguments.is_empty() => unary(UnaryOp::NullsLast),
            _ => fail(span, format!("`{name}()` of an expression is not understood")),
        }
    }

    fn only(&self, name: &str, arguments: &Arguments, span: Span) -> Read<Expr> {
        match arguments.positional.as_slice() {
            [only] if arguments.keywords.is_empty() => self.expr(&only.value),
            _ => fail(span, format!("{name}() takes one argument")),
        }
    }

    fn among(
        &self,
        operand: Box<Expr>,
        negated: bool,
        arguments: &Arguments,
        span: Span,
    ) -> Read<Expr> {
        let [only] = arguments.positional.as_slice() else {
            return fail(span, "in_() takes one argument");
        };
        let among = match self.view(&only.value)? {
            View::List(_) | View::Tuple(_) | View::Set(_) => {
                let items = self.items(&only.value)?;
                Expr::List(items.iter().map(|item| self.expr(item)).collect::<Read<Vec<_>>>()?)
            }
            View::Term(_) => match self.select(&only.value)? {
                Some(select) => Expr::Select(Box::new(select)),
                None => return fail(only.span, "what `in_` looks in is not understood"),
            },
            _ => return fail(only.span, "what `in_` looks in is not understood"),
        };
        Ok(Expr::In { operand, among: Box::new(among), negated })
    }

    /// A query that a method of a query or table makes; `None` where the object is neither.
    fn query_method(
        &self,
        object: &Value,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Read<Option<Expr>> {
        if let Some(select) = self.select(object)? {
            return match name {
                "exists" if arguments.is_empty() => Ok(Some(Expr::Exists(Box::new(select)))),
                "label" => match arguments.get(0, "name") {
                    Some(label) => Ok(Some(Expr::Label {
                        operand: Box::new(Expr::Select(Box::new(select))),
                        name: self.name(label)?,
                    })),
                    None => fail(span, "a label without a name"),
                },
                _ => self
                    .refined(select, name, arguments, span)
                    .map(|select| Some(Expr::Select(Box::new(select)))),
            };
        }
        if name == "select"
            && arguments.is_empty()
            && let View::Term(Term::Call(_)) = self.view(object)?
        {
            let table = self.table(object)?;
            return Ok(Some(Expr::Select(Box::new(self.whole(table, span)))));
        }
        Ok(None)
    }

    /// `text(…).bindparams(a=1)`, `text(…).bindparams(bindparam("a", 1, type))`.
    fn bindparams(&self, mut text: TextClause, arguments: &Arguments, span: Span) -> Read<Expr> {
        let mut binds: BTreeMap<_, _> = std::mem::take(&mut text.binds);
        for argument in &arguments.positional {
            let Some(("bindparam", call)) = self.construct(&argument.value) else {
                return fail(argument.span, "not a bindparam()");
            };
            let Some(key) = call.arguments.get(0, "key") else {
                return fail(argument.span, "a parameter without a name");
            };
            let key = self.text(key)?.text;
            let Expr::Bind(bind) = self.expr(&argument.value)? else {
                return fail(argument.span, "a parameter without a value");
            };
            binds.insert(key, bind);
        }
        for keyword in &arguments.keywords {
            let value = self.literal(&keyword.value);
            if let Literal::Opaque(why) = value {
                return Err(why);
            }
            let type_ = binds.get(&keyword.name).and_then(|bind| bind.type_.clone());
            binds.insert(keyword.name.clone(), Bind { value, type_ });
        }
        let known = revline_sql::parameters(text.text.as_str());
        if let Some(stray) = binds.keys().find(|name| !known.contains(&&***name)) {
            let why =
                format!("This text() construct doesn't define a bound parameter named '{stray}'");
            return fail(span, why);
        }
        text.binds = binds;
        Ok(Expr::Text(text))
    }
}
