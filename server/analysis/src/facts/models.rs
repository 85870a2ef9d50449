//! Whether the modules that `env.py` imports declare tables, by their text.

use std::path::PathBuf;
use std::sync::Arc;

use revline_python::Source;
use revline_vfs::Walk;

use super::MOST_MODULES;
use crate::{Project, Snapshot};

/// What the modules that `env.py` imports declare.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub enum Models {
    /// Not known: a module may be imported by a name that is computed, or by an application.
    #[default]
    Unknown,
    /// At least one table.
    Declared,
    /// No table, as far as they are modules of the project.
    Undeclared,
}

/// What declares a table, or a class that is one.
const DECLARES: [&str; 6] =
    ["__tablename__", "__table__", "Table(", "table=True", "table = True", ".Model)"];

/// What imports modules that nobody can tell by reading.
const COMPUTED: [&str; 8] = [
    "import_module",
    "__import__",
    "walk_packages",
    "iter_modules",
    "find_modules",
    "importlib",
    "automap",
    "exec(",
];

impl Models {
    pub(super) fn of<'a>(sources: impl Iterator<Item = &'a Arc<Source>>) -> Self {
        let mut found = Self::Unknown;
        for source in sources {
            let has = |words: &[&str]| words.iter().any(|word| source.text.contains(word));
            if has(&DECLARES) {
                return Self::Declared;
            }
            if has(&COMPUTED) {
                return Self::Unknown;
            }
            found = Self::Undeclared;
        }
        found
    }
}

impl Snapshot {
    /// A module of the project that declares tables by itself, the first by its path; for whoever wants
    /// to say which one is not imported. Looks through the workspace.
    pub fn module_with_models(&self, project: &Project) -> Option<PathBuf> {
        let root = self.root_of(&project.environment.script_location);
        let files = self.files();
        let modules = files.disk().find(&root, &Walk::default(), &|name| name.ends_with(".py"));
        let is_test = |path: &PathBuf| {
            let below = path.strip_prefix(&root).unwrap_or(path);
            below.components().any(|one| {
                let name = one.as_os_str().to_string_lossy();
                name.starts_with("test") || name.starts_with("conftest")
            })
        };
        let own = &project.environment.script_location;
        modules.files.into_iter().take(MOST_MODULES).filter(|path| !path.starts_with(own)).find(
            |path| {
                !is_test(path)
                    && files.text(files.id(path)).is_ok_and(|text| {
                        ["__tablename__ =", "table=True)"]
                            .iter()
                            .any(|word| text.as_str().contains(word))
                    })
            },
        )
    }
}
