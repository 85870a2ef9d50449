//! What a migration takes away for good, in words: tables, columns, rows.

use revline_schema::{Op, Statement, Step};

/// What is lost, in the order in which it goes.
pub(crate) fn lost(steps: &[Step]) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<&Step> = steps.iter().rev().collect();
    while let Some(step) = open.pop() {
        match &step.op {
            Op::DropTable(op) => found.push(format!("table {} with its rows", op.table)),
            Op::DropColumn(op) => found.push(format!("column {}.{}", op.table, op.column)),
            Op::Batch(batch) => open.extend(batch.steps.iter().rev()),
            Op::AutocommitBlock(block) => open.extend(block.steps.iter().rev()),
            Op::Execute(op) => match &op.statement {
                Statement::Delete(delete) => found.push(format!("rows of {}", delete.table.name)),
                Statement::Text(text) => found.extend(lost_by_text(&text.text.text)),
                _ => {}
            },
            _ => {}
        }
    }
    found.dedup();
    found
}

/// The words of raw SQL that take something away.
fn lost_by_text(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let upper: Vec<String> = words.iter().take(3).map(|word| word.to_uppercase()).collect();
    let first: Vec<&str> = upper.iter().map(String::as_str).collect();
    let named = |word: Option<&&str>| match word {
        Some(name) => name.trim_matches([';', '"']).to_owned(),
        None => "a table".to_owned(),
    };
    match first.as_slice() {
        ["DELETE", "FROM", ..] => Some(format!("rows of {}", named(words.get(2)))),
        ["TRUNCATE", "TABLE", ..] => Some(format!("all rows of {}", named(words.get(2)))),
        ["TRUNCATE", ..] => Some(format!("all rows of {}", named(words.get(1)))),
        ["DROP", "TABLE", "IF"] => Some(format!("table {} with its rows", named(words.get(4)))),
        ["DROP", "TABLE", ..] => Some(format!("table {} with its rows", named(words.get(2)))),
        _ => None,
    }
}
