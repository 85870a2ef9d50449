//! `revline sql`.

use std::process::ExitCode;
use std::sync::Arc;

use revline_analysis::{Depth, Direction, Project, Script, Snapshot};
use revline_history::{Argument, Node, RevisionId, Step};
use revline_sql::{DIALECTS, Dialect, Status};
use revline_text::{Encoding, Span};
use serde_json::{Value, json};

use crate::output::{Failure, print, warn};
use crate::project::{Globals, Opened, check, open};

/// Print SQL as `alembic upgrade --sql` does, without Python.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// What to run: a target, or START:END as Alembic's --sql takes it; everything unless given.
    #[arg(value_name = "RANGE")]
    range: Option<String>,
    /// The way back: RANGE is FROM:TO, from the heads to base unless given.
    #[arg(long)]
    downgrade: bool,
    /// The databases, such as postgresql and sqlite; those of the project unless given.
    #[arg(long, visible_alias = "target", value_name = "DIALECT")]
    dialect: Vec<String>,
    /// Each revision on its own, both ways unless --downgrade is given.
    #[arg(long)]
    each: bool,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    /// End with 1 unless everything is exact.
    #[arg(long)]
    strict: bool,
}

/// One text to print.
struct Part {
    node: Option<Node>,
    direction: Direction,
    dialect: &'static dyn Dialect,
    script: Script,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    match parts_of_all(arguments, globals) {
        Ok(worst) if arguments.strict && worst > Status::Exact => Ok(ExitCode::from(1)),
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(failure) => Ok(failure.tell()),
    }
}

fn parts_of_all(arguments: &Arguments, globals: &Globals) -> Result<Status, Failure> {
    let opened = open(globals, Depth::Graph)?;
    let mut worst = Status::Exact;
    for project in &opened.projects {
        check(&opened, project)?;
        let dialects = dialects(arguments, &opened.snapshot, project)?;
        let steps = steps(arguments, project)?;
        let heading = opened.projects.len() > 1 || dialects.len() > 1;
        for dialect in dialects {
            let mut tell = |part: Part| {
                worst = worst.max(part.script.status);
                show(arguments, &opened, project, &part, heading);
            };
            if arguments.each {
                for (node, direction) in alone(arguments, project, &steps) {
                    let script = opened.snapshot.script_of(project, node, direction, dialect);
                    tell(Part { node: Some(node), direction, dialect, script });
                }
            } else {
                let direction =
                    if arguments.downgrade { Direction::Downgrade } else { Direction::Upgrade };
                let script = opened.snapshot.script(project, &steps.0, steps.1.clone(), dialect);
                tell(Part { node: None, direction, dialect, script });
            }
        }
    }
    Ok(worst)
}

fn dialects(
    arguments: &Arguments,
    snapshot: &Snapshot,
    project: &Project,
) -> Result<Vec<&'static dyn Dialect>, Failure> {
    if arguments.dialect.is_empty() {
        let own = snapshot.targets(project);
        return Ok(if own.is_empty() { DIALECTS.to_vec() } else { own });
    }
    let known = || DIALECTS.iter().map(|dialect| dialect.facts().name);
    let find = |name: &String| {
        revline_sql::dialect(name).ok_or_else(|| {
            let known: Vec<&str> = known().collect();
            let near = revline_analysis::unknown_word("dialect", name, known.iter().copied());
            Failure::Ours(format!("{near} Revline prints {}.", known.join(" and ")))
        })
    };
    arguments.dialect.iter().map(find).collect()
}

/// The steps of the run, and the rows of the version table before it.
fn steps(
    arguments: &Arguments,
    project: &Project,
) -> Result<(Vec<Step>, Vec<RevisionId>), Failure> {
    let history = project.history();
    if arguments.downgrade {
        let heads: Vec<RevisionId> =
            history.real_heads().iter().map(|head| history[*head].id.clone()).collect();
        let (rows, target) = match &arguments.range {
            None => (heads, "base".to_owned()),
            Some(range) => {
                let argument = Argument::downgrade(range, true)?;
                (history.starting_at(argument.start)?, argument.target.to_owned())
            }
        };
        return Ok((history.downgrade(&target, &rows)?.steps, rows));
    }
    let argument = Argument::upgrade(arguments.range.as_deref().unwrap_or("heads"), true)?;
    let rows = history.starting_at(argument.start)?;
    Ok((history.upgrade(argument.target, &rows)?.steps, rows))
}

/// The revisions of the run one by one; without a range, all, in the order of the history.
fn alone(
    arguments: &Arguments,
    project: &Project,
    steps: &(Vec<Step>, Vec<RevisionId>),
) -> Vec<(Node, Direction)> {
    let history = project.history();
    let nodes: Vec<Node> = match arguments.range {
        None => history.oldest_first(),
        Some(_) => steps
            .0
            .iter()
            .filter_map(|step| match step {
                Step::Upgrade(node) | Step::Downgrade(node) => Some(*node),
                Step::Stamp(_) => None,
            })
            .collect(),
    };
    let directions: &[Direction] = if arguments.downgrade {
        &[Direction::Downgrade]
    } else {
        &[Direction::Upgrade, Direction::Downgrade]
    };
    let both = |node: Node| directions.iter().map(move |direction| (node, *direction));
    nodes.into_iter().flat_map(both).collect()
}

fn show(
    arguments: &Arguments,
    opened: &Opened,
    project: &Arc<Project>,
    part: &Part,
    heading: bool,
) {
    if arguments.json {
        print(&format!("{}\n", object(&opened.snapshot, project, part)));
        return;
    }
    if heading {
        print(&format!("-- {} on {}\n\n", project.name(), part.dialect.facts().name));
    }
    print(&part.script.sql);
    for unknown in part.script.unknowns() {
        let place = place(&opened.snapshot, unknown.origin.span());
        warn(&format!("{place}{}", unknown.why));
    }
}

fn object(snapshot: &Snapshot, project: &Arc<Project>, part: &Part) -> Value {
    let history = project.history();
    let line = |span: Option<Span>| position(snapshot, span).map(|(line, _)| line);
    let assumes: Vec<Value> = part
        .script
        .assumes()
        .map(|fact| json!({ "fact": &*fact.fact, "line": line(fact.origin.span()) }))
        .collect();
    let unknowns: Vec<Value> = part
        .script
        .unknowns()
        .map(|unknown| {
            let at = position(snapshot, unknown.origin.span());
            json!({
                "line": at.map(|(line, _)| line),
                "column": at.map(|(_, column)| column),
                "why": &*unknown.why,
            })
        })
        .collect();
    let revision = part.node.map(|node| &history[node]);
    json!({
        "environment": project.name(),
        "revision": revision.map(|revision| revision.id.as_str()),
        "file": revision.map(|revision| snapshot.files().path(revision.file).display().to_string()),
        "direction": part.direction.as_str(),
        "dialect": part.dialect.facts().name,
        "status": part.script.status.as_str(),
        "sql": part.script.sql,
        "assumes": assumes,
        "unknowns": unknowns,
    })
}

/// Line and column from 1.
fn position(snapshot: &Snapshot, span: Option<Span>) -> Option<(u32, u32)> {
    let span = span?;
    let at = snapshot.text(span.file)?.position(span.range.start(), Encoding::Utf32);
    Some((at.line + 1, at.column + 1))
}

fn place(snapshot: &Snapshot, span: Option<Span>) -> String {
    let Some((line, column)) = position(snapshot, span) else { return String::new() };
    let path = span.map(|span| snapshot.files().path(span.file));
    path.map_or_else(String::new, |path| format!("{}:{line}:{column}: ", path.display()))
}
