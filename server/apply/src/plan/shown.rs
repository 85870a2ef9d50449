//! A plan for people.

use revline_sql::StatementKind;
use revline_text::Span;

use super::{ASKED, Plan, Reason, Transactions};
use crate::native::listed;

/// How many reasons are told.
const REASONS: usize = 6;

/// A plan for people; with every statement where all of it is wanted.
pub(super) fn text(plan: &Plan, whole: bool, at: &dyn Fn(Span) -> String) -> String {
    let mut text = String::new();
    let server = plan.server.as_ref().map_or_else(
        || "the file is not there yet".to_owned(),
        |server| format!("{} {}", server.product, server.version),
    );
    text.push_str(&format!("database         {}  ({server})\n", plan.address));
    text.push_str(&format!("from             {}\n", listed(&plan.rows)));
    text.push_str(&format!("to               {}\n", listed(&plan.after)));
    if plan.steps.is_empty() {
        text.push_str("steps            none\n");
        return text;
    }
    match &plan.runner {
        Ok(runner) => {
            // Why it is not the native one stands below, with its place.
            let asked = plan.reasons.is_empty() || plan.why == ASKED;
            let why = if asked { format!(": {}", plan.why) } else { String::new() };
            text.push_str(&format!("runner           {}{why}\n", runner.as_str()));
        }
        Err(why) => text.push_str(&format!("runner           none: {why}\n")),
    }
    for other in &plan.others {
        text.push_str(&format!("also changes     {other}: env.py goes there in the same run\n"));
    }
    for reason in plan.reasons.iter().take(REASONS) {
        text.push_str(&format!("  not native     {}\n", reason.told(at)));
    }
    if let Some(more) = plan.reasons.len().checked_sub(REASONS).filter(|more| *more > 0) {
        text.push_str(&format!("                 and {more} more\n"));
    }
    let around = match plan.transactions {
        Transactions::Whole => "one around everything",
        Transactions::Each => "one around each revision",
    };
    text.push_str(&format!("transactions     {around}\n"));
    for lost in plan.lost() {
        text.push_str(&format!("lost             {lost}\n"));
    }
    for (at, step) in plan.steps.iter().enumerate() {
        text.push_str(&format!("{:>4}. {}  {}\n", at + 1, step.label, step.title));
        for statement in step.statements.iter().filter(|_| whole) {
            let end = if statement.kind == StatementKind::Sql { ";" } else { "" };
            let mark = if statement.transactional || plan.transactions == Transactions::Each {
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

impl Reason {
    /// The reason in words, with its place as `at` says it.
    pub fn told(&self, at: &dyn Fn(Span) -> String) -> String {
        let place = self.span.map(|span| format!("{}: ", at(span)));
        let step = self.step.as_ref().map(|step| format!("{step}: "));
        format!("{}{}{}", place.unwrap_or_default(), step.unwrap_or_default(), self.why)
    }
}
