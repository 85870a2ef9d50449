//! `cargo xtask wheel`: the PyPI wheel that carries the program, built, installed into a clean virtual
//! environment and run from there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{child, paths, setup};

/// Build the wheel and try it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// As the tests build the program, which is quick; without it as a release.
    #[arg(long)]
    dev: bool,
}

pub(crate) fn run(args: &Args) -> Result<bool> {
    let wheel = build(args.dev)?;
    println!("{} ({} kB)", wheel.display(), fs::metadata(&wheel)?.len() / 1000);
    println!("{}", install(&wheel)?);
    Ok(true)
}

/// Builds the wheel with maturin; its path.
pub(crate) fn build(dev: bool) -> Result<PathBuf> {
    let python = setup::packaging_python()?;
    let folder = paths::target().join("wheels").join(if dev { "dev" } else { "release" });
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut maturin = Command::new(python);
    maturin.current_dir(paths::root()).args(["-m", "maturin", "build", "--locked"]);
    maturin.args(["--profile", if dev { "dev" } else { "release" }]);
    maturin.args(["--manifest-path", "server/cli/Cargo.toml", "--out"]).arg(&folder);
    let ended = child::show(maturin.env("CARGO_TARGET_DIR", paths::target()))?;
    if !ended.well {
        bail!("maturin: {}", ended.last_words());
    }
    let mut made = fs::read_dir(&folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    made.find(|path| path.extension().is_some_and(|end| end == "whl"))
        .with_context(|| format!("maturin left no wheel in {}", folder.display()))
}

/// Installs the wheel into a new environment and asks the program there; its version.
fn install(wheel: &Path) -> Result<String> {
    let folder = paths::target().join("wheels/environment");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let python = setup::packaging_python()?;
    well(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let mut pip = Command::new(programs.join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]);
    well(pip.arg(wheel))?;
    let revline = programs.join("revline");
    let version = well(Command::new(&revline).arg("--version"))?;
    let shop = paths::root().join("fixtures/alembic/shop");
    let linted = child::hush(Command::new(&revline).arg("lint").current_dir(shop))?;
    if !linted.lines.iter().any(|line| line.starts_with("error[multiple-heads]")) {
        bail!("the installed program finds no second head: {}", linted.last_words());
    }
    Ok(format!("{version}: {}", linted.last_words()))
}

fn well(command: &mut Command) -> Result<String> {
    let ended = child::hush(command)?;
    if !ended.well {
        bail!("{}: {}", command.get_program().display(), ended.last_words());
    }
    Ok(ended.last_words())
}
