//! What `lint` found, and how its places and paths are spelt.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use revline_analysis::Snapshot;
use revline_lint::Finding;
use revline_text::{Encoding, FileId, Fingerprint, Span, Text};

/// What was found.
pub(crate) struct Report {
    /// Everything as it stands.
    pub(crate) snapshot: Snapshot,
    /// By path, then by place.
    pub(crate) findings: Vec<Finding>,
    /// The revision files that were looked at, each with its environment.
    pub(crate) files: Vec<(String, FileId)>,
    /// How many findings are not told, as the baseline has them.
    pub(crate) known: usize,
    current: PathBuf,
    /// The folder with `.git`, else the current one.
    repository: PathBuf,
    texts: BTreeMap<FileId, Text>,
}

/// A line and a column, both from 1; a column is a character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Position {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// What stays of a finding when lines move: the rule, the file, the code in its first line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Identity {
    /// The rule.
    pub(crate) rule: String,
    /// The file, as the one who asks spells it.
    pub(crate) file: String,
    /// The code, as a number: a configuration's line may hold a password.
    pub(crate) code: String,
    /// Which of those that are alike in all of this, from 0.
    pub(crate) place: usize,
}

impl Identity {
    /// 32 hexadecimal digits that no two findings of a report share.
    pub(crate) fn fingerprint(&self) -> String {
        let Self { rule, file, code, place } = self;
        hexadecimal(&format!("{rule}\0{file}\0{code}\0{place}"))
    }
}

fn hexadecimal(text: &str) -> String {
    format!("{:032x}", Fingerprint::of_bytes(text.as_bytes()).0)
}

impl Report {
    /// A report of findings in their order; `current` is the current folder.
    pub(crate) fn new(
        snapshot: Snapshot,
        findings: Vec<Finding>,
        files: Vec<(String, FileId)>,
        current: PathBuf,
    ) -> Self {
        let disk = snapshot.files().disk();
        let begins = |folder: &&Path| disk.kind(&folder.join(".git")).is_some();
        let repository = current.ancestors().find(begins).unwrap_or(&current).to_path_buf();
        let mut texts = BTreeMap::new();
        for finding in &findings {
            let related = finding.related.iter().map(|related| related.span.file);
            let edited = finding.fixes.iter().flat_map(|fix| fix.change.edits.keys().copied());
            for file in related.chain(edited).chain([finding.span.file]) {
                texts
                    .entry(file)
                    .or_insert_with(|| snapshot.text(file).unwrap_or_else(|| Text::new("")));
            }
        }
        Self { snapshot, findings, files, known: 0, current, repository, texts }
    }

    /// How many environments were looked at.
    pub(crate) fn environments(&self) -> usize {
        self.files.iter().map(|(environment, _)| environment).collect::<BTreeSet<_>>().len()
    }

    /// A path for people: from the current folder where it lies in it.
    pub(crate) fn path(&self, file: FileId) -> String {
        below(&self.current, &self.snapshot.files().path(file))
    }

    /// A path for services: from the root of the repository where it lies in it.
    pub(crate) fn repository_path(&self, file: FileId) -> String {
        below(&self.repository, &self.snapshot.files().path(file))
    }

    /// The text of a file that a finding names.
    pub(crate) fn text(&self, file: FileId) -> Option<&Text> {
        self.texts.get(&file)
    }

    /// Start and end of a place.
    pub(crate) fn place(&self, span: Span) -> (Position, Position) {
        let position = |offset| {
            let at = self
                .text(span.file)
                .map_or_else(Default::default, |text| text.position(offset, Encoding::Utf32));
            Position { line: at.line + 1, column: at.column + 1 }
        };
        (position(span.range.start()), position(span.range.end()))
    }

    /// The identity of each finding, in their order, with paths from the root of the repository.
    pub(crate) fn identities(&self) -> Vec<Identity> {
        self.identities_from(&self.repository)
    }

    /// The identity of each finding, in their order, with paths from a folder.
    pub(crate) fn identities_from(&self, folder: &Path) -> Vec<Identity> {
        let mut seen: BTreeMap<Identity, usize> = BTreeMap::new();
        let identity = |finding: &Finding| {
            let path = self.snapshot.files().path(finding.span.file);
            let identity = Identity {
                rule: finding.rule.to_owned(),
                file: relative(folder, &path),
                code: self.code(finding.span),
                place: 0,
            };
            let place = seen.entry(identity.clone()).or_default();
            *place += 1;
            Identity { place: *place - 1, ..identity }
        };
        self.findings.iter().map(identity).collect()
    }

    /// The first line of a place, whatever its white space.
    fn code(&self, span: Span) -> String {
        let line = self.text(span.file).and_then(|text| {
            let line = text.line_range(text.line_of(span.range.start()))?;
            line.slice(text.as_str())
        });
        let words: Vec<&str> = line.unwrap_or_default().split_whitespace().collect();
        hexadecimal(&words.join(" "))
    }
}

/// A path from a folder where it lies in it, with slashes.
fn below(folder: &Path, path: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

/// A path from a folder, wherever it lies, with slashes.
fn relative(folder: &Path, path: &Path) -> String {
    let shared = folder.ancestors().find(|folder| path.starts_with(folder));
    let Some(shared) = shared else { return below(folder, path) };
    let up = folder.strip_prefix(shared).map_or(0, |rest| rest.components().count());
    format!("{}{}", "../".repeat(up), below(shared, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_from_a_folder_beside_it() {
        let path = |folder: &str, path: &str| relative(Path::new(folder), Path::new(path));
        assert_eq!(path("/w", "/w/a/b.py"), "a/b.py");
        assert_eq!(path("/w/ci", "/w/a/b.py"), "../a/b.py");
    }
}
