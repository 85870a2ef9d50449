//! Strings made of values: `%`, `.format`, f-strings.

use revline_text::Span;

use super::machine::{Eval, Machine};
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
                    match self.formatted(&value, conversion, &format, span) {
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
        &self,
        value: &Value,
        conversion: Option<char>,
        format: &Value,
        span: Span,
    ) -> Result<Str, Unknown> {
        let converted = match conversion {
            Some('s') => Value::new(Kind::Str(self.to_text(value, span)?), span),
            Some(_) => Value::new(Kind::Str(self.to_repr(value, span)?), span),
            None => value.clone(),
        };
        match format.as_str() {
            Some("") => self.to_text(&converted, span),
            Some(spec) => self.format_value(&converted, spec, span),
            None => Err(self.why(format)),
        }
    }

    /// `format(value, spec)`.
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
        let (text, numeric) = match (self.heap.view(value), spec.kind) {
            (View::Str(string), None | Some('s')) => {
                let text = match spec.precision {
                    Some(length) => string.text().chars().take(length).collect(),
                    None => string.text().to_owned(),
                };
                (text, false)
            }
            (View::Int(number), kind) => (spec.int(number, kind).ok_or_else(beyond)?, true),
            (View::Float(number), Some('f' | 'F')) => {
                (format!("{number:.*}", spec.precision.unwrap_or(6)), true)
            }
            (View::Unknown(unknown), _) => return Err(unknown.clone()),
            _ => return Err(beyond()),
        };
        Ok(Str::computed(&spec.pad(text, numeric), value.span))
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
            let mut rest = text.get(at..).unwrap_or_default();
            if rest.starts_with('%') {
                joiner.text("%", span, false);
                at += 1;
                continue;
            }
            let mut argument = None;
            if let Some(named) = rest.strip_prefix('(') {
                let Some(end) = named.find(')') else { return Ok(beyond()) };
                let key = crate::value::Key::Str(named.get(..end).unwrap_or_default().into());
                argument = self.dict_get(value, &key);
                if argument.is_none() {
                    return Ok(beyond());
                }
                rest = named.get(end + 1..).unwrap_or_default();
                at += end + 2;
            }
            let sign = rest.find(|char: char| char.is_ascii_alphabetic()).unwrap_or(rest.len());
            let spec = rest.get(..sign).unwrap_or_default();
            let Some(kind) = rest.get(sign..).and_then(|rest| rest.chars().next()) else {
                return Ok(beyond());
            };
            at += sign + 1;
            let Some(argument) = argument.or_else(|| next.next()) else {
                return self.raise("TypeError", "not enough arguments for format string", span);
            };
            let piece = match (kind, spec) {
                ('s', "") => self.to_text(&argument, span),
                ('r', "") => self.to_repr(&argument, span),
                ('d' | 'i', _) if !spec.contains(['-', '+', ' ', '#', '*', '.']) => {
                    let spec = format!("{spec}d");
                    self.format_value(&argument, &spec, span)
                }
                ('x' | 'o' | 'X', "") => self.format_value(&argument, &kind.to_string(), span),
                ('f', _) if !spec.contains(['-', '+', ' ', '#', '*']) => {
                    self.format_value(&argument, &format!("{spec}f"), span)
                }
                _ => return Ok(beyond()),
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
        let leftover = next.next().is_some() && matches!(value.kind, Kind::Tuple(_));
        if leftover {
            let message = "not all arguments converted during string formatting";
            return self.raise("TypeError", message, span);
        }
        Ok(self.string(joiner.finish(span), span))
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
        let beyond = || Value::unknown_data(span, "a `format` that is not evaluated");
        let text = format.text();
        let bytes = text.as_bytes();
        let mut joiner = Joiner::default();
        let (mut at, mut plain, mut counter) = (0, 0, 0_usize);
        while let Some(byte) = bytes.get(at) {
            if !matches!(byte, b'{' | b'}') {
                at += 1;
                continue;
            }
            if let Some(piece) = format.slice(plain, at) {
                joiner.push(&piece);
            }
            if bytes.get(at + 1) == Some(byte) {
                joiner.text(if *byte == b'{' { "{" } else { "}" }, span, false);
                at += 2;
                plain = at;
                continue;
            }
            let Some(end) = text.get(at..).and_then(|rest| rest.find('}')) else {
                return Ok(beyond());
            };
            let field = text.get(at + 1..at + end).unwrap_or_default();
            if *byte == b'}' || field.contains('{') {
                return Ok(beyond());
            }
            let (field, spec) = field.split_once(':').unwrap_or((field, ""));
            let (field, conversion) = match field.split_once('!') {
                Some((field, conversion)) => (field, conversion.chars().next()),
                None => (field, None),
            };
            let name_end = field.find(['.', '[']).unwrap_or(field.len());
            let (name, path) = field.split_at(name_end);
            let value = if name.is_empty() {
                counter += 1;
                arguments.positional.get(counter - 1).map(|it| it.value.clone())
            } else if let Ok(index) = name.parse::<usize>() {
                arguments.positional.get(index).map(|it| it.value.clone())
            } else {
                arguments.keyword(name).map(|it| it.value.clone())
            };
            let Some(mut value) = value else {
                return self.raise("IndexError", "a replacement index is out of range", span);
            };
            for name in path.split('.').skip(1) {
                if name.contains('[') {
                    return Ok(beyond());
                }
                value = self.attribute(&value, name, span)?;
            }
            if path.starts_with('[') {
                return Ok(beyond());
            }
            let spec = Value::str(spec, span);
            match self.formatted(&value, conversion, &spec, span) {
                Ok(piece) => joiner.push(&piece),
                Err(why) => return Ok(Value::new(Kind::Unknown(begun(why, &joiner)), span)),
            }
            if let Err(large) = self.fits(joiner.len() as u64, span) {
                return Ok(large);
            }
            at += end + 1;
            plain = at;
        }
        if let Some(piece) = format.slice(plain, text.len()) {
            joiner.push(&piece);
        }
        Ok(self.string(joiner.finish(span), span))
    }
}

/// A format specification: `[[fill]align][0][width][,][.precision][type]`.
struct Spec {
    fill: char,
    align: Option<char>,
    plus: bool,
    zero: bool,
    width: usize,
    comma: bool,
    precision: Option<usize>,
    kind: Option<char>,
}

impl Spec {
    fn parse(spec: &str) -> Option<Self> {
        let mut chars: Vec<char> = spec.chars().collect();
        let mut parsed = Self {
            fill: ' ',
            align: None,
            plus: false,
            zero: false,
            width: 0,
            comma: false,
            precision: None,
            kind: None,
        };
        let is_align = |char: &char| matches!(char, '<' | '>' | '^');
        if let (Some(fill), true) = (chars.first().copied(), chars.get(1).is_some_and(is_align)) {
            parsed.fill = fill;
            parsed.align = chars.get(1).copied();
            chars.drain(..2);
        } else if chars.first().is_some_and(is_align) {
            parsed.align = Some(chars.remove(0));
        }
        if chars.first() == Some(&'+') {
            parsed.plus = true;
            chars.remove(0);
        }
        if chars.first() == Some(&'0') {
            parsed.zero = true;
            chars.remove(0);
        }
        parsed.width = digits(&mut chars)?.unwrap_or(0);
        if chars.first() == Some(&',') {
            parsed.comma = true;
            chars.remove(0);
        }
        if chars.first() == Some(&'.') {
            chars.remove(0);
            parsed.precision = Some(digits(&mut chars)??);
        }
        if parsed.precision.is_some_and(|it| it > 1000) {
            return None;
        }
        match chars.as_slice() {
            [] => {}
            [kind @ ('s' | 'd' | 'x' | 'X' | 'o' | 'b' | 'f' | 'F')] => parsed.kind = Some(*kind),
            _ => return None,
        }
        Some(parsed)
    }

    fn int(&self, number: i128, kind: Option<char>) -> Option<String> {
        let size = number.unsigned_abs();
        let text = match kind {
            None | Some('d') => size.to_string(),
            Some('x') => format!("{size:x}"),
            Some('X') => format!("{size:X}"),
            Some('o') => format!("{size:o}"),
            Some('b') => format!("{size:b}"),
            _ => return None,
        };
        let text = if self.comma { grouped(&text) } else { text };
        let sign = match (number < 0, self.plus) {
            (true, _) => "-",
            (false, true) => "+",
            (false, false) => "",
        };
        Some(format!("{sign}{text}"))
    }

    fn pad(&self, text: String, numeric: bool) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        if missing == 0 {
            return text;
        }
        if self.zero && self.align.is_none() && numeric {
            let (sign, rest) = match text.strip_prefix(['-', '+']) {
                Some(rest) => text.split_at(text.len() - rest.len()),
                None => ("", text.as_str()),
            };
            return format!("{sign}{}{rest}", "0".repeat(missing));
        }
        let fill = |count: usize| self.fill.to_string().repeat(count);
        match self.align.unwrap_or(if numeric { '>' } else { '<' }) {
            '>' => fill(missing) + &text,
            '^' => fill(missing / 2) + &text + &fill(missing - missing / 2),
            _ => text + &fill(missing),
        }
    }
}

/// The number at the start, taken off. `None` where it is absurdly large.
fn digits(chars: &mut Vec<char>) -> Option<Option<usize>> {
    let count = chars.iter().take_while(|char| char.is_ascii_digit()).count();
    if count == 0 {
        return Some(None);
    }
    let text: String = chars.drain(..count).collect();
    text.parse().ok().map(Some)
}

fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
