//! What is looked at: the folders in which environments are searched, and the files that were
//! asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, anyhow, bail};
use revline_analysis::{Depth, Files, Index, Inputs, Settings, Snapshot};
use revline_lint::{Cache, Finding};
use revline_text::{FileId, Text};
use revline_vfs::{Kind, RealDisk, normalize};

use crate::project::{Globals, root};

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
}

/// What was found there.
pub(super) struct Report {
    /// Everything as it stands.
    pub(super) snapshot: Snapshot,
    /// By path, then by place.
    pub(super) findings: Vec<Finding>,
    /// How many revision files were looked at.
    pub(super) revisions: usize,
    /// How many environments they belong to.
    pub(super) environments: usize,
    current: PathBuf,
    texts: BTreeMap<FileId, Text>,
}

impl Scope {
    /// The scope of `paths`, relative to the current folder. Errors where a path leads nowhere.
    pub(super) fn new(
        paths: &[PathBuf],
        globals: &Globals,
        settings: Settings,
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
        let globals = globals.clone();
        Ok(Self { current, roots: roots.into_iter().collect(), paths: asked, globals, settings })
    }

    /// Everything as it stands on disk now. Errors where there is no environment.
    pub(super) fn look(&self) -> anyhow::Result<Report> {
        let files = Files::new(Arc::new(RealDisk));
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
        let ours =
            |file: &&FileId| snapshot.owners(**file).any(|project| meant.contains(project.name()));
        let revisions = wanted.iter().filter(ours).count();
        let environments: BTreeSet<&str> = wanted
            .iter()
            .flat_map(|file| snapshot.owners(*file))
            .map(|project| project.name())
            .filter(|name| meant.contains(name))
            .collect();
        let environments = environments.len();
        let mut findings = all(&snapshot, &cache, &wanted);
        // Findings about settings belong to no environment.
        let told = |name: &str| name.is_empty() || meant.contains(name);
        findings.retain(|finding| told(&finding.environment));
        findings.sort_by_cached_key(|finding| {
            (files.path(finding.span.file), finding.span.range, finding.rule)
        });
        let mut texts = BTreeMap::new();
        for finding in &findings {
            let related = finding.related.iter().map(|related| related.span.file);
            for file in related.chain([finding.span.file]) {
                texts
                    .entry(file)
                    .or_insert_with(|| snapshot.text(file).unwrap_or_else(|| Text::new("")));
            }
        }
        let current = self.current.clone();
        Ok(Report { snapshot, findings, revisions, environments, current, texts })
    }

    fn holds(&self, path: &Path) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|asked| path.starts_with(asked))
    }
}

impl Report {
    /// A path as it is printed: from the current folder where it lies in it.
    pub(super) fn path(&self, file: FileId) -> String {
        shown(&self.current, &self.snapshot.files().path(file))
    }

    /// The text of a file that a finding names.
    pub(super) fn text(&self, file: FileId) -> Option<&Text> {
        self.texts.get(&file)
    }
}

/// A path as it is printed, with slashes.
fn shown(current: &Path, path: &Path) -> String {
    let path = path.strip_prefix(current).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
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
