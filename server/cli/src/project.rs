//! Which project a command is about: Alembic's global options, and the environments they mean.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use revline_analysis::{Depth, Environment, Files, Index, Inputs, Project, Snapshot};
use revline_history::Defect;
use revline_vfs::{Disk as _, Kind, RealDisk, normalize};

use crate::output::{Failure, warn};

/// The options that stand before or after every command.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Globals {
    /// The configuration file, alembic.ini or pyproject.toml; may be given once for each. Without
    /// it ALEMBIC_CONFIG counts, else every environment that is found.
    #[arg(short, long, global = true, value_name = "FILE")]
    config: Vec<PathBuf>,
    /// The section of the ini file, or the name of an environment.
    #[arg(short, long, global = true, value_name = "SECTION")]
    name: Option<String>,
    /// The folder below which environments are looked for; the current one unless given.
    #[arg(long, global = true, value_name = "DIR")]
    project: Option<PathBuf>,
    /// Arguments for env.py, as Alembic takes them; may be given several times.
    #[arg(short, global = true, value_name = "KEY=VALUE")]
    x: Vec<String>,
}

/// What was found, and which environments are meant.
pub(crate) struct Opened {
    /// Everything below the folder.
    pub(crate) snapshot: Snapshot,
    /// The environments that are meant, in the order of their paths; never none.
    pub(crate) projects: Vec<Arc<Project>>,
}

impl Opened {
    /// The one environment that a command may write to. With several it refuses and lists them.
    pub(crate) fn only(&self) -> Result<&Arc<Project>, Failure> {
        match self.projects.as_slice() {
            [only] => Ok(only),
            several => Err(Failure::Ours(format!(
                "several environments are meant; choose one with -c FILE, -n NAME or --project DIR:\
                 {}",
                listed(several)
            ))),
        }
    }

    /// The path of a file as Alembic prints it: absolute, links resolved.
    pub(crate) fn real_path(&self, file: revline_text::FileId) -> PathBuf {
        let files = self.snapshot.files();
        let path = files.path(file);
        files.disk().real_path(&path).unwrap_or_else(|_| path.to_path_buf())
    }
}

/// Looks for the environments that the options mean. Errors where there is none.
pub(crate) fn open(globals: &Globals, depth: Depth) -> Result<Opened, Failure> {
    let (root, snapshot) = read(globals, depth)?;
    let wanted = named_files(globals)?;
    let projects: Vec<Arc<Project>> = snapshot
        .projects()
        .iter()
        .filter(|project| globals.mean(snapshot.files(), &project.environment, &wanted))
        .cloned()
        .collect();
    if projects.is_empty() {
        if !wanted.is_empty() {
            let missing =
                wanted.iter().find(|path| snapshot.files().disk().kind(path) != Some(Kind::File));
            warn(&match missing {
                Some(path) => format!("{} is not there", path.display()),
                None => "the configuration leads to no environment; `revline doctor` says why"
                    .to_owned(),
            });
            return Err(Failure::Alembics(
                "No 'script_location' key found in configuration.".to_owned(),
            ));
        }
        if let Some(name) = &globals.name
            && !snapshot.projects().is_empty()
        {
            return Err(Failure::Ours(format!(
                "no environment has a section [{name}] or that name; there are:{}",
                listed(snapshot.projects())
            )));
        }
        return Err(Failure::Ours(format!(
            "no Alembic environment below {}; `revline doctor` says what was looked at",
            root.display()
        )));
    }
    Ok(Opened { snapshot, projects })
}

/// The folder below which environments are looked for. Errors where it is none.
pub(crate) fn root(globals: &Globals) -> Result<PathBuf, Failure> {
    let here = here()?;
    let root = match &globals.project {
        Some(folder) => normalize(&here.join(folder)),
        None => {
            let wanted = named_files(globals)?;
            let outside = wanted.iter().find(|path| !path.starts_with(&here));
            outside.and_then(|path| path.parent()).map_or(here, Path::to_path_buf)
        }
    };
    if RealDisk.kind(&root) != Some(Kind::Folder) {
        return Err(Failure::Ours(format!("{} is no folder", root.display())));
    }
    Ok(root)
}

/// Everything below the folder, whatever is meant. Returns the folder too.
pub(crate) fn read(globals: &Globals, depth: Depth) -> Result<(PathBuf, Snapshot), Failure> {
    let root = root(globals)?;
    let files = Files::new(Arc::new(RealDisk));
    let index = Index::build(&files, std::slice::from_ref(&root), None, depth);
    let mut inputs = Inputs::new(files);
    inputs.set_index(index);
    Ok((root, inputs.snapshot()))
}

/// Ends where Alembic would not load the environment at all; what it only warns about is told.
pub(crate) fn check(opened: &Opened, project: &Project) -> Result<(), Failure> {
    let files = opened.snapshot.files();
    let folder = &project.environment.script_location;
    if files.disk().kind(folder).is_none() {
        return Err(Failure::Alembics(format!(
            "Path doesn't exist: {}.  Please use the 'init' command to create a new scripts folder.",
            folder.display()
        )));
    }
    for file in project.files.iter() {
        let Some(problem) = project.heading(*file).and_then(|heading| heading.problem.as_ref())
        else {
            continue;
        };
        if problem.message.starts_with("Could not determine revision id") {
            return Err(Failure::Alembics(problem.message.clone()));
        }
        let told = format!("{}: {}", files.path(*file).display(), problem.message);
        if problem.fails {
            return Err(Failure::Ours(told));
        }
        warn(&told);
    }
    let history = project.history();
    for defect in history.defects() {
        if let Defect::DuplicateId { id, .. } = defect {
            warn(&format!("Revision {id} is present more than once"));
        }
    }
    history.check().map_err(Failure::from)
}

/// A place as people read it: path, line and column from 1.
pub(crate) fn place(snapshot: &Snapshot, span: revline_text::Span) -> String {
    let path = snapshot.files().path(span.file);
    let at = snapshot
        .text(span.file)
        .map(|text| text.position(span.range.start(), revline_text::Encoding::Utf32));
    match at {
        Some(at) => format!("{}:{}:{}", path.display(), at.line + 1, at.column + 1),
        None => path.display().to_string(),
    }
}

impl Globals {
    /// The arguments of `-x`.
    pub(crate) fn x(&self) -> &[String] {
        &self.x
    }

    /// The section or environment that was named.
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whether a folder was named in which to look for environments.
    pub(crate) const fn names_a_folder(&self) -> bool {
        self.project.is_some()
    }

    /// The environments among those of a snapshot that the options mean. Errors where there is no
    /// current folder.
    pub(crate) fn meant<'a>(
        &self,
        snapshot: &'a Snapshot,
    ) -> Result<Vec<&'a Arc<Project>>, Failure> {
        let wanted = named_files(self)?;
        let files = snapshot.files();
        let mean = |project: &&Arc<Project>| self.mean(files, &project.environment, &wanted);
        Ok(snapshot.projects().iter().filter(mean).collect())
    }

    fn mean(&self, files: &Files, environment: &Environment, wanted: &[PathBuf]) -> bool {
        let same = |one: &Path, other: &Path| {
            one == other
                || match (files.disk().real_path(one), files.disk().real_path(other)) {
                    (Ok(one), Ok(other)) => one == other,
                    _ => false,
                }
        };
        let by_file = |profile: &revline_frameworks::alembic::environment::Profile| {
            wanted.iter().all(|path| {
                let config = &profile.config;
                config.ini.iter().chain(&config.toml).any(|known| same(known, path))
            })
        };
        match &self.name {
            Some(name) if environment.name != *name => environment
                .profiles
                .iter()
                .any(|profile| profile.section == *name && by_file(profile)),
            _ => wanted.is_empty() || environment.profiles.iter().any(by_file),
        }
    }
}

fn here() -> Result<PathBuf, Failure> {
    std::env::current_dir()
        .map_err(|error| Failure::Ours(format!("the current folder cannot be read: {error}")))
}

fn named_files(globals: &Globals) -> Result<Vec<PathBuf>, Failure> {
    let here = here()?;
    let mut given = globals.config.clone();
    if given.is_empty() {
        given.extend(std::env::var_os("ALEMBIC_CONFIG").map(PathBuf::from));
    }
    given.retain(|path| !path.as_os_str().is_empty());
    Ok(given.iter().map(|path| normalize(&here.join(path))).collect())
}

fn listed(projects: &[Arc<Project>]) -> String {
    projects
        .iter()
        .map(|project| {
            let environment = &project.environment;
            let from = environment.profiles.first().map_or_else(
                || environment.script_location.display().to_string(),
                |profile| format!("{} [{}]", profile.config_file.display(), profile.section),
            );
            format!("\n  {}  {from}", environment.name)
        })
        .collect()
}
