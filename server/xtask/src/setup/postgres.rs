//! A PostgreSQL server: the one of the machine's Debian, installed where there is none.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use revline_tests::judge::server::binaries;

use super::{Ready, debian};
use crate::child;

/// The server's package in each Debian: a release has one major version, and keeps it.
const PACKAGES: &[(&str, &str)] = &[("bookworm", "postgresql-15"), ("trixie", "postgresql-17")];

/// Finds the server's programs, or installs them as root on a Debian that is known.
pub(super) fn install(_: &Path) -> Result<Ready> {
    if binaries().is_none() {
        let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
        let codename = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
        let package = PACKAGES.iter().find(|(name, _)| Some(*name) == codename);
        let Some((_, package)) = package else {
            bail!(
                "no PostgreSQL server, and no package known for this system (REVLINE_POSTGRES=... names its bin folder)"
            );
        };
        debian::install(package)?;
    }
    let Some(folder) = binaries() else { bail!("the server was installed, and is not found") };
    let asked = child::hush(Command::new(folder.join("initdb")).arg("--version"))?;
    let note = asked.last_words().replace("initdb (", "").replace(')', "");
    Ok(Ready { variables: vec![("REVLINE_POSTGRES", folder)], note })
}
