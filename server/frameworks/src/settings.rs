//! Revline's own settings: `revline.toml`, else `[tool.revline]` of `pyproject.toml`, and over them
//! what an editor sends.
//!
//! Read here, judged elsewhere: whether a rule exists is known where the rules are, which is why
//! every name keeps its place. What names a database or a program is not read from a repository.

mod read;

use std::collections::BTreeMap;
use std::path::Path;

use globset::GlobMatcher;
use revline_text::Span;
use revline_vfs::Files;

use crate::tree::{Tree, parse_toml};

/// A value and its place; an editor's settings have none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Option<Span>,
}

/// How loud a rule is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The rule says nothing.
    Off,
    /// `hint`.
    Hint,
    /// `info`.
    Info,
    /// `warning`.
    Warning,
    /// `error`.
    Error,
}

/// Rules that are silent in some files.
#[derive(Clone, Debug)]
pub struct PerFileIgnore {
    /// The glob as written, and its place.
    pub pattern: Sourced<String>,
    /// Matches paths relative to the root, with `/`.
    pub matcher: GlobMatcher,
    /// The rules.
    pub rules: Vec<Sourced<String>>,
}

/// The settings; what is `None` or empty was not said.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The dialects that the project runs on: `postgresql`, `sqlite`, …
    pub targets: Option<Vec<Sourced<String>>>,
    /// Globs in `.gitignore` syntax of what is not searched.
    pub exclude: Option<Vec<Sourced<String>>>,
    /// The rules that count; all where it is `None`.
    pub select: Option<Vec<Sourced<String>>>,
    /// The rules that do not count.
    pub ignore: Option<Vec<Sourced<String>>>,
    /// Severities by rule.
    pub severity: BTreeMap<String, Sourced<Severity>>,
    /// Rules that are silent in some files, in the order of the file.
    pub per_file_ignores: Vec<PerFileIgnore>,
    /// SQLAlchemy's naming convention: `ix`, `uq`, `ck`, `fk`, `pk` to their patterns.
    pub naming_convention: BTreeMap<String, Sourced<String>>,
    /// The branch of the version control that others build upon.
    pub default_branch: Option<Sourced<String>>,
    /// How `lint` prints where no `--format` is given.
    pub format: Option<Sourced<String>>,
}

/// Something in the settings that does not count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettingsDefect {
    /// Where; an editor's settings stand nowhere.
    pub span: Option<Span>,
    /// One sentence.
    pub message: String,
    /// What was probably meant, to be put in the place of `span`.
    pub meant: Option<String>,
}

impl Settings {
    /// The settings of a folder: its `revline.toml`, else its `pyproject.toml`. Files that are not
    /// there say nothing.
    pub fn load(files: &Files, root: &Path) -> (Self, Vec<SettingsDefect>) {
        let mut defects = Vec::new();
        let mut tree = |name: &str, path: &[&str]| -> Option<Tree> {
            let file = files.id(&root.join(name));
            let text = files.text(file).ok()?;
            let (tree, broken) = parse_toml(file, text.as_str());
            let table = path.iter().try_fold(&tree, |tree, key| tree.get(key)).cloned();
            // What is no TOML in a pyproject.toml without a word for Revline is not told by Revline.
            if path.is_empty() || table.is_some() {
                defects.extend(broken.into_iter().map(|defect| SettingsDefect {
                    span: Some(defect.span),
                    message: defect.message,
                    meant: None,
                }));
            }
            table
        };
        let own = tree("revline.toml", &[]);
        let shared = tree("pyproject.toml", &["tool", "revline"]);
        let (chosen, unused) = if own.is_some() { (own, shared) } else { (shared, None) };
        if let Some(unused) = unused {
            defects.push(SettingsDefect {
                span: unused.span,
                message: "revline.toml stands beside this file and is read instead".to_owned(),
                meant: None,
            });
        }
        let settings = chosen.map_or_else(Self::default, |tree| {
            let (settings, more) = Self::of(&tree);
            defects.extend(more);
            settings
        });
        (settings, defects)
    }

    /// The settings that a table says; keys may be written `per-file-ignores`, `per_file_ignores`
    /// or, as editors do, `perFileIgnores`.
    pub fn of(tree: &Tree) -> (Self, Vec<SettingsDefect>) {
        read::read(tree)
    }

    /// These settings with others over them: a list replaces a list, tables are joined by key.
    #[must_use]
    pub fn overridden(mut self, over: Self) -> Self {
        self.targets = over.targets.or(self.targets);
        self.exclude = over.exclude.or(self.exclude);
        self.select = over.select.or(self.select);
        self.ignore = over.ignore.or(self.ignore);
        self.default_branch = over.default_branch.or(self.default_branch);
        self.format = over.format.or(self.format);
        self.severity.extend(over.severity);
        self.naming_convention.extend(over.naming_convention);
        self.per_file_ignores.extend(over.per_file_ignores);
        self
    }

    /// The globs of what is not searched.
    pub fn excluded(&self) -> Vec<String> {
        self.exclude.iter().flatten().map(|glob| glob.value.clone()).collect()
    }

    /// The rules that are silent in a file, given relative to the root with `/`.
    pub fn ignored_in(&self, path: &str) -> impl Iterator<Item = &str> {
        let matching = move |entry: &&PerFileIgnore| entry.matcher.is_match(path);
        self.per_file_ignores
            .iter()
            .filter(matching)
            .flat_map(|entry| entry.rules.iter().map(|rule| rule.value.as_str()))
            .collect::<Vec<_>>()
            .into_iter()
    }
}

#[cfg(test)]
mod tests;
