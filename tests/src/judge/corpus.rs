//! The listing of `tests/corpus/packages.toml`, or of another file of its shape: one location for each
//! revision graph.

#![allow(clippy::disallowed_methods, reason = "the listing is a file of the tests")]

use std::collections::BTreeSet;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

/// One revision graph of a package.
#[derive(Clone, Debug)]
pub struct Location {
    /// The package's name.
    pub package: String,
    /// Its number in the package.
    pub number: usize,
    /// The version folders, absolute.
    pub versions: Vec<PathBuf>,
    /// Whether they are descended into.
    pub recursive: bool,
    /// The unpacked package: what its files import from.
    pub root: PathBuf,
    /// What Alembic's answers about it are remembered by: the sha256 of the package's archive, or a number
    /// over the sources of a project that is not in the repository's listing.
    pub sha256: String,
}

impl Location {
    /// `mlflow`, and `mlflow-1` for its second graph.
    pub fn name(&self) -> String {
        match self.number {
            0 => self.package.clone(),
            number => format!("{}-{number}", self.package),
        }
    }

    /// The arguments that name it to a script of `tests/oracle`.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["--path".to_owned(), self.root.display().to_string()];
        for folder in &self.versions {
            arguments.extend(["--folder".to_owned(), folder.display().to_string()]);
        }
        if self.recursive {
            arguments.push("--recursive".to_owned());
        }
        arguments
    }
}

/// A file by its name, in a folder or below it.
pub(super) fn find(folder: &Path, file: &str) -> Option<PathBuf> {
    let path = folder.join(file);
    if path.is_file() {
        return Some(path);
    }
    let folders = std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    folders.filter(|path| path.is_dir()).find_map(|folder| find(&folder, file))
}

/// The folder of this crate.
pub fn tests() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A listing of packages: `tests/corpus/packages.toml`, or a file of that shape about other projects.
#[derive(Clone, Debug)]
pub struct Listing {
    packages: Vec<toml::Value>,
    /// Where the `folder` of a package starts; none for the repository's own listing, which has none.
    beside: Option<PathBuf>,
}

impl Listing {
    /// The repository's own.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn own() -> Result<Self> {
        Ok(Self { packages: read(&tests().join("corpus/packages.toml"))?, beside: None })
    }

    /// Another one, of which only names and locations are needed. A package that says its `folder` (beside the
    /// file, or absolute) is there already; one that says its `version` is downloaded.
    ///
    /// # Errors
    /// When the file cannot be read, or a package has no name of its own that a folder can have.
    pub fn read(file: &Path) -> Result<Self> {
        let packages = read(file).with_context(|| file.display().to_string())?;
        let mut names = BTreeSet::new();
        for package in &packages {
            let name = text(package, "name");
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
            ensure!(
                name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
                    && name.chars().all(plain),
                "{}: {name:?} is no package's name",
                file.display()
            );
            ensure!(names.insert(name), "{}: {name} is there twice", file.display());
        }
        let beside = file.canonicalize()?.parent().map(Path::to_path_buf);
        Ok(Self { packages, beside: Some(beside.unwrap_or_default()) })
    }

    /// The packages that have to be downloaded: those named, or all, without a folder of their own.
    pub fn without_folder(&self, only: &[String]) -> Vec<String> {
        let wanted = self.packages.iter().filter(|package| {
            package.get("folder").is_none()
                && (only.is_empty() || only.iter().any(|name| name == text(package, "name")))
        });
        wanted.map(|package| text(package, "name").to_owned()).collect()
    }

    /// The locations of the packages that are named, or of all; `unpacked` has a folder for each that says none.
    ///
    /// # Errors
    /// When a package is not there, has another sha256 than the repository's listing says, or is not listed.
    pub fn locations(&self, unpacked: &Path, only: &[String]) -> Result<Vec<Location>> {
        let mut locations = Vec::new();
        for package in &self.packages {
            let name = text(package, "name").to_owned();
            if !only.is_empty() && !only.contains(&name) {
                continue;
            }
            let root = match (package.get("folder").and_then(toml::Value::as_str), &self.beside) {
                (Some(folder), Some(beside)) => beside.join(folder),
                _ => unpacked.join(&name),
            };
            let identity = match self.beside {
                None => {
                    let marker = std::fs::read_to_string(root.join(".sha256")).unwrap_or_default();
                    ensure!(
                        marker == text(package, "sha256"),
                        "{name} is not unpacked in {}",
                        unpacked.display()
                    );
                    marker
                }
                Some(_) => {
                    ensure!(
                        root.is_dir(),
                        "{name} is not unpacked: there is no {}",
                        root.display()
                    );
                    sources(&root)?
                }
            };
            let all = package.get("locations").and_then(toml::Value::as_array);
            for (number, location) in all.into_iter().flatten().enumerate() {
                let versions = location.get("versions").and_then(toml::Value::as_array);
                let versions: Vec<PathBuf> = versions
                    .into_iter()
                    .flatten()
                    .filter_map(toml::Value::as_str)
                    .map(|folder| root.join(folder))
                    .collect();
                for folder in &versions {
                    ensure!(folder.is_dir(), "{name} has no folder {}", folder.display());
                }
                locations.push(Location {
                    package: name.clone(),
                    number,
                    versions,
                    recursive: location
                        .get("recursive")
                        .and_then(toml::Value::as_bool)
                        .unwrap_or(false),
                    root: root.clone(),
                    sha256: identity.clone(),
                });
            }
        }
        for name in only {
            ensure!(locations.iter().any(|one| one.package == *name), "{name} is not listed");
        }
        ensure!(!locations.is_empty(), "no packages");
        Ok(locations)
    }
}

fn read(file: &Path) -> Result<Vec<toml::Value>> {
    let listing: toml::Table = std::fs::read_to_string(file)?.parse()?;
    let packages = listing.get("package").and_then(toml::Value::as_array);
    Ok(packages.context("it lists no [[package]]")?.clone())
}

fn text<'a>(package: &'a toml::Value, key: &str) -> &'a str {
    package.get(key).and_then(toml::Value::as_str).unwrap_or_default()
}

/// What stands for the sha256 of a project that nobody has packed: a number over its Python files, so that
/// Alembic is asked again when one of them has changed. Hidden folders and installed packages are left out.
fn sources(root: &Path) -> Result<String> {
    let mut hasher = std::hash::DefaultHasher::new();
    let mut left = vec![root.to_path_buf()];
    while let Some(folder) = left.pop() {
        let mut inside: Vec<_> = std::fs::read_dir(&folder)?.collect::<Result<_, _>>()?;
        inside.sort_by_key(std::fs::DirEntry::file_name);
        for entry in inside {
            let (path, kind) = (entry.path(), entry.file_type()?);
            let name = entry.file_name();
            let skipped = ["site-packages", "node_modules", "__pycache__"];
            if kind.is_dir() {
                let name = name.to_string_lossy();
                if !name.starts_with('.') && !skipped.contains(&name.as_ref()) {
                    left.push(path);
                }
            } else if path.extension().is_some_and(|end| end == "py") && path.is_file() {
                (path.strip_prefix(root).unwrap_or(&path), std::fs::read(&path)?).hash(&mut hasher);
            }
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// [`Listing::locations`] of the repository's own listing.
///
/// # Errors
/// Where a package is not unpacked.
pub fn locations(unpacked: &Path, only: &[String]) -> Result<Vec<Location>> {
    Listing::own()?.locations(unpacked, only)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, files: &[(&str, &str)]) {
        for (name, text) in files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().expect("a file has a folder"))
                .expect("it is made");
            std::fs::write(path, text).expect("it is written");
        }
    }

    fn listing(folder: &Path, text: &str) -> Result<Listing> {
        write(folder, &[("mine.toml", text)]);
        Listing::read(&folder.join("mine.toml"))
    }

    const TWO: &str = "
        [[package]]
        name = 'shop'
        folder = 'work/shop'
        locations = [{ versions = ['db/versions'] }, { versions = ['log/versions'], recursive = true }]
        [[package]]
        name = 'club'
        version = '1.2'
        locations = [{ versions = ['versions'] }]
    ";

    #[test]
    fn a_project_is_found_beside_the_file_and_a_download_among_the_unpacked() {
        let place = tempfile::tempdir().expect("a folder");
        let root = place.path().canonicalize().expect("it is there");
        write(&root, &[("work/shop/db/versions/a.py", ""), ("work/shop/log/versions/a.py", "")]);
        let listing = listing(&root, TWO).expect("it is read");
        assert_eq!(listing.without_folder(&[]), ["club"]);
        let missing = listing.locations(&root.join("corpus"), &[]).expect_err("club is not there");
        let folder = root.join("corpus/club").display().to_string();
        assert_eq!(missing.to_string(), format!("club is not unpacked: there is no {folder}"));

        write(&root, &[("corpus/club/versions/a.py", "")]);
        let found = listing.locations(&root.join("corpus"), &[]).expect("all are there");
        let seen: Vec<_> =
            found.iter().map(|one| (one.name(), one.versions.clone(), one.recursive)).collect();
        assert_eq!(
            seen,
            [
                ("shop".to_owned(), vec![root.join("work/shop/db/versions")], false),
                ("shop-1".to_owned(), vec![root.join("work/shop/log/versions")], true),
                ("club".to_owned(), vec![root.join("corpus/club/versions")], false),
            ]
        );
    }

    #[test]
    fn a_project_has_another_identity_once_a_source_file_has_changed() {
        let place = tempfile::tempdir().expect("a folder");
        write(place.path(), &[("versions/a.py", "revision = 'a'"), ("types.py", "x = 1")]);
        let text =
            "[[package]]\nname = 'shop'\nfolder = '.'\nlocations = [{ versions = ['versions'] }]";
        let listing = listing(place.path(), text).expect("it is read");
        let identity = || {
            let found = listing.locations(place.path(), &[]).expect("it is there");
            found.first().map(|one| one.sha256.clone()).expect("a location")
        };
        let first = identity();
        write(place.path(), &[("notes.txt", "?"), (".venv/site.py", "y = 1")]);
        assert_eq!(identity(), first);
        write(place.path(), &[("types.py", "x = 2")]);
        assert_ne!(identity(), first);
    }

    #[test]
    fn a_name_that_is_no_folders_or_stands_twice_is_refused() {
        let place = tempfile::tempdir().expect("a folder");
        let said = |text: &str| {
            let error = listing(place.path(), text).expect_err("it is refused").to_string();
            error.rsplit(": ").next().map(str::to_owned).expect("words")
        };
        assert_eq!(said("[[package]]\nname = '../x'"), "\"../x\" is no package's name");
        assert_eq!(said("[[package]]\nname = 'x'\n[[package]]\nname = 'x'"), "x is there twice");
    }
}
