//! The tables' place in README.md: between two marks, with the date and the versions that were compared.

use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{child, paths};

const BEGIN: &str = "<!-- fidelity: made by `cargo xtask fidelity --write` -->\n";
const END: &str = "<!-- end of fidelity -->\n";

/// Replaces what stands between the marks.
pub(super) fn write(tables: &str, packages: usize, versions: &str) -> Result<()> {
    let path = paths::root().join("README.md");
    let text = std::fs::read_to_string(&path)?;
    let (before, rest) = text.split_once(BEGIN).context("README.md has no mark for the figures")?;
    let (_, after) = rest.split_once(END).context("README.md has no mark after the figures")?;
    let date = child::hush(Command::new("date").args(["-u", "+%Y-%m-%d"]))?.last_words();
    let head =
        format!("Measured on {date} over {packages} public packages, beside {versions}.\n\n");
    std::fs::write(&path, format!("{before}{BEGIN}\n{head}{tables}\n{END}{after}"))?;
    println!("README.md is written");
    Ok(())
}
