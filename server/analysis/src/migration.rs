//! What a revision does: evaluated from its text once for each dialect, direction and mode.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use revline_frameworks::alembic::migration::{Migration, Module, Target, World, evaluate};
use revline_python::Source;
use revline_text::{FileId, Fingerprint};
use revline_vfs::Stamp;

use crate::memo::LastTwo;
use crate::{Project, Snapshot};

/// An evaluation, and every file that it looked at beside its own.
#[derive(Debug)]
pub(crate) struct Evaluated {
    migration: Arc<Migration>,
    consulted: Vec<(PathBuf, Option<Seen>)>,
}

/// What identifies the content of a consulted file without reading it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Seen {
    Open(Fingerprint),
    OnDisk(Stamp),
}

/// Evaluations, by file, environment and target.
pub(crate) type Migrations = LastTwo<(FileId, PathBuf, Target), Fingerprint, Arc<Evaluated>>;

/// Sources of modules that migrations import, as long as they stay as they are.
pub(crate) type Modules = LastTwo<FileId, ModuleIdentity, Arc<Source>>;

/// What a remembered module was read from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ModuleIdentity(Seen);

impl Snapshot {
    /// What one direction of a revision file does; `None` where the file cannot be read.
    pub fn migration(
        &self,
        project: &Project,
        file: FileId,
        target: &Target,
    ) -> Option<Arc<Migration>> {
        let text = self.text(file)?;
        let key = (file, project.environment.script_location.clone(), target.clone());
        let identity = text.fingerprint();
        if let Some(known) = self.memo().migrations.peek(&key, &identity)
            && known.consulted.iter().all(|(path, seen)| self.seen(path) == *seen)
        {
            return Some(known.migration.clone());
        }
        let source = self.syntax(file)?;
        let world = Around::new(self, project);
        let migration = Arc::new(evaluate(&source, target, &world));
        let consulted = world.consulted.into_inner();
        let evaluated = Evaluated { migration: migration.clone(), consulted };
        self.memo().migrations.put(&key, identity, Arc::new(evaluated));
        Some(migration)
    }

    pub(crate) fn seen(&self, path: &Path) -> Option<Seen> {
        let files = self.files();
        if let Some(document) = files.known(path).and_then(|file| files.document(file)) {
            return Some(Seen::Open(document.text.fingerprint()));
        }
        files.disk().stamp(path).map(Seen::OnDisk)
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
    script.ancestors().skip(1).take(1).for_each(|folder| add(folder.to_owned()));
    for root in &snapshot.workspace().roots {
        // A package may hold its own migrations: every folder between them and the root may be the
        // one that Python starts at.
        for folder in script.ancestors().skip(1).take_while(|folder| folder.starts_with(root)) {
            add(folder.to_owned());
        }
        add(root.clone());
        add(root.join("src"));
    }
    folders
}

/// The workspace around a migration.
pub(crate) struct Around<'a> {
    snapshot: &'a Snapshot,
    folders: Vec<PathBuf>,
    /// Every path that was looked at, and what was there.
    pub(crate) consulted: RefCell<Vec<(PathBuf, Option<Seen>)>>,
}

impl<'a> Around<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot, project: &Project) -> Self {
        Self { snapshot, folders: folders(snapshot, project), consulted: RefCell::default() }
    }

    /// Remembers a path as looked at.
    pub(crate) fn look(&self, path: &Path) {
        let seen = self.snapshot.seen(path);
        self.consulted.borrow_mut().push((path.to_owned(), seen));
    }

    /// The source at a path, which is remembered as looked at whether it is there or not.
    pub(crate) fn source(&self, path: &Path) -> Option<Arc<Source>> {
        let seen = self.snapshot.seen(path);
        self.consulted.borrow_mut().push((path.to_owned(), seen));
        let seen = seen?;
        let files = self.snapshot.files();
        let file = files.id(path);
        let memo = self.snapshot.memo();
        let identity = ModuleIdentity(seen);
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
        let relative: PathBuf = name.split('.').collect();
        self.folders.iter().find_map(|folder| {
            let base = folder.join(&relative);
            if let Some(source) = self.source(&base.join("__init__.py")) {
                return Some(Module { source, is_package: true });
            }
            let source = self.source(&base.with_extension("py"))?;
            Some(Module { source, is_package: false })
        })
    }

    fn is_namespace(&self, name: &str) -> bool {
        let relative: PathBuf = name.split('.').collect();
        let disk = self.snapshot.files().disk();
        self.folders
            .iter()
            .any(|folder| disk.kind(&folder.join(&relative)) == Some(revline_vfs::Kind::Folder))
    }
}
