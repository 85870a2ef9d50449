//! Mangled and hostile files through everything that reads a revision: no panic, no work without an end.
//!
//! A case is a number: it decides the file, what happens to it, and the dialect, so that any case can be run
//! again alone. What is measured of one is its time and the evaluator's steps.

#![allow(clippy::disallowed_methods, reason = "the files to mangle are read from disk")]

pub mod hostile;
mod mangle;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use revline_frameworks::alembic::migration::{Alone, Direction, Migration, Target, evaluate};
use revline_frameworks::alembic::revision;
use revline_python::header::confirm;
use revline_python::syntax::decode;
use revline_python::{Budget, Host, Source};
use revline_schema::{Schema, apply_steps};
use revline_sql::{DIALECTS, Mode, Settings, Status, render, sqlite_support, step_effects};
use revline_text::FileId;

pub use mangle::mangled;

/// How long one case may take, in a release build; far longer without optimisation, on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 120 } else { 2 });

/// How many bytes of SQL one function may become.
const LONGEST: usize = 256 << 20;

/// What one case showed.
#[derive(Clone, Default, Debug)]
pub struct Seen {
    /// How long everything took, on the processor where the system tells that.
    pub took: Duration,
    /// Steps of the bare evaluator.
    pub steps: u64,
    /// Operations that both directions came to.
    pub operations: usize,
    /// What went wrong: a panic, or a bound that did not hold.
    pub wrong: Option<String>,
}

/// The files that are mangled: all Python files in version folders below these, sorted.
pub fn originals(folders: &[PathBuf]) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut left = folders.to_vec();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(std::fs::read_dir(&path)?.filter_map(|entry| Some(entry.ok()?.path())));
        } else if path.extension().is_some_and(|end| end == "py") && in_versions(&path) {
            let bytes = std::fs::read(&path)?;
            if bytes.len() < 200_000 {
                files.push((path, bytes));
            }
        }
    }
    files.sort();
    ensure!(!files.is_empty(), "no revisions to mangle");
    Ok(files)
}

fn in_versions(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "versions")
}

/// Runs one case.
pub fn case(number: u64, originals: &[(PathBuf, Vec<u8>)]) -> Seen {
    let bytes = mangled(number, originals);
    guarded(&bytes, number)
}

/// Everything that is done with a file's bytes, with a panic caught.
pub fn guarded(bytes: &[u8], number: u64) -> Seen {
    let began = Clock::now();
    let mut seen = match catch_unwind(AssertUnwindSafe(|| look(bytes, number))) {
        Ok(seen) => seen,
        Err(payload) => {
            let said = payload.downcast_ref::<String>().cloned();
            let said = said.or_else(|| payload.downcast_ref::<&str>().map(|&said| said.to_owned()));
            Seen { wrong: Some(format!("panic: {}", said.unwrap_or_default())), ..Seen::default() }
        }
    };
    seen.took = began.elapsed();
    if seen.took > LIMIT && seen.wrong.is_none() {
        seen.wrong = Some(format!("{:.1} s", seen.took.as_secs_f64()));
    }
    seen
}

/// The time of the thread on the processor: a machine that does other things beside makes nothing slow.
#[cfg(unix)]
struct Clock(rustix::time::Timespec);

#[cfg(unix)]
impl Clock {
    fn now() -> Self {
        Self(rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime))
    }

    fn elapsed(&self) -> Duration {
        let now = Self::now().0;
        let nanos = (now.tv_sec - self.0.tv_sec) * 1_000_000_000 + now.tv_nsec - self.0.tv_nsec;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or_default())
    }
}

#[cfg(not(unix))]
type Clock = std::time::Instant;

/// A host that knows nothing.
struct Deaf;

impl Host for Deaf {}

fn look(bytes: &[u8], number: u64) -> Seen {
    let mut seen = Seen::default();
    let text = decode(bytes).text;
    let file = FileId(0);
    drop(revision::read(file, Path::new("versions/a.py"), &text));
    let source = Arc::new(Source::parse(file, Arc::from(text.as_str())));
    let headers = [revision::head(&text), confirm(&source, &revision::NAMES)];
    for entry in headers.iter().flat_map(|header| &header.entries) {
        if entry.value_range.slice(&text).is_none() {
            seen.wrong = Some("a header's range lies outside of the text".to_owned());
        }
    }
    let budget = Budget::default();
    let mut host = Deaf;
    let mut evaluation = revline_python::evaluate(&source, &mut host, budget);
    drop(evaluation.call_function("upgrade", Vec::new()));
    seen.steps = evaluation.steps();
    // Each attempt to go on after the last step is counted, and refused.
    if seen.steps > budget.steps + 16 {
        seen.wrong = Some(format!("{} steps where {} are allowed", seen.steps, budget.steps));
    }
    drop(evaluation);
    let Some(dialect) = DIALECTS.get(number as usize % DIALECTS.len()).copied() else {
        return seen;
    };
    let mut schema = Schema::default();
    for direction in [Direction::Upgrade, Direction::Downgrade] {
        for mode in [Mode::Script, Mode::Execute] {
            let target = target(dialect.facts().name, mode, direction);
            let migration = evaluate(&source, &target, &Alone);
            seen.operations += migration.steps.len();
            let rendered = render(&migration.steps, dialect, mode, &Settings::default());
            let length: usize = rendered.statements.iter().map(|one| one.text.len()).sum();
            if length > LONGEST {
                seen.wrong = Some(format!("{length} bytes of SQL"));
            }
            for step in &migration.steps {
                drop(sqlite_support(&step.op, Some(&schema), &Settings::default()));
            }
            let steps = step_effects(&migration.steps, &schema, dialect);
            schema = apply_steps(&schema, &steps).0;
        }
    }
    seen
}

fn target(dialect: &str, mode: Mode, direction: Direction) -> Target {
    Target { dialect: dialect.into(), mode, direction, engine: None }
}

/// An upgrade of a text: what is known of it, and the status of its SQL on PostgreSQL.
pub fn upgrade(text: &str) -> (Migration, Status) {
    let source = Arc::new(Source::parse(FileId(0), Arc::from(text)));
    let migration =
        evaluate(&source, &target("postgresql", Mode::Script, Direction::Upgrade), &Alone);
    let status = revline_sql::dialect("postgresql").map_or(Status::Refused, |dialect| {
        render(&migration.steps, dialect, Mode::Script, &Settings::default()).status
    });
    (migration, status)
}
