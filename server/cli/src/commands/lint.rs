//! `revline lint`: what the rules say, and what they can mend.

mod fixing;
mod human;
mod machine;
mod scope;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use revline_analysis::{Settings, unknown_word};
use revline_lint::{Severity, rule, rules};

use self::scope::Scope;
use crate::output::print;
use crate::project::Globals;

/// Say what is wrong with the migrations, and mend what can be mended safely.
#[derive(clap::Args, Debug)]
#[command(after_help = "Exit code 0: nothing is wrong; hints and infos alone count as nothing. \
    1: there are warnings or errors. 2: it could not run.")]
pub(crate) struct Arguments {
    /// Files and folders to look at; the whole project unless given.
    paths: Vec<PathBuf>,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Apply the safe fixes first, until there is none left, and print what remains.
    #[arg(long)]
    fix: bool,
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

#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    /// Frames around the code, for people.
    Human,
    /// An array of objects, lines and columns from 1.
    Json,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let scope = Scope::new(&arguments.paths, globals, settings(arguments)?)?;
    let fixed = if arguments.fix { fixing::fix(&scope)? } else { Vec::new() };
    let report = scope.look()?;
    match arguments.format {
        Format::Human => print(&human::text(&report, &fixed)),
        Format::Json => machine::print(&report, &fixed),
    }
    let bad = report.findings.iter().any(|finding| finding.severity >= Severity::Warning);
    Ok(if bad { ExitCode::from(1) } else { ExitCode::SUCCESS })
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
