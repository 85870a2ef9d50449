//! Alembic's configuration: `alembic.ini` and `[tool.alembic]` of `pyproject.toml`, read as
//! Alembic 1.20.1 reads them, each value with its place.
//!
//! A key of the ini section stands before the same key of the TOML table. Nothing is resolved
//! here: a `script_location` is text until [`super::environment`] looks for it. Nothing is
//! connected to: a URL is a hint, and is never printed with its password.

mod defect;
mod ini;
mod interpolate;
mod lists;
mod options;
mod reader;
mod url;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use revline_text::{FileId, Range, Span};
use revline_vfs::Files;

pub use defect::{ConfigDefect, ConfigDefectKind};
pub(crate) use ini::{DEFAULT, Ini, is_space, parse as parse_ini};
pub use lists::PathSeparator;
pub use options::Options;
pub use url::Url;

use crate::tree::{Tree, parse_toml};

/// A value and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting<T> {
    /// The value, expanded.
    pub value: T,
    /// The value's bytes as written.
    pub span: Span,
    /// The key's bytes.
    pub key: Span,
}

/// One text of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// The text, expanded.
    pub text: String,
    /// Its bytes as written.
    pub span: Span,
}

/// A database of a template for several of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Database {
    /// Its name in `databases`, which is also its section.
    pub name: Item,
    /// `sqlalchemy.url` of its section.
    pub url: Option<Setting<Url>>,
}

/// A command that the project runs on each new file. Revline never runs it unasked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hook {
    /// Its name and where that stands.
    pub name: Item,
    /// `type`, `entrypoint`, `executable`, `module`, `options`, `cwd`, and what else is written.
    pub options: BTreeMap<String, String>,
}

/// A configuration: one section of an ini file over one TOML table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Config {
    /// The section of the ini file (`-n`), `alembic` where none is named.
    pub section: String,
    /// The ini file.
    pub ini: Option<PathBuf>,
    /// The TOML file.
    pub toml: Option<PathBuf>,
    /// A path, or `package:folder`.
    pub script_location: Option<Setting<String>>,
    /// Version folders as Alembic splits them; `None` where `versions` is meant.
    pub version_locations: Option<Setting<Vec<Item>>>,
    /// What separates paths in the ini file.
    pub path_separator: Option<Setting<PathSeparator>>,
    /// What is put before `sys.path`.
    pub prepend_sys_path: Option<Setting<Vec<Item>>>,
    /// The name of new files.
    pub file_template: Option<Setting<String>>,
    /// The length in characters at which a slug is cut.
    pub truncate_slug_length: Option<Setting<i64>>,
    /// The time zone of dates in new files.
    pub timezone: Option<Setting<String>>,
    /// Whether folders below the version folders are read.
    pub recursive_version_locations: Option<Setting<bool>>,
    /// Whether `.pyc` files without source are revisions.
    pub sourceless: Option<Setting<bool>>,
    /// The encoding of new files.
    pub output_encoding: Option<Setting<String>>,
    /// Whether `revision` runs `env.py`.
    pub revision_environment: Option<Setting<bool>>,
    /// The section's `sqlalchemy.url`: a hint, since `env.py` decides.
    pub sqlalchemy_url: Option<Setting<Url>>,
    /// The databases of a template for several.
    pub databases: Vec<Database>,
    /// The hooks, in their order.
    pub post_write_hooks: Vec<Hook>,
    /// What is wrong.
    pub defects: Vec<ConfigDefect>,
    /// Everything in the ini file, for templates.
    pub options: Options,
}

/// An ini file that was read.
pub(crate) struct IniFile {
    pub(crate) file: FileId,
    pub(crate) path: PathBuf,
    pub(crate) ini: Ini,
}

/// A TOML file that was read, and its `[tool.alembic]`.
pub(crate) struct TomlFile {
    pub(crate) path: PathBuf,
    /// `tool.alembic`, where the file has it.
    pub(crate) table: Option<Tree>,
    pub(crate) defects: Vec<ConfigDefect>,
}

impl IniFile {
    pub(crate) fn read(files: &Files, path: &Path) -> std::io::Result<Self> {
        let file = files.id(path);
        let text = files.text(file)?;
        Ok(Self { file, path: path.to_owned(), ini: parse_ini(text.as_str()) })
    }
}

impl TomlFile {
    pub(crate) fn read(files: &Files, path: &Path) -> std::io::Result<Self> {
        let file = files.id(path);
        let text = files.text(file)?;
        let (tree, defects) = parse_toml(file, text.as_str());
        let table = tree.get("tool").and_then(|tool| tool.get("alembic")).cloned();
        let defects = defects
            .into_iter()
            .map(|defect| ConfigDefect {
                span: defect.span,
                message: defect.message,
                kind: ConfigDefectKind::Syntax,
            })
            .collect();
        Ok(Self { path: path.to_owned(), table, defects })
    }
}

impl Config {
    /// Reads a configuration as `alembic -c INI -c pyproject.toml -n SECTION` does. A file that is
    /// not there is as empty, as it is for Alembic; one that cannot be read is a defect.
    pub fn load(files: &Files, ini: Option<&Path>, toml: Option<&Path>, section: &str) -> Self {
        let mut unreadable = Vec::new();
        let mut told = |path: &Path, error: std::io::Error| {
            if error.kind() != std::io::ErrorKind::NotFound {
                unreadable.push(ConfigDefect {
                    span: Span::new(files.id(path), Range::empty(0)),
                    message: error.to_string(),
                    kind: ConfigDefectKind::Unreadable,
                });
            }
        };
        let ini =
            ini.and_then(|path| IniFile::read(files, path).map_err(|error| told(path, error)).ok());
        let toml = toml
            .and_then(|path| TomlFile::read(files, path).map_err(|error| told(path, error)).ok());
        let mut config = Self::of(ini.as_ref(), toml.as_ref(), section);
        config.defects.extend(unreadable);
        config
    }

    pub(crate) fn of(ini: Option<&IniFile>, toml: Option<&TomlFile>, section: &str) -> Self {
        reader::read(ini, toml, section)
    }

    /// The folder that `%(here)s` names: the ini file's, else the TOML file's.
    pub fn here(&self) -> Option<&Path> {
        self.ini.as_deref().or(self.toml.as_deref()).and_then(Path::parent)
    }

    /// Alembic's `truncate_slug_length or 40`.
    pub fn slug_length(&self) -> i64 {
        match &self.truncate_slug_length {
            Some(setting) if setting.value != 0 => setting.value,
            _ => 40,
        }
    }
}

#[cfg(test)]
mod tests;
