//! Python's `%` between a format and its values, for the conversions that configurations use.
//!
//! Alembic formats file names and TOML strings this way. Conversions that no name or path needs
//! (`%e`, `%g`, `*` widths) are refused rather than guessed at.

/// A value to format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Argument {
    /// A string.
    Str(String),
    /// A whole number.
    Int(i64),
}

/// Why a format does not work, in Python's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FormatError {
    /// The sentence of Python's exception.
    pub(crate) message: String,
}

fn fail<T>(message: impl Into<String>) -> Result<T, FormatError> {
    Err(FormatError { message: message.into() })
}

/// The widest field that is filled; wider ones are refused, so that no format exhausts memory.
const WIDEST: usize = 10_000;

/// Formats with named values: `%(rev)s`, `%(month).2d`, `%%`.
pub(crate) fn named(
    format: &str,
    mut value: impl FnMut(&str) -> Option<Argument>,
) -> Result<String, FormatError> {
    render(format, |key| match key {
        Some(key) => value(key).map(Ok).unwrap_or_else(|| fail(format!("KeyError: '{key}'"))),
        None => fail("format requires a mapping"),
    })
}

/// Formats with values in their order: `%s_upgrades`.
pub(crate) fn positional(format: &str, values: &[Argument]) -> Result<String, FormatError> {
    let mut rest = values.iter();
    let text = render(format, |key| match key {
        Some(_) => fail("format requires a mapping"),
        None => match rest.next() {
            Some(value) => Ok(value.clone()),
            None => fail("not enough arguments for format string"),
        },
    })?;
    if rest.next().is_some() {
        return fail("not all arguments converted during string formatting");
    }
    Ok(text)
}

#[derive(Default)]
struct Field {
    left: bool,
    zero: bool,
    plus: bool,
    space: bool,
    width: usize,
    precision: Option<usize>,
}

fn render(
    format: &str,
    mut value: impl FnMut(Option<&str>) -> Result<Argument, FormatError>,
) -> Result<String, FormatError> {
    let mut out = String::with_capacity(format.len());
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        rest = after.get(1..).unwrap_or_default();
        let mut key = None;
        if let Some(inner) = rest.strip_prefix('(') {
            let mut depth = 1_usize;
            let end = inner.char_indices().find(|(_, c)| {
                match c {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            let Some((end, _)) = end else { return fail("incomplete format key") };
            key = inner.get(..end);
            rest = inner.get(end + 1..).unwrap_or_default();
        }
        let mut field = Field::default();
        loop {
            match rest.chars().next() {
                Some('-') => field.left = true,
                Some('0') => field.zero = true,
                Some('+') => field.plus = true,
                Some(' ') => field.space = true,
                Some('#') => {}
                _ => break,
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        if rest.starts_with('*') || rest.starts_with(".*") {
            return fail("* wants int");
        }
        (field.width, rest) = number(rest)?;
        if let Some(after) = rest.strip_prefix('.') {
            let (precision, after) = number(after)?;
            (field.precision, rest) = (Some(precision), after);
        }
        rest = rest.strip_prefix(['h', 'l', 'L']).unwrap_or(rest);
        let Some(kind) = rest.chars().next() else { return fail("incomplete format") };
        let index = format.len() - rest.len();
        rest = rest.get(kind.len_utf8()..).unwrap_or_default();
        if kind == '%' {
            out.push('%');
            continue;
        }
        out.push_str(&convert(kind, &field, &value(key)?, index)?);
    }
    out.push_str(rest);
    Ok(out)
}

fn number(text: &str) -> Result<(usize, &str), FormatError> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let number = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(usize::MAX) };
    if number > WIDEST { fail("width too big") } else { Ok((number, rest)) }
}

fn convert(kind: char, field: &Field, value: &Argument, at: usize) -> Result<String, FormatError> {
    let (sign, mut body, numeric) = match (kind, value) {
        ('s', Argument::Str(text)) => ("", text.clone(), false),
        ('s' | 'r' | 'a', Argument::Int(number)) => ("", number.to_string(), false),
        ('r', Argument::Str(text)) => ("", repr(text), false),
        ('d' | 'i' | 'u' | 'x' | 'X' | 'o', Argument::Int(number)) => {
            let size = number.unsigned_abs();
            let sign = match (*number < 0, field.plus, field.space) {
                (true, _, _) => "-",
                (_, true, _) => "+",
                (_, _, true) => " ",
                _ => "",
            };
            let body = match kind {
                'x' => format!("{size:x}"),
                'X' => format!("{size:X}"),
                'o' => format!("{size:o}"),
                _ => size.to_string(),
            };
            (sign, body, true)
        }
        ('d' | 'i' | 'u', Argument::Str(_)) => {
            return fail(format!("%{kind} format: a real number is required, not str"));
        }
        ('x' | 'X' | 'o', Argument::Str(_)) => {
            return fail(format!("%{kind} format: an integer is required, not str"));
        }
        _ => {
            let code = u32::from(kind);
            return fail(format!(
                "unsupported format character '{kind}' (0x{code:x}) at index {at}"
            ));
        }
    };
    if let Some(precision) = field.precision {
        if numeric {
            body = format!("{}{body}", "0".repeat(precision.saturating_sub(body.len())));
        } else {
            body = body.chars().take(precision).collect();
        }
    }
    let fill = field.width.saturating_sub(sign.len() + body.chars().count());
    Ok(match (field.left, field.zero && numeric) {
        (true, _) => format!("{sign}{body}{}", " ".repeat(fill)),
        (false, true) => format!("{sign}{}{body}", "0".repeat(fill)),
        (false, false) => format!("{}{sign}{body}", " ".repeat(fill)),
    })
}

/// A string as Python's `repr` writes it.
pub(crate) fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if (c as u32) < 0x20 || (0x7f..=0xa0).contains(&(c as u32)) || c == '\u{ad}' => {
                out.push_str(&format!("\\x{:02x}", c as u32));
            }
            // Format and separator characters beyond Latin-1 that Python does not print.
            c if matches!(c as u32, 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3000 | 0xfeff | 0x2000..=0x200a | 0x1680 | 0x202f | 0x205f) =>
            {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(format: &str) -> Result<String, String> {
        named(format, |key| match key {
            "rev" => Some(Argument::Str("ab".to_owned())),
            "month" => Some(Argument::Int(3)),
            _ => None,
        })
        .map_err(|error| error.message)
    }

    #[test]
    fn formats_as_python_does() {
        assert_eq!(show("%(month).2d-%(rev)s%%").as_deref(), Ok("03-ab%"));
        assert_eq!(
            show("%(month)03d|%(month)-3d|%(month)+d|%(month) d").as_deref(),
            Ok("003|3  |+3| 3")
        );
        assert_eq!(show("%(rev)5s|%(rev).1s|%(month)x|%(rev)r").as_deref(), Ok("   ab|a|3|'ab'"));
    }

    #[test]
    fn tells_what_python_tells_of_a_bad_format() {
        let error = |format: &str| show(format).expect_err("refused");
        assert_eq!(error("%(nope)s"), "KeyError: 'nope'");
        assert_eq!(error("%s"), "format requires a mapping");
        assert_eq!(error("%(rev)d"), "%d format: a real number is required, not str");
        assert_eq!(error("%(rev"), "incomplete format key");
        assert_eq!(error("a%"), "incomplete format");
        assert_eq!(error("%(rev)y"), "unsupported format character 'y' (0x79) at index 6");
        assert_eq!(error("%(month)99999999999999999999d"), "width too big");
    }

    #[test]
    fn a_string_is_quoted_as_python_quotes_it() {
        assert_eq!(repr("it's"), "\"it's\"");
        assert_eq!(repr("a'b\"c\\\n"), "'a\\'b\"c\\\\\\n'");
        assert_eq!(repr("é\u{1}"), "'é\\x01'");
    }
}
