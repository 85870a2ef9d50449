//! What is lost when revision files go away.

use std::collections::HashSet;
use std::path::Path;

use revline_analysis::{Project, Snapshot};
use revline_history::Node;
use revline_text::FileId;

/// Named at most; the rest is counted.
const NAMED: usize = 3;

/// The revision files that are `path`, or lie below it.
pub fn revision_files(snapshot: &Snapshot, path: &Path) -> Vec<FileId> {
    let files = snapshot.files();
    let mut found: Vec<FileId> = snapshot
        .known_paths()
        .filter(|one| one.starts_with(path))
        .map(|one| files.id(&one))
        .collect();
    found.sort_unstable();
    found
}

/// Whether a revision file would be read as one under another path as well: the identifier is in the
/// file and not in its name, so that moving it there changes nothing.
pub fn stays_a_revision(snapshot: &Snapshot, file: FileId, to: &Path) -> bool {
    let is_python = to.extension().is_some_and(|extension| extension == "py");
    is_python
        && snapshot.owners(file).all(|project| {
            let folders = &project.environment.version_dirs;
            let from = snapshot.files().path(file);
            // Below a version folder Alembic looks only where it was told to look deeper.
            let deep = folders
                .iter()
                .any(|folder| from.parent() != Some(&**folder) && from.starts_with(folder));
            folders
                .iter()
                .any(|folder| to.parent() == Some(&**folder) || (deep && to.starts_with(folder)))
        })
}

/// A sentence for each revision that others stand on and that goes away with these files, while the
/// others stay.
pub fn leaving(snapshot: &Snapshot, files: &[FileId]) -> Vec<String> {
    snapshot.projects().iter().flat_map(|project| of_project(project, files)).collect()
}

fn of_project(project: &Project, files: &[FileId]) -> Vec<String> {
    let graph = project.graph();
    let history = &graph.history;
    let mut gone: Vec<Node> = files.iter().filter_map(|file| graph.node(*file)).collect();
    gone.retain(|node| history.counts(*node));
    let all: HashSet<Node> = gone.iter().copied().collect();
    let sentence = |node: &Node| {
        let children = history.children(*node).iter().copied();
        let above = children.chain(history.dependents(*node));
        let left: Vec<&str> =
            above.filter(|one| !all.contains(one)).map(|one| history[one].id.as_str()).collect();
        if left.is_empty() {
            return None;
        }
        let mut named = left.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        if left.len() > NAMED {
            named.push_str(&format!(" and {} more", left.len() - NAMED));
        }
        let verb = if left.len() == 1 { "stands" } else { "stand" };
        let id = &history[*node].id;
        Some(format!("{named} {verb} on {id}, which goes away: Alembic will not find it."))
    };
    gone.iter().filter_map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::of;

    #[test]
    fn only_revisions_that_others_are_left_on_are_told() {
        let (snapshot, _) = of("
//- versions/a.py
revision = 'a'$0
down_revision = None
//- versions/b.py
revision = 'b'
down_revision = 'a'
//- versions/c.py
revision = 'c'
down_revision = 'b'
");
        let file =
            |name: &str| snapshot.files().id(Path::new(&format!("/project/versions/{name}.py")));
        let told = |names: &[&str]| {
            leaving(&snapshot, &names.iter().map(|name| file(name)).collect::<Vec<_>>())
        };
        assert_eq!(told(&["b"]), ["c stands on b, which goes away: Alembic will not find it."]);
        assert_eq!(told(&["b", "c"]), [""; 0]);
        assert_eq!(told(&["c"]), [""; 0]);
        let folder = Path::new("/project/versions");
        assert_eq!(revision_files(&snapshot, folder).len(), 3);
        assert_eq!(leaving(&snapshot, &revision_files(&snapshot, folder)), [""; 0]);
        assert!(stays_a_revision(&snapshot, file("a"), &folder.join("other_name.py")));
        assert!(!stays_a_revision(&snapshot, file("a"), &folder.join("a.txt")));
        assert!(!stays_a_revision(&snapshot, file("a"), Path::new("/project/a.py")));
        assert!(!stays_a_revision(&snapshot, file("a"), &folder.join("deeper/a.py")));
    }
}
