//! Values as Python source: literals, and the indentation of generated bodies.

use crate::value::{Heap, Kind, Part, State, Value, View};

/// Lists and dictionaries nested deeper than this have no literal.
const MOST_LEVELS: u32 = 50;

/// Literals longer than this are not made.
const MOST_BYTES: usize = 8 << 20;

/// Which quotes a string literal prefers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Quotes {
    /// As Python's `repr`: single quotes, unless the text has some and no double ones.
    #[default]
    Repr,
    /// As formatters do: double quotes, unless the text has some and no single ones.
    Double,
}

/// A string literal of the text.
pub fn string(text: &str, quotes: Quotes) -> String {
    let (first, other) = match quotes {
        Quotes::Repr => ('\'', '"'),
        Quotes::Double => ('"', '\''),
    };
    let quote = if text.contains(first) && !text.contains(other) { other } else { first };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for char in text.chars() {
        match char {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if char == quote => {
                out.push('\\');
                out.push(char);
            }
            _ if is_printable(char) => out.push(char),
            _ => out.push_str(&escaped(char)),
        }
    }
    out.push(quote);
    out
}

/// A literal with everything beyond ASCII escaped, as Python's `ascii` writes it.
pub(crate) fn ascii(literal: &str) -> String {
    let mut out = String::with_capacity(literal.len());
    for char in literal.chars() {
        if char.is_ascii() {
            out.push(char);
        } else {
            out.push_str(&escaped(char));
        }
    }
    out
}

fn escaped(char: char) -> String {
    match u32::from(char) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

/// What Python's `str.isprintable` says, as far as control, format and space characters go.
fn is_printable(char: char) -> bool {
    if char == ' ' {
        return true;
    }
    let code = u32::from(char);
    let format = matches!(
        code,
        0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e
            | 0x2060..=0x206f | 0xfeff | 0xfff9..=0xfffb | 0xe000..=0xf8ff | 0xe0001..=0xe007f
            | 0xf0000..=0x10ffff
    );
    !char.is_control() && !char.is_whitespace() && !format
}

/// The literal of a value as Python's `repr` writes it; `None` where it has none: external objects,
/// functions, and whatever contains something unknown.
pub fn literal(heap: &Heap, value: &Value) -> Option<String> {
    let mut out = String::new();
    write(heap, value, &mut out, 0)?;
    Some(out)
}

fn write(heap: &Heap, value: &Value, out: &mut String, level: u32) -> Option<()> {
    if level > MOST_LEVELS || out.len() > MOST_BYTES {
        return None;
    }
    match heap.view(value) {
        View::None => out.push_str("None"),
        View::Ellipsis => out.push_str("Ellipsis"),
        View::Bool(true) => out.push_str("True"),
        View::Bool(false) => out.push_str("False"),
        View::Int(number) => out.push_str(&number.to_string()),
        View::Float(number) => out.push_str(&float(number)),
        View::Str(text) => out.push_str(&string(text.text(), Quotes::Repr)),
        View::Bytes(bytes) => {
            out.push('b');
            out.push_str(&bytes_literal(bytes));
        }
        View::List(items) => {
            out.push('[');
            sequence(heap, items, out, level)?;
            out.push(']');
        }
        View::Tuple(items) => {
            out.push('(');
            sequence(heap, items, out, level)?;
            if items.len() == 1 {
                out.push(',');
            }
            out.push(')');
        }
        View::Dict(dict) if !dict.is_ordered => {
            out.push('{');
            for (index, (key, value)) in dict.entries().iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write(heap, key, out, level + 1)?;
                out.push_str(": ");
                write(heap, value, out, level + 1)?;
            }
            out.push('}');
        }
        // The order of a set is not Python's to promise.
        View::Set(set) if set.len() == 1 && matches!(value.kind, Kind::Set(_)) => {
            out.push('{');
            write(heap, &set.entries().first()?.0, out, level + 1)?;
            out.push('}');
        }
        View::Iter(iter) => match &iter.state {
            State::Range { start, count, step } => {
                let end = start.saturating_add(step.saturating_mul(i128::from(*count)));
                // What the end was written as shows only where the steps lead there.
                if *step != 1 || *count == 0 {
                    return None;
                }
                out.push_str(&format!("range({start}, {end})"));
            }
            State::Entries { of, part: Part::Keys | Part::Values } => {
                let View::Dict(dict) = heap.view(of) else { return None };
                let items: Vec<Value> = dict
                    .entries()
                    .iter()
                    .map(|(key, value)| if iter.what == "dict_keys" { key } else { value })
                    .cloned()
                    .collect();
                out.push_str(iter.what);
                out.push_str("([");
                sequence(heap, &items, out, level)?;
                out.push_str("])");
            }
            _ => return None,
        },
        _ => return None,
    }
    Some(())
}

fn sequence(heap: &Heap, items: &[Value], out: &mut String, level: u32) -> Option<()> {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(heap, item, out, level + 1)?;
    }
    Some(())
}

/// A float as Python prints it: the shortest digits that give it back.
pub(crate) fn float(number: f64) -> String {
    if !number.is_finite() {
        return match number.is_nan() {
            true => "nan".to_owned(),
            false => if number > 0.0 { "inf" } else { "-inf" }.to_owned(),
        };
    }
    if number == 0.0 || (1e-4..1e16).contains(&number.abs()) {
        let text = number.to_string();
        return if text.contains('.') { text } else { text + ".0" };
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

fn bytes_literal(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x20..=0x7e if char::from(*byte) != quote => out.push(char::from(*byte)),
            0x20..=0x7e => {
                out.push('\\');
                out.push(quote);
            }
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
    out
}

/// The literal of a list of strings as a tuple, as a revision's `down_revision` holds it.
pub fn tuple<'a>(texts: impl IntoIterator<Item = &'a str>, quotes: Quotes) -> String {
    let items: Vec<String> = texts.into_iter().map(|text| string(text, quotes)).collect();
    match items.as_slice() {
        [one] => format!("({one},)"),
        _ => format!("({})", items.join(", ")),
    }
}

/// `text` with `indent` in front of every line but the empty ones.
pub fn indented(text: &str, indent: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        if !line.trim_end_matches(['\r', '\n']).is_empty() {
            out.push_str(indent);
        }
        out.push_str(line);
    }
    out
}

/// The indentation that a file uses: that of its first indented line outside nothing in particular,
/// four spaces where no line is indented.
pub fn indentation(text: &str) -> &str {
    for line in text.lines() {
        let rest = line.trim_start_matches([' ', '\t']);
        let indent = line.get(..line.len() - rest.len()).unwrap_or_default();
        if !indent.is_empty() && indent.len() <= 8 && !rest.is_empty() && !rest.starts_with('#') {
            return indent;
        }
    }
    "    "
}
