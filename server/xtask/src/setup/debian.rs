//! Packages of the machine's Debian, which only root installs.

use std::process::Command;

use anyhow::{Result, bail};

use super::python;
use crate::child;

/// Installs a package, without the server that it might start: the tests start their own.
pub(super) fn install(package: &str) -> Result<()> {
    if !python::is_root() {
        bail!("{package} is not installed (Debian: apt-get install {package})");
    }
    child::hush(Command::new("apt-get").args(["update", "-qq"]))?;
    let mut install = Command::new("apt-get");
    let wait = "DPkg::Lock::Timeout=300";
    install.args(["install", "-y", "-qq", "-o", wait, "--no-install-recommends", package]);
    install.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
    let ended = child::hush(&mut install)?;
    if !ended.well {
        bail!("apt-get could not install {package}: {}", ended.last_words());
    }
    Ok(())
}
