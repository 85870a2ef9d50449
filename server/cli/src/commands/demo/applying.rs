//! The last part of the tour: the sample's own SQLite database, by the runner that needs no Python.

use std::path::Path;

use anyhow::Context as _;

/// A command of this program on the sample; what it prints, and whether it ended well.
#[expect(clippy::disallowed_methods, reason = "this same program, on the sample")]
fn command(folder: &Path, words: &[&str]) -> anyhow::Result<(String, bool)> {
    let program = std::env::current_exe().context("this program has no path")?;
    // A database that the person who looks has configured is none of the sample's.
    let done = std::process::Command::new(program)
        .args(words)
        .current_dir(folder)
        .env_remove("ALEMBIC_CONFIG")
        .output()?;
    let said = [done.stdout, done.stderr].concat();
    Ok((String::from_utf8_lossy(&said).into_owned(), done.status.success()))
}

/// Applies the history and shows where the database stands. What was expected and did not come is
/// returned.
pub(super) fn run(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut missing = Vec::new();
    let commands: [(&[&str], &str); 2] = [
        (&["upgrade", "heads", "--runner", "native", "--yes"], "an upgrade by the native runner"),
        (&["status", "--yes"], "a database that is up to date"),
    ];
    for (words, what) in commands {
        super::tour::title(&format!("revline {}", words.join(" ")));
        let (said, is_well) = command(folder, words)?;
        super::tour::quote(Some(&said));
        if !is_well {
            missing.push(what.to_owned());
        }
    }
    Ok(missing)
}
