//! Operations rendered here against what real Alembic 1.20.1 with SQLAlchemy 2.1.9 prints.
//!
//! `../oracle/cases.py` holds the same operations as Python, `../oracle/cases.golden` what
//! `../oracle/compile_ops.py` made of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of a test")]

mod operations;

use revline_schema::{NamingConvention, Step};
use revline_sql::{DIALECTS, Mode, Settings, Status, render};

const GOLDEN: &str = include_str!("../oracle/cases.golden");

/// What real Alembic printed for a case, and its exception's message.
fn golden(case: &str, dialect: &str) -> (String, Option<String>) {
    let head = format!("==== {case} {dialect}\n");
    let body = GOLDEN.split_once(&head).unwrap_or_else(|| panic!("no golden for {head}")).1;
    let body = body.split("==== ").next().unwrap();
    match body.split_once("!!!! ") {
        Some((sql, error)) => {
            let message = error.trim().split_once(": ").unwrap().1;
            (sql.to_owned(), Some(normal(message)))
        }
        None => (body.to_owned(), None),
    }
}

/// A message without addresses, link and the parts of a `repr` that hold objects.
fn normal(message: &str) -> String {
    let message = message.split(" (Background on this error").next().unwrap();
    let mut out = String::new();
    for (index, part) in message.split(" object at 0x").enumerate() {
        match index {
            0 => out.push_str(part),
            _ => out.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit())),
        }
    }
    if let (Some(start), Some(end)) = (out.find("for constraint "), out.find("; it has no name")) {
        let class: String = out[start..].chars().take_while(|c| *c != '(').collect();
        out.replace_range(start..end, &class);
    }
    out
}

fn check(case: &str, steps: &[Step], settings: &Settings, failures: &mut Vec<String>) {
    for dialect in DIALECTS {
        let name = dialect.facts().name;
        let (sql, error) = golden(case, name);
        let rendered = render(steps, *dialect, Mode::Script, settings);
        let mut ours = String::new();
        for statement in &rendered.statements {
            ours.push_str(&format!("{};\n\n", statement.text));
        }
        let refusal = (rendered.status == Status::Refused)
            .then(|| normal(&rendered.unknowns.last().unwrap().why));
        let expected = if error.is_some() { Status::Refused } else { Status::Exact };
        if (&ours, &refusal, rendered.status) != (&sql, &error, expected) {
            failures.push(format!(
                "## {case} on {name}: {:?} {:?}\n-- real\n{sql}{}\n-- ours\n{ours}{}\n",
                rendered.status,
                rendered.unknowns,
                error.unwrap_or_default(),
                refusal.unwrap_or_default()
            ));
        }
    }
}

#[test]
fn every_case_prints_what_real_alembic_prints() {
    let convention = NamingConvention::default()
        .with("ix", "ix_%(column_0_label)s")
        .with("uq", "uq_%(table_name)s_%(column_0_N_name)s")
        .with("ck", "ck_%(table_name)s_%(constraint_name)s")
        .with("fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s")
        .with("pk", "pk_%(table_name)s");
    let mut failures = Vec::new();
    let cases = operations::cases();
    for (case, ops) in &cases {
        let settings = Settings {
            naming_convention: (*case == "convention").then(|| convention.clone()),
            ..Settings::default()
        };
        let steps: Vec<Step> = ops.iter().cloned().map(Step::new).collect();
        check(case, &steps, &settings, &mut failures);
    }
    let untold: Vec<_> = GOLDEN
        .lines()
        .filter_map(|line| line.strip_prefix("==== "))
        .filter_map(|line| line.strip_suffix(" sqlite"))
        .filter(|case| !cases.iter().any(|(name, _)| name == case))
        .collect();
    assert!(untold.is_empty(), "no operations for {untold:?}");
    assert!(failures.is_empty(), "{} differ\n{}", failures.len(), failures.join("\n"));
}
