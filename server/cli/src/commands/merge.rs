//! `revline merge`.

use std::process::ExitCode;

use revline_analysis::Depth;
use revline_analysis::write::{Wanted, new_revision};
use revline_frameworks::alembic::write::merge_message;

use crate::output::Failure;
use crate::project::{Globals, check, open};
use crate::writing::{check_id, create, now, parents};

/// Write a revision that merges several.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// The revisions to merge; all heads unless given.
    #[arg(value_name = "REVS", default_value = "heads")]
    revisions: Vec<String>,
    /// What it is for; what it merges unless given.
    #[arg(short, long)]
    message: Option<String>,
    /// A branch label of its own.
    #[arg(long, value_name = "LABEL")]
    branch_label: Option<String>,
    /// Its identifier, instead of one by the project's habit.
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// Merge revisions that are no heads.
    #[arg(long)]
    splice: bool,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let opened = open(globals, Depth::Graph)?;
    let project = opened.only()?;
    check(&opened, project)?;
    check_id(arguments.rev_id.as_deref())?;
    let history = project.history();
    let names: Vec<&str> = arguments.revisions.iter().map(String::as_str).collect();
    let parents = parents(history, &names)?;
    let ids: Vec<String> = parents.iter().map(|node| history[*node].id.to_string()).collect();
    if let [] | [_] = ids.as_slice() {
        let what = ids.first().map_or("there is no revision".to_owned(), |id| {
            format!("{id} is the only revision that is meant")
        });
        return Err(Failure::Ours(format!("nothing to merge: {what}")).into());
    }
    // Several version folders: the first parent's, as with `revision`.
    let wanted = Wanted {
        message: Some(arguments.message.clone().unwrap_or_else(|| merge_message(&ids))),
        parents,
        rev_id: arguments.rev_id.clone(),
        labels: arguments.branch_label.iter().cloned().collect(),
        splice: arguments.splice,
        ..Wanted::default()
    };
    let file = new_revision(&opened.snapshot, project, &wanted, &now()).map_err(Failure::from)?;
    create(&opened, project, file)?;
    Ok(ExitCode::SUCCESS)
}
