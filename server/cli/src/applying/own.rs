//! A command of the project's own Alembic whose answer is its own, and what Revline knows beside it.

use std::process::ExitCode;

use revline_analysis::Difference;
use revline_apply::{Event, Run, listen, named};

use crate::database::{INTERRUPTED, interrupted, runtime};
use crate::output::{Failure, print, warn};
use crate::project::place;

/// Runs a command that compares the models with the database: what it prints is printed, and its code is ours. What
/// `check` finds is told once more with its place; what goes into a new file, in a line.
pub(crate) fn passed_through(run: &Run<'_>, words: &[String]) -> anyhow::Result<ExitCode> {
    let mut failed = None;
    let mut hear = |event| match event {
        Event::Answered(line) => match line.strip_prefix("FAILED: ") {
            Some(sentence) => failed = Some(sentence.to_owned()),
            None => print(&format!("{line}\n")),
        },
        Event::Said(line) => anstream::eprintln!("{line}"),
        _ => {}
    };
    let mut found = Vec::new();
    let done = runtime()?.block_on(async {
        let lock = run.connection.lock().await.map_err(revline_apply::Failure::from)?;
        let cancel = interrupted();
        let run = Run { cancel: Some(&cancel), ..*run };
        let done = listen(&run, words, &mut found, &mut hear).await;
        drop(lock);
        done
    });
    match done {
        Ok(()) => {
            if !found.is_empty() {
                warn(&format!("detected: {}", named(&found)));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(failure) => {
            for difference in &found {
                warn(&told(run, difference));
            }
            if let Some(sentence) = failed {
                return Err(Failure::Alembics(sentence).into());
            }
            warn(&failure.to_string());
            Ok(ExitCode::from(if failure.is_cancelled { INTERRUPTED } else { 1 }))
        }
    }
}

/// A difference at its model, where that is known.
fn told(run: &Run<'_>, difference: &Difference) -> String {
    match difference.place {
        Some((span, _)) => format!("{}: {}", place(run.snapshot, span), difference.message),
        None => difference.message.clone(),
    }
}
