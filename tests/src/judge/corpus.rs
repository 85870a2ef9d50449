//! The listing of `tests/corpus/packages.toml`: one location for each revision graph.

#![allow(clippy::disallowed_methods, reason = "the listing is a file of the tests")]

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
    /// The sha256 of the package's archive.
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

/// The folder of this crate.
pub fn tests() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The locations of the packages that are named, or of all. Fails where a package is not unpacked.
pub fn locations(unpacked: &Path, only: &[String]) -> Result<Vec<Location>> {
    let listing = std::fs::read_to_string(tests().join("corpus/packages.toml"))?;
    let listing: toml::Table = listing.parse()?;
    let packages = listing.get("package").and_then(toml::Value::as_array);
    let mut locations = Vec::new();
    for package in packages.context("packages.toml lists packages")? {
        let text = |key: &str| package.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        let name = text("name").to_owned();
        if !only.is_empty() && !only.contains(&name) {
            continue;
        }
        let root = unpacked.join(&name);
        let marker = std::fs::read_to_string(root.join(".sha256")).unwrap_or_default();
        ensure!(marker == text("sha256"), "{name} is not unpacked in {}", unpacked.display());
        let all = package.get("locations").and_then(toml::Value::as_array);
        for (number, location) in all.into_iter().flatten().enumerate() {
            let versions = location.get("versions").and_then(toml::Value::as_array);
            locations.push(Location {
                package: name.clone(),
                number,
                versions: versions
                    .into_iter()
                    .flatten()
                    .filter_map(toml::Value::as_str)
                    .map(|folder| root.join(folder))
                    .collect(),
                recursive: location
                    .get("recursive")
                    .and_then(toml::Value::as_bool)
                    .unwrap_or(false),
                root: root.clone(),
                sha256: marker.clone(),
            });
        }
    }
    for name in only {
        ensure!(locations.iter().any(|one| one.package == *name), "{name} is not listed");
    }
    ensure!(!locations.is_empty(), "no packages");
    Ok(locations)
}
