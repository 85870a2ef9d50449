//! How the project's own Alembic is started.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use revline_database::{Address, Backend, Target};
use revline_process::Task;

use crate::connect::Connection;
use crate::interpreter::Interpreter;
use crate::person::Person;

const DRIVER: &str = include_str!("driver.py");

/// What defines the function that it calls where differences are wanted.
const DRIFT: &str = include_str!("drift.py");

/// Variables that would make the child another program than the one that was looked for.
const NOT_PASSED: [&str; 6] = [
    "ALEMBIC_CONFIG",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONSTARTUP",
    "PYTHONEXECUTABLE",
    "PYTHONBREAKPOINT",
];

/// What is started.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    /// The database and its environment.
    pub connection: &'a Connection,
    /// The interpreter; needed unless `alembic-command` is set.
    pub interpreter: Option<&'a Interpreter>,
    /// The folder of the scripts, for an environment that no configuration names.
    pub script_location: &'a Path,
    /// Whoever gave the command.
    pub person: &'a Person,
    /// Alembic's command with its own arguments: `["upgrade", "head"]`.
    pub arguments: &'a [String],
    /// Whether it tells each difference that autogenerate finds.
    pub differences: bool,
    /// How long it may take.
    pub timeout: Option<Duration>,
}

/// The child that runs a command of Alembic.
///
/// # Errors
/// A sentence, where there is no interpreter.
pub fn start(start: &Start<'_>) -> Result<Task, String> {
    let believed = &start.connection.believed;
    let mut environment: BTreeMap<OsString, OsString> = start
        .person
        .variables
        .iter()
        .filter(|(name, _)| !NOT_PASSED.contains(&name.as_str()))
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    environment.insert("PYTHONUNBUFFERED".into(), "1".into());
    environment.insert("PYTHONIOENCODING".into(), "utf-8".into());
    if let Some(folder) = start.interpreter.and_then(|found| found.environment.as_ref()) {
        environment.insert("VIRTUAL_ENV".into(), folder.into());
    }
    let flask = believed.asks_flask || believed.entry.flask_app.is_some();
    let mut task = Task {
        folder: believed.folder.clone(),
        environment: environment.into_iter().collect(),
        timeout: start.timeout,
        ..Task::default()
    };
    let arguments = arguments(start, flask);
    if let Some(command) = &believed.entry.alembic_command {
        let (program, first) = command.split_first().ok_or("`alembic-command` is empty")?;
        task.program = PathBuf::from(program);
        task.arguments = first.iter().chain(&arguments).map(OsString::from).collect();
        task.keeper = start.person.keeper();
        return Ok(task);
    }
    let interpreter = start.interpreter.ok_or("there is no interpreter")?;
    task.program = interpreter.path.clone();
    let program = if start.differences { format!("{DRIFT}{DRIVER}") } else { DRIVER.to_owned() };
    task.arguments = vec!["-c".into(), program.into()];
    let through = believed.env_url.as_ref() != Some(&believed.url) && !flask;
    let mut told = format!(
        "{{\"arguments\": {}, \"flask\": {flask}, \"place\": {}",
        json_list(&arguments),
        place(&start.connection.address)
    );
    let others: Vec<String> = start.connection.others.iter().map(place).collect();
    told.push_str(&format!(", \"others\": [{}]", others.join(", ")));
    if through {
        // The option of the configuration, for an env.py that passes it through.
        told.push_str(&format!(", \"url\": {}", json(believed.url.secret())));
    }
    if believed.profile.is_none() {
        let folder = json(&start.script_location.display().to_string());
        told.push_str(&format!(", \"script_location\": {folder}"));
    }
    if start.differences {
        told.push_str(", \"differences\": true");
    }
    told.push('}');
    task.input = Some(told);
    Ok(task)
}

/// Alembic's arguments: the configuration, the section, `-x`, the command.
fn arguments(start: &Start<'_>, flask: bool) -> Vec<String> {
    let believed = &start.connection.believed;
    let mut all: Vec<String> = Vec::new();
    if flask {
        if let Some(app) = &believed.entry.flask_app {
            all.extend(["--app".to_owned(), app.clone()]);
        }
        all.push("db".to_owned());
        let mut rest = start.arguments.iter();
        all.extend(rest.next().cloned());
        // Flask-Migrate keeps its ini in the script folder.
        let here = believed.profile.as_ref().and_then(|profile| profile.config.here());
        if let Some(here) = here.filter(|here| *here != believed.folder) {
            all.extend(["-d".to_owned(), here.display().to_string()]);
        }
        for one in &believed.x {
            all.extend(["-x".to_owned(), one.clone()]);
        }
        // Alembic's parser knows that `-1` is a target; Flask's takes what begins so for an option.
        let rest: Vec<String> = rest.cloned().collect();
        if rest.first().is_some_and(|first| is_relative(first)) {
            all.push("--".to_owned());
        }
        all.extend(rest);
        return all;
    }
    if let Some(profile) = &believed.profile {
        let config = &profile.config;
        for file in config.ini.iter().chain(&config.toml) {
            all.extend(["-c".to_owned(), file.display().to_string()]);
        }
        if profile.section != "alembic" {
            all.extend(["-n".to_owned(), profile.section.clone()]);
        }
    }
    for one in &believed.x {
        all.extend(["-x".to_owned(), one.clone()]);
    }
    all.extend(start.arguments.iter().cloned());
    all
}

/// Whether a target begins like an option: `-1`.
fn is_relative(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// What `driver.py` compares: as its `place` says it.
fn place(address: &Address) -> String {
    let backend = address.backend().dialect();
    match (address.backend(), address.target()) {
        (Backend::Sqlite, Target::File(path)) => {
            json_list(&[backend.to_owned(), path.display().to_string()])
        }
        (Backend::Sqlite, _) => json_list(&[backend.to_owned(), ":memory:".to_owned()]),
        (_, target) => {
            let (host, port) = match target {
                Target::Socket(path) => (path.display().to_string(), None),
                Target::Host(host)
                    if !matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1") =>
                {
                    (host.clone(), Some(address.port()))
                }
                _ => (String::new(), Some(address.port())),
            };
            let port = port.map_or("null".to_owned(), |port| port.to_string());
            let database = address.database().map_or("null".to_owned(), json);
            format!("[{}, {}, {port}, {database}]", json(backend), json(&host))
        }
    }
}

fn json_list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| json(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// A text as JSON has it.
fn json(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            c if u32::from(c) < 0x20 => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
