//! What Revline prints for each revision of the corpus, held against what real Alembic prints.
//!
//! Each revision runs on its own, both directions, on PostgreSQL and SQLite. Whatever Revline calls
//! exact must be what Alembic prints; the shares and the most frequent reasons for the rest are
//! printed. `REVLINE_CORPUS` is the folder of the unpacked packages, `REVLINE_ORACLE_PYTHON` a Python
//! with Alembic; without them there is nothing to compare with, and the test says so. With
//! `REVLINE_ORACLE_ANSWERS` the judge's lines are read from that file if it exists, else written to it.
//! `REVLINE_PACKAGE` names the only package to look at; with `REVLINE_ALONE` a file's imports of its own
//! project lead nowhere.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test of whole programs reads files and starts them"
)]
#![expect(clippy::print_stdout, reason = "the table is what the test is for")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use revline_frameworks::alembic::migration::{
    Direction, Migration, Module, Target, World, evaluate,
};
use revline_python::Source;
use revline_sql::{Mode, Rendered, Settings, Status, dialect, render};
use revline_text::FileId;
use serde_json::Value;

const DIALECTS: [&str; 2] = ["postgresql", "sqlite"];

/// The packages' own sources.
struct Package {
    root: PathBuf,
    /// Whether imports of the package itself lead nowhere.
    alone: bool,
    read: RefCell<BTreeMap<PathBuf, Option<Arc<Source>>>>,
}

impl Package {
    fn source(&self, path: &Path) -> Option<Arc<Source>> {
        let mut read = self.read.borrow_mut();
        let next = FileId(u32::try_from(read.len()).expect("few files"));
        read.entry(path.to_owned())
            .or_insert_with(|| {
                let text = String::from_utf8(std::fs::read(path).ok()?).ok()?;
                Some(Arc::new(Source::parse(next, text.into())))
            })
            .clone()
    }
}

impl World for Package {
    fn module(&self, name: &str) -> Option<Module> {
        if self.alone {
            return None;
        }
        let base = self.root.join(name.replace('.', "/"));
        if let Some(source) = self.source(&base.join("__init__.py")) {
            return Some(Module { source, is_package: true });
        }
        let source = self.source(&base.with_extension("py"))?;
        Some(Module { source, is_package: false })
    }

    /// The judge's configuration is empty.
    fn main_option(&self, _: &str) -> Option<Option<String>> {
        Some(None)
    }

    fn is_namespace(&self, name: &str) -> bool {
        !self.alone && self.root.join(name.replace('.', "/")).is_dir()
    }
}

/// The judge's lines.
fn answers(corpus: &Path, python: &str) -> String {
    let cache = std::env::var_os("REVLINE_ORACLE_ANSWERS").map(PathBuf::from);
    if let Some(text) = cache.as_ref().and_then(|path| std::fs::read_to_string(path).ok()) {
        return text;
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(python);
    command.arg(here.join("oracle/render.py")).arg("--corpus");
    command.arg(here.join("corpus/packages.toml")).arg(corpus);
    for dialect in DIALECTS {
        command.args(["--dialect", dialect]);
    }
    let output = command.env("PYTHONDONTWRITEBYTECODE", "1").output().expect("the judge starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("the judge prints UTF-8");
    if let Some(path) = cache {
        std::fs::write(path, &text).expect("the answers can be kept");
    }
    text
}

/// The statements that the body of the one revision printed, without the framing around it.
fn body(sql: &str) -> String {
    let Some((_, rest)) = sql.split_once("-- Running ") else { return sql.to_owned() };
    let rest = rest.split_once("\n\n").map_or("", |(_, rest)| rest);
    let mut rest = rest.strip_suffix("COMMIT;\n\n").unwrap_or(rest);
    while let Some(start) = last_version_statement(rest) {
        rest = &rest[..start];
    }
    rest.to_owned()
}

fn last_version_statement(text: &str) -> Option<usize> {
    let trimmed = text.strip_suffix("\n\n")?;
    let start = trimmed.rfind("\n\n").map_or(0, |at| at + 2);
    let last = &trimmed[start..];
    ["INSERT INTO alembic_version ", "UPDATE alembic_version ", "DELETE FROM alembic_version "]
        .iter()
        .any(|word| last.starts_with(word))
        .then_some(start)
}

fn printed(rendered: &Rendered) -> String {
    use revline_sql::StatementKind;
    let mut out = String::new();
    for statement in &rendered.statements {
        out.push_str(&statement.text);
        if matches!(statement.kind, StatementKind::Sql | StatementKind::Transaction) {
            out.push(';');
        }
        out.push_str("\n\n");
    }
    out
}

fn sorted(text: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = text.split("\n\n").collect();
    parts.sort_unstable();
    parts
}

fn first_difference(theirs: &str, ours: &str) -> String {
    let mut ours = ours.lines();
    for line in theirs.lines() {
        let other = ours.next();
        if other != Some(line) {
            return format!("      Alembic: {line}\n      Revline: {}", other.unwrap_or("<end>"));
        }
    }
    format!("      Alembic: <end>\n      Revline: {}", ours.next().unwrap_or("<end>"))
}

/// Why a rendering is not exact; nothing where it is.
fn reasons(migration: &Migration, rendered: &Rendered) -> Vec<String> {
    let mut reasons: Vec<String> =
        rendered.unknowns.iter().map(|unknown| unknown.why.to_string()).collect();
    reasons.extend(migration.unknowns.iter().map(|unknown| unknown.why.to_string()));
    if let Some(raises) = &migration.raises {
        reasons.push(format!("raises {}: {}", raises.class, raises.message));
    }
    if reasons.is_empty() && rendered.status != Status::Exact {
        reasons.push(format!("status {}", rendered.status.as_str()));
    }
    reasons
}

#[derive(Default)]
struct Tally {
    rendered: u32,
    exact: u32,
    reordered: u32,
    differing: Vec<String>,
    /// Called exact although Alembic refuses, by Alembic's words.
    overclaimed: BTreeMap<String, Vec<String>>,
    ledger: BTreeMap<String, u32>,
}

#[test]
fn what_is_called_exact_is_what_alembic_prints() {
    let (Some(corpus), Ok(python)) =
        (std::env::var_os("REVLINE_CORPUS"), std::env::var("REVLINE_ORACLE_PYTHON"))
    else {
        println!("SKIPPED: REVLINE_CORPUS and REVLINE_ORACLE_PYTHON name no corpus and no judge");
        assert!(std::env::var_os("CI").is_none(), "a skip is a failure here");
        return;
    };
    let corpus = PathBuf::from(corpus);
    let only = std::env::var("REVLINE_PACKAGE").ok();
    let mut packages: BTreeMap<String, Package> = BTreeMap::new();
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for line in answers(&corpus, &python).lines() {
        let answer: Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        let error = text("err");
        if error.starts_with("import:") || error == "absent" {
            continue;
        }
        let name = text("package");
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let package = packages.entry(name.clone()).or_insert_with(|| Package {
            root: corpus.join(&name),
            alone: std::env::var_os("REVLINE_ALONE").is_some(),
            read: RefCell::default(),
        });
        let folders = answer["versions"].as_array().cloned().unwrap_or_default();
        let file = folders
            .iter()
            .filter_map(Value::as_str)
            .find_map(|folder| find(&package.root.join(folder), &text("file")))
            .unwrap_or_else(|| panic!("{line} names no file"));
        let source = package.source(&file).expect("a file in UTF-8");
        let target = Target {
            dialect: text("dialect").into(),
            mode: Mode::Script,
            direction: if text("direction") == "upgrade" {
                Direction::Upgrade
            } else {
                Direction::Downgrade
            },
            engine: None,
        };
        if only.is_some() {
            println!("{} {} {}", target.dialect, text("file"), text("direction"));
        }
        let started = std::time::Instant::now();
        let migration = evaluate(&source, &target, package);
        if started.elapsed().as_secs() > 2 {
            println!("slow: {name} {} {:?}", text("file"), started.elapsed());
        }
        let dialect = dialect(&target.dialect).expect("a dialect that is rendered");
        let rendered = render(&migration.steps, dialect, Mode::Script, &Settings::default());
        let reasons = reasons(&migration, &rendered);
        let place = format!("{name} {} {}", text("file"), text("direction"));
        let tally = tallies.entry(text("dialect")).or_default();
        if !answer["ok"].as_bool().unwrap_or_default() {
            if reasons.is_empty() {
                let words: String = text("msg").chars().take(90).collect();
                tally.overclaimed.entry(format!("{error}: {words}")).or_default().push(place);
            }
            continue;
        }
        tally.rendered += 1;
        if !reasons.is_empty() {
            for reason in reasons.into_iter().take(1) {
                *tally.ledger.entry(reason).or_default() += 1;
            }
            continue;
        }
        tally.exact += 1;
        let (theirs, ours) = (body(&text("sql")), printed(&rendered));
        if theirs == ours {
            continue;
        }
        if sorted(&theirs) == sorted(&ours) {
            tally.reordered += 1;
        } else {
            tally.differing.push(format!("    {place}\n{}", first_difference(&theirs, &ours)));
        }
    }
    let mut differing = 0;
    for (dialect, tally) in &tallies {
        let share = f64::from(tally.exact) * 100.0 / f64::from(tally.rendered.max(1));
        println!(
            "{dialect}: {} rendered by Alembic, {} exact ({share:.1} %), {} differing, {} in another order",
            tally.rendered,
            tally.exact,
            tally.differing.len(),
            tally.reordered
        );
        for difference in tally.differing.iter().take(60) {
            println!("{difference}");
        }
        let mut ledger: Vec<_> = tally.ledger.iter().collect();
        ledger.sort_by_key(|(reason, count)| (std::cmp::Reverse(**count), *reason));
        for (reason, count) in ledger.iter().take(45) {
            println!("  {count:5}  {reason}");
        }
        for (words, places) in &tally.overclaimed {
            println!("  called exact where Alembic ends in {words}: {}", places.len());
            for place in places.iter().take(3) {
                println!("      {place}");
            }
        }
        differing += tally.differing.len();
    }
    assert!(!tallies.is_empty(), "the judge said nothing");
    assert_eq!(differing, 0, "renderings called exact differ from Alembic's");
}

/// A file of a version folder or of a folder below it.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let path = folder.join(name);
    if path.is_file() {
        return Some(path);
    }
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders.iter().find_map(|folder| find(folder, name))
}
