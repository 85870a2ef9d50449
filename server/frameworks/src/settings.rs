//! Revline's own settings: `revline.toml`, `[tool.revline]` of `pyproject.toml`, and the editor's.
//!
//! The editor's stand before the file's, key by key; `revline.toml` stands before `pyproject.toml`,
//! whole. What cannot be understood is a defect on its place, and the rest holds.

pub mod database;
pub mod own;
mod reader;
pub mod shape;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use revline_text::{FileId, Range, Span};
use revline_vfs::Files;

use crate::tree::{Node, Tree, parse_toml};
use database::{DatabaseSettings, Whose};
use reader::Reader;

/// Every key, with a sentence for documentation and for schemas.
pub const KEYS: [(&str, &str); 10] = [
    ("database", "Which database is the project's, and how it is changed."),
    (
        "default-branch",
        "The git branch that everybody shares; `origin/HEAD` unless set. Its revisions are the old ones, of two heads the \
         other one is in error, and `lint --since` alone means it.",
    ),
    ("exclude", "Globs of folders and files in which no environment is looked for."),
    ("ignore", "Rules or groups of rules that are off."),
    ("naming-convention", "The naming convention of the project's metadata, as in SQLAlchemy."),
    ("per-file-ignores", "Rules that are off in the files of a glob."),
    ("select", "Rules or groups of rules that are on; all unless set."),
    ("severity", "The severity of a rule: `error`, `warning`, `info`, `hint` or `off`."),
    ("targets", "The databases that the project is for, such as `postgresql` and `sqlite`."),
    ("trace", "What the server writes into its log."),
];

/// The settings that hold in a folder.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub struct Settings {
    /// `targets`: names of dialects.
    pub targets: Option<Vec<String>>,
    /// `exclude`: globs in `.gitignore` syntax.
    pub exclude: Option<Vec<String>>,
    /// `select`: rules or groups.
    pub select: Option<Vec<String>>,
    /// `ignore`: rules or groups.
    pub ignore: Option<Vec<String>>,
    /// `severity` by rule or group, as written.
    pub severity: BTreeMap<String, String>,
    /// `per-file-ignores`: rules by glob.
    pub per_file_ignores: BTreeMap<String, Vec<String>>,
    /// `naming-convention` by kind (`ix`, `uq`, `ck`, `fk`, `pk`).
    pub naming_convention: BTreeMap<String, String>,
    /// `default-branch`.
    pub default_branch: Option<String>,
    /// `database`.
    pub database: DatabaseSettings,
    /// The places of rule names, so that an unknown one can be shown: name and place.
    pub rule_names: Vec<(String, Option<Span>)>,
}

/// Something in the settings that was not understood.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct SettingsDefect {
    /// Where; an editor's settings stand nowhere.
    pub span: Option<Span>,
    /// What is wrong, and the nearest known word.
    pub message: String,
}

impl Settings {
    /// The settings of a folder: its `revline.toml`, else its `pyproject.toml`'s `[tool.revline]`.
    pub fn load(files: &Files, root: &Path) -> (Self, Vec<SettingsDefect>) {
        let own = root.join("revline.toml");
        if files.disk().stamp(&own).is_some()
            || files.known(&own).is_some_and(|file| files.document(file).is_some())
        {
            return Self::load_file(files, &own, &[]);
        }
        let project = root.join("pyproject.toml");
        if files.disk().stamp(&project).is_none() {
            return Self::default_with(Vec::new());
        }
        Self::load_file(files, &project, &["tool", "revline"])
    }

    fn default_with(defects: Vec<SettingsDefect>) -> (Self, Vec<SettingsDefect>) {
        (Self::default(), defects)
    }

    fn load_file(files: &Files, path: &Path, table: &[&str]) -> (Self, Vec<SettingsDefect>) {
        let file = files.id(path);
        let text = match files.text(file) {
            Ok(text) => text,
            Err(error) => {
                let span = Some(Span::new(file, Range::empty(0)));
                let message = format!("The settings cannot be read: {error}.");
                return Self::default_with(vec![SettingsDefect { span, message }]);
            }
        };
        Self::parse(file, text.as_str(), table)
    }

    /// Settings from the text of a TOML file, below `table`.
    pub fn parse(file: FileId, text: &str, table: &[&str]) -> (Self, Vec<SettingsDefect>) {
        let (tree, broken) = parse_toml(file, text);
        let mut defects: Vec<SettingsDefect> = Vec::new();
        if table.is_empty() {
            // A broken pyproject.toml is told once, by whoever reads Alembic's part of it.
            defects.extend(
                broken.into_iter().map(|defect| SettingsDefect {
                    span: Some(defect.span),
                    message: defect.message,
                }),
            );
        }
        let found = table.iter().try_fold(&tree, |tree, key| tree.get(key));
        let Some(found) = found else { return Self::default_with(defects) };
        let (settings, more) = Self::read_of(found, Whose::Project);
        defects.extend(more);
        (settings, defects)
    }

    /// Settings from a table, as an editor gives it to its person.
    pub fn read(tree: &Tree) -> (Self, Vec<SettingsDefect>) {
        Self::read_of(tree, Whose::Person)
    }

    fn read_of(tree: &Tree, whose: Whose) -> (Self, Vec<SettingsDefect>) {
        let mut reader = Reader { whose, ..Reader::default() };
        for entry in tree.entries() {
            if !matches!(entry.value.node, Node::Null) {
                reader.entry(entry);
            }
        }
        (reader.settings, reader.defects)
    }

    /// These settings with what `editor` sets in their place.
    #[must_use]
    pub fn overridden_by(mut self, editor: &Self) -> Self {
        let editor = editor.clone();
        self.targets = editor.targets.or(self.targets);
        self.exclude = editor.exclude.or(self.exclude);
        self.select = editor.select.or(self.select);
        self.ignore = editor.ignore.or(self.ignore);
        self.default_branch = editor.default_branch.or(self.default_branch);
        self.database = self.database.overridden_by(&editor.database);
        self.severity.extend(editor.severity);
        self.per_file_ignores.extend(editor.per_file_ignores);
        self.naming_convention.extend(editor.naming_convention);
        self.rule_names.extend(editor.rule_names);
        self
    }
}

/// A sentence about an unknown word, with the nearest known one.
pub fn unknown<'a>(what: &str, word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(known, word), known))
        .filter(|(distance, known)| *distance <= (known.len() / 3).max(2))
        .min();
    match near {
        Some((_, near)) => format!("There is no {what} `{word}`; did you mean `{near}`?"),
        None => format!("There is no {what} `{word}`."),
    }
}
