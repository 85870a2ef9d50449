//! What is installed in an environment, by the folders that installers leave there.

use std::path::{Path, PathBuf};

use revline_analysis::Disk;

/// The version of a distribution in a virtual environment; `None` where it is not installed there.
pub fn installed(disk: &dyn Disk, environment: &Path, distribution: &str) -> Option<String> {
    let mut folders: Vec<PathBuf> = vec![environment.join("Lib/site-packages")];
    for lib in ["lib", "lib64"].map(|lib| environment.join(lib)) {
        for entry in disk.list(&lib).unwrap_or_default() {
            if entry.name.starts_with("python") {
                folders.push(lib.join(&entry.name).join("site-packages"));
            }
        }
    }
    let wanted = distribution.to_lowercase().replace('-', "_");
    for folder in folders {
        for entry in disk.list(&folder).unwrap_or_default() {
            let Some(stem) = entry.name.strip_suffix(".dist-info") else { continue };
            if let Some((name, version)) = stem.split_once('-')
                && name.to_lowercase().replace(['-', '.'], "_") == wanted
            {
                return Some(version.to_owned());
            }
        }
    }
    None
}
