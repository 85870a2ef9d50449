//! What a project is, read from its text: what `env.py` hands to Alembic, which packages print its
//! SQL, which databases it is for.
//!
//! Made when somebody asks for SQL, a target or `doctor`, and never for the graph. What was made is
//! remembered with every file that it consulted, and verified by the files that changed since when one
//! did that is no revision.

mod assume;
mod models;
mod naming;
mod settings;
mod targets;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;
use revline_frameworks::alembic::env_py::{self, EnvPy, Override, Told, flask_naming, overrides};
use revline_frameworks::alembic::flask_migrate;
use revline_frameworks::alembic::packages::{self, Packages};
use revline_python::Source;
use revline_sql::Mode;
use revline_text::Fingerprint;
use revline_vfs::Walk;

pub use models::Models;
pub use naming::Naming;
pub use targets::{FoundTarget, TargetSource};

use crate::changes::{Changes, Moment};
use crate::memo::LastTwo;
use crate::migration::{Around, Consulted};
use crate::{Project, Snapshot};

/// What the text of a project says of it.
#[derive(Debug)]
pub struct Facts {
    /// `env.py` under `--sql`, once for each profile.
    pub offline: Vec<EnvPy>,
    /// `env.py` with a connection, once for each profile.
    pub online: Vec<EnvPy>,
    /// The packages that its files name.
    pub packages: Packages,
    /// Options that the project's own command line sets.
    pub overrides: Vec<Override>,
    /// The naming convention that nobody set in Revline's settings.
    pub naming: Naming,
    /// What the modules that `env.py` imports declare.
    pub models: Models,
    /// The databases, where Revline's settings do not name them.
    pub targets: Vec<FoundTarget>,
    /// The identity of all that findings and SQL are judged by.
    pub(crate) identity: Fingerprint,
}

/// Facts that were verified since a file changed that is no revision, by [`Project::id`].
pub(crate) type FactsNow = Arc<DashMap<Fingerprint, Arc<Facts>>>;

/// Facts, with what was looked at for them.
pub(crate) type Remembered = LastTwo<Fingerprint, Fingerprint, Arc<Verified>>;

#[derive(Debug)]
pub(crate) struct Verified {
    facts: Arc<Facts>,
    consulted: Consulted,
    /// When they were gathered.
    moment: Option<Moment>,
}

impl Verified {
    /// Whether everything that was looked at is as it was. The disk is asked only where it is not known
    /// which files changed since, or one of those that were looked at may have.
    fn holds_in(&self, snapshot: &Snapshot) -> bool {
        let changed = self.moment.and_then(|moment| snapshot.changes()?.since(moment));
        changed.is_some_and(|changed| !self.consulted.files().any(|file| changed.contains(&file)))
            || self.consulted.is_unchanged(snapshot, &mut std::collections::HashMap::new())
    }
}

/// How many profiles of one environment are evaluated.
const MOST_PROFILES: usize = 6;

/// How many modules are looked through for the database of a Flask application.
const MOST_MODULES: usize = 5_000;

impl Snapshot {
    /// What the text of a project says of it.
    pub fn facts(&self, project: &Project) -> Arc<Facts> {
        let environment = &project.environment;
        let key = project.id;
        if let Some(facts) = self.facts_now().get(&key) {
            return facts.clone();
        }
        let identity = Fingerprint::of(&environment.profiles.len());
        let known = self.memo().facts.peek(&key, &identity);
        let known = known.filter(|known| known.holds_in(self));
        let facts = match known {
            Some(known) => known.facts.clone(),
            None => {
                let verified = Arc::new(self.gather(project));
                self.memo().facts.put(&key, identity, verified.clone());
                verified.facts.clone()
            }
        };
        self.facts_now().insert(key, facts.clone());
        facts
    }

    fn gather(&self, project: &Project) -> Verified {
        let environment = &project.environment;
        let world = Around::new(self, project);
        for profile in &environment.profiles {
            world.look(&profile.config_file);
        }
        let source = environment.env_py.as_deref().and_then(|path| world.source(path));
        let mut configs: Vec<_> =
            environment.profiles.iter().take(MOST_PROFILES).map(|it| Some(&it.config)).collect();
        if configs.is_empty() {
            configs.push(None);
        }
        let evaluate = |mode: Mode| -> Vec<EnvPy> {
            let Some(source) = &source else { return Vec::new() };
            configs.iter().map(|config| env_py::evaluate(source, *config, mode, &world)).collect()
        };
        let (offline, online) = (evaluate(Mode::Script), evaluate(Mode::Execute));
        let root = self.root_of(&environment.script_location);
        let flask = offline.iter().any(|env| env.asks_flask);
        let stops = flask || online.iter().any(|env| env.ends.is_some());
        let models = match &source {
            Some(env_py) if !stops => Models::of(world.modules().iter().chain([env_py])),
            _ => Models::Unknown,
        };
        let naming = if flask {
            self.flask_naming(&root, &world).unwrap_or_else(|| Naming::of(&offline, &online))
        } else {
            Naming::of(&offline, &online)
        };
        let mut look = |path: &Path| world.look(path);
        let packages = packages::find(self.files(), &self.folders_of(project, &root), &mut look);
        let overrides = overrides(self.files(), &environment.script_location, &root, &mut look);
        let targets = targets::targets(environment, &offline, &online, &overrides, &packages);
        let judged = (&targets, &naming, models, &packages.sqlalchemy);
        let identity = Fingerprint::of(&format!("{judged:?}"));
        let facts =
            Facts { offline, online, packages, overrides, naming, models, targets, identity };
        let moment = self.changes().map(Changes::moment);
        Verified { facts: Arc::new(facts), consulted: world.consulted(), moment }
    }

    /// The folder of the workspace that a path lies in.
    pub(crate) fn root_of(&self, path: &Path) -> PathBuf {
        let roots = self.workspace().roots.iter().filter(|root| path.starts_with(root));
        roots.min_by_key(|root| root.as_os_str().len()).cloned().unwrap_or_else(|| path.to_owned())
    }

    /// The folders that may say what is installed, the nearest first.
    fn folders_of(&self, project: &Project, root: &Path) -> Vec<PathBuf> {
        let environment = &project.environment;
        let here = environment.config().and_then(|config| config.here());
        let starts = here.into_iter().chain([environment.script_location.as_path()]);
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in
            starts.flat_map(|start| start.ancestors().take_while(|it| it.starts_with(root)))
        {
            if !folders.iter().any(|known| known == folder) {
                folders.push(folder.to_owned());
            }
        }
        // Nearest means deepest; two of one depth stay in their order.
        folders.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
        folders
    }

    /// The modules of the workspace that may have a say in what Flask-Migrate hands to Alembic; tests and `env.py`, which
    /// asks, are none.
    pub(crate) fn flask_modules(&self, root: &Path, env_py: Option<&Path>) -> Vec<Arc<Source>> {
        let is_module = |name: &str| {
            name.ends_with(".py") && name != "conftest.py" && !name.starts_with("test_")
        };
        let modules = self.files().disk().find(root, &Walk::default(), &is_module).files;
        let modules = modules.iter().filter(|path| Some(path.as_path()) != env_py);
        modules
            .take(MOST_MODULES)
            .filter_map(|path| {
                let file = self.files().id(path);
                let text = self.text(file)?;
                if !flask_migrate::has_a_say(text.as_str()) {
                    return None;
                }
                self.syntax(file)
            })
            .collect()
    }

    /// The convention of the one database that modules of the workspace make with Flask-SQLAlchemy;
    /// `None` where there is none, or several that differ.
    fn flask_naming(&self, root: &Path, world: &Around<'_>) -> Option<Naming> {
        let modules =
            self.files().disk().find(root, &Walk::default(), &|name| name.ends_with(".py")).files;
        let mut found: Vec<Naming> = Vec::new();
        for path in modules.iter().take(MOST_MODULES) {
            let text = self.files().text(self.files().id(path)).ok()?;
            let text = text.as_str();
            if !text.contains("flask_sqlalchemy") || !text.contains("SQLAlchemy(") {
                continue;
            }
            let Some(source) = world.source(path) else { continue };
            for told in flask_naming(&source, world) {
                let naming = Naming::told(told);
                if !found.contains(&naming) {
                    found.push(naming);
                }
            }
        }
        match found.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }
}

impl Facts {
    /// What all evaluations of `env.py` in one mode say together of one thing.
    pub fn agreed<T: Clone + PartialEq>(
        evaluations: &[EnvPy],
        part: impl Fn(&env_py::Configured) -> &Told<T> + Copy,
    ) -> Told<T> {
        let mut all = EnvPy::default();
        for env in evaluations {
            all.configured.extend(env.configured.iter().cloned());
        }
        all.agreed(part)
    }

    /// The environment variables that `env.py` asks for.
    pub fn variables(&self) -> Vec<Arc<str>> {
        let all = self.offline.iter().chain(&self.online).flat_map(|env| env.variables.iter());
        let all: std::collections::BTreeSet<Arc<str>> = all.cloned().collect();
        all.into_iter().collect()
    }
}
