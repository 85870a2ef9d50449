//! The offline judge: each revision alone, both directions, on each dialect, beside what real Alembic
//! prints; and how much is known at all.

#![allow(
    clippy::disallowed_methods,
    reason = "the judge is a child, and its answers are kept in files"
)]

use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash as _, Hasher as _};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::corpus::{Location, tests};
use super::ledger::Ledger;
use super::program::{Answer, Convention, Environment};
use super::statements::{Comparison, compare};
use super::table::{Table, number, share};
use super::{DIALECTS, Tools, in_parallel};

/// Figures of one dialect.
#[derive(Clone, Default, Debug)]
pub struct Tally {
    /// Outputs that Alembic prints without an error.
    pub rendered: usize,
    /// Of these: called exact, and byte for byte the same or in an order that Alembic leaves to chance.
    pub equal: usize,
    /// Of the equal: those in another order.
    pub reordered: usize,
    /// Called exact, and something else than Alembic prints.
    pub different: Vec<String>,
    /// Called exact where Alembic, which could import the file, refuses or fails.
    pub overclaimed: Vec<String>,
    /// Why what Alembic prints is not called exact.
    pub missing: Ledger,
    /// By direction and status, over all revisions.
    pub statuses: BTreeMap<(String, String), usize>,
    /// Why upgrades are neither exact nor derived.
    pub unknown: Ledger,
}

impl Tally {
    /// All upgrades.
    pub fn upgrades(&self) -> usize {
        let upgrades = self.statuses.iter().filter(|((direction, _), _)| direction == "upgrade");
        upgrades.map(|(_, count)| count).sum()
    }

    /// How many upgrades have this status.
    pub fn upgrades_of(&self, status: &str) -> usize {
        let key = ("upgrade".to_owned(), status.to_owned());
        self.statuses.get(&key).copied().unwrap_or(0)
    }

    fn add(&mut self, answer: &Answer, place: &str, judged: Option<&Value>) {
        let key = (answer.direction.clone(), answer.status.clone());
        *self.statuses.entry(key).or_default() += 1;
        let reason = || answer.unknowns.first().map_or("no reason is given", String::as_str);
        let known = matches!(answer.status.as_str(), "exact" | "derived");
        if answer.direction == "upgrade" && !known {
            self.unknown.count(reason(), || place.to_owned());
        }
        let Some(judged) = judged else { return };
        let exact = answer.status == "exact";
        if judged["ok"] == true {
            self.rendered += 1;
            if !exact {
                let why = format!("{}: {}", answer.status, reason());
                self.missing.count(&why, || place.to_owned());
                return;
            }
            match compare(judged["sql"].as_str().unwrap_or_default(), &answer.sql) {
                Comparison::Equal => self.equal += 1,
                Comparison::Reordered => {
                    self.equal += 1;
                    self.reordered += 1;
                }
                Comparison::Different { theirs, ours } => {
                    let lines = format!("{place}\n      Alembic: {theirs}\n      Revline: {ours}");
                    self.different.push(lines);
                }
            }
        } else if exact && is_refusal(judged) {
            let words: String =
                judged["msg"].as_str().unwrap_or_default().chars().take(140).collect();
            self.overclaimed
                .push(format!("{place}: {}: {words}", judged["err"].as_str().unwrap_or("")));
        }
    }

    fn merge(&mut self, other: Self) {
        self.rendered += other.rendered;
        self.equal += other.equal;
        self.reordered += other.reordered;
        self.different.extend(other.different);
        self.overclaimed.extend(other.overclaimed);
        self.missing.merge(other.missing);
        self.unknown.merge(other.unknown);
        for (key, count) in other.statuses {
            *self.statuses.entry(key).or_default() += count;
        }
    }
}

/// Whether Alembic's failure is about the revision: neither an absent function, nor an import that
/// only fails because the project is not installed here.
fn is_refusal(judged: &Value) -> bool {
    let error = judged["err"].as_str().unwrap_or_default();
    !error.starts_with("import:")
        && !matches!(error, "absent" | "ModuleNotFoundError" | "ImportError" | "TimedOut")
}

/// The figures of all dialects, and Revline's answers by location.
#[derive(Default, Debug)]
pub struct Judged {
    /// By dialect.
    pub tallies: BTreeMap<String, Tally>,
    /// By location's name.
    pub answers: BTreeMap<String, Vec<Answer>>,
}

/// Asks both about all locations. `tell` hears of each location that is done.
pub fn judge(
    tools: &Tools,
    locations: &[Location],
    convention: Option<&Convention>,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Judged> {
    let parts = in_parallel(tools.jobs, locations, |location| {
        let theirs = alembic(tools, location, convention)?;
        let began = std::time::Instant::now();
        let answers = Environment::of(tools, location, convention)?.each(&DIALECTS)?;
        tell(&format!("{}: {:.1} s", location.name(), began.elapsed().as_secs_f64()));
        let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
        for answer in &answers {
            let place = format!("{} {} {}", location.name(), answer.file, answer.direction);
            let key = (answer.dialect.clone(), answer.file.clone(), answer.direction.clone());
            let tally = tallies.entry(answer.dialect.clone()).or_default();
            tally.add(answer, &place, theirs.get(&key));
        }
        Ok((location.name(), tallies, answers))
    })?;
    let mut judged = Judged::default();
    for (name, tallies, answers) in parts {
        for (dialect, tally) in tallies {
            judged.tallies.entry(dialect).or_default().merge(tally);
        }
        judged.answers.insert(name, answers);
    }
    Ok(judged)
}

/// Lines by dialect, file and direction.
pub type Lines = HashMap<(String, String, String), Value>;

/// Alembic's answers about a location, asked once and kept.
pub fn alembic(
    tools: &Tools,
    location: &Location,
    convention: Option<&Convention>,
) -> Result<Lines> {
    let mut arguments = location.arguments();
    for dialect in DIALECTS {
        arguments.extend(["--dialect".to_owned(), dialect.to_owned()]);
    }
    if let Some(convention) = convention {
        arguments.push("--naming-convention".to_owned());
        arguments.push(serde_json::to_string(convention)?);
    }
    let text = kept(tools, &tools.plain, location, "render.py", &arguments)?;
    let mut lines = Lines::new();
    for line in text.lines() {
        let value: Value = serde_json::from_str(line)?;
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        lines.insert((text("dialect"), text("file"), text("direction")), value);
    }
    Ok(lines)
}

/// What a script of `tests/oracle` prints about a location; remembered by the scripts, the package and
/// the arguments, since the real tool says the same each time.
pub(super) fn kept(
    tools: &Tools,
    python: &Path,
    location: &Location,
    script: &str,
    arguments: &[String],
) -> Result<String> {
    let mut hasher = std::hash::DefaultHasher::new();
    // Where the server is does not matter.
    let server = tools.server.as_deref();
    let told: Vec<_> =
        arguments.iter().filter(|argument| Some(argument.as_str()) != server).collect();
    (told, &location.sha256, python).hash(&mut hasher);
    for file in ["requirements.txt", "requirements-online.txt", "render.py", "revisions.py", script]
    {
        std::fs::read(tests().join("oracle").join(file)).unwrap_or_default().hash(&mut hasher);
    }
    let folder = tools.work.join("alembic");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{}-{:016x}.jsonl", location.name(), hasher.finish()));
    if let Ok(text) = std::fs::read_to_string(&file) {
        return Ok(text);
    }
    let mut command = Command::new(python);
    command.arg("-B").arg(tests().join("oracle").join(script)).args(arguments);
    let output = command.stdin(Stdio::null()).output().context("the judge does not start")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let last = said.lines().last().unwrap_or_default();
        bail!("{script} about {}: {}: {last}", location.name(), output.status);
    }
    let text = String::from_utf8(output.stdout)?;
    let partial = file.with_extension("partial");
    std::fs::write(&partial, &text)?;
    std::fs::rename(&partial, &file)?;
    Ok(text)
}

/// The table of what is exact.
pub fn fidelity_table(tallies: &BTreeMap<String, Tally>) -> Table {
    let mut table = Table::new(&[
        "each revision alone",
        "Alembic prints",
        "exact and equal",
        "share",
        "in another order",
        "exact and different",
        "exact, Alembic refuses",
    ]);
    for (dialect, tally) in tallies {
        table.row([
            dialect.clone(),
            number(tally.rendered),
            number(tally.equal),
            share(tally.equal, tally.rendered),
            number(tally.reordered),
            number(tally.different.len()),
            number(tally.overclaimed.len()),
        ]);
    }
    table
}

/// The table of how many upgrades are known.
pub fn coverage_table(tallies: &BTreeMap<String, Tally>) -> Table {
    let mut table =
        Table::new(&["upgrades", "all", "exact", "derived", "known", "partial", "refused"]);
    for (dialect, tally) in tallies {
        let (exact, derived) = (tally.upgrades_of("exact"), tally.upgrades_of("derived"));
        table.row([
            dialect.clone(),
            number(tally.upgrades()),
            number(exact),
            number(derived),
            share(exact + derived, tally.upgrades()),
            number(tally.upgrades_of("partial")),
            number(tally.upgrades_of("refused")),
        ]);
    }
    table
}
