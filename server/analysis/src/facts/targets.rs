//! The databases that a project is for.

use revline_frameworks::alembic::env_py::{EnvPy, Override, Told};
use revline_frameworks::alembic::environment::Environment;
use revline_frameworks::alembic::packages::Packages;
use revline_sql::Dialect;
use revline_text::Span;

use crate::{Project, Snapshot};

/// A database that a project is for, as SQLAlchemy calls it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundTarget {
    /// `postgresql`.
    pub dialect: String,
    /// What says so.
    pub source: TargetSource,
}

/// What names a target.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TargetSource {
    /// Revline's own settings.
    Settings,
    /// The name of the version folder.
    Folder,
    /// The URL that `env.py` evaluates to, or `dialect_name`; where it comes from.
    Env(Span),
    /// A URL of the configuration of an environment without `env.py`.
    Config(Span),
    /// A driver among the dependencies.
    Driver(String, Span),
}

impl Snapshot {
    /// The dialects that the project is for: those of its settings, else of the URL that `env.py`
    /// evaluates to, else of the drivers that it depends on; empty where nothing says it. Only what
    /// Revline has a dialect for is in the list.
    pub fn targets(&self, project: &Project) -> Vec<&'static dyn Dialect> {
        let named = self.found_targets(project);
        let mut targets: Vec<&'static dyn Dialect> = Vec::new();
        for dialect in named.iter().filter_map(|target| revline_sql::dialect(&target.dialect)) {
            if !targets.iter().any(|known| known.facts().name == dialect.facts().name) {
                targets.push(dialect);
            }
        }
        targets
    }

    /// The databases that the project is for, each with what says so.
    pub fn found_targets(&self, project: &Project) -> Vec<FoundTarget> {
        match &project.settings.targets {
            Some(targets) => {
                let target = |dialect: &String| FoundTarget {
                    dialect: dialect.clone(),
                    source: TargetSource::Settings,
                };
                targets.iter().map(target).collect()
            }
            None => self.facts(project).targets.clone(),
        }
    }
}

/// The targets so far, each dialect once.
#[derive(Default)]
struct Found(Vec<FoundTarget>);

impl Found {
    fn add(&mut self, dialect: &str, source: TargetSource) {
        let dialect = if dialect == "postgres" { "postgresql" } else { dialect };
        // `driver://user:pass@localhost/dbname` is what `alembic init` writes.
        if dialect != "driver" && !self.0.iter().any(|known| known.dialect == dialect) {
            self.0.push(FoundTarget { dialect: dialect.to_owned(), source });
        }
    }
}

pub(super) fn targets(
    environment: &Environment,
    offline: &[EnvPy],
    online: &[EnvPy],
    overrides: &[Override],
    packages: &Packages,
) -> Vec<FoundTarget> {
    let mut found = Found::default();
    // A folder for each dialect names its own.
    for hint in environment.targets.iter().filter(|hint| hint.span.is_none()) {
        found.add(&hint.dialect, TargetSource::Folder);
    }
    if !found.0.is_empty() {
        return found.0;
    }
    if environment.env_py.is_none() {
        for hint in &environment.targets {
            if let Some(span) = hint.span {
                found.add(&hint.dialect, TargetSource::Config(span));
            }
        }
    }
    // Where the project's own command line sets the URL, the one in the file is a default that
    // nobody runs with.
    let overridden = overrides.iter().any(|one| one.option == "sqlalchemy.url");
    let in_config = |span: Span| environment.targets.iter().any(|hint| hint.span == Some(span));
    let mut asks = false;
    for env in offline.iter().chain(online) {
        for (url, span) in env.urls() {
            // A default that a variable may replace, or a variable itself.
            let literal = url.secret().contains('$') && url.backend().is_some();
            asks |= !env.variables.is_empty() && !in_config(span) && !literal;
            if let Some(backend) = url.backend().filter(|_| !(overridden && in_config(span))) {
                found.add(backend, TargetSource::Env(span));
            }
        }
        for configured in &env.configured {
            if let Told::Known(name, span) = &configured.dialect_name {
                found.add(name, TargetSource::Env(*span));
            }
        }
    }
    // A URL that variables decide has a default here, and the drivers say what else it may be.
    if found.0.is_empty() || asks {
        for driver in &packages.drivers {
            let source = TargetSource::Driver(driver.package.clone(), driver.span);
            found.add(driver.dialect, source);
        }
    }
    found.0
}
