//! Asking Revline's command line about a location.
//!
//! Each location gets an environment of its own that points at the unpacked version folders: a
//! configuration, an `env.py` that says nothing about the text, and the package as the only place that
//! imports are read from. That is the surroundings in which Alembic is asked too.

#![allow(
    clippy::disallowed_methods,
    reason = "the judge writes environments and starts the program"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::Tools;
use super::corpus::Location;

/// A naming convention, by kind.
pub type Convention = BTreeMap<String, String>;

/// One line of `revline sql --each --json`.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The identifier.
    pub revision: String,
    /// The file's name without its folder.
    pub file: String,
    /// `upgrade` or `downgrade`.
    pub direction: String,
    /// The dialect.
    pub dialect: String,
    /// `exact`, `derived`, `partial` or `refused`.
    pub status: String,
    /// The text.
    pub sql: String,
    /// Why it is not known or refused.
    pub unknowns: Vec<String>,
    /// The line itself.
    pub line: String,
}

/// An environment for a location.
#[derive(Clone, Debug)]
pub struct Environment {
    folder: PathBuf,
    program: PathBuf,
}

/// An `env.py` that both read alike: no metadata, and everything that `--sql` can be given.
pub const ENV_PY: &str = "\
from alembic import context

target_metadata = None

context.configure(
    dialect_name=context.config.get_main_option(\"dialect\"),
    target_metadata=target_metadata,
    literal_binds=True,
    dialect_opts={\"paramstyle\": \"named\"},
)
with context.begin_transaction():
    context.run_migrations()
";

impl Environment {
    /// Writes the environment of a location, with a naming convention in its settings if one is given.
    pub fn of(tools: &Tools, location: &Location, convention: Option<&Convention>) -> Result<Self> {
        let kind = if convention.is_some() { "convention" } else { "plain" };
        let folder = tools.work.join("environments").join(format!("{}.{kind}", location.name()));
        Self::write(tools, location, convention, folder, &location.versions)
    }

    /// An environment in `folder` for a location whose version folders are elsewhere.
    pub fn write(
        tools: &Tools,
        location: &Location,
        convention: Option<&Convention>,
        folder: PathBuf,
        versions: &[PathBuf],
    ) -> Result<Self> {
        std::fs::create_dir_all(folder.join("migrations"))?;
        let versions: Vec<String> =
            versions.iter().map(|folder| folder.display().to_string()).collect();
        let ini = format!(
            "[alembic]\nscript_location = %(here)s/migrations\npath_separator = newline\n\
             version_locations = {}\nrecursive_version_locations = {}\nprepend_sys_path = {}\n\
             dialect = postgresql\n",
            versions.join("\n    "),
            location.recursive,
            location.root.display(),
        );
        std::fs::write(folder.join("alembic.ini"), ini)?;
        std::fs::write(folder.join("migrations/env.py"), ENV_PY)?;
        let mut settings = String::new();
        if let Some(convention) = convention {
            settings.push_str("[naming-convention]\n");
            for (kind, template) in convention {
                settings.push_str(&format!("{kind} = {}\n", toml::Value::from(template.as_str())));
            }
        }
        std::fs::write(folder.join("revline.toml"), settings)?;
        Ok(Self { folder, program: tools.revline.clone() })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the program prints for these arguments, and its exit code.
    pub fn ask(&self, arguments: &[&str]) -> Result<(i32, String, String)> {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(&self.folder).env_remove("ALEMBIC_CONFIG");
        let output = command.stdin(Stdio::null()).output().context("revline does not start")?;
        let code = output.status.code().unwrap_or(-1);
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Ok((code, text(&output.stdout), text(&output.stderr)))
    }

    /// The SQL of each revision on its own, both directions, for each dialect.
    pub fn each(&self, dialects: &[&str]) -> Result<Vec<Answer>> {
        let mut arguments = vec!["sql", "--each", "--json"];
        for dialect in dialects {
            arguments.extend(["--dialect", dialect]);
        }
        let (code, printed, said) = self.ask(&arguments)?;
        if code != 0 {
            bail!("`revline sql --each` in {} ended with {code}: {said}", self.folder.display());
        }
        printed.lines().map(Answer::read).collect()
    }

    /// `revline schema TARGETS --json` with these flags: an object for each target, in their order;
    /// nothing for one that it cannot answer for.
    pub fn schemas(
        &self,
        targets: &[&str],
        dialect: &str,
        flags: &[&str],
    ) -> Result<Vec<Option<Value>>> {
        if targets.is_empty() {
            return Ok(Vec::new());
        }
        let mut arguments = vec!["schema", "--dialect", dialect, "--json"];
        arguments.extend(flags);
        arguments.push("--");
        arguments.extend(targets);
        let (code, printed, _) = self.ask(&arguments)?;
        if code == 0 {
            return printed.lines().map(|line| Ok(Some(serde_json::from_str(line)?))).collect();
        }
        // One of them is to blame, which is asked alone.
        let [_] = targets else {
            let mut all = Vec::new();
            for target in targets {
                all.append(&mut self.schemas(&[target], dialect, flags)?);
            }
            return Ok(all);
        };
        Ok(vec![None])
    }
}

/// Whether the program has the command.
pub fn has_command(program: &Path, command: &str) -> Result<bool> {
    let output = Command::new(program).args([command, "--help"]).output()?;
    Ok(output.status.success())
}

impl Answer {
    fn read(line: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(line)?;
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let file = text("file");
        let unknowns = value["unknowns"].as_array().into_iter().flatten();
        Ok(Self {
            revision: text("revision"),
            file: file.rsplit('/').next().unwrap_or_default().to_owned(),
            direction: text("direction"),
            dialect: text("dialect"),
            status: text("status"),
            sql: text("sql"),
            unknowns: unknowns.filter_map(|one| one["why"].as_str().map(str::to_owned)).collect(),
            line: line.to_owned(),
        })
    }
}
