//! Python's builtin functions, types and exceptions.

mod instance;

use revline_text::Span;

use instance::type_name;

use super::machine::{Eval, Machine};
use super::operator::{Number, number};
use crate::value::{Arguments, Call, Dict, Kind, Operator, Term, Unknown, Value, View};

const FUNCTIONS: &[&str] = &[
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "min",
    "next",
    "object",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];

/// Exceptions and what they inherit from, below `Exception` and `BaseException`.
const EXCEPTIONS: &[(&str, &[&str])] = &[
    ("Exception", &[]),
    ("BaseException", &[]),
    ("ArithmeticError", &[]),
    ("AssertionError", &[]),
    ("AttributeError", &[]),
    ("BrokenPipeError", &["ConnectionError", "OSError"]),
    ("ConnectionError", &["OSError"]),
    ("DeprecationWarning", &["Warning"]),
    ("FileExistsError", &["OSError"]),
    ("FileNotFoundError", &["OSError"]),
    ("GeneratorExit", &[]),
    ("IOError", &["OSError"]),
    ("ImportError", &[]),
    ("IndexError", &["LookupError"]),
    ("KeyError", &["LookupError"]),
    ("KeyboardInterrupt", &[]),
    ("LookupError", &[]),
    ("ModuleNotFoundError", &["ImportError"]),
    ("NameError", &[]),
    ("NotImplementedError", &["RuntimeError"]),
    ("OSError", &[]),
    ("OverflowError", &["ArithmeticError"]),
    ("PermissionError", &["OSError"]),
    ("RuntimeError", &[]),
    ("StopIteration", &[]),
    ("SystemError", &[]),
    ("SystemExit", &[]),
    ("TimeoutError", &["OSError"]),
    ("TypeError", &[]),
    ("UnicodeDecodeError", &["UnicodeError", "ValueError"]),
    ("UnicodeError", &["ValueError"]),
    ("UserWarning", &["Warning"]),
    ("ValueError", &[]),
    ("Warning", &[]),
    ("ZeroDivisionError", &["ArithmeticError"]),
];

/// Whether an exception is none of those that `except Exception` catches.
pub(super) fn is_beyond_exception(name: &str) -> bool {
    matches!(name, "GeneratorExit" | "KeyboardInterrupt" | "SystemExit")
}

/// Whether a builtin has to do with the system that the program runs on.
pub(super) fn reaches_out(name: &str) -> bool {
    matches!(name, "input" | "open")
}

pub(super) fn is_builtin(name: &str) -> bool {
    FUNCTIONS.binary_search(&name).is_ok()
        || exception_bases(name).is_some()
        || name == "NotImplemented"
}

/// The bases of a builtin exception besides `Exception`.
pub(super) fn exception_bases(name: &str) -> Option<&'static [&'static str]> {
    EXCEPTIONS.iter().find(|(other, _)| *other == name).map(|(_, bases)| *bases)
}

/// Calls a builtin.
pub(super) fn call(
    machine: &mut Machine<'_>,
    name: &str,
    callee: &Value,
    arguments: Arguments,
    span: Span,
) -> Eval<Value> {
    if exception_bases(name).is_some() {
        let call = Call { callee: callee.clone(), arguments, assigned: Vec::new() };
        return Ok(machine.heap.term(Term::Call(call), span));
    }
    if name == "print" {
        return Ok(Value::none(span));
    }
    if let Some(why) = &arguments.unknown {
        return Ok(Value::new(Kind::Unknown(why.clone()), span));
    }
    let values: Vec<Value> =
        arguments.positional.iter().map(|argument| argument.value.clone()).collect();
    let builtin = Builtin { machine, span };
    match values.as_slice() {
        [] => builtin.nullary(name, &arguments),
        [one] => builtin.unary(name, one, &arguments),
        _ => builtin.several(name, &values, &arguments),
    }
}

struct Builtin<'m, 'h> {
    machine: &'m mut Machine<'h>,
    span: Span,
}

impl Builtin<'_, '_> {
    fn beyond(&self, name: &str, values: &[Value]) -> Value {
        for value in values {
            if let Some(why) = self.machine.heap.unknown(value) {
                return Value::new(Kind::Unknown(why.clone()), self.span);
            }
        }
        let what = values.first().map_or_else(String::new, |it| self.machine.describe(it));
        Value::unknown_data(self.span, format!("`{name}` of {what} is not evaluated"))
    }

    fn unknown(&self, why: Unknown) -> Value {
        Value::new(Kind::Unknown(why), self.span)
    }

    fn nullary(self, name: &str, arguments: &Arguments) -> Eval<Value> {
        let span = self.span;
        Ok(match name {
            "str" => Value::str("", span),
            "int" => Value::new(Kind::Int(0), span),
            "bool" => Value::bool(false, span),
            "list" => self.machine.heap.list(Vec::new(), span),
            "tuple" => self.machine.heap.tuple(Vec::new(), span),
            "set" | "frozenset" => self.machine.make_set(Vec::new(), span),
            "dict" => {
                let mut dict = Dict::default();
                for keyword in &arguments.keywords {
                    let key = Value::str(&keyword.name, keyword.name_span);
                    let name = crate::value::Key::Str(keyword.name.clone());
                    dict.insert(name, key, keyword.value.clone());
                }
                self.machine.heap.dict(dict, span)
            }
            "super" => self.machine.super_here(span),
            "globals" => self.machine.globals_here(span),
            _ => self.beyond(name, &[]),
        })
    }

    fn unary(self, name: &str, one: &Value, arguments: &Arguments) -> Eval<Value> {
        let span = self.span;
        let values = std::slice::from_ref(one);
        match name {
            "str" => Ok(match self.machine.to_text(one, span) {
                Ok(text) => Value::new(Kind::Str(text), span),
                Err(why) => self.unknown(why),
            }),
            "repr" => Ok(match self.machine.to_repr(one, span) {
                Ok(text) => Value::new(Kind::Str(text), span),
                Err(why) => self.unknown(why),
            }),
            "bool" => Ok(match self.machine.truth(one) {
                Ok(truth) => Value::bool(truth, span),
                Err(why) => self.unknown(why),
            }),
            "len" => {
                let length = match self.machine.heap.view(one) {
                    View::Str(text) => Some(text.text().chars().count()),
                    View::Bytes(bytes) => Some(bytes.len()),
                    View::List(items) | View::Tuple(items) => Some(items.len()),
                    View::Dict(dict) | View::Set(dict) => Some(dict.len()),
                    _ => None,
                };
                Ok(match length {
                    Some(length) => Value::new(Kind::Int(length as i128), span),
                    None => self.beyond(name, values),
                })
            }
            "int" | "float" => self.number(name, one),
            "abs" => Ok(match number(one) {
                Some(Number::Int(it)) => match it.checked_abs() {
                    Some(it) => Value::new(Kind::Int(it), span),
                    None => self.beyond(name, values),
                },
                Some(Number::Float(it)) => Value::new(Kind::Float(it.abs()), span),
                None => self.beyond(name, values),
            }),
            "chr" => {
                let char =
                    one.as_int().and_then(|it| u32::try_from(it).ok()).and_then(char::from_u32);
                Ok(match char {
                    Some(char) => Value::str(char.encode_utf8(&mut [0; 4]), span),
                    None => self.beyond(name, values),
                })
            }
            "ord" => {
                Ok(match one.as_str().map(|text| text.chars().collect::<Vec<_>>()).as_deref() {
                    Some([char]) => Value::new(Kind::Int(i128::from(u32::from(*char))), span),
                    _ => self.beyond(name, values),
                })
            }
            "callable" => Ok(match one.kind {
                Kind::Function(_) | Kind::Class(_) | Kind::Bound(_) => Value::bool(true, span),
                Kind::Str(_) | Kind::Int(_) | Kind::None | Kind::List(_) | Kind::Dict(_) => {
                    Value::bool(false, span)
                }
                _ => self.beyond(name, values),
            }),
            "type" => Ok(match self.machine.heap.view(one) {
                View::Instance(instance) => Value::new(Kind::Class(instance.class), span),
                view => match type_name(view) {
                    Some(name) => Value::symbol(&format!("builtins.{name}"), span),
                    None => self.beyond(name, values),
                },
            }),
            "range" => self.range(0, one.as_int(), Some(1)),
            "object" | "property" | "staticmethod" | "classmethod" => Ok(one.clone()),
            "dict" if matches!(self.machine.heap.view(one), View::Dict(_)) => {
                let View::Dict(dict) = self.machine.heap.view(one) else { return Ok(one.clone()) };
                let dict = dict.clone();
                let copy = self.machine.heap.dict(dict, span);
                for keyword in &arguments.keywords {
                    let key = Value::str(&keyword.name, keyword.name_span);
                    self.machine.set_item(&copy, &key, &keyword.value, span)?;
                }
                Ok(copy)
            }
            "max" | "min" if arguments.keywords.is_empty() => {
                match self.machine.iterate(one, span)? {
                    Ok(items) => self.extreme(name, &items),
                    Err(why) => Ok(self.unknown(why)),
                }
            }
            "sorted" => self.sorted(one, arguments),
            "list" | "tuple" | "set" | "frozenset" | "iter" | "reversed" | "enumerate" | "sum"
            | "any" | "all" | "next" | "dict" | "zip" => self.over(name, one, arguments),
            "print" => Ok(Value::none(span)),
            _ => Ok(self.beyond(name, values)),
        }
    }

    fn number(self, name: &str, one: &Value) -> Eval<Value> {
        let span = self.span;
        let kind = match (name, number(one), one.as_str()) {
            ("int", Some(Number::Int(it)), _) => Some(Kind::Int(it)),
            #[expect(clippy::cast_possible_truncation, reason = "truncation is what `int` does")]
            ("int", Some(Number::Float(it)), _) if it.abs() < 1e18 => Some(Kind::Int(it as i128)),
            ("int", _, Some(text)) => match text.trim().replace('_', "").parse() {
                Ok(it) => Some(Kind::Int(it)),
                Err(_) if text.trim().len() < 30 => {
                    let shown = crate::emit::string(text, crate::emit::Quotes::Repr);
                    let message = format!("invalid literal for int() with base 10: {shown}");
                    return self.machine.raise("ValueError", &message, span);
                }
                Err(_) => None,
            },
            ("float", Some(it), _) => Some(Kind::Float(it.float())),
            ("float", _, Some(text)) => text.trim().parse().ok().map(Kind::Float),
            _ => None,
        };
        Ok(match kind {
            Some(kind) => Value::new(kind, span),
            None => self.beyond(name, std::slice::from_ref(one)),
        })
    }

    fn range(self, start: i128, end: Option<i128>, step: Option<i128>) -> Eval<Value> {
        let span = self.span;
        let (Some(end), Some(step)) = (end, step.filter(|step| *step != 0)) else {
            return Ok(Value::unknown_data(span, "a range that is not known"));
        };
        let length = if step > 0 { end.saturating_sub(start) } else { start.saturating_sub(end) };
        let count = if length <= 0 { 0 } else { (length - 1) / step.saturating_abs() + 1 };
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        if let Err(unknown) = self.machine.fits(count.saturating_mul(super::operator::ITEM), span) {
            return Ok(unknown);
        }
        self.machine.charge(count / 4, span)?;
        let mut items = Vec::new();
        let mut at = start;
        for _ in 0..count {
            items.push(Value::new(Kind::Int(at), span));
            at = at.saturating_add(step);
        }
        Ok(self.machine.heap.list(items, span))
    }

    fn over(mut self, name: &str, one: &Value, arguments: &Arguments) -> Eval<Value> {
        let span = self.span;
        let mut items = match self.machine.iterate(one, span)? {
            Ok(items) => items,
            Err(why) => return Ok(self.unknown(why)),
        };
        Ok(match name {
            "list" | "iter" => self.machine.heap.list(items, span),
            "tuple" => self.machine.heap.tuple(items, span),
            "set" | "frozenset" => self.machine.make_set(items, span),
            "reversed" => {
                items.reverse();
                self.machine.heap.list(items, span)
            }
            "enumerate" => {
                let start = arguments.get(1, "start").and_then(Value::as_int).unwrap_or(0);
                self.enumerate(items, start)
            }
            "next" => match items.into_iter().next() {
                Some(item) => item,
                None => return self.machine.raise("StopIteration", "", span),
            },
            "zip" => {
                let mut all = Vec::new();
                for item in items {
                    all.push(self.machine.heap.tuple(vec![item], span));
                }
                self.machine.heap.list(all, span)
            }
            "any" | "all" => {
                let wanted = name == "any";
                let mut unsure = None;
                for item in &items {
                    match self.machine.truth(item) {
                        Ok(truth) if truth == wanted => return Ok(Value::bool(wanted, span)),
                        Ok(_) => {}
                        Err(why) => unsure = Some(why),
                    }
                }
                match unsure {
                    Some(why) => self.unknown(why),
                    None => Value::bool(!wanted, span),
                }
            }
            "sum" => {
                let mut sum =
                    arguments.get(1, "start").cloned().unwrap_or(Value::new(Kind::Int(0), span));
                for item in &items {
                    sum = self.machine.operate(Operator::Add, &sum, item, span)?;
                }
                sum
            }
            "dict" => {
                let mut dict = Dict::default();
                for item in &items {
                    let pair = self.machine.heap.items(item).map(<[Value]>::to_vec);
                    let Some([key, value]) = pair.as_deref() else {
                        return Ok(self.beyond(name, std::slice::from_ref(item)));
                    };
                    match self.machine.key(key) {
                        Ok(name) => dict.insert(name, key.clone(), value.clone()),
                        Err(why) => return Ok(self.unknown(why)),
                    }
                }
                self.machine.heap.dict(dict, span)
            }
            _ => self.beyond(name, std::slice::from_ref(one)),
        })
    }

    fn enumerate(&mut self, items: Vec<Value>, start: i128) -> Value {
        let mut pairs = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let at = start.saturating_add(index as i128);
            let number = Value::new(Kind::Int(at), self.span);
            pairs.push(self.machine.heap.tuple(vec![number, item], self.span));
        }
        self.machine.heap.list(pairs, self.span)
    }

    fn sorted(self, one: &Value, arguments: &Arguments) -> Eval<Value> {
        let span = self.span;
        let mut items = match self.machine.iterate(one, span)? {
            Ok(items) => items,
            Err(why) => return Ok(self.unknown(why)),
        };
        let mut keys = Vec::with_capacity(items.len());
        for item in &items {
            keys.push(match arguments.keyword("key") {
                Some(key) if !key.value.is_none() => {
                    let callee = key.value.clone();
                    self.machine.call(&callee, Arguments::of(vec![item.clone()]), span, span)?
                }
                _ => item.clone(),
            });
        }
        let mut unsure = false;
        let mut order: Vec<usize> = (0..items.len()).collect();
        // Checked first, so that the sort sees a total order.
        for pair in keys.windows(2) {
            if let [a, b] = pair {
                unsure |= self.machine.order(a, b, 0).is_none();
            }
        }
        if unsure {
            return Ok(self.beyond("sorted", &keys));
        }
        order.sort_by(|a, b| match (keys.get(*a), keys.get(*b)) {
            (Some(a), Some(b)) => self.machine.order(a, b, 0).unwrap_or(std::cmp::Ordering::Equal),
            _ => std::cmp::Ordering::Equal,
        });
        match arguments.keyword("reverse").map(|keyword| keyword.value.as_bool()) {
            None | Some(Some(false)) => {}
            Some(Some(true)) => order.reverse(),
            Some(None) => return Ok(self.beyond("sorted", &keys)),
        }
        items = order.into_iter().filter_map(|at| items.get(at).cloned()).collect();
        Ok(self.machine.heap.list(items, span))
    }

    fn extreme(self, name: &str, items: &[Value]) -> Eval<Value> {
        let Some((first, rest)) = items.split_first() else {
            return self.machine.raise("ValueError", &format!("{name}() arg is empty"), self.span);
        };
        let mut best = first;
        for item in rest {
            match self.machine.order(item, best, 0) {
                Some(order) if order.is_gt() == (name == "max") && order.is_ne() => best = item,
                Some(_) => {}
                None => return Ok(self.beyond(name, items)),
            }
        }
        Ok(best.clone())
    }

    fn several(self, name: &str, values: &[Value], arguments: &Arguments) -> Eval<Value> {
        let span = self.span;
        match (name, values) {
            ("super", [class @ Value { kind: Kind::Class(_), .. }, receiver]) => {
                Ok(self.machine.super_of(class, receiver, span))
            }
            ("isinstance", [value, class]) => Ok(match self.machine.is_instance(value, class, 0) {
                Ok(is) => Value::bool(is, span),
                Err(why) => self.unknown(why),
            }),
            ("getattr", [object, name, default @ ..]) => {
                let Some(name) = name.as_str().map(str::to_owned) else {
                    return Ok(self.beyond("getattr", values));
                };
                let value = self.machine.attribute(object, &name, span)?;
                let missing = value.as_unknown().is_some() && object.as_unknown().is_none();
                let known =
                    matches!(object.kind, Kind::Instance(_) | Kind::Module(_) | Kind::Class(_));
                match default {
                    [default] if missing && known && !self.machine.has_external(object) => {
                        Ok(default.clone())
                    }
                    _ => Ok(value),
                }
            }
            ("setattr", [object, name, value]) => {
                if let Some(name) = name.as_str() {
                    self.machine.set_attribute(object, &name.into(), value);
                }
                Ok(Value::none(span))
            }
            ("hasattr", [object, name]) => {
                let has = name.as_str().and_then(|name| self.machine.class_attribute(object, name));
                Ok(match has {
                    Some(_) => Value::bool(true, span),
                    None => self.beyond("hasattr", values),
                })
            }
            ("range", [start, end]) => match start.as_int() {
                Some(start) => self.range(start, end.as_int(), Some(1)),
                None => Ok(self.beyond(name, values)),
            },
            ("range", [start, end, step]) => match start.as_int() {
                Some(start) => self.range(start, end.as_int(), step.as_int()),
                None => Ok(self.beyond(name, values)),
            },
            ("enumerate" | "sum", [one, _]) => self.over(name, one, arguments),
            ("next", [one, default]) => match self.machine.iterate(one, span)? {
                Ok(items) => Ok(items.into_iter().next().unwrap_or_else(|| default.clone())),
                Err(why) => Ok(self.unknown(why)),
            },
            ("max" | "min", _) if arguments.keywords.is_empty() => self.extreme(name, values),
            ("zip", _) => self.zip(values),
            ("map" | "filter", [function, one]) => self.map(name, function, one),
            ("format", [value, spec]) => {
                let spec = spec.as_str().unwrap_or("?").to_owned();
                Ok(match self.machine.format_value(value, &spec, span) {
                    Ok(text) => Value::new(Kind::Str(text), span),
                    Err(why) => self.unknown(why),
                })
            }
            ("divmod", [a, b]) => {
                let quotient = self.machine.operate(Operator::FloorDiv, a, b, span)?;
                let rest = self.machine.operate(Operator::Mod, a, b, span)?;
                Ok(self.machine.heap.tuple(vec![quotient, rest], span))
            }
            ("pow", [a, b]) => self.machine.operate(Operator::Pow, a, b, span),
            _ => Ok(self.beyond(name, values)),
        }
    }

    fn zip(self, values: &[Value]) -> Eval<Value> {
        let mut columns = Vec::new();
        for value in values {
            match self.machine.iterate(value, self.span)? {
                Ok(items) => columns.push(items.into_iter()),
                Err(why) => return Ok(self.unknown(why)),
            }
        }
        let mut rows = Vec::new();
        loop {
            let row: Option<Vec<Value>> = columns.iter_mut().map(Iterator::next).collect();
            match row {
                Some(row) => rows.push(self.machine.heap.tuple(row, self.span)),
                None => return Ok(self.machine.heap.list(rows, self.span)),
            }
        }
    }

    fn map(self, name: &str, function: &Value, one: &Value) -> Eval<Value> {
        let items = match self.machine.iterate(one, self.span)? {
            Ok(items) => items,
            Err(why) => return Ok(self.unknown(why)),
        };
        let mut made = Vec::new();
        for item in items {
            let result = if name == "filter" && function.is_none() {
                item.clone()
            } else {
                let arguments = Arguments::of(vec![item.clone()]);
                self.machine.call(function, arguments, self.span, self.span)?
            };
            if name == "map" {
                made.push(result);
                continue;
            }
            match self.machine.truth(&result) {
                Ok(true) => made.push(item),
                Ok(false) => {}
                Err(why) => return Ok(self.unknown(why)),
            }
        }
        Ok(self.machine.heap.list(made, self.span))
    }
}
