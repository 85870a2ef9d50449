//! A string that remembers where its characters stand in the source.

use std::sync::Arc;

use revline_text::{Range, Span};

/// A string of more pieces than this keeps only one, inexact: a file of nothing but escapes must
/// not cost more memory than its text.
const MOST_SEGMENTS: usize = 4096;

/// What Python takes for white space.
pub(crate) fn is_space(char: char) -> bool {
    char.is_whitespace() || matches!(char, '\u{1c}'..='\u{1f}')
}

/// The lines of a text: where each begins, where its own text ends, and where the next begins.
pub(crate) fn lines(text: &str) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let ends = matches!(
            char,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'
                ..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        );
        if !ends {
            continue;
        }
        let mut end = at + char.len_utf8();
        if char == '\r' && chars.next_if(|(_, next)| *next == '\n').is_some() {
            end += 1;
        }
        found.push((start, at, end));
        start = end;
    }
    if start < text.len() {
        found.push((start, text.len(), text.len()));
    }
    found
}

/// Some bytes of a string and the place they come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    /// Bytes of the string's own text.
    pub range: Range,
    /// Where they come from.
    pub source: Span,
    /// Whether the source has exactly these bytes, so that a place within the segment is a place
    /// within the source. Not so for an escape sequence and for a computed part.
    pub exact: bool,
}

/// A string and the places its parts come from. The segments cover the text in order.
#[derive(Clone, Debug)]
pub struct Str {
    text: Arc<str>,
    segments: Arc<[Segment]>,
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Str {}

/// How many characters of the head of a string are kept.
const LONGEST_HEAD: usize = 128;

fn head(text: &str) -> Arc<str> {
    text.chars().take(LONGEST_HEAD).collect::<String>().into()
}

impl Str {
    /// What it begins with, for a longer string of which the rest is not known.
    pub(crate) fn head(&self) -> Arc<str> {
        head(self.text())
    }

    /// A string that the expression at `span` computed.
    pub fn computed(text: &str, span: Span) -> Self {
        let range = Range::of(0, text.len());
        Self {
            text: text.into(),
            segments: Arc::from([Segment { range, source: span, exact: false }]),
        }
    }

    /// A string of pieces, each with its place.
    pub(crate) fn of_segments(text: String, segments: Vec<Segment>, whole: Span) -> Self {
        if segments.len() > MOST_SEGMENTS {
            return Self::computed(&text, whole);
        }
        Self { text: text.into(), segments: segments.into() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    pub fn shared(&self) -> Arc<str> {
        self.text.clone()
    }

    /// Whether both are one text that was made once.
    pub(crate) fn is_one_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.text, &other.text)
    }

    /// Where its parts come from, in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The place in the source of some bytes of the text: exact where one literal holds them all,
    /// else the smallest place that covers the pieces of the first file among them. `None` for a
    /// range outside the text.
    pub fn origin(&self, range: Range) -> Option<Span> {
        if range.end() as usize > self.text.len() {
            return None;
        }
        let mut found: Option<Span> = None;
        for segment in self.segments.iter() {
            let touched = if range.is_empty() {
                segment.range.touches(range.start())
            } else {
                segment.range.start() < range.end() && range.start() < segment.range.end()
            };
            if !touched {
                continue;
            }
            let place = segment.place(range);
            found = match found {
                None => Some(place),
                Some(span) if span.file == place.file => {
                    Some(Span::new(span.file, span.range.cover(place.range)))
                }
                other => other,
            };
            if range.is_empty() {
                break;
            }
        }
        found
    }

    /// The bytes `start..end` of the text as a string with its places; `None` where the range splits
    /// a character.
    pub fn slice(&self, start: usize, end: usize) -> Option<Self> {
        let text = self.text.get(start..end)?;
        let cut = Range::of(start, end);
        let mut segments = Vec::new();
        for segment in self.segments.iter() {
            let from = segment.range.start().max(cut.start());
            let to = segment.range.end().min(cut.end());
            if from >= to {
                continue;
            }
            let part = Range::new(from, to);
            segments.push(Segment {
                range: Range::new(from - cut.start(), to - cut.start()),
                source: segment.place(part),
                exact: segment.exact,
            });
        }
        Some(Self { text: text.into(), segments: segments.into() })
    }
}

impl Segment {
    /// The place of the part of `range` that lies in the segment.
    fn place(&self, range: Range) -> Span {
        if !self.exact {
            return self.source;
        }
        let from = range.start().max(self.range.start()) - self.range.start();
        let to = range.end().min(self.range.end()).max(self.range.start()) - self.range.start();
        let start = self.source.range.start();
        Span::new(
            self.source.file,
            Range::new(start.saturating_add(from), start.saturating_add(to)),
        )
    }
}

/// Collects a string from pieces.
#[derive(Default)]
pub(crate) struct Joiner {
    text: String,
    segments: Vec<Segment>,
}

impl Joiner {
    /// Adds a string with its places.
    pub(crate) fn push(&mut self, piece: &Str) {
        let offset = self.text.len();
        self.text.push_str(piece.text());
        let shift = u32::try_from(offset).unwrap_or(u32::MAX);
        for segment in piece.segments() {
            self.segment(Segment { range: segment.range.shifted(shift), ..*segment });
        }
    }

    /// Adds text that stands at `source` as it is (`exact`) or in another form.
    pub(crate) fn text(&mut self, text: &str, source: Span, exact: bool) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.segment(Segment { range: Range::of(start, self.text.len()), source, exact });
    }

    /// What the string begins with, of which the rest is not known.
    pub(crate) fn head(&self) -> Arc<str> {
        head(&self.text)
    }

    /// Bytes so far.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// The joined string, made by the expression at `whole`.
    pub(crate) fn finish(self, whole: Span) -> Str {
        Str::of_segments(self.text, self.segments, whole)
    }

    fn segment(&mut self, segment: Segment) {
        // Past the bound the pieces are dropped at the end, so they need not be collected either.
        if self.segments.len() <= MOST_SEGMENTS {
            self.segments.push(segment);
        }
    }
}
