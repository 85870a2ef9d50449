//! The interpreter of the project's environment, found without starting anything.
//!
//! In this order: the setting; the environment that is active in the terminal; a `.venv` at the
//! project; the places where uv, pdm, poetry, pipenv and hatch keep theirs; last, the `python3` of
//! `PATH`. What was looked at is told where nothing was found.

mod elsewhere;
mod installed;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use revline_analysis::settings::Platform;
use revline_analysis::{Disk, Kind};

pub use installed::installed;

/// Where an interpreter was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Interpreter {
    /// Its path.
    pub path: PathBuf,
    /// What led there: `VIRTUAL_ENV`, `.venv`, `poetry`, …
    pub found: &'static str,
    /// The folder of its virtual environment, where it is in one.
    pub environment: Option<PathBuf>,
}

/// Nothing was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoInterpreter {
    /// What was looked at, in order.
    pub looked_at: Vec<String>,
}

/// In what an interpreter is looked for.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The disk.
    pub disk: &'a dyn Disk,
    /// The environment variables.
    pub variables: &'a BTreeMap<String, String>,
    /// The platform.
    pub platform: Platform,
}

impl Surroundings<'_> {
    fn variable(&self, name: &str) -> Option<PathBuf> {
        self.variables.get(name).filter(|value| !value.is_empty()).map(PathBuf::from)
    }

    fn is_file(&self, path: &Path) -> bool {
        self.disk.kind(path) == Some(Kind::File)
    }

    /// The interpreter of a virtual environment.
    fn of_environment(&self, folder: &Path) -> Option<PathBuf> {
        let names: &[&str] = match self.platform {
            Platform::Windows => &["Scripts/python.exe", "python.exe"],
            _ => &["bin/python", "bin/python3"],
        };
        names.iter().map(|name| folder.join(name)).find(|path| self.is_file(path))
    }
}

/// Looks for the interpreter of the project whose commands run in `folder`. `setting` is `python` of
/// the settings; it may name an interpreter or the folder of an environment, from `root` on. Folders
/// above `folder` are looked at up to `root`.
///
/// # Errors
/// [`NoInterpreter`] with all that was looked at; also where the setting leads nowhere, since another
/// interpreter is not the one that was asked for.
pub fn interpreter(
    around: Surroundings<'_>,
    setting: Option<&str>,
    folder: &Path,
    root: &Path,
) -> Result<Interpreter, NoInterpreter> {
    if let Some(setting) = setting {
        return set(around, &root.join(setting));
    }
    let mut looked_at = Vec::new();
    for name in ["VIRTUAL_ENV", "CONDA_PREFIX"] {
        let Some(active) = around.variable(name) else { continue };
        if let Some(path) = around.of_environment(&active) {
            return Ok(Interpreter { path, found: name, environment: Some(active) });
        }
        looked_at.push(format!("{name}: {}", active.display()));
    }
    let above: Vec<&Path> =
        folder.ancestors().take_while(|one| one.starts_with(root) || *one == folder).collect();
    for here in &above {
        for name in [".venv", "venv"] {
            let environment = here.join(name);
            // A file named `.venv` holds the name of an environment; pipenv reads it so.
            if let Some(path) = around.of_environment(&environment) {
                let found = if name == ".venv" { ".venv" } else { "venv" };
                return Ok(Interpreter { path, found, environment: Some(environment) });
            }
            looked_at.push(environment.display().to_string());
        }
    }
    for here in &above {
        match elsewhere::interpreter(around, here, &mut looked_at) {
            Some(found) => return Ok(found),
            None => continue,
        }
    }
    let names: &[&str] = match around.platform {
        Platform::Windows => &["python.exe"],
        _ => &["python3", "python"],
    };
    let separator = if around.platform == Platform::Windows { ';' } else { ':' };
    let path = around.variables.get("PATH").map(String::as_str).unwrap_or_default();
    for folder in path.split(separator).filter(|folder| !folder.is_empty()) {
        for name in names {
            let path = Path::new(folder).join(name);
            if around.is_file(&path) {
                return Ok(Interpreter { path, found: "PATH", environment: None });
            }
        }
    }
    looked_at.push("PATH".to_owned());
    Err(NoInterpreter { looked_at })
}

fn set(around: Surroundings<'_>, path: &Path) -> Result<Interpreter, NoInterpreter> {
    if around.is_file(path) {
        // `FOLDER/bin/python`
        let folder = path.parent().and_then(Path::parent);
        let environment = folder.filter(|folder| around.is_file(&folder.join("pyvenv.cfg")));
        return Ok(Interpreter {
            path: path.to_owned(),
            found: "the setting `python`",
            environment: environment.map(Path::to_owned),
        });
    }
    match around.of_environment(path) {
        Some(python) => Ok(Interpreter {
            path: python,
            found: "the setting `python`",
            environment: Some(path.to_owned()),
        }),
        None => Err(NoInterpreter {
            looked_at: vec![format!("the setting `python`: {}", path.display())],
        }),
    }
}
