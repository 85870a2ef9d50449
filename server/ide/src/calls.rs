//! Revisions as callers and callees: a revision calls what it stands on, and is called by what stands
//! on it. So an editor's call hierarchy walks through ancestors and descendants.

use revline_analysis::{Project, Snapshot};
use revline_history::Node;
use revline_text::{FileId, Range, Span};

use crate::place::{pointed, target};
use crate::types::FilePosition;

/// A revision in a hierarchy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RevisionItem {
    /// The name of its environment.
    pub environment: String,
    /// Its identifier.
    pub id: String,
    /// The first line of its title.
    pub title: String,
    /// Where its identifier is declared.
    pub span: Span,
    /// The statement around that.
    pub statement: Range,
}

/// A neighbour, and where the reference to it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Neighbour {
    /// The neighbour.
    pub item: RevisionItem,
    /// Where the one that stands on the other names it, in its own file.
    pub named_at: Vec<Range>,
}

/// The revision under the caret: the one that a name in the head means.
pub fn revision_item(snapshot: &Snapshot, at: FilePosition) -> Option<RevisionItem> {
    let pointed = pointed(snapshot, at)?;
    let node = pointed.node(at.file)?;
    Some(item(&pointed.project, node))
}

/// What stands on a revision: its children, then what depends on it.
pub fn standing_on(snapshot: &Snapshot, environment: &str, id: &str) -> Option<Vec<Neighbour>> {
    let project = named(snapshot, environment)?;
    let history = project.history();
    let node = history.find(id)?;
    let children = history.children(node).iter().copied();
    let above = children.chain(history.dependents(node));
    let neighbour = |above| Neighbour {
        item: item(project, above),
        named_at: references(project, above, node),
    };
    Some(above.map(neighbour).collect())
}

/// What a revision stands on: its parents, then its dependencies.
pub fn stood_on(snapshot: &Snapshot, environment: &str, id: &str) -> Option<Vec<Neighbour>> {
    let project = named(snapshot, environment)?;
    let history = project.history();
    let node = history.find(id)?;
    let below = history.parents(node).iter().chain(history.dependencies(node));
    let neighbour = |below: &Node| Neighbour {
        item: item(project, *below),
        named_at: references(project, node, *below),
    };
    Some(below.map(neighbour).collect())
}

fn named<'a>(snapshot: &'a Snapshot, environment: &str) -> Option<&'a Project> {
    snapshot.projects().iter().find(|project| project.name() == environment).map(|one| &**one)
}

fn item(project: &Project, node: Node) -> RevisionItem {
    let history = project.history();
    let revision = &history[node];
    let span = target(history, node);
    RevisionItem {
        environment: project.name().to_owned(),
        id: revision.id.to_string(),
        title: revision.title.lines().next().unwrap_or_default().to_owned(),
        span,
        statement: revision.spans.id.statement.map_or(span.range, |statement| statement.range),
    }
}

/// Where one revision names another. A dependency may be named by a label.
fn references(project: &Project, above: Node, below: Node) -> Vec<Range> {
    let history = project.history();
    let (above, id) = (&history[above], &history[below].id);
    let file: FileId = above.file;
    let means = |name: &str| *id == *name || history.find_label(name) == Some(below);
    let all = above.down.iter().chain(&above.depends_on);
    let named = all.filter(|reference| means(reference.id.as_str()));
    let spans = named.filter_map(|reference| reference.span).filter(|span| span.file == file);
    spans.map(|span| span.range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::of;

    const TREE: &str = "
//- versions/a.py
revision = 'a'
down_revision = None
branch_labels = ('base_line',)
//- versions/b.py
'''second'''
revision = 'b$0'
down_revision = 'a'
//- versions/c.py
revision = 'c'
down_revision = 'b'
//- versions/d.py
revision = 'd'
down_revision = None
depends_on = ('base_line', 'b')
";

    fn shown(snapshot: &Snapshot, neighbours: Vec<Neighbour>, above: Option<&str>) -> Vec<String> {
        let line = |neighbour: Neighbour| {
            let project = &snapshot.projects()[0];
            let id = above.unwrap_or(&neighbour.item.id);
            let file = project.history()[project.history().find(id).unwrap()].file;
            let text = snapshot.text(file).unwrap();
            let named = neighbour.named_at.iter().map(|range| range.slice(text.as_str()).unwrap());
            format!("{} at {}", neighbour.item.id, named.collect::<Vec<_>>().join(" "))
        };
        neighbours.into_iter().map(line).collect()
    }

    #[test]
    fn a_revision_is_called_by_what_stands_on_it_and_calls_what_it_stands_on() {
        let (snapshot, at) = of(TREE);
        let item = revision_item(&snapshot, at).unwrap();
        assert_eq!((item.id.as_str(), item.title.as_str()), ("b", "second"));
        let up = standing_on(&snapshot, &item.environment, "b").unwrap();
        assert_eq!(shown(&snapshot, up, None), ["c at 'b'", "d at 'b'"]);
        let down = stood_on(&snapshot, &item.environment, "b").unwrap();
        assert_eq!(shown(&snapshot, down, Some("b")), ["a at 'a'"]);
        let by_label = standing_on(&snapshot, &item.environment, "a").unwrap();
        assert_eq!(shown(&snapshot, by_label, None), ["b at 'a'", "d at 'base_line'"]);
        assert_eq!(standing_on(&snapshot, &item.environment, "nowhere"), None);
    }
}
