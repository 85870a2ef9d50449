//! `--sql` of the commands that change a database: the text, and no database.

use std::process::ExitCode;
use std::sync::Arc;

use revline_analysis::{Direction, Project, Run};
use revline_apply::{Kind, Request};
use revline_history::{HistoryError, StampArguments};

use crate::output::{Failure, print, warn};
use crate::project::{Opened, place};

pub(super) fn run(
    opened: &Opened,
    project: &Arc<Project>,
    request: &Request,
) -> anyhow::Result<ExitCode> {
    let run = steps(project, request).map_err(Failure::from)?;
    let targets = opened.snapshot.targets(project);
    let [dialect] = targets.as_slice() else {
        let names: Vec<&str> = targets.iter().map(|dialect| dialect.facts().name).collect();
        let what = if names.is_empty() {
            "nothing says which database the project is for".to_owned()
        } else {
            format!("the project is for {}", names.join(" and "))
        };
        let way_out = "`revline sql --dialect NAME` prints for the one that is named";
        return Err(Failure::Ours(format!("{what}; {way_out}")).into());
    };
    let script = opened.snapshot.script(project, &run.steps, run.rows, *dialect);
    print(&script.sql);
    for unknown in script.unknowns() {
        let at = unknown.origin.span().map(|span| format!("{}: ", place(&opened.snapshot, span)));
        warn(&format!("{}{}", at.unwrap_or_default(), unknown.why));
    }
    Ok(ExitCode::from(u8::from(script.unknowns().next().is_some())))
}

fn steps(project: &Project, request: &Request) -> Result<Run, HistoryError> {
    let target = request.targets.first().map(String::as_str);
    match request.kind {
        Kind::Upgrade => project.run(target, Direction::Upgrade),
        Kind::Downgrade => project.run(target, Direction::Downgrade),
        Kind::Stamp { .. } => {
            let history = project.history();
            let texts: Vec<&str> = request.targets.iter().map(String::as_str).collect();
            let parsed = StampArguments::parse(&texts)?;
            let rows = history.starting_at(parsed.start)?;
            let steps = history.stamp(&parsed.targets, &rows)?.steps;
            Ok(Run { steps, rows })
        }
    }
}
