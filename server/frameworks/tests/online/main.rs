//! Histories evaluated and rendered here against what real Alembic 1.20.1 with SQLAlchemy 2.1.9
//! executes online on SQLite: every statement, every refusal, and the tables afterwards.
//!
//! `cases.py` holds the histories, `cases.golden` what `run.py` made of them; `drawn.py` and
//! `drawn.golden` are the same for histories that `generate.py` wrote. `REVLINE_ONLINE_CASES=x.py`
//! compares another pair of files.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test, which may be told to read another pair of files"
)]

use std::fmt::Write as _;
use std::sync::Arc;

use revline_frameworks::alembic::migration::{Direction, Module, Target, World, evaluate};
use revline_python::Source;
use revline_schema::{NamingConvention, Schema};
use revline_sql::{
    Dialect, Halt, Memory, Mode, Settings, Status, advance, dialect, reflection, render_from,
};
use revline_text::FileId;

struct Before<'a>(&'a Schema);

impl World for Before<'_> {
    fn module(&self, _: &str) -> Option<Module> {
        None
    }

    fn schema(&self) -> Option<&Schema> {
        Some(self.0)
    }
}

/// What real Alembic made of one revision.
struct Answer {
    statements: Vec<String>,
    error: Option<String>,
    tables: Vec<String>,
}

fn paragraphs(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut current = String::new();
    for line in text.lines() {
        if line.is_empty() {
            if !current.is_empty() {
                all.push(std::mem::take(&mut current));
            }
        } else {
            if !current.is_empty() {
                current.push('\n');
            }
            current.push_str(line);
        }
    }
    if !current.is_empty() {
        all.push(current);
    }
    all
}

fn answers(golden: &str) -> Vec<(String, Vec<Answer>)> {
    let mut all = Vec::new();
    for case in golden.split("==== ").skip(1) {
        let (name, body) = case.split_once('\n').unwrap();
        let revisions = body.split("---- revision\n").skip(1).map(|revision| {
            let (statements, tables) =
                revision.split_once("---- tables\n").unwrap_or((revision, ""));
            let (statements, error) = match statements.split_once("!!!! ") {
                Some((statements, error)) => (statements, Some(error.trim().to_owned())),
                None => (statements, None),
            };
            Answer { statements: paragraphs(statements), error, tables: paragraphs(tables) }
        });
        all.push((name.to_owned(), revisions.collect()));
    }
    all
}

fn cases(source: &str) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for case in source.split("# case: ").skip(1) {
        let (name, body) = case.split_once('\n').unwrap();
        all.push((name.trim().to_owned(), body.split("# next\n").map(str::to_owned).collect()));
    }
    all
}

fn convention(code: &str) -> Option<NamingConvention> {
    let line = code.lines().find_map(|line| line.strip_prefix("# convention: {"))?;
    let mut convention = NamingConvention::default();
    let parts: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
    for pair in parts.chunks(2) {
        convention = convention.with(pair[0], pair[1]);
    }
    Some(convention)
}

#[derive(Default, Debug)]
struct Figures {
    cases: usize,
    revisions: usize,
    derived: usize,
    exact: usize,
    refused: usize,
    partial: usize,
    rejected: usize,
    tables: usize,
    tables_unknown: usize,
    tables_unwritable: usize,
    reasons: std::collections::BTreeMap<String, usize>,
}

struct Judge {
    sqlite: &'static dyn Dialect,
    figures: Figures,
    failures: Vec<String>,
}

impl Judge {
    fn case(&mut self, name: &str, revisions: &[String], answers: &[Answer]) {
        self.figures.cases += 1;
        let settings =
            Settings { naming_convention: convention(&revisions.concat()), ..Settings::default() };
        let mut schema = Schema::empty(settings.naming_convention.as_ref());
        let mut memory = Memory::default();
        for (number, (code, answer)) in revisions.iter().zip(answers).enumerate() {
            self.figures.revisions += 1;
            let place = format!("{name} {}", number + 1);
            let mut text =
                "from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import \
                            postgresql, sqlite, mysql\n\ndef upgrade():\n    pass\n"
                    .to_owned();
            for line in code.lines() {
                let _ = writeln!(text, "    {line}");
            }
            let source = Arc::new(Source::parse(FileId(0), text.as_str().into()));
            let target = Target::executed("sqlite", Direction::Upgrade);
            let migration = evaluate(&source, &target, &Before(&schema));
            if !migration.is_complete() {
                self.failures.push(format!("## {place}: {:?}", migration.unknowns));
                return;
            }
            let (steps, sqlite) = (&migration.steps, self.sqlite);
            let rendered =
                render_from(&schema, &mut memory, steps, sqlite, Mode::Execute, &settings);
            let ours: Vec<String> =
                rendered.statements.iter().map(|statement| statement.text.clone()).collect();
            let why = rendered.unknowns.last().map(|unknown| unknown.why.to_string());
            let theirs = answer.error.as_deref().map(|error| error.split_once(": ").unwrap().1);
            let is_rejection = answer.error.as_deref().is_some_and(|error| {
                error.starts_with("OperationalError") || error.starts_with("IntegrityError")
            });
            let is_right = match rendered.status {
                Status::Partial => {
                    self.figures.partial += 1;
                    *self.figures.reasons.entry(why.clone().unwrap_or_default()).or_default() += 1;
                    // What is known of it must be right up to the first unknown.
                    let known =
                        ours.iter().position(|text| text.starts_with("-- not known")).unwrap();
                    ours.iter().take(known).eq(answer.statements.iter().take(known))
                }
                Status::Refused if !is_rejection || why.as_deref() == theirs => {
                    self.figures.refused += 1;
                    ours == answer.statements && why.as_deref() == theirs
                }
                // The database rejected a statement that Alembic executed.
                _ if is_rejection => {
                    self.figures.rejected += 1;
                    let text = answer.error.clone().unwrap();
                    let text: String = text.split('"').next().unwrap().into();
                    let reason = format!("rejected {text} ({place})");
                    *self.figures.reasons.entry(reason).or_default() += 1;
                    ours.starts_with(&answer.statements)
                }
                status => {
                    if status == Status::Derived {
                        self.figures.derived += 1;
                    } else {
                        self.figures.exact += 1;
                    }
                    ours == answer.statements && answer.error.is_none()
                }
            };
            if !is_right {
                self.failures.push(format!(
                    "## {place}: {:?} {why:?}\n-- code\n{code}\n-- real\n{}\n{}\n-- ours\n{}",
                    rendered.status,
                    answer.statements.join("\n"),
                    answer.error.clone().unwrap_or_default(),
                    ours.join("\n"),
                ));
                return;
            }
            if answer.error.is_some() {
                return;
            }
            schema = advance(&schema, steps, self.sqlite, &settings);
            self.tables(&place, code, &schema, &settings, answer);
        }
    }

    fn tables(
        &mut self,
        place: &str,
        code: &str,
        schema: &Schema,
        settings: &Settings,
        answer: &Answer,
    ) {
        let mut keys: Vec<_> = schema.tables.keys().cloned().collect();
        keys.sort_by_key(|key| (key.schema.clone(), key.name.clone()));
        for key in keys {
            let table = schema.table(&key).unwrap();
            self.figures.tables += 1;
            match reflection(schema, &table.name, self.sqlite, settings) {
                Ok(ours) => {
                    let head = ours[0].lines().next().unwrap();
                    let Some(at) =
                        answer.tables.iter().position(|text| text.lines().next() == Some(head))
                    else {
                        // SQLAlchemy reads such a table, and cannot write it down by itself.
                        let prefix = format!("{}: ", table.name.name);
                        if answer.tables.iter().any(|text| text.starts_with(&prefix)) {
                            self.figures.tables_unwritable += 1;
                            continue;
                        }
                        self.failures.push(format!("## {place}: no table {key:?}"));
                        continue;
                    };
                    let theirs: Vec<&String> = answer.tables[at..]
                        .iter()
                        .take(1)
                        .chain(answer.tables[at + 1..].iter().take_while(|text| {
                            text.starts_with("CREATE INDEX") || text.starts_with("CREATE UNIQUE")
                        }))
                        .collect();
                    if !theirs.iter().copied().eq(ours.iter()) {
                        self.failures.push(format!(
                            "## {place} {}\n-- code\n{code}\n-- reflected\n{}\n-- simulated\n{}",
                            table.name,
                            theirs.iter().map(|t| t.as_str()).collect::<Vec<_>>().join("\n"),
                            ours.join("\n")
                        ));
                    }
                }
                Err(Halt::Refused(why)) if why.contains("NullType") => {}
                Err(Halt::Refused(why)) => {
                    // A referent that is not there: reflection of one table alone does not mind.
                    *self.figures.reasons.entry(format!("table refused: {why}")).or_default() += 1;
                }
                Err(Halt::Unknown(opaque)) => {
                    self.figures.tables_unknown += 1;
                    *self.figures.reasons.entry(format!("table: {}", opaque.why)).or_default() += 1;
                }
            }
        }
    }
}

fn judged(source: &str, golden: &str) -> Figures {
    let answers = answers(golden);
    let cases = cases(source);
    assert_eq!(
        cases.iter().map(|case| &case.0).collect::<Vec<_>>(),
        answers.iter().map(|case| &case.0).collect::<Vec<_>>()
    );
    let mut judge = Judge {
        sqlite: dialect("sqlite").unwrap(),
        figures: Figures::default(),
        failures: Vec::new(),
    };
    for ((name, revisions), (_, answers)) in cases.iter().zip(&answers) {
        judge.case(name, revisions, answers);
    }
    eprintln!("{:#?}", judge.figures);
    let shown: Vec<_> = judge.failures.iter().take(12).cloned().collect();
    assert!(shown.is_empty(), "{} differ\n{}", judge.failures.len(), shown.join("\n\n"));
    judge.figures
}

#[test]
fn batches_execute_what_real_alembic_executes() {
    let figures = judged(include_str!("cases.py"), include_str!("cases.golden"));
    assert_eq!(figures.partial, 0);
}

#[test]
fn random_batches_execute_what_real_alembic_executes() {
    if let Ok(path) = std::env::var("REVLINE_ONLINE_CASES") {
        let golden = path.replace(".py", ".golden");
        judged(&std::fs::read_to_string(&path).unwrap(), &std::fs::read_to_string(golden).unwrap());
        return;
    }
    judged(include_str!("drawn.py"), include_str!("drawn.golden"));
}
