//! Opening the database of a project, for the commands that ask for one.
//!
//! What a person configured is opened. What was discovered is asked for once, and the answer is kept
//! outside of the repository. Without a terminal nobody can be asked: then `--yes` is needed.

use std::io::IsTerminal as _;
use std::sync::Arc;

use revline_analysis::{Asking, Depth, NoDatabase, Project, UrlSource};
use revline_apply::{CancellationToken, Connection, Denied, Permission, Person};
use revline_history::RevisionId;

use crate::output::{Failure, ask, warn};
use crate::project::{Globals, Opened, check, open, place};

/// Which database, and whether to ask.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Chosen {
    /// The database of that name in the settings (`[database.NAME]`).
    #[arg(long, value_name = "NAME")]
    pub(crate) database: Option<String>,
    /// Do it without asking; needed where there is no terminal.
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// What the options ask for; `database` is the name of one in the settings.
pub(crate) fn asking<'a>(
    globals: &'a Globals,
    project: &Project,
    database: Option<&'a str>,
) -> Asking<'a> {
    let profiles = &project.environment.profiles;
    // `-n` may name the environment, too.
    let section = globals.name().filter(|name| profiles.iter().any(|one| one.section == *name));
    Asking { name: database, x: globals.x(), section }
}

/// Why there is no database.
fn told(opened: &Opened, none: &NoDatabase) -> String {
    let at = none.span.map(|span| format!("{}: ", place(&opened.snapshot, span)));
    format!("no database: {}{}; {}", at.unwrap_or_default(), none.why, none.way_out)
}

/// What says that a database is the project's, in words.
pub(crate) fn source(opened: &Opened, source: &UrlSource) -> String {
    let at = |span| place(&opened.snapshot, span);
    match source {
        UrlSource::Settings(span, variable) => {
            let from = span.map_or_else(|| "the settings".to_owned(), at);
            match variable {
                Some(name) => format!("${name} by the setting at {from}"),
                None => format!("the setting at {from}"),
            }
        }
        UrlSource::Env(span) => format!("what env.py evaluates to, {}", at(*span)),
        UrlSource::Config(span) => format!("{}, which env.py passes through", at(*span)),
    }
}

/// The one database that a command is about, ready to be opened.
pub(crate) fn connection(
    opened: &Opened,
    project: &Arc<Project>,
    globals: &Globals,
    chosen: &Chosen,
    person: &Person,
) -> Result<Connection, Failure> {
    let asking = asking(globals, project, chosen.database.as_deref());
    let believed = person
        .believed(&opened.snapshot, project, &asking)
        .map_err(|none| Failure::Ours(told(opened, &none)))?;
    let files = opened.snapshot.files();
    let (mut allow, defects) = person.allow(files);
    for defect in defects {
        warn(&format!("your own settings: {}", defect.message));
    }
    match person.hosts(files, project) {
        Ok(hosts) => allow.extend(hosts),
        Err(error) => warn(&format!("the hosts that you allowed cannot be read: {error}")),
    }
    let confirmed = || {
        let confirmed = Permission::Confirmed;
        revline_apply::connect(believed.clone(), &person.variables, &allow, confirmed)
            .map_err(|denied| Failure::Ours(denied.to_string()))
    };
    if chosen.yes {
        return confirmed();
    }
    let address = match person.connect(files, project, &believed, &allow) {
        Err(Denied::Unasked { address }) => address,
        other => return other.map_err(|denied| Failure::Ours(denied.to_string())),
    };
    let from = source(opened, &believed.source);
    if !std::io::stdin().is_terminal() {
        return Err(Failure::Ours(format!(
            "{address} was discovered ({from}), and nobody has said yet that it is to be connected \
             to; give --yes, or write `url` below `[database]` in revline.toml"
        )));
    }
    if !ask(&format!("Connect to {address} ({from})?")) {
        return Err(Failure::Ours("nothing was connected to".to_owned()));
    }
    if let Err(error) = person.agree(files, project, &address) {
        warn(&format!("that cannot be remembered, so it will be asked again: {error}"));
    }
    confirmed()
}

/// The rows of the version table of the one environment that is meant.
pub(crate) fn rows(globals: &Globals, chosen: &Chosen) -> anyhow::Result<Vec<RevisionId>> {
    let opened = open(globals, Depth::Graph)?;
    let project = opened.only()?;
    check(&opened, project)?;
    let connection = connection(&opened, project, globals, chosen, &Person::here())?;
    let standing = runtime()?.block_on(revline_apply::standing(project, &connection));
    Ok(standing.map_err(|error| Failure::Ours(error.to_string()))?.rows)
}

/// How a command ends that was interrupted, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;

/// Says from now on that Ctrl-C was pressed; whoever presses it once more does not wait for the end.
pub(crate) fn interrupted() -> CancellationToken {
    let cancel = CancellationToken::new();
    let pressed = cancel.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            warn("stopping; Ctrl-C once more does not wait for the server");
            pressed.cancel();
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(INTERRUPTED.into());
        }
    });
    cancel
}

/// A runtime for the one thing that a command does.
pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}
