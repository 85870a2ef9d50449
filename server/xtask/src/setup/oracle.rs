//! Virtual environments by the pinned requirements of `tests/oracle`: real Alembic with nothing else, with
//! what the corpus imports for the judge that runs migrations, and with the frameworks that bring it
//! along; and what packs Revline and judges its formats.

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
    /// Python that imports what matters and prints the versions.
    versions: &'static str,
}

const ALEMBIC: &str = "import alembic, sqlalchemy; print('alembic', alembic.__version__ + ', SQLAlchemy', sqlalchemy.__version__)";

const PLAIN: Environment = Environment {
    folder: "oracle",
    requirements: "requirements.txt",
    variable: "REVLINE_ORACLE_PYTHON",
    versions: ALEMBIC,
};

const ONLINE: Environment = Environment {
    folder: "online",
    requirements: "requirements-online.txt",
    variable: "REVLINE_ONLINE_PYTHON",
    versions: ALEMBIC,
};

const FRAMEWORKS: Environment = Environment {
    folder: "frameworks",
    requirements: "requirements-frameworks.txt",
    variable: "REVLINE_FRAMEWORKS_PYTHON",
    versions: "import flask_migrate, sqlmodel, importlib.metadata as m; print('SQLModel', m.version('sqlmodel') + ', Flask-Migrate', m.version('flask-migrate'))",
};

const PACKAGING: Environment = Environment {
    folder: "packaging",
    requirements: "requirements-packaging.txt",
    variable: "REVLINE_PACKAGING_PYTHON",
    versions: "import jsonschema, importlib.metadata as m; print('maturin', m.version('maturin') + ', pre-commit', m.version('pre-commit') + ', uv', m.version('uv'))",
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

/// Builds the environment of the frameworks that bring Alembic along.
pub(super) fn install_frameworks(tools: &Path) -> Result<Ready> {
    FRAMEWORKS.install(tools)
}

/// Builds the environment that packs Revline.
pub(super) fn install_packaging(tools: &Path) -> Result<Ready> {
    PACKAGING.install(tools)
}

/// The interpreter of the environment that packs Revline.
pub(super) fn packaging_interpreter(tools: &Path) -> PathBuf {
    PACKAGING.interpreter(tools)
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
        let asked = child::hush(Command::new(self.interpreter(tools)).args(["-c", self.versions]))?;
        if asked.well {
            Ok(asked.last_words())
        } else {
            bail!("the environment is broken: {}", asked.last_words())
        }
    }
}
