//! Asking `tests/oracle/database.py`.

use std::path::Path;

use revline_tests::judge::live;
pub(crate) use revline_tests::oracle::{corpus, online as python};
use serde_json::Value;

/// Runs a command of the script; what it prints, as text.
pub(crate) fn ask(python: &Path, arguments: &[&str], input: &str) -> String {
    live::ask(python, arguments, input).unwrap_or_else(|why| panic!("{why:#}"))
}

/// The same, as JSON.
pub(crate) fn json(python: &Path, arguments: &[&str], input: &str) -> Value {
    let text = ask(python, arguments, input);
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{arguments:?}: {why}: {text}"))
}
