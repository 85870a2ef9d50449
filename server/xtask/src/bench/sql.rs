//! SQL as whole processes, beside real Alembic on the same files.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use revline_tests::judge::program::{ENV_PY, Environment};
use revline_tests::judge::{Tools, corpus, offline};
use revline_tests::project::Project;

use super::{RUNS, Row};
use crate::{paths, setup};

/// The generated history: all of it, and one revision.
pub(super) fn generated(
    program: &Path,
    python: &Path,
    project: &Project,
    revisions: usize,
) -> Result<Vec<Row>> {
    project.write(
        "migrations/env.py",
        &ENV_PY.replace("context.config.get_main_option(\"dialect\")", "\"postgresql\""),
    );
    let (own, alembic) = (Side::revline(program), Side::alembic(python));
    let whole = beside(project.root(), &own, &alembic, "base:heads", "heads")?;
    let one = whole.texts.0.lines().filter_map(|line| line.strip_prefix("-- Running upgrade "));
    let one =
        one.filter(|line| !line.contains(", ")).nth(revisions / 2).context("there is a middle")?;
    let (from, to) = one.split_once(" -> ").context("a step has two ends")?;
    let range = format!("{}:{}", from.trim(), to.trim());
    let step = beside(project.root(), &own, &alembic, &range, &range)?;
    Ok(vec![
        whole.row("sql base:heads, the generated history", 8.0),
        step.row("sql of one revision of it", 50.0),
    ])
}

/// apache-superset, what Alembic cannot import or render cut to its header for both.
pub(super) fn superset(program: &Path) -> Result<Row> {
    let judges = setup::judges()?;
    let tools = Tools {
        revline: program.to_owned(),
        plain: judges.plain,
        online: judges.online,
        corpus: judges.corpus,
        work: paths::target().join("revline-judge"),
        server: None,
        jobs: 2,
    };
    let locations = corpus::locations(&tools.corpus, &["apache-superset".to_owned()])?;
    let location = locations.first().context("it is listed")?;
    let folder = tools.work.join("bench-superset");
    let versions = folder.join("versions");
    std::fs::create_dir_all(&versions)?;
    let mut cut = 0;
    let answers = offline::alembic(&tools, location, None)?;
    let upgrades: BTreeMap<_, _> = answers
        .iter()
        .filter(|((dialect, _, direction), _)| dialect == "postgresql" && direction == "upgrade")
        .map(|((_, file, _), answer)| (file, answer))
        .collect();
    for (file, answer) in &upgrades {
        let original = location.versions.iter().map(|folder| folder.join(file));
        let original = original.into_iter().find(|path| path.exists()).context("a file")?;
        let mut text = std::fs::read_to_string(original)?;
        if answer["ok"] != true {
            cut += 1;
            let python = |value: &serde_json::Value| value.to_string().replace("null", "None");
            text = format!(
                "revision = {}\ndown_revision = {}\n\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n",
                python(&answer["revision"]),
                python(&answer["down_revision"])
            );
        }
        std::fs::write(versions.join(file), text)?;
    }
    Environment::write(&tools, location, None, folder.clone(), &[versions])?;
    println!("apache-superset: {} revisions, {cut} cut to their headers", upgrades.len());
    let alembic = Side::alembic(&tools.plain);
    Ok(beside(&folder, &Side::revline(program), &alembic, "base:heads", "heads")?
        .row("sql base:heads, apache-superset", 10.0))
}

/// One of the two programs.
struct Side {
    program: std::path::PathBuf,
    before: &'static [&'static str],
    after: &'static [&'static str],
}

impl Side {
    fn revline(program: &Path) -> Self {
        Self { program: program.to_owned(), before: &["sql"], after: &["--dialect", "postgresql"] }
    }

    fn alembic(python: &Path) -> Self {
        Self {
            program: python.to_owned(),
            before: &["-m", "alembic", "upgrade"],
            after: &["--sql"],
        }
    }

    fn run(&self, folder: &Path, range: &str) -> Result<(Duration, String)> {
        let mut command = Command::new(&self.program);
        command.args(self.before).arg(range).args(self.after).current_dir(folder);
        let began = Instant::now();
        let output = command.env_remove("ALEMBIC_CONFIG").stdin(Stdio::null()).output()?;
        let took = began.elapsed();
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or_default();
        ensure!(output.status.success(), "{}: {last}", self.program.display());
        Ok((took, String::from_utf8_lossy(&output.stdout).into_owned()))
    }
}

struct Beside {
    own: Duration,
    alembic: Duration,
    texts: (String, String),
}

/// Both in turn, so that both have the same machine; the medians.
fn beside(
    folder: &Path,
    own: &Side,
    alembic: &Side,
    own_range: &str,
    range: &str,
) -> Result<Beside> {
    let (mut owns, mut alembics) = (Vec::new(), Vec::new());
    let mut texts = (String::new(), String::new());
    for _ in 0..RUNS {
        let (took, text) = own.run(folder, own_range)?;
        owns.push(took);
        texts.0 = text;
        let (took, text) = alembic.run(folder, range)?;
        alembics.push(took);
        texts.1 = text;
    }
    owns.sort_unstable();
    alembics.sort_unstable();
    let middle = |times: &[Duration]| times.get(times.len() / 2).copied().unwrap_or_default();
    Ok(Beside { own: middle(&owns), alembic: middle(&alembics), texts })
}

impl Beside {
    fn row(&self, what: &'static str, times: f64) -> Row {
        let ratio = self.alembic.as_secs_f64() / self.own.as_secs_f64();
        let same = if self.texts.0 == self.texts.1 { "same text" } else { "other text" };
        Row {
            what,
            measured: format!(
                "{} ms, alembic {} ms: {ratio:.0}x, {same}",
                self.own.as_millis(),
                self.alembic.as_millis()
            ),
            aim: if times >= 50.0 {
                "50 times alembic's"
            } else if times >= 10.0 {
                "10 times alembic's"
            } else {
                "8 times alembic's"
            },
            met: ratio >= times,
        }
    }
}
