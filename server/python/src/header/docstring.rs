//! The lines that Alembic's template writes into a revision's docstring.

use revline_text::Range;

use super::{DocItem, Docstring};

/// Reads a docstring given by its literal and its content.
pub(super) fn read(text: &str, literal: Range, content: Range) -> Docstring {
    let mut docstring = Docstring {
        literal,
        content,
        revision_id: None,
        revises: None,
        revises_range: None,
        create_date: None,
    };
    let mut at = content.start() as usize;
    for line in content.slice(text).unwrap_or_default().split_inclusive('\n') {
        if let Some(item) = labelled(line, at, "Revision ID:") {
            docstring.revision_id.get_or_insert(item);
        } else if let Some(item) = labelled(line, at, "Create Date:") {
            docstring.create_date.get_or_insert(item);
        } else if let Some(item) = labelled(line, at, "Revises:")
            && docstring.revises.is_none()
        {
            docstring.revises = Some(split(&item));
            docstring.revises_range = Some(item.range);
        }
        at += line.len();
    }
    docstring.revision_id = docstring.revision_id.filter(|item| !item.text.is_empty());
    docstring.create_date = docstring.create_date.filter(|item| !item.text.is_empty());
    docstring
}

/// What follows `label` on a line that starts at byte `at`.
fn labelled(line: &str, at: usize, label: &str) -> Option<DocItem> {
    let rest = line.trim_start().strip_prefix(label)?;
    let text = rest.trim();
    let start = at + line.len() - rest.trim_start().len();
    // Without a word the place is right behind the colon.
    let start = if text.is_empty() { at + line.len() - rest.len() } else { start };
    Some(DocItem { text: text.to_owned(), range: Range::of(start, start + text.len()) })
}

fn split(list: &DocItem) -> Vec<DocItem> {
    let mut items = Vec::new();
    let mut at = list.range.start() as usize;
    for part in list.text.split(',') {
        let text = part.trim();
        if !text.is_empty() {
            let start = at + part.len() - part.trim_start().len();
            let range = Range::of(start, start + text.len());
            items.push(DocItem { text: text.to_owned(), range });
        }
        at += part.len() + 1;
    }
    items
}
