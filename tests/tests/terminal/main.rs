//! What the terminal and continuous integration get from `revline`: formats, baselines, pictures,
//! completions, packages.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "the program under test is started, on files of the test's own"
)]

mod baseline;
#[cfg(unix)]
mod book;
mod formats;
mod frameworks;
mod graph;
mod links;
mod packages;
mod settings;
mod shell;
mod since;

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use revline_tests::lsp::program;
use serde_json::Value;

/// Exit code, standard output, standard error.
type Said = (i32, String, String);

/// What the program under test says in a folder.
fn revline(folder: &Path, arguments: &[&str]) -> Said {
    static PROGRAM: OnceLock<std::path::PathBuf> = OnceLock::new();
    let mut command = Command::new(PROGRAM.get_or_init(program));
    said(command.args(arguments).current_dir(folder).env_remove("ALEMBIC_CONFIG"))
}

/// What a program says.
fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// What a program says that must end well.
fn well(command: &mut Command) -> String {
    let (code, printed, told) = said(command);
    assert_eq!(code, 0, "{command:?}\n{printed}{told}");
    printed
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

/// Git with an identity, in a folder.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"];
    let mut command = Command::new("git");
    well(command.current_dir(folder).args(identity).args(arguments).env("GIT_CONFIG_NOSYSTEM", "1"))
}
