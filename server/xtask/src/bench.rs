//! `cargo xtask bench`: speed and memory on a history of 10,000 revisions, beside real Alembic.
//!
//! The program is built in release; every figure is of whole processes and of messages over standard
//! input and output, as an editor sees them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use revline_tests::editors;
use revline_tests::lsp::{Client, of_rule, uri};
use revline_tests::project::{Project, range};
use serde_json::json;

use crate::{child, paths, setup};

mod database;
mod editing;
mod sql;

/// Measure `revline` on a large generated history.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many revisions.
    #[arg(long, default_value_t = 10_000)]
    revisions: usize,
    /// A Python with Alembic to measure against; else `REVLINE_ORACLE_PYTHON`, else one is installed.
    #[arg(long)]
    python: Option<PathBuf>,
    /// The program; without it, it is built.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Only these parts; all unless given.
    #[arg(long, value_enum)]
    part: Vec<Part>,
}

/// A part of the measurements.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Part {
    /// `heads` as a whole process.
    Heads,
    /// The first diagnostics, edits of the last revision, memory.
    Session,
    /// Hovers and edits in the middle.
    Editing,
    /// `sql` of the generated history.
    Sql,
    /// `current` and `status`.
    Database,
    /// `sql` of apache-superset.
    Superset,
}

/// How often a whole process is measured; the median counts.
const RUNS: usize = 5;

/// How many edits are measured.
const EDITS: usize = 100;

/// The pause in typing after which the server computes diagnostics.
const PAUSE: Duration = Duration::from_millis(60);

/// One line of the table.
struct Row {
    what: &'static str,
    measured: String,
    aim: &'static str,
    met: bool,
}

pub(crate) fn run(args: &Args) -> Result<bool> {
    let program = match &args.program {
        Some(program) => program.clone(),
        None => built()?,
    };
    let named = args
        .python
        .clone()
        .or_else(|| std::env::var_os("REVLINE_ORACLE_PYTHON").map(PathBuf::from));
    let python = match named {
        Some(python) => python,
        None => setup::oracle_python()?,
    };
    let project = Project::empty();
    let last = generate(&project, args.revisions);
    let middle = id(args.revisions / 2);
    println!("{} revisions in {}", args.revisions, project.root().display());
    let wanted = |part: Part| args.part.is_empty() || args.part.contains(&part);
    let mut met = true;
    // Each part is told when it is known: the last ones take minutes.
    if wanted(Part::Heads) {
        met &= tell(&[heads(&program, &python, project.root())?]);
    }
    if wanted(Part::Session) {
        met &= tell(&session(&program, &project, &last)?);
    }
    if wanted(Part::Editing) {
        met &= tell(&editing::rows(&program, &project, args.revisions)?);
    }
    if wanted(Part::Sql) {
        met &= tell(&sql::generated(&program, &python, &project, args.revisions)?);
    }
    if wanted(Part::Database) {
        met &= tell(&database::rows(&program, &python, &project, &middle)?);
    }
    if wanted(Part::Superset) {
        met &= tell(&[sql::superset(&program)?]);
    }
    project.close();
    Ok(met)
}

/// Prints rows; whether all of them meet their aim.
fn tell(rows: &[Row]) -> bool {
    for row in rows {
        let met = if row.met { "met" } else { "MISSED" };
        println!("{:64}  {:40}  {:20}  {met}", row.what, row.measured, row.aim);
    }
    rows.iter().all(|row| row.met)
}

pub(crate) fn built() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(paths::root()).args(["build", "--release", "--package", "revline"]);
    ensure!(child::show(&mut command)?.well, "the release build failed");
    Ok(paths::target().join("release").join(if cfg!(windows) { "revline.exe" } else { "revline" }))
}

/// A line of revisions with a side branch and its merge in every five hundred, each a table and a
/// column; the last two are heads. One near the end drops a column that the one in the middle made.
/// The identifier of the last.
fn generate(project: &Project, revisions: usize) -> String {
    project.write("alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n");
    project.write("migrations/env.py", "");
    for number in 0..revisions {
        let parents = match number {
            0 => "None".to_owned(),
            // 498 stands beside 499, and 500 merges the two.
            _ if number % 500 == 0 => {
                format!("('{}', '{}')", id(number - 1), id(number - 2))
            }
            _ if number % 500 == 499 => format!("'{}'", id(number - 2)),
            _ => format!("'{}'", id(number - 1)),
        };
        let id = id(number);
        let middle = revisions / 2;
        let (up, down) = if number == dependent(revisions) {
            (
                format!("    op.drop_column('table_{middle}', 'name')\n"),
                format!(
                    "    op.add_column('table_{middle}', sa.Column('name', sa.String(length=80)))\n"
                ),
            )
        } else {
            Default::default()
        };
        let text = format!(
            "\"\"\"step {number}\n\nRevision ID: {id}\nRevises: \n\
             Create Date: 2024-01-01 10:00:00.000000\n\n\"\"\"\nfrom alembic import op\n\
             import sqlalchemy as sa\n\n\n# revision identifiers, used by Alembic.\n\
             revision = '{id}'\ndown_revision = {parents}\nbranch_labels = None\n\
             depends_on = None\n\n\ndef upgrade():\n    op.create_table(\n        'table_{number}',\n\
             \x20       sa.Column('id', sa.Integer(), nullable=False),\n\
             \x20       sa.Column('name', sa.String(length=80), nullable=True),\n\
             \x20       sa.PrimaryKeyConstraint('id'),\n    )\n\
             \x20   op.add_column('table_{number}', sa.Column('size', sa.Integer(), nullable=True))\n{up}\n\n\
             def downgrade():\n{down}    op.drop_column('table_{number}', 'size')\n\
             \x20   op.drop_table('table_{number}')\n"
        );
        // `Revises:` is left to the rule about it; it would be the same in every file.
        let text = text.replace("Revises: \n", &format!("Revises: {}\n", listed(&parents)));
        project.write(&format!("migrations/versions/{id}_step_{number}.py"), &text);
    }
    id(revisions.saturating_sub(1))
}

/// The identifier of a revision by its number.
fn id(number: usize) -> String {
    format!("{:012x}", (number as u64 + 1) * 0x0009_E377_9B97 % 0xffff_ffff_ffff)
}

/// The number of the revision that depends on what the one in the middle does.
const fn dependent(revisions: usize) -> usize {
    revisions - revisions / 100 - 4
}

fn listed(parents: &str) -> String {
    if parents == "None" { String::new() } else { parents.replace(['\'', '(', ')'], "") }
}

/// How often Revline is run beside each run of Alembic, which takes fifty times as long.
const OWN_RUNS: usize = 5;

/// `heads` as a whole process, against real Alembic's. Both in turn, so that both have the same
/// machine, whatever else it does; the median of the pairs counts.
fn heads(program: &Path, python: &Path, project: &Path) -> Result<Row> {
    let run = |program: &Path, arguments: &[&str]| -> Result<(Duration, String)> {
        let mut command = Command::new(program);
        let began = Instant::now();
        let output =
            command.args(arguments).current_dir(project).stderr(Stdio::inherit()).output()?;
        let took = began.elapsed();
        ensure!(output.status.success(), "{} failed", program.display());
        Ok((took, String::from_utf8_lossy(&output.stdout).into_owned()))
    };
    let ids = |said: &str| -> Vec<String> {
        let mut ids: Vec<String> =
            said.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
        ids.sort();
        ids
    };
    // The first reading of ten thousand files is the disk's time, not that of either.
    run(program, &["heads"])?;
    let mut pairs: Vec<(f64, Duration, Duration)> = Vec::new();
    for _ in 0..RUNS {
        let mut owns = Vec::new();
        let mut own_said = String::new();
        for _ in 0..OWN_RUNS {
            let (took, said) = run(program, &["heads"])?;
            owns.push(took);
            own_said = said;
        }
        owns.sort_unstable();
        let own = owns.get(OWN_RUNS / 2).copied().unwrap_or_default();
        let (real, real_said) = run(python, &["-m", "alembic", "heads"])?;
        ensure!(ids(&own_said) == ids(&real_said), "revline and alembic name other heads");
        pairs.push((real.as_secs_f64() / own.as_secs_f64(), own, real));
    }
    pairs.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (ratio, own, real) = pairs.get(RUNS / 2).copied().unwrap_or_default();
    Ok(Row {
        what: "heads, whole process, median of 5 pairs",
        measured: format!("{} ms, alembic {} ms: {ratio:.0}x", own.as_millis(), real.as_millis()),
        aim: "50 times alembic's",
        met: ratio >= 50.0,
    })
}

/// What an editor sees: the first graph diagnostics, those of an edited file, and the memory.
fn session(program: &Path, project: &Project, last: &str) -> Result<Vec<Row>> {
    let versions = project.path("migrations/versions");
    let file = std::fs::read_dir(&versions)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.to_string_lossy().contains(last))
        .context("the last revision was written")?;
    let mut client = Client::start_program(program, &[]);
    client.greet(&editors::eglot_30(), &[project.root()]);
    let began = Instant::now();
    client.diagnostics(&file, |all| !of_rule(all, "multiple-heads").is_empty());
    let first = began.elapsed();
    let text = client.open_file(&file);
    // The rest of the workspace is read in the background; what is measured is a person typing later.
    client.pump(Duration::from_secs(20), |_| false);
    let memory = resident(client.process());

    let starting = |start: &str| -> Result<u32> {
        let line = text.lines().position(|line| line.starts_with(start));
        Ok(u32::try_from(line.context("the file is as it was generated")?)?)
    };
    // `downgrade` comes and goes: what most keys do, they change a body.
    let line = starting("def downgrade")?;
    let body = edits(&mut client, &file, |edit| {
        let name = if edit % 2 == 0 { "xowngrade" } else { "downgrade" };
        json!({ "range": range(line, 4, 13), "text": name })
    })?;
    // The identifier is what every other file is judged by: the worst that a key can do.
    let line = starting("revision = ")?;
    let graph = edits(&mut client, &file, |edit| {
        let new = format!("{}{edit:03}", last.get(..9).unwrap_or(last));
        json!({ "range": range(line, 12, 24), "text": new })
    })?;
    let mut rows = vec![
        Row {
            what: "`initialized` to the first graph diagnostics",
            measured: format!("{:.0} ms", milliseconds(first)),
            aim: "300 ms",
            met: first < Duration::from_millis(300),
        },
        edited("edit of a body to its diagnostics, beyond the pause", &body),
        edited("edit of an identifier to its diagnostics, beyond the pause", &graph),
    ];
    if let Some(memory) = memory {
        rows.push(Row {
            what: "resident memory after the index",
            measured: format!("{} MB", memory / 1024),
            aim: "150 MB",
            met: memory < 150 * 1024,
        });
    }
    Ok(rows)
}

/// How long each of many edits took to its diagnostics, without the pause, sorted.
fn edits(
    client: &mut Client,
    file: &Path,
    change: impl Fn(usize) -> serde_json::Value,
) -> Result<Vec<Duration>> {
    let key = uri(file);
    let mut times = Vec::new();
    for edit in 0..EDITS {
        let before = client.published.get(&key).map_or(0, Vec::len);
        let sent = Instant::now();
        client.change(file, json!([change(edit)]));
        let seen = client.pump(Duration::from_secs(10), |client| {
            client.published.get(&key).is_some_and(|all| all.len() > before)
        });
        ensure!(seen, "no diagnostics after an edit");
        times.push(sent.elapsed().saturating_sub(PAUSE));
    }
    times.sort_unstable();
    Ok(times)
}

fn edited(what: &'static str, times: &[Duration]) -> Row {
    let slow = percentile(times, 95);
    Row { what, measured: spread(times), aim: "p95 20 ms", met: slow < Duration::from_millis(20) }
}

/// The time that so many of a hundred do not exceed, by nearest rank; the times are sorted.
fn percentile(times: &[Duration], share: usize) -> Duration {
    let rank = (times.len() * share).div_ceil(100);
    times.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// The middle of sorted times, what nearly all stay below, and the slowest.
fn spread(times: &[Duration]) -> String {
    let [middle, slow, slowest] = [50, 95, 100].map(|share| milliseconds(percentile(times, share)));
    format!("p50 {middle:.1} ms, p95 {slow:.1} ms, all {slowest:.0} ms")
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The resident memory of a process in KiB, where the system tells.
fn resident(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
