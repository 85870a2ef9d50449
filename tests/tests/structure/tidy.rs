//! What a tidy tree is: short files that say what they are for, nothing unfinished, nothing of the machine it was made on.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::root;

/// The most lines that a file may have, its tests not counted.
const LONGEST: usize = 600;

/// What stands beside each other at the top. Files that begin with a dot may stand there too.
const TOP: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "editors",
    "fixtures",
    "grammars",
    "server",
    "tests",
];

/// There when there is a release, and what git does not see.
const TOP_AT_TIMES: &[&str] = &["CHANGELOG.md", "target"];

/// Hosts of package registries, and folders of a single machine. Each in two halves, or this file would not be tidy.
const FOREIGN: &[(&str, &str)] = &[
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("crates", ".io"),
    ("npmjs", ".org"),
    ("npmjs", ".com"),
    ("deb.debian", ".org"),
    ("proxy.golang", ".org"),
    ("/work", "/main"),
    ("/work", "/wt"),
    ("/work", "/shared"),
    ("/work", "/target"),
    ("/tmp", "/oracle"),
    ("/root", "/"),
];

/// What is not left in Rust sources.
const UNFINISHED: &[(&str, &str)] =
    &[("todo", "!("), ("unimplemented", "!("), ("#[igno", "re"), ("dbg", "!(")];

/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "manager", "misc"];

/// A text file of the tree: its path from the root, and its text.
struct File {
    path: String,
    text: String,
}

/// All text files that git would take.
fn files() -> Vec<File> {
    let root = root();
    let walk = WalkBuilder::new(&root)
        .hidden(false)
        .require_git(false)
        .parents(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .sort_by_file_path(Path::cmp)
        .build();
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry.expect("the tree can be read");
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        if let Ok(text) = fs::read_to_string(entry.path()) {
            let path: PathBuf = entry.path().strip_prefix(&root).expect("it is inside").into();
            files.push(File { path: path.to_string_lossy().replace('\\', "/"), text });
        }
    }
    assert!(files.len() > 100, "only {} files were found", files.len());
    files
}

fn is_rust(file: &File) -> bool {
    file.path.ends_with(".rs")
}

/// A file of tests: everything below a `tests` or `test` folder, and a module `tests.rs`.
fn is_test(file: &File) -> bool {
    file.path.split('/').any(|part| ["tests", "test", "tests.rs", "fixtures"].contains(&part))
}

/// Made by a tool.
fn is_generated(file: &File) -> bool {
    file.path == "Cargo.lock" || file.path.ends_with("package-lock.json")
}

/// The lines before the tests at the end of a Rust file.
fn lines_without_tests(text: &str) -> usize {
    let lines: Vec<_> = text.lines().collect();
    let tests = lines.windows(2).position(|pair| {
        pair.first().is_some_and(|line| line.trim() == "#[cfg(test)]")
            && pair.get(1).is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'))
    });
    tests.unwrap_or(lines.len())
}

#[test]
fn files_are_short() {
    let sources = [".rs", ".ts", ".lua", ".mjs", ".js", ".py", ".el"];
    let long: Vec<_> = files()
        .iter()
        .filter(|file| !is_test(file) && sources.iter().any(|end| file.path.ends_with(end)))
        .map(|file| (file.path.clone(), lines_without_tests(&file.text)))
        .filter(|(_, lines)| *lines > LONGEST)
        .collect();
    assert_eq!(long, []);
}

#[test]
fn modules_say_what_they_are_for() {
    let silent: Vec<_> = files()
        .iter()
        .filter(|file| is_rust(file) && !file.path.starts_with("fixtures/"))
        // A module `tests.rs` says it with its name.
        .filter(|file| {
            !file.path.ends_with("/tests.rs") && !file.text.trim_start().starts_with("//!")
        })
        .map(|file| file.path.clone())
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn nothing_is_left_unfinished() {
    let mut found = Vec::new();
    for file in files().iter().filter(|file| is_rust(file)) {
        for (first, second) in UNFINISHED {
            let word = format!("{first}{second}");
            let lines = file.text.lines().enumerate().filter(|(_, line)| line.contains(&word));
            found.extend(lines.map(|(at, _)| format!("{}:{}: {word}", file.path, at + 1)));
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn nothing_names_a_registry_or_a_machine() {
    let mut found = Vec::new();
    for file in files().iter().filter(|file| !is_generated(file)) {
        for (first, second) in FOREIGN {
            let word = format!("{first}{second}");
            let lines = file.text.lines().enumerate().filter(|(_, line)| line.contains(&word));
            found.extend(lines.map(|(at, _)| format!("{}:{}: {word}", file.path, at + 1)));
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn names_are_the_fields_own() {
    let mut found = BTreeSet::new();
    for file in files().iter().filter(|file| is_rust(file) && !file.path.starts_with("fixtures/")) {
        let parts = file.path.split('/').map(|part| part.trim_end_matches(".rs"));
        if parts.clone().any(|part| part == "mod" || EMPTY_NAMES.contains(&part)) {
            found.insert(file.path.clone());
        }
    }
    assert_eq!(found, BTreeSet::new());
}

#[test]
fn the_top_level_is_what_was_designed() {
    let entries = fs::read_dir(root()).expect("the root can be read");
    let names: BTreeSet<_> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let strange: Vec<_> = names
        .iter()
        .map(String::as_str)
        .filter(|name| {
            !name.starts_with('.') && !TOP.contains(name) && !TOP_AT_TIMES.contains(name)
        })
        .collect();
    let missing: Vec<_> = TOP.iter().filter(|name| !names.contains(**name)).collect();
    assert_eq!((strange, missing), (vec![], vec![]));
}

#[test]
fn a_files_tests_are_not_counted_as_its_length() {
    assert_eq!(lines_without_tests("a\nb\n#[cfg(test)]\nmod tests {\n}\n"), 2);
    assert_eq!(lines_without_tests("a\n#[cfg(test)]\nuse x;\nb\n"), 4);
}
