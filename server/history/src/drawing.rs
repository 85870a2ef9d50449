//! Histories as text, for tests: a line is `id <- parents needs dependencies labels names`, in load
//! order, and everything but the identifier may be left out.

use revline_text::FileId;

use crate::{Defect, History, Label, Node, Reference, Revision};

/// The history of a text.
pub(crate) fn history(text: &str) -> History {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    History::build(lines.map(revision))
}

fn revision(line: &str) -> Revision {
    let mut words = line.split_whitespace();
    let mut revision = Revision::new(words.next().unwrap(), FileId(0));
    let mut part = "";
    for word in words {
        match (part, word) {
            (_, "<-" | "needs" | "labels") => part = word,
            ("<-", id) => revision.down.push(Reference::new(id, None)),
            ("needs", id) => revision.depends_on.push(Reference::new(id, None)),
            ("labels", name) => revision.labels.push(Label::new(name, None)),
            _ => panic!("unreadable: {line}"),
        }
    }
    revision
}

/// The identifiers of nodes.
pub(crate) fn ids(history: &History, nodes: &[Node]) -> String {
    history.texts(nodes).join(" ")
}

/// The defects of a history, one a line, and what Alembic would say.
pub(crate) fn defects(history: &History) -> String {
    let id = |node: &Node| history[*node].id.as_str();
    let path = |nodes: &[Node]| nodes.iter().map(id).collect::<Vec<_>>().join(" -> ");
    let mut text = String::new();
    for defect in history.defects() {
        text += &match defect {
            Defect::DuplicateId { id, revisions } => format!("{id} is there {}x", revisions.len()),
            Defect::MissingParent { revision, reference } => {
                format!("{}: no parent {}", id(revision), history[*revision].down[*reference].id)
            }
            Defect::MissingDependency { revision, reference } => {
                let on = &history[*revision].depends_on[*reference].id;
                format!("{}: no dependency {on}", id(revision))
            }
            Defect::SelfLoop { revision, .. } => format!("{} is its own parent", id(revision)),
            Defect::DependencySelfLoop { revision, .. } => {
                format!("{} depends on itself", id(revision))
            }
            Defect::Cycle { path: nodes } => format!("cycle {}", path(nodes)),
            Defect::DependencyCycle { path: nodes } => format!("dependency cycle {}", path(nodes)),
            Defect::LabelTwice { revision, label, first } => {
                let label = &history[*revision].labels[*label].name;
                format!("{}: label {label} is of {}", id(revision), id(first))
            }
            Defect::BadCharacters { revision, characters } => {
                format!("{} holds {characters:?}", id(revision))
            }
        };
        text.push('\n');
    }
    if let Err(error) = history.check() {
        text += &format!("FAILED: {error}\n");
    }
    text + &format!("heads {}\n", ids(history, history.heads()))
        + &format!("bases {}\n", ids(history, history.bases()))
        + &format!("order {}\n", ids(history, &history.newest_first()))
}
