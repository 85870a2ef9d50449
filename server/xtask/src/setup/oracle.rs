//! Real Alembic in a virtual environment, by the pinned requirements of `tests/oracle`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Ready, python};
use crate::{child, paths};

/// The environment's folder inside the tools' folder.
const FOLDER: &str = "oracle";

/// The interpreter of the environment.
pub(super) fn interpreter(tools: &Path) -> PathBuf {
    let folder = tools.join(FOLDER);
    if cfg!(windows) { folder.join("Scripts/python.exe") } else { folder.join("bin/python") }
}

/// Builds the environment, unless it stands and was built from the same requirements.
pub(super) fn install(tools: &Path) -> Result<Ready> {
    let requirements = paths::root().join("tests/oracle/requirements.txt");
    let wanted = std::fs::read_to_string(&requirements)
        .with_context(|| format!("{} cannot be read", requirements.display()))?;
    let folder = tools.join(FOLDER);
    let marker = folder.join("installed.txt");
    if std::fs::read_to_string(&marker).ok().as_ref() != Some(&wanted) || works(tools).is_err() {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        let made = child::hush(Command::new(python::find()?).args(["-m", "venv"]).arg(&folder))?;
        if !made.well {
            bail!("no virtual environment: {}", made.last_words());
        }
        let mut pip = Command::new(interpreter(tools));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
        ]);
        let installed = child::hush(pip.arg(&requirements))?;
        if !installed.well {
            bail!("pip could not install the requirements: {}", installed.last_words());
        }
        std::fs::write(&marker, &wanted)?;
    }
    let note = works(tools)?;
    Ok(Ready { variables: vec![("REVLINE_ORACLE_PYTHON", interpreter(tools))], note })
}

/// Imports the tools and answers their versions.
fn works(tools: &Path) -> Result<String> {
    let versions = "import alembic, sqlalchemy; print('alembic', alembic.__version__ + ', SQLAlchemy', sqlalchemy.__version__)";
    let asked = child::hush(Command::new(interpreter(tools)).args(["-c", versions]))?;
    if asked.well {
        Ok(asked.last_words())
    } else {
        bail!("the environment is broken: {}", asked.last_words())
    }
}
