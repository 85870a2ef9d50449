//! One environment as `doctor` tells it, for people and for programs.

use std::path::Path;

use revline_analysis::{Files, Project, Snapshot};
use revline_history::Node;
use revline_text::{Encoding, Span};
use serde_json::{Value, json};

use crate::output::heading;

use super::database::Told;
use super::facts::{self, Known};

/// What is known of one environment, gathered once.
pub(super) struct Report<'a> {
    project: &'a Project,
    /// Section, file, and where its URL stands, the password hidden.
    profiles: Vec<Profile>,
    /// Name, what says so, and whether Revline prints its SQL.
    targets: Vec<(String, String, bool)>,
    known: Known,
    database: Told,
    heads: Vec<String>,
    bases: Vec<String>,
    /// The branch, and how many of the revision files it has.
    shared: Option<(String, usize)>,
    defects: Vec<(String, String)>,
    /// What Alembic would end with, or warn about.
    problems: Vec<(String, String)>,
}

struct Profile {
    name: String,
    file: String,
    urls: Vec<(String, String)>,
}

impl<'a> Report<'a> {
    pub(super) fn new(snapshot: &Snapshot, project: &'a Project, database: Told) -> Self {
        let files = snapshot.files();
        let environment = &project.environment;
        let history = project.history();
        let ids = |nodes: &[Node]| nodes.iter().map(|node| history[*node].id.to_string()).collect();
        let profiles = environment.profiles.iter().map(|profile| {
            let config = &profile.config;
            let urls = config.databases.iter().filter_map(|database| database.url.as_ref());
            Profile {
                name: profile.name.clone(),
                file: profile.config_file.display().to_string(),
                urls: (config.sqlalchemy_url.iter().chain(urls))
                    .map(|url| (url.value.to_string(), place(files, url.span)))
                    .collect(),
            }
        });
        let defects = environment.defects.iter();
        let mut problems: Vec<(String, String)> = project
            .files
            .iter()
            .filter_map(|file| project.heading(*file)?.problem.as_ref())
            .map(|problem| (place(files, problem.span), problem.message.clone()))
            .collect();
        if let Err(error) = history.check() {
            problems.push((environment.script_location.display().to_string(), error.to_string()));
        }
        Self {
            project,
            profiles: profiles.collect(),
            targets: facts::targets(snapshot, project),
            known: facts::known(snapshot, project),
            database,
            heads: ids(history.heads()),
            bases: ids(history.bases()),
            shared: project.shared.as_ref().map(|shared| {
                let is_shared = |file: &&revline_text::FileId| {
                    let path = files.path(**file);
                    let real = files.disk().real_path(&path);
                    shared.files.contains(&*path)
                        || real.is_ok_and(|real| shared.files.contains(&real))
                };
                (shared.branch.clone(), project.files.iter().filter(is_shared).count())
            }),
            defects: defects
                .map(|defect| (place(files, defect.span), defect.message.clone()))
                .collect(),
            problems,
        }
    }

    pub(super) fn text(&self) -> String {
        let environment = &self.project.environment;
        let mut text = heading(&environment.name);
        let mut line = |title: &str, value: &str| {
            text.push_str(&format!("  {title:<15}{value}\n"));
        };
        let shown = |path: &Path| path.display().to_string();
        line("script folder", &shown(&environment.script_location));
        if self.profiles.is_empty() {
            line("configuration", "none; Alembic's defaults are taken");
        }
        for profile in &self.profiles {
            line("configuration", &format!("[{}] of {}", profile.name, profile.file));
            for (url, place) in &profile.urls {
                line("", &format!("{url}  ({place}; env.py has the last word)"));
            }
        }
        let below = if environment.recursive { "  and the folders below" } else { "" };
        for folder in &environment.version_dirs {
            line("version folder", &format!("{}{below}", shown(folder)));
        }
        let part =
            |path: &Option<std::path::PathBuf>| path.as_deref().map_or("none".to_owned(), shown);
        line("env.py", &part(&environment.env_py));
        line("template", &part(&environment.template));
        line("revision files", &self.project.files.len().to_string());
        line("revisions", &self.project.history().len().to_string());
        line("heads", &counted(&self.heads));
        line("bases", &counted(&self.bases));
        if self.targets.is_empty() {
            line("targets", "not known; `targets` in the settings says them");
        }
        for (dialect, from, known) in &self.targets {
            let known = if *known { "" } else { "; Revline prints no SQL for it" };
            line("target", &format!("{dialect}  ({from}{known})"));
        }
        for (title, value) in self.known.lines.iter().chain(&self.database.lines) {
            line(title, value);
        }
        match &self.shared {
            Some((branch, count)) => line(
                "default branch",
                &format!("{branch} has {count} of the {} files", self.project.files.len()),
            ),
            None => line("default branch", "not known; no git repository, or no usual branch name"),
        }
        for (place, message) in &self.defects {
            line("defect", &format!("{place}: {message}"));
        }
        for (place, message) in &self.problems {
            line("problem", &format!("{place}: {message}"));
        }
        text
    }

    pub(super) fn json(&self) -> Value {
        let environment = &self.project.environment;
        let told = |list: &[(String, String)]| -> Vec<Value> {
            list.iter()
                .map(|(place, message)| json!({ "place": place, "message": message }))
                .collect()
        };
        let profiles = self.profiles.iter().map(|profile| {
            let urls =
                profile.urls.iter().map(|(url, place)| json!({ "url": url, "place": place }));
            json!({
                "name": profile.name,
                "file": profile.file,
                "urls": urls.collect::<Vec<_>>(),
            })
        });
        let targets = self.targets.iter().map(
            |(dialect, from, known)| json!({ "dialect": dialect, "from": from, "known": known }),
        );
        let mut object = json!({
            "environment": environment.name,
            "script_location": environment.script_location,
            "profiles": profiles.collect::<Vec<_>>(),
            "version_locations": environment.version_dirs,
            "recursive": environment.recursive,
            "env_py": environment.env_py,
            "template": environment.template,
            "files": self.project.files.len(),
            "revisions": self.project.history().len(),
            "heads": self.heads,
            "bases": self.bases,
            "targets": targets.collect::<Vec<_>>(),
            "default_branch": self.shared.as_ref().map(|(branch, count)| {
                json!({ "name": branch, "shared_files": count })
            }),
            "defects": told(&self.defects),
            "problems": told(&self.problems),
        });
        for more in [&self.known.json, &self.database.json] {
            if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
                object.extend(more.clone());
            }
        }
        object
    }
}

fn counted(ids: &[String]) -> String {
    const SHOWN: usize = 8;
    match ids {
        [] => "none".to_owned(),
        [one] => one.clone(),
        several => {
            let first = several.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
            let more = if several.len() > SHOWN { ", …" } else { "" };
            format!("{}: {first}{more}", several.len())
        }
    }
}

/// `file:line:column`, counted from one.
pub(super) fn place(files: &Files, span: Span) -> String {
    let path = files.path(span.file);
    let Ok(text) = files.text(span.file) else { return path.display().to_string() };
    let position = text.position(span.range.start(), Encoding::Utf32);
    format!("{}:{}:{}", path.display(), position.line + 1, position.column + 1)
}
