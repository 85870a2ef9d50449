//! Just enough of Python's lexical structure to know what is a statement and what is inside a
//! string, a bracket or a comment.

use crate::syntax::literal::Shape;

/// The end of the literal that starts at `at` with its prefix, and whether it is closed. A literal
/// with single quotes ends at its line at the latest.
pub(super) fn literal_end(text: &[u8], at: usize, shape: Shape) -> (usize, bool) {
    let mut at = at + shape.open;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let next = if shape.triple {
            memchr::memchr2(shape.quote, b'\\', rest)
        } else {
            memchr::memchr3(shape.quote, b'\\', b'\n', rest)
        };
        let Some(next) = next else { return (text.len(), false) };
        at += next;
        match text.get(at) {
            Some(b'\\') if text.get(at + 1) == Some(&b'\r') && text.get(at + 2) == Some(&b'\n') => {
                at += 3;
            }
            Some(b'\\') => at = (at + 2).min(text.len()),
            Some(b'\n') => return (at, false),
            _ if !shape.triple => return (at + 1, true),
            _ => {
                if text.get(at..at + 3) == Some(&[shape.quote; 3][..]) {
                    return (at + 3, true);
                }
                at += 1;
            }
        }
    }
}

/// The literal that starts at `at`: a quote, or a prefix right before one.
pub(super) fn literal_at(text: &[u8], at: usize) -> Option<Shape> {
    Shape::of(text.get(at..)?)
}

/// Whether a byte can be part of a name.
pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The end of the name that starts at `at`.
pub(super) fn name_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !is_name(*byte)).unwrap_or(rest.len())
}

/// The end of the line that holds `at`: the place of its `\n`, or of the `\r` before it.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    match memchr::memchr(b'\n', rest) {
        Some(0) | None => at + memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
        Some(end) if rest.get(end - 1) == Some(&b'\r') => at + end - 1,
        Some(end) => at + end,
    }
}

/// The bytes of a line break at `at`, if there is one.
pub(super) fn line_break(text: &[u8], at: usize) -> Option<usize> {
    match (text.get(at), text.get(at + 1)) {
        (Some(b'\n'), _) => Some(1),
        (Some(b'\r'), Some(b'\n')) => Some(2),
        _ => None,
    }
}

/// Where a statement ends.
pub(super) struct StatementEnd {
    /// The end of its last token.
    pub(super) end: usize,
    /// Where the next statement may start: behind the line break or the semicolon.
    pub(super) next: usize,
    /// Whether the next one stands on the same line, behind a semicolon.
    pub(super) semicolon: bool,
    /// Whether a string or a bracket is left open.
    pub(super) broken: bool,
}

/// Finds the end of the statement whose rest starts at `at`. Open brackets end where a line starts
/// that can only be another statement.
pub(super) fn statement_end(text: &[u8], at: usize) -> StatementEnd {
    let (mut at, mut end, mut broken) = (at, at, false);
    let mut open: u32 = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b' ' | b'\t' | b'\x0c' => at += 1,
            b'#' => at = line_end(text, at),
            b'\n' | b'\r' => {
                let Some(length) = line_break(text, at) else {
                    at += 1;
                    continue;
                };
                if open == 0 {
                    return StatementEnd { end, next: at + length, semicolon: false, broken };
                }
                at += length;
                if starts_statement(text, at) {
                    return StatementEnd { end, next: at, semicolon: false, broken: true };
                }
            }
            b';' if open == 0 => {
                return StatementEnd { end, next: at + 1, semicolon: true, broken };
            }
            b'\\' => {
                at += 1;
                match line_break(text, at) {
                    Some(length) => at += length,
                    None => end = at,
                }
            }
            b'(' | b'[' | b'{' => {
                open += 1;
                at += 1;
                end = at;
            }
            b')' | b']' | b'}' => {
                broken |= open == 0;
                open = open.saturating_sub(1);
                at += 1;
                end = at;
            }
            b'"' | b'\'' => (at, broken) = past_literal(text, at, broken, &mut end),
            _ if is_name(*byte) => match literal_at(text, at) {
                Some(_) => (at, broken) = past_literal(text, at, broken, &mut end),
                None => {
                    at = name_end(text, at);
                    end = at;
                }
            },
            _ => {
                at += 1;
                end = at;
            }
        }
    }
    StatementEnd { end, next: text.len(), semicolon: false, broken: broken || open > 0 }
}

fn past_literal(text: &[u8], at: usize, broken: bool, end: &mut usize) -> (usize, bool) {
    let Some(shape) = literal_at(text, at) else { return (at + 1, broken) };
    let (after, closed) = literal_end(text, at, shape);
    *end = after;
    (after, broken || !closed)
}

/// Whether the line at `at`, inside a bracket, can only be a statement of its own: the bracket was
/// never closed. `name =` at the left margin counts, although it could be a keyword argument.
fn starts_statement(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    for word in [&b"def "[..], b"class ", b"import ", b"@"] {
        if rest.starts_with(word) {
            return true;
        }
    }
    let end = name_end(text, at);
    let first = text.get(at).copied().unwrap_or_default();
    if end == at || first.is_ascii_digit() {
        return false;
    }
    let mut sign = end;
    while matches!(text.get(sign), Some(b' ' | b'\t')) {
        sign += 1;
    }
    text.get(sign) == Some(&b'=') && text.get(sign + 1) != Some(&b'=')
}
