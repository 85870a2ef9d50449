//! Options of the configuration that a module of the project sets before Alembic runs:
//! `config.set_main_option("version_locations", …)` in a project's own command line.
//!
//! Such a module is started by the project's users and nobody else, so what it sets holds for them
//! and not for `alembic` itself. It is looked for where projects keep it: in the folders above the
//! script folder, up to the first that is no package, and to the root of the workspace at most.

use std::path::{Path, PathBuf};

use revline_text::{Range, Span};
use revline_vfs::Files;

/// An option that Python sets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Override {
    /// `version_locations`, `sqlalchemy.url`, …
    pub option: String,
    /// The call.
    pub span: Span,
}

/// A folder of so many modules is no package that sets up migrations.
const MOST_FILES: usize = 400;

/// Every option that a module in the folders above `script_location` sets, nearest folder first.
/// `looked` hears the modules that were read.
pub fn overrides(
    files: &Files,
    script_location: &Path,
    root: &Path,
    looked: &mut dyn FnMut(&Path),
) -> Vec<Override> {
    let mut found = Vec::new();
    let disk = files.disk();
    for folder in script_location.ancestors().skip(1).take_while(|it| it.starts_with(root)) {
        let entries = disk.list(folder).unwrap_or_default();
        let modules: Vec<PathBuf> = entries
            .iter()
            .filter(|entry| !entry.folder && is_module(&entry.name))
            .take(MOST_FILES)
            .map(|entry| folder.join(&entry.name))
            .collect();
        for path in modules {
            looked(&path);
            let file = files.id(&path);
            if let Ok(text) = files.text(file) {
                let calls = calls(text.as_str()).into_iter();
                found.extend(
                    calls.map(|(option, range)| Override { option, span: Span::new(file, range) }),
                );
            }
        }
        if !entries.iter().any(|entry| entry.name == "__init__.py") {
            break;
        }
    }
    found
}

fn is_module(name: &str) -> bool {
    name.ends_with(".py") && name != "conftest.py" && !name.starts_with("test_")
}

/// The calls of `set_main_option` with a literal name, comments left out.
fn calls(text: &str) -> Vec<(String, Range)> {
    const NAME: &str = ".set_main_option(";
    let mut found = Vec::new();
    for (at, _) in text.match_indices(NAME) {
        let line = text.get(..at).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
        if line.contains('#') {
            continue;
        }
        let rest = text.get(at + NAME.len()..).unwrap_or_default().trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some(option) = rest.get(1..).and_then(|rest| rest.split(quote).next()) else {
            continue;
        };
        found.push((option.to_owned(), Range::of(at + 1, at + NAME.len() - 1)));
    }
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use revline_vfs::MemoryDisk;

    use super::*;

    #[test]
    fn modules_above_the_script_folder_are_read_as_far_as_the_package_goes() {
        let disk = MemoryDisk::new([
            ("/w/app/db/migrations/env.py", "config.set_main_option('a', 'b')"),
            (
                "/w/app/db/upgrades.py",
                "def f(config):\n    config.set_main_option('version_locations', os.pathsep.join(paths))\n",
            ),
            ("/w/app/db/__init__.py", "# config.set_main_option('x', y)\n"),
            ("/w/app/cli.py", "cfg.set_main_option(\n    \"sqlalchemy.url\", url)\n"),
            ("/w/conftest.py", "cfg.set_main_option('sqlalchemy.url', url)\n"),
            ("/w/tool.py", "cfg.set_main_option('script_location', url)\n"),
        ]);
        let files = Files::new(Arc::new(disk));
        let root = Path::new("/w");
        let found = overrides(&files, Path::new("/w/app/db/migrations"), root, &mut |_| {});
        let options: Vec<_> = found.iter().map(|found| found.option.as_str()).collect();
        assert_eq!(options, ["version_locations", "sqlalchemy.url"]);
        let place = found.first().map(|found| found.span);
        let text = files.text(place.unwrap().file).unwrap();
        assert_eq!(place.unwrap().range.slice(text.as_str()), Some("set_main_option"));
    }
}
