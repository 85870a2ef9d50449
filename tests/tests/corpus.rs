//! The revision graphs of public packages, read by Revline and by real Alembic: heads, bases, branch
//! points and the order of `history` are equal, and no readable file is called broken.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that runs the judge and prints its figures"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use revline_frameworks::alembic::environment::{Environment, version_files};
use revline_frameworks::alembic::revision;
use revline_history::{History, Node, Walk};
use revline_vfs::{Files, RealDisk};
use serde_json::{Value, json};

/// Revisions whose title Revline does not read yet: `("""title""" "")`, a docstring of two strings in
/// parentheses.
const TITLES_NOT_READ: &[&str] = &["15f7375ca737"];

/// The unpacked packages, from `REVLINE_CORPUS`; without them the test is skipped, in CI it fails.
fn unpacked() -> Option<PathBuf> {
    let folder = std::env::var_os("REVLINE_CORPUS").filter(|folder| !folder.is_empty());
    assert!(
        folder.is_some() || std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "REVLINE_CORPUS is not set, and in CI nothing is skipped"
    );
    if folder.is_none() {
        println!("skipped: REVLINE_CORPUS is not set");
    }
    folder.map(PathBuf::from)
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Real Alembic's answer for each location, as `graph.py` gives it.
fn judged(python: &Path, unpacked: &Path) -> Vec<Value> {
    let answer = Command::new(python)
        .arg(repository().join("oracle/graph.py"))
        .arg("--corpus")
        .arg(repository().join("corpus/packages.toml"))
        .arg(unpacked)
        .output()
        .expect("the judge starts");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let lines = String::from_utf8(answer.stdout).expect("the judge answers in UTF-8");
    lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("the judge answers in JSON"))
        .collect()
}

/// The environment of one location.
fn environment(root: &Path, versions: &[&str], recursive: bool) -> Environment {
    Environment {
        name: String::new(),
        script_location: root.to_path_buf(),
        version_dirs: versions.iter().map(|folder| root.join(folder)).collect(),
        recursive,
        sourceless: false,
        profiles: Vec::new(),
        template: None,
        env_py: None,
        targets: Vec::new(),
        defects: Vec::new(),
    }
}

/// The graph, what Revline calls broken, and how many headers have a part that it does not compute.
fn read(environment: &Environment) -> (History, Vec<String>, usize) {
    let files = Files::new(Arc::new(RealDisk));
    let (mut revisions, mut broken, mut computed) = (Vec::new(), Vec::new(), 0);
    for path in version_files(&files, environment, &Default::default()).files {
        let id = files.id(&path);
        let text = files.text(id).expect("a file of the corpus is text");
        let reading = revision::read(id, &path, text.as_str());
        if let Some(problem) = &reading.problem {
            if problem.fails {
                broken.push(format!("{}: {}", path.display(), problem.message));
            } else {
                computed += 1;
            }
        }
        revisions.extend(reading.revision);
    }
    (History::build(revisions), broken, computed)
}

fn ids(history: &History, nodes: &[Node]) -> Vec<String> {
    nodes.iter().map(|node| history[*node].id.as_str().to_owned()).collect()
}

/// The answers of Revline that `graph.py` gives too.
fn answered(history: &History) -> Value {
    let walked = history.walk_range(&Walk::ALL).unwrap_or_default();
    let branches: Vec<_> =
        walked.iter().copied().filter(|node| history.is_branch_point(*node)).collect();
    let revisions: Vec<_> = walked
        .iter()
        .map(|node| json!([history[*node].id.as_str(), ids(history, history.parents(*node))]))
        .collect();
    let titles: Vec<_> = walked.iter().map(|node| history[*node].title.as_str()).collect();
    json!({
        "heads": ids(history, history.heads()),
        "effective_heads": ids(history, history.real_heads()).into_iter().collect::<BTreeSet<_>>(),
        "bases": ids(history, history.bases()),
        "branches": ids(history, &branches),
        "history": revisions,
        "titles": titles,
    })
}

/// The judge's answer in the same shape.
fn expected(answer: &Value) -> Value {
    let history = answer["history"].as_array().expect("a list");
    let revisions: Vec<_> =
        history.iter().map(|one| json!([one["revision"], one["parents"]])).collect();
    let titles: Vec<_> = history.iter().map(|one| &one["title"]).collect();
    json!({
        "heads": answer["heads"],
        "effective_heads": answer["effective_heads"],
        "bases": answer["bases"],
        "branches": answer["branches"],
        "history": revisions,
        "titles": titles,
    })
}

/// The revisions of equally ordered answers whose titles differ.
fn other_titles(ours: &Value, alembics: &Value) -> Vec<String> {
    let list = |answer: &Value, part: &str| answer[part].as_array().cloned().unwrap_or_default();
    let pairs = list(ours, "titles").into_iter().zip(list(alembics, "titles"));
    let revisions = list(alembics, "history").into_iter().map(|one| one[0].clone());
    let other = pairs.zip(revisions).filter(|((ours, alembics), _)| ours != alembics);
    other.filter_map(|(_, revision)| revision.as_str().map(str::to_owned)).collect()
}

#[test]
fn graphs_of_public_packages_are_alembics() {
    let (Some(unpacked), Some(python)) = (unpacked(), revline_tests::oracle::python()) else {
        return;
    };
    let (mut different, mut graphs, mut revisions, mut not_computed) = (Vec::new(), 0, 0, 0);
    let mut titles = Vec::new();
    for answer in judged(&python, &unpacked) {
        let package = answer["package"].as_str().expect("a name");
        let versions: Vec<_> = answer["versions"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let recursive = answer["recursive"].as_bool().expect("a flag");
        let (history, broken, computed) =
            read(&environment(&unpacked.join(package), &versions, recursive));
        graphs += 1;
        revisions += history.len();
        not_computed += computed;
        different.extend(broken);
        let (ours, alembics) = (answered(&history), expected(&answer));
        titles.extend(other_titles(&ours, &alembics));
        for part in ["heads", "effective_heads", "bases", "branches", "history"] {
            if ours[part] != alembics[part] {
                different.push(format!(
                    "{package} {versions:?}: {part}:\n  Revline {}\n  Alembic {}",
                    ours[part], alembics[part]
                ));
            }
        }
    }
    println!(
        "{graphs} graphs, {revisions} revisions, {not_computed} headers with a part that is computed"
    );
    assert!(graphs >= 30 && revisions >= 2_000, "only {graphs} graphs, {revisions} revisions");
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert_eq!(titles, TITLES_NOT_READ);
}
