//! What a revision does: evaluated from its text once for each dialect, direction and mode.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use revline_frameworks::alembic::migration::{
    Direction, Migration, Module, Target, World, evaluate, same_parts,
};
use revline_python::Source;
use revline_schema::Schema;
use revline_text::{FileId, Fingerprint, Text};
use revline_vfs::Stamp;

use crate::changes::{Changes, Moment};
use crate::memo::{LastTwo, Recent};
use crate::{Project, Snapshot};

/// An evaluation, and every file that it looked at beside its own.
#[derive(Debug)]
pub(crate) struct Evaluated {
    pub(crate) migration: Arc<Migration>,
    pub(crate) consulted: Consulted,
    /// The schema that it was evaluated on.
    before: Option<Arc<Schema>>,
    /// When; `None` where that is not known.
    moment: Option<Moment>,
}

impl Evaluated {
    /// Whether no file that it was made from changed since then, as far as the log of changes tells.
    fn is_of_now(&self, snapshot: &Snapshot, own: FileId) -> bool {
        let changes = snapshot.changes().zip(self.moment);
        let changed = changes.and_then(|(changes, moment)| changes.since(moment));
        changed.is_some_and(|changed| {
            changed.is_empty()
                || !changed.contains(&own)
                    && !self.consulted.files().any(|file| changed.contains(&file))
        })
    }

    /// Whether it is the same on this schema.
    fn is_same_on(&self, before: Option<&Schema>) -> bool {
        match (&self.before, before) {
            (Some(then), Some(before)) => same_parts(&self.migration.parts, then, before),
            (None, None) => true,
            _ => false,
        }
    }
}

/// What identifies the content of a consulted file without reading it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Seen {
    Open(Fingerprint),
    OnDisk(Stamp),
}

/// Where modules were looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Consulted(Vec<Arc<Lookup>>);

/// The search for a module: every path that was tried, and what was there.
#[derive(Debug)]
pub(crate) struct Lookup {
    tried: Vec<(FileId, Option<Seen>)>,
    module: Option<Module>,
}

impl Consulted {
    /// The files that were looked for, there or not.
    pub(crate) fn files(&self) -> impl Iterator<Item = FileId> {
        self.0.iter().flat_map(|lookup| lookup.tried.iter().map(|(file, _)| *file))
    }

    /// The identity of what was found.
    pub(crate) fn identity(&self) -> Fingerprint {
        Fingerprint::of(&self.0.iter().map(|lookup| &lookup.tried).collect::<Vec<_>>())
    }

    /// Whether all of them are as they were. Lookups are shared, and `known` holds what was asked.
    pub(crate) fn is_unchanged(
        &self,
        snapshot: &Snapshot,
        known: &mut HashMap<usize, bool>,
    ) -> bool {
        self.0.iter().all(|lookup| {
            let ask = || lookup.tried.iter().all(|(file, seen)| snapshot.seen_file(*file) == *seen);
            *known.entry(Arc::as_ptr(lookup) as usize).or_insert_with(ask)
        })
    }
}

/// Evaluations, by file, environment and target. Those of open documents are kept.
pub(crate) type Migrations = Recent<(FileId, Fingerprint, Target), Fingerprint, Arc<Evaluated>>;

/// Sources of modules that migrations import, as long as they stay as they are.
pub(crate) type Modules = LastTwo<FileId, ModuleIdentity, Arc<Source>>;

/// Whether there are packages without a file of their own, as [`Lookups`].
pub(crate) type Namespaces = LastTwo<(PathBuf, String), Moment, bool>;

/// Searches for modules, by environment and name, as they went at a moment.
pub(crate) type Lookups = LastTwo<(PathBuf, String), Moment, Arc<Lookup>>;

/// What a remembered module was read from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ModuleIdentity(Seen);

impl Snapshot {
    /// What one direction of a revision file does, whatever the schema is; `None` where the file
    /// cannot be read.
    pub fn migration(
        &self,
        project: &Project,
        file: FileId,
        target: &Target,
    ) -> Option<Arc<Migration>> {
        self.migration_on(project, file, target, None)
    }

    /// Whether the workspace has a regular package or a module of this absolute name where Python
    /// would look for it.
    pub fn has_module(&self, project: &Project, name: &str) -> bool {
        Around::new(self, project).lookup(name).module.is_some()
    }

    /// What one direction does on a database with this schema.
    pub(crate) fn migration_on(
        &self,
        project: &Project,
        file: FileId,
        target: &Target,
        before: Option<&Arc<Schema>>,
    ) -> Option<Arc<Migration>> {
        Some(self.evaluated_on(project, file, target, before)?.migration.clone())
    }

    /// What `upgrade` of a file does on a database with this schema; `None` where the file cannot be
    /// read.
    pub(crate) fn upgrade_on(
        &self,
        project: &Project,
        file: FileId,
        dialect: &str,
        before: &Arc<Schema>,
    ) -> Option<Arc<Evaluated>> {
        let target = Target::executed(dialect, Direction::Upgrade);
        self.evaluated_on(project, file, &target, Some(before))
    }

    fn evaluated_on(
        &self,
        project: &Project,
        file: FileId,
        target: &Target,
        before: Option<&Arc<Schema>>,
    ) -> Option<Arc<Evaluated>> {
        let key = (file, project.id, target.clone());
        let before_schema = before.map(|before| &**before);
        if let Some(known) = self.memo().migrations.newest(&key)
            && known.is_of_now(self, file)
            && known.is_same_on(before_schema)
        {
            return Some(known);
        }
        let text = self.text(file)?;
        let identity = text.fingerprint();
        if let Some(known) = self.memo().migrations.peek(&key, &identity)
            && known.consulted.is_unchanged(self, &mut HashMap::new())
            && known.is_same_on(before_schema)
        {
            return Some(known);
        }
        let source = self.syntax_of(file, &text);
        let world = Around { before: before_schema, ..Around::new(self, project) };
        let migration = Arc::new(evaluate(&source, target, &world));
        let evaluated = Arc::new(Evaluated {
            migration,
            consulted: world.consulted(),
            before: before.cloned(),
            moment: self.changes().map(Changes::moment),
        });
        let is_open = self.files().document(file).is_some();
        self.memo().migrations.put(&key, identity, evaluated.clone(), is_open);
        Some(evaluated)
    }

    /// What one direction would do on a database with this schema if the file had this text.
    pub fn supposed(
        &self,
        project: &Project,
        file: FileId,
        text: &Text,
        target: &Target,
        before: &Schema,
    ) -> Migration {
        let source = Arc::new(Source::parse(file, text.shared()));
        let world = Around { before: Some(before), ..Around::new(self, project) };
        evaluate(&source, target, &world)
    }

    /// What identifies a file's content now; `None` where there is no such file.
    pub(crate) fn seen_file(&self, file: FileId) -> Option<Seen> {
        let files = self.files();
        if let Some(document) = files.document(file) {
            return Some(Seen::Open(document.text.fingerprint()));
        }
        files.disk().stamp(&files.path(file)).map(Seen::OnDisk)
    }
}

/// The folders that Python would find modules in, as far as that is known without running it: what
/// the configuration prepends, the folder of the configuration, the workspace and its `src`.
fn folders(snapshot: &Snapshot, project: &Project) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut add = |folder: PathBuf| {
        let folder = revline_vfs::normalize(&folder);
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    };
    if let Some(config) = project.environment.config()
        && let Some(here) = config.here()
    {
        if let Some(prepended) = &config.prepend_sys_path {
            prepended.value.iter().for_each(|item| add(here.join(&item.text)));
        }
        add(here.to_owned());
        add(here.join("src"));
    }
    let script = &project.environment.script_location;
    let is_package = |folder: &Path| {
        let init = folder.join("__init__.py");
        snapshot.files().disk().kind(&init) == Some(revline_vfs::Kind::File)
    };
    let parent = script.parent().filter(|folder| !is_package(folder));
    parent.into_iter().for_each(|folder| add(folder.to_owned()));
    for root in &snapshot.workspace().roots {
        // A package may hold its own migrations: every folder between them and the root may be the
        // one that Python starts at.
        // What is a package itself is no such folder: `app/db/sqlalchemy` would hide SQLAlchemy.
        for folder in script.ancestors().skip(1).take_while(|folder| folder.starts_with(root)) {
            if !is_package(folder) {
                add(folder.to_owned());
            }
        }
        add(root.clone());
        add(root.join("src"));
        // Who opens a package itself imports it from the folder that it stands in.
        if let Some(above) = root.ancestors().find(|folder| !is_package(folder)) {
            add(above.to_owned());
        }
    }
    folders
}

/// The workspace around a migration.
pub(crate) struct Around<'a> {
    snapshot: &'a Snapshot,
    project: &'a Project,
    location: &'a Path,
    folders: OnceCell<Vec<PathBuf>>,
    before: Option<&'a Schema>,
    consulted: RefCell<Vec<Arc<Lookup>>>,
}

impl<'a> Around<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot, project: &'a Project) -> Self {
        Self {
            snapshot,
            project,
            location: &project.environment.script_location,
            folders: OnceCell::new(),
            before: None,
            consulted: RefCell::default(),
        }
    }

    /// Everything that was looked at.
    pub(crate) fn consulted(self) -> Consulted {
        Consulted(self.consulted.into_inner())
    }

    /// Remembers a path as looked at.
    pub(crate) fn look(&self, path: &Path) {
        let file = self.snapshot.files().id(path);
        let tried = vec![(file, self.snapshot.seen_file(file))];
        self.consulted.borrow_mut().push(Arc::new(Lookup { tried, module: None }));
    }

    /// The source at a path, which is remembered as looked at whether it is there or not.
    pub(crate) fn source(&self, path: &Path) -> Option<Arc<Source>> {
        let mut tried = Vec::new();
        let source = self.read(&mut tried, path);
        self.consulted.borrow_mut().push(Arc::new(Lookup { tried, module: None }));
        source
    }

    /// The modules that were found so far.
    pub(crate) fn modules(&self) -> Vec<Arc<Source>> {
        let found = |lookup: &Arc<Lookup>| Some(lookup.module.as_ref()?.source.clone());
        self.consulted.borrow().iter().filter_map(found).collect()
    }

    fn folders(&self) -> &[PathBuf] {
        self.folders.get_or_init(|| folders(self.snapshot, self.project))
    }

    /// The search for a module, which is remembered as made whether it found one or not.
    fn lookup(&self, name: &str) -> Arc<Lookup> {
        let moment = self.snapshot.changes().map(Changes::moment);
        let key = (self.location.to_owned(), name.to_owned());
        let lookups = &self.snapshot.memo().lookups;
        let lookup = match &moment {
            Some(moment) => lookups.get(&key, *moment, || Arc::new(self.search(name))),
            None => Arc::new(self.search(name)),
        };
        self.consulted.borrow_mut().push(lookup.clone());
        lookup
    }

    fn search(&self, name: &str) -> Lookup {
        let relative: PathBuf = name.split('.').collect();
        let mut tried = Vec::new();
        let module = self.folders().iter().find_map(|folder| {
            let base = folder.join(&relative);
            if let Some(source) = self.read(&mut tried, &base.join("__init__.py")) {
                return Some(Module { source, is_package: true });
            }
            let source = self.read(&mut tried, &base.with_extension("py"))?;
            Some(Module { source, is_package: false })
        });
        Lookup { tried, module }
    }

    fn read(&self, tried: &mut Vec<(FileId, Option<Seen>)>, path: &Path) -> Option<Arc<Source>> {
        let file = self.snapshot.files().id(path);
        let seen = self.snapshot.seen_file(file);
        tried.push((file, seen));
        let memo = self.snapshot.memo();
        let identity = ModuleIdentity(seen?);
        if let Some(source) = memo.modules.peek(&file, &identity) {
            return Some(source);
        }
        let source = Arc::new(Source::parse(file, self.snapshot.text(file)?.shared()));
        memo.modules.put(&file, identity, source.clone());
        Some(source)
    }
}

impl World for Around<'_> {
    fn module(&self, name: &str) -> Option<Module> {
        self.lookup(name).module.clone()
    }

    fn is_namespace(&self, name: &str) -> bool {
        let look = || {
            let relative: PathBuf = name.split('.').collect();
            let disk = self.snapshot.files().disk();
            let is_folder = |path: &Path| disk.kind(path) == Some(revline_vfs::Kind::Folder);
            self.folders().iter().any(|folder| is_folder(&folder.join(&relative)))
        };
        let Some(moment) = self.snapshot.changes().map(Changes::moment) else { return look() };
        let key = (self.location.to_owned(), name.to_owned());
        self.snapshot.memo().namespaces.get(&key, moment, look)
    }

    fn schema(&self) -> Option<&Schema> {
        self.before
    }

    fn main_option(&self, name: &str) -> Option<Option<String>> {
        let config = self.project.environment.config()?;
        // A URL is what env.py makes of it.
        if !config.options.has_section(&config.section) || name.starts_with("sqlalchemy.") {
            return None;
        }
        Some(config.options.get(&config.section, name).map(ToOwned::to_owned))
    }
}
