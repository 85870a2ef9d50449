//! The fix: the operations that SQLite cannot do, written into batches.
//!
//! It is offered where the function, so changed, is known to run on the tables that it meets. So
//! the text is rewritten first, with neighbours in one batch and then each on its own, and the
//! function that comes out is evaluated and tried.

use revline_python::emit::{self, Quotes};
use revline_python::syntax::ast::{Arg, Expr, ExprKind, Stmt};
use revline_schema::{Constraint, ForeignKeyConstraint, IndexElement, Key, KeyConstraint, Op};
use revline_sql::sqlite_trial;
use revline_text::{Edit, Range, SourceChange};

use super::met::{Met, Walk};
use super::names;
use super::written::{Written, blocks, with_comma};
use crate::{FileContext, Fix, Safety};

/// The fix of a function, where there is one that certainly helps.
pub(super) fn fix(context: &FileContext<'_>, walk: &Walk) -> Option<Fix> {
    let text = context.snapshot.text(context.file)?;
    let source = text.as_str();
    let wanted = wanted(context, walk)?;
    for joined in [true, false] {
        let repair = Repair { context, walk, source, joined, wanted: &wanted };
        let (edits, batches) = repair.edits()?;
        let changed = text.edited(&edits);
        let migration = context.snapshot.supposed(
            context.project,
            context.file,
            &changed,
            &walk.target(),
            &walk.before,
        );
        let runs = migration.is_complete()
            && sqlite_trial(&walk.before, &migration.steps, &walk.settings).is_ok();
        if runs {
            let title = match batches {
                1 => "Wrap in a batch, which SQLite can run",
                _ => "Wrap in batches, which SQLite can run",
            };
            return Some(Fix {
                title: title.to_owned(),
                change: SourceChange::edit(context.file, edits),
                safety: Safety::Unsafe,
            });
        }
    }
    None
}

/// The calls that have to be rewritten; `None` where one of them is not in this file.
fn wanted(context: &FileContext<'_>, walk: &Walk) -> Option<Vec<Range>> {
    let mut wanted: Vec<Range> = Vec::new();
    for met in walk.met.iter().filter(|met| met.objection.is_some()) {
        let is_rewritten = !matches!(met.op, Op::Execute(_) | Op::CreateTable(_) | Op::Batch(_));
        let span = met.span.filter(|span| span.file == context.file && is_rewritten)?;
        if !wanted.contains(&span.range) {
            wanted.push(span.range);
        }
    }
    Some(wanted)
}

/// Operations that go into one batch.
struct Group<'a> {
    calls: Vec<Written<'a>>,
    /// What the batch is called inside.
    name: &'static str,
}

struct Repair<'a> {
    context: &'a FileContext<'a>,
    walk: &'a Walk,
    source: &'a str,
    /// Whether what stands beside a call that SQLite cannot take goes into its batch.
    joined: bool,
    wanted: &'a [Range],
}

impl<'a> Repair<'a> {
    /// The edits, and how many batches they write; `None` where a call cannot be rewritten.
    fn edits(&self) -> Option<(Vec<Edit>, usize)> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        blocks(self.context.source.module(), &mut Vec::new(), &mut |block, around| {
            self.groups(block, around, &mut groups);
        });
        let found = groups.iter().flat_map(|group| &group.calls).map(|call| call.range);
        let found: Vec<Range> = found.collect();
        if !self.wanted.iter().all(|range| found.contains(range)) {
            return None;
        }
        let mut edits = Vec::new();
        for group in &groups {
            self.write(group, &mut edits)?;
        }
        Some((edits, groups.len()))
    }

    /// The runs of calls on one table that hold one which is wanted.
    fn groups(&self, block: &'a [Stmt], around: &[&str], groups: &mut Vec<Group<'a>>) {
        let name = match around.contains(&"batch_op") {
            true => "table_batch_op",
            false => "batch_op",
        };
        let mut open: Vec<Written<'a>> = Vec::new();
        let mut close = |open: &mut Vec<Written<'a>>| {
            let calls = std::mem::take(open);
            if calls.iter().any(|call| self.wanted.contains(&call.range)) {
                groups.push(Group { calls, name });
            }
        };
        for statement in block {
            let call = Written::read(self.source, statement)
                .filter(|call| self.joined || self.wanted.contains(&call.range));
            let Some(call) = call else {
                close(&mut open);
                continue;
            };
            if open.last().is_some_and(|last| !self.are_neighbours(last, &call)) {
                close(&mut open);
            }
            open.push(call);
        }
        close(&mut open);
    }

    /// Whether two calls are about one table, with nothing but space and comments between them.
    fn are_neighbours(&self, upper: &Written<'_>, lower: &Written<'_>) -> bool {
        let text = |expr: &Expr| expr.range.slice(self.source);
        let between = self.source.get(upper.range.end() as usize..lower.range.start() as usize);
        let is_quiet = |line: &str| line.trim().is_empty() || line.trim().starts_with('#');
        text(upper.table) == text(lower.table)
            && upper.receiver.slice(self.source) == lower.receiver.slice(self.source)
            && upper.schema.and_then(text) == lower.schema.and_then(text)
            && between.is_some_and(|between| between.lines().all(is_quiet))
    }

    fn write(&self, group: &Group<'_>, edits: &mut Vec<Edit>) -> Option<()> {
        let (first, last) = (group.calls.first()?, group.calls.last()?);
        let line = self.source.get(..first.range.start() as usize)?.rfind('\n').map_or(0, |at| at + 1);
        let indent = self.source.get(line..first.range.start() as usize)?;
        let unit = if indent.contains('\t') { "\t" } else { "    " };
        let mut rules: Vec<(&'static str, String)> = Vec::new();
        let mut inside = Vec::new();
        for call in &group.calls {
            inside.push(Edit::replace(call.receiver, group.name));
            inside.extend(call.left_out.iter().map(|range| Edit::replace(*range, "")));
            self.adjust(group, call, indent, unit, &mut inside, &mut rules)?;
        }
        let mut head = format!(
            "with {}.batch_alter_table({}",
            first.receiver.slice(self.source)?,
            first.table.range.slice(self.source)?
        );
        if let Some(schema) = first.schema.and_then(|schema| schema.range.slice(self.source)) {
            head.push_str(&format!(", schema={schema}"));
        }
        if !rules.is_empty() {
            let rules: Vec<String> =
                rules.iter().map(|(key, rule)| format!("{}: {}", quoted(key), quoted(rule))).collect();
            head.push_str(&format!(", naming_convention={{{}}}", rules.join(", ")));
        }
        head.push_str(&format!(") as {}:\n{indent}{unit}", group.name));
        edits.push(Edit::insert(first.range.start(), head));
        edits.append(&mut inside);
        self.indent(group, Range::new(first.range.start(), last.range.end()), unit, edits);
        Some(())
    }

    /// Moves the further lines of a group one level in. Lines inside of a string stay where they are,
    /// and so do those of a call that has one over several lines: Python does not mind.
    fn indent(&self, group: &Group<'_>, whole: Range, unit: &str, edits: &mut Vec<Edit>) {
        let text = whole.slice(self.source).unwrap_or_default();
        let stays = |at: u32| {
            group.calls.iter().any(|call| {
                let inside = call.range.start() < at && at < call.range.end();
                let text = call.range.slice(self.source).unwrap_or_default();
                let is_left_out =
                    call.left_out.iter().any(|range| range.start() < at && at <= range.end());
                let has_long_string = text.contains("\"\"\"") || text.contains("'''");
                inside && (has_long_string || is_left_out)
            })
        };
        for (at, _) in text.match_indices('\n') {
            let start = whole.start().saturating_add(u32::try_from(at + 1).unwrap_or(u32::MAX));
            let line = self.source.get(start as usize..).and_then(|rest| rest.lines().next());
            if line.is_some_and(|line| !line.trim().is_empty()) && !stays(start) {
                edits.push(Edit::insert(start, unit));
            }
        }
    }

    /// What a call needs beside another receiver, so that a batch takes it.
    fn adjust(
        &self,
        group: &Group<'_>,
        call: &Written<'_>,
        indent: &str,
        unit: &str,
        edits: &mut Vec<Edit>,
        rules: &mut Vec<(&'static str, String)>,
    ) -> Option<()> {
        let own = |met: &&Met| {
            met.span.is_some_and(|span| {
                span.file == self.context.file && span.range == call.range
            })
        };
        let mut met = self.walk.met.iter().filter(own);
        let (Some(met), is_only) = (met.next(), met.next().is_none()) else { return Some(()) };
        let line = |text: String| format!("\n{indent}{unit}{}.{text}", group.name);
        match &met.op {
            Op::AddConstraint(op) if op.constraint.name().is_none() && is_only => {
                let given = call.argument(0, "constraint_name")?;
                if matches!(given.kind, ExprKind::None)
                    && let Some(name) = names::of_added(&met.before, &op.table, &op.constraint)
                {
                    edits.push(Edit::replace(given.range, quoted(&name)));
                }
            }
            Op::AddColumn(op) if is_only => {
                let column = std::slice::from_ref(&op.column.name);
                for key in op.column.foreign_keys.iter().filter(|key| key.name.is_none()) {
                    let whole = Constraint::ForeignKey(ForeignKeyConstraint {
                        columns: column.to_vec(),
                        referent: key.referent.clone(),
                        referent_columns: key.referent_column.iter().cloned().collect(),
                        ..ForeignKeyConstraint::default()
                    });
                    let span = key.origin.span().filter(|span| span.file == self.context.file);
                    if let Some(name) = names::of_added(&met.before, &op.table, &whole)
                        && let Some(edit) = span.and_then(|span| self.keyword(span.range, &name))
                    {
                        edits.push(edit);
                    }
                }
                let key = KeyConstraint { columns: column.to_vec(), ..KeyConstraint::default() };
                let unique = Constraint::Unique(key);
                if op.column.unique
                    && !op.column.index
                    && let Some(name) = names::of_added(&met.before, &op.table, &unique)
                    && let Some(range) = self.unique(call)
                {
                    edits.push(Edit::replace(range, ""));
                    let columns = quoted(op.column.name.as_str());
                    let name = quoted(&name);
                    let made = format!("create_unique_constraint({name}, [{columns}])");
                    edits.push(Edit::insert(call.range.end(), line(made)));
                }
            }
            Op::DropConstraint(op) => {
                if let Some(rule) = names::of_dropped(&met.before, op) {
                    match rules.iter().find(|(key, _)| *key == rule.0) {
                        Some(other) if *other != rule => return None,
                        Some(_) => {}
                        None => rules.push(rule),
                    }
                }
            }
            // A copy makes the indexes of a column that it drops, and fails.
            Op::DropColumn(op) if is_only => {
                let table = met.before.table(&Key::from(&op.table))?;
                for index in &table.indexes {
                    let columns = index.elements.iter().map(IndexElement::column);
                    let is_of_column_alone =
                        columns.into_iter().all(|column| column == Some(&op.column));
                    if is_of_column_alone && let Some(name) = &index.name {
                        let name = quoted(name.as_str());
                        let dropped = format!("{}.drop_index({name})\n{indent}{unit}", group.name);
                        edits.push(Edit::insert(call.range.start(), dropped));
                    }
                }
            }
            _ => {}
        }
        Some(())
    }

    /// `name="…"` as the last argument of a call.
    fn keyword(&self, call: Range, name: &str) -> Option<Edit> {
        let text = call.slice(self.source)?;
        let inside = text.strip_suffix(')')?.trim_end();
        let comma = if inside.ends_with([',', '(']) { "" } else { ", " };
        let at = call.start() + u32::try_from(inside.len()).ok()?;
        Some(Edit::insert(at, format!("{comma}name={}", quoted(name))))
    }

    /// `unique=True` in the column of a call, with the comma that goes with it.
    fn unique(&self, call: &Written<'_>) -> Option<Range> {
        let column = call.arguments.iter().find_map(|argument| match argument {
            Arg::Positional(Expr { kind: ExprKind::Call { arguments, .. }, .. }) => Some(arguments),
            _ => None,
        })?;
        let at = column.iter().position(|argument| {
            matches!(argument, Arg::Keyword { name, value, .. }
                if &**name == "unique" && matches!(value.kind, ExprKind::True))
        })?;
        with_comma(self.source, column, at)
    }
}

fn quoted(text: &str) -> String {
    emit::string(text, Quotes::Double)
}
