//! One walk through a workspace, and what its files say of Alembic.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use revline_vfs::{Files, Found as Walked, Kind, Listings, Walk};

use super::location::{Found, Places, bases};
use super::versions::is_revision_file;
use super::{Discovery, Environment, Note, Profile, TargetHint, naming};
use crate::alembic::config::{Config, ConfigDefect, ConfigDefectKind, DEFAULT, IniFile, TomlFile};
use crate::alembic::env_py::overrides;

/// Finds every Alembic environment below `root`, which is absolute and normalised. `exclude` are
/// globs in `.gitignore` syntax. Found are:
///
/// - ini files (`.ini`, `.cfg`) with `script_location` in any section, each section a profile;
/// - `[tool.alembic]` of `pyproject.toml`, under the `alembic.ini` beside it;
/// - Flask-Migrate's layout: an ini file without `script_location` beside its `env.py`;
/// - an `env.py` that names alembic, beside `versions` or `script.py.mako`, that no file names.
///
/// Where a version folder holds no revision itself but folders below it do, and no configuration
/// says otherwise, folders named like dialects are environments of their own (their `env.py`
/// chooses one), other folders are read together.
pub fn discover(files: &Files, root: &Path, exclude: &[String]) -> Discovery {
    let walk = Walk { exclude: exclude.to_vec() };
    let Walked { files: paths, listings } = files.disk().find(root, &walk, &|name| {
        matches!(name, "env.py" | "pyproject.toml")
            || name.ends_with(".ini")
            || name.ends_with(".cfg")
    });
    let mut search = Search {
        files,
        root,
        scripts: Vec::new(),
        tomls: BTreeMap::new(),
        places: BTreeMap::new(),
        notes: BTreeSet::new(),
    };
    search.read(&paths);
    search.finish(listings)
}

/// What makes two configurations mean one environment.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    script_location: PathBuf,
    version_dirs: Vec<PathBuf>,
    recursive: bool,
    sourceless: bool,
}

#[derive(Default)]
struct Gathered {
    profiles: Vec<Profile>,
    defects: Vec<ConfigDefect>,
    /// The dialect and name of the version folder that the environment is limited to.
    part: Option<String>,
}

struct Search<'a> {
    files: &'a Files,
    root: &'a Path,
    /// Folders with an `env.py`.
    scripts: Vec<PathBuf>,
    /// TOML files with `[tool.alembic]`, by folder.
    tomls: BTreeMap<PathBuf, TomlFile>,
    places: BTreeMap<Key, Gathered>,
    notes: BTreeSet<Note>,
}

impl Search<'_> {
    fn note(&mut self, path: &Path, text: impl Into<String>) {
        self.notes.insert(Note { path: path.to_owned(), text: text.into() });
    }

    fn read(&mut self, paths: &[PathBuf]) {
        let named = |name: &'static str| {
            paths.iter().filter(move |path| path.file_name().is_some_and(|found| found == name))
        };
        self.scripts =
            named("env.py").filter_map(|path| path.parent()).map(PathBuf::from).collect();
        for path in named("pyproject.toml") {
            // Most files say nothing of Alembic; those are not parsed.
            if !self.mentions(path, "alembic") {
                continue;
            }
            if let Ok(toml) = TomlFile::read(self.files, path)
                && let Some(folder) = path.parent()
            {
                if toml.table.is_some() {
                    self.tomls.insert(folder.to_owned(), toml);
                } else {
                    self.note(path, "has no [tool.alembic]");
                }
            }
        }
        let inis: Vec<&PathBuf> = paths
            .iter()
            .filter(|path| path.extension().is_some_and(|end| end == "ini" || end == "cfg"))
            .collect();
        let mut served = BTreeSet::new();
        for path in inis {
            let folder = path.parent().unwrap_or(self.root).to_owned();
            let is_default = path.file_name().is_some_and(|name| name == "alembic.ini");
            if !is_default && !self.mentions(path, "script_location") {
                continue;
            }
            let toml = self.tomls.remove(&folder);
            self.ini(path, &folder, toml.as_ref());
            if is_default && toml.is_some() {
                served.insert(folder.clone());
            }
            self.tomls.extend(toml.map(|toml| (folder, toml)));
        }
        for (folder, toml) in std::mem::take(&mut self.tomls) {
            if !served.contains(&folder) {
                self.profile(None, Some(&toml), "alembic", &folder);
            }
        }
        for folder in self.scripts.clone() {
            self.bare(&folder);
        }
    }

    fn mentions(&self, path: &Path, word: &str) -> bool {
        let text = self.files.text(self.files.id(path));
        text.is_ok_and(|text| text.as_str().contains(word))
    }

    fn ini(&mut self, path: &Path, folder: &Path, toml: Option<&TomlFile>) {
        let ini = match IniFile::read(self.files, path) {
            Ok(ini) => ini,
            Err(error) => return self.note(path, format!("cannot be read: {error}")),
        };
        let shared =
            ini.ini.section(DEFAULT).is_some_and(|s| s.option("script_location").is_some())
                || toml
                    .and_then(|toml| toml.table.as_ref())
                    .is_some_and(|t| t.get("script_location").is_some());
        let of_several: BTreeSet<String> = ini
            .ini
            .sections
            .iter()
            .filter_map(|section| section.option("databases"))
            .flat_map(|option| option.lines.iter().flat_map(|line| line.0.split(',')))
            .map(|name| name.trim().to_owned())
            .collect();
        let mut sections: Vec<String> = ini
            .ini
            .sections
            .iter()
            .filter(|section| section.name != DEFAULT)
            .filter(|section| {
                section.option("script_location").is_some()
                    || shared
                        && !of_several.contains(&section.name)
                        && (section.name == "alembic"
                            || section.option("sqlalchemy.url").is_some()
                            || section.option("version_locations").is_some())
            })
            .map(|section| section.name.clone())
            .collect();
        let is_default = path.file_name().is_some_and(|name| name == "alembic.ini");
        if sections.is_empty() && toml.is_some() && is_default {
            sections.push("alembic".to_owned());
        }
        if sections.is_empty() {
            if ini.ini.section("alembic").is_some()
                && self.scripts.iter().any(|found| found == folder)
            {
                return self.profile(Some(&ini), toml, "alembic", folder);
            }
            self.note(path, "no section has a script_location, and no env.py stands beside it");
        }
        for section in sections {
            self.profile(Some(&ini), toml, &section, folder);
        }
    }

    /// Adds a configuration to the environment that it means.
    fn profile(
        &mut self,
        ini: Option<&IniFile>,
        toml: Option<&TomlFile>,
        section: &str,
        folder: &Path,
    ) {
        let config = Config::of(ini, toml, section);
        let file = config.ini.clone().or(config.toml.clone()).unwrap_or_default();
        let mut places = Places {
            disk: self.files.disk(),
            bases: bases(folder, self.root),
            imports: config
                .prepend_sys_path
                .iter()
                .flat_map(|setting| &setting.value)
                .map(|item| item.text.clone())
                .collect(),
            scripts: &self.scripts,
        };
        let mut defects = Vec::new();
        let script_location = match &config.script_location {
            None if self.scripts.iter().any(|found| found == folder) => folder.to_owned(),
            None => {
                let text = "No 'script_location' key found in configuration.";
                return self.note(&file, format!("[{section}]: {text}"));
            }
            Some(setting) => match places.find(&setting.value) {
                Found::Folder { path, base } => {
                    if let Some(base) = base {
                        places.bases.retain(|other| *other != base);
                        places.bases.insert(0, base);
                    }
                    path
                }
                Found::Foreign => {
                    let text = format!(
                        "[{section}]: the package of {} is not in the workspace",
                        setting.value
                    );
                    return self.note(&file, text);
                }
                Found::Missing(_)
                    if ["{{", "${", "<%"].iter().any(|mark| setting.value.contains(mark)) =>
                {
                    return self
                        .note(&file, format!("[{section}]: a template, not a configuration"));
                }
                Found::Missing(path) => {
                    defects.push(ConfigDefect {
                        span: setting.span,
                        message: format!(
                            "Path doesn't exist: {}.  Please use the 'init' command to create a new \
                             scripts folder.",
                            path.display()
                        ),
                        kind: ConfigDefectKind::MissingFolder,
                    });
                    path
                }
            },
        };
        let recursive = config.recursive_version_locations.as_ref().is_some_and(|s| s.value);
        let sourceless = config.sourceless.as_ref().is_some_and(|s| s.value);
        let listed = config.version_locations.as_ref().filter(|setting| !setting.value.is_empty());
        let mut version_dirs = Vec::new();
        for item in listed.iter().flat_map(|setting| &setting.value) {
            // Alembic reads the folder that it is started in; nobody means that by an extra comma.
            if item.text.is_empty() {
                continue;
            }
            match places.find(&item.text) {
                Found::Folder { path, .. } => version_dirs.push(path),
                Found::Missing(path) => {
                    let message = format!("the version location {} does not exist", path.display());
                    let kind = ConfigDefectKind::MissingFolder;
                    defects.push(ConfigDefect { span: item.span, message, kind });
                    version_dirs.push(path);
                }
                Found::Foreign => {
                    let message = format!("the package of {} is not in the workspace", item.text);
                    let kind = ConfigDefectKind::MissingFolder;
                    defects.push(ConfigDefect { span: item.span, message, kind });
                }
            }
        }
        defects.splice(0..0, config.defects.iter().cloned());
        let is_listed = listed.is_some();
        let profile = Profile {
            name: section.to_owned(),
            config_file: file,
            section: section.to_owned(),
            config,
        };
        if is_listed {
            let key = Key { script_location, version_dirs, recursive, sourceless };
            self.gather(key, None, Some(profile), defects);
        } else {
            self.default_versions(script_location, recursive, sourceless, Some(profile), defects);
        }
    }

    fn bare(&mut self, folder: &Path) {
        if self.places.keys().any(|key| key.script_location == folder) {
            return;
        }
        let disk = self.files.disk();
        let versions = disk.kind(&folder.join("versions")) == Some(Kind::Folder);
        let template = disk.kind(&folder.join("script.py.mako")) == Some(Kind::File);
        let env = folder.join("env.py");
        if !versions && !template {
            return;
        }
        if !self.mentions(&env, "alembic") {
            return self.note(&env, "stands beside version files and does not name alembic");
        }
        self.note(&env, "no configuration names its folder; the defaults are taken");
        self.default_versions(folder.to_owned(), false, false, None, Vec::new());
    }

    /// `versions` of the script folder, and what is below it where it holds no revision itself.
    fn default_versions(
        &mut self,
        script_location: PathBuf,
        recursive: bool,
        sourceless: bool,
        profile: Option<Profile>,
        defects: Vec<ConfigDefect>,
    ) {
        let versions = script_location.join("versions");
        let recursive = recursive || self.set_in_python(&script_location, &versions);
        let parts = if recursive { Vec::new() } else { self.parts(&versions) };
        let dialects = parts.iter().all(|name| is_dialect(name));
        if parts.is_empty() || !dialects {
            if !parts.is_empty() {
                self.note(&versions, "holds no revision itself; the folders below it are read");
            }
            let recursive = recursive || !parts.is_empty();
            let key = Key { script_location, version_dirs: vec![versions], recursive, sourceless };
            return self.gather(key, None, profile, defects);
        }
        self.note(&versions, "holds a folder for each dialect; each is an environment of its own");
        for part in parts {
            let key = Key {
                script_location: script_location.clone(),
                version_dirs: vec![versions.join(&part)],
                recursive: false,
                sourceless,
            };
            self.gather(key, Some(part), profile.clone(), defects.clone());
        }
    }

    /// Whether a module of the project sets `version_locations`, and there are revisions below the
    /// version folder that the configuration does not list: which folders it names is computed, so
    /// all that hold revisions are read.
    fn set_in_python(&mut self, script_location: &Path, versions: &Path) -> bool {
        let entries = self.files.disk().list(versions).unwrap_or_default();
        let below = |entry: &revline_vfs::Entry| {
            entry.folder
                && !entry.name.ends_with("__pycache__")
                && self.holds_revisions(&versions.join(&entry.name), 0)
        };
        if !entries.iter().any(below) {
            return false;
        }
        let set = overrides(self.files, script_location, self.root, &mut |_| {});
        let Some(call) = set.iter().find(|one| one.option == "version_locations") else {
            return false;
        };
        let path = self.files.path(call.span.file);
        let text = self.files.text(call.span.file);
        let line = text.map_or(1, |text| {
            text.position(call.span.range.start(), revline_text::Encoding::Utf32).line + 1
        });
        let text = format!(
            "version_locations is set in Python at {}:{line}; all folders with revisions are read",
            path.display()
        );
        self.note(versions, text);
        true
    }

    /// Folders with revisions below a version folder that has none itself.
    fn parts(&self, versions: &Path) -> Vec<String> {
        let entries = self.files.disk().list(versions).unwrap_or_default();
        if entries.iter().any(|entry| !entry.folder && is_revision_file(&entry.name)) {
            return Vec::new();
        }
        entries
            .into_iter()
            .filter(|entry| entry.folder && !entry.name.ends_with("__pycache__"))
            .filter(|entry| self.holds_revisions(&versions.join(&entry.name), 0))
            .map(|entry| entry.name)
            .collect()
    }

    fn holds_revisions(&self, folder: &Path, depth: usize) -> bool {
        let entries = self.files.disk().list(folder).unwrap_or_default();
        entries.iter().any(|entry| {
            if entry.folder {
                depth < 3 && self.holds_revisions(&folder.join(&entry.name), depth + 1)
            } else {
                is_revision_file(&entry.name)
            }
        })
    }

    fn gather(
        &mut self,
        key: Key,
        part: Option<String>,
        profile: Option<Profile>,
        defects: Vec<ConfigDefect>,
    ) {
        let gathered = self.places.entry(key).or_default();
        gathered.part = part;
        gathered.profiles.extend(profile);
        for defect in defects {
            if !gathered.defects.contains(&defect) {
                gathered.defects.push(defect);
            }
        }
    }

    fn finish(self, listings: Listings) -> Discovery {
        let disk = self.files.disk();
        let there = |path: PathBuf| (disk.kind(&path) == Some(Kind::File)).then_some(path);
        let places: Vec<(PathBuf, Option<String>)> = self
            .places
            .iter()
            .map(|(key, gathered)| (key.script_location.clone(), gathered.part.clone()))
            .collect();
        let names = naming::names(self.root, &places);
        let environments = self.places.into_iter().zip(names).map(|((key, mut gathered), name)| {
            name_profiles(&mut gathered.profiles);
            Environment {
                name,
                template: there(key.script_location.join("script.py.mako")),
                env_py: there(key.script_location.join("env.py")),
                targets: targets(&gathered),
                script_location: key.script_location,
                version_dirs: key.version_dirs,
                recursive: key.recursive,
                sourceless: key.sourceless,
                profiles: gathered.profiles,
                defects: gathered.defects,
            }
        });
        Discovery {
            environments: environments.collect(),
            notes: self.notes.into_iter().collect(),
            listings,
        }
    }
}

/// Where one section name stands in several files, the file is named too.
fn name_profiles(profiles: &mut [Profile]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for profile in profiles.iter() {
        *counts.entry(profile.section.clone()).or_default() += 1;
    }
    for profile in profiles {
        if counts.get(&profile.section).is_some_and(|count| *count > 1) {
            let file = profile.config_file.file_name().unwrap_or_default().to_string_lossy();
            profile.name = format!("{file}:{}", profile.section);
        }
    }
}

fn targets(gathered: &Gathered) -> Vec<TargetHint> {
    let mut hints: Vec<TargetHint> = Vec::new();
    if let Some(part) = &gathered.part {
        let dialect = if part == "postgres" { "postgresql" } else { part };
        hints.push(TargetHint { dialect: dialect.to_owned(), span: None });
    }
    for profile in &gathered.profiles {
        let config = &profile.config;
        let urls = config.databases.iter().filter_map(|database| database.url.as_ref());
        for url in config.sqlalchemy_url.iter().chain(urls) {
            // `driver://user:pass@localhost/dbname` is what `alembic init` writes.
            let Some(backend) = url.value.backend().filter(|name| *name != "driver") else {
                continue;
            };
            let dialect = if backend == "postgres" { "postgresql" } else { backend }.to_owned();
            let hint = TargetHint { dialect, span: Some(url.span) };
            if !hints.contains(&hint) {
                hints.push(hint);
            }
        }
    }
    hints
}

fn is_dialect(name: &str) -> bool {
    matches!(
        name,
        "postgresql"
            | "postgres"
            | "sqlite"
            | "mysql"
            | "mariadb"
            | "mssql"
            | "oracle"
            | "cockroachdb"
    )
}
