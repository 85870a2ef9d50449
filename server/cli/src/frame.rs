//! A message with the code that it is about, drawn for a terminal.
//!
//! It refuses to know where a message comes from: `lint` draws what the engine found, `demo` what
//! a server sent.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};
use revline_lint::Severity;
use revline_text::{Range, Text};

/// A place in a file, with the words that stand there.
pub(crate) struct Place<'a> {
    /// The path as it is shown.
    pub(crate) path: String,
    /// The text of the file; empty where it cannot be read.
    pub(crate) text: &'a Text,
    /// The bytes that are underlined.
    pub(crate) range: Range,
    /// What is said there; empty for the place of the message itself.
    pub(crate) label: String,
}

/// A message, where it is about, and the other places that belong to it.
pub(crate) struct Frame<'a> {
    /// How much it matters.
    pub(crate) severity: Severity,
    /// The rule.
    pub(crate) rule: &'a str,
    /// The message.
    pub(crate) message: &'a str,
    /// Where.
    pub(crate) at: Place<'a>,
    /// Other places.
    pub(crate) related: Vec<Place<'a>>,
    /// A way out, in a line.
    pub(crate) help: Option<String>,
}

impl Frame<'_> {
    /// The frame as text, with the colours of a terminal; who prints it takes them away where
    /// there is none.
    pub(crate) fn render(&self) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Info => Level::INFO,
            Severity::Hint => Level::HELP.with_name("hint"),
        };
        // Places in one file stand in one picture.
        let (near, far): (Vec<&Place<'_>>, Vec<&Place<'_>>) =
            self.related.iter().partition(|place| place.path == self.at.path);
        let mut snippet = Snippet::source(self.at.text.as_str())
            .path(self.at.path.as_str())
            .annotation(AnnotationKind::Primary.span(bytes(&self.at)));
        for place in near {
            snippet = snippet
                .annotation(AnnotationKind::Context.span(bytes(place)).label(place.label.as_str()));
        }
        let mut group: Group<'_> = level.primary_title(self.message).id(self.rule).element(snippet);
        for place in far {
            group = group.element(Element::from(
                Snippet::source(place.text.as_str()).path(place.path.as_str()).annotation(
                    AnnotationKind::Context.span(bytes(place)).label(place.label.as_str()),
                ),
            ));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        Renderer::styled().render(&[group])
    }
}

/// The bytes of a place, within its text. A place of several lines is shown by its first: a frame
/// around a whole function says less than its head.
fn bytes(place: &Place<'_>) -> std::ops::Range<usize> {
    let text = place.text.as_str();
    let whole = place.range.slice(text).map_or(Range::empty(0), |_| place.range);
    let line = place.text.line_range(place.text.line_of(whole.start()));
    let end = line.map_or(whole.end(), |line| whole.end().min(line.end().max(whole.start())));
    whole.start() as usize..end as usize
}
