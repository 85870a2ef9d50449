//! What a caret stands on in the head of a revision file.

use std::sync::Arc;

use revline_analysis::{Project, Snapshot};
use revline_history::{History, Node};
use revline_python::header::HeaderText;
use revline_python::{Header, HeaderValue};
use revline_text::{FileId, Range, Span};

use crate::types::FilePosition;

/// What a written name is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// `revision = "…"`, or `Revision ID:` in the docstring.
    Own,
    /// A parent, in `down_revision` or in `Revises:`.
    Parent,
    /// In `depends_on`: an identifier or a label.
    Dependency,
    /// In `branch_labels`.
    Label,
}

/// A name in the head of a revision file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Written {
    pub(crate) role: Role,
    /// The name.
    pub(crate) name: String,
    /// Its letters, without quotes.
    pub(crate) range: Range,
    /// Whether replacing the letters replaces the name: no escapes, no constant in between.
    pub(crate) plain: bool,
    /// Whether it stands in the docstring.
    pub(crate) in_docstring: bool,
}

/// Every name in the head of a file, in the order of the file's parts.
pub(crate) fn written(header: &Header) -> Vec<Written> {
    let mut found = Vec::new();
    for entry in &header.entries {
        let role = match entry.name.as_str() {
            "revision" => Role::Own,
            "down_revision" => Role::Parent,
            "depends_on" => Role::Dependency,
            "branch_labels" => Role::Label,
            _ => continue,
        };
        let texts: &[HeaderText] = match &entry.value {
            HeaderValue::Text(text) => std::slice::from_ref(text),
            HeaderValue::Many(texts) => texts,
            HeaderValue::None | HeaderValue::Other | HeaderValue::Broken => &[],
        };
        found.extend(texts.iter().map(|text| Written {
            role,
            name: text.value.clone(),
            range: text.content,
            plain: text.plain && !text.named,
            in_docstring: false,
        }));
    }
    if let Some(doc) = &header.docstring {
        let items = doc.revision_id.iter().map(|item| (Role::Own, item));
        let revises = doc.revises.iter().flatten().map(|item| (Role::Parent, item));
        found.extend(items.chain(revises).map(|(role, item)| Written {
            role,
            name: item.text.clone(),
            range: item.range,
            plain: true,
            in_docstring: true,
        }));
    }
    found
}

/// A caret on a name.
pub(crate) struct Pointed {
    pub(crate) project: Arc<Project>,
    pub(crate) written: Written,
}

/// The name under a caret, in the first environment that the file belongs to.
pub(crate) fn pointed(snapshot: &Snapshot, at: FilePosition) -> Option<Pointed> {
    let project = snapshot.owners(at.file).next()?.clone();
    let header = snapshot.header(at.file)?;
    let written = written(&header).into_iter().find(|one| one.range.touches(at.offset))?;
    Some(Pointed { project, written })
}

impl Pointed {
    /// The revision that the name means: its own, a parent, or the one that declares the label.
    pub(crate) fn node(&self, file: FileId) -> Option<Node> {
        let graph = self.project.graph();
        let history = &graph.history;
        match self.written.role {
            Role::Own if !self.written.in_docstring => graph.node(file),
            Role::Own | Role::Parent => history.find(&self.written.name),
            Role::Dependency => {
                history.find(&self.written.name).or_else(|| history.find_label(&self.written.name))
            }
            Role::Label => history.find_label(&self.written.name),
        }
    }
}

/// Where a revision is shown: the letters of its identifier, else the start of its file.
pub(crate) fn target(history: &History, node: Node) -> Span {
    let revision = &history[node];
    revision.spans.id.value.unwrap_or_else(|| Span::new(revision.file, Range::empty(0)))
}

/// Every place where a revision's identifier is written: the files that name it, and its own.
pub(crate) fn mentions(snapshot: &Snapshot, project: &Project, id: &str) -> Vec<(Span, Written)> {
    let history = project.history();
    let Some(node) = history.find(id) else { return Vec::new() };
    let mut files: Vec<FileId> = vec![history[node].file];
    let declared = history.revisions().iter();
    files.extend(
        declared
            .filter(|revision| {
                revision.down.iter().chain(&revision.depends_on).any(|reference| reference.id == id)
                    || revision.doc.contains(id)
            })
            .map(|revision| revision.file),
    );
    files.sort_unstable();
    files.dedup();
    let mut found = Vec::new();
    for file in files {
        let Some(header) = snapshot.header(file) else { continue };
        for one in written(&header) {
            if one.name == id && one.role != Role::Label {
                found.push((Span::new(file, one.range), one));
            }
        }
    }
    found
}
