//! What goes to the terminal: answers on standard output, everything else on standard error.
//!
//! Colour is for terminals alone (`NO_COLOR` is heard); a reader that goes away ends the writing
//! and is no error.

use std::fmt;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Style};
use revline_analysis::write::WriteError;
use revline_history::HistoryError;

const BOLD: Style = Style::new().bold();
const WRONG: Style = AnsiColor::Red.on_default().bold();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();

/// Why a command did not do what was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// In Alembic's own sentence, told as Alembic tells it: on standard output after `FAILED:`,
    /// exit code 255.
    Alembics(String),
    /// Where Alembic ends in a traceback, or has no such command: on standard error, exit code 1.
    Ours(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alembics(sentence) | Self::Ours(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Failure {}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        if error.is_alembics() {
            Self::Alembics(error.to_string())
        } else {
            Self::Ours(error.to_string())
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::Alembics(error.0)
    }
}

impl Failure {
    /// Tells it; returns the exit code that goes with it.
    pub(crate) fn tell(&self) -> ExitCode {
        match self {
            Self::Alembics(sentence) => write(&mut anstream::stdout(), &failed(sentence)),
            Self::Ours(sentence) => warn(sentence),
        }
        self.code()
    }

    /// The exit code alone.
    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Alembics(_) => ExitCode::from(255),
            Self::Ours(_) => ExitCode::from(1),
        }
    }
}

/// The line by which Alembic says that it failed.
pub(crate) fn failed(sentence: &str) -> String {
    format!("{WRONG}FAILED:{WRONG:#} {sentence}\n")
}

/// A line that stands over the answers of one environment.
pub(crate) fn heading(text: &str) -> String {
    format!("{BOLD}{text}{BOLD:#}\n")
}

/// A number with its word: `1 finding`, `2 findings`.
pub(crate) fn counted(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

/// One line of a unified diff.
pub(crate) fn diff_line(line: &str) -> String {
    let style = match line.as_bytes().first() {
        Some(b'+') => ADDED,
        Some(b'-') => REMOVED,
        _ => return format!("{line}\n"),
    };
    format!("{style}{line}{style:#}\n")
}

/// Writes a whole answer to standard output.
pub(crate) fn print(text: &str) {
    write(&mut anstream::stdout(), text);
}

/// Writes a remark to standard error.
pub(crate) fn warn(text: &str) {
    write(&mut anstream::stderr(), &format!("revline: {text}\n"));
}

/// Asks a person on the terminal; no is the answer of whoever says nothing.
pub(crate) fn ask(question: &str) -> bool {
    write(&mut anstream::stderr(), &format!("{BOLD}{question}{BOLD:#} [y/N] "));
    let mut answer = String::new();
    let heard = std::io::stdin().read_line(&mut answer);
    heard.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

/// A line on standard output as it comes, for programs.
pub(crate) fn print_line(value: &serde_json::Value) {
    print(&format!("{value}\n"));
}

/// Values as JSON, one line break at the end.
pub(crate) fn print_json(value: &serde_json::Value) {
    print(&format!("{value:#}\n"));
}

fn write(stream: &mut dyn Write, text: &str) {
    let done = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    if let Err(error) = done
        && error.kind() != ErrorKind::BrokenPipe
    {
        // There is one place left to say it, and nothing to do when that is gone too.
        drop(writeln!(std::io::stderr(), "revline: {error}"));
    }
}
