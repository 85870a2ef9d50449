//! The process that asks, for the evaluation of `env.py`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use revline_frameworks::alembic::env_py::Surroundings;
use revline_frameworks::alembic::flask_migrate::{Passed, passed};
use revline_frameworks::alembic::migration::Unknown;
use revline_text::{FileId, Span};

use crate::Snapshot;

pub(super) struct Process<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) folder: &'a Path,
    pub(super) variables: &'a BTreeMap<String, String>,
    pub(super) x: &'a [String],
    /// The root of the workspace, and the environment's own `env.py`.
    pub(super) root: &'a Path,
    pub(super) env_py: Option<&'a Path>,
}

impl Surroundings for Process<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn variable_in_any_case(&self, name: &str) -> Option<String> {
        let mut all = self.variables.iter();
        all.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    }

    fn file(&self, path: &Path) -> Option<String> {
        let files = self.snapshot.files();
        let path = revline_vfs::normalize(path);
        files.disk().stamp(&path)?;
        Some(self.snapshot.text(files.id(&path))?.as_str().to_owned())
    }

    fn path(&self, file: FileId) -> Option<PathBuf> {
        Some(self.snapshot.files().path(file).to_path_buf())
    }

    fn folder(&self) -> &Path {
        self.folder
    }

    fn x(&self) -> &[String] {
        self.x
    }

    fn flask_arguments(&self, asked: Span) -> Result<Vec<Passed>, Unknown> {
        passed(&self.snapshot.flask_modules(self.root, self.env_py), asked)
    }
}
