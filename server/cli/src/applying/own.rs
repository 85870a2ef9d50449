//! A command of the project's own Alembic whose answer is its own.

use std::process::ExitCode;

use revline_apply::{Event, Run};

use crate::database::{INTERRUPTED, interrupted, runtime};
use crate::output::{Failure, print, warn};

/// Runs it: what it prints is printed, and its code is ours.
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
    let done = runtime()?.block_on(async {
        let cancel = interrupted();
        Run { cancel: Some(&cancel), ..*run }.alembic(words, &mut hear).await
    });
    match done {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(failure) => {
            if let Some(sentence) = failed {
                return Err(Failure::Alembics(sentence).into());
            }
            warn(&failure.to_string());
            Ok(ExitCode::from(if failure.is_cancelled { INTERRUPTED } else { 1 }))
        }
    }
}
