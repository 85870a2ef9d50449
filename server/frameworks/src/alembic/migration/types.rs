//! The types of reflected columns, as values that a migration looks at: `isinstance(type, sa.String)`,
//! `type.length`, `str(type)`.

use revline_python::value::{Arguments, Call, Keyword, Term};
use revline_python::{Answer, Heap, Kind, Value, View};
use revline_schema::{Characters, Decimal, Literal, SqlType, Standard, TypeKind};
use revline_text::Span;

use super::host::Surroundings;
use crate::alembic::sqlalchemy::TypeClass;

/// The constructor call that makes a reflected type; `None` where a type keeps something that is not
/// told here.
pub(super) fn value(heap: &mut Heap, type_: &SqlType, span: Span) -> Option<Value> {
    let mut keywords: Vec<(&str, Value)> = Vec::new();
    let mut positional = Vec::new();
    let int = |number: u32| Value::new(Kind::Int(i128::from(number)), span);
    let characters = |keywords: &mut Vec<(&str, Value)>, given: &Characters| {
        keywords.extend(given.length.map(|length| ("length", int(length))));
    };
    let decimal = |keywords: &mut Vec<(&str, Value)>, given: &Decimal| {
        keywords.extend(given.precision.map(|precision| ("precision", int(precision))));
        keywords.extend(given.scale.map(|scale| ("scale", int(scale))));
    };
    let path = match &type_.kind {
        TypeKind::Null => "sqlalchemy.types.NullType".to_owned(),
        TypeKind::Standard(standard) => {
            let (name, is_postgresql) = match standard {
                Standard::Integer => ("INTEGER", false),
                Standard::SmallInt => ("SMALLINT", false),
                Standard::BigInt => ("BIGINT", false),
                Standard::Numeric(given) => {
                    decimal(&mut keywords, given);
                    ("NUMERIC", false)
                }
                Standard::Decimal(given) => {
                    decimal(&mut keywords, given);
                    ("DECIMAL", false)
                }
                Standard::Float(_) => ("FLOAT", false),
                Standard::Real(_) => ("REAL", false),
                Standard::Double(_) => ("DOUBLE", false),
                Standard::DoublePrecision(_) => ("DOUBLE_PRECISION", false),
                Standard::Boolean(_) => ("BOOLEAN", false),
                Standard::Char(given) => {
                    characters(&mut keywords, given);
                    ("CHAR", false)
                }
                Standard::Varchar(given) => {
                    characters(&mut keywords, given);
                    ("VARCHAR", false)
                }
                Standard::NChar(given) => {
                    characters(&mut keywords, given);
                    ("NCHAR", false)
                }
                Standard::NVarchar(given) => {
                    characters(&mut keywords, given);
                    ("NVARCHAR", false)
                }
                Standard::Text(given) => {
                    characters(&mut keywords, given);
                    ("TEXT", false)
                }
                Standard::Blob(None) => ("BLOB", false),
                Standard::Date => ("DATE", false),
                Standard::DateTime { .. } => ("DATETIME", false),
                Standard::Uuid => ("UUID", false),
                Standard::Time { timezone } => {
                    keywords.push(("timezone", Value::bool(*timezone, span)));
                    ("TIME", true)
                }
                Standard::Timestamp { timezone } => {
                    keywords.push(("timezone", Value::bool(*timezone, span)));
                    ("TIMESTAMP", true)
                }
                _ => return None,
            };
            match is_postgresql {
                true => format!("sqlalchemy.dialects.postgresql.{name}"),
                false => format!("sqlalchemy.{name}"),
            }
        }
        TypeKind::Vendor(vendor) => {
            for (name, option) in vendor.options.iter() {
                let value = match &option.value {
                    Literal::Int(number) => Value::new(Kind::Int(i128::from(*number)), span),
                    Literal::Bool(truth) => Value::bool(*truth, span),
                    Literal::Str(text) => Value::str(text.as_str(), span),
                    _ => return None,
                };
                keywords.push((name, value));
            }
            format!("sqlalchemy.dialects.{}.{}", vendor.dialect, vendor.name)
        }
        TypeKind::Enum(enum_) => {
            let labels = enum_.values.iter().map(|label| Value::str(label.as_str(), span));
            positional.extend(labels);
            keywords.push(("name", Value::str(enum_.name.as_ref()?.as_str(), span)));
            keywords.push(("create_type", Value::bool(false, span)));
            "sqlalchemy.dialects.postgresql.ENUM".to_owned()
        }
        TypeKind::Array(array) => {
            positional.push(value(heap, &array.item, span)?);
            "sqlalchemy.dialects.postgresql.ARRAY".to_owned()
        }
        _ => return None,
    };
    let mut arguments = Arguments::of(positional);
    arguments.keywords = keywords
        .into_iter()
        .map(|(name, value)| Keyword { name: name.into(), name_span: span, value, span })
        .collect();
    let call = Call { callee: Value::symbol(&path, span), arguments, assigned: Vec::new() };
    Some(heap.term(Term::Call(call), span))
}

/// The class of a type, and the arguments that it was made with.
fn type_of<'h>(heap: &'h Heap, value: &'h Value) -> Option<(TypeClass, &'h Call)> {
    let View::Term(Term::Call(call)) = heap.view(value) else { return None };
    Some((TypeClass::of(call.callee.as_symbol()?.path())?, call))
}

/// `str(type)`: the default dialect's words, which leave time zones out.
pub(super) fn text(heap: &Heap, value: &Value) -> Option<String> {
    let (class, call) = type_of(heap, value)?;
    let given = |name: &str| call.arguments.keyword(name).map(|keyword| &keyword.value);
    if !call.arguments.positional.is_empty() || call.arguments.unknown.is_some() {
        return None;
    }
    // What the source says may be spelled otherwise by the dialect's own class.
    if call
        .arguments
        .keywords
        .iter()
        .any(|keyword| !matches!(&*keyword.name, "length" | "precision" | "scale" | "timezone"))
    {
        return None;
    }
    if class.word().contains(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let int = |name: &str| given(name).map(Value::as_int);
    Some(match (int("length"), int("precision"), int("scale"), class.word()) {
        (Some(length), None, None, word) => format!("{word}({})", length?),
        (None, Some(precision), Some(scale), word @ ("NUMERIC" | "DECIMAL")) => {
            format!("{word}({}, {})", precision?, scale?)
        }
        (None, Some(precision), None, word @ ("NUMERIC" | "DECIMAL")) => {
            format!("{word}({})", precision?)
        }
        (None, _, None, word) => word.to_owned(),
        _ => return None,
    })
}

impl Surroundings<'_> {
    /// `isinstance(type, class)`.
    pub(super) fn is_type_instance(
        &self,
        heap: &Heap,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        let [value, class] = arguments.positional.as_slice() else { return Answer::Unclaimed };
        let Some((own, _)) = type_of(heap, &value.value) else { return Answer::Unclaimed };
        let classes: Vec<Value> = match heap.items(&class.value) {
            Some(items) => items.to_vec(),
            None => vec![class.value.clone()],
        };
        let mut is_any = Some(false);
        for class in &classes {
            let class = class.as_symbol().and_then(|symbol| match symbol.path() {
                // A type is no literal.
                path if path.starts_with("builtins.") => Some(Some(false)),
                path => Some(own.is(&TypeClass::of(path)?)),
            });
            match class {
                Some(Some(true)) => return Answer::Value(Value::bool(true, span)),
                Some(Some(false)) => {}
                _ => is_any = None,
            }
        }
        match is_any {
            Some(is) => Answer::Value(Value::bool(is, span)),
            None => Answer::Value(Value::unknown_data(
                span,
                "whether the type of a column is of this class is not known",
            )),
        }
    }

    /// `type(column_type)`.
    pub(super) fn class_of_type(heap: &Heap, arguments: &Arguments, span: Span) -> Answer {
        let [value] = arguments.positional.as_slice() else { return Answer::Unclaimed };
        match type_of(heap, &value.value) {
            Some((_, call)) => Answer::Value(Value::new(call.callee.kind.clone(), span)),
            None => Answer::Unclaimed,
        }
    }

    /// An attribute of a type, or of the class of one.
    pub(super) fn type_attribute(
        heap: &mut Heap,
        object: &Value,
        name: &str,
        span: Span,
    ) -> Option<Value> {
        if let View::Symbol(symbol) = heap.view(object)
            && matches!(name, "__name__" | "__qualname__")
        {
            let class = TypeClass::of(symbol.path())?;
            return Some(Value::str(class.name(), span));
        }
        let (class, call) = type_of(heap, object)?;
        if name == "__class__" {
            return Some(Value::new(call.callee.kind.clone(), span));
        }
        let arguments = &call.arguments;
        if arguments.unknown.is_some() {
            return None;
        }
        let is = |path: &str| TypeClass::of(path).and_then(|other| class.is(&other)) == Some(true);
        let keyword = |name: &str| arguments.keyword(name).map(|keyword| keyword.value.clone());
        let none = || Value::none(span);
        // Only what was given by name, or not at all: positional arguments differ from class to class.
        match name {
            "length" if is("sqlalchemy.String") && arguments.positional.is_empty() => {
                Some(keyword("length").unwrap_or_else(none))
            }
            "timezone"
                if (is("sqlalchemy.DateTime") || is("sqlalchemy.Time"))
                    && arguments.positional.is_empty() =>
            {
                Some(keyword("timezone").unwrap_or_else(|| Value::bool(false, span)))
            }
            "precision" | "scale"
                if is("sqlalchemy.Numeric") && arguments.positional.is_empty() =>
            {
                Some(keyword(name).unwrap_or_else(none))
            }
            "enums" if is("sqlalchemy.Enum") => {
                let items: Vec<Value> =
                    arguments.positional.iter().map(|argument| argument.value.clone()).collect();
                let plain = items.iter().all(|item| item.as_str().is_some());
                plain.then(|| heap.list(items, span))
            }
            "name" if is("sqlalchemy.Enum") => keyword("name"),
            _ => None,
        }
    }
}
