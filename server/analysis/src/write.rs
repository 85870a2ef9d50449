//! New revisions, merges and moved parents, as changes that nobody has made yet.

use std::path::PathBuf;

use jiff::Zoned;
use revline_frameworks::alembic::config::Config;
pub use revline_frameworks::alembic::config::Hook;
use revline_frameworks::alembic::write::{
    self, ExistingFile, NewRevision, Repoint, merge_message, renamed,
};
pub use revline_frameworks::alembic::write::{NewFile, WriteError};
use revline_history::{Node, RevisionId};
use revline_python::Header;
use revline_text::{Annotation, Edit, FileId, Range, RenameFile, SourceChange};

use crate::{Project, Snapshot};

/// The moment and the chance that a new file needs; given by the caller, so that what is computed
/// here stays a function of its arguments.
#[derive(Clone, Debug)]
pub struct Now {
    /// The moment, in the time zone of the machine.
    pub moment: Zoned,
    /// Random bits for an identifier.
    pub random: u128,
}

/// What a new revision is to be.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Its message; for a merge, Alembic's own where there is none.
    pub message: Option<String>,
    /// Its parents; none for a base.
    pub parents: Vec<Node>,
    /// Its identifier; else the project's habit decides.
    pub rev_id: Option<String>,
    /// Identifiers or labels that it depends on.
    pub depends_on: Vec<String>,
    /// Its branch labels.
    pub labels: Vec<String>,
    /// The version folder, where there are several.
    pub version_path: Option<PathBuf>,
    /// Whether a parent that is no head is meant.
    pub splice: bool,
}

/// The file of a new revision. Errors in Alembic's words where it has them: a parent that is no
/// head, several version folders, an identifier that is taken.
pub fn new_revision(
    snapshot: &Snapshot,
    project: &Project,
    wanted: &Wanted,
    now: &Now,
) -> Result<NewFile, WriteError> {
    let history = project.history();
    if !wanted.splice
        && let Some(parent) = wanted.parents.iter().find(|parent| !history.is_head(**parent))
    {
        return Err(WriteError(format!(
            "Revision {} is not a head revision; please specify --splice to create a new branch \
             from this revision",
            history[*parent].id
        )));
    }
    let down: Vec<String> =
        wanted.parents.iter().map(|parent| history[*parent].id.to_string()).collect();
    let request = NewRevision {
        message: wanted.message.clone(),
        rev_id: wanted.rev_id.clone(),
        down,
        depends_on: wanted.depends_on.clone(),
        labels: wanted.labels.clone(),
        version_path: wanted.version_path.clone(),
        upgrades: None,
        downgrades: None,
        imports: None,
        now: now.moment.clone(),
        random_id: format!("{:012x}", now.random & 0xffff_ffff_ffff),
    };
    let existing: Vec<ExistingFile> = history
        .revisions()
        .iter()
        .map(|revision| ExistingFile {
            id: revision.id.to_string(),
            path: snapshot.files().path(revision.file).to_path_buf(),
            created: revision.created.clone(),
        })
        .collect();
    let standard = Config::default();
    let config = project.environment.config().unwrap_or(&standard);
    write::new_revision(&request, snapshot.files(), &project.environment, config, &existing)
}

/// The file of a revision that merges `heads`.
pub fn merge(
    snapshot: &Snapshot,
    project: &Project,
    heads: &[Node],
    message: Option<String>,
    rev_id: Option<String>,
    now: &Now,
) -> Result<NewFile, WriteError> {
    let history = project.history();
    let ids: Vec<String> = heads.iter().map(|head| history[*head].id.to_string()).collect();
    let wanted = Wanted {
        message: Some(message.unwrap_or_else(|| merge_message(&ids))),
        parents: heads.to_vec(),
        rev_id,
        // The first head's folder, as a person would choose it.
        version_path: (project.environment.version_dirs.len() > 1)
            .then(|| heads.first().map(|head| snapshot.files().path(history[*head].file)))
            .flatten()
            .and_then(|path| path.parent().map(PathBuf::from)),
        ..Wanted::default()
    };
    new_revision(snapshot, project, &wanted, now)
}

/// Moves a revision, and with it everything above it, from its parent `from` onto `onto`: the
/// `down_revision` and the docstring's `Revises:` line. `None` where the file cannot be read, the
/// parent is not written as a literal, or nothing would change.
pub fn reparent(
    snapshot: &Snapshot,
    project: &Project,
    revision: Node,
    from: Option<Node>,
    onto: Node,
) -> Option<SourceChange> {
    let history = project.history();
    let file = history[revision].file;
    let text = snapshot.text(file)?;
    let header = snapshot.header(file)?;
    let places = places(&header)?;
    let new = history[onto].id.to_string();
    let edits = match from {
        Some(from) if history.parents(revision).len() > 1 => {
            write::replace_parent(text.as_str(), &places, history[from].id.as_str(), &new)
        }
        _ => write::repoint(text.as_str(), &places, &[new]),
    };
    (!edits.is_empty()).then(|| SourceChange::edit(file, edits))
}

/// Where a file writes its parents.
pub fn places(header: &Header) -> Option<Repoint> {
    let entry = header.get("down_revision")?;
    let doc = header.docstring.as_ref();
    Some(Repoint {
        down_revision: entry.value_range,
        revises: doc.and_then(|doc| doc.revises_range),
    })
}

/// Gives a revision another identifier everywhere: its own file, the files that name it, the
/// docstrings, and the file's name where it holds the identifier. Errors say why the identifier
/// cannot be used.
pub fn rename(
    snapshot: &Snapshot,
    project: &Project,
    revision: Node,
    new: &str,
) -> Result<SourceChange, WriteError> {
    let history = project.history();
    let old = history[revision].id.clone();
    if new.is_empty() {
        return Err(WriteError("The identifier of a revision cannot be empty".to_owned()));
    }
    let forbidden: Vec<String> = ['@', '-', '+', ':']
        .into_iter()
        .filter(|char| new.contains(*char))
        .map(|char| format!("'{char}'"))
        .collect();
    if !forbidden.is_empty() {
        return Err(WriteError(format!(
            "Character(s) {} not allowed in revision identifier '{new}'",
            forbidden.join(", ")
        )));
    }
    if new.chars().count() > 32 {
        return Err(WriteError(format!(
            "'{new}' is longer than the 32 characters that alembic_version can hold"
        )));
    }
    if new.contains(['"', '\'', '\\']) || new.chars().any(char::is_control) {
        return Err(WriteError(format!("{new:?} cannot be written as an identifier")));
    }
    if history.find(new).is_some() || history.find_label(new).is_some() {
        return Err(WriteError(format!("Revision {new} is there already")));
    }
    let mut change = SourceChange::default();
    for heading_file in project.files.iter() {
        if !mentions(project, *heading_file, &old) {
            continue;
        }
        let Some(header) = snapshot.header(*heading_file) else { continue };
        let ranges = ranges_of(&header, &old);
        if ranges.is_empty() {
            continue;
        }
        let Some(text) = snapshot.text(*heading_file) else { continue };
        for edit in write::replace_id(text.as_str(), &ranges, old.as_str(), new) {
            change.push(*heading_file, Edit::replace(edit.range, edit.text));
        }
    }
    let file = history[revision].file;
    let path = snapshot.files().path(file);
    if let Some(to) = renamed(&path, old.as_str(), new) {
        change.renames.push(RenameFile { file, to });
    }
    change.annotation = Some(Annotation {
        label: format!("Rename revision {old} to {new}"),
        description: format!(
            "Databases that are at {old} still say so: after this change Alembic cannot locate it \
             there. Downgrade them before, or update their version table by hand."
        ),
    });
    Ok(change)
}

/// Whether a file's revision names an identifier, so that its head is worth reading again.
fn mentions(project: &Project, file: FileId, id: &RevisionId) -> bool {
    let heading = project.heading(file).and_then(|heading| heading.revision.as_ref());
    heading.is_some_and(|revision| {
        let referred = revision.down.iter().chain(&revision.depends_on).any(|one| one.id == *id);
        revision.id == *id || referred || revision.doc.contains(id.as_str())
    })
}

/// The places in a file's head that may hold an identifier, where it does.
fn ranges_of(header: &Header, id: &RevisionId) -> Vec<Range> {
    let names = ["revision", "down_revision", "depends_on"];
    let entries = names.iter().filter_map(|name| header.get(name));
    let mut ranges: Vec<Range> = entries
        .filter(|entry| {
            use revline_python::HeaderValue::{Broken, Many, None, Other, Text};
            match &entry.value {
                Text(text) => text.value == id.as_str(),
                Many(texts) => texts.iter().any(|text| text.value == id.as_str()),
                None | Other | Broken => false,
            }
        })
        .map(|entry| entry.value_range)
        .collect();
    if let Some(doc) = &header.docstring {
        let own = doc.revision_id.iter().filter(|item| item.text == id.as_str());
        let parents = doc.revises.iter().flatten().filter(|item| item.text == id.as_str());
        ranges.extend(own.chain(parents).map(|item| item.range));
    }
    ranges
}

/// A side of a fork that moved.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The first revision of the side: the one whose parent changed.
    pub first: Node,
    /// Everything that moved with it, oldest first.
    pub side: Vec<Node>,
    /// The edits.
    pub change: SourceChange,
}

/// Moves the side of `revision` onto `onto`: the revisions that only `revision` has, seen from where
/// the two lineages part, follow `onto` from now on. Errors say why that is not possible.
pub fn rebase(
    snapshot: &Snapshot,
    project: &Project,
    revision: Node,
    onto: Node,
) -> Result<Moved, WriteError> {
    let history = project.history();
    let fork = history.fork_of(revision, onto);
    let (id, target) = (&history[revision].id, &history[onto].id);
    let Some(first) = fork.left.first().copied() else {
        return Err(WriteError(format!("{target} follows {id} already")));
    };
    if fork.right.is_empty() {
        return Err(WriteError(format!("{id} follows {target} already")));
    }
    // A side that was merged from several lines has more than one beginning.
    let outside = |node: &Node| !fork.left.contains(node);
    let begins: Vec<Node> = fork
        .left
        .iter()
        .copied()
        .filter(|node| {
            let parents = history.parents(*node);
            parents.is_empty() || parents.iter().any(outside)
        })
        .collect();
    if begins.len() > 1 {
        let names: Vec<&str> = begins.iter().map(|node| history[*node].id.as_str()).collect();
        return Err(WriteError(format!(
            "The side of {id} begins in several places ({}): merge the heads, or move one by one",
            names.join(", ")
        )));
    }
    let from = history.parents(first).iter().copied().find(outside);
    let mut change = reparent(snapshot, project, first, from, onto).ok_or_else(|| {
        WriteError(format!("The parent of {} cannot be rewritten", history[first].id))
    })?;
    change.annotation = Some(Annotation {
        label: format!("Move {} onto {target}", history[first].id),
        description: format!(
            "Databases that ran {} but not {target} have to be downgraded below it before.",
            history[first].id
        ),
    });
    Ok(Moved { first, side: fork.left, change })
}
