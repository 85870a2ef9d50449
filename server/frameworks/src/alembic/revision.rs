//! The head of a revision file as a revision of the graph.
//!
//! The rules are those of Alembic 1.20.1 (`alembic.script.base.Script`): `revision`, else the
//! identifier from a legacy file name; `down_revision` must be there; `branch_labels` and
//! `depends_on` may be absent; an identifier is never guessed from the file name otherwise.

use std::path::Path;
use std::sync::LazyLock;

use revline_history::{Label, Place, Reference, Revision, RevisionId, RevisionSpans};
use revline_python::header::{self, Header, HeaderEntry, HeaderText, HeaderValue};
use revline_text::{FileId, Range, Span};

/// The names that a revision file assigns at its left margin.
pub const NAMES: [&str; 4] = ["revision", "down_revision", "branch_labels", "depends_on"];

/// The head of a file.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// The assignments and the docstring as they stand.
    pub header: Header,
    /// The revision that they declare.
    pub revision: Option<Revision>,
    /// Why there is no revision, or which part of it is not known.
    pub problem: Option<Problem>,
}

/// Why Alembic cannot take a file of a version folder for a revision, or Revline does not know how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Where it shows.
    pub span: Span,
    /// A sentence; Alembic's own where it has one.
    pub message: String,
    /// Whether Alembic certainly fails here; `false` where a part is computed, which Alembic does
    /// and Revline does not.
    pub fails: bool,
}

impl Problem {
    /// A file that cannot be read.
    pub fn unreadable(file: FileId, error: &std::io::Error) -> Self {
        let span = Span::new(file, Range::empty(0));
        Self { span, message: format!("The file cannot be read: {error}."), fails: true }
    }
}

/// The assignments to [`NAMES`] and the docstring of a text.
pub fn head(text: &str) -> Header {
    static FOUND: LazyLock<header::Names<'static>> = LazyLock::new(|| header::Names::new(&NAMES));
    header::scan(text, &FOUND)
}

/// Reads the head of a file.
pub fn read(file: FileId, path: &Path, text: &str) -> Reading {
    let header = head(text);
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut problem = None;
    let revision = match revision(file, name, text, &header, &mut problem) {
        Ok(revision) => Some(revision),
        Err(failure) => {
            problem = Some(failure);
            None
        }
    };
    Reading { header, revision, problem }
}

fn revision(
    file: FileId,
    name: &str,
    text: &str,
    header: &Header,
    problem: &mut Option<Problem>,
) -> Result<Revision, Problem> {
    let fail = |range, message| Problem { span: Span::new(file, range), message, fails: true };
    let id = match header.get("revision") {
        Some(entry) => match &entry.value {
            HeaderValue::Text(text) => text.value.clone(),
            HeaderValue::None | HeaderValue::Many(_) => {
                return Err(fail(entry.value_range, "`revision` must be a string.".to_owned()));
            }
            HeaderValue::Other => return Err(computed(file, entry)),
            HeaderValue::Broken => return Err(fail(entry.name_range, half_typed("revision"))),
        },
        None => legacy_id(name).map(str::to_owned).ok_or_else(|| {
            let message = format!(
                "Could not determine revision id from filename {name}. Be sure the 'revision' \
                 variable is declared inside the script (please see 'Upgrading from Alembic 0.1 \
                 to 0.2' in the documentation)."
            );
            fail(first_line(text), message)
        })?,
    };
    let mut revision = Revision::new(id, file);
    let down = header.get("down_revision").ok_or_else(|| {
        let message = format!(
            "`down_revision` is not declared in {name}, and Alembic ends in an error over the whole \
             folder: write `down_revision = None` if this is a base."
        );
        let range = header.get("revision").map_or(first_line(text), |entry| entry.value_range);
        fail(range, message)
    })?;
    if matches!(down.value, HeaderValue::Broken) {
        return Err(fail(down.name_range, half_typed("down_revision")));
    }
    revision.down = references(file, &down.value);
    if let Some(entry) = header.get("depends_on") {
        revision.depends_on = references(file, &entry.value);
        // `Revision.dependencies` is the only item of a tuple, and Alembic asks whether that is true. An
        // empty `down_revision` is looked up all the same.
        if matches!(revision.depends_on.as_slice(), [only] if only.id.as_str().is_empty()) {
            revision.depends_on.clear();
        }
    }
    if let Some(entry) = header.get("branch_labels") {
        revision.labels = texts(&entry.value)
            .iter()
            .map(|text| Label::new(&*text.value, Some(Span::new(file, text.literal))))
            .collect();
    }
    *problem = (header.entries.iter())
        .find(|entry| matches!(entry.value, HeaderValue::Other))
        .map(|entry| computed(file, entry));
    if let Some(docstring) = &header.docstring {
        revision.doc = docstring.content.slice(text).unwrap_or_default().trim().to_owned();
        revision.title =
            revision.doc.split("\n\n").next().unwrap_or_default().replace("\r\n", "\n");
        revision.created = docstring.create_date.as_ref().map(|date| date.text.clone());
    }
    revision.spans = spans(file, header);
    Ok(revision)
}

fn spans(file: FileId, header: &Header) -> RevisionSpans {
    let place = |name: &str| match header.get(name) {
        Some(HeaderEntry { name_range, value_range, .. }) => Place {
            value: Some(Span::new(file, *value_range)),
            statement: Some(Span::new(file, name_range.cover(*value_range))),
        },
        None => Place::default(),
    };
    RevisionSpans {
        id: place("revision"),
        down: place("down_revision"),
        labels: place("branch_labels"),
        depends_on: place("depends_on"),
        doc: Place {
            value: header.docstring.as_ref().map(|doc| Span::new(file, doc.content)),
            statement: header.docstring.as_ref().map(|doc| Span::new(file, doc.literal)),
        },
    }
}

fn texts(value: &HeaderValue) -> &[HeaderText] {
    match value {
        HeaderValue::Text(text) => std::slice::from_ref(text),
        HeaderValue::Many(texts) => texts,
        HeaderValue::None | HeaderValue::Other | HeaderValue::Broken => &[],
    }
}

fn references(file: FileId, value: &HeaderValue) -> Vec<Reference> {
    let reference = |text: &HeaderText| {
        let id = RevisionId::new(&*text.value);
        Reference::new(id, Some(Span::new(file, text.literal)))
    };
    texts(value).iter().map(reference).collect()
}

/// `ab12.py` without a `revision` is revision `ab12`, as in Alembic 0.1.
fn legacy_id(name: &str) -> Option<&str> {
    let id = name.strip_suffix(".py")?;
    (!id.is_empty() && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
        .then_some(id)
}

fn first_line(text: &str) -> Range {
    Range::of(0, text.find(['\n', '\r']).unwrap_or(text.len()))
}

fn computed(file: FileId, entry: &HeaderEntry) -> Problem {
    let name = &entry.name;
    let message = format!("`{name}` is computed here, so its part in the history is not known.");
    Problem { span: Span::new(file, entry.value_range), message, fails: false }
}

fn half_typed(name: &str) -> String {
    format!("`{name}` is not complete.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(name: &str, text: &str) -> Reading {
        read(FileId(0), Path::new(name), text)
    }

    fn problem(name: &str, text: &str) -> String {
        read_text(name, text).problem.expect("a problem").message
    }

    #[test]
    fn a_revision_is_read_with_its_places() {
        let text = "\"\"\"add a table\n\nRevises: a\n\"\"\"\nrevision = 'b'\n\
                    down_revision = ('a', \"c\")\nbranch_labels = ['x']\n";
        let revision = read_text("b.py", text).revision.expect("loads");
        let downs: Vec<_> = revision.down.iter().map(|down| down.id.as_str()).collect();
        assert_eq!((revision.id.as_str(), downs), ("b", vec!["a", "c"]));
        assert_eq!(revision.title, "add a table");
        let span = revision.down[1].span.expect("a place");
        assert_eq!(span.range.slice(text), Some("\"c\""));
        assert_eq!(revision.labels[0].name, "x");
    }

    #[test]
    fn an_empty_dependency_is_none_and_an_empty_parent_is_one_that_is_missing() {
        let read = |down: &str, depends_on: &str| {
            let text =
                format!("revision = 'b'\ndown_revision = {down}\ndepends_on = {depends_on}\n");
            let revision = read_text("b.py", &text).revision.expect("loads");
            (revision.down.len(), revision.depends_on.len())
        };
        assert_eq!(read("'a'", "''"), (1, 0));
        assert_eq!(read("'a'", "('',)"), (1, 0));
        assert_eq!(read("'a'", "('', 'c')"), (1, 2));
        assert_eq!(read("''", "None"), (1, 0));
    }

    #[test]
    fn what_alembic_chokes_on_is_told_with_its_sentence() {
        let message = problem("notes.py", "x = 1\n");
        assert!(message.starts_with("Could not determine revision id from filename notes.py."));
        let message = problem("ab.py", "revision = 'b'\n");
        assert!(message.contains("down_revision = None"), "{message}");
        let legacy = read_text("ab12.py", "down_revision = None\n").revision.expect("legacy");
        assert_eq!(legacy.id.as_str(), "ab12");
    }

    #[test]
    fn a_parent_that_is_computed_is_not_guessed_and_the_revision_stays() {
        let reading = read_text("b.py", "revision = 'b'\ndown_revision = parent()\n");
        assert!(reading.revision.is_some());
        assert!(!reading.problem.expect("it is said").fails);
    }
}
