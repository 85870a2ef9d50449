//! What `env.py` hands to Alembic, evaluated from its text: the URL, the metadata with its naming
//! convention, and the keywords of `context.configure` that change SQL.
//!
//! Nothing is executed. [`evaluate`] reads no environment variable: a variable that an `env.py` may
//! do without is looked at in two worlds, one in which it is not set and one in which it is, and
//! what the two disagree on is not known. [`evaluate_really`] is for whoever connects: there the
//! variables and `.env` files are those of the process that asks. A URL keeps its password to itself, and a name of a variable
//! stands in it as `$NAME`. What Python sets before Alembic runs (`Config.set_main_option` in a
//! module of the project) is [`overrides`]' business.

mod beside;
mod configure;
mod flask;
mod host;
mod metadata;
mod objects;
mod overrides;
mod real;
mod settings;
#[cfg(test)]
mod tests;
mod url;

use std::collections::BTreeSet;
use std::sync::Arc;

use revline_python::{Budget, Outcome, Source};
use revline_schema::NamingConvention;
use revline_sql::Mode;
use revline_text::Span;

pub use overrides::{Override, overrides};
pub use real::Surroundings;

use super::config::{Config, Url};
use super::migration::{Unknown, World};

/// What `env.py` says about one thing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Told<T> {
    /// Nothing: Alembic's default holds.
    #[default]
    Nothing,
    /// This, and where it comes from.
    Known(T, Span),
    /// Something that is not known.
    Unknown(Unknown),
}

/// What one call of `context.configure` says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Configured {
    /// The call.
    pub span: Span,
    /// Of `url`, or of the engine behind `connection`.
    pub url: Told<Url>,
    /// `dialect_name`.
    pub dialect_name: Told<String>,
    /// The naming convention of `target_metadata`; `Nothing` where that has none.
    pub naming: Told<NamingConvention>,
    /// `version_table`.
    pub version_table: Told<String>,
    /// `version_table_schema`.
    pub version_table_schema: Told<String>,
    /// `version_table_pk`.
    pub version_table_pk: Told<bool>,
    /// `transaction_per_migration`.
    pub transaction_per_migration: Told<bool>,
    /// `transactional_ddl`.
    pub transactional_ddl: Told<bool>,
    /// `literal_binds`.
    pub literal_binds: Told<bool>,
    /// `paramstyle` of `dialect_opts`.
    pub paramstyle: Told<String>,
    /// `render_as_batch`.
    pub render_as_batch: Told<bool>,
}

/// What an `env.py` says in one mode.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EnvPy {
    /// The calls of `context.configure`, those of both worlds of its variables, each once.
    pub configured: Vec<Configured>,
    /// The naming convention of the global `target_metadata`, for an `env.py` whose calls of
    /// `context.configure` are not reached.
    pub target_metadata: Told<NamingConvention>,
    /// The option `sqlalchemy.url` as it is when `env.py` ends, for the same.
    pub main_url: Told<Url>,
    /// The environment variables that it asks for.
    pub variables: BTreeSet<Arc<str>>,
    /// Where it changes `version_locations`; that holds for commands that run `env.py` alone.
    pub version_locations: Option<Span>,
    /// Why it ends before its end, in every world.
    pub ends: Option<Unknown>,
    /// It asks the running Flask application for its database: see [`flask_naming`].
    pub asks_flask: bool,
    /// What it does to the connection beside Alembic's own work, and where: whoever runs migrations
    /// without it would run them otherwise.
    pub beside: Vec<Unknown>,
}

/// What one evaluation may cost: an `env.py` imports all models of a project.
const BUDGET: Budget = Budget { steps: 400_000, depth: 160, bytes: 128 << 20, largest: 4 << 20 };

/// Which world a variable is in that `env.py` asks for.
#[derive(Clone, Copy)]
enum Variables<'w> {
    /// One that may be missing is.
    Unset,
    /// It holds `$NAME`.
    Set,
    /// It is what it is.
    Real(&'w dyn Surroundings),
}

/// Evaluates an `env.py` with a connection, in the environment of the process that asks. What is
/// known of a URL here has its password in it, so that nobody may keep the answer.
pub fn evaluate_really(
    source: &Arc<Source>,
    config: Option<&Config>,
    world: &dyn World,
    surroundings: &dyn Surroundings,
) -> EnvPy {
    run(source, config, Mode::Execute, world, Variables::Real(surroundings)).0
}

/// Evaluates an `env.py` as Alembic's command line runs it under `config`, offline for
/// [`Mode::Script`]. Total: broken source gives what can be known of it.
pub fn evaluate(
    source: &Arc<Source>,
    config: Option<&Config>,
    mode: Mode,
    world: &dyn World,
) -> EnvPy {
    let (mut env, optional) = run(source, config, mode, world, Variables::Unset);
    if optional {
        let (other, _) = run(source, config, mode, world, Variables::Set);
        // A world in which Python raises is none that anybody lives in.
        if env.ends.is_some() && other.ends.is_none() {
            let variables = std::mem::take(&mut env.variables);
            env = other;
            env.variables.extend(variables);
        } else if other.ends.is_none() {
            for one in other.configured {
                if !env.configured.contains(&one) {
                    env.configured.push(one);
                }
            }
            if env.target_metadata != other.target_metadata {
                let why = "it depends on the environment's variables".into();
                let span = other.target_metadata.span().unwrap_or(source.span());
                env.target_metadata = Told::Unknown(Unknown { span, why });
            }
            if env.main_url != other.main_url {
                env.main_url = Told::Nothing;
            }
            env.variables.extend(other.variables);
            env.asks_flask |= other.asks_flask;
            env.version_locations = env.version_locations.or(other.version_locations);
        }
    }
    env
}

/// One world; and whether it asked for a variable that it may do without.
fn run(
    source: &Arc<Source>,
    config: Option<&Config>,
    mode: Mode,
    world: &dyn World,
    variables: Variables<'_>,
) -> (EnvPy, bool) {
    let mut host = host::Running::new(config, mode, world, variables);
    let evaluation = revline_python::evaluate(source, &mut host, BUDGET);
    let ends = match evaluation.outcome() {
        Outcome::Raised(raised) => {
            // A message that the project made may repeat a password; these name what is missing.
            let ours = matches!(raised.class.as_str(), "KeyError" | "pydantic.ValidationError");
            let is_told = match variables {
                Variables::Real(_) => ours && !raised.message.contains("://"),
                Variables::Unset | Variables::Set => true,
            };
            let message = if is_told { raised.message.as_str() } else { "" };
            let colon = if message.is_empty() { "" } else { ": " };
            let why = format!("Python raises {}{colon}{message}", raised.class);
            Some(Unknown { span: raised.span, why: why.into() })
        }
        Outcome::Stopped(unknown) => Some(Unknown { span: unknown.span, why: unknown.why.clone() }),
        Outcome::Returned(_) | Outcome::Absent => None,
    };
    let target_metadata = match evaluation.global("target_metadata") {
        Some(value) => metadata::naming(evaluation.heap(), &value),
        None => Told::Unknown(Unknown {
            span: source.at(revline_text::Range::empty(0)),
            why: "no call of `context.configure` is reached".into(),
        }),
    };
    drop(evaluation);
    let optional = host.asked_optional;
    let main_url = host.main_url(source.span());
    let env = EnvPy {
        main_url,
        configured: host.configured,
        target_metadata,
        variables: host.variables,
        version_locations: host.version_locations,
        ends,
        asks_flask: host.asks_flask,
        beside: host.beside,
    };
    (env, optional)
}

/// The naming conventions of the databases that a module makes with Flask-SQLAlchemy, one for each
/// `SQLAlchemy(…)` among its globals.
pub fn flask_naming(source: &Arc<Source>, world: &dyn World) -> Vec<Told<NamingConvention>> {
    let mut host = host::Running::new(None, Mode::Script, world, Variables::Unset);
    let mut evaluation = revline_python::evaluate(source, &mut host, BUDGET);
    let globals = evaluation.globals();
    let values: Vec<_> = globals.iter().filter_map(|name| evaluation.global(name)).collect();
    let heap = evaluation.heap_mut();
    values.iter().filter_map(|value| metadata::flask_naming(heap, value)).collect()
}

impl<T> Told<T> {
    /// What is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value, _) => Some(value),
            _ => None,
        }
    }

    /// Where it comes from.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Nothing => None,
            Self::Known(_, span) => Some(*span),
            Self::Unknown(unknown) => Some(unknown.span),
        }
    }
}

impl EnvPy {
    /// What all calls of `context.configure` say together: what they disagree on is not known.
    pub fn agreed<T: Clone + PartialEq>(&self, part: impl Fn(&Configured) -> &Told<T>) -> Told<T> {
        let Some(first) = self.configured.first() else { return Told::Nothing };
        let told = part(first).clone();
        for other in self.configured.iter().skip(1) {
            let same = match (&told, part(other)) {
                (Told::Known(one, _), Told::Known(other, _)) => one == other,
                (Told::Nothing, Told::Nothing) => true,
                (Told::Unknown(_), _) => return told,
                (_, Told::Unknown(unknown)) => return Told::Unknown(unknown.clone()),
                _ => false,
            };
            if !same {
                let why = "several calls of `context.configure` say different things".into();
                return Told::Unknown(Unknown { span: other.span, why });
            }
        }
        told
    }

    /// The naming convention of the metadata that Alembic is given.
    pub fn naming(&self) -> Told<NamingConvention> {
        if let Some(ends) = &self.ends
            && self.configured.is_empty()
        {
            return Told::Unknown(ends.clone());
        }
        if self.configured.is_empty() {
            return self.target_metadata.clone();
        }
        self.agreed(|configured| &configured.naming)
    }

    /// Every URL that a call of `context.configure` is given, each once; where none is reached, that
    /// of the configuration as `env.py` leaves it.
    pub fn urls(&self) -> Vec<(&Url, Span)> {
        let mut urls: Vec<(&Url, Span)> = Vec::new();
        if let (Told::Known(url, span), []) = (&self.main_url, self.configured.as_slice()) {
            urls.push((url, *span));
        }
        for configured in &self.configured {
            if let Told::Known(url, span) = &configured.url
                && !urls.iter().any(|(known, _)| *known == url)
            {
                urls.push((url, *span));
            }
        }
        urls
    }
}
