//! Environments that tools keep away from their project, by the rules of each tool.

use std::path::{Path, PathBuf};

use revline_analysis::settings::Platform;
use sha2::{Digest as _, Sha256};

use super::{Interpreter, Surroundings};

/// The environment that a tool keeps for the project in this folder.
pub(super) fn interpreter(
    around: Surroundings<'_>,
    folder: &Path,
    looked_at: &mut Vec<String>,
) -> Option<Interpreter> {
    let found = |environment: PathBuf, found: &'static str| {
        let path = around.of_environment(&environment)?;
        Some(Interpreter { path, found, environment: Some(environment) })
    };
    if let Some(set) = around.variable("UV_PROJECT_ENVIRONMENT")
        && around.is_file(&folder.join("uv.lock"))
    {
        let environment = folder.join(set);
        looked_at.push(format!("uv: {}", environment.display()));
        if let Some(found) = found(environment, "uv") {
            return Some(found);
        }
    }
    if let Some(python) = text(around, &folder.join(".pdm-python")) {
        let path = PathBuf::from(python.trim());
        if around.is_file(&path) {
            let environment = path.parent().and_then(Path::parent).map(Path::to_owned);
            return Some(Interpreter { path, found: "pdm", environment });
        }
        looked_at.push(format!("pdm: {}", path.display()));
    }
    let pyproject = text(around, &folder.join("pyproject.toml"));
    let name = pyproject.as_deref().and_then(project_name);
    if let Some(name) = &name
        && (around.is_file(&folder.join("poetry.lock"))
            || pyproject.as_deref().is_some_and(|text| text.contains("[tool.poetry")))
    {
        let caches = poetry_folders(around);
        for environments in caches {
            let prefix = format!("{}-{}-py", poetry_name(name), checksum(folder, 8));
            looked_at.push(format!("poetry: {}", environments.join(&prefix).display()));
            let mut named: Vec<String> = around
                .disk
                .list(&environments)
                .unwrap_or_default()
                .into_iter()
                .map(|entry| entry.name)
                .filter(|entry| entry.starts_with(&prefix))
                .collect();
            named.sort_by_key(|name| version(name));
            if let Some(newest) = named.pop()
                && let Some(found) = found(environments.join(newest), "poetry")
            {
                return Some(found);
            }
        }
    }
    if around.is_file(&folder.join("Pipfile")) {
        let named = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name = format!("{}-{}", sanitized(named), checksum(&folder.join("Pipfile"), 8));
        for environments in pipenv_folders(around) {
            let environment = environments.join(&name);
            looked_at.push(format!("pipenv: {}", environment.display()));
            if let Some(found) = found(environment, "pipenv") {
                return Some(found);
            }
        }
    }
    if let Some(name) = &name
        && (around.is_file(&folder.join("hatch.toml"))
            || pyproject.as_deref().is_some_and(|text| text.contains("[tool.hatch")))
    {
        let name = normalized(name);
        for data in hatch_folders(around) {
            let environment =
                data.join("env/virtual").join(&name).join(checksum(folder, 8)).join(&name);
            looked_at.push(format!("hatch: {}", environment.display()));
            if let Some(found) = found(environment, "hatch") {
                return Some(found);
            }
        }
    }
    None
}

fn text(around: Surroundings<'_>, path: &Path) -> Option<String> {
    around.disk.stamp(path)?;
    String::from_utf8(around.disk.read(path).ok()?).ok()
}

/// The first letters of a hash of a path, as these tools have it.
fn checksum(path: &Path, length: usize) -> String {
    let hash = Sha256::digest(path.to_string_lossy().as_bytes());
    let mut text = data_encoding::BASE64URL.encode(&hash);
    text.truncate(length);
    text
}

/// `name = "…"` of `[project]` or `[tool.poetry]`.
fn project_name(text: &str) -> Option<String> {
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = matches!(line, "[project]" | "[tool.poetry]");
        } else if inside
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "name"
        {
            let value = value.trim();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            return Some(value.get(1..)?.split(quote).next()?.to_owned());
        }
    }
    None
}

/// `EnvManager.generate_env_name` of poetry.
fn poetry_name(name: &str) -> String {
    let name = name.to_lowercase();
    let odd =
        |c: char| matches!(c, ' ' | '$' | '`' | '!' | '*' | '@' | '"' | '\\' | '\r' | '\n' | '\t');
    name.chars().map(|c| if odd(c) { '_' } else { c }).take(42).collect()
}

/// `Project.sanitize_name` of pipenv.
fn sanitized(name: &str) -> String {
    let odd = |c: char| {
        matches!(
            c,
            ' ' | '&'
                | '$'
                | '`'
                | '!'
                | '*'
                | '@'
                | '"'
                | '('
                | ')'
                | '['
                | ']'
                | '\\'
                | '\r'
                | '\n'
                | '\t'
        )
    };
    name.chars().map(|c| if odd(c) { '_' } else { c }).take(42).collect()
}

/// The name of a package, normalised.
fn normalized(name: &str) -> String {
    let mut text = String::new();
    for character in name.to_lowercase().chars() {
        match character {
            '-' | '_' | '.' if text.ends_with('-') => {}
            '-' | '_' | '.' => text.push('-'),
            other => text.push(other),
        }
    }
    text
}

/// `…-py3.12` sorts behind `…-py3.9`.
fn version(name: &str) -> Vec<u32> {
    let version = name.rsplit("-py").next().unwrap_or_default();
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

fn home(around: Surroundings<'_>) -> Option<PathBuf> {
    around.variable("HOME").or_else(|| around.variable("USERPROFILE"))
}

fn poetry_folders(around: Surroundings<'_>) -> Vec<PathBuf> {
    let set = around
        .variable("POETRY_VIRTUALENVS_PATH")
        .or_else(|| Some(around.variable("POETRY_CACHE_DIR")?.join("virtualenvs")));
    let usual = || {
        Some(match around.platform {
            Platform::Windows => {
                around.variable("LOCALAPPDATA")?.join("pypoetry/Cache/virtualenvs")
            }
            Platform::MacOs => home(around)?.join("Library/Caches/pypoetry/virtualenvs"),
            Platform::Unix => around
                .variable("XDG_CACHE_HOME")
                .or_else(|| Some(home(around)?.join(".cache")))?
                .join("pypoetry/virtualenvs"),
        })
    };
    set.or_else(usual).into_iter().collect()
}

fn pipenv_folders(around: Surroundings<'_>) -> Vec<PathBuf> {
    let usual = || {
        Some(match around.platform {
            Platform::Windows => home(around)?.join(".virtualenvs"),
            _ => around
                .variable("XDG_DATA_HOME")
                .or_else(|| Some(home(around)?.join(".local/share")))?
                .join("virtualenvs"),
        })
    };
    around.variable("WORKON_HOME").or_else(usual).into_iter().collect()
}

fn hatch_folders(around: Surroundings<'_>) -> Vec<PathBuf> {
    let usual = || {
        Some(match around.platform {
            Platform::Windows => around.variable("LOCALAPPDATA")?.join("hatch"),
            Platform::MacOs => home(around)?.join("Library/Application Support/hatch"),
            Platform::Unix => around
                .variable("XDG_DATA_HOME")
                .or_else(|| Some(home(around)?.join(".local/share")))?
                .join("hatch"),
        })
    };
    around.variable("HATCH_DATA_DIR").or_else(usual).into_iter().collect()
}
