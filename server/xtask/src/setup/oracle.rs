//! Real Alembic in virtual environments, by the pinned requirements of `tests/oracle`: one with nothing
//! else, and one with what the corpus imports, for the judge that runs migrations.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Ready, python};
use crate::{child, paths};

/// An environment: its folder inside the tools' folder, and its requirements.
struct Environment {
    folder: &'static str,
    requirements: &'static str,
    variable: &'static str,
}

const PLAIN: Environment = Environment {
    folder: "oracle",
    requirements: "requirements.txt",
    variable: "REVLINE_ORACLE_PYTHON",
};

const ONLINE: Environment = Environment {
    folder: "online",
    requirements: "requirements-online.txt",
    variable: "REVLINE_ONLINE_PYTHON",
};

/// The interpreter of the environment with nothing but Alembic.
pub(super) fn interpreter(tools: &Path) -> PathBuf {
    PLAIN.interpreter(tools)
}

/// The interpreter of the environment that runs migrations.
pub(super) fn online_interpreter(tools: &Path) -> PathBuf {
    ONLINE.interpreter(tools)
}

/// Builds the first, unless it stands and was built from the same requirements.
pub(super) fn install(tools: &Path) -> Result<Ready> {
    PLAIN.install(tools)
}

/// Builds the second.
pub(super) fn install_online(tools: &Path) -> Result<Ready> {
    ONLINE.install(tools)
}

impl Environment {
    fn interpreter(&self, tools: &Path) -> PathBuf {
        let folder = tools.join(self.folder);
        if cfg!(windows) { folder.join("Scripts/python.exe") } else { folder.join("bin/python") }
    }

    fn install(&self, tools: &Path) -> Result<Ready> {
        let requirements = paths::root().join("tests/oracle").join(self.requirements);
        let wanted = std::fs::read_to_string(&requirements)
            .with_context(|| format!("{} cannot be read", requirements.display()))?;
        let folder = tools.join(self.folder);
        let marker = folder.join("installed.txt");
        let known = std::fs::read_to_string(&marker).ok();
        if known.as_ref() != Some(&wanted) || self.works(tools).is_err() {
            if folder.exists() {
                std::fs::remove_dir_all(&folder)?;
            }
            let python = python::find()?;
            let made = child::hush(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
            if !made.well {
                bail!("no virtual environment: {}", made.last_words());
            }
            let mut pip = Command::new(self.interpreter(tools));
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
            let installed = child::hush(pip.args(["--require-hashes", "-r"]).arg(&requirements))?;
            if !installed.well {
                bail!("pip could not install the requirements: {}", installed.last_words());
            }
            std::fs::write(&marker, &wanted)?;
        }
        let note = self.works(tools)?;
        Ok(Ready { variables: vec![(self.variable, self.interpreter(tools))], note })
    }

    /// Imports the tools and answers their versions.
    fn works(&self, tools: &Path) -> Result<String> {
        let versions = "import alembic, sqlalchemy; print('alembic', alembic.__version__ + ', SQLAlchemy', sqlalchemy.__version__)";
        let asked = child::hush(Command::new(self.interpreter(tools)).args(["-c", versions]))?;
        if asked.well {
            Ok(asked.last_words())
        } else {
            bail!("the environment is broken: {}", asked.last_words())
        }
    }
}
