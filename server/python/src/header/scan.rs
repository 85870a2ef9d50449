//! The header without a tree.

use memchr::memmem::Finder;
use revline_text::Range;

use super::lex;
use super::read::Reader;
use super::{Docstring, Header, HeaderEntry, HeaderValue, docstring};

const BOM: &[u8] = "\u{feff}".as_bytes();

/// A file with more assignments to the names than this is none that a person wrote; the rest of it is
/// not read, so that the work stays in proportion to the text.
pub(super) const MOST_ENTRIES: usize = 64;

/// Names that are looked for at the left margin, with what finds them quickly.
#[derive(Debug)]
pub struct Names<'n>(Vec<(&'n str, Finder<'n>)>);

impl<'n> Names<'n> {
    /// These names.
    pub fn new(names: &[&'n str]) -> Self {
        Self(names.iter().map(|name| (*name, Finder::new(name.as_bytes()))).collect())
    }
}

/// Reads the docstring and the assignments to `names` at the left margin. One pass over the lines;
/// only what stands before the last assignment is looked at more closely.
pub fn scan(text: &str, names: &Names<'_>) -> Header {
    let bytes = text.as_bytes();
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut scan = Scan { text, known: start };
    let mut header = Header { docstring: scan.docstring(start), entries: Vec::new() };
    let mut candidates = Candidates::new(bytes, names, start);
    let mut line = start;
    while header.entries.len() < MOST_ENTRIES
        && let Some((at, name)) = candidates.next(line)
    {
        line = at;
        match scan.reach(line) {
            Place::Statement => {
                let mut behind = line;
                if let Some(sign) = scan.assignment(line + name.len()) {
                    header.entries.push(scan.entry(line, name, &sign));
                    behind = sign.value;
                }
                // What else stands on the line does not stand at the margin.
                while let end = lex::statement_end(bytes, behind)
                    && behind < end.next
                {
                    behind = end.next;
                    if !end.semicolon {
                        break;
                    }
                }
                line = behind.max(line + name.len());
                scan.known = line;
            }
            Place::Inside { until } => line = next_line(bytes, until.max(line)),
        }
    }
    header
}

/// The lines that start with one of the names, found without looking at the others.
struct Candidates<'t, 'n> {
    bytes: &'t [u8],
    /// For each name its next line, once it has been looked for.
    finders: Vec<(&'n Finder<'n>, &'n str, Option<usize>)>,
}

impl<'t, 'n> Candidates<'t, 'n> {
    fn new(bytes: &'t [u8], names: &'n Names<'n>, start: usize) -> Self {
        let names = names.0.iter();
        let finders = names.map(|(name, finder)| (finder, *name, Some(start))).collect();
        let mut candidates = Self { bytes, finders };
        for index in 0..candidates.finders.len() {
            candidates.seek(index, start);
        }
        candidates
    }

    /// The first line at or behind byte `from` that starts with one of the names.
    fn next(&mut self, from: usize) -> Option<(usize, &'n str)> {
        for index in 0..self.finders.len() {
            if self.finders.get(index).is_some_and(|(_, _, at)| at.is_some_and(|at| at < from)) {
                self.seek(index, from);
            }
        }
        let found = self.finders.iter().filter_map(|(_, name, at)| at.map(|at| (at, *name)));
        found.min_by_key(|(at, _)| *at)
    }

    fn seek(&mut self, index: usize, from: usize) {
        let Some((finder, name, place)) = self.finders.get_mut(index) else { return };
        let mut from = from;
        *place = loop {
            let Some(found) = self.bytes.get(from..).and_then(|rest| finder.find(rest)) else {
                break None;
            };
            let at = from + found;
            let before = self.bytes.get(..at).unwrap_or_default();
            let margin = matches!(before, [] | [.., b'\n']) || before == BOM;
            if margin && name_at(self.bytes, at, &[*name]).is_some() {
                break Some(at);
            }
            from = at + name.len();
        };
    }
}

/// The last assignment to `name` at the left margin before byte `before`: the range of its value.
/// `None` where there is none, or where an indented line assigns to the name too.
pub(super) fn constant(text: &str, name: &str, before: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found = None;
    let mut scan = Scan { text, known: if text.starts_with('\u{feff}') { 3 } else { 0 } };
    let mut line = scan.known;
    while line < before {
        let margin = indentation(bytes, line);
        if name_at(bytes, line + margin, &[name]).is_some() {
            let sign = scan.assignment(line + margin + name.len());
            if margin > 0 && sign.is_some() {
                return None;
            }
            match scan.reach(line) {
                Place::Statement => {
                    if let Some(Sign { value, plain: true, .. }) = sign {
                        let end = lex::statement_end(bytes, value);
                        found = Some((value, end.end)).filter(|_| !end.broken);
                        line = end.next;
                        scan.known = line;
                        continue;
                    }
                    if sign.is_some() {
                        found = None;
                    }
                }
                Place::Inside { until } => {
                    line = next_line(bytes, until.max(line));
                    continue;
                }
            }
        }
        line = next_line(bytes, line);
    }
    found
}

fn indentation(bytes: &[u8], line: usize) -> usize {
    let rest = bytes.get(line..).unwrap_or_default();
    rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

fn next_line(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)) {
        Some(end) => at + end + 1,
        None => bytes.len(),
    }
}

/// Which of the names stands at `at`, whole.
fn name_at<'n>(bytes: &[u8], at: usize, names: &[&'n str]) -> Option<&'n str> {
    let rest = bytes.get(at..)?;
    names.iter().copied().find(|name| {
        rest.starts_with(name.as_bytes())
            && !rest
                .get(name.len())
                .is_some_and(|byte| lex::is_name(*byte) || *byte == b'"' || *byte == b'\'')
    })
}

enum Place {
    /// The line starts a statement.
    Statement,
    /// The line is inside a string, a bracket or a continued line, which ends at `until`.
    Inside { until: usize },
}

/// What follows the name of an assignment.
struct Sign {
    annotation: Option<Range>,
    /// Where the value starts.
    value: usize,
    /// `=`, not `+=` and its like.
    plain: bool,
    /// Nothing is assigned: the name or its annotation stands alone.
    bare: bool,
}

struct Scan<'a> {
    text: &'a str,
    /// Up to here the statements are known; a statement starts here.
    known: usize,
}

impl Scan<'_> {
    fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Goes on from what is known to the line at `line`.
    fn reach(&mut self, line: usize) -> Place {
        while self.known < line {
            let end = lex::statement_end(self.bytes(), self.known);
            if end.next > line {
                return Place::Inside { until: end.next.saturating_sub(1) };
            }
            if end.next <= self.known {
                break;
            }
            self.known = end.next;
        }
        Place::Statement
    }

    fn docstring(&self, start: usize) -> Option<Docstring> {
        let bytes = self.bytes();
        let mut at = start;
        loop {
            match bytes.get(at)? {
                b' ' | b'\t' | b'\x0c' | b'\n' | b'\r' => at += 1,
                b'#' => at = lex::line_end(bytes, at),
                _ => break,
            }
        }
        let shape = lex::literal_at(bytes, at).filter(|shape| !shape.bytes && !shape.format)?;
        let (end, closed) = lex::literal_end(bytes, at, shape);
        let statement = lex::statement_end(bytes, at);
        if !closed || statement.end != end {
            return None;
        }
        let content = Range::of(at + shape.open, end - shape.close());
        Some(docstring::read(self.text, Range::of(at, end), content))
    }

    fn entry(&self, at: usize, name: &str, sign: &Sign) -> HeaderEntry {
        let end = lex::statement_end(self.bytes(), sign.value);
        let mut value_range = Range::of(sign.value, end.end.max(sign.value));
        let value = if sign.bare {
            value_range = Range::empty(value_range.start());
            HeaderValue::Broken
        } else if end.broken || value_range.is_empty() {
            HeaderValue::Broken
        } else if !sign.plain {
            HeaderValue::Other
        } else {
            Reader::new(self.text, sign.value, end.end, at).value()
        };
        HeaderEntry {
            name: name.to_owned(),
            name_range: Range::of(at, at + name.len()),
            annotation: sign.annotation,
            value_range,
            value,
        }
    }

    /// Reads from behind a name to the value assigned to it. `None` where the statement is no
    /// assignment to the name.
    fn assignment(&self, at: usize) -> Option<Sign> {
        let bytes = self.bytes();
        let mut at = self.blank(at);
        let mut annotation = None;
        if bytes.get(at) == Some(&b':') && bytes.get(at + 1) != Some(&b'=') {
            let start = self.blank(at + 1);
            let (end, sign) = self.annotation(start);
            annotation = Some(Range::of(start, end)).filter(|range| !range.is_empty());
            match sign {
                Some(sign) => at = sign,
                None => return Some(Sign { annotation, value: end, plain: true, bare: true }),
            }
        }
        let behind = |at: usize, plain| {
            let value = self.blank(at);
            Some(Sign { annotation, value, plain, bare: false })
        };
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'='), Some(b'=')) => None,
            (Some(b'='), _) => behind(at + 1, true),
            (Some(b'+' | b'-' | b'*' | b'|' | b'&' | b'^' | b'%' | b'/' | b'@'), Some(b'=')) => {
                behind(at + 2, false)
            }
            (None | Some(b'\n' | b'\r' | b'#' | b';'), _) => {
                Some(Sign { annotation, value: at, plain: true, bare: true })
            }
            _ => None,
        }
    }

    /// The end of an annotation and the place of the `=` behind it.
    fn annotation(&self, start: usize) -> (usize, Option<usize>) {
        let bytes = self.bytes();
        let (mut at, mut end, mut open) = (start, start, 0_u32);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'=' if open == 0 => return (end, Some(at)),
                b'\n' | b'#' | b';' if open == 0 => return (end, None),
                b'\r' if open == 0 && lex::line_break(bytes, at).is_some() => return (end, None),
                b'[' | b'(' | b'{' => open += 1,
                b']' | b')' | b'}' => open = open.saturating_sub(1),
                b'#' => {
                    at = lex::line_end(bytes, at);
                    continue;
                }
                b'"' | b'\'' => {
                    if let Some(shape) = lex::literal_at(bytes, at) {
                        (at, _) = lex::literal_end(bytes, at, shape);
                        end = at;
                        continue;
                    }
                }
                _ => {}
            }
            at += 1;
            if !byte.is_ascii_whitespace() {
                end = at;
            }
        }
        (end, None)
    }

    /// Behind the blanks at `at`, continued lines included.
    fn blank(&self, at: usize) -> usize {
        let bytes = self.bytes();
        let mut at = at;
        loop {
            match bytes.get(at) {
                Some(b' ' | b'\t' | b'\x0c') => at += 1,
                Some(b'\\') => match lex::line_break(bytes, at + 1) {
                    Some(length) => at += 1 + length,
                    None => return at,
                },
                _ => return at,
            }
        }
    }
}
