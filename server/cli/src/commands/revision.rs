//! `revline revision`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use revline_analysis::Depth;
use revline_analysis::write::{Wanted, new_revision};
use revline_apply::{Person, Run};
use revline_history::History;
use revline_vfs::normalize;

use crate::applying::passed_through;
use crate::database::{Chosen, connection};
use crate::output::Failure;
use crate::project::{Globals, check, open};
use crate::writing::{check_id, create, now, parents};

/// Write a new revision file.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// What it is for.
    #[arg(short, long)]
    message: Option<String>,
    /// Fill it from the difference between models and database, by the project's own Alembic.
    #[arg(long)]
    autogenerate: bool,
    /// The revision that it follows: an identifier, `head`, `label@head`, `base`.
    #[arg(long, value_name = "REV", default_value = "head", allow_hyphen_values = true)]
    head: String,
    /// Follow a revision that others follow already.
    #[arg(long)]
    splice: bool,
    /// A branch label of its own.
    #[arg(long, value_name = "LABEL")]
    branch_label: Option<String>,
    /// Which of the version folders it goes to.
    #[arg(long, value_name = "DIR")]
    version_path: Option<PathBuf>,
    /// Its identifier, instead of one by the project's habit.
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// A revision or label that must have run before; may be given several times.
    #[arg(long, value_name = "REV")]
    depends_on: Vec<String>,
    #[command(flatten)]
    chosen: Chosen,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    if arguments.autogenerate {
        return autogenerate(arguments, globals);
    }
    let opened = open(globals, Depth::Graph)?;
    let project = opened.only()?;
    check(&opened, project)?;
    check_id(arguments.rev_id.as_deref())?;
    let history = project.history();
    let wanted = Wanted {
        message: arguments.message.clone(),
        parents: parents(history, &[&arguments.head])?,
        rev_id: arguments.rev_id.clone(),
        depends_on: dependencies(history, &arguments.depends_on)?,
        labels: arguments.branch_label.iter().cloned().collect(),
        version_path: match &arguments.version_path {
            Some(path) => Some(normalize(&std::env::current_dir()?.join(path))),
            None => None,
        },
        splice: arguments.splice,
    };
    let file = new_revision(&opened.snapshot, project, &wanted, &now()).map_err(Failure::from)?;
    create(&opened, project, file)?;
    Ok(ExitCode::SUCCESS)
}

/// The project's own Alembic compares the models with the database and writes the file.
fn autogenerate(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let opened = open(globals, Depth::Graph)?;
    let project = opened.only()?;
    check(&opened, project)?;
    let person = Person::here();
    let connection = connection(&opened, project, globals, &arguments.chosen, &person)?;
    let mut words = vec!["revision".to_owned(), "--autogenerate".to_owned()];
    let mut option = |name: &str, value: Option<String>| {
        words.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
    };
    option("-m", arguments.message.clone());
    option("--head", Some(arguments.head.clone()));
    option("--branch-label", arguments.branch_label.clone());
    let path = arguments
        .version_path
        .as_ref()
        .map(|path| std::env::current_dir().map(|here| here.join(path)));
    option("--version-path", path.transpose()?.map(|path| path.display().to_string()));
    option("--rev-id", arguments.rev_id.clone());
    for name in &arguments.depends_on {
        option("--depends-on", Some(name.clone()));
    }
    if arguments.splice {
        words.push("--splice".to_owned());
    }
    let run = Run {
        snapshot: &opened.snapshot,
        project,
        connection: &connection,
        person: &person,
        timeout: Some(Duration::from_secs(AUTOGENERATE)),
        cancel: None,
    };
    passed_through(&run, &words)
}

/// How long a comparison of models may take, in seconds.
const AUTOGENERATE: u64 = 300;

/// Names as they are written into the file: a label stays one, the beginning of an identifier
/// becomes the whole.
fn dependencies(history: &History, names: &[String]) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for name in names {
        let node = history
            .resolve_one(name)?
            .ok_or_else(|| Failure::Ours(format!("--depends-on {name}: that is no revision")))?;
        let label = history.carries(node, name);
        found.push(if label { name.clone() } else { history[node].id.to_string() });
    }
    Ok(found)
}
