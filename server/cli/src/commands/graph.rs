//! `revline graph`: the picture of the history, one file for each form. A new form is a file with
//! `ABOUT` and `draw`, and a word in `forms!`.

use std::collections::HashSet;
use std::process::ExitCode;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use revline_analysis::{Depth, Project};
use revline_history::{Node, RevisionId, Walk};
use revline_ide::{GraphMarks, GraphRow, GraphView};
use revline_lint::Cache;

use crate::database::{Chosen, rows};
use crate::output::{Failure, print};
use crate::project::{Globals, Opened, check, open};

macro_rules! forms {
    [$($name:ident),* $(,)?] => {
        $(mod $name;)*

        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[allow(non_camel_case_types, reason = "a form is spelt as its module")]
        enum Form {
            $($name,)*
        }

        impl ValueEnum for Form {
            fn value_variants<'a>() -> &'a [Self] {
                &[$(Self::$name),*]
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(match self {
                    $(Self::$name => PossibleValue::new(stringify!($name)).help($name::ABOUT),)*
                })
            }
        }

        impl Form {
            fn draw(self, canvas: &Canvas<'_>) -> String {
                match self {
                    $(Self::$name => $name::draw(canvas)),*
                }
            }
        }
    };
}

pub(in crate::commands) use text::newest;

forms![text, mermaid, dot, svg, json];

/// Draw the history.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// What it is drawn as.
    #[arg(long, value_enum, default_value_t = Form::text)]
    format: Form,
    /// Only these revisions, written [start]:[end].
    #[arg(short, long, value_name = "RANGE", allow_hyphen_values = true)]
    rev_range: Option<String>,
    /// Fold chains in which nothing happens into one row each.
    #[arg(long)]
    fold: bool,
    /// Draw text with the characters of ASCII alone.
    #[arg(long)]
    ascii: bool,
    #[command(flatten)]
    chosen: Chosen,
}

/// What is drawn.
struct Canvas<'a> {
    pictures: &'a [Picture<'a>],
    opened: &'a Opened,
    /// Whether text keeps to ASCII.
    ascii: bool,
}

/// The graph of an environment.
struct Picture<'a> {
    project: &'a Project,
    view: GraphView,
    /// What is shown of the view's rows, from above.
    rows: Vec<Row>,
    /// The identifiers in the picture.
    ids: HashSet<RevisionId>,
}

/// A row of the view, or a run of them that is folded into one.
struct Row {
    /// The first row of the view and the last one.
    first: usize,
    last: usize,
    /// The places of the parents among the rows.
    parents: Vec<usize>,
    /// The places of what it depends on.
    depends_on: Vec<usize>,
}

pub(crate) fn run(arguments: &Arguments, globals: &Globals) -> anyhow::Result<ExitCode> {
    let walk = match &arguments.rev_range {
        Some(range) => Walk::parse(range).map_err(Failure::from)?,
        None => Walk::ALL,
    };
    let current = if walk.needs_current() { Some(rows(globals, &arguments.chosen)?) } else { None };
    let walk = match &current {
        Some(rows) => walk.with_current(rows),
        None => walk,
    };
    let opened = open(globals, Depth::Shared)?;
    let findings = Cache::default().graph_only(&opened.snapshot).into_iter().collect();
    let marks = GraphMarks { findings, ..GraphMarks::default() };
    let mut pictures = Vec::new();
    for project in &opened.projects {
        let view = match arguments.rev_range {
            Some(_) => GraphView::part(project, &part(&opened, project, &walk)?, &marks),
            None => GraphView::of(project, &marks),
        };
        pictures.push(Picture::new(project, view, arguments.fold));
    }
    let canvas = Canvas { pictures: &pictures, opened: &opened, ascii: arguments.ascii };
    print(&arguments.format.draw(&canvas));
    Ok(ExitCode::SUCCESS)
}

/// A range has a meaning where Alembic loads the folder; without one, what is sound is drawn.
fn part(opened: &Opened, project: &Project, walk: &Walk<'_>) -> Result<Vec<Node>, Failure> {
    check(opened, project)?;
    Ok(project.history().walk_range(walk)?)
}

impl<'a> Picture<'a> {
    fn new(project: &'a Project, view: GraphView, fold: bool) -> Self {
        let mut rows: Vec<Row> = Vec::new();
        // The place of each row of the view.
        let mut places: Vec<usize> = Vec::with_capacity(view.rows.len());
        let mut runs = view.runs.iter().filter(|_| fold).peekable();
        while places.len() < view.rows.len() {
            let first = places.len();
            let run = runs.next_if(|(start, _)| *start as usize == first);
            let last = run.map_or(first, |(_, last)| *last as usize);
            places.extend((first..=last).map(|_| rows.len()));
            rows.push(Row { first, last, parents: Vec::new(), depends_on: Vec::new() });
        }
        for edge in &view.edges {
            let place = |row: u32| places.get(row as usize).copied();
            let (Some(child), Some(parent)) = (place(edge.child), place(edge.parent)) else {
                continue;
            };
            // Within a run nothing is drawn, and what leads upwards is a defect that is told.
            if child < parent
                && let Some(row) = rows.get_mut(child)
            {
                if edge.is_dependency { &mut row.depends_on } else { &mut row.parents }
                    .push(parent);
            }
        }
        let ids = view.rows.iter().map(|row| row.id.clone()).collect();
        Self { project, view, rows, ids }
    }

    /// The rows of the view that a row shows.
    fn shown(&self, row: &Row) -> &[GraphRow] {
        self.view.rows.get(row.first..=row.last).unwrap_or_default()
    }

    /// What a folded run says in a few words; `None` for a row of one revision.
    fn run(&self, row: &Row) -> Option<String> {
        match self.shown(row) {
            [newest, .., oldest] => {
                let number = row.last - row.first + 1;
                Some(format!("{number} revisions from {} to {}", oldest.id, newest.id))
            }
            _ => None,
        }
    }

    /// The parents of a revision that are there and not in the picture.
    fn outside(&self, row: &GraphRow) -> Vec<String> {
        let history = self.project.history();
        let Some(node) = history.find(row.id.as_str()) else { return Vec::new() };
        let parents = history.parents(node).iter().map(|parent| &history[*parent].id);
        parents.filter(|id| !self.ids.contains(*id)).map(ToString::to_string).collect()
    }
}
