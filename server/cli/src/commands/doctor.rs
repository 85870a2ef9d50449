//! `revline doctor`: what was found, where each answer comes from, and why not more.

mod database;
mod facts;
mod report;

use std::process::ExitCode;

use revline_analysis::Depth;
use revline_apply::Person;
use serde_json::{Value, json};

use crate::output::{heading, print, print_json};
use crate::project::{Globals, Opened, read};

use report::{Report, place};

/// Say what was found, and why not more.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Print one object.
    #[arg(long)]
    json: bool,
}

/// What of the answers was not looked for, since nobody who only asks wants it done.
const UNASKED: &str = "no Python was started and no database was opened";

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let (root, snapshot) = read(globals, Depth::Shared)?;
    let opened = Opened { projects: snapshot.projects().to_vec(), snapshot };
    let person = Person::here();
    let snapshot = &opened.snapshot;
    let workspace = snapshot.workspace();
    let files = snapshot.files();
    let reports: Vec<Report<'_>> = snapshot
        .projects()
        .iter()
        .map(|project| {
            let database = database::told(&opened, project, globals, &person);
            Report::new(snapshot, project, database)
        })
        .collect();
    let settings =
        ["revline.toml", "pyproject.toml"].into_iter().map(|name| root.join(name)).find(|path| {
            let names = || {
                let text = files.text(files.id(path));
                text.is_ok_and(|text| text.as_str().contains("[tool.revline"))
            };
            let own = path.ends_with("revline.toml");
            files.disk().stamp(path).is_some() && (own || names())
        });
    let defects: Vec<(Option<String>, &str)> = workspace
        .settings_defects
        .iter()
        .map(|defect| (defect.span.map(|span| place(files, span)), defect.message.as_str()))
        .collect();
    if arguments.json {
        let notes =
            workspace.notes.iter().map(|note| json!({ "path": note.path, "note": note.text }));
        print_json(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "searched": root,
            "settings": settings,
            "settings_defects": defects
                .iter()
                .map(|(place, message)| json!({ "place": place, "message": message }))
                .collect::<Vec<_>>(),
            "environments": reports.iter().map(Report::json).collect::<Vec<_>>(),
            "notes": notes.collect::<Vec<Value>>(),
        }));
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = heading(&format!("Revline {}", env!("CARGO_PKG_VERSION")));
    text.push_str(&format!("searched         {}\n", root.display()));
    let settings = settings.map_or("none".to_owned(), |path| path.display().to_string());
    text.push_str(&format!("settings         {settings}\n"));
    for (place, message) in &defects {
        let place = place.as_deref().map(|place| format!("{place}: ")).unwrap_or_default();
        text.push_str(&format!("  defect         {place}{message}\n"));
    }
    text.push_str(&format!("not asked        {UNASKED}\n"));
    if reports.is_empty() {
        text.push_str("environments     none was found\n");
    }
    for report in &reports {
        text.push('\n');
        text.push_str(&report.text());
    }
    if !workspace.notes.is_empty() {
        text.push('\n');
        text.push_str(&heading("Looked at"));
        for note in &workspace.notes {
            text.push_str(&format!("  {}: {}\n", note.path.display(), note.text));
        }
    }
    print(&text);
    Ok(ExitCode::SUCCESS)
}
