//! Configuration, file order and new files compared with real Alembic over generated projects.
//!
//! The kept cases are always compared. With `REVLINE_ORACLE_PYTHON` naming a Python that has
//! Alembic, fresh ones are made: `REVLINE_ORACLE_SEED` and `REVLINE_ORACLE_CASES` say which.
#![allow(
    clippy::disallowed_methods,
    reason = "the real tool is the judge, and its answers are files"
)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a case that is not as it is made ends the test"
)]
#![allow(clippy::print_stdout, reason = "the comparison is a figure")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use revline_frameworks::alembic::config::{Config, ConfigDefectKind, Item, Setting};
use revline_frameworks::alembic::environment::{discover, version_files};
use revline_frameworks::alembic::write::{ExistingFile, NewRevision, new_revision};
use revline_vfs::{Files, MemoryDisk};
use serde_json::{Value, json};

fn files_of(case: &Value) -> Files {
    let files = case["files"].as_object().expect("files");
    let list =
        files.iter().map(|(path, text)| (path.clone(), text.as_str().expect("text").to_owned()));
    Files::new(Arc::new(MemoryDisk::new(list)))
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().expect("a list");
    list.iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}

fn value<T>(setting: &Option<Setting<T>>, show: impl Fn(&T) -> Value) -> Value {
    setting.as_ref().map_or(Value::Null, |setting| show(&setting.value))
}

/// What differs, one line each.
fn config_differences(case: &Value) -> Vec<String> {
    let files = files_of(case);
    let toml = Path::new("/w/pyproject.toml");
    let toml = case["files"].get("/w/pyproject.toml").map(|_| toml);
    let section = case["ask"]["section"].as_str().expect("a section");
    let config = Config::load(&files, Some(Path::new("/w/alembic.ini")), toml, section);
    let answer = &case["answer"];
    let has = |kinds: &[ConfigDefectKind]| config.defects.iter().any(|d| kinds.contains(&d.kind));
    use ConfigDefectKind::{Duplicate, Interpolation, Syntax, Value as Wrong};
    if answer["readable"].get("error").is_some() {
        let told = has(&[Syntax, Duplicate]);
        return if told { Vec::new() } else { vec![format!("not told: {}", answer["readable"])] };
    }
    let mut out = Vec::new();
    if has(&[Syntax, Duplicate]) {
        out.push(format!("told, and Alembic reads it: {:?}", config.defects));
    }
    let text = |s: &String| json!(s);
    let list = |items: &Vec<Item>| json!(items.iter().map(|item| &item.text).collect::<Vec<_>>());
    let hooks: Vec<Value> =
        config.post_write_hooks.iter().map(|hook| json!([hook.name.text, hook.options])).collect();
    let ours = [
        ("script_location", value(&config.script_location, text)),
        ("file_template", value(&config.file_template, text)),
        ("timezone", value(&config.timezone, text)),
        ("output_encoding", value(&config.output_encoding, text)),
        ("truncate_slug_length", value(&config.truncate_slug_length, |n| json!(n))),
        ("url", value(&config.sqlalchemy_url, |url| json!(url.secret()))),
        ("mixed_case", config.options.get(section, "mixed_case").map_or(Value::Null, |t| json!(t))),
        (
            "recursive_version_locations",
            json!(value(&config.recursive_version_locations, |b| json!(b)) == json!(true)),
        ),
        ("sourceless", json!(value(&config.sourceless, |b| json!(b)) == json!(true))),
        ("version_locations", value(&config.version_locations, list)),
        ("prepend_sys_path", value(&config.prepend_sys_path, list)),
        ("hooks", json!(hooks)),
    ];
    for (key, ours) in ours {
        match (&answer[key]["value"], answer[key].get("error")) {
            (_, Some(error)) if !has(&[Wrong, Interpolation]) => {
                out.push(format!("{key}: not told: {error}"));
            }
            (_, Some(_)) => {}
            (theirs, None) if *theirs != ours => out.push(format!("{key}: {theirs} here {ours}")),
            _ => {}
        }
    }
    out
}

fn files_differences(case: &Value) -> Vec<String> {
    let files = files_of(case);
    let found = discover(&files, Path::new("/w"), &[]);
    let Some(environment) = found.environments.first() else {
        return vec!["nothing found".to_owned()];
    };
    let ours: Vec<String> = version_files(&files, environment, &Default::default())
        .files
        .iter()
        .map(|p| p.display().to_string())
        .collect();
    let theirs = texts(&case["answer"]["files"]["value"]);
    if ours == theirs { Vec::new() } else { vec![format!("{theirs:?} here {ours:?}")] }
}

fn revision_differences(case: &Value) -> Vec<String> {
    let files = files_of(case);
    let found = discover(&files, Path::new("/w"), &[]);
    let Some(environment) = found.environments.first() else {
        return vec!["nothing found".to_owned()];
    };
    let ask = &case["ask"];
    let optional = |key: &str| ask[key].as_str().map(str::to_owned);
    let request = NewRevision {
        message: optional("message"),
        rev_id: optional("rev_id"),
        down: texts(&ask["down"]),
        depends_on: texts(&ask["depends_on"]),
        labels: texts(&ask["labels"]),
        version_path: None,
        upgrades: optional("upgrades"),
        downgrades: None,
        imports: optional("imports"),
        now: "2024-01-31T12:05:06.000789+01:00[Europe/Paris]".parse().expect("a date"),
        random_id: "0123456789ab".to_owned(),
    };
    let existing: Vec<ExistingFile> = ["a1", "b2", "c3"]
        .iter()
        .map(|id| ExistingFile {
            id: (*id).to_owned(),
            path: PathBuf::from(format!("/w/m/versions/{id}.py")),
            created: None,
        })
        .collect();
    let config = environment.config().expect("a configuration");
    // `a1` names its file by itself; so that Alembic's template counts, the ids here do not.
    let others: Vec<ExistingFile> = existing
        .into_iter()
        .map(|file| ExistingFile { id: format!("_{}", file.id), ..file })
        .collect();
    let ours = new_revision(&request, &files, environment, config, &others);
    match (&case["answer"]["value"], ours) {
        (Value::Null, Err(_)) => Vec::new(),
        (Value::Null, Ok(file)) => {
            vec![format!("{} here {}", case["answer"]["error"], file.path.display())]
        }
        (theirs, Err(error)) => vec![format!("{theirs} here {error}")],
        (theirs, Ok(file)) => {
            let ours = json!([file.path.display().to_string(), file.text]);
            let unsaid = file.notes.iter().any(|note| note.contains("standard template"));
            if *theirs == ours && !unsaid {
                Vec::new()
            } else {
                vec![format!("{theirs}\n  here {ours} {:?}", file.notes)]
            }
        }
    }
}

fn compare(cases: &Value) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let mut differences = Vec::new();
    for case in cases.as_array().expect("cases") {
        let kind = case["kind"].as_str().expect("a kind");
        let found = match kind {
            "config" => config_differences(case),
            "files" => files_differences(case),
            "revision" => revision_differences(case),
            other => panic!("unknown kind {other}"),
        };
        *counts.entry(kind.to_owned()).or_default() += 1;
        differences.extend(found.into_iter().map(|line| format!("{line}\n  in {}", case["files"])));
    }
    let shown = differences.iter().take(8).cloned().collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} differences in {counts:?}:\n{shown}", differences.len());
    counts
}

#[test]
fn the_kept_answers_of_alembic_are_given() {
    let kept = include_str!("golden/alembic_answers.json");
    let counts = compare(&serde_json::from_str(kept).expect("JSON"));
    assert_eq!(counts.values().sum::<usize>(), 90);
}

#[test]
fn fresh_answers_of_alembic_are_given() {
    let Ok(python) = std::env::var("REVLINE_ORACLE_PYTHON") else {
        println!("skipped: REVLINE_ORACLE_PYTHON is not set");
        return;
    };
    let or = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/alembic_answers.py");
    let output = std::process::Command::new(python)
        .arg(script)
        .args([or("REVLINE_ORACLE_SEED", "1"), or("REVLINE_ORACLE_CASES", "600")])
        .output()
        .expect("the oracle runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let counts = compare(&serde_json::from_slice(&output.stdout).expect("JSON"));
    println!("no difference in {counts:?}");
}
