//! `cargo xtask torture`: mangled real revisions and hostile inputs through everything that reads a revision.
//!
//! The cases run in processes of their own, so that a stack that overflows or a loop without an end costs
//! one case, is told with its number, and the rest goes on.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use revline_tests::torture::{self, hostile};
use serde_json::{Value, json};

use crate::{child, paths, setup};

/// Mangle real revisions and look for panics and work without an end.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many cases.
    #[arg(long, default_value_t = 200_000)]
    runs: u64,
    /// The number of the first case.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Run this one case and tell what it shows.
    #[arg(long)]
    case: Option<u64>,
    /// The unpacked packages, in place of the downloaded ones.
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// How many processes at once.
    #[arg(long, default_value_t = 2)]
    jobs: u64,
    /// Write server/docs/torture.md.
    #[arg(long)]
    write: bool,
    /// Run here every so manieth case, from --seed to before --runs, with this file as the place of the current one.
    #[arg(long, hide = true, num_args = 2, value_names = ["STRIDE", "FILE"])]
    worker: Vec<String>,
}

/// How long a case may stand still before its process is ended.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn run(args: &Args) -> Result<bool> {
    let corpus = match &args.corpus {
        Some(corpus) => corpus.canonicalize()?,
        None => setup::judges()?.corpus,
    };
    let folders = [corpus.clone(), paths::root().join("fixtures")];
    if let [stride, file] = args.worker.as_slice() {
        return work(args, &folders, stride.parse()?, Path::new(file));
    }
    if let Some(case) = args.case {
        let originals = torture::originals(&folders)?;
        let bytes = torture::mangled(case, &originals);
        println!("{}", String::from_utf8_lossy(&bytes));
        let seen = torture::guarded(&bytes, case);
        println!("{seen:?}");
        return Ok(seen.wrong.is_none());
    }
    let (began, stand) = (Instant::now(), stand()?);
    let program = released()?;
    let files = torture::originals(&folders)?.len();
    let found = Mutex::new(Found::default());
    std::thread::scope(|scope| -> Result<()> {
        let lanes: Vec<_> = (0..args.jobs.max(1))
            .map(|lane| {
                scope.spawn({
                    let (program, corpus, found) = (&program, &corpus, &found);
                    move || supervise(args, program, corpus, lane, found)
                })
            })
            .collect();
        for lane in lanes {
            lane.join().map_err(|_| anyhow::anyhow!("a lane panicked"))??;
        }
        Ok(())
    })?;
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let row = format!(
        "| {stand} | {} | {} | {files} | {:.0} s | {} | {:.2} s ({}) | {} | {} | {} MB |\n",
        found.done,
        args.seed,
        began.elapsed().as_secs_f64(),
        found.wrong.len(),
        found.slowest.0,
        found.slowest.1,
        found.steps,
        found.operations,
        found.memory / 1024,
    );
    ensure!(found.done + found.lost >= args.runs, "only {} cases ran", found.done);
    let (hostile, inputs) = tell_hostile()?;
    println!("{HEAD}{row}\n{inputs}");
    for (case, wrong) in found.wrong.iter().take(50) {
        println!("case {case}: {wrong}");
    }
    if args.write {
        write(&row, &inputs)?;
    }
    Ok(found.wrong.is_empty() && hostile)
}

/// The head of the table of runs.
const HEAD: &str = "\
    | date | commit | cases | first | files | time | panics, aborts, overruns | slowest case | most steps | operations | memory |\n\
    | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";

/// The date and the commit, as two cells.
fn stand() -> Result<String> {
    let date = child::hush(Command::new("date").args(["-u", "+%Y-%m-%d"]))?.last_words();
    let mut git = Command::new("git");
    git.current_dir(paths::root()).args(["rev-parse", "--short", "HEAD"]);
    Ok(format!("{date} | {}", child::hush(&mut git)?.last_words()))
}

/// This program in release, where a case takes a millisecond.
fn released() -> Result<PathBuf> {
    if !cfg!(debug_assertions) {
        return Ok(std::env::current_exe()?);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(paths::root()).args(["build", "--release", "--package", "xtask"]);
    ensure!(child::show(&mut command)?.well, "the release build failed");
    Ok(paths::target().join("release").join(if cfg!(windows) { "xtask.exe" } else { "xtask" }))
}

/// What all lanes found.
#[derive(Default)]
struct Found {
    done: u64,
    lost: u64,
    wrong: BTreeMap<u64, String>,
    slowest: (f64, u64),
    steps: u64,
    operations: u64,
    memory: u64,
}

impl Found {
    fn hear(&mut self, line: &Value) {
        let number = |key: &str| line[key].as_u64().unwrap_or(0);
        if let Some(wrong) = line["wrong"].as_str() {
            self.wrong.insert(number("case"), wrong.to_owned());
            return;
        }
        self.done += number("done");
        self.steps = self.steps.max(number("steps"));
        self.operations += number("operations");
        self.memory = self.memory.max(number("memory"));
        let seconds = line["slowest"].as_f64().unwrap_or(0.0);
        if seconds > self.slowest.0 {
            self.slowest = (seconds, number("slowest_case"));
        }
    }
}

/// Runs every so manieth case in a process; a new one after each that ends too early.
fn supervise(
    args: &Args,
    program: &Path,
    corpus: &Path,
    lane: u64,
    found: &Mutex<Found>,
) -> Result<()> {
    let state = paths::target().join(format!("revline-torture-{lane}"));
    let mut next = args.seed + lane;
    let end = args.seed + args.runs;
    while next < end {
        fs::write(&state, next.to_string())?;
        let mut command = Command::new(program);
        command.arg("torture").arg("--corpus").arg(corpus);
        command.args(["--seed", &next.to_string(), "--runs", &end.to_string()]);
        command.arg("--worker").arg(args.jobs.max(1).to_string()).arg(&state);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("a piped output")?;
        let hung = std::thread::scope(|scope| {
            scope.spawn(|| {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if let Ok(line) = serde_json::from_str(&line) {
                        found.lock().unwrap_or_else(PoisonError::into_inner).hear(&line);
                    }
                }
            });
            watch(&mut child, &state)
        })?;
        let status = child.wait()?;
        if status.success() && !hung {
            return Ok(());
        }
        let case: u64 = fs::read_to_string(&state)?.trim().parse()?;
        let why = if hung { "no end within a minute".to_owned() } else { format!("{status}") };
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        found.wrong.insert(case, why);
        found.lost += (case - next) / args.jobs.max(1) + 1;
        next = case + args.jobs.max(1);
    }
    Ok(())
}

/// Waits for the process; whether it was ended since a case stood still.
fn watch(child: &mut Child, state: &Path) -> Result<bool> {
    let (mut current, mut since) = (String::new(), Instant::now());
    while child.try_wait()?.is_none() {
        std::thread::sleep(Duration::from_millis(100));
        let now = fs::read_to_string(state).unwrap_or_default();
        if now != current {
            (current, since) = (now, Instant::now());
        } else if since.elapsed() > PATIENCE {
            child.kill()?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Runs cases here and prints what they show, a line for each thousand.
fn work(args: &Args, folders: &[PathBuf], stride: u64, state: &Path) -> Result<bool> {
    std::panic::set_hook(Box::new(|_| {}));
    let originals = torture::originals(folders)?;
    let mut sum = Sum::default();
    let mut case = args.seed;
    while case < args.runs {
        fs::write(state, case.to_string())?;
        // A thread of the size that the server's have.
        let seen =
            std::thread::scope(|scope| scope.spawn(|| torture::case(case, &originals)).join());
        let seen = seen.unwrap_or_default();
        if let Some(wrong) = &seen.wrong {
            println!("{}", json!({ "case": case, "wrong": wrong }));
        }
        sum.add(case, &seen);
        if sum.done == 1000 {
            sum.print();
            sum = Sum::default();
        }
        case += stride;
    }
    sum.print();
    Ok(true)
}

#[derive(Default)]
struct Sum {
    done: u64,
    slowest: (f64, u64),
    steps: u64,
    operations: u64,
}

impl Sum {
    fn add(&mut self, case: u64, seen: &torture::Seen) {
        self.done += 1;
        self.steps = self.steps.max(seen.steps);
        self.operations += seen.operations as u64;
        let seconds = seen.took.as_secs_f64();
        if seconds > self.slowest.0 {
            self.slowest = (seconds, case);
        }
    }

    fn print(&self) {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let memory = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let memory = memory.and_then(|line| line.split_whitespace().next());
        println!(
            "{}",
            json!({
                "done": self.done,
                "slowest": self.slowest.0,
                "slowest_case": self.slowest.1,
                "steps": self.steps,
                "operations": self.operations,
                "memory": memory.and_then(|number| number.parse::<u64>().ok()).unwrap_or(0),
            })
        );
    }
}

/// Whether all hostile inputs are bounded, and a table of them.
fn tell_hostile() -> Result<(bool, String)> {
    let mut text = "| input | time | |\n| --- | ---: | --- |\n".to_owned();
    let mut well = true;
    let mut row = |name: &str, took: Duration, wrong: Option<String>| {
        well &= wrong.is_none();
        let said = wrong.unwrap_or_else(|| "bounded".to_owned());
        text.push_str(&format!("| `{name}` | {:.0} ms | {said} |\n", took.as_secs_f64() * 1000.0));
    };
    for (name, input) in hostile::inputs() {
        let began = Instant::now();
        let wrong = hostile::judge(&input);
        row(name, began.elapsed(), wrong);
    }
    let began = Instant::now();
    let wrong = hostile::large_literal();
    row("a literal of 5 MB", began.elapsed(), wrong);
    let began = Instant::now();
    let wrong = hostile::long_chain(10_000);
    row("a chain of 10,000 revisions", began.elapsed(), wrong);
    Ok((well, text))
}

/// Behind it stands what is written by hand.
const TOLD: &str = "\n## What came of it\n";

/// Writes the page: a row for each run that was written into it, and the hostile inputs of the last.
fn write(row: &str, inputs: &str) -> Result<()> {
    let path = paths::root().join("server/docs/torture.md");
    let earlier = match fs::read_to_string(&path) {
        Ok(page) => page,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let rows: String = earlier
        .lines()
        .filter(|line| line.starts_with("| 2"))
        .map(|line| format!("{line}\n"))
        .collect();
    // What a person wrote about the runs stays.
    let told = earlier.split_once(TOLD).map_or("", |(_, told)| told.trim_end());
    let page = format!(
        "# Torture\n\nMade by `cargo xtask torture --write`, which adds a row. Each case is a real revision of the corpus, mangled: \
         bytes flipped, words lost, doubled and moved, parts of other revisions put in, nesting without an end, and constructs \
         that ask for more than there is. It goes through the header scan, the parser, the evaluator, the renderers in both \
         modes and both directions, and the schema. `cargo xtask torture --case N` runs one again. What one case \
         took is the processor's time.\n\n{HEAD}{rows}{row}\n\
         Inputs that ask for more than there is, in the last run:\n\n{inputs}\n\
         These were run in the profile of the task itself; a case of the first table in release. More than {} s \
         are an overrun.\n{TOLD}{told}\n",
        torture::LIMIT.as_secs(),
    );
    fs::write(&path, page).with_context(|| path.display().to_string())?;
    println!("{} is written", path.display());
    Ok(())
}
