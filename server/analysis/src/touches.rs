//! Which tables, columns, indexes and constraints the operations of a revision name, and where. Only
//! names that stand in the source as such count: what raw SQL names is not among them.

use std::sync::Arc;

use revline_frameworks::alembic::migration::{Direction, Migration, Target, follow};
use revline_history::Node;
use revline_schema::{
    AlterColumn, Column, Constraint, CreateTable, Index, IndexElement, Key, Name, Op, Schema, Step,
    TableItem, TableName, Touched,
};
use revline_sql::{DIALECTS, Dialect};
use revline_text::{FileId, Range, Span};

use crate::{Project, Snapshot};

/// What is named.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    /// A table.
    Table(Key),
    /// A column of a table.
    Column(Key, Arc<str>),
    /// An index, with its table where that is known.
    Index(Option<Key>, Arc<str>),
    /// A constraint of a table.
    Constraint(Key, Arc<str>),
}

impl Subject {
    /// The table that it is or belongs to.
    pub const fn table(&self) -> Option<&Key> {
        match self {
            Self::Table(key) | Self::Column(key, _) | Self::Constraint(key, _) => Some(key),
            Self::Index(key, _) => key.as_ref(),
        }
    }
}

/// What an operation does with what it names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Deed {
    /// It is there from here on: created, or what was renamed has this name now.
    Makes,
    /// It is only named, or something about it changes.
    Uses,
    /// It is gone from here on.
    Drops,
}

/// A name in a revision file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Touch {
    /// Where the name stands, without quotes.
    pub span: Span,
    /// What it names.
    pub subject: Subject,
    /// What is done with it.
    pub deed: Deed,
    /// The operation.
    pub call: Span,
}

/// How deep blocks may be nested.
const MAX_DEPTH: usize = 16;

/// Every name in the operations of a body, in the order of the operations.
pub fn touches(steps: &[Step]) -> Vec<Touch> {
    let mut found = Vec::new();
    collect(steps, &mut found, 0);
    found
}

/// The operations of a body that end before an offset of a file, those inside blocks included.
pub fn steps_before(steps: &[Step], file: FileId, offset: u32) -> Vec<Step> {
    let ends_before = |step: &Step| {
        step.span.span().is_none_or(|span| span.file != file || span.range.end() <= offset)
    };
    let mut before = Vec::new();
    for step in steps {
        let inner = match &step.op {
            Op::Batch(batch) => Some(&batch.steps),
            Op::AutocommitBlock(block) => Some(&block.steps),
            _ => None,
        };
        let is_around =
            step.span.span().is_some_and(|span| span.file == file && span.range.start() < offset);
        match inner {
            // A batch is one operation; up to the caret it is those inside that stand above.
            Some(inner) if is_around => {
                before.extend(inner.iter().filter(|one| ends_before(one)).cloned())
            }
            _ if ends_before(step) => before.push(step.clone()),
            _ => {}
        }
    }
    before
}

fn collect(steps: &[Step], found: &mut Vec<Touch>, depth: usize) {
    for step in steps {
        let Some(call) = step.span.span() else { continue };
        let mut hands = Hands { found: &mut *found, call };
        match &step.op {
            Op::Batch(batch) => {
                hands.table(&batch.table, Deed::Uses);
                if depth < MAX_DEPTH {
                    collect(&batch.steps, found, depth + 1);
                }
            }
            Op::AutocommitBlock(block) if depth < MAX_DEPTH => {
                collect(&block.steps, found, depth + 1);
            }
            op => hands.op(op),
        }
    }
}

struct Hands<'a> {
    found: &'a mut Vec<Touch>,
    call: Span,
}

impl Hands<'_> {
    fn op(&mut self, op: &Op) {
        match op {
            Op::CreateTable(op) => self.create_table(op),
            Op::DropTable(op) => self.table(&op.table, Deed::Drops),
            Op::RenameTable(op) => {
                self.table(&op.table, Deed::Drops);
                self.table(&op.to(), Deed::Makes);
            }
            Op::TableComment(op) => self.table(&op.table, Deed::Uses),
            Op::AddColumn(op) => {
                self.table(&op.table, Deed::Uses);
                self.column(&op.table, &op.column);
            }
            Op::DropColumn(op) => {
                self.table(&op.table, Deed::Uses);
                self.named_column(&op.table, &op.column, Deed::Drops);
            }
            Op::AlterColumn(op) => self.alter_column(op),
            Op::CreateIndex(op) => {
                self.table(&op.table, Deed::Uses);
                self.index(&op.table, &op.index);
            }
            Op::DropIndex(op) => {
                let table = op.table();
                if let Some(table) = &table {
                    self.table(table, Deed::Uses);
                }
                if let Some(name) = &op.name {
                    let subject = Subject::Index(table.as_ref().map(Key::from), name.text.clone());
                    self.push(name, subject, Deed::Drops);
                }
            }
            Op::AddConstraint(op) => {
                self.table(&op.table, Deed::Uses);
                self.constraint(&op.table, &op.constraint);
            }
            Op::DropConstraint(op) => {
                self.table(&op.table, Deed::Uses);
                if let Some(name) = &op.name {
                    let subject = Subject::Constraint(Key::from(&op.table), name.text.clone());
                    self.push(name, subject, Deed::Drops);
                }
            }
            Op::BulkInsert(op) => {
                let table = &op.table;
                let name = TableName { schema: table.schema.clone(), name: table.name.clone() };
                self.table(&name, Deed::Uses);
            }
            Op::Touch(touch) => {
                if let Touched::Table(table) | Touched::Definition(table) = &touch.part {
                    self.table(table, Deed::Uses);
                }
            }
            Op::Execute(_)
            | Op::Batch(_)
            | Op::AutocommitBlock(_)
            | Op::CreateType(_)
            | Op::DropType(_)
            | Op::Opaque(_) => {}
        }
    }

    fn push(&mut self, name: &Name, subject: Subject, deed: Deed) {
        if let Some(span) = name.span() {
            self.found.push(Touch { span, subject, deed, call: self.call });
        }
    }

    fn table(&mut self, table: &TableName, deed: Deed) {
        self.push(&table.name, Subject::Table(Key::from(table)), deed);
    }

    fn named_column(&mut self, table: &TableName, column: &Name, deed: Deed) {
        self.push(column, Subject::Column(Key::from(table), column.text.clone()), deed);
    }

    fn create_table(&mut self, op: &CreateTable) {
        self.table(&op.table, Deed::Makes);
        for item in &op.items {
            match item {
                TableItem::Column(column) => self.column(&op.table, column),
                TableItem::Constraint(constraint) => self.constraint(&op.table, constraint),
                TableItem::Index(index) => self.index(&op.table, index),
                TableItem::Opaque(_) => {}
            }
        }
    }

    fn column(&mut self, table: &TableName, column: &Column) {
        self.named_column(table, &column.name, Deed::Makes);
        for key in &column.foreign_keys {
            self.table(&key.referent, Deed::Uses);
            if let Some(referent) = &key.referent_column {
                self.named_column(&key.referent, referent, Deed::Uses);
            }
            self.constraint_name(table, key.name.as_ref());
        }
        for check in &column.checks {
            self.constraint_name(table, check.name.as_ref());
        }
    }

    fn alter_column(&mut self, op: &AlterColumn) {
        self.table(&op.table, Deed::Uses);
        let renames = op.new_name.as_ref().is_some_and(|new| new.text != op.column.text);
        let deed = if renames { Deed::Drops } else { Deed::Uses };
        self.named_column(&op.table, &op.column, deed);
        if let Some(new) = op.new_name.as_ref().filter(|_| renames) {
            self.named_column(&op.table, new, Deed::Makes);
        }
    }

    fn index(&mut self, table: &TableName, index: &Index) {
        if let Some(name) = &index.name {
            let subject = Subject::Index(Some(Key::from(table)), name.text.clone());
            self.push(name, subject, Deed::Makes);
        }
        for column in index.elements.iter().filter_map(IndexElement::column) {
            self.named_column(table, column, Deed::Uses);
        }
    }

    fn constraint_name(&mut self, table: &TableName, name: Option<&Name>) {
        if let Some(name) = name {
            let subject = Subject::Constraint(Key::from(table), name.text.clone());
            self.push(name, subject, Deed::Makes);
        }
    }

    fn constraint(&mut self, table: &TableName, constraint: &Constraint) {
        self.constraint_name(table, constraint.name());
        match constraint {
            Constraint::PrimaryKey(key) | Constraint::Unique(key) => {
                for column in &key.columns {
                    self.named_column(table, column, Deed::Uses);
                }
            }
            Constraint::ForeignKey(key) => {
                for column in &key.columns {
                    self.named_column(table, column, Deed::Uses);
                }
                self.table(&key.referent, Deed::Uses);
                for column in &key.referent_columns {
                    self.named_column(&key.referent, column, Deed::Uses);
                }
            }
            Constraint::Exclude(exclude) => {
                for column in exclude.elements.iter().filter_map(|(element, _)| element.column()) {
                    self.named_column(table, column, Deed::Uses);
                }
            }
            Constraint::Check(_) => {}
        }
    }
}

/// A list of names that was made from an evaluation, known by that evaluation.
#[derive(Clone)]
pub(crate) struct Evaluation(Arc<Migration>);

impl PartialEq for Evaluation {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Evaluation {}

/// Lists of names by file and target.
pub(crate) type Touches =
    crate::LastTwo<(FileId, std::path::PathBuf, Target), Evaluation, Arc<Vec<Touch>>>;

impl Snapshot {
    /// The dialects by which the bodies of a project's revisions are read: its own, else all.
    pub fn dialects(&self, project: &Project) -> Vec<&'static dyn Dialect> {
        let own = self.targets(project);
        if own.is_empty() { DIALECTS.to_vec() } else { own }
    }

    /// Every name in one direction of a revision file, each with its own bytes: of `"users.id"` the
    /// table is the first part and the column the second.
    pub fn touches(
        &self,
        project: &Project,
        file: FileId,
        direction: Direction,
        dialect: &'static dyn Dialect,
    ) -> Arc<Vec<Touch>> {
        let target = Target::executed(dialect.facts().name, direction);
        let Some(migration) = self.migration(project, file, &target) else {
            return Arc::default();
        };
        let key = (file, project.environment.script_location.clone(), target);
        let identity = Evaluation(migration.clone());
        self.memo().touches.get(&key, identity, || {
            let text = self.text(file);
            let mut found = touches(&migration.steps);
            if let Some(text) = text {
                found.iter_mut().filter(|touch| touch.span.file == file).for_each(|touch| {
                    touch.span.range = letters(text.as_str(), touch.span.range, &touch.subject);
                });
            }
            Arc::new(found)
        })
    }

    /// The schema that an operation at an offset of a revision meets, and the direction that the
    /// offset stands in: the state that the direction starts from, with the operations above.
    pub fn schema_at(
        &self,
        project: &Project,
        node: Node,
        direction: Direction,
        offset: u32,
        dialect: &'static dyn Dialect,
    ) -> Arc<Schema> {
        let Some(passage) = self.passage(project, node, direction, dialect) else {
            return self.schema_before(project, node, dialect);
        };
        let file = project.history()[node].file;
        let steps = passage.migration.as_ref().map(|migration| migration.steps.as_slice());
        let above = steps_before(steps.unwrap_or_default(), file, offset);
        if above.is_empty() {
            return passage.before;
        }
        Arc::new(follow(&passage.before, &above, dialect.facts().name))
    }
}

/// The letters of a name in the literal that holds it: without prefix and quotes, and of a dotted
/// name the part that is meant. The whole range where the literal is no plain one.
fn letters(text: &str, range: Range, subject: &Subject) -> Range {
    let Some(literal) = range.slice(text) else { return range };
    let name: &str = match subject {
        Subject::Table(key) => &key.name,
        Subject::Column(_, name) | Subject::Index(_, name) | Subject::Constraint(_, name) => name,
    };
    let quote = |char: char| matches!(char, '"' | '\'');
    let Some(open) = literal.find(quote) else { return range };
    let Some(close) = literal.rfind(quote).filter(|close| *close > open) else { return range };
    let inner = literal.get(open + 1..close).unwrap_or_default();
    let at = match subject {
        // `schema.table.column`: the table is what stands before the last part.
        Subject::Table(_) if inner != name => inner.rfind('.').and_then(|dot| {
            let table = inner.get(..dot)?;
            table.ends_with(name).then(|| table.len() - name.len())
        }),
        _ => inner.ends_with(name).then(|| inner.len() - name.len()),
    };
    match at {
        Some(at) => {
            let start = range.start() as usize + open + 1 + at;
            Range::of(start, start + name.len())
        }
        None => range,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(literal: &str, subject: &Subject, expected: &str) {
        let text = format!("f({literal})");
        let range = Range::of(2, 2 + literal.len());
        assert_eq!(letters(&text, range, subject).slice(&text), Some(expected));
    }

    #[test]
    fn a_name_is_its_own_letters_in_the_literal() {
        let table = Subject::Table("users".into());
        let column = Subject::Column("users".into(), "id".into());
        check("'users'", &table, "users");
        check("\"users.id\"", &table, "users");
        check("'auth.users.id'", &table, "users");
        check("'users.id'", &column, "id");
        check("u'id'", &column, "id");
        check("NAME", &table, "NAME");
        check("'us' 'ers'", &table, "'us' 'ers'");
    }
}
