//! The machine's Python: found, and made able to build virtual environments.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::child;

/// The first Python that is new enough: 3.11, as the oracle's scripts read TOML.
pub(super) fn find() -> Result<PathBuf> {
    let told = std::env::var_os("PYTHON").map(PathBuf::from);
    let usual = ["python3", "python3.13", "python3.12", "python3.11", "python"].map(PathBuf::from);
    for python in told.into_iter().chain(usual) {
        let asked = child::hush(Command::new(&python).args(["-c", "import tomllib"]));
        if asked.is_ok_and(|ended| ended.well) {
            return Ok(python);
        }
    }
    bail!("there is no Python from 3.11 on (PYTHON=... names one)")
}

/// Makes sure that `python -m venv` works; as root on Debian by installing the package for it.
pub(super) fn prepare() -> Result<()> {
    let python = find()?;
    if has_venv(&python)? {
        return Ok(());
    }
    if !is_root() {
        bail!(
            "{} cannot make virtual environments (Debian: apt-get install python3-venv)",
            python.display()
        );
    }
    child::hush(Command::new("apt-get").args(["update", "-qq"]))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "-y", "-qq", "--no-install-recommends", "python3-venv"]);
    let ended = child::hush(install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    if !ended.well || !has_venv(&python)? {
        bail!("apt-get could not install python3-venv: {}", ended.last_words());
    }
    Ok(())
}

/// Whether packages of the system can be installed.
pub(super) fn is_root() -> bool {
    child::hush(Command::new("id").arg("-u")).is_ok_and(|ended| ended.last_words() == "0")
}

fn has_venv(python: &PathBuf) -> Result<bool> {
    Ok(child::hush(Command::new(python).args(["-c", "import ensurepip, venv"]))?.well)
}
