//! A command of the project's own Alembic whose answer is its own.

use std::process::ExitCode;

use revline_apply::{Event, Run};

use crate::database::runtime;
use crate::output::{Failure, print, warn};

/// Runs it: what it prints is printed, and its code is ours.
pub(crate) fn passed_through(run: &Run<'_>, words: &[String]) -> anyhow::Result<ExitCode> {
    let mut last = String::new();
    let done = runtime()?.block_on(run.alembic(words, &mut |event| {
        if let Event::Printed(line) = event {
            last.clone_from(&line);
            anstream::eprintln!("{line}");
        }
    }));
    match done {
        Ok(child) => {
            for line in &child.out {
                print(&format!("{line}\n"));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(failure) => {
            if let Some(sentence) = last.strip_prefix("FAILED: ") {
                return Err(Failure::Alembics(sentence.to_owned()).into());
            }
            warn(&failure.to_string());
            Ok(ExitCode::from(1))
        }
    }
}
