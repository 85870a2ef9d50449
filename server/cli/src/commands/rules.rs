//! `revline rules`.

use std::process::ExitCode;

use revline_lint::{Rule, Safety, rules};
use serde_json::json;

use crate::output::{print, print_json};

/// List the rules.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Print an array of objects.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.json {
        let list: Vec<_> = rules().iter().map(as_json).collect();
        print_json(&serde_json::Value::Array(list));
        return Ok(ExitCode::SUCCESS);
    }
    let width = rules().iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rules() {
        let severity = rule.meta.severity.as_str();
        let fix = match rule.meta.fix {
            Some(Safety::Safe) => "--fix",
            Some(Safety::Unsafe) => "editor",
            None => "",
        };
        text.push_str(&format!(
            "{:width$}  {severity:7}  {fix:6}  {}\n",
            rule.name,
            rule.summary().trim_end_matches('.')
        ));
    }
    print(&text);
    Ok(ExitCode::SUCCESS)
}

fn as_json(rule: &Rule) -> serde_json::Value {
    json!({
        "rule": rule.name,
        "group": rule.meta.group.as_str(),
        "severity": rule.meta.severity.as_str(),
        "fix": rule.meta.fix.map(Safety::as_str),
        "summary": rule.summary(),
    })
}
