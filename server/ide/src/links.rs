//! Links in a revision file: from names in its head to the files of those revisions, and from
//! suppression comments to the pages of the rules.

use revline_analysis::Snapshot;
use revline_text::{FileId, Range};

use crate::place::{Pointed, Role, written};

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkTarget {
    /// A file.
    File(FileId),
    /// The page of a rule.
    Rule(String),
}

/// A link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The bytes that are underlined.
    pub range: Range,
    /// Where it leads.
    pub target: LinkTarget,
    /// What a person reads before following it.
    pub tooltip: String,
}

/// The links of a revision file. A name that leads to the file itself is none.
pub fn links(snapshot: &Snapshot, file: FileId) -> Vec<Link> {
    let mut links = Vec::new();
    let (Some(project), Some(header)) = (snapshot.owners(file).next(), snapshot.header(file))
    else {
        return links;
    };
    let history = project.history();
    for one in written(&header) {
        if one.role == Role::Label {
            continue;
        }
        let range = one.range;
        let pointed = Pointed { project: project.clone(), written: one };
        let Some(node) = pointed.node(file) else { continue };
        let revision = &history[node];
        if revision.file != file {
            let title = revision.title.lines().next().unwrap_or_default();
            let tooltip = format!("{} {title}", revision.id).trim_end().to_owned();
            links.push(Link { range, target: LinkTarget::File(revision.file), tooltip });
        }
    }
    let Some(text) = snapshot.text(file) else { return links };
    for (name, range) in revline_lint::allowed(&text) {
        if revline_lint::rule(&name).is_some() {
            let tooltip = format!("What {name} finds");
            links.push(Link { range, target: LinkTarget::Rule(name), tooltip });
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::of;

    #[test]
    fn names_of_other_revisions_and_of_rules_are_links() {
        let (snapshot, at) = of("
//- versions/a.py
'''first'''
revision = 'a'
down_revision = None
//- versions/b.py
'''second

Revision ID: b
Revises: a
'''
revision = 'b'$0  # revline: ignore[multiple-heads, no-rule]
down_revision = 'a'
depends_on = 'nowhere'
");
        let text = snapshot.text(at.file).unwrap();
        let shown = links(&snapshot, at.file).into_iter().map(|link| {
            let target = match &link.target {
                LinkTarget::File(file) => {
                    snapshot.files().path(*file).file_name().unwrap().to_string_lossy().into_owned()
                }
                LinkTarget::Rule(name) => format!("rule {name}"),
            };
            let at = text.line_of(link.range.start()) + 1;
            format!(
                "{at} {} -> {target}: {}",
                link.range.slice(text.as_str()).unwrap(),
                link.tooltip
            )
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                "7 a -> a.py: a first",
                "4 a -> a.py: a first",
                "6 multiple-heads -> rule multiple-heads: What multiple-heads finds",
            ]
        );
    }
}
