//! The pieces of a Mako template, cut as Mako's own lexer cuts them (1.4): text, expressions,
//! control lines, Python blocks, tags. Line breaks survive or vanish exactly where they do there.

use super::TemplateError;

/// One piece, with the byte where it starts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// `${source | filters}`.
    Expression { source: &'a str, filters: &'a str },
    /// `% source`.
    Control(&'a str),
    /// `<% source %>` or `<%! source %>`.
    Block(&'a str),
    /// `<%keyword attributes>`, closed at once or not.
    Open { keyword: &'a str, attributes: &'a str, closed: bool },
    /// `</%keyword>`.
    Close(&'a str),
}

/// The pieces in their order.
pub(super) fn pieces(text: &str) -> Result<Vec<(usize, Piece<'_>)>, TemplateError> {
    let mut lexer = Lexer { text, at: coding_line(text) };
    let mut out = Vec::new();
    while lexer.at < text.len() {
        let start = lexer.at;
        if let Some(piece) = lexer.next()? {
            out.push((start, piece));
        }
        if lexer.at <= start {
            return Err(lexer.error(start, "a mark that Mako does not know"));
        }
    }
    Ok(out)
}

/// The line that a byte stands in, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// Mako drops a first line such as `# -*- coding: utf-8 -*-`.
fn coding_line(text: &str) -> usize {
    let Some(end) = text.find('\n') else { return 0 };
    let line = text.get(..end).unwrap_or_default();
    let marked = line.starts_with('#')
        && ["coding:", "coding="].iter().any(|mark| {
            line.match_indices(mark).any(|(at, mark)| {
                let rest = line.get(at + mark.len()..).unwrap_or_default().trim_start();
                rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
            })
        });
    if marked { end + 1 } else { 0 }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, at: usize, what: &str) -> TemplateError {
        TemplateError { line: line_of(self.text, at), what: what.to_owned() }
    }

    fn at_line_start(&self) -> bool {
        self.at == 0 || self.text.as_bytes().get(self.at - 1) == Some(&b'\n')
    }

    /// The next piece; `None` where something was read that leaves nothing behind.
    fn next(&mut self) -> Result<Option<Piece<'a>>, TemplateError> {
        let rest = self.rest();
        if rest.starts_with("${") {
            self.at += 2;
            return self.expression().map(Some);
        }
        if self.at_line_start()
            && let Some(control) = self.control_line()
        {
            return Ok(control.map(Piece::Control));
        }
        if let Some(inner) = rest.strip_prefix("<%doc>")
            && let Some(end) = inner.find("</%doc>")
        {
            self.at += "<%doc>".len() + end + "</%doc>".len();
            return Ok(None);
        }
        if let Some(tag) = self.tag() {
            return Ok(Some(tag));
        }
        if let Some(inner) = rest.strip_prefix("<%") {
            let skip = if inner.starts_with('!') { 3 } else { 2 };
            let start = self.at;
            self.at += skip;
            let (source, _) = self.until(start, false, &["%>"])?;
            return Ok(Some(Piece::Block(source)));
        }
        if self.at_line_start() {
            let blank = rest.len() - rest.trim_start().len();
            let marks = rest.get(blank..).unwrap_or_default();
            let count = marks.len() - marks.trim_start_matches('%').len();
            if count >= 2 {
                // `%%` writes one `%`: the lead is a piece, the rest after it another.
                if blank > 0 {
                    self.at += blank;
                    return Ok(rest.get(..blank).map(Piece::Text));
                }
                self.at += count;
                return Ok(marks.get(1..count).map(Piece::Text));
            }
        } else if rest.starts_with("%%") && self.after_lead() {
            let count = rest.len() - rest.trim_start_matches('%').len();
            self.at += count;
            return Ok(rest.get(1..count).map(Piece::Text));
        }
        Ok(self.plain())
    }

    /// Whether only blanks stand between the start of a line and here.
    fn after_lead(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.chars().all(char::is_whitespace)
    }

    /// Text up to the next mark; a backslash at the end of a line takes the line break with it.
    fn plain(&mut self) -> Option<Piece<'a>> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut end = 0;
        let mut skipped = 0;
        while let Some(byte) = bytes.get(end) {
            let tail = bytes.get(end..).unwrap_or_default();
            if tail.starts_with(b"${") || tail.starts_with(b"<%") || tail.starts_with(b"</%") {
                break;
            }
            if tail.starts_with(b"\\\n") {
                skipped = 2;
                break;
            }
            if tail.starts_with(b"\\\r\n") {
                skipped = 3;
                break;
            }
            end += 1;
            if *byte == b'\n' {
                let line = bytes.get(end..).unwrap_or_default();
                let lead = line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                let mark = line.get(lead..).unwrap_or_default();
                if mark.starts_with(b"%") || mark.starts_with(b"##") {
                    break;
                }
            }
        }
        self.at += end + skipped;
        rest.get(..end).filter(|text| !text.is_empty()).map(Piece::Text)
    }

    /// `% …` gives its text, `## …` gives nothing; anything else is no control line.
    fn control_line(&mut self) -> Option<Option<&'a str>> {
        let rest = self.rest();
        let lead = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let marked = rest.get(lead..)?;
        let comment = marked.starts_with("##");
        let skip = if comment {
            2
        } else if marked.starts_with('%') && !marked.starts_with("%%") {
            1
        } else {
            return None;
        };
        let bytes = rest.as_bytes();
        let mut at = lead + skip;
        while let Some(byte) = bytes.get(at) {
            let tail = bytes.get(at..).unwrap_or_default();
            if tail.starts_with(b"\\\r\n") {
                at += 3;
            } else if tail.starts_with(b"\\\n") {
                at += 2;
            } else if matches!(byte, b'\r' | b'\n') {
                break;
            } else {
                at += 1;
            }
        }
        let body = rest.get(lead + skip..at)?.trim_start_matches([' ', '\t']);
        let after = rest.get(at..)?;
        let newline = match after {
            "" => 0,
            _ if after.starts_with("\r\n") => 2,
            _ if after.starts_with('\n') => 1,
            _ => return None,
        };
        self.at += at + newline;
        Some((!comment).then_some(body))
    }

    fn tag(&mut self) -> Option<Piece<'a>> {
        let rest = self.rest();
        if let Some(inner) = rest.strip_prefix("</%") {
            let end = inner.find('>')?;
            let keyword = inner.get(..end)?.trim_matches([' ', '\t']);
            if keyword.is_empty() || keyword.contains([' ', '\t', '\n']) {
                return None;
            }
            self.at += 3 + end + 1;
            return Some(Piece::Close(keyword));
        }
        let inner = rest.strip_prefix("<%")?;
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':');
        let end = inner.find(|c| !word(c))?;
        let keyword = inner.get(..end).filter(|keyword| !keyword.is_empty())?;
        let mut at = end;
        loop {
            let tail = inner.get(at..)?;
            let next = tail.chars().next()?;
            match next {
                '>' => {
                    let attributes = inner.get(end..at)?;
                    self.at += 2 + at + 1;
                    return Some(Piece::Open { keyword, attributes, closed: false });
                }
                '/' if tail.starts_with("/>") => {
                    let attributes = inner.get(end..at)?;
                    self.at += 2 + at + 2;
                    return Some(Piece::Open { keyword, attributes, closed: true });
                }
                '"' | '\'' => at += 1 + tail.get(1..)?.find(next)? + 1,
                c if c.is_whitespace() || word(c) || matches!(c, '=' | ',') => at += c.len_utf8(),
                _ => return None,
            }
        }
    }

    fn expression(&mut self) -> Result<Piece<'a>, TemplateError> {
        let start = self.at;
        let (source, end) = self.until(start, true, &["|", "}"])?;
        let filters = if end == "|" { self.until(start, true, &["}"])?.0.trim() } else { "" };
        Ok(Piece::Expression { source, filters })
    }

    /// Python source up to one of the ends, past strings, comments and (where asked) brackets.
    fn until(
        &mut self,
        begun: usize,
        nesting: bool,
        ends: &[&'static str],
    ) -> Result<(&'a str, &'static str), TemplateError> {
        let start = self.at;
        let mut depth = [0_i64; 3];
        loop {
            let rest = self.rest();
            let Some(next) = rest.chars().next() else {
                return Err(self.error(begun, "an expression or block that is not closed"));
            };
            if next == '#'
                && let Some(end) = rest.find('\n')
            {
                self.at += end + 1;
                continue;
            }
            if let Some(length) = string_length(rest) {
                self.at += length;
                continue;
            }
            if let Some(end) = ends.iter().find(|end| rest.starts_with(**end))
                && !(nesting && depth.iter().any(|level| *level > 0))
            {
                let source = self.text.get(start..self.at).unwrap_or_default();
                self.at += end.len();
                return Ok((source, end));
            }
            match next {
                '{' => depth[0] += 1,
                '}' => depth[0] -= 1,
                '(' => depth[1] += 1,
                ')' => depth[1] -= 1,
                '[' => depth[2] += 1,
                ']' => depth[2] -= 1,
                _ => {}
            }
            self.at += next.len_utf8();
        }
    }
}

/// The length of the string literal that the text starts with; `None` where it starts with none,
/// or with one that is not closed.
pub(super) fn string_length(text: &str) -> Option<usize> {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| text.starts_with(quote))?;
    let bytes = text.as_bytes();
    let mut at = quote.len();
    while at < bytes.len() {
        if bytes.get(at..)?.starts_with(quote.as_bytes()) {
            return Some(at + quote.len());
        }
        at += if bytes.get(at) == Some(&b'\\') { 2 } else { 1 };
    }
    None
}
