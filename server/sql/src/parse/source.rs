//! The text that an operation executes, as the driver gets it, and where each byte of it stands.

use revline_schema::{
    Execute, Literal, Opaque, Origin, SourceText, Statement, TextClause, Through,
};
use revline_text::Range;

use crate::text_clause::{self, Part};

/// A text on its way to the driver.
pub(crate) struct Source {
    /// The text, `\:` and parameters resolved.
    pub(crate) text: String,
    /// Where a value was put in whose text is not known: `NULL` stands there.
    pub(crate) unknown_values: Vec<Range>,
    given: SourceText,
    /// From which byte on which byte of `given` stands there, in order.
    pieces: Vec<(usize, usize)>,
}

/// What an operation executes.
pub(crate) enum Body {
    /// This text.
    Text(Source),
    /// Something that changes rows at most.
    Rows,
    /// Not known.
    Unknown(Opaque),
}

impl Body {
    pub(crate) fn of(op: &Execute) -> Self {
        match &op.statement {
            Statement::Text(clause) if op.through == Through::Driver => {
                Self::Text(Source::plain(clause.text.clone()))
            }
            Statement::Text(clause) => Self::Text(Source::of_clause(clause)),
            Statement::Ddl(text) => Self::Text(Source::of_ddl(text)),
            Statement::Opaque(opaque) => Self::Unknown(opaque.clone()),
            _ => Self::Rows,
        }
    }
}

impl Source {
    /// A text that is executed as it stands.
    pub(crate) fn plain(given: SourceText) -> Self {
        Self {
            text: given.as_str().to_owned(),
            unknown_values: Vec::new(),
            pieces: vec![(0, 0)],
            given,
        }
    }

    /// A part of this text as a text of its own, its places kept.
    pub(crate) fn part(&self, range: Range) -> Self {
        let start = range.start() as usize;
        let mut pieces = vec![(0, self.given_at(start))];
        let inside = self.pieces.iter().filter(|(own, _)| *own > start);
        pieces.extend(inside.map(|(own, given)| (own - start, *given)));
        Self {
            text: self.slice(range).to_owned(),
            unknown_values: Vec::new(),
            given: self.given.clone(),
            pieces,
        }
    }

    fn of_clause(clause: &TextClause) -> Self {
        let given = clause.text.clone();
        let mut source =
            Self { text: String::new(), unknown_values: Vec::new(), pieces: Vec::new(), given };
        let mut from = 0;
        for part in text_clause::parts(clause.text.as_str()) {
            match part {
                Part::Text(text) => {
                    source.push_unescaped(text, from);
                    from += text.len();
                }
                Part::Parameter(name) => {
                    source.pieces.push((source.text.len(), from));
                    let at = source.text.len();
                    match clause.binds.get(name).map(|bind| &bind.value) {
                        Some(Literal::Int(value)) => source.text.push_str(&value.to_string()),
                        Some(Literal::Str(value)) => {
                            source
                                .text
                                .push_str(&format!("'{}'", value.as_str().replace('\'', "''")));
                        }
                        _ => {
                            source.text.push_str("NULL");
                            source.unknown_values.push(Range::of(at, at + 4));
                        }
                    }
                    from += 1 + name.len();
                }
            }
        }
        source
    }

    /// `\:` is a colon.
    fn push_unescaped(&mut self, text: &str, from: usize) {
        let mut at = 0;
        loop {
            self.pieces.push((self.text.len(), from + at));
            let rest = text.get(at..).unwrap_or_default();
            let Some(escape) = rest.find("\\:") else {
                self.text.push_str(rest);
                return;
            };
            self.text.push_str(rest.get(..escape).unwrap_or_default());
            if text_clause::is_kept(rest.get(escape..).unwrap_or_default()) {
                self.text.push('\\');
            }
            self.text.push(':');
            at += escape + 2;
        }
    }

    /// `%%` is a percent sign.
    fn of_ddl(given: &SourceText) -> Self {
        let mut text = String::new();
        let mut pieces = vec![(0, 0)];
        let mut at = 0;
        while let Some(next) = given.as_str().get(at..).and_then(|rest| rest.find("%%")) {
            text.push_str(given.as_str().get(at..at + next + 1).unwrap_or_default());
            at += next + 2;
            pieces.push((text.len(), at));
        }
        text.push_str(given.as_str().get(at..).unwrap_or_default());
        Self { text, unknown_values: Vec::new(), pieces, given: given.clone() }
    }

    /// The bytes of a range.
    pub(crate) fn slice(&self, range: Range) -> &str {
        range.slice(&self.text).unwrap_or_default()
    }

    /// Where a range stands in the source.
    pub(crate) fn origin(&self, range: Range) -> Origin {
        let start = self.given_at(range.start() as usize);
        let end = match (range.end() as usize).checked_sub(1) {
            Some(last) if !range.is_empty() => self.given_at(last).saturating_add(1),
            _ => start,
        };
        Origin(self.given.span_of(Range::of(start, end.max(start))))
    }

    fn given_at(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|(own, _)| *own <= at);
        let (own, given) = next
            .checked_sub(1)
            .and_then(|place| self.pieces.get(place))
            .copied()
            .unwrap_or_default();
        given.saturating_add(at.saturating_sub(own)).min(self.given.as_str().len())
    }

    /// A part of the text with its place.
    pub(crate) fn text_of(&self, range: Range) -> SourceText {
        SourceText { origin: self.origin(range), ..SourceText::new(self.slice(range)) }
    }
}
