//! Names, texts, numbers, options and rows.

use std::sync::Arc;

use revline_python::value::{Call, Keyword, Term};
use revline_python::{Str, Value, View};
use revline_schema::{Literal, Name, OptionValue, Options, Segment, Segments, SourceText};
use revline_text::Span;

use super::{Known, Matched, Read, Reader, fail, known};

/// A string of the source with its places.
pub(crate) fn source_text(string: &Str, span: Span) -> SourceText {
    let segments: Vec<Segment> = string
        .segments()
        .iter()
        // An inexact piece whose length happens to fit would be taken for an exact one.
        .filter(|piece| piece.exact || piece.range.len() != piece.source.range.len())
        .map(|piece| Segment { range: piece.range, span: piece.source })
        .collect();
    SourceText {
        text: string.shared(),
        origin: span.into(),
        segments: Segments(Arc::from(segments)),
    }
}

impl Reader<'_> {
    /// Whether a Python value is true; an error where that is not known.
    pub(crate) fn truth(&self, value: &Value) -> Read<bool> {
        Ok(match self.view(value)? {
            View::None => false,
            View::Bool(truth) => truth,
            View::Int(number) => number != 0,
            View::Float(number) => number != 0.0,
            View::Str(text) => !text.text().is_empty(),
            View::List(items) | View::Tuple(items) => !items.is_empty(),
            View::Dict(dict) | View::Set(dict) => !dict.is_empty(),
            _ => return fail(value.span, "not known whether this is true"),
        })
    }

    /// The truth of an argument; absent is false.
    pub(crate) fn flag(&self, matched: &Matched<'_>, name: &str) -> Read<bool> {
        matched.get(name).map_or(Ok(false), |value| self.truth(value))
    }

    /// The truth of an argument where it was given and is not `None`.
    pub(crate) fn choice(&self, matched: &Matched<'_>, name: &str) -> Read<Option<bool>> {
        matched.some(name).map(|value| self.truth(value)).transpose()
    }

    /// A whole number where one was given.
    pub(crate) fn number<N: TryFrom<i128>>(
        &self,
        matched: &Matched<'_>,
        name: &str,
    ) -> Read<Option<N>> {
        let Some(value) = matched.some(name) else { return Ok(None) };
        match self.view(value)? {
            View::Int(number) => match N::try_from(number) {
                Ok(number) => Ok(Some(number)),
                Err(_) => fail(value.span, format!("'{name}' is out of range")),
            },
            _ => fail(value.span, format!("'{name}' is not a whole number")),
        }
    }

    /// A string.
    pub(crate) fn text(&self, value: &Value) -> Read<SourceText> {
        match self.view(value)? {
            View::Str(string) => Ok(source_text(string, value.span)),
            // `op.f("x")` and `conv("x")` are strings.
            View::Term(Term::Call(_)) => {
                let name = self.name(value)?;
                Ok(SourceText { origin: name.origin, ..SourceText::new(name.text) })
            }
            _ => fail(value.span, "not a string"),
        }
    }

    /// A string argument where one was given.
    pub(crate) fn text_of(&self, matched: &Matched<'_>, name: &str) -> Read<Option<SourceText>> {
        matched.some(name).map(|value| self.text(value)).transpose()
    }

    /// A string argument without its place.
    pub(crate) fn word(&self, matched: &Matched<'_>, name: &str) -> Read<Option<Arc<str>>> {
        Ok(self.text_of(matched, name)?.map(|text| text.text))
    }

    /// An identifier: a string, `op.f(…)`, `conv(…)` or `quoted_name(…)`.
    pub(crate) fn name(&self, value: &Value) -> Read<Name> {
        match self.view(value)? {
            View::Str(string) => Ok(Name::at(string.shared(), value.span)),
            View::Term(Term::Call(call)) => self.called_name(call, value.span),
            _ => fail(value.span, "not a name"),
        }
    }

    fn called_name(&self, call: &Call, span: Span) -> Read<Name> {
        let is = |path: &str| match known(path) {
            Known::Op("f") | Known::Sa("conv") => Some(true),
            Known::Sa("quoted_name") => Some(false),
            _ => None,
        };
        let Some(is_final) = call.callee.as_symbol().and_then(|symbol| is(symbol.path())) else {
            return fail(span, "not a name");
        };
        let Some(inner) = call.arguments.get(0, if is_final { "name" } else { "value" }) else {
            return fail(span, "a name without text");
        };
        let mut name = self.deeper(span, || self.name(inner))?;
        if is_final {
            name.is_final = true;
        } else if let Some(quote) = call.arguments.get(1, "quote")
            && !quote.is_none()
        {
            name.quote = Some(self.truth(quote)?);
        }
        Ok(name)
    }

    /// An identifier argument where one was given.
    pub(crate) fn name_of(&self, matched: &Matched<'_>, name: &str) -> Read<Option<Name>> {
        matched.some(name).map(|value| self.name(value)).transpose()
    }

    /// A schema: `None` and the empty string are no schema.
    pub(crate) fn schema_of(&self, matched: &Matched<'_>, name: &str) -> Read<Option<Name>> {
        Ok(self.name_of(matched, name)?.filter(|name| !name.text.is_empty()))
    }

    /// The items of a list, tuple or set.
    pub(crate) fn items(&self, value: &Value) -> Read<Vec<Value>> {
        match self.view(value)? {
            View::List(items) | View::Tuple(items) => Ok(items.to_vec()),
            View::Set(dict) => Ok(dict.entries().iter().map(|(key, _)| key.clone()).collect()),
            _ => fail(value.span, "not a list"),
        }
    }

    /// Several names. A lone string is one name, as Alembic's `to_list` takes it.
    pub(crate) fn names(&self, value: &Value) -> Read<Vec<Name>> {
        match self.view(value)? {
            View::Str(_) => Ok(vec![self.name(value)?]),
            _ => self.items(value)?.iter().map(|item| self.column_name(item)).collect(),
        }
    }

    /// Keywords that pass through to a dialect, and those that nothing knows.
    pub(crate) fn options<'k>(&self, keywords: impl IntoIterator<Item = &'k Keyword>) -> Options {
        let mut options = Options::default();
        for keyword in keywords {
            let value = OptionValue {
                value: self.literal(&keyword.value),
                origin: Matched::place(keyword).into(),
            };
            options.0.insert(keyword.name.clone(), value);
        }
        options
    }

    /// A Python value on its way into SQL. What is not known is opaque in its place.
    pub(crate) fn literal(&self, value: &Value) -> Literal {
        self.deeper(value.span, || self.try_literal(value)).unwrap_or_else(Literal::Opaque)
    }

    fn try_literal(&self, value: &Value) -> Read<Literal> {
        Ok(match self.view(value)? {
            View::None => Literal::None,
            View::Bool(truth) => Literal::Bool(truth),
            View::Int(number) => i64::try_from(number)
                .map_or_else(|_| Literal::BigInt(number.to_string().into()), Literal::Int),
            View::Float(number) => Literal::Float(repr(number).into()),
            View::Str(string) => Literal::Str(source_text(string, value.span)),
            View::Bytes(bytes) => Literal::Bytes(bytes.into()),
            View::List(items) | View::Tuple(items) => {
                Literal::List(items.iter().map(|item| self.literal(item)).collect())
            }
            View::Set(dict) => {
                Literal::List(dict.entries().iter().map(|(key, _)| self.literal(key)).collect())
            }
            View::Dict(dict) => Literal::Dict(
                dict.entries()
                    .iter()
                    .map(|(key, item)| (self.literal(key), self.literal(item)))
                    .collect(),
            ),
            View::Term(Term::Call(call)) => match self.standard(call) {
                Some(literal) => literal,
                None => Literal::Expr(Box::new(self.expr(value)?)),
            },
            View::Term(_) => Literal::Expr(Box::new(self.expr(value)?)),
            View::Instance(_) => match self.member(value)? {
                Some((name, inner)) => {
                    Literal::Member { name, value: Box::new(self.literal(&inner)) }
                }
                None => return fail(value.span, "an object of the file's own class"),
            },
            _ => return fail(value.span, "not a value that SQL can hold"),
        })
    }

    /// Values of the standard library that are made of constants.
    pub(super) fn standard(&self, call: &Call) -> Option<Literal> {
        let arguments = &call.arguments;
        if arguments.unknown.is_some() || !arguments.keywords.is_empty() {
            return None;
        }
        let numbers = || -> Option<Vec<i128>> {
            arguments.positional.iter().map(|argument| argument.value.as_int()).collect()
        };
        match call.callee.as_symbol()?.path() {
            "datetime.date" => match numbers()?.as_slice() {
                [year, month, day] => {
                    Some(Literal::Date(format!("{year:04}-{month:02}-{day:02}").into()))
                }
                _ => None,
            },
            "datetime.datetime" => {
                let numbers = numbers()?;
                let (date, time) = numbers.split_at_checked(3)?;
                let [year, month, day] = date else { return None };
                let at = |index: usize| time.get(index).copied().unwrap_or(0);
                let micros = match at(3) {
                    0 => String::new(),
                    micros => format!(".{micros:06}"),
                };
                (time.len() <= 4).then(|| {
                    let (hour, minute, second) = (at(0), at(1), at(2));
                    Literal::DateTime(
                        format!(
                            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{micros}"
                        )
                        .into(),
                    )
                })
            }
            "uuid.UUID" => {
                let text = arguments.positional.first()?.value.as_str()?;
                let digits: String =
                    text.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_lowercase();
                let part = |from: usize, to: usize| digits.get(from..to);
                if digits.len() != 32 {
                    return None;
                }
                let parts =
                    [part(0, 8)?, part(8, 12)?, part(12, 16)?, part(16, 20)?, part(20, 32)?];
                Some(Literal::Uuid(parts.join("-").into()))
            }
            "decimal.Decimal" => {
                let value = &arguments.positional.first()?.value;
                let text = match value.as_int() {
                    Some(number) => number.to_string(),
                    None => value.as_str()?.trim().to_owned(),
                };
                // Other spellings are normalised by Python.
                let plain = text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-');
                plain.then(|| Literal::Decimal(text.into()))
            }
            _ => None,
        }
    }
}

/// A float as Python's `repr` prints it.
pub(crate) fn repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let exponent = format!("{number:e}");
    let (digits, power) = exponent.split_once('e').unwrap_or((&exponent, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    if number != 0.0 && !(-4..16).contains(&power) {
        let sign = if power < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", power.abs());
    }
    let plain = format!("{number}");
    if plain.contains('.') { plain } else { format!("{plain}.0") }
}

#[cfg(test)]
mod tests {
    use super::repr;

    #[test]
    fn floats_print_as_python_prints_them() {
        let shown: Vec<String> =
            [0.0, 1.0, 0.1, 1e15, 1e16, 1.5e-5, 0.0001, 1e100, -2.5].map(repr).to_vec();
        assert_eq!(
            shown,
            [
                "0.0",
                "1.0",
                "0.1",
                "1000000000000000.0",
                "1e+16",
                "1.5e-05",
                "0.0001",
                "1e+100",
                "-2.5"
            ]
        );
    }
}
