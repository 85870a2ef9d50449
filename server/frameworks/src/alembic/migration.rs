//! What `upgrade()` or `downgrade()` of a version file does, evaluated from its text.
//!
//! [`evaluate`] answers for one direction, one dialect and one mode: tests of the dialect's name and
//! of `is_offline_mode()` are decided for them. Nothing is executed. What cannot be known is an
//! [`Op::Opaque`](revline_schema::Op::Opaque) step in its place or an [`Unknown`]; nothing is guessed.

mod beside;
mod bind;
mod constructs;
mod context;
mod dialect;
mod follow;
mod foreign;
mod functions;
mod handled;
mod host;
pub(super) mod imports;
mod inspector;
mod metadata;
mod parts;
mod reflected;
mod session;
mod steps;
mod symbols;
mod tables;
#[cfg(test)]
mod tests;
mod types;

use std::collections::BTreeSet;
use std::sync::Arc;

use revline_python::syntax::ast::{Parameter, ParameterKind};
use revline_python::{Budget, Evaluation, Outcome, Source, Value, View};
use revline_schema::{Op, Opaque, Schema, Step};
use revline_sql::Mode;
use revline_text::Span;

pub use follow::follow;
pub use functions::{Engine, Function, FunctionState, databases, functions};
pub use imports::UnresolvedImport;
pub use parts::{Part, same_parts};

/// Which of the two functions is meant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Direction {
    /// `upgrade()`.
    Upgrade,
    /// `downgrade()`.
    Downgrade,
}

impl Direction {
    /// The name of the function.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
        }
    }
}

/// For what an evaluation answers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Target {
    /// SQLAlchemy's name of the dialect: `postgresql`.
    pub dialect: Arc<str>,
    /// `is_offline_mode()` is true for [`Mode::Script`].
    pub mode: Mode,
    /// The function.
    pub direction: Direction,
    /// Which database, where the functions take its name (the `multidb` template).
    pub engine: Option<Arc<str>>,
}

impl Target {
    /// What a direction executes on a database.
    pub fn executed(dialect: impl Into<Arc<str>>, direction: Direction) -> Self {
        Self { dialect: dialect.into(), mode: Mode::Execute, direction, engine: None }
    }

    /// What a direction prints for `--sql`.
    pub fn printed(dialect: impl Into<Arc<str>>, direction: Direction) -> Self {
        Self { mode: Mode::Script, ..Self::executed(dialect, direction) }
    }
}

/// A module of the workspace.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its file.
    pub source: Arc<Source>,
    /// Whether it is the `__init__` of a package, so that `from .x import y` starts at it.
    pub is_package: bool,
}

/// What lies around a version file.
pub trait World {
    /// The module of an absolute dotted name.
    fn module(&self, name: &str) -> Option<Module>;

    /// Whether a dotted name is a folder without `__init__.py` that holds modules.
    fn is_namespace(&self, name: &str) -> bool {
        let _ = name;
        false
    }

    /// The schema before the migration, where it is known.
    fn schema(&self) -> Option<&Schema> {
        None
    }

    /// What `config.get_main_option(name)` gives: the inner `None` where the configuration certainly
    /// has no such option, the outer one where that is not known.
    fn main_option(&self, name: &str) -> Option<Option<String>> {
        let _ = name;
        None
    }

    /// `version_table_schema` of the environment.
    fn version_table_schema(&self) -> Option<&str> {
        None
    }
}

/// A world of this one file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Alone;

impl World for Alone {
    fn module(&self, _: &str) -> Option<Module> {
        None
    }
}

/// What one direction of a version file does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Migration {
    /// The operations in the order of execution.
    pub steps: Vec<Step>,
    /// What is not known although no step shows it: the budget ran out, something asked a database.
    /// While there is one, the steps may not be all.
    pub unknowns: Vec<Unknown>,
    /// Where the function may fail. Where it does not, nothing is missing.
    pub endings: Vec<Unknown>,
    /// Python certainly raises after the steps: Alembic would fail here.
    pub raises: Option<Raises>,
    /// The function that was asked for.
    pub function: Function,
    /// `__name__` of what stands under the function's name, where a decorator put another one there:
    /// Alembic tells it in place of the direction.
    pub called: Option<Arc<str>>,
    /// The databases that the file has functions of their own for.
    pub engines: Vec<Engine>,
    /// What the outcome rests on besides the text: facts about the schema and about the
    /// configuration, each once for a place.
    pub reads: Vec<Fact>,
    /// Why running the steps alone is not all that the function does, or not always: files, processes,
    /// messages, a `try` that goes on otherwise. What loading the file does is none of it, nor what
    /// only tells something.
    pub beside: Vec<Unknown>,
    /// The parts of the schema before the migration that it rests on. Empty where nothing was asked:
    /// then it is the same on every schema.
    pub parts: BTreeSet<Part>,
    /// Offline Alembic has no answer for something that the function asks, or no such method: what
    /// it does is for a database alone.
    pub needs_database: bool,
    /// Imports that led nowhere. They matter where a step says so.
    pub unresolved: Vec<UnresolvedImport>,
}

impl Migration {
    /// Whether the steps are all that the function does, as far as Python goes; a step may still be
    /// opaque or guarded.
    pub fn is_complete(&self) -> bool {
        self.unknowns.is_empty() && self.endings.is_empty() && self.raises.is_none()
    }

    /// Whether the steps are all that the function does where it succeeds. That is what counts for
    /// the schema of a database that went through it.
    pub fn is_followed(&self) -> bool {
        self.unknowns.is_empty() && self.raises.is_none()
    }
}

/// Something that an outcome rests on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fact {
    /// In words for a person: `table users exists`.
    pub fact: Arc<str>,
    /// The expression that asked for it.
    pub span: Span,
}

/// Something that is not known, and why.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Unknown {
    /// Where.
    pub span: Span,
    /// A sentence for a person.
    pub why: Arc<str>,
}

/// An exception that ends the function.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Raises {
    /// The `raise` statement, or what failed.
    pub span: Span,
    /// The class as a traceback shows it.
    pub class: Arc<str>,
    /// The message, where it is known.
    pub message: Arc<str>,
}

/// The name that a decorator gave to the function of a direction; `None` where it is the direction's.
fn called(run: &Evaluation<'_>, direction: &str) -> Option<Arc<str>> {
    let value = run.global(direction)?;
    let View::Function(function) = run.heap().view(&value) else { return None };
    let given = function.attributes.get("__name__").and_then(Value::as_str).map(Arc::from);
    given.or_else(|| Some(function.definition.name.clone())).filter(|name| **name != *direction)
}

/// The first parameter of a direction's function that has to be given, and its place. Alembic alone gives none: there
/// is one where `env.py` hands something to `context.run_migrations`.
fn waits_for(run: &Evaluation<'_>, source: &Source, direction: &str) -> Option<(Arc<str>, Span)> {
    let value = run.global(direction)?;
    let View::Function(function) = run.heap().view(&value) else { return None };
    // What a decorator or an assignment put there is called as it is.
    if *function.definition.name != *direction {
        return None;
    }
    let given =
        |kind: ParameterKind| !matches!(kind, ParameterKind::Rest | ParameterKind::Keywords);
    let needed = |one: &&Parameter| one.default.is_none() && given(one.kind);
    let parameter = function.definition.parameters.iter().find(needed)?;
    Some((parameter.name.clone(), source.at(parameter.range)))
}

/// What one evaluation may cost: a hundred times what the longest public migration takes.
const BUDGET: Budget = Budget { steps: 400_000, depth: 160, bytes: 128 << 20, largest: 4 << 20 };

/// Evaluates one direction of a version file. Total: broken source gives what can be known of it.
pub fn evaluate(source: &Arc<Source>, target: &Target, world: &dyn World) -> Migration {
    let mut host = host::Surroundings::new(target, world);
    host.steps.handle(source.span(), handled::handled(source));
    let function = functions::function(source, target.direction.as_str());
    let mut raised = None;
    let mut stopped = None;
    let mut run = revline_python::evaluate(source, &mut host, BUDGET);
    let waits = match target.engine {
        None => waits_for(&run, source, target.direction.as_str()),
        Some(_) => None,
    };
    let outcome = match run.outcome() {
        Outcome::Returned(_) if waits.is_some() => Outcome::Absent,
        Outcome::Returned(_) => {
            let direction = target.direction.as_str();
            match &target.engine {
                Some(engine) if functions::dispatches(source, direction) => {
                    run.call_function(&format!("{direction}_{engine}"), Vec::new())
                }
                engine => {
                    let name = |engine: &Arc<str>| Value::str(engine, source.at(function.range()));
                    run.call_function(direction, engine.iter().map(name).collect())
                }
            }
        }
        other => other.clone(),
    };
    let called = called(&run, target.direction.as_str());
    drop(run);
    match outcome {
        // A module may be set up by the application before: its state is not only what its text says.
        Outcome::Raised(exception) if exception.span.file != source.file => {
            let (class, message) = (&exception.class, &exception.message);
            let why = format!("whether `{class}: {message}` is raised where the application runs");
            stopped = Some(revline_python::value::Unknown::new(exception.span, why));
        }
        Outcome::Raised(exception) => raised = Some(exception),
        Outcome::Stopped(unknown) => stopped = Some(unknown),
        Outcome::Returned(_) | Outcome::Absent => {}
    }
    let mut gathered = host.finish(source.span());
    let dispatched =
        target.engine.is_some() && functions::dispatches(source, target.direction.as_str());
    if let Some(span) = functions::looks_up_names(source, &function)
        && !dispatched
    {
        let why = "names are looked up as data, so what is called is not known".into();
        gathered.unknowns.push(Unknown { span, why });
    }
    if let Some((parameter, span)) = waits {
        let direction = target.direction.as_str();
        let why =
            format!("{direction}() takes `{parameter}`, and what env.py gives it is not known");
        let op = Op::Opaque(Opaque::at(why, span));
        gathered.steps.push(Step { op, span: span.into(), guards: Vec::new() });
    }
    if let Some(unknown) = stopped {
        gathered.unknowns.push(Unknown { span: unknown.span, why: unknown.why });
    }
    parts::complete(&mut gathered.parts, &gathered.steps);
    Migration {
        parts: gathered.parts,
        needs_database: gathered.needs_database,
        steps: gathered.steps,
        unknowns: gathered.unknowns,
        endings: gathered.endings,
        raises: raised.map(|exception| Raises {
            span: exception.span,
            class: exception.class.into(),
            message: exception.message.into(),
        }),
        function,
        called,
        engines: functions::engines(source, target.direction.as_str()),
        reads: gathered.reads,
        beside: gathered.beside,
        unresolved: gathered.unresolved,
    }
}
