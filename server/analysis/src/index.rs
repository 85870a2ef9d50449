//! The cold start: find the environments, read the heads of their files, on every core.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use revline_frameworks::alembic::environment::{self, Discovery, Environment};
use revline_frameworks::settings::{Settings, SettingsDefect};
use revline_text::FileId;
use revline_vfs::{Files, Listings, Reader, Shared};

use crate::Heading;
use crate::file_table::FileTable;

/// What the search for environments found.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The folders that were searched.
    pub roots: Vec<PathBuf>,
    /// What was looked at, and why it is no environment.
    pub notes: Vec<environment::Note>,
    /// What is wrong with the settings.
    pub settings_defects: Vec<SettingsDefect>,
    /// The settings of each root, in the order of `roots`.
    pub settings: Vec<Arc<Settings>>,
}

/// Everything that is read before the first answer. Made off the main loop, since the disk may be
/// slow, and handed over whole.
#[derive(Clone)]
pub struct Index {
    pub(crate) workspace: Workspace,
    pub(crate) environments: Vec<Listed>,
    pub(crate) headings: Arc<FileTable<Arc<Heading>>>,
}

/// An environment and its files.
#[derive(Clone)]
pub(crate) struct Listed {
    pub(crate) environment: Arc<Environment>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) files: Vec<FileId>,
    pub(crate) shared: Option<Arc<Shared>>,
}

/// Whether the default branch is looked at: a graph command on the terminal has no need of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// The graph alone.
    Graph,
    /// The graph, and which side of a fork everybody shares.
    Shared,
}

impl Index {
    /// Searches `roots` and reads the heads of all revision files. `override_settings` are the
    /// editor's, which stand before those of the files.
    pub fn build(
        files: &Files,
        roots: &[PathBuf],
        override_settings: Option<&Settings>,
        depth: Depth,
    ) -> Self {
        let mut workspace = Workspace { roots: roots.to_vec(), ..Workspace::default() };
        // Two environments may share a script folder and differ in their version folders.
        let mut found: BTreeMap<(PathBuf, Vec<PathBuf>), (Environment, Arc<Settings>)> =
            BTreeMap::new();
        let mut listings = Listings::default();
        for root in roots {
            let (mut settings, defects) = Settings::load(files, root);
            workspace.settings_defects.extend(defects);
            if let Some(editor) = override_settings {
                settings = settings.overridden_by(editor);
            }
            let settings = Arc::new(settings);
            let Discovery { environments, notes, listings: listed } =
                environment::discover(files, root, settings.exclude.as_deref().unwrap_or_default());
            workspace.notes.extend(notes);
            listings.extend(listed);
            for environment in environments {
                // Two roots may lie in one another.
                found
                    .entry((environment.script_location.clone(), environment.version_dirs.clone()))
                    .or_insert_with(|| (environment, settings.clone()));
            }
            workspace.settings.push(settings);
        }
        let mut environments: Vec<Listed> = Vec::new();
        for (_, (environment, settings)) in found {
            environments.push(Listed::of(files, environment, settings, &listings, depth));
        }
        let mut wanted: Vec<FileId> =
            environments.iter().flat_map(|listed| listed.files.iter().copied()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let headings = read_headings(files, &wanted);
        Self { workspace, environments, headings: Arc::new(headings) }
    }
}

impl Listed {
    pub(crate) fn of(
        files: &Files,
        mut environment: Environment,
        settings: Arc<Settings>,
        listings: &Listings,
        depth: Depth,
    ) -> Self {
        let listing = environment::version_files(files, &environment, listings);
        environment.defects.extend(listing.defects);
        let ids = files.ids(&listing.files);
        let shared = (depth == Depth::Shared)
            .then(|| {
                files
                    .disk()
                    .shared(&environment.script_location, settings.default_branch.as_deref())
            })
            .flatten();
        Self {
            environment: Arc::new(environment),
            settings,
            files: ids,
            shared: shared.map(Arc::new),
        }
    }
}

/// Below this many files a second thread costs more than it brings.
const WORTH_A_THREAD: usize = 128;

/// So many files a thread takes at a time: on a machine that does other things one of them may come
/// to less than its share.
const PORTION: usize = 64;

fn read_headings(files: &Files, wanted: &[FileId]) -> FileTable<Arc<Heading>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.min(wanted.len() / WORTH_A_THREAD + 1);
    let portions: Vec<&[FileId]> = wanted.chunks(PORTION).collect();
    let next = AtomicUsize::new(0);
    let read = || {
        let mut read: Vec<(usize, Vec<Option<Arc<Heading>>>)> = Vec::new();
        let mut reader = files.reader();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(portion) = portions.get(place) else { return read };
            let headings = portion.iter().map(|id| Some(Arc::new(read_heading(&mut reader, *id))));
            read.push((place, headings.collect()));
        }
    };
    let mut read = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(read)).collect();
        let mut all = read();
        for other in others {
            // What a thread that died had read is without a heading, and silent.
            all.extend(other.join().unwrap_or_default());
        }
        all
    });
    read.sort_unstable_by_key(|(place, _)| *place);
    let mut read = read.into_iter().peekable();
    let headings = portions.iter().enumerate().flat_map(|(place, portion)| {
        let known = read.next_if(|(at, _)| *at == place).map(|(_, headings)| headings);
        known.unwrap_or_else(|| vec![None; portion.len()])
    });
    FileTable::new(wanted, headings)
}

/// Reads the head of a file.
pub(crate) fn read_heading(reader: &mut Reader<'_>, file: FileId) -> Heading {
    let path = reader.files().path(file);
    let read = reader.with_text(file, &path, |text| Heading::read(file, &path, text));
    read.unwrap_or_else(|error| Heading::unreadable(file, &error))
}
