//! String literals: their prefix, quotes and escapes.

use revline_text::{FileId, Range, Span};

use crate::value::string::Joiner;

/// The shape of one literal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shape {
    /// Backslashes stand for themselves.
    pub(crate) raw: bool,
    /// Bytes, not text.
    pub(crate) bytes: bool,
    /// An f-string or t-string.
    pub(crate) format: bool,
    /// Bytes of prefix and opening quotes.
    pub(crate) open: usize,
    /// The quote, once or three times.
    pub(crate) quote: u8,
    /// Whether the quotes stand three times.
    pub(crate) triple: bool,
}

impl Shape {
    /// The shape of the literal that `text` starts with; `None` where it starts with none.
    pub(crate) fn of(text: &[u8]) -> Option<Self> {
        let mut shape =
            Self { raw: false, bytes: false, format: false, open: 0, quote: 0, triple: false };
        loop {
            match text.get(shape.open)? {
                b'r' | b'R' => shape.raw = true,
                b'b' | b'B' => shape.bytes = true,
                b'f' | b'F' | b't' | b'T' => shape.format = true,
                b'u' | b'U' => {}
                quote @ (b'"' | b'\'') => {
                    shape.quote = *quote;
                    break;
                }
                _ => return None,
            }
            shape.open += 1;
            if shape.open > 2 {
                return None;
            }
        }
        let quotes = [shape.quote; 3];
        shape.triple = text.get(shape.open..shape.open + 3) == Some(&quotes[..]);
        shape.open += self::quotes(shape.triple);
        Some(shape)
    }

    /// Bytes of the closing quotes.
    pub(crate) fn close(&self) -> usize {
        quotes(self.triple)
    }
}

fn quotes(triple: bool) -> usize {
    if triple { 3 } else { 1 }
}

/// Adds the text that `content` (what stands between the quotes, or a part of it) means to
/// `joiner`. `false` where it cannot be told: an escape that Python rejects, or a character by name.
pub(crate) fn decode(
    joiner: &mut Joiner,
    file: FileId,
    source: &str,
    content: Range,
    shape: Shape,
) -> bool {
    let Some(text) = content.slice(source) else { return false };
    let base = content.start() as usize;
    let bytes = text.as_bytes();
    let mut plain = 0;
    let mut at = 0;
    let flush = |joiner: &mut Joiner, from: usize, to: usize| {
        let span = Span::new(file, Range::of(base + from, base + to));
        joiner.text(text.get(from..to).unwrap_or_default(), span, true);
    };
    while let Some(byte) = bytes.get(at) {
        let (length, meaning) = match byte {
            b'\\' if !shape.raw => match escape(text.get(at..).unwrap_or_default(), shape.bytes) {
                Some(Escape { length, meaning }) => (length, meaning),
                None => return false,
            },
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => (2, Meaning::Char('\n')),
            b'\r' => (1, Meaning::Char('\n')),
            brace @ (b'{' | b'}') if shape.format && bytes.get(at + 1) == Some(brace) => {
                (2, Meaning::Char(char::from(*brace)))
            }
            _ => {
                at += 1;
                continue;
            }
        };
        flush(joiner, plain, at);
        let span = Span::new(file, Range::of(base + at, base + at + length));
        match meaning {
            Meaning::Char(char) => joiner.text(char.encode_utf8(&mut [0; 4]), span, false),
            Meaning::Nothing => {}
            Meaning::Itself => {
                let own = text.get(at..at + length).unwrap_or_default();
                joiner.text(own, span, true);
            }
        }
        at += length;
        plain = at;
    }
    flush(joiner, plain, bytes.len());
    true
}

struct Escape {
    length: usize,
    meaning: Meaning,
}

enum Meaning {
    Char(char),
    /// A line continuation.
    Nothing,
    /// Not an escape that Python knows: both characters stay.
    Itself,
}

/// The escape that `text` starts with.
fn escape(text: &str, bytes: bool) -> Option<Escape> {
    let rest = text.get(1..)?;
    let first = rest.chars().next()?;
    let known = |char| Some(Escape { length: 2, meaning: Meaning::Char(char) });
    let number = |skip: usize, digits: usize, radix: u32| {
        let digits = rest.get(skip..skip + digits)?;
        if !digits.chars().all(|digit| digit.is_digit(radix)) {
            return None;
        }
        let char = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
        Some(Escape { length: 1 + skip + digits.len(), meaning: Meaning::Char(char) })
    };
    match first {
        '\n' => Some(Escape { length: 2, meaning: Meaning::Nothing }),
        '\r' => {
            let length = if rest.starts_with("\r\n") { 3 } else { 2 };
            Some(Escape { length, meaning: Meaning::Nothing })
        }
        '\\' | '\'' | '"' => known(first),
        'a' => known('\u{7}'),
        'b' => known('\u{8}'),
        'f' => known('\u{c}'),
        'n' => known('\n'),
        'r' => known('\r'),
        't' => known('\t'),
        'v' => known('\u{b}'),
        'x' => number(1, 2, 16),
        'u' if !bytes => number(1, 4, 16),
        'U' if !bytes => number(1, 8, 16),
        'N' if !bytes => None,
        '0'..='7' => {
            let digits = rest.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
            number(0, digits.count(), 8)
        }
        other => Some(Escape { length: 1 + other.len_utf8(), meaning: Meaning::Itself }),
    }
}
