//! `cargo xtask setup`: installs what the tests are judged by and run in.
//!
//! Everything is pinned, goes into one folder outside the source tree, and is left alone when it is there already. What cannot be
//! installed is said with the reason; the tests that need it are then skipped. Debian packages are installed only as root.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::paths;
use crate::report::{Outcome, Report, Row};

mod corpus;
mod debian;
mod editors;
mod mariadb;
mod oracle;
mod postgres;
mod python;
mod strace;

/// Install what the tests need: real Alembic, the corpus, Neovim, VS Code, Emacs, Helix.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// One thing that the tests need.
struct Component {
    name: &'static str,
    /// Installs it into the tools' folder; answers the variables that tell the tests, or fails with the reason.
    install: fn(&Path) -> Result<Ready>,
}

/// An installed component.
struct Ready {
    variables: Vec<(&'static str, PathBuf)>,
    note: String,
}

/// Components that wait for each other share a lane; lanes run side by side, as most of them wait for the network.
const LANES: &[&[Component]] = &[
    &[
        Component { name: "alembic", install: oracle::install },
        Component { name: "corpus", install: corpus::install },
        Component { name: "alembic online", install: oracle::install_online },
        Component { name: "postgresql", install: postgres::install },
        Component { name: "mariadb", install: mariadb::install },
        Component { name: "strace", install: strace::install },
    ],
    &[
        Component { name: "packaging", install: oracle::install_packaging },
        Component { name: "frameworks", install: oracle::install_frameworks },
    ],
    &[Component { name: "neovim", install: editors::neovim }],
    // All of them may have to ask apt.
    &[
        Component { name: "vscode", install: editors::vscode },
        Component { name: "emacs", install: editors::emacs },
        Component { name: "helix", install: editors::helix },
    ],
];

/// What stands after a setup.
#[derive(Default)]
pub(crate) struct Installed {
    /// What tells the tests where things are.
    pub(crate) variables: Vec<(&'static str, PathBuf)>,
    /// The names of the components that are there.
    pub(crate) ready: Vec<&'static str>,
}

pub(crate) fn run(_: &Args) -> Result<bool> {
    let mut report = Report::default();
    let installed = install(&mut report)?;
    println!("{report}");
    for (name, path) in &installed.variables {
        println!("export {name}={}", path.display());
    }
    Ok(report.is_well(strict()))
}

/// Whether a skip is a failure.
pub(crate) fn strict() -> bool {
    std::env::var_os("CI").is_some_and(|ci| ci == "true" || ci == "1")
}

/// Installs all components and adds a row for each to the report.
pub(crate) fn install(report: &mut Report) -> Result<Installed> {
    let tools = paths::tools();
    std::fs::create_dir_all(&tools)?;
    let began = Instant::now();
    // Before the lanes: two of them need it, and apt takes one caller at a time.
    if let Err(why) = python::prepare() {
        report.rows.push(Row {
            what: "setup python".into(),
            outcome: Outcome::Skipped,
            took: began.elapsed(),
            count: None,
            note: format!("{why:#}"),
        });
    }
    let mut installed = Installed::default();
    let lanes: Vec<_> = thread::scope(|scope| {
        let running: Vec<_> =
            LANES.iter().map(|lane| scope.spawn(|| install_lane(lane, &tools))).collect();
        running.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    for lane in lanes {
        let Ok(lane) = lane else { bail!("a component's installation panicked") };
        for (name, row, ready) in lane {
            report.rows.push(row);
            if let Some(ready) = ready {
                installed.ready.push(name);
                installed.variables.extend(ready.variables);
            }
        }
    }
    Ok(installed)
}

/// The Python of real Alembic, installed where it is not there yet.
pub(crate) fn oracle_python() -> Result<PathBuf> {
    let tools = paths::tools();
    std::fs::create_dir_all(&tools)?;
    python::prepare()?;
    oracle::install(&tools)?;
    Ok(oracle::interpreter(&tools))
}

/// The Python that packs Revline, installed where it is not there yet.
pub(crate) fn packaging_python() -> Result<PathBuf> {
    let tools = paths::tools();
    std::fs::create_dir_all(&tools)?;
    python::prepare()?;
    oracle::install_packaging(&tools)?;
    Ok(oracle::packaging_interpreter(&tools))
}

/// What the judges over the corpus need, installed where it is not there yet.
pub(crate) fn judges() -> Result<Judges> {
    let judges = judges_alone()?;
    corpus::install(&paths::tools())?;
    Ok(judges)
}

/// The same without the packages, for projects that are not among them.
pub(crate) fn judges_alone() -> Result<Judges> {
    let tools = paths::tools();
    std::fs::create_dir_all(&tools)?;
    python::prepare()?;
    oracle::install(&tools)?;
    let note = oracle::install_online(&tools)?.note;
    postgres::install(&tools)?;
    mariadb::install(&tools)?;
    let (plain, online) = (oracle::interpreter(&tools), oracle::online_interpreter(&tools));
    Ok(Judges { plain, online, corpus: tools.join("corpus"), versions: note })
}

/// Downloads packages of another listing into a folder.
pub(crate) fn fetch(listing: &Path, folder: &Path, names: &[String]) -> Result<()> {
    let tools = paths::tools();
    std::fs::create_dir_all(&tools)?;
    python::prepare()?;
    oracle::install(&tools)?;
    corpus::fetch(&tools, listing, folder, names)
}

/// What stands for the judges over the corpus.
pub(crate) struct Judges {
    /// The interpreter with nothing but Alembic.
    pub(crate) plain: PathBuf,
    /// The interpreter that runs migrations.
    pub(crate) online: PathBuf,
    /// The unpacked packages.
    pub(crate) corpus: PathBuf,
    /// Alembic's and SQLAlchemy's versions.
    pub(crate) versions: String,
}

fn install_lane(lane: &[Component], tools: &Path) -> Vec<(&'static str, Row, Option<Ready>)> {
    let mut done = Vec::new();
    for component in lane {
        let began = Instant::now();
        let answer = (component.install)(tools);
        let (outcome, note, ready) = match answer {
            Ok(ready) => (Outcome::Passed, ready.note.clone(), Some(ready)),
            Err(why) => (Outcome::Skipped, format!("{why:#}"), None),
        };
        let took = began.elapsed();
        println!("setup {}: {note} ({:.1} s)", component.name, took.as_secs_f64());
        let what = format!("setup {}", component.name);
        done.push((component.name, Row { what, outcome, took, count: None, note }, ready));
    }
    done
}
