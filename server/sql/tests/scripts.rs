//! Whole scripts against what `alembic upgrade --sql` prints: `oracle/script.py` makes the same
//! history and runs it with the same settings.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of a test")]

use revline_schema::{AutocommitBlock, Execute, Op, Options, Statement, Step, TextClause, Through};
use revline_sql::{DIALECTS, Dialect, Mode, ScriptStep, Settings, VersionChange, render, script};

const GOLDEN: &str = include_str!("oracle/script.golden");

fn execute(text: String) -> Step {
    Step::new(Op::Execute(Execute {
        statement: Statement::Text(TextClause {
            text: text.as_str().into(),
            ..TextClause::default()
        }),
        through: Through::Operation,
        options: Options::default(),
    }))
}

fn up(dialect: &'static dyn Dialect, settings: &Settings, from: &str, to: &str) -> ScriptStep {
    let steps = [execute(format!("up {to}"))];
    let change = match from {
        "" => VersionChange::Insert(to.into()),
        from => VersionChange::Update { from: from.into(), to: to.into() },
    };
    ScriptStep {
        label: format!("upgrade {from} -> {to}"),
        body: render(&steps, dialect, Mode::Script, settings),
        changes: vec![change],
    }
}

fn down(dialect: &'static dyn Dialect, settings: &Settings, from: &str, to: &str) -> ScriptStep {
    let block = AutocommitBlock { steps: vec![execute(format!("down {from}"))] };
    let change = match to {
        "" => VersionChange::Delete(from.into()),
        to => VersionChange::Update { from: from.into(), to: to.into() },
    };
    ScriptStep {
        label: format!("downgrade {from} -> {to}"),
        body: render(&[Step::new(Op::AutocommitBlock(block))], dialect, Mode::Script, settings),
        changes: vec![change],
    }
}

#[test]
fn scripts_are_framed_as_alembic_frames_them() {
    let plain = Settings::default;
    let all = [
        ("plain", plain()),
        ("per_migration", Settings { transaction_per_migration: true, ..plain() }),
        (
            "named",
            Settings {
                version_table: "Ver".into(),
                version_table_schema: Some("s".into()),
                ..plain()
            },
        ),
        ("no_key", Settings { version_table_pk: false, ..plain() }),
        ("not_transactional", Settings { transactional_ddl: Some(false), ..plain() }),
    ];
    let mut seen = 0;
    for (name, settings) in &all {
        for dialect in DIALECTS {
            let up = |from, to| up(*dialect, settings, from, to);
            let down = |from, to| down(*dialect, settings, from, to);
            let runs = [
                ("all", vec![up("", "a"), up("a", "b")], 0),
                ("part", vec![up("a", "b"), up("b", "c")], 1),
                ("down", vec![down("b", "a"), down("a", "")], 1),
            ];
            for (run, steps, heads) in runs {
                let head = format!("==== {name} {} {run}\n", dialect.facts().name);
                let golden = GOLDEN.split_once(&head).unwrap().1;
                let golden = golden.split("==== ").next().unwrap();
                assert_eq!(script(&steps, heads, *dialect, settings), golden, "{head}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, GOLDEN.matches("==== ").count());
}
