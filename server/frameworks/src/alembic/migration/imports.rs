//! What the modules named by imports are.

use std::collections::BTreeMap;

use revline_python::eval::Import;
use revline_python::{Imported, Symbol};
use revline_text::Span;

use super::World;

/// An import that led nowhere.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct UnresolvedImport {
    /// The dotted name, dots of a relative import in front.
    pub module: String,
    /// Where it stands.
    pub span: Span,
}

/// Packages whose names stand for themselves: what they mean is known, or is told to be unknown
/// where they are used.
const PACKAGES: [&str; 11] = [
    "advanced_alchemy",
    "alembic",
    "citext",
    "fastapi_users_db_sqlalchemy",
    "geoalchemy2",
    "packaging",
    "pgvector",
    "sqlalchemy",
    "sqlalchemy_utils",
    "sqlmodel",
    "typing_extensions",
];

/// Modules of other packages whose names stand for themselves, as those of [`PACKAGES`] do.
const MODULES: [&str; 1] = ["oslo_db.sqlalchemy.types"];

/// The symbol of a dotted path that leads to a module of [`MODULES`].
pub(super) fn known_module(path: &str) -> Option<Symbol> {
    MODULES.contains(&path).then(|| Symbol::new(path))
}

/// Follows imports, and remembers those that led nowhere.
pub(in crate::alembic) struct Imports<'w> {
    world: &'w dyn World,
    /// Whether a module that was read is a package, by its name.
    packages: BTreeMap<String, bool>,
    pub(super) unresolved: Vec<UnresolvedImport>,
}

impl<'w> Imports<'w> {
    pub(in crate::alembic) fn new(world: &'w dyn World) -> Self {
        Self { world, packages: BTreeMap::new(), unresolved: Vec::new() }
    }

    pub(in crate::alembic) fn resolve(&mut self, import: &Import<'_>) -> Imported {
        let Some(name) = self.absolute(import) else {
            self.unresolved.push(UnresolvedImport {
                module: format!("{}{}", ".".repeat(import.level as usize), import.module),
                span: import.span,
            });
            return Imported::Unknown(
                "attempted relative import with no known parent package".to_owned(),
            );
        };
        // The workspace first: a project may well be called like a package.
        if let Some(module) = self.world.module(&name) {
            self.packages.insert(name.clone(), module.is_package);
            return Imported::Source { source: module.source, name };
        }
        let top = name.split('.').next().unwrap_or_default();
        if PACKAGES.contains(&top) {
            return Imported::Symbol(Symbol::new(&name));
        }
        if let Some(symbol) = known_module(&name) {
            return Imported::Symbol(symbol);
        }
        if self.world.is_namespace(&name) {
            self.packages.insert(name.clone(), true);
            return Imported::Namespace { name };
        }
        if revline_python::eval::is_standard(top) {
            return Imported::Unclaimed;
        }
        let why = format!("the module `{name}` was not found in the workspace");
        if self.is_extended(&name) {
            return Imported::Foreign(why);
        }
        let unresolved = UnresolvedImport { module: name.clone(), span: import.span };
        if !self.unresolved.contains(&unresolved) {
            self.unresolved.push(unresolved);
        }
        // A module of the project's own that is missing may do anything.
        if self.world.module(top).is_some() || self.world.is_namespace(top) {
            return Imported::Unknown(why);
        }
        Imported::Foreign(why)
    }

    /// Whether a package around a module says that others may add to it.
    fn is_extended(&self, name: &str) -> bool {
        let packages = name.match_indices('.').filter_map(|(end, _)| name.get(..end));
        packages.filter_map(|package| self.world.module(package)).any(|module| {
            let text = &module.source.text;
            text.contains("extend_path(") || text.contains("declare_namespace(")
        })
    }

    /// The absolute name; `None` for a relative import without a package. Alembic loads a version
    /// file outside of any package.
    fn absolute(&self, import: &Import<'_>) -> Option<String> {
        if import.level == 0 {
            return Some(import.module.to_owned());
        }
        if import.importer.is_empty() {
            return None;
        }
        let mut parts: Vec<&str> = import.importer.split('.').collect();
        let is_package = self.packages.get(import.importer).copied().unwrap_or(false);
        let up = import.level as usize - usize::from(is_package);
        let kept = parts.len().checked_sub(up).filter(|kept| *kept > 0)?;
        parts.truncate(kept);
        if !import.module.is_empty() {
            parts.push(import.module);
        }
        Some(parts.join("."))
    }
}
