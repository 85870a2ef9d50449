//! What is looked at: the folders in which environments are searched, and the files that were
//! asked for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, anyhow, bail};
use revline_analysis::{Depth, Files, Index, Inputs, Settings, Snapshot};
use revline_lint::{Cache, Finding};
use revline_text::FileId;
use revline_vfs::{Disk, Kind, RealDisk, normalize};

use crate::project::{Globals, root};
use crate::report::Report;

/// Files that stand where a project begins.
const MARKS: [&str; 4] = ["revline.toml", "pyproject.toml", "alembic.ini", ".git"];

/// Where to look.
pub(super) struct Scope {
    current: PathBuf,
    /// The folders in which environments are searched.
    roots: Vec<PathBuf>,
    /// What was asked for; everything where it is empty.
    paths: Vec<PathBuf>,
    globals: Globals,
    settings: Settings,
    /// A commit, else the default branch: files that are as they were where the history parted from it are left out.
    since: Option<Option<String>>,
    disk: Arc<dyn Disk>,
}

impl Scope {
    /// The scope of `paths`, relative to the current folder. Errors where a path leads nowhere.
    pub(super) fn new(
        paths: &[PathBuf],
        globals: &Globals,
        settings: Settings,
        since: Option<Option<String>>,
    ) -> anyhow::Result<Self> {
        let current = std::env::current_dir().context("there is no current folder")?;
        let current = normalize(&current);
        let files = Files::new(Arc::new(RealDisk));
        let mut roots: BTreeSet<PathBuf> = BTreeSet::new();
        let mut asked = Vec::new();
        for path in paths {
            let path = normalize(&current.join(path));
            let Some(kind) = files.disk().kind(&path) else {
                bail!("{}: there is no such file or folder", path.display());
            };
            roots.insert(root_of(&files, &current, &path, kind));
            asked.push(path);
        }
        if roots.is_empty() || globals.names_a_folder() {
            let root = root(globals).map_err(|failure| anyhow!("{failure}"))?;
            roots = BTreeSet::from([root]);
        }
        Ok(Self {
            current,
            roots: roots.into_iter().collect(),
            paths: asked,
            globals: globals.clone(),
            settings,
            since,
            disk: Arc::new(RealDisk),
        })
    }

    /// The same scope on another disk.
    pub(super) fn on(self, disk: Arc<dyn Disk>) -> Self {
        Self { disk, ..self }
    }

    /// The folder from which paths are told.
    pub(super) fn current(&self) -> &Path {
        &self.current
    }

    /// Whether a part of the project is left out.
    pub(super) fn is_partial(&self) -> bool {
        !self.paths.is_empty() || self.since.is_some()
    }

    /// Everything as it stands on disk now. Errors where there is no environment, and where it
    /// cannot be known what changed.
    pub(super) fn look(&self) -> anyhow::Result<Report> {
        let files = Files::new(self.disk.clone());
        let mut inputs = Inputs::new(files.clone());
        inputs.set_index(Index::build(&files, &self.roots, Some(&self.settings), Depth::Shared));
        let snapshot = inputs.snapshot();
        if snapshot.projects().is_empty() && snapshot.workspace().settings_defects.is_empty() {
            let roots: Vec<_> = self.roots.iter().map(|root| root.display().to_string()).collect();
            bail!("there is no Alembic environment in {}", roots.join(", "));
        }
        let meant = self.globals.meant(&snapshot).map_err(|failure| anyhow!("{failure}"))?;
        if meant.is_empty() && !snapshot.projects().is_empty() {
            bail!("none of the environments is meant; `revline doctor` lists them");
        }
        let meant: BTreeSet<&str> = meant.iter().map(|project| project.name()).collect();
        let cache = Cache::default();
        let mut wanted = cache.files(&snapshot);
        wanted.retain(|file| self.holds(&files.path(*file)));
        if let Some(since) = &self.since {
            let changed = self.changed(&snapshot, since.as_deref(), &wanted)?;
            wanted.retain(|file| changed.contains(&*files.path(*file)));
        }
        let mut looked_at = Vec::new();
        for file in &wanted {
            let owners = snapshot.owners(*file).map(|project| project.name());
            let owner = owners.filter(|name| meant.contains(name)).min();
            looked_at.extend(owner.map(|name| (name.to_owned(), *file)));
        }
        let mut findings = all(&snapshot, &cache, &wanted);
        // Findings about settings belong to no environment.
        let told = |name: &str| name.is_empty() || meant.contains(name);
        findings.retain(|finding| told(&finding.environment));
        findings.sort_by_cached_key(|finding| {
            (files.path(finding.span.file), finding.span.range, finding.rule)
        });
        Ok(Report::new(snapshot, findings, looked_at, self.current.clone()))
    }

    /// Those of the revision files that are not as they were.
    fn changed(
        &self,
        snapshot: &Snapshot,
        since: Option<&str>,
        files: &[FileId],
    ) -> anyhow::Result<BTreeSet<PathBuf>> {
        let path = |file: &FileId| snapshot.files().path(*file).to_path_buf();
        let mut changed = BTreeSet::new();
        for root in &self.roots {
            let revisions = files.iter().filter(|file| snapshot.is_revision(**file)).map(path);
            let below: Vec<PathBuf> = revisions.filter(|file| file.starts_with(root)).collect();
            let since = match since {
                Some(since) => since,
                None => default_branch(snapshot, root)?,
            };
            let told = |error| anyhow!("--since {since}: {error}");
            changed.extend(self.disk.changed_since(root, since, &below).map_err(told)?);
        }
        Ok(changed)
    }

    fn holds(&self, path: &Path) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|asked| path.starts_with(asked))
    }
}

/// The branch that everybody shares, of the environments below a folder.
fn default_branch<'a>(snapshot: &'a Snapshot, root: &Path) -> anyhow::Result<&'a str> {
    let projects = snapshot.projects().iter();
    let below = projects.filter(|one| one.environment.script_location.starts_with(root));
    let branches: BTreeSet<&str> =
        below.filter_map(|one| Some(one.shared.as_ref()?.branch.as_str())).collect();
    let mut branches = branches.into_iter();
    match (branches.next(), branches.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => {
            bail!("--since: no default branch is known; name one, or set `default-branch`")
        }
        (Some(one), Some(other)) => {
            bail!(
                "--since: the environments have several default branches ({one}, {other}); name one"
            )
        }
    }
}

/// The folder in which a path's environment and its settings are searched: the current folder
/// where that is a project and holds the path, else the nearest one around the path that is, else
/// the path itself. So a file of a project is judged alike from wherever one stands.
fn root_of(files: &Files, current: &Path, path: &Path, kind: Kind) -> PathBuf {
    let folder = match kind {
        Kind::Folder => path,
        _ => path.parent().unwrap_or(path),
    };
    let begins =
        |folder: &Path| MARKS.iter().any(|mark| files.disk().kind(&folder.join(mark)).is_some());
    if path.starts_with(current) && begins(current) {
        return current.to_path_buf();
    }
    folder.ancestors().find(|folder| begins(folder)).unwrap_or(folder).to_path_buf()
}

/// The findings of all files, on every core.
fn all(snapshot: &Snapshot, cache: &Cache, files: &[FileId]) -> Vec<Finding> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            found.extend(cache.of(snapshot, *file).iter().cloned());
        }
        found
    };
    std::thread::scope(|scope| {
        let helpers: Vec<_> = (1..cores).map(|_| scope.spawn(work)).collect();
        let mut found = work();
        for helper in helpers {
            match helper.join() {
                Ok(more) => found.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        found
    })
}
