//! A MariaDB server: the one of the machine's Debian, installed where there is none.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use revline_tests::judge::mariadb::programs;

use super::{Ready, python};
use crate::child;

/// The name that every Debian has it under.
const PACKAGE: &str = "mariadb-server";

/// Finds the server's programs, or installs them as root on a Debian. The server that the package would start is not:
/// the tests start their own.
pub(super) fn install(_: &Path) -> Result<Ready> {
    if programs().is_none() {
        let is_debian =
            child::hush(Command::new("apt-get").arg("--version")).is_ok_and(|ended| ended.well);
        if !is_debian {
            bail!(
                "no MariaDB server, and no package known for this system (REVLINE_MARIADB=... names its mariadbd)"
            );
        }
        if !python::is_root() {
            bail!("no MariaDB server (Debian: apt-get install {PACKAGE})");
        }
        child::hush(Command::new("apt-get").args(["update", "-qq"]))?;
        let mut install = Command::new("apt-get");
        let wait = "DPkg::Lock::Timeout=300";
        install.args(["install", "-y", "-qq", "-o", wait, "--no-install-recommends", PACKAGE]);
        install.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
        let ended = child::hush(&mut install)?;
        if !ended.well {
            bail!("apt-get could not install {PACKAGE}: {}", ended.last_words());
        }
    }
    let Some(programs) = programs() else { bail!("the server was installed, and is not found") };
    let asked = child::hush(Command::new(&programs.server).arg("--version"))?;
    let words = asked.last_words();
    let version = words.split_once("Ver ").map_or(words.as_str(), |(_, rest)| rest);
    let note = format!("MariaDB {}", version.split(" for ").next().unwrap_or(version));
    Ok(Ready { variables: vec![("REVLINE_MARIADB", programs.server)], note })
}
