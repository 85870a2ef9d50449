//! Strings made of values: `%`, `.format`, f-strings.

mod percent;
mod spec;

use revline_text::Span;

use super::machine::{Eval, Machine};
use super::operator::{Number, kind_of, number};
use percent::Field;
use spec::Spec;

use crate::emit;
use crate::syntax::ast::FStringPart;
use crate::value::string::Joiner;
use crate::value::{Arguments, Kind, Str, Unknown, Value, View};

/// A string that is not known from where `joiner` stands.
fn begun(why: Unknown, joiner: &Joiner) -> Unknown {
    Unknown { head: Some(joiner.head()), foreign: None, ..why }
}

impl Machine<'_> {
    /// `str(value)`, or why it is not known.
    pub(super) fn to_text(&self, value: &Value, span: Span) -> Result<Str, Unknown> {
        match self.heap.view(value) {
            View::Str(string) => Ok(string.clone()),
            View::Unknown(unknown) => Err(unknown.clone()),
            View::Instance(instance) if self.is_enum(instance.class) => {
                let why = format!("the text of {}", self.describe(value));
                Err(Unknown::data(span, why))
            }
            _ => match emit::literal(&self.heap, value) {
                Some(text) => Ok(Str::computed(&text, value.span)),
                None => {
                    let external =
                        matches!(value.kind, Kind::Term(_) | Kind::Host(_) | Kind::Symbol(_));
                    if let Some(text) =
                        external.then(|| self.host.text(&self.heap, value)).flatten()
                    {
                        return Ok(Str::computed(&text, value.span));
                    }
                    let why = match self.heap.unknown_within(value) {
                        Some(unknown) => return Err(unknown),
                        None => format!("the text of {}", self.describe(value)),
                    };
                    Err(Unknown::data(span, why))
                }
            },
        }
    }

    /// `str(value)`, its own methods asked.
    pub(super) fn text_of(&mut self, value: &Value, span: Span) -> Eval<Result<Str, Unknown>> {
        match self.special_text(value, &["__str__", "__repr__"], span)? {
            Some(text) => Ok(text),
            None => Ok(match self.exception_text(value, span) {
                Some(text) => text,
                None => self.to_text(value, span),
            }),
        }
    }

    /// `repr(value)`, its own methods asked.
    pub(super) fn repr_of(&mut self, value: &Value, span: Span) -> Eval<Result<Str, Unknown>> {
        match self.special_text(value, &["__repr__"], span)? {
            Some(text) => Ok(text),
            None => Ok(match self.exception_repr(value, span) {
                Some(text) => text,
                None => self.to_repr(value, span),
            }),
        }
    }

    pub(super) fn to_repr(&self, value: &Value, span: Span) -> Result<Str, Unknown> {
        match emit::literal(&self.heap, value) {
            Some(text) => Ok(Str::computed(&text, value.span)),
            None => Err(match self.heap.unknown_within(value) {
                Some(unknown) => unknown,
                None => Unknown::data(span, format!("the text of {}", self.describe(value))),
            }),
        }
    }

    pub(super) fn format_string(&mut self, parts: &[FStringPart], span: Span) -> Eval<Value> {
        let mut joiner = Joiner::default();
        let mut unknown = None;
        for part in parts {
            match part {
                FStringPart::Text(text) => joiner.push(text),
                FStringPart::Value { value, echo, conversion, format } => {
                    if let Some(echo) = echo {
                        joiner.push(echo);
                    }
                    let plain_echo = echo.is_some() && format.is_empty();
                    let conversion = conversion.or(plain_echo.then_some('r'));
                    let value = self.expression(value)?;
                    let format = self.format_string(format, span)?;
                    match self.formatted(&value, conversion, &format, span)? {
                        Ok(text) => joiner.push(&text),
                        Err(why) if unknown.is_none() => {
                            unknown = Some(begun(why, &joiner));
                        }
                        Err(_) => {}
                    }
                }
            }
            if let Err(large) = self.fits(joiner.len() as u64, span) {
                return Ok(large);
            }
        }
        Ok(match unknown {
            Some(why) => Value::new(Kind::Unknown(why), span),
            None => self.string(joiner.finish(span), span),
        })
    }

    fn formatted(
        &mut self,
        value: &Value,
        conversion: Option<char>,
        format: &Value,
        span: Span,
    ) -> Eval<Result<Str, Unknown>> {
        let text = match conversion {
            Some('s') => Some(self.text_of(value, span)?),
            Some('a') => {
                Some(self.repr_of(value, span)?.map(|text| match text.text().is_ascii() {
                    true => text,
                    false => Str::computed(&emit::ascii(text.text()), span),
                }))
            }
            Some(_) => Some(self.repr_of(value, span)?),
            None => None,
        };
        let converted = match text {
            Some(Ok(text)) => Value::new(Kind::Str(text), span),
            Some(Err(why)) => return Ok(Err(why)),
            None => value.clone(),
        };
        match format.as_str() {
            Some("") if self.class_attribute(&converted, "__format__").is_none() => {
                self.text_of(&converted, span)
            }
            Some(spec) => self.format_checked(&converted, spec, span),
            None => Ok(Err(self.why(format))),
        }
    }

    /// `format(value, spec)`; a specification that Python rejects raises.
    pub(super) fn format_checked(
        &mut self,
        value: &Value,
        spec: &str,
        span: Span,
    ) -> Eval<Result<Str, Unknown>> {
        if spec.is_empty() {
            return self.text_of(value, span);
        }
        if let View::None
        | View::List(_)
        | View::Dict(_)
        | View::Tuple(_)
        | View::Set(_)
        | View::Bytes(_) = self.heap.view(value)
        {
            let message = format!("unsupported format string passed to {}", self.describe(value));
            return self.raise("TypeError", &message, span);
        }
        if Spec::parse(spec).is_some_and(|parsed| parsed.is_rejected(&value.kind)) {
            let message = format!("Invalid format specifier '{spec}' for {}", self.describe(value));
            return self.raise("ValueError", &message, span);
        }
        Ok(self.format_value(value, spec, span))
    }

    /// `format(value, spec)` of a builtin value.
    pub(super) fn format_value(
        &self,
        value: &Value,
        spec: &str,
        span: Span,
    ) -> Result<Str, Unknown> {
        if spec.is_empty() {
            return self.to_text(value, span);
        }
        let beyond = || Unknown::data(span, format!("the format `{spec}` is not evaluated"));
        let spec = Spec::parse(spec).ok_or_else(beyond)?;
        if spec.width as u64 > self.budget.largest {
            return Err(Unknown::data(span, "a very wide format"));
        }
        let text = match self.heap.view(value) {
            View::Str(string) => spec.text(string.text()),
            View::Int(number) => spec.int(number),
            View::Bool(truth) if spec.kind.is_some() => spec.int(i128::from(truth)),
            View::Bool(truth) if spec.is_plain() => spec.int(i128::from(truth)),
            View::Float(number) => spec.float(number),
            View::Unknown(unknown) => return Err(unknown.clone()),
            _ => None,
        };
        Ok(Str::computed(&text.ok_or_else(beyond)?, value.span))
    }

    /// `"…" % value`.
    pub(super) fn percent(&mut self, format: &Str, value: &Value, span: Span) -> Eval<Value> {
        let positional: Vec<Value> = match self.heap.view(value) {
            View::Tuple(items) => items.to_vec(),
            View::Unknown(unknown) => {
                let mut joiner = Joiner::default();
                let first = format.text().split('%').next().unwrap_or_default();
                joiner.text(first, span, false);
                return Ok(Value::new(Kind::Unknown(begun(unknown.clone(), &joiner)), span));
            }
            _ => vec![value.clone()],
        };
        let is_mapping =
            matches!(self.heap.view(value), View::List(_) | View::Dict(_) | View::Bytes(_))
                || kind_of(self.heap.view(value)).is_none() && !value.is_none();
        let mut next = positional.into_iter();
        let mut joiner = Joiner::default();
        let text = format.text();
        let beyond = || Value::unknown_data(span, "a `%` format that is not evaluated");
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find('%')) {
            if let Some(piece) = format.slice(at, at + found) {
                joiner.push(&piece);
            }
            at += found + 1;
            let rest = text.get(at..).unwrap_or_default();
            let Some((field, length)) = Field::parse(rest) else { return Ok(beyond()) };
            at += length;
            if field.kind == '%' {
                joiner.text("%", span, false);
                continue;
            }
            let argument = match field.key {
                Some(key) => {
                    let name = crate::value::Key::Str(key.into());
                    match (self.dict_get(value, &name), self.heap.view(value)) {
                        (Some(argument), _) => Some(argument),
                        (None, View::Dict(_)) => {
                            return self.raise("KeyError", &format!("'{key}'"), span);
                        }
                        _ => return Ok(beyond()),
                    }
                }
                None => next.next(),
            };
            let Some(argument) = argument else {
                return self.raise("TypeError", "not enough arguments for format string", span);
            };
            let piece = match self.percent_field(&field, &argument, span)? {
                Some(piece) => piece,
                None => return Ok(beyond()),
            };
            match piece {
                Ok(piece) => joiner.push(&piece),
                Err(why) => return Ok(Value::new(Kind::Unknown(begun(why, &joiner)), span)),
            }
            if let Err(large) = self.fits(joiner.len() as u64, span) {
                return Ok(large);
            }
        }
        if let Some(piece) = format.slice(at, text.len()) {
            joiner.push(&piece);
        }
        let left: Vec<Value> = next.collect();
        if let Some(why) = left.iter().find_map(|value| self.heap.unknown(value)) {
            return Ok(Value::new(Kind::Unknown(why.clone()), span));
        }
        if !left.is_empty() && !is_mapping {
            let message = "not all arguments converted during string formatting";
            return self.raise("TypeError", message, span);
        }
        Ok(self.string(joiner.finish(span), span))
    }

    /// One field of a `%` format; none where it is not evaluated.
    fn percent_field(
        &mut self,
        field: &Field<'_>,
        argument: &Value,
        span: Span,
    ) -> Eval<Option<Result<Str, Unknown>>> {
        let width = field.width as u64;
        if width > self.budget.largest {
            return Ok(Some(Err(Unknown::data(span, "a very wide format"))));
        }
        if let Some(why) = self.heap.unknown(argument) {
            return Ok(Some(Err(why.clone())));
        }
        let text = match field.kind {
            's' | 'r' | 'a' => {
                let text = match field.kind {
                    's' => self.text_of(argument, span)?,
                    _ => self.repr_of(argument, span)?,
                };
                match text {
                    Ok(text)
                        if field.is_plain() && (field.kind != 'a' || text.text().is_ascii()) =>
                    {
                        return Ok(Some(Ok(text)));
                    }
                    Ok(text) if field.kind == 'a' => field.text(&emit::ascii(text.text())),
                    Ok(text) => field.text(text.text()),
                    Err(why) => return Ok(Some(Err(why))),
                }
            }
            'c' => match &argument.kind {
                Kind::Str(text) if text.text().chars().count() == 1 => field.text(text.text()),
                _ => return Ok(None),
            },
            _ => match (number(argument), field.kind) {
                (Some(Number::Int(whole)), 'd' | 'i' | 'u' | 'x' | 'X' | 'o') => field.int(whole),
                #[expect(clippy::cast_possible_truncation, reason = "`%d` truncates")]
                (Some(Number::Float(float)), 'd' | 'i' | 'u') if float.abs() < 1e36 => {
                    field.int(float as i128)
                }
                (Some(number), 'f' | 'F' | 'e' | 'E' | 'g' | 'G') => field.float(number.float()),
                (None, _) if kind_of(self.heap.view(argument)).is_some() => {
                    let what = self.describe(argument);
                    return self.raise(
                        "TypeError",
                        &format!("a number is required, not {what}"),
                        span,
                    );
                }
                _ => return Ok(None),
            },
        };
        Ok(text.map(|text| Ok(Str::computed(&text, argument.span))))
    }

    /// `"…".format(…)`.
    pub(super) fn str_format(
        &mut self,
        format: &Str,
        arguments: &Arguments,
        span: Span,
    ) -> Eval<Value> {
        if let Some(why) = &arguments.unknown {
            return Ok(Value::new(Kind::Unknown(why.clone()), span));
        }
        let mut counter = Some(0_usize);
        let made = self.replaced_fields(format, arguments, &mut counter, 0, span)?;
        // One that no field names may raise all the same.
        let positional = arguments.positional.iter().map(|argument| &argument.value);
        let mut all = positional.chain(arguments.keywords.iter().map(|keyword| &keyword.value));
        Ok(match all.find_map(|value| value.as_unknown()) {
            Some(why) if made.as_unknown().is_none() => {
                Value::new(Kind::Unknown(why.clone()), span)
            }
            _ => made,
        })
    }

    /// The text with its fields replaced; those inside of a specification count on.
    fn replaced_fields(
        &mut self,
        format: &Str,
        arguments: &Arguments,
        counter: &mut Option<usize>,
        level: u32,
        span: Span,
    ) -> Eval<Value> {
        let beyond = || Value::unknown_data(span, "a `format` that is not evaluated");
        let text = format.text();
        let bytes = text.as_bytes();
        let mut joiner = Joiner::default();
        let (mut at, mut plain) = (0, 0);
        while let Some(byte) = bytes.get(at) {
            if !matches!(byte, b'{' | b'}') {
                at += 1;
                continue;
            }
            if let Some(piece) = format.slice(plain, at) {
                joiner.push(&piece);
            }
            if bytes.get(at + 1) == Some(byte) && level == 0 {
                joiner.text(if *byte == b'{' { "{" } else { "}" }, span, false);
                at += 2;
                plain = at;
                continue;
            }
            if *byte == b'}' {
                return self.raise("ValueError", "Single '}' encountered in format string", span);
            }
            let Some(end) = closing(bytes, at) else {
                return self.raise("ValueError", "expected '}' before end of string", span);
            };
            let whole = text.get(at + 1..end).unwrap_or_default();
            let field_end = whole.find([':', '!']).unwrap_or(whole.len());
            let (field, rest) = whole.split_at(field_end);
            let (conversion, spec) = match rest.strip_prefix('!') {
                Some(rest) => {
                    let (name, spec) = rest.split_once(':').unwrap_or((rest, ""));
                    match name {
                        "r" | "s" | "a" => (name.chars().next(), spec),
                        _ => return self.raise("ValueError", "Unknown conversion specifier", span),
                    }
                }
                None => (None, rest.strip_prefix(':').unwrap_or_default()),
            };
            if field.contains(['{', '}']) {
                return Ok(beyond());
            }
            let value = match self.field_value(field, arguments, counter, span)? {
                Some(value) => value,
                None => return Ok(beyond()),
            };
            let spec = match spec.contains('{') {
                true if level > 0 => return Ok(beyond()),
                true => {
                    let spec = Str::computed(spec, span);
                    self.replaced_fields(&spec, arguments, counter, level + 1, span)?
                }
                false => Value::str(spec, span),
            };
            match self.formatted(&value, conversion, &spec, span)? {
                Ok(piece) => joiner.push(&piece),
                Err(why) => return Ok(Value::new(Kind::Unknown(begun(why, &joiner)), span)),
            }
            if let Err(large) = self.fits(joiner.len() as u64, span) {
                return Ok(large);
            }
            at = end + 1;
            plain = at;
        }
        if let Some(piece) = format.slice(plain, text.len()) {
            joiner.push(&piece);
        }
        Ok(self.string(joiner.finish(span), span))
    }

    /// What `0.name[key]` names among the arguments; none where it is not evaluated.
    fn field_value(
        &mut self,
        field: &str,
        arguments: &Arguments,
        counter: &mut Option<usize>,
        span: Span,
    ) -> Eval<Option<Value>> {
        let name_end = field.find(['.', '[']).unwrap_or(field.len());
        let (name, mut path) = field.split_at(name_end);
        let value = match name.parse::<usize>() {
            _ if name.is_empty() => {
                let Some(at) = *counter else {
                    let message = "cannot switch from manual to automatic field numbering";
                    return self.raise("ValueError", message, span);
                };
                *counter = Some(at + 1);
                arguments.positional.get(at).map(|it| it.value.clone())
            }
            Ok(index) => {
                if counter.is_some_and(|counter| counter > 0) {
                    let message = "cannot switch from automatic to manual field numbering";
                    return self.raise("ValueError", message, span);
                }
                *counter = None;
                arguments.positional.get(index).map(|it| it.value.clone())
            }
            Err(_) => match arguments.keyword(name) {
                Some(keyword) => Some(keyword.value.clone()),
                None => return self.raise("KeyError", &format!("'{name}'"), span),
            },
        };
        let Some(mut value) = value else {
            return self.raise("IndexError", "a replacement index is out of range", span);
        };
        while !path.is_empty() {
            if let Some(rest) = path.strip_prefix('[') {
                let Some((key, rest)) = rest.split_once(']') else { return Ok(None) };
                let key = match key.parse::<i128>() {
                    Ok(index) if index >= 0 => Value::new(Kind::Int(index), span),
                    _ => Value::str(key, span),
                };
                value = self.item(&value, &key, span)?;
                path = rest;
            } else {
                let rest = path.strip_prefix('.').unwrap_or(path);
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (name, rest) = rest.split_at(end);
                value = self.attribute(&value, name, span)?;
                path = rest;
            }
        }
        Ok(Some(value))
    }
}

/// Where the field that begins at `at` ends.
fn closing(bytes: &[u8], at: usize) -> Option<usize> {
    let mut open = 0_usize;
    for (index, byte) in bytes.iter().enumerate().skip(at) {
        match byte {
            b'{' => open += 1,
            b'}' if open == 1 => return Some(index),
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    None
}
