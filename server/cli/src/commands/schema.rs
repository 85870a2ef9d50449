//! `revline schema`.

mod diagram;
mod machine;

use std::process::ExitCode;

use revline_analysis::{Depth, Inventory, Project, Standing, creation};
use revline_ide::card;
use revline_sql::{DIALECTS, Dialect};
use revline_text::{Encoding, Span};

use crate::output::{Failure, heading, print};
use crate::project::{Globals, Opened, check, open};

/// Show the tables that a database has at a revision, as the migrations leave them.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Where: an identifier, a branch label, `head`, `label@head`, `head-1`, `base+2`; the heads
    /// unless given. One after the other where there are several.
    #[arg(value_name = "REV", allow_negative_numbers = true, default_value = "heads")]
    targets: Vec<String>,
    /// The tables that the revision's `upgrade` meets, not those that it leaves.
    #[arg(long)]
    before: bool,
    /// The databases, such as postgresql and sqlite; the project's first unless given.
    #[arg(long, visible_alias = "target", value_name = "DIALECT")]
    dialect: Vec<String>,
    /// One JSON object a line, for each environment, dialect and place; with --sql, `sql` is a key.
    #[arg(long, conflicts_with = "mermaid")]
    json: bool,
    /// The statements that make exactly these tables on an empty database.
    #[arg(long, conflicts_with = "mermaid")]
    sql: bool,
    /// An entity relationship diagram.
    #[arg(long)]
    mermaid: bool,
}

/// What is shown of one environment in one dialect.
struct Shown<'a> {
    opened: &'a Opened,
    project: &'a Project,
    dialect: &'static dyn Dialect,
    standing: &'a Standing,
    inventory: &'a Inventory,
    /// The statements that make it, where they were asked for.
    sql: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    match shown(arguments, globals) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) => Ok(failure.tell()),
    }
}

fn shown(arguments: &Arguments, globals: &Globals) -> Result<(), Failure> {
    let opened = open(globals, Depth::Graph)?;
    let several = opened.projects.len() > 1;
    for project in &opened.projects {
        check(&opened, project)?;
        let dialects = if arguments.dialect.is_empty() {
            let own = opened.snapshot.targets(project);
            own.first().or(DIALECTS.first()).copied().into_iter().collect()
        } else {
            super::sql::named(&arguments.dialect)?
        };
        let pairs = dialects
            .iter()
            .flat_map(|dialect| arguments.targets.iter().map(move |it| (it, *dialect)));
        for (target, dialect) in pairs {
            let standing = match arguments.before {
                true => opened.snapshot.standing_before(project, target, dialect)?,
                false => opened.snapshot.standing(project, target, dialect)?,
            };
            let settings = opened.snapshot.sql_settings(project);
            let inventory = Inventory::of(&standing.schema, dialect, &settings);
            let shown = Shown {
                opened: &opened,
                project,
                dialect,
                standing: &standing,
                inventory: &inventory,
                sql: arguments.sql.then(|| creation(&standing.schema, dialect, &settings)),
            };
            let title = format!("{} on {}", project.name(), dialect.facts().name);
            let is_titled = several || dialects.len() > 1 || arguments.targets.len() > 1;
            let title =
                if arguments.targets.len() > 1 { format!("{title} at {target}") } else { title };
            if arguments.json {
                print(&format!("{}\n", machine::object(&shown)));
            } else if let Some(sql) = &shown.sql {
                let title = if is_titled { format!("-- {title}\n\n") } else { String::new() };
                print(&(title + sql));
            } else if arguments.mermaid {
                let title = if is_titled { format!("%% {title}\n") } else { String::new() };
                print(&(title + &diagram::mermaid(&inventory)));
            } else {
                print(&text(&shown, is_titled.then_some(title)));
            }
        }
    }
    Ok(())
}

fn text(shown: &Shown<'_>, title: Option<String>) -> String {
    let mut text = title.map(|title| heading(&format!("{title}:")) + "\n").unwrap_or_default();
    if let Some(doubt) = &shown.inventory.doubt {
        text.push_str(&format!(
            "? anything may be different: {}{}\n\n",
            doubt.why,
            shown.at(doubt.span)
        ));
    }
    let mut parts = Vec::new();
    for table in &shown.inventory.tables {
        let mut part = heading(&table.full_name());
        if let Some(doubt) = &table.doubt {
            part.push_str(&format!(
                "  ? may be different, or not there: {}{}\n",
                doubt.why,
                shown.at(doubt.span)
            ));
        }
        for line in card::lines(table) {
            part.push_str(&format!("  {}\n", line.text));
        }
        parts.push(part);
    }
    if !shown.inventory.enums.is_empty() {
        let mut part = heading("types");
        for one in &shown.inventory.enums {
            let name = match &one.schema {
                Some(schema) => format!("{schema}.{}", one.name),
                None => one.name.clone(),
            };
            part.push_str(&format!("  {name}: {}\n", one.values.join(", ")));
        }
        parts.push(part);
    }
    if parts.is_empty() {
        parts.push("no tables\n".to_owned());
    }
    text + &parts.join("\n")
}

impl Shown<'_> {
    /// File and line (from 1) of a place.
    fn place(&self, span: Option<Span>) -> Option<(String, u32)> {
        let span = span?;
        let snapshot = &self.opened.snapshot;
        let at = snapshot.text(span.file)?.position(span.range.start(), Encoding::Utf32);
        Some((snapshot.files().path(span.file).display().to_string(), at.line + 1))
    }

    fn at(&self, span: Option<Span>) -> String {
        self.place(span).map_or_else(String::new, |(file, line)| format!(" ({file}:{line})"))
    }
}
