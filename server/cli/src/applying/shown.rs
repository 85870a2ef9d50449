//! A plan for programs.

use revline_analysis::Project;
use revline_apply::Plan;
use revline_history::RevisionId;
use revline_sql::StatementKind;
use serde_json::{Value, json};

use crate::project::{Opened, place};

/// A plan for programs.
pub(super) fn json(opened: &Opened, project: &Project, plan: &Plan) -> Value {
    let at = |span| place(&opened.snapshot, span);
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
        "others": plan.others,
        "command": plan.request.word(),
        "targets": plan.request.targets,
        "from": ids(&plan.rows),
        "to": ids(&plan.after),
        "runner": plan.runner.as_ref().ok().map(|runner| runner.as_str()),
        "why": plan.why,
        "not_native": plan.reasons.iter().map(|reason| reason.told(&at)).collect::<Vec<_>>(),
        "transactions": match plan.transactions {
            revline_apply::Transactions::Whole => "whole",
            revline_apply::Transactions::Each => "each",
        },
        "steps": steps.collect::<Vec<_>>(),
    })
}
