//! The runner `alembic`: the project's own, in its own environment.
//!
//! The interpreter is started with a few lines of Python (`driver.py`) that do what the console script
//! does, and two things more: they end when Revline does, and they let Alembic configure itself on the
//! database that was meant and on no other. A wrapper (`alembic-command`) is started as it is,
//! by a keeper that ends it when Revline is killed.

mod start;
mod traceback;

use std::time::Duration;

use revline_analysis::{Project, Snapshot};
use revline_database::end_session;
use revline_process::{Ended, Line, Task};
use revline_text::Span;

pub use start::{Start, start};

use crate::event::{Event, Failure, Hear};
use crate::run::{Run, cancelled};

/// How `driver.py` says by which number the server knows its connection. A statement that waits for a
/// lock would outlive a killed child, and run once the lock is free.
const SESSION: &str = "revline: session ";

/// The code of `driver.py` where env.py connects to something else.
const ELSEWHERE: i32 = 97;

/// What the project's own Alembic printed, and how it ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Child {
    /// Whether it ended well.
    pub is_well: bool,
    /// The lines of standard output, secrets hidden.
    pub out: Vec<String>,
    /// The lines of standard error, secrets hidden.
    pub err: Vec<String>,
    /// Its exit code.
    pub code: Option<i32>,
}

/// Runs a command of the project's own Alembic to its end. The lock has to be held by the caller where
/// the command changes anything.
///
/// # Errors
/// [`Failure`] where it does not start, takes too long, or ends badly, with the line of the migration
/// that its traceback names and the rows of the version table afterwards.
pub async fn run_child(run: &Run<'_>, task: &Task, hear: Hear<'_>) -> Result<Child, Failure> {
    let connection = run.connection;
    let mut child = Child { is_well: false, out: Vec::new(), err: Vec::new(), code: None };
    let secrets = connection.secrets.clone();
    let mut session = None;
    let running = revline_process::run(task, |line| {
        if let Line::Err(text) = &line
            && let Some(number) = text.strip_prefix(SESSION)
        {
            session = number.trim().parse().ok();
            return;
        }
        let text = secrets.hide(line.text());
        hear(match line {
            Line::Out(_) => Event::Answered(text.clone()),
            Line::Err(_) => Event::Said(text.clone()),
        });
        // A child that prints without end is heard, and not kept.
        let kept = match line {
            Line::Out(_) => &mut child.out,
            Line::Err(_) => &mut child.err,
        };
        if kept.len() < 20_000 {
            kept.push(text);
        }
    });
    // Whoever is not waited for any more is killed.
    let ended = tokio::select! {
        ended = running => ended.map(Some),
        () = cancelled(run.cancel) => Ok(None),
    };
    let ended = match ended {
        Ok(ended) => ended,
        Err(error) => {
            let program = task.program.display();
            let failure = Failure::new(format!("{program} does not start: {error}"));
            return Err(failure.seen(connection).await);
        }
    };
    let failure = match ended {
        Some(Ended::Exited(Some(0))) => {
            child.is_well = true;
            child.code = Some(0);
            return Ok(child);
        }
        Some(Ended::Exited(Some(ELSEWHERE))) => Failure::new(
            child
                .err
                .iter()
                .rev()
                .find_map(|line| line.strip_prefix("revline: "))
                .unwrap_or("env.py connects to another database than the one that was meant"),
        ),
        Some(Ended::Exited(code)) => {
            child.code = code;
            Failure::new(ended_badly(&child, code))
        }
        Some(Ended::TimedOut) => {
            let seconds = task.timeout.unwrap_or(Duration::ZERO).as_secs_f64();
            Failure::new(format!(
                "the project's Alembic did not end within {seconds} s, and was killed: does it wait \
                 for a lock of another transaction, or env.py for something? `--timeout` allows more"
            ))
        }
        None => Failure::cancelled(),
    };
    if let (None | Some(Ended::TimedOut | Ended::Exited(None)), Some(number)) = (ended, session) {
        // Where the server has gone already there is nobody left to end.
        drop(end_session(&connection.address, &connection.timeouts, number).await);
    }
    let span = traceback::last_frame(&child.err)
        .and_then(|frame| frame_in_project(run.snapshot, run.project, &frame));
    Err(Failure { span, ..failure }.seen(connection).await)
}

/// What it said last: Alembic's own sentence, else the end of a traceback.
fn ended_badly(child: &Child, code: Option<i32>) -> String {
    let failed = child.out.iter().chain(&child.err).rev().find_map(|line| {
        let (_, sentence) = line.split_once("FAILED: ")?;
        Some(sentence.to_owned())
    });
    let raised = traceback::exception(&child.err);
    let missing = |name: &str| {
        child.err.iter().any(|line| line.contains(&format!("No module named '{name}'")))
    };
    if missing("alembic") || missing("flask") {
        let name = if missing("alembic") { "Alembic" } else { "Flask" };
        return format!(
            "{name} is not installed in the environment of this interpreter; name the right one as \
             `python` below `[database]`, or install it there"
        );
    }
    let last = || child.err.iter().chain(&child.out).rev().find(|line| !line.trim().is_empty());
    let told = failed.or(raised).or_else(|| last().cloned()).unwrap_or_default();
    match code {
        Some(code) => format!("the project's Alembic ended with {code}: {told}"),
        None => format!("the project's Alembic was killed: {told}"),
    }
}

/// The line of a revision file that a traceback names.
fn frame_in_project(
    snapshot: &Snapshot,
    project: &Project,
    frame: &traceback::Frame,
) -> Option<Span> {
    let files = snapshot.files();
    let own = project.files.iter().copied().find(|file| {
        let path = files.path(*file);
        *path == *frame.path || files.disk().real_path(&path).is_ok_and(|real| real == frame.path)
    })?;
    let text = snapshot.text(own)?;
    let mut start = 0;
    for (number, line) in text.as_str().split_inclusive('\n').enumerate() {
        if number + 1 == frame.line {
            let indent = line.len() - line.trim_start().len();
            let end = start + line.trim_end().len();
            return Some(Span::new(own, revline_text::Range::of(start + indent, end)));
        }
        start += line.len();
    }
    None
}
