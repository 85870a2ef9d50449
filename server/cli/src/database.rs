//! Opening the database of a project, for the commands that ask for one.
//!
//! What a person configured is opened. What was discovered is asked for once, and the answer is kept
//! outside of the repository. Without a terminal nobody can be asked: then `--yes` is needed.

mod confirmed;

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use revline_analysis::settings::{Platform, load_own, own_folder};
use revline_analysis::{Asking, Believed, Depth, Files, NoDatabase, Project, UrlSource};
use revline_apply::{Connection, Denied, Interpreter, Permission, Surroundings};
use revline_history::RevisionId;

use crate::output::{Failure, ask};
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

/// The environment of this process.
pub(crate) struct Process {
    /// Its variables; those that are no text are left out.
    pub(crate) variables: BTreeMap<String, String>,
    /// The folder of the person's own settings.
    pub(crate) own: Option<PathBuf>,
}

impl Process {
    pub(crate) fn here() -> Self {
        let variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let own = own_folder(Platform::current(), &|name| variables.get(name).cloned());
        Self { variables, own }
    }

    /// The hosts beyond this machine that the person allows.
    pub(crate) fn allow(&self, files: &Files) -> Vec<String> {
        let loaded = self.own.as_deref().map(|folder| load_own(files, folder));
        let Some((settings, defects)) = loaded else { return Vec::new() };
        for defect in defects {
            crate::output::warn(&format!("your own settings: {}", defect.message));
        }
        settings.database.allow
    }
}

/// The database that is believed, in the words of a failure where there is none.
pub(crate) fn believed(
    opened: &Opened,
    project: &Project,
    globals: &Globals,
    chosen: &Chosen,
    process: &Process,
) -> Result<Believed, Failure> {
    let sections = &project.environment.profiles;
    let asking = Asking {
        name: chosen.database.as_deref(),
        variables: &process.variables,
        x: globals.x(),
        section: globals.name().filter(|name| sections.iter().any(|one| one.section == *name)),
    };
    opened.snapshot.database(project, &asking).map_err(|none| Failure::Ours(told(opened, &none)))
}

/// Why there is no database.
pub(crate) fn told(opened: &Opened, none: &NoDatabase) -> String {
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
    process: &Process,
) -> Result<Connection, Failure> {
    let believed = believed(opened, project, globals, chosen, process)?;
    let allow = process.allow(opened.snapshot.files());
    let connect = |permission| {
        revline_apply::connect(believed.clone(), &process.variables, &allow, permission)
    };
    let first = if chosen.yes { Permission::Confirmed } else { Permission::Unasked };
    let address = match connect(first) {
        Err(Denied::Unasked { address }) => address,
        other => return other.map_err(|denied| Failure::Ours(denied.to_string())),
    };
    let confirmed = connect(Permission::Confirmed).map_err(|it| Failure::Ours(it.to_string()))?;
    let memory = process.own.as_deref().map(|own| confirmed::Confirmed::new(own, opened));
    if memory.as_ref().is_some_and(|memory| memory.knows(project, &address)) {
        return Ok(confirmed);
    }
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
    if let Some(memory) = memory {
        memory.remember(project, &address);
    }
    Ok(confirmed)
}

/// The rows of the version table of the one environment that is meant.
pub(crate) fn rows(globals: &Globals, chosen: &Chosen) -> anyhow::Result<Vec<RevisionId>> {
    let opened = open(globals, Depth::Graph)?;
    let project = opened.only()?;
    check(&opened, project)?;
    let process = Process::here();
    let connection = connection(&opened, project, globals, chosen, &process)?;
    let standing = runtime()?.block_on(revline_apply::standing(project, &connection));
    Ok(standing.map_err(|error| Failure::Ours(error.to_string()))?.rows)
}

/// The interpreter of the project's environment; why there is none.
pub(crate) fn interpreter(
    opened: &Opened,
    believed: &Believed,
    process: &Process,
) -> Result<Interpreter, String> {
    let around = Surroundings {
        disk: opened.snapshot.files().disk(),
        variables: &process.variables,
        platform: Platform::current(),
    };
    let roots = &opened.snapshot.workspace().roots;
    let root = roots.iter().find(|root| believed.folder.starts_with(root));
    let root = root.unwrap_or(&believed.folder);
    let setting = believed.entry.python.as_deref();
    revline_apply::interpreter(around, setting, &believed.folder, root).map_err(|none| {
        format!(
            "no Python was found; looked at {}; name one as `python` below `[database]`",
            none.looked_at.join(", ")
        )
    })
}

/// Why the project's own Alembic cannot be started, if it cannot.
pub(crate) fn can_start(
    opened: &Opened,
    believed: &Believed,
    interpreter: &Result<Interpreter, String>,
) -> Result<(), String> {
    if believed.entry.alembic_command.is_some() {
        return Ok(());
    }
    let interpreter = interpreter.as_ref().map_err(Clone::clone)?;
    let Some(environment) = &interpreter.environment else { return Ok(()) };
    let disk = opened.snapshot.files().disk();
    match revline_apply::installed(disk, environment, "alembic") {
        Some(_) => Ok(()),
        None => Err(format!(
            "Alembic is not installed in {}; name another interpreter as `python` below `[database]`",
            environment.display()
        )),
    }
}

/// A runtime for the one thing that a command does.
pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}
