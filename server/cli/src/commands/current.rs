//! `revline current`.

use std::process::ExitCode;

use revline_analysis::Depth;
use revline_apply::Person;
use serde_json::{Value, json};

use crate::database::{Chosen, connection, runtime};
use crate::entry::{Entries, Parts};
use crate::output::{Failure, print, print_json};
use crate::project::{Globals, check, open};

/// Show the revisions that the database has.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Show the database and everything about each revision.
    #[arg(short, long)]
    verbose: bool,
    /// End with an error unless the database has all heads.
    #[arg(long)]
    check_heads: bool,
    /// Print an array of objects.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    chosen: Chosen,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let opened = open(globals, Depth::Graph)?;
    let project = opened.only()?;
    check(&opened, project)?;
    let person = Person::here();
    let connection = connection(&opened, project, globals, &arguments.chosen, &person)?;
    let standing = runtime()?.block_on(revline_apply::standing(project, &connection));
    let standing = standing.map_err(|error| Failure::Ours(error.to_string()))?;
    let history = project.history();
    let entries = Entries::new(&opened, project);
    if arguments.verbose && !arguments.json {
        print(&format!("Current revision(s) for {}:\n", connection.address));
    }
    if arguments.check_heads {
        let mut heads: Vec<_> =
            history.heads().iter().map(|head| history[*head].id.clone()).collect();
        heads.sort();
        if heads != standing.rows {
            let sentence = "Database is not on all head revisions".to_owned();
            return Err(Failure::Alembics(sentence).into());
        }
    }
    let nodes = history.all_current(&standing.rows).map_err(Failure::from)?;
    if arguments.json {
        let objects = nodes.iter().map(|node| {
            let mut object = entries.json(*node);
            if let Value::Object(fields) = &mut object {
                fields.insert("database".to_owned(), json!(connection.address.to_string()));
            }
            object
        });
        print_json(&Value::Array(objects.collect()));
        return Ok(ExitCode::SUCCESS);
    }
    for node in nodes {
        if arguments.verbose {
            print(&(entries.block(node) + "\n"));
        } else {
            let parts = Parts { places: true, ..Parts::default() };
            print(&(entries.line(node, parts) + "\n"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
