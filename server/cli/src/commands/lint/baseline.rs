//! A file of findings that are known already, so that only new ones are told.
//!
//! An entry is the rule, the file (from the folder of the baseline) and the code of the finding's
//! first line, as a number; lines may move. Alike findings are counted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use revline_vfs::{Disk, normalize};
use serde_json::{Value, json};

use crate::report::{Identity, Report};

/// The version of the file's form.
const VERSION: u64 = 1;

/// How many findings there are of each rule, file and code.
type Counts = BTreeMap<(String, String, String), usize>;

/// The findings that were known when the file was written.
pub(super) struct Baseline {
    path: PathBuf,
    counts: Counts,
}

fn key(identity: Identity) -> (String, String, String) {
    (identity.rule, identity.file, identity.code)
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

impl Baseline {
    /// Reads a baseline, its path taken from the current folder. Errors where it cannot be read.
    pub(super) fn read(disk: &dyn Disk, current: &Path, path: &Path) -> anyhow::Result<Self> {
        let path = normalize(&current.join(path));
        let bytes = disk.read(&path).with_context(|| {
            format!("the baseline {} cannot be read; --write-baseline makes it", path.display())
        })?;
        let counts = serde_json::from_slice(&bytes)
            .ok()
            .and_then(|value| counts(&value))
            .ok_or_else(|| anyhow!("{} is no baseline of this version", path.display()))?;
        Ok(Self { path, counts })
    }

    /// Takes the known findings out of a report. Returns how many entries met none: those are mended.
    pub(super) fn take_out(&self, report: &mut Report) -> usize {
        let mut left = self.counts.clone();
        let identities = report.identities_from(folder(&self.path));
        let mut known = identities.into_iter().map(|identity| {
            let count = left.get_mut(&key(identity)).filter(|count| **count > 0);
            count.map(|count| *count -= 1).is_some()
        });
        let before = report.findings.len();
        report.findings.retain(|_| !known.next().unwrap_or_default());
        drop(known);
        report.known = before - report.findings.len();
        left.values().sum()
    }

    /// Writes the findings of a report as a baseline. Errors where the file cannot be written.
    pub(super) fn write(
        disk: &dyn Disk,
        current: &Path,
        path: &Path,
        report: &Report,
    ) -> anyhow::Result<()> {
        let path = normalize(&current.join(path));
        let mut counts = Counts::new();
        for identity in report.identities_from(folder(&path)) {
            *counts.entry(key(identity)).or_default() += 1;
        }
        let entries: Vec<Value> = counts
            .into_iter()
            .map(|((rule, file, code), count)| {
                json!({ "rule": rule, "file": file, "code": code, "count": count })
            })
            .collect();
        let text = format!("{:#}\n", json!({ "version": VERSION, "findings": entries }));
        disk.write(&path, text.as_bytes()).with_context(|| path.display().to_string())
    }
}

fn counts(value: &Value) -> Option<Counts> {
    if value.get("version")?.as_u64()? != VERSION {
        return None;
    }
    let mut counts = Counts::new();
    for entry in value.get("findings")?.as_array()? {
        let text = |name| Some(entry.get(name)?.as_str()?.to_owned());
        let count = usize::try_from(entry.get("count")?.as_u64()?).ok()?;
        *counts.entry((text("rule")?, text("file")?, text("code")?)).or_default() += count;
    }
    Some(counts)
}
