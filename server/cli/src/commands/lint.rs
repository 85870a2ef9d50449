//! `revline lint`: what the rules say, and what they can mend.

mod baseline;
mod fixing;
mod preview;
mod scope;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use revline_analysis::{Settings, unknown_word};
use revline_lint::{Severity, rule, rules};
use revline_vfs::{DryDisk, RealDisk};

use self::baseline::Baseline;
use self::fixing::Fixed;
use self::scope::Scope;
use crate::output::{counted, print, warn};
use crate::project::Globals;
use crate::reporters::Format;

/// Say what is wrong with the migrations, and mend what can be mended safely.
#[derive(clap::Args, Debug)]
#[command(after_help = "Exit code 0: nothing is wrong; hints and infos alone count as nothing. \
    1: there are warnings or errors. 2: it could not run.")]
pub(crate) struct Arguments {
    /// Files and folders to look at; the whole project unless given.
    paths: Vec<PathBuf>,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t = Format::human)]
    format: Format,
    /// Apply the safe fixes first, until there is none left, and print what remains.
    #[arg(long)]
    fix: bool,
    /// Print what --fix would change as a unified diff, and change nothing; exit code 1 where that
    /// is something.
    #[arg(long, conflicts_with_all = ["fix", "format"])]
    diff: bool,
    /// Tell only what is found in revision files that differ from where this branch parted from a
    /// commit or branch, such as origin/main; from the default branch unless one is named.
    #[arg(long, value_name = "REF")]
    since: Option<Option<String>>,
    /// A file of findings that are known already and are not told.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write everything that is found into the baseline, and tell none of it.
    #[arg(long, requires = "baseline", conflicts_with_all = ["fix", "diff", "paths", "since"])]
    write_baseline: bool,
    /// Look for these rules or groups of rules alone.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Vec<String>,
    /// Leave out these rules or groups of rules.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Vec<String>,
    /// A database that the project is for, in place of what its configuration says.
    #[arg(long, value_name = "DIALECT")]
    target: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let since = arguments.since.clone();
    let scope = Scope::new(&arguments.paths, globals, settings(arguments)?, since)?;
    let known = match &arguments.baseline {
        Some(path) if !arguments.write_baseline => {
            Some(Baseline::read(&RealDisk, scope.current(), path)?)
        }
        _ => None,
    };
    if arguments.diff {
        return preview(scope, known.as_ref());
    }
    let fixed = if arguments.fix { fixing::fix(&scope, known.as_ref())? } else { Vec::new() };
    let mut report = scope.look()?;
    if arguments.write_baseline
        && let Some(path) = &arguments.baseline
    {
        Baseline::write(&RealDisk, scope.current(), path, &report)?;
        let findings = counted(report.findings.len(), "finding");
        warn(&format!("{findings} written to {}", path.display()));
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(known) = &known {
        let mended = known.take_out(&mut report);
        if mended > 0 && !scope.is_partial() {
            let findings = counted(mended, "finding");
            warn(&format!("{findings} of the baseline mended; --write-baseline takes them out"));
        }
    }
    tell(arguments.format, &fixed);
    print(&arguments.format.text(&report)?);
    let bad = report.findings.iter().any(|finding| finding.severity >= Severity::Warning);
    Ok(if bad { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Says what was mended: before the findings for people, beside them for programs.
fn tell(format: Format, fixed: &[Fixed]) {
    if format != Format::human {
        fixed.iter().for_each(|fixed| warn(&fixed.to_string()));
    } else if !fixed.is_empty() {
        print(&(fixed.iter().map(|fixed| format!("{fixed}\n")).collect::<String>() + "\n"));
    }
}

/// Mends everything on a disk whose writes stay in memory, and shows what became of it.
fn preview(scope: Scope, known: Option<&Baseline>) -> anyhow::Result<ExitCode> {
    let disk = Arc::new(DryDisk::new(Arc::new(RealDisk)));
    let scope = scope.on(disk.clone());
    fixing::fix(&scope, known)?;
    let changed = disk.changed()?;
    print(&preview::diff(&changed, scope.current()));
    warn(&format!("--fix would change {}", counted(changed.len(), "file")));
    Ok(if changed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The settings of the command line, which stand before those of files.
fn settings(arguments: &Arguments) -> anyhow::Result<Settings> {
    let names: Vec<&str> = rules()
        .iter()
        .flat_map(|rule| [rule.name, rule.meta.group.as_str()])
        .chain(["all"])
        .collect();
    for name in arguments.select.iter().chain(&arguments.ignore) {
        if rule(name).is_none() && !names.contains(&name.as_str()) {
            bail!("{}", unknown_word("rule", name, names));
        }
    }
    for name in &arguments.target {
        if revline_sql::dialect(name).is_none() {
            let known = revline_sql::DIALECTS.iter().map(|dialect| dialect.facts().name);
            bail!("{}", unknown_word("dialect", name, known));
        }
    }
    let list = |names: &[String]| (!names.is_empty()).then(|| names.to_vec());
    Ok(Settings {
        select: list(&arguments.select),
        ignore: list(&arguments.ignore),
        targets: list(&arguments.target),
        ..Settings::default()
    })
}
