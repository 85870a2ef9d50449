//! The operations of one table, written into one batch.

use revline_schema::Step;
use revline_text::{Edit, Range};

use super::table;
use crate::FileContext;

/// Wraps the run of operations on one table around `step`: neighbours in the source, one call a
/// statement, all at one indentation. `None` where a call is written in a way that cannot be
/// rewritten for sure: another receiver than `op`, the table not first and plain, a schema.
pub(super) fn wrap(context: &FileContext<'_>, steps: &[Step], step: &Step) -> Option<Vec<Edit>> {
    let text = context.snapshot.text(context.file)?;
    let source = text.as_str();
    let wanted = table(&step.op)?;
    let place = steps.iter().position(|other| std::ptr::eq(other, step))?;
    let same = |other: &&Step| {
        table(&other.op).is_some_and(|table| table == wanted) && other.guards.is_empty()
    };
    let before = steps.get(..place)?.iter().rev().take_while(same).count();
    let after = steps.get(place + 1..)?.iter().take_while(same).count();
    let run = steps.get(place - before..=place + after)?;
    // What cannot be rewritten ends the run; the step itself must be rewritten.
    let calls: Vec<Option<Call>> = run.iter().map(|step| Call::read(context, source, step)).collect();
    let own = before;
    let own_call = calls.get(own)?.as_ref()?;
    let mut first = own;
    while first > 0 && joins(source, calls.get(first - 1)?.as_ref(), calls.get(first)?.as_ref()) {
        first -= 1;
    }
    let mut last = own;
    while last + 1 < calls.len() && joins(source, calls.get(last)?.as_ref(), calls.get(last + 1)?.as_ref()) {
        last += 1;
    }
    let indent = own_call.indent.clone();
    let deeper = format!("{indent}{}", if indent.contains('\t') { "\t" } else { "    " });
    let schema = match &wanted.schema {
        Some(schema) => format!(", schema={}", quoted(schema.as_str())),
        None => String::new(),
    };
    let mut edits = Vec::new();
    let head = calls.get(first)?.as_ref()?;
    edits.push(Edit::insert(
        head.range.start(),
        format!(
            "with op.batch_alter_table({}{schema}) as batch_op:\n{deeper}",
            quoted(wanted.name.as_str())
        ),
    ));
    for (place, call) in calls.get(first..=last)?.iter().enumerate() {
        let call = call.as_ref()?;
        if place > 0 {
            edits.push(Edit::insert(call.range.start(), deeper.get(indent.len()..)?));
        }
        edits.push(Edit::replace(call.receiver, "batch_op"));
        edits.push(Edit::replace(call.table, ""));
        for line in call.more_lines(source) {
            edits.push(Edit::insert(line, deeper.get(indent.len()..)?));
        }
    }
    Some(edits)
}

/// Whether two calls stand on neighbouring statements: nothing but space between them.
fn joins(source: &str, upper: Option<&Call>, lower: Option<&Call>) -> bool {
    let (Some(upper), Some(lower)) = (upper, lower) else { return false };
    let between = source.get(upper.range.end() as usize..lower.range.start() as usize);
    upper.indent == lower.indent && between.is_some_and(|text| text.trim().is_empty())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// One call of `op`, as it is written.
struct Call {
    range: Range,
    /// `op`.
    receiver: Range,
    /// The table's argument with the comma and space behind it.
    table: Range,
    indent: String,
}

impl Call {
    fn read(context: &FileContext<'_>, source: &str, step: &Step) -> Option<Self> {
        let span = step.span.span().filter(|span| span.file == context.file)?;
        let name = &table(&step.op)?.name;
        let literal = name.span().filter(|span| span.file == context.file)?.range;
        let call = span.range.slice(source)?;
        call.strip_prefix("op.")?;
        // The constraint functions take the name first: `op.create_unique_constraint(name, table, …`.
        let end = source.get(literal.end() as usize..)?;
        let rest = end.trim_start();
        let space = end.len() - rest.len();
        let after_comma = rest.strip_prefix(',')?;
        let gap = after_comma.len() - after_comma.trim_start_matches([' ', '\t']).len();
        // A keyword's value could not be taken out with its name left behind.
        let before = source.get(span.range.start() as usize..literal.start() as usize)?;
        if before.trim_end().ends_with('=') || source.get(literal.start() as usize..)?.starts_with(|c| c != '"' && c != '\'') {
            return None;
        }
        if call.contains("schema=") {
            return None;
        }
        let line = source.get(..span.range.start() as usize)?.rfind('\n').map_or(0, |at| at + 1);
        let indent = source.get(line..span.range.start() as usize)?;
        if !indent.trim().is_empty() || call.contains("\"\"\"") || call.contains("'''") {
            return None;
        }
        let start = span.range.start();
        let after = source.get(span.range.end() as usize..)?;
        let line_rest = after.lines().next().unwrap_or_default().trim();
        if !(line_rest.is_empty() || line_rest.starts_with('#')) {
            return None;
        }
        Some(Self {
            range: span.range,
            receiver: Range::new(start, start + 2),
            table: Range::of(literal.start() as usize, literal.end() as usize + space + 1 + gap),
            indent: indent.to_owned(),
        })
    }

    /// Where the further lines of the call begin, but for the part that is taken out.
    fn more_lines(&self, source: &str) -> Vec<u32> {
        let text = self.range.slice(source).unwrap_or_default();
        text.match_indices('\n')
            .map(|(at, _)| self.range.start() + u32::try_from(at + 1).unwrap_or(0))
            .filter(|at| !(self.table.start() < *at && *at < self.table.end()))
            .collect()
    }
}
