//! `revline sql`.

use std::mem::ManuallyDrop;
use std::process::ExitCode;
use std::sync::Arc;

use revline_analysis::{Depth, Direction, Project, Run, Script, Snapshot};
use revline_history::{Node, Step};
use revline_sql::{DIALECTS, Dialect, Rendered, Status};
use revline_text::{Encoding, Span};
use serde_json::{Value, json};

use crate::output::{Failure, print, warn};
use crate::project::{Globals, Opened, check, open};

/// Print SQL as `alembic upgrade --sql` does, without Python.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// What to run: a target, relative ones too, or START:END as Alembic's --sql takes it; an empty
    /// side is left open; everything unless given.
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
    /// End with 1 where anything is neither exact nor derived, and name it.
    #[arg(long)]
    strict: bool,
}

/// How many reasons `--strict` names.
const NAMED: usize = 20;

/// One text to print.
struct Part {
    node: Option<Node>,
    direction: Direction,
    dialect: &'static dyn Dialect,
    script: Script,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    match parts_of_all(arguments, globals) {
        Ok(doubtful) if arguments.strict && !doubtful.is_empty() => {
            warn(&format!("not all of it is certain:{}", listed(&doubtful)));
            Ok(ExitCode::from(1))
        }
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(failure) => Ok(failure.tell()),
    }
}

/// What is neither exact nor derived, a line each.
fn not_strict(project: &Project, part: &Part) -> Vec<String> {
    let history = project.history();
    let bodies = part.script.bodies.iter().filter(|(_, body)| body.status > Status::Derived);
    let line = |(step, body): &(Step, Arc<Rendered>)| {
        let what = history.short_log(step);
        let why = body.unknowns.first().map_or("", |unknown| &unknown.why);
        let (dialect, status) = (part.dialect.facts().name, body.status.as_str());
        format!("{what} on {dialect}: {status}: {why}")
    };
    bodies.map(line).collect()
}

/// The first of them, and how many more there are.
fn listed(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines.iter().take(NAMED) {
        text.push_str("\n  ");
        text.push_str(line);
    }
    if lines.len() > NAMED {
        text.push_str(&format!("\n  and {} more", lines.len() - NAMED));
    }
    text
}

/// Every text is printed; what is neither exact nor derived is returned.
fn parts_of_all(arguments: &Arguments, globals: &Globals) -> Result<Vec<String>, Failure> {
    // The process ends after this: taking ten thousand revisions apart would only cost time.
    let opened = ManuallyDrop::new(open(globals, Depth::Graph)?);
    let mut doubtful = Vec::new();
    for project in &opened.projects {
        check(&opened, project)?;
        let dialects = dialects(arguments, &opened.snapshot, project)?;
        let direction = if arguments.downgrade { Direction::Downgrade } else { Direction::Upgrade };
        let run = project.run(arguments.range.as_deref(), direction)?;
        let heading = opened.projects.len() > 1 || dialects.len() > 1;
        for dialect in dialects {
            let mut tell = |part: Part| {
                doubtful.extend(not_strict(project, &part));
                show(arguments, &opened, project, &part, heading);
            };
            if arguments.each {
                for (node, direction) in alone(arguments, project, &run) {
                    let script = opened.snapshot.script_of(project, node, direction, dialect);
                    tell(Part { node: Some(node), direction, dialect, script });
                }
            } else {
                let rows = run.rows.clone();
                let script = opened.snapshot.script(project, &run.steps, rows, dialect);
                tell(Part { node: None, direction, dialect, script });
            }
        }
    }
    Ok(doubtful)
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
    named(&arguments.dialect)
}

/// The dialects of these names. Errors name those that there are.
pub(super) fn named(names: &[String]) -> Result<Vec<&'static dyn Dialect>, Failure> {
    let known = || DIALECTS.iter().map(|dialect| dialect.facts().name);
    let find = |name: &String| {
        revline_sql::dialect(name).ok_or_else(|| {
            let known: Vec<&str> = known().collect();
            let near = revline_analysis::unknown_word("dialect", name, known.iter().copied());
            Failure::Ours(format!("{near} Revline prints {}.", known.join(" and ")))
        })
    };
    names.iter().map(find).collect()
}

/// The revisions of the run one by one; without a range, all, in the order of the history.
fn alone(arguments: &Arguments, project: &Project, run: &Run) -> Vec<(Node, Direction)> {
    let history = project.history();
    let nodes: Vec<Node> = match arguments.range {
        None => history.oldest_first(),
        Some(_) => run
            .steps
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
