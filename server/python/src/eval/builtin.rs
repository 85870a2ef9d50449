//! Python's builtin functions, types and exceptions.

mod instance;
mod number;
mod sequence;

use revline_text::Span;

use instance::type_name;

use super::machine::{Eval, Halt, Machine};
use super::operator::{Number, number};
use crate::value::{Argument, Arguments, Call, Dict, Kind, Operator, Term, Unknown, Value, View};

const FUNCTIONS: &[&str] = &[
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
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
    "hex",
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
    "oct",
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

/// Exceptions in order of their names, and what they inherit from, below `Exception` and `BaseException`.
const EXCEPTIONS: &[(&str, &[&str])] = &[
    ("ArithmeticError", &[]),
    ("AssertionError", &[]),
    ("AttributeError", &[]),
    ("BaseException", &[]),
    ("BrokenPipeError", &["ConnectionError", "OSError"]),
    ("ConnectionError", &["OSError"]),
    ("DeprecationWarning", &["Warning"]),
    ("Exception", &[]),
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

/// The builtin exception of that name, and its bases besides `Exception`.
fn exception_entry(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    let at = EXCEPTIONS.binary_search_by(|(other, _)| (*other).cmp(name)).ok()?;
    EXCEPTIONS.get(at).copied()
}

/// The builtin exception of that name.
pub(super) fn exception(name: &str) -> Option<&'static str> {
    exception_entry(name).map(|(name, _)| name)
}

/// The bases of a builtin exception besides `Exception`.
pub(super) fn exception_bases(name: &str) -> Option<&'static [&'static str]> {
    exception_entry(name).map(|(_, bases)| bases)
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
    if let Some((class, method)) = name.split_once('.') {
        return unbound(machine, class, method, arguments, span);
    }
    let builtin = Builtin { machine, span };
    match values.as_slice() {
        [] => builtin.nullary(name, &arguments),
        [one] => builtin.unary(name, one, &arguments),
        _ => builtin.several(name, &values, &arguments),
    }
}

/// `str.upper(text)`, `dict.fromkeys(names)`: a method called by its class.
fn unbound(
    machine: &mut Machine<'_>,
    class: &str,
    method: &str,
    arguments: Arguments,
    span: Span,
) -> Eval<Value> {
    if let ("dict", "fromkeys", Some(keys)) = (class, method, arguments.positional.first()) {
        let keys = keys.value.clone();
        let value = arguments.positional.get(1).map(|it| it.value.clone());
        let value = value.unwrap_or(Value::none(span));
        let keys = match machine.iterate(&keys, span)? {
            Ok(keys) => keys,
            Err(why) => return Ok(Value::new(Kind::Unknown(why), span)),
        };
        let dict = machine.heap.dict(Dict::default(), span);
        for key in keys {
            machine.set_item(&dict, &key, &value, span)?;
        }
        return Ok(dict);
    }
    let Some(receiver) = arguments.positional.first().map(|it| it.value.clone()) else {
        let why = format!("`{class}.{method}` is not evaluated");
        return Ok(Value::unknown_data(span, why));
    };
    match type_name(machine.heap.view(&receiver)) {
        Some(own) if own == class => {
            let rest = Arguments { positional: rest(&arguments), ..arguments };
            machine.call_method(&receiver, method, rest, span)
        }
        Some(_) if class != "object" && class != "type" => {
            let message = format!("`{class}.{method}` of {}", machine.describe(&receiver));
            machine.raise("TypeError", &message, span)
        }
        _ => {
            let why = format!("`{class}.{method}` is not evaluated");
            Ok(Value::unknown_data(span, why))
        }
    }
}

/// The arguments behind the first.
fn rest(arguments: &Arguments) -> Vec<Argument> {
    arguments.positional.iter().skip(1).cloned().collect()
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
            "set" => self.machine.make_set(Vec::new(), span),
            "frozenset" => self.machine.frozen(Vec::new(), span),
            "zip" => self.lazy(name, &[], arguments)?,
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
            "str" => Ok(match self.machine.text_of(one, span)? {
                Ok(text) => Value::new(Kind::Str(text), span),
                Err(why) => self.unknown(why),
            }),
            "repr" => Ok(match self.machine.repr_of(one, span)? {
                Ok(text) => Value::new(Kind::Str(text), span),
                Err(why) => self.unknown(why),
            }),
            "ascii" => Ok(match self.machine.repr_of(one, span)? {
                Ok(text) if text.text().is_ascii() => Value::new(Kind::Str(text), span),
                Ok(text) => Value::str(&crate::emit::ascii(text.text()), span),
                Err(why) => self.unknown(why),
            }),
            "hex" | "oct" | "bin" => Ok(match number(one) {
                Some(Number::Int(it)) => {
                    let kind = match name {
                        "hex" => "#x",
                        "oct" => "#o",
                        _ => "#b",
                    };
                    let it = Value::new(Kind::Int(it), span);
                    match self.machine.format_value(&it, kind, span) {
                        Ok(text) => Value::new(Kind::Str(text), span),
                        Err(why) => self.unknown(why),
                    }
                }
                _ => self.beyond(name, values),
            }),
            "bool" => Ok(match self.machine.truth_of(one, span)? {
                Ok(truth) => Value::bool(truth, span),
                Err(why) => self.unknown(why),
            }),
            "len" if self.machine.class_attribute(one, "__len__").is_some() => {
                self.machine.call_method(one, "__len__", Arguments::default(), span)
            }
            "len" => {
                let length = match self.machine.heap.view(one) {
                    View::Iter(iter) => self.machine.count_of(iter),
                    View::Str(text) => Some(text.text().chars().count()),
                    View::Bytes(bytes) => Some(bytes.len()),
                    View::List(items) | View::Tuple(items) => Some(items.len()),
                    View::Dict(dict) | View::Set(dict) => Some(dict.len()),
                    _ => None,
                };
                Ok(match length {
                    Some(length) => Value::new(Kind::Int(length as i128), span),
                    None if super::operator::kind_of(self.machine.heap.view(one)).is_some() => {
                        let message = format!("{} has no len()", self.machine.describe(one));
                        return self.machine.raise("TypeError", &message, span);
                    }
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
                    Some(_) => {
                        let message = "ord() expected a character";
                        return self.machine.raise("TypeError", message, span);
                    }
                    None if matches!(&one.kind, Kind::Bytes(bytes) if bytes.len() == 1) => {
                        return self.machine.item(one, &Value::new(Kind::Int(0), span), span);
                    }
                    None => self.beyond(name, values),
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
                View::Term(_) if self.machine.exception_class(one).is_some() => {
                    self.machine.class_of_exception(one, span)
                }
                View::Instance(instance) => Value::new(Kind::Class(instance.class), span),
                view => match type_name(view) {
                    Some(name) => Value::symbol(&format!("builtins.{name}"), span),
                    None => self.beyond(name, values),
                },
            }),
            "range" => self.range(0, one.as_int(), Some(1)),
            "round" => self.round(one, arguments.get(1, "ndigits")),
            "property" | "staticmethod" | "classmethod" => {
                // A function of its own, so that the other names of this one stay what they are.
                let View::Function(function) = self.machine.heap.view(one) else {
                    return Ok(self.beyond(name, values));
                };
                let copy = crate::value::Object::Function(function.clone());
                let copy = Value::new(Kind::Function(self.machine.heap.add(copy)), one.span);
                let mark = std::sync::Arc::from("__decorated__");
                self.machine.set_attribute(&copy, &mark, &Value::str(name, span));
                Ok(copy)
            }
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
            "max" | "min" => match self.machine.iterate(one, span)? {
                Ok(items) => self.extreme(name, &items, arguments),
                Err(why) => Ok(self.unknown(why)),
            },
            "sorted" => self.sorted(one, arguments),
            "list" | "tuple" | "set" | "frozenset" | "reversed" | "sum" | "dict" => {
                self.over(name, one, arguments)
            }
            "any" | "all" => self.any_or_all(name == "any", one),
            "iter" => Ok(match self.machine.iterator(one, span)? {
                Ok(iterator) => iterator,
                Err(why) => self.unknown(why),
            }),
            "next" => self.next(one, None),
            "enumerate" | "zip" => self.lazy(name, values, arguments),
            "print" => Ok(Value::none(span)),
            _ => Ok(self.beyond(name, values)),
        }
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
                let value = match (self.machine.attribute(object, &name, span), default) {
                    (Err(Halt::Raise(raised)), [default]) if raised.class == "AttributeError" => {
                        return Ok(default.clone());
                    }
                    (value, _) => value?,
                };
                let missing = value.as_unknown().is_some() && object.as_unknown().is_none();
                let known = matches!(object.kind, Kind::Module(_) | Kind::Class(_));
                match default {
                    [default] if missing && known && !self.machine.has_external(object) => {
                        Ok(default.clone())
                    }
                    _ => Ok(value),
                }
            }
            ("setattr", [object, name, value]) => {
                if let Some(name) = name.as_str() {
                    let name = std::sync::Arc::from(name);
                    self.machine.assign_attribute(object, &name, value, span)?;
                }
                Ok(Value::none(span))
            }
            ("hasattr", [object @ Value { kind: Kind::Instance(_), .. }, name]) => {
                let Some(name) = name.as_str().map(str::to_owned) else {
                    return Ok(self.beyond("hasattr", values));
                };
                match self.machine.attribute(object, &name, span) {
                    Err(Halt::Raise(raised)) if raised.class == "AttributeError" => {
                        Ok(Value::bool(false, span))
                    }
                    Err(halt) => Err(halt),
                    Ok(value) if value.as_unknown().is_some() => Ok(self.beyond("hasattr", values)),
                    Ok(_) => Ok(Value::bool(true, span)),
                }
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
            ("int", [text, base]) => self.int_of_base(text, base),
            ("str", [bytes, _]) if matches!(bytes.kind, Kind::Bytes(_)) => {
                let rest = Arguments { positional: rest(arguments), ..arguments.clone() };
                self.machine.call_method(bytes, "decode", rest, span)
            }
            ("sum", [one, _]) => self.over(name, one, arguments),
            ("round", [one, digits]) => self.round(one, Some(digits)),
            ("next", [one, default]) => self.next(one, Some(default)),
            ("max" | "min", _) => self.extreme(name, values, arguments),
            ("zip" | "map" | "filter" | "enumerate", _) => self.lazy(name, values, arguments),
            ("format", [value, spec]) => {
                let spec = spec.as_str().unwrap_or("?").to_owned();
                Ok(match self.machine.format_checked(value, &spec, span)? {
                    Ok(text) => Value::new(Kind::Str(text), span),
                    Err(why) => self.unknown(why),
                })
            }
            ("divmod", [a, b]) => {
                let quotient = self.machine.operate(Operator::FloorDiv, a, b, span)?;
                let rest = self.machine.operate(Operator::Mod, a, b, span)?;
                Ok(self.machine.heap.tuple(vec![quotient, rest], span))
            }
            ("pow", [a, b, modulus]) => {
                let power = self.machine.operate(Operator::Pow, a, b, span)?;
                match (b.as_int(), power.as_int(), modulus.as_int()) {
                    (Some(0..), Some(_), Some(_)) => {
                        self.machine.operate(Operator::Mod, &power, modulus, span)
                    }
                    _ => Ok(self.beyond(name, values)),
                }
            }
            ("pow", [a, b]) => self.machine.operate(Operator::Pow, a, b, span),
            _ => Ok(self.beyond(name, values)),
        }
    }
}
