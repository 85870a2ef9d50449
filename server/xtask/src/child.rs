//! Running a program and keeping what it said.

use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// How a program ended.
pub(crate) struct Ended {
    /// Its exit status was 0.
    pub(crate) well: bool,
    /// Its lines on stdout and stderr in the order of arrival, without colours.
    pub(crate) lines: Vec<String>,
    /// From start to end.
    pub(crate) took: Duration,
}

impl Ended {
    /// The last line that says something: of a failed program, usually why.
    pub(crate) fn last_words(&self) -> String {
        let last = self.lines.iter().rev().map(|line| line.trim()).find(|line| !line.is_empty());
        last.unwrap_or("it said nothing").to_owned()
    }
}

/// Runs it and shows each line as it comes.
pub(crate) fn show(command: &mut Command) -> Result<Ended> {
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    run(command, true)
}

/// Runs it in silence.
pub(crate) fn hush(command: &mut Command) -> Result<Ended> {
    run(command, false)
}

fn run(command: &mut Command, echo: bool) -> Result<Ended> {
    let began = Instant::now();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .with_context(|| format!("{} did not start", command.get_program().display()))?;
    let lines = Mutex::new(Vec::new());
    let (out, err) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        let lines = &lines;
        if let Some(out) = out {
            scope.spawn(move || keep(out, lines, echo));
        }
        if let Some(err) = err {
            scope.spawn(move || keep(err, lines, echo));
        }
    });
    let status = child.wait()?;
    let lines = lines.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Ended { well: status.success(), lines, took: began.elapsed() })
}

/// Reads to the end, in bytes: a line that is not UTF-8 must not end the reading, or the child blocks.
fn keep(pipe: impl Read, lines: &Mutex<Vec<String>>, echo: bool) {
    let mut pipe = BufReader::new(pipe);
    let mut line = Vec::new();
    while matches!(pipe.read_until(b'\n', &mut line), Ok(read) if read > 0) {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        if echo {
            println!("{text}");
        }
        let plain = anstream::adapter::strip_str(text).to_string();
        lines.lock().unwrap_or_else(PoisonError::into_inner).push(plain);
        line.clear();
    }
}
