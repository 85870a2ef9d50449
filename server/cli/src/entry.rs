//! One revision as Alembic 1.20.1 prints it (`alembic.script.base.Script`), and as JSON.

use revline_analysis::Project;
use revline_history::{History, Node, RevisionId};
use serde_json::{Value, json};

use crate::project::Opened;

/// What stands in a line beside the identifier.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parts {
    /// The branch labels.
    pub(crate) labels: bool,
    /// The first paragraph of the docstring.
    pub(crate) title: bool,
    /// `parents -> ` before the identifier.
    pub(crate) parents: bool,
    /// `(branchpoint)` and `(mergepoint)`.
    pub(crate) places: bool,
    /// `(current)`, for a row of the version table.
    pub(crate) current: bool,
}

/// The revisions of one environment, ready to be printed.
#[derive(Clone, Copy)]
pub(crate) struct Entries<'a> {
    opened: &'a Opened,
    project: &'a Project,
}

impl<'a> Entries<'a> {
    pub(crate) fn new(opened: &'a Opened, project: &'a Project) -> Self {
        Self { opened, project }
    }

    /// The history that they are of.
    pub(crate) fn history(&self) -> &'a History {
        self.project.history()
    }

    /// The line of `heads` and `history`, without a line break of its own.
    pub(crate) fn line(&self, node: Node, parts: Parts) -> String {
        let history = self.history();
        let revision = &history[node];
        let mut text = String::new();
        if parts.parents {
            text.push_str(&self.parents(node));
            if !revision.depends_on.is_empty() {
                text.push_str(&format!(" ({})", self.dependencies(node)));
            }
            text.push_str(" -> ");
        }
        text.push_str(revision.id.as_str());
        if parts.labels {
            let labels: Vec<&str> = history.labels(node).collect();
            if !labels.is_empty() {
                text.push_str(&format!(" ({})", labels.join(", ")));
            }
        }
        if history.is_real_head(node) {
            text.push_str(" (head)");
        } else if history.is_head(node) {
            text.push_str(" (effective head)");
        }
        if parts.current {
            text.push_str(" (current)");
        }
        if parts.places {
            if history.is_branch_point(node) {
                text.push_str(" (branchpoint)");
            }
            if history.is_merge_point(node) {
                text.push_str(" (mergepoint)");
            }
        }
        if parts.title {
            text.push_str(&format!(", {}", revision.title));
        }
        text
    }

    /// The block of `show` and of `-v`, which ends in a line break of its own.
    pub(crate) fn block(&self, node: Node) -> String {
        self.block_of(node, false)
    }

    /// The same, with a mark on what the database is at.
    pub(crate) fn block_of(&self, node: Node, current: bool) -> String {
        let history = self.history();
        let revision = &history[node];
        let mark = |holds: bool, text: &'static str| if holds { text } else { "" };
        let merges = history.is_merge_point(node);
        let mut text = format!(
            "Rev: {}{}{}{}{}\n{}: {}\n",
            revision.id,
            mark(history.is_head(node), " (head)"),
            mark(history.is_branch_point(node), " (branchpoint)"),
            mark(merges, " (mergepoint)"),
            mark(current, " (current)"),
            if merges { "Merges" } else { "Parent" },
            self.parents(node),
        );
        if !revision.depends_on.is_empty() {
            text.push_str(&format!("Also depends on: {}\n", self.dependencies(node)));
        }
        if history.is_branch_point(node) {
            let children = history.children(node).iter().map(|child| &history[*child].id);
            text.push_str(&format!("Branches into: {}\n", comma(children)));
        }
        let labels: Vec<&str> = history.labels(node).collect();
        if !labels.is_empty() {
            text.push_str(&format!("Branch names: {}\n", labels.join(", ")));
        }
        text.push_str(&format!("Path: {}\n\n", self.opened.real_path(revision.file).display()));
        let lines: Vec<String> =
            lines(&revision.doc).iter().map(|line| format!("    {line}")).collect();
        text.push_str(&lines.join("\n"));
        text.push('\n');
        text
    }

    /// Everything about a revision, for programs.
    pub(crate) fn json(&self, node: Node) -> Value {
        let history = self.history();
        let revision = &history[node];
        let ids = |ids: Vec<&RevisionId>| -> Vec<String> {
            ids.into_iter().map(ToString::to_string).collect()
        };
        json!({
            "environment": self.project.name(),
            "revision": revision.id.as_str(),
            "parents": ids(revision.down.iter().map(|parent| &parent.id).collect()),
            "depends_on": ids(revision.depends_on.iter().map(|one| &one.id).collect()),
            "children": ids(history.children(node).iter().map(|child| &history[*child].id).collect()),
            "labels": history.labels(node).collect::<Vec<_>>(),
            "head": history.is_head(node),
            "effective_head": history.is_head(node) && !history.is_real_head(node),
            "base": history.is_base(node),
            "branch_point": history.is_branch_point(node),
            "merge_point": history.is_merge_point(node),
            "title": revision.title,
            "created": revision.created,
            "file": self.opened.real_path(revision.file),
        })
    }

    fn parents(&self, node: Node) -> String {
        let down = &self.history()[node].down;
        if down.is_empty() {
            "<base>".to_owned()
        } else {
            comma(down.iter().map(|parent| &parent.id))
        }
    }

    fn dependencies(&self, node: Node) -> String {
        comma(self.history()[node].depends_on.iter().map(|one| &one.id))
    }
}

fn comma<'a>(ids: impl Iterator<Item = &'a RevisionId>) -> String {
    ids.map(RevisionId::as_str).collect::<Vec<_>>().join(", ")
}

/// Lines as Python's `str.splitlines` parts them: more characters end a line than in Rust.
fn lines(text: &str) -> Vec<&str> {
    const ENDS: [char; 10] = [
        '\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}',
        '\u{2029}',
    ];
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(ENDS) {
        let (line, end) = rest.split_at(at);
        lines.push(line);
        let mut after = end.chars();
        if after.next() == Some('\r') && end.starts_with("\r\n") {
            after.next();
        }
        rest = after.as_str();
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_python_ends_them() {
        assert_eq!(lines("a\r\nb\u{2028}c\n\nd\n"), ["a", "b", "c", "", "d"]);
        assert!(lines("").is_empty());
    }
}
