//! A MariaDB server: the one of the machine's Debian, installed where there is none.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use revline_tests::judge::mariadb::programs;

use super::{Ready, debian};
use crate::child;

/// Finds the server's programs, or installs them as root on a Debian, which all have them under one name.
pub(super) fn install(_: &Path) -> Result<Ready> {
    if programs().is_none() {
        if child::hush(Command::new("apt-get").arg("--version")).is_err() {
            bail!(
                "no MariaDB server, and no package known for this system (REVLINE_MARIADB=... names its mariadbd)"
            );
        }
        debian::install("mariadb-server")?;
    }
    let Some(programs) = programs() else { bail!("the server was installed, and is not found") };
    let asked = child::hush(Command::new(&programs.server).arg("--version"))?;
    let words = asked.last_words();
    let version = words.split_once("Ver ").map_or(words.as_str(), |(_, rest)| rest);
    let note = format!("MariaDB {}", version.split(" for ").next().unwrap_or(version));
    Ok(Ready { variables: vec![("REVLINE_MARIADB", programs.server)], note })
}
