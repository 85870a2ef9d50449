//! The public packages of `tests/corpus/packages.toml`, checked and unpacked.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::{Ready, oracle};
use crate::{child, paths};

/// Fetches what is missing, with the pip of the oracle's environment.
pub(super) fn install(tools: &Path) -> Result<Ready> {
    let python = oracle::interpreter(tools);
    if !python.exists() {
        bail!("needs the Python environment of alembic");
    }
    let folder = tools.join("corpus");
    let script = paths::root().join("tests/corpus/fetch.py");
    let fetched = child::hush(Command::new(python).arg("-B").arg(script).arg(&folder))?;
    if !fetched.well {
        bail!("{}", fetched.lines.join("; "));
    }
    Ok(Ready { variables: vec![("REVLINE_CORPUS", folder)], note: fetched.last_words() })
}

/// Downloads packages of another listing into a folder, as those of the repository's are.
pub(super) fn fetch(tools: &Path, listing: &Path, folder: &Path, names: &[String]) -> Result<()> {
    let script = paths::root().join("tests/corpus/fetch.py");
    let mut python = Command::new(oracle::interpreter(tools));
    python.arg("-B").arg(script).arg("--packages").arg(listing).arg(folder).args(names);
    let fetched = child::hush(&mut python)?;
    if !fetched.well {
        bail!("{}", fetched.lines.join("; "));
    }
    Ok(())
}
