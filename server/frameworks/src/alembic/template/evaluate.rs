//! Templates evaluated: nodes to text, expressions to values.

use std::collections::BTreeMap;

use super::block::Statement;
use super::expression::Expr;
use super::tree::Node;
use super::value::Value;
use super::{Context, Problem, TemplateError};
use crate::alembic::percent::{Argument, named, positional};

/// Nodes and calls; a template has a few hundred.
const MOST_STEPS: usize = 100_000;
/// Bytes of output.
const LONGEST: usize = 4 << 20;
/// Nested `<%def>` calls and nodes.
const DEEPEST: usize = 80;

pub(super) struct Evaluator<'a> {
    context: &'a Context<'a>,
    names: BTreeMap<String, Value>,
    defs: BTreeMap<String, (Vec<String>, Vec<Node>)>,
    out: String,
    steps: usize,
    depth: usize,
}

type Valued = Result<Value, Problem>;

impl<'a> Evaluator<'a> {
    pub(super) fn run(context: &'a Context<'a>, nodes: &[Node]) -> Result<String, TemplateError> {
        let mut evaluator = Evaluator {
            context,
            names: BTreeMap::new(),
            defs: BTreeMap::new(),
            out: String::new(),
            steps: 0,
            depth: 0,
        };
        evaluator.declare(nodes);
        evaluator.nodes(nodes)?;
        Ok(evaluator.out)
    }

    /// A `<%def>` may be called before it stands.
    fn declare(&mut self, nodes: &[Node]) {
        for node in nodes {
            if let Node::Def { name, parameters, body } = node {
                self.defs.insert(name.clone(), (parameters.clone(), body.clone()));
            }
        }
    }

    fn step(&mut self) -> Result<(), Problem> {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.out.len() > LONGEST {
            return Err(Problem::new("a template that writes too much"));
        }
        Ok(())
    }

    fn nodes(&mut self, nodes: &[Node]) -> Result<(), TemplateError> {
        self.depth += 1;
        for node in nodes {
            self.node(node)?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn node(&mut self, node: &Node) -> Result<(), TemplateError> {
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Expression { value, filters, line } => {
                let written = self.value(value).and_then(|value| self.filtered(value, filters));
                let text = written.map_err(|problem| problem.at(*line))?;
                self.out.push_str(&text);
            }
            Node::Code { statements, line } => {
                for statement in statements {
                    self.statement(statement).map_err(|problem| problem.at(*line))?;
                }
            }
            Node::If { arms, line } => {
                for (test, body) in arms {
                    let holds = match test {
                        Some(test) => {
                            self.value(test).map_err(|problem| problem.at(*line))?.truth()
                        }
                        None => true,
                    };
                    if holds {
                        return self.nodes(body);
                    }
                }
            }
            Node::For { targets, over, body, line } => {
                let items = self.value(over).and_then(|value| value.items());
                let items = items.map_err(|problem| problem.at(*line))?;
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let outer = self.names.get("loop").cloned();
                for (index, item) in (0..).zip(items) {
                    self.step().map_err(|problem| problem.at(*line))?;
                    self.bind(targets, item).map_err(|problem| problem.at(*line))?;
                    self.names.insert("loop".to_owned(), Value::Loop { index, length });
                    self.nodes(body)?;
                }
                match outer {
                    Some(outer) => self.names.insert("loop".to_owned(), outer),
                    None => self.names.remove("loop"),
                };
            }
            Node::Def { .. } => {}
            Node::Block(body) => self.nodes(body)?,
        }
        Ok(())
    }

    fn bind(&mut self, targets: &[String], item: Value) -> Result<(), Problem> {
        if let [one] = targets {
            self.names.insert(one.clone(), item);
            return Ok(());
        }
        let parts = item.items()?;
        if parts.len() != targets.len() {
            return Err(Problem::new("a loop over parts of another number"));
        }
        self.names.extend(targets.iter().cloned().zip(parts));
        Ok(())
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Problem> {
        self.step()?;
        let (name, value) = match statement {
            Statement::If(arms) => {
                for (test, body) in arms {
                    let holds = match test {
                        Some(test) => self.value(test)?.truth(),
                        None => true,
                    };
                    if holds {
                        return body.iter().try_for_each(|statement| self.statement(statement));
                    }
                }
                return Ok(());
            }
            Statement::Assign(name, value) => (name, self.value(value)?),
            Statement::Import(name, path) if path == "re" => (name, Value::Known("re")),
            Statement::Import(name, path) => (name, Value::Foreign(path.clone())),
        };
        self.names.insert(name.clone(), value);
        Ok(())
    }

    /// Mako makes text of a value first, unless `n` is among the filters.
    fn filtered(&mut self, value: Value, filters: &[String]) -> Result<String, Problem> {
        let mut value = value;
        if !filters.iter().any(|filter| filter == "n") {
            value = Value::Str(value.text()?);
        }
        for filter in filters {
            value = match filter.as_str() {
                "n" => continue,
                "str" | "unicode" => Value::Str(value.text()?),
                "trim" => Value::Str(value.text()?.trim().to_owned()),
                "h" | "x" => {
                    let text = value.text()?.replace('&', "&amp;").replace('<', "&lt;");
                    Value::Str(
                        text.replace('>', "&gt;").replace('"', "&#34;").replace('\'', "&#39;"),
                    )
                }
                "comma" | "repr" | "len" => {
                    let function = self.look(filter);
                    self.call_known(&function, vec![value])?
                }
                other => return Err(Problem::new(format!("the filter `{other}`"))),
            };
        }
        value.text()
    }

    fn look(&self, name: &str) -> Value {
        if let Some(value) = self.names.get(name) {
            return value.clone();
        }
        if self.defs.contains_key(name) {
            return Value::Def(name.to_owned());
        }
        self.given(name)
    }

    /// What the context holds: what Alembic passes, else Python's builtins.
    fn given(&self, name: &str) -> Value {
        if let Some(value) = self.context.values.get(name) {
            return value.clone();
        }
        const KNOWN: [&str; 12] = [
            "comma",
            "repr",
            "str",
            "len",
            "list",
            "tuple",
            "sorted",
            "bool",
            "int",
            "enumerate",
            "config",
            "context",
        ];
        KNOWN
            .into_iter()
            .chain(["isinstance"])
            .find(|known| *known == name)
            .map_or(Value::Undefined, Value::Known)
    }

    fn value(&mut self, expr: &Expr) -> Valued {
        self.step()?;
        Ok(match expr {
            Expr::None => Value::None,
            Expr::Bool(truth) => Value::Bool(*truth),
            Expr::Int(number) => Value::Int(*number),
            Expr::Str(text) => Value::Str(text.clone()),
            Expr::Name(name) => self.look(name),
            Expr::Not(value) => Value::Bool(!self.value(value)?.truth()),
            Expr::Negative(value) => match self.value(value)? {
                Value::Int(number) => Value::Int(number.saturating_neg()),
                _ => return Err(Problem::new("a `-` before something that is no number")),
            },
            Expr::And(a, b) => {
                let left = self.value(a)?;
                if left.truth() { self.value(b)? } else { left }
            }
            Expr::Or(a, b) => {
                let left = self.value(a)?;
                if left.truth() { left } else { self.value(b)? }
            }
            Expr::Choice { test, yes, no } => {
                if self.value(test)?.truth() {
                    self.value(yes)?
                } else {
                    self.value(no)?
                }
            }
            Expr::Binary(operator, a, b) => {
                let (left, right) = (self.value(a)?, self.value(b)?);
                binary(operator, left, right)?
            }
            Expr::Tuple(items) => Value::Tuple(self.values(items)?),
            Expr::List(items) => Value::List(self.values(items)?),
            Expr::Each { item, targets, over, test } => {
                let mut out = Vec::new();
                let saved = self.names.clone();
                for one in self.value(over)?.items()? {
                    self.bind(targets, one)?;
                    let kept = match test {
                        Some(test) => self.value(test)?.truth(),
                        None => true,
                    };
                    if kept {
                        out.push(self.value(item)?);
                    }
                }
                self.names = saved;
                Value::List(out)
            }
            Expr::Index(value, index) => {
                let (value, index) = (self.value(value)?, self.value(index)?);
                if let (Value::Foreign(path), Value::Str(key)) = (&value, &index) {
                    return self.of_flask(path, key);
                }
                let items = value.items()?;
                let Value::Int(index) = index else {
                    return Err(Problem::new("an index that is no number"));
                };
                let at = place(index, items.len());
                items.get(at).cloned().ok_or_else(|| Problem::new("an index beyond the end"))?
            }
            Expr::Slice(value, start, end) => {
                let value = self.value(value)?;
                let items = value.items()?;
                let mut bound = |bound: &Option<Box<Expr>>, none: usize| match bound {
                    None => Ok(none),
                    Some(expr) => match self.value(expr)? {
                        Value::Int(index) => Ok(place(index, items.len()).min(items.len())),
                        _ => Err(Problem::new("an index that is no number")),
                    },
                };
                let (start, end) = (bound(start, 0)?, bound(end, items.len())?);
                let part = items.get(start..end.max(start)).unwrap_or_default().to_vec();
                match value {
                    Value::Str(_) => {
                        Value::Str(part.iter().map(Value::text).collect::<Result<_, _>>()?)
                    }
                    Value::Tuple(_) => Value::Tuple(part),
                    _ => Value::List(part),
                }
            }
            Expr::Attribute(of, name) => {
                let of = self.value(of)?;
                self.attribute(&of, name)?
            }
            Expr::Call(callee, args, named) => self.call(callee, args, named)?,
        })
    }

    fn values(&mut self, exprs: &[Expr]) -> Result<Vec<Value>, Problem> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }

    fn attribute(&self, of: &Value, name: &str) -> Valued {
        match (of, name) {
            (Value::Date(date), _) => {
                let moment = date.moment.datetime();
                Ok(Value::Int(match name {
                    "year" => i64::from(moment.year()),
                    "month" => i64::from(moment.month()),
                    "day" => i64::from(moment.day()),
                    "hour" => i64::from(moment.hour()),
                    "minute" => i64::from(moment.minute()),
                    "second" => i64::from(moment.second()),
                    "microsecond" => i64::from(moment.subsec_nanosecond() / 1_000),
                    _ => return Err(Problem::new(format!("`{name}` of a date"))),
                }))
            }
            (Value::Loop { index, .. }, "index") => Ok(Value::Int(*index)),
            (Value::Loop { index, .. }, "first") => Ok(Value::Bool(*index == 0)),
            (Value::Loop { index, length }, "last") => Ok(Value::Bool(index + 1 == *length)),
            (Value::Loop { index, .. }, "even") => Ok(Value::Bool(index % 2 == 0)),
            (Value::Loop { index, .. }, "odd") => Ok(Value::Bool(index % 2 == 1)),
            (Value::Known("config"), "config_ini_section") => Ok(self.context.section.into()),
            (Value::Foreign(path), _) => Ok(Value::Foreign(format!("{path}.{name}"))),
            _ => Err(Problem::new(format!("the attribute `{name}`"))),
        }
    }

    fn call(&mut self, callee: &Expr, args: &[Expr], named: &[(String, Expr)]) -> Valued {
        let mut values = self.values(args)?;
        // `default=` is the one keyword that the functions known here take, as their last argument.
        for (name, value) in named {
            if name != "default" {
                return Err(Problem::new(format!("the keyword argument `{name}`")));
            }
            values.push(self.value(value)?);
        }
        if let Expr::Attribute(of, method) = callee {
            let of = self.value(of)?;
            return self.method(&of, method, &values);
        }
        let function = self.value(callee)?;
        if let Value::Def(name) = &function {
            return self.call_def(name, values);
        }
        self.call_known(&function, values)
    }

    /// A `<%def>` writes where it is called, and its value is empty.
    fn call_def(&mut self, name: &str, values: Vec<Value>) -> Valued {
        let Some((parameters, body)) = self.defs.get(name).cloned() else {
            return Ok(Value::Undefined);
        };
        if parameters.len() != values.len() {
            return Err(Problem::new(format!("`{name}()` with another number of arguments")));
        }
        if self.depth > DEEPEST {
            return Err(Problem::new(format!("`{name}()` calling itself")));
        }
        let saved = self.names.clone();
        self.names.extend(parameters.into_iter().zip(values));
        self.nodes(&body).map_err(|error| Problem::new(error.what))?;
        self.names = saved;
        Ok(Value::Str(String::new()))
    }

    fn call_known(&mut self, function: &Value, mut values: Vec<Value>) -> Valued {
        let name = match function {
            Value::Known(name) => *name,
            Value::Foreign(path) => {
                return Err(Problem::new(format!("`{path}`, which is project code")));
            }
            Value::Undefined => {
                return Err(Problem::new("a call of a name that the template is not given"));
            }
            _ => return Err(Problem::new("a call of something that is no function")),
        };
        let one = values.pop();
        let (Some(value), true) = (one, values.is_empty()) else {
            return Err(Problem::new(format!("`{name}()` with these arguments")));
        };
        Ok(match name {
            "comma" => match value {
                Value::None => Value::from(""),
                Value::Str(text) => Value::Str(text),
                value => {
                    let items: Result<Vec<String>, Problem> =
                        value.items()?.iter().map(Value::text).collect();
                    Value::Str(items?.join(", "))
                }
            },
            "repr" => Value::Str(value.repr()?),
            "str" => Value::Str(value.text()?),
            "bool" => Value::Bool(value.truth()),
            "len" => Value::Int(i64::try_from(value.items()?.len()).unwrap_or(i64::MAX)),
            "list" => Value::List(value.items()?),
            "tuple" => Value::Tuple(value.items()?),
            "sorted" => {
                let texts: Result<Vec<String>, Problem> =
                    value.items()?.iter().map(strict_text).collect();
                let mut texts = texts?;
                texts.sort();
                Value::List(texts.into_iter().map(Value::Str).collect())
            }
            "int" => match value {
                Value::Int(number) => Value::Int(number),
                Value::Str(text) => Value::Int(
                    text.trim().parse().map_err(|_| Problem::new("`int()` of other text"))?,
                ),
                _ => return Err(Problem::new("`int()` of something else")),
            },
            "enumerate" => Value::List(
                (0..)
                    .zip(value.items()?)
                    .map(|(n, v)| Value::Tuple(vec![Value::Int(n), v]))
                    .collect(),
            ),
            _ => return Err(Problem::new(format!("the function `{name}()`"))),
        })
    }

    fn method(&mut self, of: &Value, method: &str, values: &[Value]) -> Valued {
        match (of, method, values) {
            (Value::Known("context"), "get", [name, rest @ ..]) => {
                let name = strict_text(name)?;
                Ok(match self.given(&name) {
                    Value::Undefined => rest.first().cloned().unwrap_or(Value::None),
                    value => value,
                })
            }
            (
                Value::Known("config"),
                "get_main_option" | "get_alembic_option",
                [key, rest @ ..],
            ) => {
                let section = self.context.section;
                Ok(self.option(section, &strict_text(key)?, rest))
            }
            (Value::Known("config"), "get_section_option", [section, key, rest @ ..]) => {
                let section = strict_text(section)?;
                if !self.context.options.has_section(&section) {
                    return Err(Problem::new(format!(
                        "the section [{section}], which is not in the file"
                    )));
                }
                Ok(self.option(&section, &strict_text(key)?, rest))
            }
            (Value::Known("re"), _, _) => super::regex::call(method, values),
            (Value::Date(date), "strftime", [format]) => {
                let format = strict_text(format)?;
                let moment = &date.moment;
                jiff::fmt::strtime::format(&format, moment)
                    .map(Value::Str)
                    .map_err(|_| Problem::new(format!("the date format {format}")))
            }
            (Value::Date(date), "isoformat", []) => Ok(Value::Str(date.text('T'))),
            (Value::Date(date), "isoformat", [separator]) => {
                let separator = strict_text(separator)?;
                Ok(Value::Str(date.text(separator.chars().next().unwrap_or('T'))))
            }
            (Value::Str(text), _, _) => super::text::call(text, method, values),
            (Value::Keys(keys), "keys", []) => Ok(Value::List(keys.clone())),
            (Value::Foreign(path), "get", [key, ..]) => self.of_flask(path, &strict_text(key)?),
            (Value::Foreign(path), ..) => {
                Err(Problem::new(format!("`{path}.{method}`, which is project code")))
            }
            _ => Err(Problem::new(format!("the method `{method}()`"))),
        }
    }

    /// A key of the configuration of the Flask application that runs.
    fn of_flask(&self, path: &str, key: &str) -> Valued {
        match (path, key, &self.context.binds) {
            ("flask.current_app.config", "SQLALCHEMY_BINDS", Some(names)) => {
                Ok(Value::Keys(names.iter().map(|name| Value::Str(name.clone())).collect()))
            }
            _ => Err(Problem::new(format!("`{key}` of the application that runs (`{path}`)"))),
        }
    }

    fn option(&self, section: &str, key: &str, rest: &[Value]) -> Value {
        match self.context.options.get(section, key) {
            Some(text) => text.into(),
            None => rest.first().cloned().unwrap_or(Value::None),
        }
    }
}

/// The text of a string; anything else is refused.
pub(super) fn strict_text(value: &Value) -> Result<String, Problem> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        Value::Foreign(path) => Err(Problem::new(format!("`{path}`, which is project code"))),
        Value::Undefined | Value::None => Err(Problem::new("a text that is not given")),
        _ => Err(Problem::new("something else where a text is needed")),
    }
}

/// An index of Python, from the end where it is negative.
fn place(index: i64, length: usize) -> usize {
    let size = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    if index < 0 { length.saturating_sub(size) } else { size }
}

fn binary(operator: &str, left: Value, right: Value) -> Valued {
    let refuse = || Problem::new(format!("`{operator}` between these values"));
    Ok(match (operator, left, right) {
        ("==", a, b) => Value::Bool(a == b),
        ("!=", a, b) => Value::Bool(a != b),
        ("+", Value::Str(a), Value::Str(b)) => Value::Str(a + &b),
        ("+", Value::List(a), Value::List(b)) => Value::List([a, b].concat()),
        ("+", Value::Tuple(a), Value::Tuple(b)) => Value::Tuple([a, b].concat()),
        ("+", Value::Int(a), Value::Int(b)) => Value::Int(a.saturating_add(b)),
        ("-", Value::Int(a), Value::Int(b)) => Value::Int(a.saturating_sub(b)),
        ("*", Value::Int(a), Value::Int(b)) => Value::Int(a.saturating_mul(b)),
        ("*", Value::Str(text), Value::Int(count)) => {
            let count = usize::try_from(count).unwrap_or(0);
            if text.len().saturating_mul(count) > LONGEST {
                return Err(refuse());
            }
            Value::Str(text.repeat(count))
        }
        ("<", Value::Int(a), Value::Int(b)) => Value::Bool(a < b),
        (">", Value::Int(a), Value::Int(b)) => Value::Bool(a > b),
        ("<=", Value::Int(a), Value::Int(b)) => Value::Bool(a <= b),
        (">=", Value::Int(a), Value::Int(b)) => Value::Bool(a >= b),
        ("in", Value::Str(a), Value::Str(b)) => Value::Bool(b.contains(&a)),
        ("not in", Value::Str(a), Value::Str(b)) => Value::Bool(!b.contains(&a)),
        ("in", a, b) => Value::Bool(b.items()?.contains(&a)),
        ("not in", a, b) => Value::Bool(!b.items()?.contains(&a)),
        ("%", Value::Str(format), values) => {
            let values = match values {
                Value::Tuple(values) => values,
                one => vec![one],
            };
            let arguments: Result<Vec<Argument>, Problem> = values
                .iter()
                .map(|value| match value {
                    Value::Int(number) => Ok(Argument::Int(*number)),
                    value => value.text().map(Argument::Str),
                })
                .collect();
            let text = if format.contains("%(") {
                named(&format, |_| None)
            } else {
                positional(&format, &arguments?)
            };
            Value::Str(text.map_err(|error| Problem::new(error.message))?)
        }
        _ => return Err(refuse()),
    })
}
