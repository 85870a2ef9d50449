//! `cargo xtask apply`: the native runner and `stamp` beside real Alembic over everything that is listed, and what a
//! killed run leaves.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use revline_tests::judge::apply::{Figures, Place, judge};
use revline_tests::judge::server::Server;
use revline_tests::judge::{DIALECTS, corpus, in_parallel};

use crate::{child, paths, setup};

mod commands;

/// Apply the listed histories natively and by real Alembic, stamp random ones, and kill runs.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these packages; all unless given.
    #[arg(long = "package")]
    packages: Vec<String>,
    /// The program; without it, it is built in release.
    #[arg(long)]
    program: Option<PathBuf>,
    /// How many random histories are stamped; packages alone are judged where some are named.
    #[arg(long, default_value_t = 500)]
    stamps: usize,
    /// How often each runner is killed on each database.
    #[arg(long, default_value_t = 100)]
    kills: usize,
    /// Only these of sqlite and postgresql; both unless given.
    #[arg(long = "dialect", value_parser = DIALECTS)]
    dialects: Vec<String>,
    /// Judge the commands on the packages, and nothing else, MariaDB's too.
    #[arg(long)]
    commands: bool,
    /// Judge no packages.
    #[arg(long, conflicts_with = "packages")]
    no_packages: bool,
    /// How many reasons and differences are shown.
    #[arg(long, default_value_t = 30)]
    lines: usize,
    /// How many processes at once.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
}

pub(crate) fn run(args: &Args) -> Result<bool> {
    let judges = setup::judges()?;
    let revline = match &args.program {
        Some(program) => program.canonicalize()?,
        None => crate::bench::built()?,
    };
    println!("{}", judges.versions);
    if args.commands {
        return commands::run(args, &judges, &revline);
    }
    let mut well = true;
    let work = paths::target().join("revline-apply");
    std::fs::create_dir_all(&work)?;
    if args.packages.is_empty() && args.stamps > 0 {
        well &= stamps(args, &judges.plain, &revline, &work)?;
    }
    if args.packages.is_empty() && args.kills > 0 {
        well &= kills(args, &revline, &judges)?;
    }
    if args.no_packages {
        return Ok(well);
    }
    let server = Server::start()?;
    let locations = corpus::locations(&judges.corpus, &args.packages)?;
    let is_meant = |dialect: &&&str| {
        args.dialects.is_empty() || args.dialects.iter().any(|given| given == **dialect)
    };
    let pairs: Vec<(&corpus::Location, &str)> = DIALECTS
        .iter()
        .filter(is_meant)
        .flat_map(|dialect| locations.iter().map(move |location| (location, *dialect)))
        .collect();
    let place = Place { python: &judges.online, revline: &revline, work: &work, server: &server };
    let parts = in_parallel(args.jobs, &pairs, |(location, dialect)| {
        let name = location.name();
        // A location that cannot be judged is told, and the others go on.
        let figures = judge(&place, location, dialect).unwrap_or_else(|why| Figures {
            wrong: vec![format!("{name} on {dialect} could not be judged: {why:#}")],
            ..Figures::default()
        });
        let counts = ["equal", "refused", "kept"].map(|outcome| figures.count(outcome));
        eprintln!("  {name} on {dialect}: {counts:?} equal, refused, kept");
        for line in &figures.wrong {
            eprintln!("    {line}");
        }
        Ok(figures)
    })?;
    let mut all = Figures::default();
    parts.into_iter().for_each(|part| all.merge(part));
    println!("{}", all.table());
    println!("refused, {} in all:", all.refusals.total());
    for (why, count, example) in all.refusals.sorted().into_iter().take(args.lines) {
        println!("  {count:>5}  {why}  ({example})");
    }
    for line in all.wrong.iter().take(args.lines) {
        println!("  {line}");
    }
    Ok(well && all.wrong.is_empty())
}

fn stamps(
    args: &Args,
    python: &std::path::Path,
    revline: &std::path::Path,
    work: &std::path::Path,
) -> Result<bool> {
    let mut command = Command::new(python);
    command.arg("-B").arg(paths::root().join("tests/oracle/stamp.py"));
    command.arg("--revline").arg(revline).arg("--work").arg(work);
    command.args(["--count", &args.stamps.to_string()]).env("HOME", work);
    let ended = child::hush(&mut command)?;
    let counts = ended.lines.last().cloned().context("the judge of stamps said nothing")?;
    println!("stamps of random histories: {counts}");
    let different: Vec<&String> = ended
        .lines
        .iter()
        .filter(|line| line.contains("\"different\"") && **line != counts)
        .collect();
    for line in different.iter().take(args.lines) {
        println!("  {line}");
    }
    Ok(ended.well && different.is_empty())
}

/// The test of killed runs, as often as is asked for.
fn kills(args: &Args, revline: &std::path::Path, judges: &setup::Judges) -> Result<bool> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root()).args(["test", "--workspace", "--test", "apply"]);
    command.args(["killed", "--", "--nocapture", "--test-threads=1"]);
    command.env("REVLINE_KILLS", args.kills.to_string()).env("REVLINE_BIN", revline);
    command.env("REVLINE_ORACLE_PYTHON", &judges.plain);
    command.env("REVLINE_ONLINE_PYTHON", &judges.online);
    let ended = child::show(&mut command)?;
    Ok(ended.well)
}
