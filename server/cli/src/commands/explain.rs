//! `revline explain RULE`.

use std::process::ExitCode;

use anyhow::bail;
use revline_lint::{rule, rules};

use crate::output::print;

/// Show the documentation of a rule.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// The name, as `revline rules` lists it.
    rule: String,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Some(rule) = rule(&arguments.rule) else {
        let known = rules().iter().map(|rule| rule.name);
        bail!("{}", revline_analysis::unknown_word("rule", &arguments.rule, known));
    };
    print(&format!("{}\n", rule.page().trim_end()));
    Ok(ExitCode::SUCCESS)
}
