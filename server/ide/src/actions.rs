//! What can be done about the place under the caret.

use revline_analysis::write::{self, Now, Wanted};
use revline_analysis::{Project, Snapshot};
use revline_history::Node;
use revline_lint::Finding;
use revline_text::{FileId, Range, SourceChange};

use crate::types::{Action, ActionKind, Command, Later, Made, Work};

/// The message of a revision that an action begins.
pub const NEW: &str = "new revision";

/// The fixes of the findings that touch `range`, the merge of conflicting heads, and a new revision
/// on a head. What writes a new file is worked out by [`resolve`] once it is chosen.
pub fn actions(
    snapshot: &Snapshot,
    file: FileId,
    range: Range,
    findings: &[Finding],
) -> Vec<Action> {
    let mut actions = Vec::new();
    let touched = findings.iter().filter(|finding| finding.span.range.intersects(range));
    for finding in touched.clone() {
        if finding.rule == "multiple-heads" {
            let project =
                snapshot.owners(file).find(|project| project.name() == finding.environment);
            actions.extend(project.and_then(|project| merge_heads(project, finding)));
        }
        if finding.rule == "model-drift" {
            actions.push(Action {
                mends: vec![(finding.rule, finding.span)],
                ..from_models(&finding.environment, ActionKind::QuickFix)
            });
        }
        for fix in &finding.fixes {
            actions.push(Action {
                title: fix.title.clone(),
                kind: ActionKind::QuickFix,
                preferred: fix.safety == revline_lint::Safety::Safe,
                work: Work::Done(Made {
                    change: fix.change.clone(),
                    opens: None,
                    notes: Vec::new(),
                }),
                mends: vec![(finding.rule, finding.span)],
            });
        }
    }
    actions.extend(allow(snapshot, file, touched));
    if let Some((project, new)) = new_revision_here(snapshot, file, range) {
        actions.push(new);
        let seen = project.observed().is_some();
        actions.extend(seen.then(|| from_models(project.name(), ActionKind::Refactor)));
    }
    actions
}

/// The revision that the project's own Alembic finds the models to ask for.
fn from_models(environment: &str, kind: ActionKind) -> Action {
    Action {
        title: "New revision from model changes".to_owned(),
        kind,
        preferred: false,
        work: Work::Asks(Command::Generate { environment: environment.to_owned() }),
        mends: Vec::new(),
    }
}

/// The merge of all real heads of the finding's environment.
fn merge_heads(project: &Project, finding: &Finding) -> Option<Action> {
    let history = project.history();
    // The heads that this finding is about: its own and those it names.
    let mut heads: Vec<Node> = Vec::new();
    for head in history.real_heads() {
        let own = history[*head].spans.id.value;
        let named = own == Some(finding.span)
            || finding.related.iter().any(|related| own == Some(related.span));
        if named {
            heads.push(*head);
        }
    }
    if heads.len() < 2 {
        heads = history.real_heads().to_vec();
    }
    if heads.len() < 2 {
        return None;
    }
    let heads: Vec<String> = heads.iter().map(|head| history[*head].id.to_string()).collect();
    Some(Action {
        title: format!("Merge heads {}", heads.join(" and ")),
        kind: ActionKind::QuickFix,
        preferred: false,
        work: Work::Later(Later::Merge { environment: project.name().to_owned(), heads }),
        mends: vec![(finding.rule, finding.span)],
    })
}

/// A comment that allows a finding, at the end of its line.
fn allow<'a>(
    snapshot: &Snapshot,
    file: FileId,
    findings: impl Iterator<Item = &'a Finding>,
) -> Vec<Action> {
    let Some(text) = snapshot.text(file) else { return Vec::new() };
    let mut actions: Vec<Action> = Vec::new();
    for finding in findings {
        if finding.rule == "unused-suppression" || finding.rule == "unknown-rule" {
            continue;
        }
        let line = text.line_of(finding.span.range.start());
        let Some(range) = text.line_range(line) else { continue };
        let content = range.slice(text.as_str()).unwrap_or_default();
        // In a docstring a comment would be text.
        if in_docstring(snapshot, file, range) || content.contains("# revline: ignore[") {
            continue;
        }
        let end = range.start() + u32::try_from(content.trim_end().len()).unwrap_or(0);
        let comment = format!("  # revline: ignore[{}]", finding.rule);
        let title = format!("Allow {} here", finding.rule);
        if actions.iter().any(|action| action.title == title) {
            continue;
        }
        actions.push(Action {
            title,
            kind: ActionKind::QuickFix,
            preferred: false,
            work: Work::Done(Made {
                change: SourceChange::edit(file, vec![revline_text::Edit::insert(end, comment)]),
                opens: None,
                notes: Vec::new(),
            }),
            mends: vec![(finding.rule, finding.span)],
        });
    }
    actions
}

fn in_docstring(snapshot: &Snapshot, file: FileId, line: Range) -> bool {
    let header = snapshot.header(file);
    let doc = header.as_ref().and_then(|header| header.docstring.as_ref());
    doc.is_some_and(|doc| doc.literal.intersects(line) && doc.literal.end() > line.end())
}

/// A new revision on this file's revision, offered on its identifier.
fn new_revision_here(
    snapshot: &Snapshot,
    file: FileId,
    range: Range,
) -> Option<(&Project, Action)> {
    let project = snapshot.owners(file).next()?;
    let graph = project.graph();
    let node = graph.node(file)?;
    let history = &graph.history;
    let statement = history[node].spans.id.statement?;
    if !history.is_head(node) || !statement.range.intersects(range) {
        return None;
    }
    let head = history[node].id.to_string();
    let action = Action {
        title: format!("New revision on {head}"),
        kind: ActionKind::Refactor,
        preferred: false,
        work: Work::Later(Later::NewRevision { environment: project.name().to_owned(), head }),
        mends: Vec::new(),
    };
    Some((project, action))
}

/// The change of an action that was chosen. Errors say why the file cannot be written, or what is not
/// there any more.
pub fn resolve(snapshot: &Snapshot, later: &Later, now: &Now) -> Result<Made, String> {
    let (Later::Merge { environment, .. } | Later::NewRevision { environment, .. }) = later;
    let project = snapshot.projects().iter().find(|project| project.name() == environment);
    let project = project.ok_or_else(|| format!("There is no environment {environment}"))?;
    let history = project.history();
    let find = |id: &String| history.find(id).ok_or_else(|| format!("'{id}' is no revision"));
    let written = match later {
        Later::Merge { heads, .. } => {
            let heads: Vec<Node> = heads.iter().map(find).collect::<Result<_, _>>()?;
            write::merge(snapshot, project, &heads, None, None, now)
        }
        Later::NewRevision { head, .. } => {
            let node = find(head)?;
            let path = snapshot.files().path(history[node].file);
            let several = project.environment.version_dirs.len() > 1;
            let wanted = Wanted {
                message: Some(NEW.to_owned()),
                parents: vec![node],
                version_path: several.then(|| path.parent().map(Into::into)).flatten(),
                ..Wanted::default()
            };
            write::new_revision(snapshot, project, &wanted, now)
        }
    };
    let written = written.map_err(|error| error.to_string())?;
    let (opens, notes) = (Some(written.path.clone()), written.told());
    Ok(Made { change: SourceChange::create(written.path, written.text), opens, notes })
}
