//! From the text of a location to a folder: a path, or `package:folder`.
//!
//! Alembic reads a relative path from the folder that it is started in, and a package from
//! `sys.path`. Neither is known here, so the likely ones are tried in order: the folder of the
//! configuration, then the folders above it up to the root of the workspace.

use std::path::{Path, PathBuf};

use revline_vfs::{Disk, Kind, normalize};

/// Where relative locations may start from.
pub(super) struct Places<'a> {
    pub(super) disk: &'a dyn Disk,
    /// The folders that Alembic may be started in, the likeliest first.
    pub(super) bases: Vec<PathBuf>,
    /// `prepend_sys_path`.
    pub(super) imports: Vec<String>,
    /// Folders that hold an `env.py`, for packages that are found nowhere else.
    pub(super) scripts: &'a [PathBuf],
}

/// A location that was looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// It is there; relative paths of the same configuration start from `base`.
    Folder { path: PathBuf, base: Option<PathBuf> },
    /// Nothing is there; this is where Alembic would look.
    Missing(PathBuf),
    /// A package that the workspace does not hold.
    Foreign,
}

/// The folder itself and those above it up to `root`.
pub(super) fn bases(here: &Path, root: &Path) -> Vec<PathBuf> {
    let mut bases: Vec<PathBuf> =
        here.ancestors().take_while(|folder| folder.starts_with(root)).map(PathBuf::from).collect();
    if bases.is_empty() {
        bases.push(here.to_owned());
    }
    bases
}

impl Places<'_> {
    pub(super) fn find(&self, text: &str) -> Found {
        let path = Path::new(text);
        if path.is_absolute() {
            let path = normalize(path);
            return if self.disk.kind(&path) == Some(Kind::Folder) {
                Found::Folder { path, base: None }
            } else {
                Found::Missing(path)
            };
        }
        if let Some((package, rest)) = text.split_once(':') {
            return self.package(package, rest);
        }
        for base in &self.bases {
            let path = normalize(&base.join(path));
            if self.disk.kind(&path) == Some(Kind::Folder) {
                return Found::Folder { path, base: Some(base.clone()) };
            }
        }
        Found::Missing(self.bases.first().map_or(path.to_owned(), |b| normalize(&b.join(path))))
    }

    fn package(&self, package: &str, rest: &str) -> Found {
        let mut inside: PathBuf = package.split('.').collect();
        inside.extend(rest.split(':'));
        let inside = normalize(&inside);
        if inside.is_absolute() || inside.as_os_str().is_empty() {
            return Found::Foreign;
        }
        let mut roots: Vec<PathBuf> = Vec::new();
        for base in &self.bases {
            roots.extend(self.imports.iter().map(|import| base.join(import)));
        }
        for base in &self.bases {
            roots.extend([base.clone(), base.join("src"), base.join("lib")]);
        }
        for root in roots {
            let path = normalize(&root.join(&inside));
            if self.disk.kind(&path) == Some(Kind::Folder) {
                return Found::Folder { path, base: None };
            }
        }
        let mut ends = self.scripts.iter().filter(|folder| folder.ends_with(&inside));
        match (ends.next(), ends.next()) {
            (Some(path), None) => Found::Folder { path: path.clone(), base: None },
            _ => Found::Foreign,
        }
    }
}
