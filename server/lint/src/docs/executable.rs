//! Runs what the pages of the rules show.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use revline_fixture::Fixture;
use revline_text::{Edit, FileId, Text};

use super::{HEADINGS, files, page, pages, section};
use crate::rule::{Rule, rules};
use crate::testing::{all, snapshot};
use crate::{Finding, Severity};

fn shown(rule: &Rule, heading: &str) -> Fixture {
    let page = page(rule.source);
    let section = section(&page, heading).unwrap_or_default();
    Fixture::of(files(section).into_iter().map(|file| (file.path, file.text)))
}

fn found(fixture: Fixture) -> Vec<Finding> {
    all(&snapshot(fixture)).into_iter().map(|(_, finding)| finding).collect()
}

/// Asks every rule, and tells what all of them answered together.
#[track_caller]
fn every_rule(question: impl Fn(&Rule) -> Option<String>) {
    let answers: Vec<String> = rules()
        .iter()
        .filter_map(|rule| Some(format!("{}: {}", rule.name, question(rule)?)))
        .collect();
    assert!(answers.is_empty(), "{}", answers.join("\n"));
}

#[test]
fn every_page_has_the_headings_in_order() {
    every_rule(|rule| {
        let page = page(rule.source);
        let mut fenced = false;
        let mut titles = Vec::new();
        for line in page.lines() {
            fenced ^= line.starts_with("```");
            titles.extend(line.strip_prefix("## ").filter(|_| !fenced));
        }
        let has = |heading: &&str| *heading != "Fix safety" || rule.meta.fix.is_some();
        let wanted: Vec<&str> = HEADINGS.into_iter().filter(has).collect();
        let empty = titles
            .iter()
            .find(|title| section(&page, title).is_none_or(|section| section.trim().is_empty()));
        let full = titles == wanted && empty.is_none() && rule.summary().ends_with(['.', ':']);
        (!full).then(|| format!("has {titles:?}, empty {empty:?}, «{}»", rule.summary()))
    });
}

#[test]
fn every_example_is_found() {
    every_rule(|rule| {
        let found = found(shown(rule, "Example"));
        let own = found.iter().any(|finding| finding.rule == rule.name);
        (!own).then(|| format!("{found:#?}"))
    });
}

#[test]
fn what_to_use_instead_is_clean() {
    every_rule(|rule| {
        let fixture = shown(rule, "Example").under(shown(rule, "Use instead"));
        // The stub of a fix may leave a hint, of another rule.
        let bad =
            |finding: &Finding| finding.rule == rule.name || finding.severity >= Severity::Warning;
        let bad: Vec<Finding> = found(fixture).into_iter().filter(bad).collect();
        (!bad.is_empty()).then(|| format!("{bad:#?}"))
    });
}

#[test]
fn the_fixes_of_the_example_give_what_to_use_instead() {
    every_rule(|rule| {
        let before = shown(rule, "Example");
        let snapshot = snapshot(before.clone());
        let mut edits: BTreeMap<FileId, BTreeSet<(revline_text::Range, String)>> = BTreeMap::new();
        let mut safeties = BTreeSet::new();
        for (_, finding) in all(&snapshot) {
            let fix = finding.fixes.first().filter(|_| finding.rule == rule.name);
            let Some(fix) = fix else { continue };
            safeties.insert(fix.safety);
            for (file, list) in &fix.change.edits {
                let list = list.iter().map(|edit| (edit.range, edit.text.clone()));
                edits.entry(*file).or_default().extend(list);
            }
        }
        let declared: BTreeSet<_> = rule.meta.fix.into_iter().collect();
        if safeties != declared {
            return Some(format!("declares {declared:?} and has fixes that are {safeties:?}"));
        }
        rule.meta.fix?;
        let edited = |(path, text): (PathBuf, String)| {
            let file = snapshot.files().id(&path);
            let edits: Vec<Edit> = edits
                .get(&file)
                .into_iter()
                .flatten()
                .map(|(range, text)| Edit::replace(*range, text.clone()))
                .collect();
            (path, Text::new(&text).edited(&edits).as_str().to_owned())
        };
        let after: BTreeMap<PathBuf, String> = before.on_disk().map(edited).collect();
        let wanted: BTreeMap<PathBuf, String> =
            before.clone().under(shown(rule, "Use instead")).on_disk().collect();
        (after != wanted).then(|| format!("{after:#?}\nis not\n{wanted:#?}"))
    });
}

/// `UPDATE_PAGES=1` writes them.
#[test]
#[allow(clippy::disallowed_methods, reason = "the pages are files of the source tree")]
fn the_committed_pages_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules");
    let pages: BTreeMap<String, String> = pages().into_iter().collect();
    if std::env::var_os("UPDATE_PAGES").is_some() {
        std::fs::create_dir_all(&folder).expect("a folder");
        for (name, text) in &pages {
            std::fs::write(folder.join(name), text).expect("a page");
        }
    }
    let mut committed = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).expect("the folder of the pages").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(entry.path()).expect("a page");
        committed.insert(name, text.replace("\r\n", "\n"));
    }
    let differs: Vec<&String> = pages
        .keys()
        .chain(committed.keys())
        .filter(|name| pages.get(*name) != committed.get(*name))
        .collect();
    assert!(differs.is_empty(), "set UPDATE_PAGES=1 to write {differs:?}");
}
