//! `revline graph`: the picture of the history, one file for each form. A new form is a file with
//! `ABOUT` and `draw`, and a word in `pictures!`.

use std::process::ExitCode;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use revline_analysis::{Depth, Project};
use revline_history::{Node, Walk};
use revline_ide::{GraphOptions, GraphView, graph};
use revline_lint::Cache;

use crate::listing::no_database;
use crate::output::{Failure, print};
use crate::project::{Globals, Opened, check, open};

macro_rules! pictures {
    [$($name:ident),* $(,)?] => {
        $(pub(super) mod $name;)*

        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[allow(non_camel_case_types, reason = "a form is spelt as its module")]
        enum Picture {
            $($name,)*
        }

        impl ValueEnum for Picture {
            fn value_variants<'a>() -> &'a [Self] {
                &[$(Self::$name),*]
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(match self {
                    $(Self::$name => PossibleValue::new(stringify!($name)).help($name::ABOUT),)*
                })
            }
        }

        impl Picture {
            fn draw(self, canvas: &Canvas<'_>) -> String {
                match self {
                    $(Self::$name => $name::draw(canvas)),*
                }
            }
        }
    };
}

pub(super) use text::newest;

pictures![text, mermaid, dot, svg, json];

/// Draw the history.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// What it is drawn as.
    #[arg(long, value_enum, default_value_t = Picture::text)]
    format: Picture,
    /// Only these revisions, written [start]:[end].
    #[arg(short, long, value_name = "RANGE", allow_hyphen_values = true)]
    rev_range: Option<String>,
    /// Fold chains in which nothing happens into one row each.
    #[arg(long)]
    fold: bool,
    /// Draw text with the characters of ASCII alone.
    #[arg(long)]
    ascii: bool,
}

/// What is drawn.
pub(super) struct Canvas<'a> {
    /// The graphs, one for each environment.
    pub(super) views: &'a [GraphView],
    /// Where their files are.
    pub(super) opened: &'a Opened,
    /// Whether text keeps to ASCII.
    pub(super) ascii: bool,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let walk = match &arguments.rev_range {
        Some(range) => Walk::parse(range).map_err(Failure::from)?,
        None => Walk::ALL,
    };
    if walk.needs_current() {
        let instead = "`revline graph` draws the whole history, `-r A:B` a part of it";
        return Err(no_database("The current revision", instead).into());
    }
    let opened = open(globals, Depth::Shared)?;
    let cache = Cache::default();
    let mut views = Vec::new();
    for project in &opened.projects {
        let part = match arguments.rev_range {
            Some(_) => Some(part(&opened, project, &walk)?),
            None => None,
        };
        let options = GraphOptions {
            revisions: part.as_deref(),
            fold: arguments.fold,
            ..GraphOptions::default()
        };
        views.push(graph(&opened.snapshot, project, &cache, options));
    }
    let canvas = Canvas { views: &views, opened: &opened, ascii: arguments.ascii };
    print(&arguments.format.draw(&canvas));
    Ok(ExitCode::SUCCESS)
}

/// A range has a meaning where Alembic loads the folder; without one, what is sound is drawn.
fn part(opened: &Opened, project: &Project, walk: &Walk<'_>) -> Result<Vec<Node>, Failure> {
    check(opened, project)?;
    Ok(project.history().walk_range(walk)?)
}

/// What a folded chain says in a few words.
pub(super) fn chain(first: &str, last: &str, number: usize) -> String {
    format!("{number} revisions from {last} to {first}")
}
