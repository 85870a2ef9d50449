//! `workspace/executeCommand`.

use std::path::PathBuf;
use std::sync::Arc;

use revline_analysis::Project;
use revline_analysis::write::{self, NewFile, Wanted};
use revline_history::Node;
use revline_ide::SqlDocument;
use revline_text::SourceChange;
use serde_json::{Value, json};

use super::sql_document::sql_uri;
use crate::database::Hooked;
use crate::outgoing;
use crate::uri::{self, Platform};
use crate::world::World;

/// The commands that the server executes.
pub(crate) const COMMANDS: [&str; 17] = [
    "revline.autogenerate",
    "revline.branches",
    "revline.check",
    "revline.connect",
    "revline.databases",
    "revline.downgrade",
    "revline.heads",
    "revline.merge",
    "revline.newRevision",
    "revline.reparent",
    "revline.restartIndex",
    "revline.show",
    "revline.showSql",
    "revline.stamp",
    "revline.status",
    "revline.upgrade",
    "revline.useDatabase",
];

/// What a command asks for; its result is told to the client after the change was made.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) change: Option<SourceChange>,
    pub(crate) opens: Option<PathBuf>,
    /// A file that is written to disk, for what the project runs on it there.
    pub(crate) hooked: Option<Hooked>,
    /// A document of the scheme `revline` that is shown.
    pub(crate) shows: Option<String>,
    pub(crate) reindex: bool,
    /// The database that an environment means from now on, by its script folder.
    pub(crate) chooses: Option<(PathBuf, Option<String>)>,
    pub(crate) result: Value,
}

impl Done {
    /// The sentence for the person, which the client is not given then: an action's command has nobody
    /// who would show it.
    pub(crate) fn take_message(&mut self) -> Option<String> {
        match self.result.as_object_mut()?.remove("message")? {
            Value::String(message) => Some(message),
            _ => None,
        }
    }

    /// Says more in the sentence for the person.
    pub(crate) fn say(&mut self, more: &str) {
        if let Some(Value::String(message)) = self.result.get_mut("message") {
            message.push_str("; ");
            message.push_str(more);
        }
    }
}

/// Computes a command. Errors are sentences for the person who gave it.
pub(crate) fn command(world: &World, name: &str, argument: &Value) -> Result<Done, String> {
    match name {
        "revline.branches" => branches(world, argument),
        "revline.databases" => databases(world, argument),
        "revline.heads" => Ok(Done { result: heads(world), ..Done::default() }),
        "revline.merge" => merge(world, argument),
        "revline.newRevision" => new_revision(world, argument),
        "revline.reparent" => reparent(world, argument),
        "revline.restartIndex" => Ok(Done { reindex: true, ..Done::default() }),
        "revline.show" => {
            let path = text(argument, "uri").and_then(|uri| uri::to_path(uri, Platform::HOST));
            let message = text(argument, "message");
            let result = message.map_or(Value::Null, |message| json!({ "message": message }));
            Ok(Done { opens: path.map(PathBuf::from), result, ..Done::default() })
        }
        "revline.showSql" => show_sql(world, argument),
        "revline.useDatabase" => use_database(world, argument),
        _ => Err(format!("There is no command {name}")),
    }
}

fn text<'a>(argument: &'a Value, key: &str) -> Option<&'a str> {
    argument.get(key).and_then(Value::as_str)
}

fn heads(world: &World) -> Value {
    let environments = world.snapshot.projects().iter().map(|one| environment(world, one));
    json!({ "environments": environments.collect::<Vec<_>>() })
}

/// An environment with its heads.
pub(super) fn environment(world: &World, project: &Project) -> Value {
    let history = project.history();
    let heads = history.heads().iter().map(|head| {
        let revision = &history[*head];
        let path = world.snapshot.files().path(revision.file);
        json!({
            "revision": revision.id.as_str(),
            "title": revision.title.lines().next().unwrap_or_default(),
            "uri": outgoing::uri(&path),
            "shared": project.shared.as_ref().map(|shared| shared.files.contains(&*path)),
        })
    });
    json!({
        "branch": project.shared.as_ref().map(|shared| &shared.branch),
        "name": project.name(),
        "path": project.environment.script_location,
        "heads": heads.collect::<Vec<_>>(),
        "revisions": history.len(),
        "database": super::graph::database(project),
    })
}

/// The git branches around an environment, and which of them counts as the one that everybody shares.
fn branches(world: &World, argument: &Value) -> Result<Done, String> {
    let project = project(world, argument)?;
    let chosen = project.shared.as_ref().map(|shared| shared.branch.as_str());
    let names = world.snapshot.files().disk().branches(&project.environment.script_location);
    let one = |name: String| json!({ "chosen": chosen == Some(name.as_str()), "name": name });
    let all: Vec<Value> = names.into_iter().map(one).collect();
    Ok(Done { result: json!({ "branches": all }), ..Done::default() })
}

/// The databases of an environment that its settings name, the main one first, and which counts.
fn databases(world: &World, argument: &Value) -> Result<Done, String> {
    let project = project(world, argument)?;
    let chosen = world.access.name(project);
    let named = project.settings.database.named.keys().map(|name| Some(name.as_str()));
    let one = |name: Option<&str>| json!({ "name": name, "chosen": name == chosen });
    let all: Vec<Value> = std::iter::once(None).chain(named).map(one).collect();
    Ok(Done { result: json!({ "databases": all }), ..Done::default() })
}

fn use_database(world: &World, argument: &Value) -> Result<Done, String> {
    let project = project(world, argument)?;
    let name = text(argument, "name").map(str::to_owned);
    if let Some(name) = &name
        && !project.settings.database.named.contains_key(name)
    {
        return Err(format!("There is no `[database.{name}]` in the settings"));
    }
    let chooses = Some((project.environment.script_location.clone(), name));
    Ok(Done { chooses, ..Done::default() })
}

/// The environment that is meant: by name, by a file of it, or the only one.
pub(crate) fn project<'a>(world: &'a World, argument: &Value) -> Result<&'a Arc<Project>, String> {
    let projects = world.snapshot.projects();
    let names = || projects.iter().map(|project| project.name()).collect::<Vec<_>>().join(", ");
    if let Some(name) = text(argument, "environment") {
        return projects
            .iter()
            .find(|project| project.name() == name)
            .ok_or_else(|| format!("There is no environment {name}; there are {}", names()));
    }
    let path = text(argument, "uri").and_then(|uri| uri::to_path(uri, Platform::HOST));
    let file = path.and_then(|path| world.snapshot.files().known(path.as_ref()));
    if let Some(project) = file.and_then(|file| world.snapshot.owners(file).next()) {
        return Ok(project);
    }
    match projects {
        [] => Err("There is no Alembic environment in this workspace".to_owned()),
        [project] => Ok(project),
        _ => Err(format!("Several environments are here, say which one: {}", names())),
    }
}

fn named(project: &Project, name: &str) -> Result<Node, String> {
    project
        .history()
        .resolve_one(name)
        .map_err(|error| error.to_string())?
        .ok_or_else(|| format!("'{name}' is no revision"))
}

fn created(world: &World, project: &Project, file: NewFile, verb: &str) -> Done {
    let runs = world.access.trusted && !file.hooks.is_empty();
    let mut message = format!("{verb} {}", file.path.display());
    for note in if runs { file.notes.clone() } else { file.told() } {
        message.push_str("; ");
        message.push_str(&note);
    }
    let done = Done {
        result: json!({ "uri": outgoing::uri(&file.path), "revision": file.id, "message": message }),
        opens: Some(file.path.clone()),
        ..Done::default()
    };
    if runs {
        return Done { hooked: Some(Hooked::new(&world.snapshot, project, file)), ..done };
    }
    Done { change: Some(SourceChange::create(file.path, file.text)), ..done }
}

fn merge(world: &World, argument: &Value) -> Result<Done, String> {
    let project = project(world, argument)?;
    let history = project.history();
    let named: Vec<Node> = match argument.get("revisions").and_then(Value::as_array) {
        Some(names) => {
            let names = names.iter().filter_map(Value::as_str);
            names.map(|name| named(project, name)).collect::<Result<_, _>>()?
        }
        None => history.real_heads().to_vec(),
    };
    if named.len() < 2 {
        let heads: Vec<&str> = named.iter().map(|head| history[*head].id.as_str()).collect();
        return Err(format!("There is nothing to merge: the only head is {}", heads.join("")));
    }
    let message = text(argument, "message").map(str::to_owned);
    let file = write::merge(&world.snapshot, project, &named, message, None, &World::now());
    file.map(|file| created(world, project, file, "Merged in")).map_err(|error| error.to_string())
}

fn new_revision(world: &World, argument: &Value) -> Result<Done, String> {
    let project = project(world, argument)?;
    let history = project.history();
    let parents = match text(argument, "head") {
        Some(name) => vec![named(project, name)?],
        None => match history.heads() {
            [] => Vec::new(),
            [head] => vec![*head],
            heads => {
                let heads: Vec<&str> =
                    heads.iter().map(|head| history[*head].id.as_str()).collect();
                return Err(format!(
                    "There are {} heads, merge them or say on which: {}",
                    heads.len(),
                    heads.join(", ")
                ));
            }
        },
    };
    let several = project.environment.version_dirs.len() > 1;
    let folder = parents.first().filter(|_| several).and_then(|parent| {
        let path = world.snapshot.files().path(history[*parent].file);
        path.parent().map(PathBuf::from)
    });
    let wanted = Wanted {
        message: text(argument, "message").map(str::to_owned),
        parents,
        version_path: folder,
        ..Wanted::default()
    };
    let file = write::new_revision(&world.snapshot, project, &wanted, &World::now());
    file.map(|file| created(world, project, file, "Wrote")).map_err(|error| error.to_string())
}

/// The address of a document with SQL: of a range, or of the revision of a file. It is shown where
/// the client can, and told to it in any case.
fn show_sql(world: &World, argument: &Value) -> Result<Done, String> {
    let project = project(world, argument)?;
    let own = || {
        let path = text(argument, "uri").and_then(|uri| uri::to_path(uri, Platform::HOST))?;
        let node = project.graph().node(world.snapshot.files().known(path.as_ref())?)?;
        Some(project.history()[node].id.to_string())
    };
    let range = text(argument, "range").map(str::to_owned).or_else(own);
    let document = SqlDocument {
        environment: project.name().to_owned(),
        range: range.ok_or("This is no revision file; say which revision is meant")?,
        downgrade: text(argument, "direction") == Some("downgrade"),
    };
    let uri = sql_uri(&document);
    Ok(Done { shows: Some(uri.clone()), result: json!({ "document": uri }), ..Done::default() })
}

fn reparent(world: &World, argument: &Value) -> Result<Done, String> {
    let project = project(world, argument)?;
    let history = project.history();
    let wanted = |key: &str| {
        let name = text(argument, key).ok_or_else(|| format!("`{key}` is missing"))?;
        named(project, name)
    };
    let (revision, onto) = (wanted("revision")?, wanted("onto")?);
    let moved = write::rebase(&world.snapshot, project, revision, onto)
        .map_err(|error| error.to_string())?;
    let message = format!("Moved {} onto {}", history[moved.first].id, history[onto].id);
    let uri = outgoing::uri(&world.snapshot.files().path(history[moved.first].file));
    Ok(Done {
        change: Some(moved.change),
        result: json!({ "message": message, "uri": uri }),
        ..Done::default()
    })
}
