//! Short names for environments, from their paths.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A name for each script folder, with the version folder's where several environments share one:
/// the path below the root, the last two parts of a path elsewhere, made unique by a number.
pub(super) fn names(root: &Path, places: &[(PathBuf, Option<String>)]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for (folder, suffix) in places {
        let mut base = relative(root, folder);
        if let Some(suffix) = suffix {
            base = format!("{base}/{suffix}");
        }
        let mut name = base.clone();
        let mut number = 2_usize;
        while !taken.insert(name.clone()) {
            name = format!("{base}#{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}

fn relative(root: &Path, folder: &Path) -> String {
    let parts = |path: &Path| -> Vec<String> {
        path.components()
            .filter_map(|part| match part {
                std::path::Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
                _ => None,
            })
            .collect()
    };
    let below = folder.strip_prefix(root).map(parts).unwrap_or_default();
    if !below.is_empty() {
        return below.join("/");
    }
    let all = parts(folder);
    let keep = if folder == root { 1 } else { 2 };
    let name = all.get(all.len().saturating_sub(keep)..).unwrap_or_default().join("/");
    if name.is_empty() { "alembic".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_unique() {
        let place =
            |path: &str, suffix: Option<&str>| (PathBuf::from(path), suffix.map(str::to_owned));
        assert_eq!(
            names(
                Path::new("/w/shop"),
                &[
                    place("/w/shop/backend/migrations", None),
                    place("/w/shop", None),
                    place("/else/where/db", None),
                    place("/w/shop/m", Some("sqlite")),
                    place("/w/shop/m", None),
                    place("/w/shop/m", None),
                ]
            ),
            ["backend/migrations", "shop", "where/db", "m/sqlite", "m", "m#2"]
        );
    }
}
