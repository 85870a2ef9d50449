//! Names and texts that remember where they stand in the source.
//!
//! Where something stands is never part of what it is: [`Origin`] compares equal to every other
//! origin and adds nothing to a hash. So two operations that differ only in their place have the
//! same fingerprint, and editing a comment above a migration invalidates nothing behind it.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use revline_text::{Range, Span};

/// Where a value stands in the source, if it stands there at all. Ignored by `==`, order and hash.
#[derive(Clone, Copy, Default)]
pub struct Origin(pub Option<Span>);

impl Origin {
    /// The span, where there is one.
    pub const fn span(self) -> Option<Span> {
        self.0
    }
}

impl From<Span> for Origin {
    fn from(span: Span) -> Self {
        Self(Some(span))
    }
}

impl From<Option<Span>> for Origin {
    fn from(span: Option<Span>) -> Self {
        Self(span)
    }
}

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

impl PartialOrd for Origin {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Origin {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl Hash for Origin {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(span) => write!(f, "{span:?}"),
            None => f.write_str("-"),
        }
    }
}

/// An identifier as the source gives it: a table, column, constraint, index, schema or type name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Name {
    /// The identifier, unquoted, in the source's own case.
    pub text: Arc<str>,
    /// `op.f('x')`, `conv('x')`: a final name that no naming convention touches.
    pub is_final: bool,
    /// `quoted_name(x, quote=True|False)`: quoting decided by hand.
    pub quote: Option<bool>,
    /// The string in the source.
    pub origin: Origin,
}

impl Name {
    /// A plain name that stands nowhere.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), is_final: false, quote: None, origin: Origin(None) }
    }

    /// A plain name and where it stands.
    pub fn at(text: impl Into<Arc<str>>, span: Span) -> Self {
        Self { origin: span.into(), ..Self::new(text) }
    }

    /// The same name marked as final, as `op.f` does.
    #[must_use]
    pub fn finalised(mut self) -> Self {
        self.is_final = true;
        self
    }

    /// Without a name, whatever a naming convention would make of that: what raw SQL leaves unnamed
    /// in a database that keeps it so.
    pub fn none() -> Self {
        Self::new("").finalised()
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where the name stands.
    pub const fn span(&self) -> Option<Span> {
        self.origin.0
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}{}", self.text, if self.is_final { "!" } else { "" })
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// A text with the places of its parts, so that a finding inside SQL that was put together from
/// several strings lands on the right characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SourceText {
    /// The whole text.
    pub text: Arc<str>,
    /// The whole expression in the source.
    pub origin: Origin,
    /// Which part of `text` came from where.
    pub segments: Segments,
}

impl SourceText {
    /// A text that stands nowhere.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), origin: Origin(None), segments: Segments::default() }
    }

    /// A text whose place in the source is known as a whole.
    pub fn at(text: impl Into<Arc<str>>, span: Span) -> Self {
        Self { origin: span.into(), ..Self::new(text) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a byte range of the text stands in the source: exactly where one segment without
    /// escapes holds it, the whole segment where the lengths differ (escapes), the whole expression
    /// otherwise.
    pub fn span_of(&self, range: Range) -> Option<Span> {
        let Some(segment) = self.segments.0.iter().find(|s| s.range.contains(range)) else {
            return self.origin.0;
        };
        if segment.range.len() != segment.span.range.len() {
            return Some(segment.span);
        }
        let start =
            segment.span.range.start().saturating_add(range.start() - segment.range.start());
        Some(Span::new(segment.span.file, Range::new(start, start.saturating_add(range.len()))))
    }
}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

impl From<&str> for SourceText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// A part of a [`SourceText`] and the source bytes between the quotes that gave it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    /// Bytes of the text.
    pub range: Range,
    /// Bytes of the file.
    pub span: Span,
}

/// The segments of a text in their order. Ignored by `==`, order and hash, like [`Origin`].
#[derive(Clone, Default)]
pub struct Segments(pub Arc<[Segment]>);

impl PartialEq for Segments {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Segments {}

impl PartialOrd for Segments {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Segments {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl Hash for Segments {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl fmt::Debug for Segments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Something that is not known, and why. The reason is a sentence for a person to read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Opaque {
    /// Why it is not known.
    pub why: Arc<str>,
    /// What is not known, in the source.
    pub origin: Origin,
}

impl Opaque {
    /// Something unknown that stands nowhere in particular.
    pub fn new(why: impl Into<Arc<str>>) -> Self {
        Self { why: why.into(), origin: Origin(None) }
    }

    /// Something unknown at a place.
    pub fn at(why: impl Into<Arc<str>>, span: Span) -> Self {
        Self { why: why.into(), origin: span.into() }
    }
}

#[cfg(test)]
mod tests {
    use revline_text::{FileId, Fingerprint};

    use super::*;

    #[test]
    fn places_do_not_take_part_in_equality_or_hash() {
        let here = Name::at("user", Span::new(FileId(1), Range::new(3, 7)));
        let there = Name::new("user");
        assert_eq!(here, there);
        assert_eq!(Fingerprint::of(&here), Fingerprint::of(&there));
        assert_ne!(Fingerprint::of(&here), Fingerprint::of(&there.finalised()));
    }

    #[test]
    fn a_range_of_a_put_together_text_finds_its_source() {
        let file = FileId(0);
        let text = SourceText {
            text: "DROP TABLE t".into(),
            origin: Span::new(file, Range::new(0, 40)).into(),
            segments: Segments(Arc::from([
                Segment { range: Range::new(0, 5), span: Span::new(file, Range::new(10, 15)) },
                Segment { range: Range::new(5, 12), span: Span::new(file, Range::new(20, 27)) },
            ])),
        };
        assert_eq!(text.span_of(Range::new(11, 12)), Some(Span::new(file, Range::new(26, 27))));
        assert_eq!(text.span_of(Range::new(3, 8)), Some(Span::new(file, Range::new(0, 40))));
    }
}
