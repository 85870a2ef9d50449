//! Which database is the project's, and what says so.
//!
//! In this order: a setting; what `env.py` evaluates to in the environment of the process that asks.
//! The URL of an ini file counts only where `env.py` passes it through: a stale one never wins.
//! Where `env.py` cannot be followed there is no database. Nothing is connected to here, and nothing
//! of an answer is remembered, since a URL has its password in it.

mod surroundings;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use revline_frameworks::alembic::config::{Config, Url};
use revline_frameworks::alembic::env_py::{EnvPy, Told, evaluate_really};
use revline_frameworks::alembic::environment::Profile;
use revline_frameworks::alembic::migration::{Unknown, databases};
use revline_frameworks::dotenv;
use revline_frameworks::settings::database::DatabaseEntry;
use revline_text::Span;

use crate::migration::Around;
use crate::{Project, Snapshot};
use surroundings::Process;

/// What a person asks for.
#[derive(Clone, Copy, Default, Debug)]
pub struct Asking<'a> {
    /// The name of `[database.NAME]`; the main one unless given.
    pub name: Option<&'a str>,
    /// The arguments of `-x`, behind those of the settings.
    pub x: &'a [String],
    /// The section of the ini file; `alembic` unless given.
    pub section: Option<&'a str>,
}

/// What says that a database is the project's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum UrlSource {
    /// Revline's settings, an editor's without a place; and the variable that they name.
    Settings(Option<Span>, Option<String>),
    /// What `env.py` evaluates to, and where the URL stands.
    Env(Span),
    /// The URL of the ini file, which `env.py` passes through.
    Config(Span),
}

/// The database of a project, and how Alembic keeps its state there.
#[derive(Clone, Debug)]
pub struct Believed {
    /// The URL with its password, which is printed without.
    pub url: Url,
    /// What says so.
    pub source: UrlSource,
    /// The folder that Alembic is run in: that of the configuration. Relative paths start there.
    pub folder: PathBuf,
    /// What the settings say of it.
    pub entry: DatabaseEntry,
    /// The arguments of `-x`: those of the settings, then those that were typed.
    pub x: Vec<String>,
    /// The configuration that `env.py` is given.
    pub profile: Option<Profile>,
    /// `version_table`.
    pub version_table: String,
    /// `version_table_schema`.
    pub version_table_schema: Option<String>,
    /// `version_table_pk`.
    pub version_table_pk: bool,
    /// `transaction_per_migration`; why it is not known.
    pub transaction_per_migration: Result<bool, Unknown>,
    /// `transactional_ddl`, where it overrides the dialect's; why it is not known.
    pub transactional_ddl: Result<Option<bool>, Unknown>,
    /// Databases beside this one that the same run of `env.py` may migrate: those of the settings whose name the
    /// revisions have functions for (`upgrade_NAME`), with their passwords.
    pub others: Vec<Url>,
    /// The names of such databases that the settings do not have: what `env.py` would migrate beside this one.
    pub missing: Vec<String>,
    /// What `env.py` itself connects to; nothing where that is not known.
    pub env_url: Option<Url>,
    /// The variable whose whole value is the URL that `env.py` connects to.
    pub env_variable: Option<String>,
    /// Whether `env.py` needs a Flask application around it.
    pub asks_flask: bool,
    /// What `env.py` does to its connection beside Alembic's own work.
    pub beside: Vec<Unknown>,
}

/// Why there is no database, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoDatabase {
    /// A sentence.
    pub why: String,
    /// Where.
    pub span: Option<Span>,
    /// What a person can do.
    pub way_out: String,
}

const SET_URL: &str = "write `url = \"…\"`, or the variable that has it (`\"$DATABASE_URL\"`), below `[database]` in \
     revline.toml, or `[tool.revline.database]` in pyproject.toml";

impl NoDatabase {
    fn new(why: impl Into<String>, span: Option<Span>, way_out: impl Into<String>) -> Self {
        Self { why: why.into(), span, way_out: way_out.into() }
    }

    fn unknown(what: &str, unknown: &Unknown) -> Self {
        Self::new(format!("{what}: {}", unknown.why), Some(unknown.span), SET_URL)
    }
}

impl Snapshot {
    /// The database of a project, in a process with these environment variables.
    ///
    /// # Errors
    /// [`NoDatabase`] where nothing says which one it is, or what says so cannot be followed.
    pub fn database(
        &self,
        project: &Project,
        asking: &Asking<'_>,
        variables: &BTreeMap<String, String>,
    ) -> Result<Believed, Box<NoDatabase>> {
        let settings = &project.settings.database;
        let entry = settings.entry(asking.name).ok_or_else(|| {
            let names: Vec<&str> = settings.named.keys().map(String::as_str).collect();
            let name = asking.name.unwrap_or_default();
            let way_out = match names.as_slice() {
                [] => "the settings name none".to_owned(),
                names => format!("the settings name {}", names.join(", ")),
            };
            NoDatabase::new(format!("there is no `[database.{name}]`"), None, way_out)
        })?;
        let x: Vec<String> =
            entry.x.iter().flatten().chain(asking.x).map(ToOwned::to_owned).collect();
        let profile = profile(project, asking.section);
        let folder = self.run_folder(project, profile);
        let explicit = self.explicit(project, &entry, variables)?;
        if explicit.is_none()
            && let Some(name) = asking.name
        {
            let why = format!("`[database.{name}]` has no `url`");
            return Err(NoDatabase::new(why, None, SET_URL).into());
        }
        let root = self.root_of(&project.environment.script_location);
        let env_py = project.environment.env_py.as_deref();
        let process =
            Process { snapshot: self, folder: &folder, variables, x: &x, root: &root, env_py };
        let env = self.env_py_really(project, profile.map(|profile| &profile.config), &process);
        let own = match &env {
            Some(env) => self.own_url(project, profile, env),
            None => Err(NoDatabase::new("the environment has no env.py", None, SET_URL)),
        };
        let env_url = own.as_ref().ok().map(|(url, _)| url.clone());
        let env_variable = env_url.as_ref().and_then(|url| {
            let mut asked = env.iter().flat_map(|env| env.variables.iter());
            let holds = |name: &&std::sync::Arc<str>| {
                variables.get(&***name).is_some_and(|value| value == url.secret())
            };
            asked.find(holds).map(|name| name.to_string())
        });
        let (url, source) = match explicit {
            Some(found) => found,
            None => own?,
        };
        let env = env.unwrap_or_default();
        let known = |told: Told<String>, what: &str| match told {
            Told::Known(text, _) => Ok(Some(text)),
            Told::Nothing => Ok(None),
            Told::Unknown(unknown) => {
                let what = format!("`{what}` of `context.configure` is not known");
                Err(Box::new(NoDatabase {
                    way_out: "a database cannot be read without it".to_owned(),
                    ..NoDatabase::unknown(&what, &unknown)
                }))
            }
        };
        let (others, missing) = match asking.name {
            Some(_) => Default::default(),
            None => self.others(project, variables),
        };
        let truth = |told: Told<bool>| match told {
            Told::Known(truth, _) => Ok(Some(truth)),
            Told::Nothing => Ok(None),
            Told::Unknown(unknown) => Err(unknown),
        };
        Ok(Believed {
            url,
            source,
            folder,
            entry,
            x,
            profile: profile.cloned(),
            version_table: known(env.agreed(|it| &it.version_table), "version_table")?
                .unwrap_or_else(|| "alembic_version".to_owned()),
            version_table_schema: known(
                env.agreed(|it| &it.version_table_schema),
                "version_table_schema",
            )?,
            version_table_pk: truth(env.agreed(|it| &it.version_table_pk))
                .unwrap_or_default()
                .unwrap_or(true),
            transaction_per_migration: truth(env.agreed(|it| &it.transaction_per_migration))
                .map(Option::unwrap_or_default),
            transactional_ddl: truth(env.agreed(|it| &it.transactional_ddl)),
            others,
            missing,
            env_url,
            env_variable,
            beside: env.beside.clone(),
            asks_flask: env.asks_flask
                || self.facts(project).offline.iter().any(|it| it.asks_flask),
        })
    }

    /// The folder that the commands of a project's Alembic are run in.
    pub fn folder_of_commands(&self, project: &Project) -> PathBuf {
        self.run_folder(project, profile(project, None))
    }

    /// The folder that Alembic is run in.
    fn run_folder(&self, project: &Project, profile: Option<&Profile>) -> PathBuf {
        let environment = &project.environment;
        let here = profile.and_then(|profile| profile.config.here());
        let script = environment.script_location.as_path();
        match here {
            // Flask-Migrate keeps its ini beside env.py, and is run from the application's folder.
            Some(here) if here == script => here.parent().unwrap_or(here).to_owned(),
            Some(here) => here.to_owned(),
            None => self.root_of(script),
        }
    }

    fn explicit(
        &self,
        project: &Project,
        entry: &DatabaseEntry,
        variables: &BTreeMap<String, String>,
    ) -> Result<Option<(Url, UrlSource)>, Box<NoDatabase>> {
        let Some((url, span)) = &entry.url else { return Ok(None) };
        let written = url.secret();
        let braced = written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let Some(name) = url.variable().or(braced) else {
            return Ok(Some((url.clone(), UrlSource::Settings(*span, None))));
        };
        let set = |name: &str| variables.get(name).cloned();
        let mut value = set(name);
        let mut looked_in = String::new();
        if let (None, Some(file)) = (&value, &entry.env_file) {
            let path = self.root_of(&project.environment.script_location).join(file);
            let path = revline_vfs::normalize(&path);
            let text = self.text(self.files().id(&path)).ok_or_else(|| {
                let why = format!("the `env-file` {} cannot be read", path.display());
                NoDatabase::new(why, *span, "the path starts at the folder of the settings")
            })?;
            let found = dotenv::parse(text.as_str(), &set);
            value = found.into_iter().rev().find(|(known, _)| known == name).map(|(_, it)| it);
            looked_in = format!(" and {} does not set it", path.display());
        }
        match value.filter(|value| !value.is_empty()) {
            Some(value) => {
                Ok(Some((Url::new(value), UrlSource::Settings(*span, Some(name.to_owned())))))
            }
            None => Err(NoDatabase::new(
                format!("the setting `url` is ${name}, which is not set{looked_in}"),
                *span,
                format!("set {name}, or name the file that does as `env-file`"),
            )
            .into()),
        }
    }

    /// The databases that `[database.NAME]` gives for the functions `upgrade_NAME` of the newest revisions, and the names
    /// of those that it does not give. The one that is meant has no entry of its own, or Flask-Migrate's empty name.
    fn others(
        &self,
        project: &Project,
        variables: &BTreeMap<String, String>,
    ) -> (Vec<Url>, Vec<String>) {
        let settings = &project.settings.database;
        let history = project.history();
        let sources = history.heads().iter().filter_map(|head| self.syntax(history[*head].file));
        let names: BTreeSet<_> = sources.flat_map(|source| databases(&source)).collect();
        let (mut urls, mut missing) = (Vec::new(), Vec::new());
        for name in names.iter().filter(|name| !name.is_empty()) {
            let entry = settings.named.contains_key(&**name).then(|| settings.entry(Some(name)));
            let url = entry.flatten().and_then(|it| self.explicit(project, &it, variables).ok()?);
            match url {
                Some((url, _)) => urls.push(url),
                None => missing.push(name.to_string()),
            }
        }
        if !names.contains("") && missing.len() == 1 {
            missing.clear();
        }
        (urls, missing)
    }

    fn env_py_really(
        &self,
        project: &Project,
        config: Option<&Config>,
        process: &Process<'_>,
    ) -> Option<EnvPy> {
        let world = Around::new(self, project);
        let source = world.source(project.environment.env_py.as_deref()?)?;
        Some(evaluate_really(&source, config, &world, process))
    }

    /// The URL that `env.py` connects to.
    fn own_url(
        &self,
        project: &Project,
        profile: Option<&Profile>,
        env: &EnvPy,
    ) -> Result<(Url, UrlSource), NoDatabase> {
        let missing = || match (&env.ends, env.configured.is_empty()) {
            (Some(ends), _) => NoDatabase::unknown("env.py ends before it connects", ends),
            (None, true) => {
                NoDatabase::new("env.py reaches no call of `context.configure`", None, SET_URL)
            }
            (None, false) => NoDatabase::new("env.py names no database", None, SET_URL),
        };
        let (url, span) = match env.agreed(|it| &it.url) {
            Told::Known(url, span) => (url, span),
            Told::Nothing => return Err(missing()),
            Told::Unknown(_) if env.urls().len() > 1 => {
                let why = "env.py connects to several databases";
                let way_out = "name each below `[database.NAME]`, and one of them with --database";
                return Err(NoDatabase::new(why, None, way_out));
            }
            Told::Unknown(unknown) => {
                return Err(NoDatabase::unknown("what env.py connects to is not known", &unknown));
            }
        };
        if url.drivername().is_none() || url.secret().contains('…') {
            let why = "what env.py connects to is not known completely";
            return Err(NoDatabase::new(why, Some(span), SET_URL));
        }
        let config = profile.map(|profile| &profile.config);
        let of_config = config.into_iter().flat_map(|config| {
            let databases = config.databases.iter().filter_map(|one| one.url.as_ref());
            config.sqlalchemy_url.iter().chain(databases)
        });
        if !of_config.into_iter().any(|setting| setting.span == span) {
            return Ok((url, UrlSource::Env(span)));
        }
        // A project whose own command line sets the URL leaves a stale one in the file.
        let facts = self.facts(project);
        if let Some(set) = facts.overrides.iter().find(|one| one.option == "sqlalchemy.url") {
            let why = "the project's own command line sets the URL, and the one in the \
                       configuration is what nobody runs with";
            return Err(NoDatabase::new(why, Some(set.span), SET_URL));
        }
        if url.backend() == Some("driver") {
            let why = "the URL is the one that `alembic init` writes";
            return Err(NoDatabase::new(why, Some(span), SET_URL));
        }
        Ok((url, UrlSource::Config(span)))
    }
}

/// The configuration that counts: of the section named, else of Alembic's own, else the first.
fn profile<'a>(project: &'a Project, section: Option<&str>) -> Option<&'a Profile> {
    let profiles = &project.environment.profiles;
    let wanted = section.unwrap_or("alembic");
    profiles.iter().find(|profile| profile.section == wanted).or_else(|| profiles.first())
}
