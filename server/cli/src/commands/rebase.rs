//! `revline rebase`: one side of a fork moves onto the other, as in git.

use std::process::ExitCode;

use revline_analysis::write::{Moved, rebase};
use revline_analysis::{Depth, Project};
use revline_history::{History, Node};
use revline_text::SourceChange;
use revline_vfs::apply;
use similar::TextDiff;

use crate::output::{Failure, diff_line, print, warn};
use crate::project::{Globals, Opened, check, open};

/// Move the side of a revision onto another one, by its first `down_revision`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// A revision of the side that moves, as a rule its head.
    #[arg(value_name = "REV", allow_hyphen_values = true)]
    revision: String,
    /// The revision that the side follows from then on.
    #[arg(long, value_name = "REV", allow_hyphen_values = true)]
    onto: String,
    /// Show the change and write nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let opened = open(globals, Depth::Graph)?;
    let project = opened.only()?;
    check(&opened, project)?;
    let history = project.history();
    let revision = one(history, &arguments.revision)?;
    let onto = one(history, &arguments.onto)?;
    let moved = rebase(&opened.snapshot, project, revision, onto)
        .map_err(|error| Failure::Ours(error.0))?;
    let warning = moved.change.annotation.as_ref().map(|one| one.description.clone());
    if arguments.dry_run {
        print(&diff(&opened, project, &moved.change)?);
    } else {
        apply(&moved.change, opened.snapshot.files())
            .map_err(|error| Failure::Ours(error.to_string()))?;
        print(&told(history, &moved, onto));
    }
    if let Some(warning) = warning {
        warn(&warning);
    }
    Ok(ExitCode::SUCCESS)
}

fn one(history: &History, name: &str) -> Result<Node, Failure> {
    history.resolve_one(name)?.ok_or_else(|| {
        Failure::Ours(format!("'{name}' is no revision that can be moved or moved onto"))
    })
}

fn told(history: &History, moved: &Moved, onto: Node) -> String {
    let with = match moved.side.len().saturating_sub(1) {
        0 => String::new(),
        1 => ", and 1 revision above it".to_owned(),
        more => format!(", and {more} revisions above it"),
    };
    format!("{} now follows {}{with}\n", history[moved.first].id, history[onto].id)
}

/// The change as a unified diff with paths below the project's folder.
fn diff(opened: &Opened, project: &Project, change: &SourceChange) -> Result<String, Failure> {
    let files = opened.snapshot.files();
    let mut text = String::new();
    for (file, edits) in &change.edits {
        let path = files.path(*file);
        let before = files
            .text(*file)
            .map_err(|error| Failure::Ours(format!("{}: {error}", path.display())))?;
        let after = before.edited(edits);
        let root = project.environment.script_location.parent();
        let shown = root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(&path);
        let shown = shown.display().to_string();
        let changes = TextDiff::from_lines(before.as_str(), after.as_str());
        let unified =
            changes.unified_diff().header(&format!("a/{shown}"), &format!("b/{shown}")).to_string();
        text.extend(unified.lines().map(diff_line));
    }
    Ok(text)
}
