//! Asking a database where it stands, as whole processes, beside real Alembic.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use revline_tests::project::Project;

use super::{RUNS, Row};

/// Connects to a file beside the configuration.
const ENV_PY: &str = "\
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option(\"sqlalchemy.url\"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
";

/// `current` and `status` on a SQLite database that is stamped in the middle of the history.
pub(super) fn rows(
    program: &Path,
    python: &Path,
    project: &Project,
    middle: &str,
) -> Result<Vec<Row>> {
    let root = project.root();
    project.write("migrations/env.py", ENV_PY);
    project.write("revline.toml", "[database]\nurl = 'sqlite:///bench.db'\n");
    project.write(
        "alembic.ini",
        "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = sqlite:///bench.db\n",
    );
    let real = |words: &[&str]| {
        let mut command = Command::new(python);
        command.args(["-m", "alembic"]).args(words).current_dir(root);
        command
    };
    let own = |words: &[&str]| {
        let mut command = Command::new(program);
        command.args(words).current_dir(root);
        command
    };
    median(&mut || own(&["stamp", middle, "--yes"]), 1)?;
    // Once: in the middle of ten thousand revisions it takes more than a minute.
    let (alembic, said) = median(&mut || real(&["current"]), 1)?;
    let mut rows = Vec::new();
    let asked: [(&'static str, &[&str], bool); 2] = [
        ("current, whole process", &["current"], true),
        ("status, whole process", &["status"], false),
    ];
    for (what, words, same) in asked {
        let (took, own_said) = median(&mut || own(words), RUNS)?;
        ensure!(!same || own_said.trim() == said.trim(), "{own_said} is not {said}");
        let ratio = alembic.as_secs_f64() / took.as_secs_f64();
        rows.push(Row {
            what,
            measured: format!(
                "{} ms, alembic current {} ms: {ratio:.0}x",
                took.as_millis(),
                alembic.as_millis()
            ),
            aim: "20 times alembic's",
            met: ratio >= 20.0,
        });
    }
    Ok(rows)
}

/// The median of whole processes, and what the last one printed. `status` ends with 1 where something is pending.
fn median(command: &mut dyn FnMut() -> Command, runs: usize) -> Result<(Duration, String)> {
    let mut times = Vec::new();
    let mut said = String::new();
    for _ in 0..runs {
        let mut command = command();
        let began = Instant::now();
        let output = command.output()?;
        times.push(began.elapsed());
        let program = command.get_program().display().to_string();
        let told = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.code().is_some_and(|code| code <= 1), "{program}: {told}");
        said = String::from_utf8_lossy(&output.stdout).into_owned();
    }
    times.sort_unstable();
    Ok((times.get(runs / 2).copied().unwrap_or_default(), said))
}
