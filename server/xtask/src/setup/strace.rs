//! `strace`, which sees what a process starts, opens and connects to.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::{Ready, debian};
use crate::child;

const PROGRAM: &str = "/usr/bin/strace";

/// Finds it, or installs it as root on a Debian; fails where nobody may be traced.
pub(super) fn install(_: &Path) -> Result<Ready> {
    let program = PathBuf::from(PROGRAM);
    if !program.is_file() {
        debian::install("strace")?;
    }
    let traced = child::hush(Command::new(&program).args(["-f", "-e", "trace=execve", "true"]))?;
    if !traced.well {
        bail!("strace traces nothing here: {}", traced.last_words());
    }
    let asked = child::hush(Command::new(&program).arg("-V"))?;
    let note = asked.lines.iter().find_map(|line| line.strip_prefix("strace -- version "));
    let note = format!("strace {}", note.unwrap_or_default());
    Ok(Ready { variables: vec![("REVLINE_STRACE", program)], note })
}
