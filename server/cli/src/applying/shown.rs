//! A plan for people and for programs.

use revline_analysis::Project;
use revline_apply::{Plan, Reason};
use revline_history::RevisionId;
use revline_sql::StatementKind;
use serde_json::{Value, json};

use crate::output::heading;
use crate::project::{Opened, place};

/// How many reasons are told.
const REASONS: usize = 6;

/// A plan for people; with every statement where all of it is wanted.
pub(super) fn text(opened: &Opened, plan: &Plan, whole: bool) -> String {
    let mut text = heading(&format!("{} {}", plan.request.word(), plan.request.targets.join(" ")));
    let server = plan.server.as_ref().map_or_else(
        || "the file is not there yet".to_owned(),
        |server| format!("{} {}", server.product, server.version),
    );
    text.push_str(&format!("database         {}  ({server})\n", plan.address));
    text.push_str(&format!("from             {}\n", rows(&plan.rows)));
    text.push_str(&format!("to               {}\n", rows(&plan.after)));
    if plan.steps.is_empty() {
        text.push_str("steps            none\n");
        return text;
    }
    match &plan.runner {
        Ok(runner) => {
            text.push_str(&format!("runner           {}: {}\n", runner.as_str(), plan.why));
        }
        Err(why) => text.push_str(&format!("runner           none: {why}\n")),
    }
    for reason in plan.reasons.iter().take(REASONS) {
        text.push_str(&format!("  not native     {}\n", told(opened, reason)));
    }
    if let Some(more) = plan.reasons.len().checked_sub(REASONS).filter(|more| *more > 0) {
        text.push_str(&format!("                 and {more} more\n"));
    }
    let around = match plan.transactions {
        revline_apply::Transactions::Whole => "one around everything",
        revline_apply::Transactions::Each => "one around each revision",
    };
    text.push_str(&format!("transactions     {around}\n"));
    for lost in plan.lost() {
        text.push_str(&format!("lost             {lost}\n"));
    }
    for (at, step) in plan.steps.iter().enumerate() {
        text.push_str(&format!("{:>4}. {}  {}\n", at + 1, step.label, step.title));
        for statement in step.statements.iter().filter(|_| whole) {
            let end = if statement.kind == StatementKind::Sql { ";" } else { "" };
            let mark = if statement.transactional
                || plan.transactions == revline_apply::Transactions::Each
            {
                ""
            } else {
                "  -- outside of the transaction"
            };
            for (line, one) in statement.text.trim().lines().enumerate() {
                let last = line + 1 == statement.text.trim().lines().count();
                let (end, mark) = if last { (end, mark) } else { ("", "") };
                text.push_str(&format!("        {one}{end}{mark}\n"));
            }
        }
    }
    text
}

fn told(opened: &Opened, reason: &Reason) -> String {
    let at = reason.span.map(|span| format!("{}: ", place(&opened.snapshot, span)));
    let step = reason.step.as_ref().map(|step| format!("{step}: "));
    format!("{}{}{}", at.unwrap_or_default(), step.unwrap_or_default(), reason.why)
}

/// Rows in words.
pub(super) fn rows(rows: &[RevisionId]) -> String {
    if rows.is_empty() {
        return "base".to_owned();
    }
    rows.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(", ")
}

/// A plan for programs.
pub(super) fn json(opened: &Opened, project: &Project, plan: &Plan) -> Value {
    let ids = |rows: &[RevisionId]| rows.iter().map(ToString::to_string).collect::<Vec<_>>();
    let steps = plan.steps.iter().map(|step| {
        let statements = step.statements.iter().filter(|it| it.kind == StatementKind::Sql);
        json!({
            "step": step.label,
            "title": step.title,
            "file": step.file,
            "status": step.status.as_str(),
            "statements": statements
                .map(|it| json!({ "sql": it.text, "transactional": it.transactional }))
                .collect::<Vec<_>>(),
            "lost": step.lost,
            "version_table": step.changes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    });
    json!({
        "event": "plan",
        "environment": project.name(),
        "database": plan.address,
        "command": plan.request.word(),
        "targets": plan.request.targets,
        "from": ids(&plan.rows),
        "to": ids(&plan.after),
        "runner": plan.runner.as_ref().ok().map(|runner| runner.as_str()),
        "why": plan.why,
        "not_native": plan.reasons.iter().map(|reason| told(opened, reason)).collect::<Vec<_>>(),
        "transactions": match plan.transactions {
            revline_apply::Transactions::Whole => "whole",
            revline_apply::Transactions::Each => "each",
        },
        "steps": steps.collect::<Vec<_>>(),
    })
}
