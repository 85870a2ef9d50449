//! Asking `tests/oracle/database.py`.

use std::path::{Path, PathBuf};

use revline_tests::judge::live;
use serde_json::Value;

/// Whether a missing component is a failure.
pub(crate) fn is_strict() -> bool {
    std::env::var_os("CI").is_some_and(|ci| ci == "true" || ci == "1")
}

/// The Python with SQLAlchemy, Alembic and the drivers.
pub(crate) fn python() -> Option<PathBuf> {
    variable("REVLINE_ONLINE_PYTHON")
}

/// The unpacked packages.
pub(crate) fn corpus() -> Option<PathBuf> {
    variable("REVLINE_CORPUS")
}

fn variable(name: &str) -> Option<PathBuf> {
    let found = std::env::var_os(name).filter(|value| !value.is_empty());
    assert!(found.is_some() || !is_strict(), "{name} is not set, and in CI nothing is skipped");
    if found.is_none() {
        println!("SKIPPED: {name} is not set");
    }
    found.map(PathBuf::from)
}

/// Runs a command of the script; what it prints, as text.
pub(crate) fn ask(python: &Path, arguments: &[&str], input: &str) -> String {
    live::ask(python, arguments, input).unwrap_or_else(|why| panic!("{why:#}"))
}

/// The same, as JSON.
pub(crate) fn json(python: &Path, arguments: &[&str], input: &str) -> Value {
    let text = ask(python, arguments, input);
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{arguments:?}: {why}: {text}"))
}
