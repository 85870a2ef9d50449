//! Lines over a revision file: where it stands in the history, and the way to its SQL.

use revline_analysis::{Place, Project, Sight, Snapshot};
use revline_history::Node;
use revline_text::{FileId, Range, Span};

use crate::document::of_revision;
use crate::place::{Role, mentions, target};
use crate::types::{Command, Lens, RunDeed};

/// The lenses of a revision file: its place in the chain, what it merges, who names it; over each of
/// its functions the document with its SQL.
pub fn lenses(snapshot: &Snapshot, file: FileId) -> Vec<Lens> {
    let mut lenses = Vec::new();
    let functions = snapshot.syntax(file).map(|source| source.functions()).unwrap_or_default();
    for project in snapshot.owners(file) {
        let graph = project.graph();
        let history = &graph.history;
        let Some(node) = graph.node(file) else { continue };
        let revision = &history[node];
        let at = target(history, node);
        let range = Range::empty(revision.spans.id.statement.map_or(0, |span| span.range.start()));
        let position = history.position(node);
        let heads = history.heads();
        let mut title = match (history.is_head(node), history.is_base(node)) {
            (true, _) if heads.len() > 1 => format!("one of {} heads", heads.len()),
            (true, _) => "head".to_owned(),
            (false, true) => "base".to_owned(),
            (false, false) => String::new(),
        };
        if history.is_merge_point(node) {
            let parents: Vec<&str> =
                history.parents(node).iter().map(|parent| history[*parent].id.as_str()).collect();
            join(&mut title, &format!("merge of {}", parents.join(" and ")));
        }
        if history.is_branch_point(node) {
            join(&mut title, &format!("branch point of {}", history.children(node).len()));
        }
        join(&mut title, &format!("{} of {}", position.place, position.of));
        if let Some(place) = project.applied().and_then(|applied| applied.place(node)) {
            let place = match place {
                Place::Current => "the database is here",
                Place::Applied => "applied",
                Place::Pending => "pending",
            };
            join(&mut title, place);
        }
        let places: Vec<Span> = mentions(snapshot, project, revision.id.as_str())
            .into_iter()
            .filter(|(span, one)| one.role != Role::Own && !one.in_docstring && span.file != file)
            .map(|(span, _)| span)
            .collect();
        let command = (!places.is_empty()).then_some(Command::ShowReferences { at, places });
        lenses.push(Lens { range, title, command });
        if history.is_real_head(node) && heads.len() > 1 {
            let revisions = heads.iter().map(|head| history[*head].id.to_string()).collect();
            let merge = Command::Merge { environment: project.name().to_owned(), revisions };
            lenses.push(Lens { range, title: "Merge heads".to_owned(), command: Some(merge) });
        }
        lenses.extend(of_database(project, node, range));
        for (name, downgrade) in [("upgrade", false), ("downgrade", true)] {
            let Some(function) = functions.iter().rfind(|function| &*function.name == name) else {
                continue;
            };
            let show = Command::ShowSql(of_revision(project, node, downgrade));
            let range = Range::empty(function.range.start());
            lenses.push(Lens { range, title: "SQL".to_owned(), command: Some(show) });
            lenses.extend(run(project, node, downgrade).map(|(title, deed, target)| {
                let environment = project.name().to_owned();
                let command = Some(Command::Run { environment, deed, target });
                Lens { range, title: title.to_owned(), command }
            }));
        }
    }
    lenses
}

/// What can be done about the database of a project as a whole, over a head.
fn of_database(project: &Project, node: Node, range: Range) -> Option<Lens> {
    let history = project.history();
    let database = project.database.as_ref().filter(|_| history.is_head(node))?;
    match &database.sight {
        Sight::Offered => {
            let title = format!("Connect to {}?", database.address);
            let command = Some(Command::Connect { environment: project.name().to_owned() });
            Some(Lens { range, title, command })
        }
        Sight::Refused { host, .. } => {
            let title = format!("Allow the host {host} and connect?");
            let command = Some(Command::Connect { environment: project.name().to_owned() });
            Some(Lens { range, title, command })
        }
        Sight::Closed(_) | Sight::Seen(_) => None,
    }
}

/// What a run from one of the functions of a revision does to the database: its title, the deed and
/// its target. None from `upgrade` where the revision is applied, none from `downgrade` where it is
/// not, nor from a merge, below which there is no one place.
fn run(project: &Project, node: Node, downgrade: bool) -> Option<(&'static str, RunDeed, String)> {
    let history = project.history();
    let is_applied = project.applied()?.place(node)? != Place::Pending;
    match (downgrade, is_applied, history[node].down.as_slice()) {
        (false, false, _) => {
            Some(("Upgrade to here", RunDeed::Upgrade, history[node].id.to_string()))
        }
        (true, true, []) => {
            Some(("Downgrade to before this", RunDeed::Downgrade, "base".to_owned()))
        }
        (true, true, [parent]) => {
            Some(("Downgrade to before this", RunDeed::Downgrade, parent.id.to_string()))
        }
        (false, true, _) | (true, ..) => None,
    }
}

fn join(title: &mut String, more: &str) {
    if !title.is_empty() {
        title.push_str(" · ");
    }
    title.push_str(more);
}
