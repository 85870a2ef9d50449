//! The search through folders. Each is listed once, and only a name that is wanted is held against the
//! ignore files: one of the folders may well have ten thousand.

use std::io;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::{Override, OverrideBuilder};

use crate::disk::{Entry, Found, Listings, Walk, is_foreign};

/// No tree of folders that a person made is this deep.
const DEEPEST: usize = 128;

/// As [`Disk::find`](crate::Disk::find), over whatever lists folders.
pub(crate) fn find(
    root: &Path,
    walk: &Walk,
    accept: &(dyn Fn(&str) -> bool + Sync),
    list: &dyn Fn(&Path) -> io::Result<Vec<Entry>>,
) -> Found {
    let mut overrides = OverrideBuilder::new(root);
    for glob in &walk.exclude {
        // A glob that cannot be read excludes nothing; the settings report it.
        if overrides.add(&format!("!{glob}")).is_err() {
            continue;
        }
    }
    let mut search = Search {
        accept,
        list,
        overrides: overrides.build().unwrap_or_else(|_| Override::empty()),
        everywhere: Gitignore::global().0,
        around: Vec::new(),
        found: Vec::new(),
        listings: Listings::default(),
    };
    search.folder(root.to_owned());
    search.found.sort();
    Found { files: search.found, listings: search.listings }
}

/// The ignore files of one folder.
struct Rules {
    /// `.ignore`.
    own: Option<Gitignore>,
    /// `.gitignore`.
    git: Option<Gitignore>,
    /// `.git/info/exclude`.
    excluded: Option<Gitignore>,
}

struct Search<'a> {
    accept: &'a (dyn Fn(&str) -> bool + Sync),
    list: &'a dyn Fn(&Path) -> io::Result<Vec<Entry>>,
    overrides: Override,
    /// What the person's own git ignores in every repository.
    everywhere: Gitignore,
    /// The rules of the folders from the root to the one that is searched. Not of those above the root:
    /// who opens an ignored folder means it.
    around: Vec<Rules>,
    found: Vec<PathBuf>,
    listings: Listings,
}

impl Search<'_> {
    fn folder(&mut self, folder: PathBuf) {
        if self.around.len() > DEEPEST {
            return;
        }
        // What cannot be listed holds nothing that could be read.
        let Ok(entries) = (self.list)(&folder) else { return };
        let has = |name: &str| entries.iter().any(|entry| entry.name == name);
        if !self.around.is_empty() && has("pyvenv.cfg") {
            return;
        }
        let rules = |name: &str| {
            has(name.split('/').next().unwrap_or(name)).then(|| rules(&folder, name)).flatten()
        };
        self.around.push(Rules {
            own: rules(".ignore"),
            git: rules(".gitignore"),
            excluded: rules(".git/info/exclude"),
        });
        let mut has_source = false;
        for entry in &entries {
            has_source |= entry.name.ends_with(".py");
            let is_folder = entry.folder && !entry.link;
            let is_wanted =
                if is_folder { !is_foreign(&entry.name) } else { (self.accept)(&entry.name) };
            if !is_wanted {
                continue;
            }
            let path = folder.join(&entry.name);
            if self.leaves_out(&path, &entry.name, is_folder) {
                continue;
            }
            if is_folder {
                self.folder(path);
            } else {
                self.found.push(path);
            }
        }
        self.around.pop();
        // Others nobody will ask for.
        if has_source {
            self.listings.insert(folder, entries);
        }
    }

    /// The precedence of git, and of the tools that know `.ignore` beside it.
    fn leaves_out(&self, path: &Path, name: &str, is_folder: bool) -> bool {
        match self.overrides.matched(path, is_folder) {
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
            Match::None => {}
        }
        let nearest = |part: fn(&Rules) -> Option<&Gitignore>| {
            let mut rules = self.around.iter().rev().filter_map(part);
            rules.find_map(|rules| verdict(rules, path, is_folder))
        };
        let verdict = nearest(|rules| rules.own.as_ref())
            .or_else(|| nearest(|rules| rules.git.as_ref()))
            .or_else(|| nearest(|rules| rules.excluded.as_ref()))
            .or_else(|| verdict(&self.everywhere, path, is_folder));
        verdict.unwrap_or_else(|| name.starts_with('.'))
    }
}

/// Whether rules leave a path out, where they say anything of it.
fn verdict(rules: &Gitignore, path: &Path, is_folder: bool) -> Option<bool> {
    match rules.matched(path, is_folder) {
        Match::None => None,
        Match::Ignore(_) => Some(true),
        Match::Whitelist(_) => Some(false),
    }
}

fn rules(folder: &Path, name: &str) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new(folder);
    // A line that cannot be read ignores nothing; the others count.
    let _unreadable = builder.add(folder.join(name));
    builder.build().ok().filter(|rules| !rules.is_empty())
}

#[cfg(test)]
mod tests {
    use ignore::WalkBuilder;

    use super::*;
    use crate::{Disk as _, RealDisk};

    const FILES: &[(&str, &str)] = &[
        (
            ".gitignore",
            "build/\n*.ini\n!keep.ini\n/only_here.py\nlogs/*\n!logs/kept.py\n.secret/\n",
        ),
        (".ignore", "vendored/\n!shown.ini\n"),
        (".git/info/exclude", "private.py\n"),
        (".git/config.py", ""),
        ("a.ini", ""),
        ("keep.ini", ""),
        ("shown.ini", ""),
        ("only_here.py", ""),
        ("private.py", ""),
        ("build/env.py", ""),
        ("deep/only_here.py", ""),
        ("deep/.gitignore", "*.py\n!env.py\n"),
        ("deep/env.py", ""),
        ("deep/other.py", ""),
        ("deep/deeper/env.py", ""),
        ("deep/deeper/.gitignore", "!other.py\n"),
        ("deep/deeper/other.py", ""),
        ("logs/dropped.py", ""),
        ("logs/kept.py", ""),
        (".hidden/env.py", ""),
        (".secret/env.py", ""),
        ("vendored/env.py", ""),
        ("node_modules/x/env.py", ""),
        ("venv/pyvenv.cfg", ""),
        ("venv/lib/env.py", ""),
        ("skipped/by/settings.py", ""),
        ("versions/b.py", ""),
        ("versions/a.py", ""),
    ];

    #[test]
    fn what_is_found_is_what_a_walk_with_the_library_finds() {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in FILES {
            let path = folder.path().join(path);
            RealDisk.write(&path, text.as_bytes()).expect("a file");
        }
        let walk = Walk { exclude: vec!["skipped".to_owned()] };
        let accept = |name: &str| name.ends_with(".py") || name.ends_with(".ini");
        let found = RealDisk.find(folder.path(), &walk, &accept);

        let mut overrides = OverrideBuilder::new(folder.path());
        overrides.add("!skipped").expect("a glob");
        let mut builder = WalkBuilder::new(folder.path());
        builder.require_git(false).parents(false).overrides(overrides.build().expect("globs"));
        builder.filter_entry(|entry| {
            !entry.file_name().to_str().is_some_and(is_foreign)
                && (entry.depth() == 0 || RealDisk.kind(&entry.path().join("pyvenv.cfg")).is_none())
        });
        let walked = builder.build().map(|entry| entry.expect("an entry"));
        let walked = walked.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        let walked = walked.filter(|entry| accept(&entry.file_name().to_string_lossy()));
        let mut expected: Vec<PathBuf> = walked.map(ignore::DirEntry::into_path).collect();
        expected.sort();
        assert_eq!(found.files, expected);
        let names: Vec<&str> = (found.files.iter())
            .map(|path| path.strip_prefix(folder.path()).expect("below").to_str().expect("a name"))
            .collect();
        let some = ["deep/deeper/env.py", "deep/env.py", "keep.ini", "logs/kept.py", "shown.ini"];
        assert!(some.iter().all(|name| names.contains(name)), "{names:?}");
        let versions = found.listings.get(&folder.path().join("versions"));
        let versions = versions.map(|all| all.iter().map(|one| &*one.name).collect::<Vec<_>>());
        assert_eq!(versions, Some(vec!["a.py", "b.py"]));
    }
}
