//! The value of a header assignment, read from its text.

use revline_text::{FileId, Range};

use super::{HeaderText, HeaderValue, lex, scan};
use crate::syntax::literal;
use crate::value::string::Joiner;

/// Nested parentheses, and names bound to names, beyond these are left to the evaluator.
pub(super) const MOST_LEVELS: u32 = 20;

/// Reads one expression.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    /// Constants are looked up before this byte.
    before: usize,
    level: u32,
}

/// The expression is not one that is read here.
struct Beyond;

type Read<T> = Result<T, Beyond>;

impl<'a> Reader<'a> {
    /// A reader of the expression `at..end` in a statement that starts at `before`.
    pub(super) fn new(text: &'a str, at: usize, end: usize, before: usize) -> Self {
        Self { text, at, end, before, level: 0 }
    }

    /// The value of the whole expression.
    pub(super) fn value(mut self) -> HeaderValue {
        match self.list(None) {
            Ok(value) if self.at == self.end => value,
            _ => HeaderValue::Other,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(..self.end).and_then(|bytes| bytes.get(self.at)).copied()
    }

    /// Skips blanks; inside brackets line breaks and comments too.
    fn blank(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\x0c' => self.at += 1,
                b'\n' | b'\r' if self.level > 0 => self.at += 1,
                b'#' if self.level > 0 => self.at = lex::line_end(bytes, self.at).min(self.end),
                b'\\' => match lex::line_break(bytes, self.at + 1) {
                    Some(length) => self.at += 1 + length,
                    None => return,
                },
                _ => return,
            }
        }
    }

    /// Expressions with commas between them, up to the closing bracket. A single one without a comma
    /// stands for itself, unless the bracket makes a list or set of it.
    fn list(&mut self, close: Option<u8>) -> Read<HeaderValue> {
        let mut items = Vec::new();
        let mut comma = false;
        loop {
            self.blank();
            if self.peek() == close {
                break;
            }
            if self.peek().is_none() {
                return Err(Beyond);
            }
            items.push(self.sum()?);
            // Only look ahead: blanks before the end of the statement are not part of it.
            self.blank();
            match self.peek() {
                Some(b',') => {
                    comma = true;
                    self.at += 1;
                }
                other if other == close => break,
                _ => return Err(Beyond),
            }
        }
        if close.is_some() {
            self.at += 1;
        }
        if matches!(close, None | Some(b')')) && !comma && items.len() == 1 {
            return items.pop().ok_or(Beyond);
        }
        if items.is_empty() && matches!(close, None | Some(b'}')) {
            return Err(Beyond);
        }
        let texts = items.into_iter().map(|item| match item {
            HeaderValue::Text(text) => Ok(text),
            _ => Err(Beyond),
        });
        Ok(HeaderValue::Many(texts.collect::<Read<Vec<_>>>()?))
    }

    fn sum(&mut self) -> Read<HeaderValue> {
        let mut value = self.atom()?;
        loop {
            let back = self.at;
            self.blank();
            if self.peek() != Some(b'+') {
                self.at = back;
                return Ok(value);
            }
            self.at += 1;
            self.blank();
            match (value, self.atom()?) {
                (HeaderValue::Text(left), HeaderValue::Text(right)) => {
                    value = HeaderValue::Text(left.joined(right));
                }
                _ => return Err(Beyond),
            }
        }
    }

    fn atom(&mut self) -> Read<HeaderValue> {
        let close = match self.peek() {
            Some(b'(') => b')',
            Some(b'[') => b']',
            Some(b'{') => b'}',
            Some(_) => return self.word(),
            None => return Err(Beyond),
        };
        if self.level >= MOST_LEVELS {
            return Err(Beyond);
        }
        self.level += 1;
        self.at += 1;
        let value = self.list(Some(close));
        self.level -= 1;
        value
    }

    fn word(&mut self) -> Read<HeaderValue> {
        let bytes = self.text.as_bytes();
        if lex::literal_at(bytes, self.at).is_some() {
            return self.literals();
        }
        let end = lex::name_end(bytes, self.at);
        let name = self.text.get(self.at..end).unwrap_or_default();
        if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(Beyond);
        }
        self.at = end;
        match name {
            "None" => Ok(HeaderValue::None),
            "True" | "False" | "not" | "lambda" | "await" | "yield" => Err(Beyond),
            _ => named(self.text, name, self.before, self.level).ok_or(Beyond),
        }
    }

    /// Literals side by side.
    fn literals(&mut self) -> Read<HeaderValue> {
        let bytes = self.text.as_bytes();
        let mut joiner = Joiner::default();
        let mut first: Option<(usize, usize)> = None;
        let (mut last, mut count) = ((self.at, self.at), 0);
        let mut back = self.at;
        while let Some(shape) = lex::literal_at(bytes, self.at).filter(|_| self.at < self.end) {
            let (end, closed) = lex::literal_end(bytes, self.at, shape);
            if !closed || shape.bytes || shape.format || end > self.end {
                return Err(Beyond);
            }
            let content = Range::of(self.at + shape.open, end - shape.close());
            if !literal::decode(&mut joiner, FileId(0), self.text, content, shape) {
                return Err(Beyond);
            }
            first.get_or_insert((self.at, self.at + shape.open));
            last = (end, end - shape.close());
            count += 1;
            self.at = end;
            back = end;
            self.blank();
        }
        self.at = back;
        let (start, inner) = first.ok_or(Beyond)?;
        let content = Range::of(inner, last.1);
        let value = joiner.finish(revline_text::Span::new(FileId(0), content)).text().to_owned();
        let plain = count == 1 && content.slice(self.text) == Some(value.as_str());
        let literal = Range::of(start, last.0);
        Ok(HeaderValue::Text(HeaderText { value, literal, content, plain, named: false }))
    }
}

/// What a name stands for: the last value assigned to it at the left margin before `before`.
pub(super) fn named(text: &str, name: &str, before: usize, level: u32) -> Option<HeaderValue> {
    if level >= MOST_LEVELS {
        return None;
    }
    let (at, end) = scan::constant(text, name, before)?;
    let mut reader = Reader::new(text, at, end, at);
    reader.level = 0;
    // A name bound to a name bound to a name: each costs a level, so that it ends.
    let value = Reader { level: level + 1, ..reader }.value();
    match value {
        HeaderValue::Other | HeaderValue::Broken => None,
        HeaderValue::None => Some(HeaderValue::None),
        HeaderValue::Text(text) => Some(HeaderValue::Text(HeaderText { named: true, ..text })),
        HeaderValue::Many(texts) => {
            let named = texts.into_iter().map(|text| HeaderText { named: true, ..text });
            Some(HeaderValue::Many(named.collect()))
        }
    }
}

impl HeaderText {
    /// The text of `self + other`.
    pub(super) fn joined(self, other: Self) -> Self {
        Self {
            value: self.value + &other.value,
            literal: self.literal.cover(other.literal),
            content: self.content.cover(other.content),
            plain: false,
            named: self.named || other.named,
        }
    }
}
