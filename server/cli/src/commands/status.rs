//! `revline status`: one screen about where the database stands. The exit code is for health checks:
//! 0 where nothing is pending, 1 where something is, or the database has a revision that no file
//! declares, 2 where the database could not be asked.

use std::process::ExitCode;

use revline_analysis::Depth;
use revline_apply::{Person, Standing};
use revline_history::{History, RevisionId};
use serde_json::json;

use crate::database::{Chosen, connection, runtime, source};
use crate::output::{Failure, heading, print, print_json, warn};
use crate::project::{Globals, Opened, check, open};

/// Show where the database stands.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Print one object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    chosen: Chosen,
}

/// How many pending revisions are named.
const NAMED: usize = 12;

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    match asked(arguments, globals) {
        Ok(code) => Ok(code),
        Err(error) => {
            match error.downcast_ref::<Failure>() {
                Some(failure) => warn(&failure.to_string()),
                None => warn(&format!("{error:#}")),
            }
            Ok(ExitCode::from(2))
        }
    }
}

fn asked(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let opened = open(globals, Depth::Graph)?;
    let project = opened.only()?;
    check(&opened, project)?;
    let person = Person::here();
    let connection = connection(&opened, project, globals, &arguments.chosen, &person)?;
    let standing = runtime()?.block_on(revline_apply::standing(project, &connection));
    let standing = standing.map_err(|error| Failure::Ours(error.to_string()))?;
    let from = source(&opened, &connection.believed.source);
    let history = project.history();
    let code = if standing.is_current() { 0 } else { 1 };
    let heads: Vec<&str> =
        history.real_heads().iter().map(|head| history[*head].id.as_str()).collect();
    if arguments.json {
        let ids = |ids: &[RevisionId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        let pending: Vec<&str> =
            standing.pending.iter().map(|node| history[*node].id.as_str()).collect();
        print_json(&json!({
            "environment": project.name(),
            "database": connection.address.to_string(),
            "source": from,
            "server": standing.server.as_ref().map(|it| json!({
                "product": it.product,
                "version": it.version,
            })),
            "current": ids(&standing.rows),
            "heads": heads,
            "pending": pending,
            "unknown": ids(&standing.unknown),
            "left": standing.left.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "up_to_date": standing.is_current(),
        }));
        return Ok(ExitCode::from(code));
    }
    let mut text = heading(project.name());
    text.push_str(&format!("database         {}  ({from})\n", connection.address));
    text.push_str(&format!("server           {}\n", server(&standing)));
    text.push_str(&format!("current          {}\n", revisions(history, &standing.rows)));
    text.push_str(&format!("heads            {}\n", or_none(&heads.join(", "))));
    text.push_str(&pending(&opened, history, &standing));
    for left in &standing.left {
        text.push_str(&format!("left over        {left}\n"));
    }
    print(&text);
    Ok(ExitCode::from(code))
}

fn server(standing: &Standing) -> String {
    match &standing.server {
        Some(server) => format!("{} {}", server.product, server.version),
        None => "none; the file is not there yet, and the first upgrade makes it".to_owned(),
    }
}

fn revisions(history: &History, rows: &[RevisionId]) -> String {
    let named = |row: &RevisionId| match history.find(row.as_str()) {
        Some(node) if history[node].title.is_empty() => row.to_string(),
        Some(node) => format!("{row} {}", history[node].title),
        None => format!("{row}, which no file declares"),
    };
    if rows.is_empty() {
        return "nothing is applied".to_owned();
    }
    rows.iter().map(named).collect::<Vec<_>>().join("\n                 ")
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

fn pending(opened: &Opened, history: &History, standing: &Standing) -> String {
    if standing.is_current() {
        return "pending          nothing; the database is up to date\n".to_owned();
    }
    let mut text = String::new();
    if !standing.unknown.is_empty() {
        text.push_str(
            "unknown          the database is at a revision that is not here: another branch of the \
             repository may have its file\n",
        );
    }
    for (at, node) in standing.pending.iter().take(NAMED).enumerate() {
        let label = if at == 0 { "pending" } else { "" };
        let revision = &history[*node];
        let path = opened.snapshot.files().path(revision.file);
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        text.push_str(&format!("{label:<17}{} {}  ({name})\n", revision.id, revision.title));
    }
    if let Some(more) = standing.pending.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push_str(&format!("                 and {more} more\n"));
    }
    text
}
