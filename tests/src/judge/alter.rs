//! The rule `sqlite-unsupported-alter` beside what SQLite and Alembic do: it must fire on each upgrade that
//! fails for lack of ALTER, and on no other; and a revision mended by its fix must run.
//!
//! The truth is an upgrade run by real Alembic on SQLite (see [`super::online`]), on the tables that its
//! ancestors made or, where one of them did not run, on the tables before it as Revline knows them. It
//! fails where Alembic refuses with its sentence about constraints, or a column's comment, for lack of
//! ALTER, and where SQLite rejects a statement as such: by its grammar, because it cannot alter a table
//! so, or for a function that it does not have. An upgrade that fails for anything else is not judged: an
//! import, a name that is missing or taken, rows.

#![allow(clippy::disallowed_methods, reason = "the judge copies revisions to mend them")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use super::corpus::{Location, find};
use super::ledger::Ledger;
use super::online::{self, Run};
use super::program::{Answer, Environment};
use super::table::{Table, number, share};
use super::{Tools, in_parallel};
use crate::editors;
use crate::lsp::{Client, uri};
use crate::workspace_edit;

const RULE: &str = "sqlite-unsupported-alter";

/// The figures of the rule.
#[derive(Clone, Default, Debug)]
pub struct Tally {
    /// Upgrades that were judged.
    pub judged: usize,
    /// Upgrades that could not be judged.
    pub not_judged: usize,
    /// The rule fires and the upgrade fails.
    pub found: usize,
    /// The upgrade fails and the rule is silent.
    pub missed: Vec<String>,
    /// Why what is missed is not known.
    pub unknown: Ledger,
    /// The rule fires and the upgrade runs.
    pub false_alarms: Vec<String>,
    /// Upgrades that fail for which a fix is offered, and downgrades of the same files.
    pub offered: usize,
    /// Of these: with the fix they run.
    pub mended: usize,
    /// Those that do not.
    pub not_mended: Vec<String>,
    /// Those for which there was no database with the tables before them: behind a gap, without a
    /// simulated state that is certain, on which a table was missing.
    pub unfounded: usize,
}

/// Whether an upgrade fails for lack of ALTER, or by SQL that SQLite rejects; nothing where that
/// cannot be said.
pub fn fails(run: &Run) -> Option<bool> {
    let Some(error) = &run.error else { return (run.outcome == "ran").then_some(false) };
    let is_comment = error.starts_with("UnsupportedCompilationError")
        && error.contains("alembic.ddl.base.ColumnComment");
    if error.starts_with("NotImplementedError: No support for ALTER") || is_comment {
        return Some(true);
    }
    let message = error.strip_prefix("OperationalError: ")?;
    let names = ["no such table", "no such column", "duplicate column", "already", "no such index"];
    let is_about_names =
        names.iter().any(|words| message.starts_with(words)) || message.contains("already exists");
    let rejects = [
        "syntax error",
        "incomplete input",
        "unrecognized token",
        "no such function",
        "unknown function",
        "operator prohibited",
        "Cannot add a",
        "cannot drop",
        "after drop column",
    ];
    let is_alter = run.statement.as_deref()?.trim_start().to_uppercase().starts_with("ALTER TABLE");
    let is_rejected = is_alter || rejects.iter().any(|words| message.contains(words));
    (is_rejected && !is_about_names).then_some(true)
}

/// Compares the rule with the runs on SQLite; with `mend`, runs what its fixes make of the revisions.
pub fn judge(
    tools: &Tools,
    locations: &[Location],
    runs: &[Run],
    answers: &BTreeMap<String, Vec<Answer>>,
    mend: bool,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Tally> {
    let parts = in_parallel(tools.jobs, locations, |location| {
        let environment = Environment::of(tools, location, None)?;
        let (fires, back) = fires(&environment)?;
        let name = location.name();
        let mut tally = Tally::default();
        let mut failing = BTreeSet::new();
        let own = |run: &&Run| run.location == name && run.direction == "upgrade";
        for run in runs.iter().filter(own) {
            let place = || format!("{name} {} ({})", run.file, run.base);
            let fires = fires.get(&run.file);
            match (fails(run), fires) {
                (None, _) => tally.not_judged += 1,
                (Some(fails), fires) => {
                    tally.judged += 1;
                    match (fails, fires) {
                        (true, Some(_)) => {
                            tally.found += 1;
                            failing.insert(run.file.clone());
                        }
                        (true, None) => {
                            let error = run.error.as_deref().unwrap_or_default();
                            let error: String = error.chars().take(90).collect();
                            // What Revline does not know of it is why it is silent.
                            let reason = why_unknown(answers.get(&name), run);
                            tally.unknown.count(&reason, place);
                            tally.missed.push(format!("{}: {error}: {reason}", place()));
                        }
                        (false, Some(message)) => {
                            tally.false_alarms.push(format!("{}: {message}", place()));
                        }
                        (false, None) => {}
                    }
                }
            }
        }
        // A fix of a way back is tried where the way back fails without it.
        let ways_back =
            runs.iter().filter(|run| run.location == name && run.direction == "downgrade");
        let ways_back =
            ways_back.filter(|run| fails(run) == Some(true) && back.contains(&run.file));
        failing.extend(ways_back.map(|run| run.file.clone()));
        if mend && !failing.is_empty() {
            let own = answers.get(&name).map(Vec::as_slice).unwrap_or_default();
            mended(tools, location, own, &failing, &mut tally)
                .with_context(|| format!("the fixes of {name}"))?;
        }
        tell(&format!("{name}: {} fail, {} found", tally.found + tally.missed.len(), tally.found));
        Ok(tally)
    })?;
    let mut sum = Tally::default();
    for part in parts {
        sum.judged += part.judged;
        sum.not_judged += part.not_judged;
        sum.found += part.found;
        sum.missed.extend(part.missed);
        sum.unknown.merge(part.unknown);
        sum.false_alarms.extend(part.false_alarms);
        sum.offered += part.offered;
        sum.mended += part.mended;
        sum.not_mended.extend(part.not_mended);
        sum.unfounded += part.unfounded;
    }
    Ok(sum)
}

/// What Revline says it does not know of an upgrade.
fn why_unknown(answers: Option<&Vec<Answer>>, run: &Run) -> String {
    let own = |answer: &&Answer| {
        answer.dialect == "sqlite"
            && answer.revision == run.revision
            && answer.direction == run.direction
    };
    let answer = answers.into_iter().flatten().find(own);
    answer
        .filter(|answer| answer.status == "partial")
        .and_then(|answer| answer.unknowns.first())
        .map_or_else(|| "nothing about it is unknown".to_owned(), |why| format!("not known: {why}"))
}

/// The files in whose upgrade the rule fires, with what it says, and those in whose downgrade it does.
fn fires(environment: &Environment) -> Result<(BTreeMap<String, String>, BTreeSet<String>)> {
    let asked = ["lint", "--format", "json", "--select", RULE, "--target", "sqlite"];
    let (code, printed, said) = environment.ask(&asked)?;
    ensure!(matches!(code, 0 | 1), "lint ended with {code}: {said}");
    let findings: Vec<Value> = serde_json::from_str(&printed)?;
    let (mut there, mut back) = (BTreeMap::new(), BTreeSet::new());
    for finding in &findings {
        let file = name_of(Path::new(finding["file"].as_str().unwrap_or_default()));
        if finding["direction"] == "upgrade" {
            there.insert(file, finding["message"].as_str().unwrap_or_default().to_owned());
        } else {
            back.insert(file);
        }
    }
    Ok((there, back))
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Mends copies of the revisions as an editor does, and runs the chain with them.
fn mended(
    tools: &Tools,
    location: &Location,
    answers: &[Answer],
    failing: &BTreeSet<String>,
    tally: &mut Tally,
) -> Result<()> {
    let folder = tools.work.join("mended").join(location.name());
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let mut versions = Vec::new();
    for (number, original) in location.versions.iter().enumerate() {
        let copy = folder.join(format!("migrations/versions-{number}"));
        copy_folder(original, &copy)?;
        versions.push(copy);
    }
    Environment::write(tools, location, None, folder.clone(), &versions)?;
    std::fs::write(folder.join("revline.toml"), "targets = [\"sqlite\"]\n")?;
    let mut client = Client::start_program(&tools.revline, &[]);
    client.greet(&editors::vscode(), &[&folder]);
    let mut offered = BTreeSet::new();
    for file in failing {
        let path = versions.iter().find_map(|folder| find(folder, file));
        let path = path.with_context(|| format!("{file} was not copied"))?;
        for direction in mend(&mut client, &path)? {
            offered.insert((file.clone(), direction.to_owned()));
        }
    }
    drop(client);
    if offered.is_empty() {
        return Ok(());
    }
    tally.offered += offered.len();
    let changed = Location {
        versions,
        sha256: format!("{}-mended-{}", location.sha256, contents(&folder)?),
        ..location.clone()
    };
    let lines = online::own_lines(answers, "sqlite");
    // Each on a database built from the state before it, as the original was.
    let plain = Environment::of(tools, location, None)?;
    let runs = online::runs(tools, &changed, "sqlite", &lines, "")?;
    let states = online::states(&plain, &runs, "sqlite")?;
    for run in online::runs(tools, &changed, "sqlite", &lines, &states)? {
        if !offered.contains(&(run.file.clone(), run.direction.clone())) {
            continue;
        }
        let error = run.error.as_ref().unwrap_or(&run.outcome);
        let lacks_table = error.starts_with("NoSuchTableError") || error.contains("no such table");
        if run.outcome == "ran" {
            tally.mended += 1;
        } else if run.base == "gap" && lacks_table {
            tally.unfounded += 1;
        } else {
            let error: String = error.chars().take(200).collect();
            let Run { file, direction, base, .. } = &run;
            let place = format!("{} {file} {direction} ({base})", location.name());
            tally.not_mended.push(format!("{place}: {error}"));
        }
    }
    Ok(())
}

/// In which function a range stands.
fn function(text: &str, range: &Value) -> &'static str {
    let line = usize::try_from(range["start"]["line"].as_u64().unwrap_or(0)).unwrap_or(0);
    let before: Vec<&str> = text.lines().take(line + 1).collect();
    let is = |name: &str| before.iter().rposition(|line| line.starts_with(&format!("def {name}(")));
    if is("downgrade") > is("upgrade") { "downgrade" } else { "upgrade" }
}

/// Applies the rule's fix in a file until it offers none; the functions that it changed.
fn mend(client: &mut Client, path: &Path) -> Result<BTreeSet<&'static str>> {
    client.open_file(path);
    let mut mended = BTreeSet::new();
    for _ in 0..100 {
        let pull = json!({ "textDocument": { "uri": uri(path) } });
        let pulled = client.request("textDocument/diagnostic", pull);
        let items = pulled["items"].as_array().cloned().unwrap_or_default();
        let mut applied = false;
        for item in items.iter().filter(|item| item["code"] == RULE) {
            let asked = json!({
                "textDocument": { "uri": uri(path) },
                "range": item["range"],
                "context": { "diagnostics": [item] },
            });
            let actions = client.request("textDocument/codeAction", asked);
            // Only what mends: a comment that silences the rule is no fix.
            let own = |action: &&Value| {
                let about = action["diagnostics"].as_array().into_iter().flatten();
                let title = action["title"].as_str().unwrap_or_default();
                action["edit"].is_object()
                    && !title.starts_with("Allow ")
                    && about.into_iter().any(|one| one["code"] == RULE)
            };
            let Some(action) = actions.as_array().into_iter().flatten().find(own) else { continue };
            mended.insert(function(&std::fs::read_to_string(path)?, &item["range"]));
            let capabilities = &editors::vscode()["capabilities"];
            if let Err(reason) = workspace_edit::apply(capabilities, &action["edit"]) {
                bail!("{}: {reason}", path.display());
            }
            client.replace(path, &std::fs::read_to_string(path)?);
            applied = true;
            break;
        }
        if !applied {
            return Ok(mended);
        }
    }
    bail!("{}: the fix never ends", path.display())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        if path.is_dir() {
            copy_folder(&path, &to.join(name_of(&path)))?;
        } else if path.extension().is_some_and(|end| end == "py") {
            std::fs::copy(&path, to.join(name_of(&path)))?;
        }
    }
    Ok(())
}

/// A number that changes with what the files hold.
fn contents(folder: &Path) -> Result<u64> {
    let mut hasher = std::hash::DefaultHasher::new();
    let mut left = vec![folder.join("migrations")];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            let mut inside: Vec<PathBuf> =
                std::fs::read_dir(&path)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
            inside.sort();
            left.extend(inside);
        } else {
            std::hash::Hash::hash(&(name_of(&path), std::fs::read(&path)?), &mut hasher);
        }
    }
    Ok(std::hash::Hasher::finish(&hasher))
}

/// Recall, precision and what the fixes do.
pub fn table(tally: &Tally) -> Table {
    let mut table = Table::new(&[
        "sqlite-unsupported-alter",
        "judged",
        "fail on SQLite",
        "found",
        "recall",
        "false alarms",
        "precision",
        "fix offered",
        "runs then",
        "without its tables",
        "not judged",
    ]);
    let fail = tally.found + tally.missed.len();
    table.row([
        "upgrades".to_owned(),
        number(tally.judged),
        number(fail),
        number(tally.found),
        share(tally.found, fail),
        number(tally.false_alarms.len()),
        share(tally.found, tally.found + tally.false_alarms.len()),
        number(tally.offered),
        number(tally.mended),
        number(tally.unfounded),
        number(tally.not_judged),
    ]);
    table
}
