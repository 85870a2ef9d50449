//! What an operation does to a schema. Total: an operation that cannot be meant as it stands
//! changes what can be changed and is reported, unless the state it meets is in doubt.

mod parts;

use std::sync::Arc;

use crate::build;
use crate::column::Column;
use crate::constraint::{Constraint, ConstraintKind, Index, IndexElement, TableName};
use crate::effect::{self, Effect};
use crate::name::{Name, Opaque};
use crate::naming::{NamingConvention, NamingSubject};
use crate::op::{
    AlterColumn, CreateTable, DropConstraint, DropIndex, Execute, Op, Statement, Touched, TypeOp,
};
use crate::state::{Key, Schema, Sight, Table};
use crate::step::Step;
use crate::types::{EnumFlavour, EnumType, TypeKind};
use parts::{altered, drop_column, points, rename_in_parts, repointed};
pub(crate) use parts::{index_mentions, mentions};

/// How deep batches and blocks may be nested before the rest is in doubt.
const MAX_DEPTH: usize = 16;

/// An operation that does not fit the schema it meets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Problem {
    /// What does not fit.
    pub kind: ProblemKind,
    /// The name that is missing or taken, as the operation gives it.
    pub name: Name,
    /// The table it is looked for in; the table itself for tables.
    pub table: TableName,
}

/// What does not fit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProblemKind {
    /// The table is not there.
    NoSuchTable,
    /// The table is there already.
    TableExists,
    /// The column is not there.
    NoSuchColumn,
    /// The column is there already.
    ColumnExists,
    /// The index is not there.
    NoSuchIndex,
    /// The index is there already.
    IndexExists,
    /// The constraint is not there.
    NoSuchConstraint,
    /// The constraint is there already.
    ConstraintExists,
}

/// The schema after an operation, and what did not fit.
pub fn apply(schema: &Schema, op: &Op) -> (Schema, Vec<Problem>) {
    let mut state = State { schema: schema.clone(), problems: Vec::new() };
    state.op(op, 0);
    (state.schema, state.problems)
}

/// The schema after steps, and what did not fit. A step that may run or not puts what it touches in
/// doubt.
pub fn apply_steps(schema: &Schema, steps: &[Step]) -> (Schema, Vec<Problem>) {
    let mut state = State { schema: schema.clone(), problems: Vec::new() };
    state.steps(steps, 0);
    (state.schema, state.problems)
}

struct State {
    schema: Schema,
    problems: Vec<Problem>,
}

impl State {
    fn steps(&mut self, steps: &[Step], depth: usize) {
        for step in steps {
            if step.is_uncertain() {
                let why = step
                    .undecided()
                    .last()
                    .map(|guard| Opaque { why: guard.fact.clone(), origin: guard.origin });
                self.doubt_touched(&step.op, why.unwrap_or_else(|| Opaque::new("a condition")), 0);
            } else {
                self.op(&step.op, depth);
            }
        }
    }

    fn doubt_touched(&mut self, op: &Op, why: Opaque, depth: usize) {
        if let Some(table) = op.table() {
            self.replace(|schema| schema.with_doubtful(table, why.clone()));
        }
        match op {
            Op::RenameTable(op) => self.replace(|schema| schema.with_doubtful(&op.to(), why)),
            Op::DropIndex(op) => {
                if let Some(table) = self.index_table(op) {
                    self.replace(|schema| schema.with_doubtful(&table, why));
                }
            }
            Op::AutocommitBlock(block) if depth < MAX_DEPTH => {
                for step in &block.steps {
                    self.doubt_touched(&step.op, why.clone(), depth + 1);
                }
            }
            Op::AutocommitBlock(_) => self.replace(|schema| schema.doubted(why)),
            Op::Execute(op) => self.execute(op),
            Op::Touch(_) => self.op(op, depth),
            Op::CreateType(_) | Op::DropType(_) => {
                self.schema.types_doubt.get_or_insert(why);
            }
            // What is not known of it says more than the condition.
            Op::Opaque(own) => self.replace(|schema| schema.doubted(own.clone())),
            _ => {}
        }
    }

    fn replace(&mut self, change: impl FnOnce(Schema) -> Schema) {
        self.schema = change(std::mem::take(&mut self.schema));
    }

    fn op(&mut self, op: &Op, depth: usize) {
        match op {
            Op::CreateTable(op) => self.create_table(op),
            Op::DropTable(op) => {
                let key = Key::from(&op.table);
                self.schema.made_since.remove_mut(&key);
                if !self.schema.tables.remove_mut(&key) && !op.if_exists {
                    self.report(ProblemKind::NoSuchTable, &op.table.name, &op.table, None);
                }
                if op.options.is_set("cascade") {
                    self.drop_references(&key);
                }
            }
            Op::RenameTable(op) => {
                self.rename_table(&op.table, &op.to());
            }
            Op::TableComment(op) => {
                let comment = if op.is_drop { None } else { op.comment.clone() };
                self.change(&op.table, |_, table| table.comment = comment);
            }
            Op::AddColumn(op) => {
                let naming = self.schema.naming.clone();
                let (column, if_not_exists) = (&op.column, op.if_not_exists);
                self.change(&op.table, |problems, table| {
                    if table.column(column.name.as_str()).is_some() {
                        if !if_not_exists {
                            problems.push((ProblemKind::ColumnExists, column.name.clone()));
                        }
                        return;
                    }
                    build::push_column(&naming, problems, table, column, false);
                });
            }
            Op::DropColumn(op) => self.change(&op.table, |problems, table| {
                if table.column(op.column.as_str()).is_none() {
                    if !op.if_exists {
                        problems.push((ProblemKind::NoSuchColumn, op.column.clone()));
                    }
                    return;
                }
                drop_column(table, &op.column);
            }),
            Op::AlterColumn(op) => self.alter_column(op),
            Op::CreateIndex(op) => {
                let naming = self.schema.naming.clone();
                self.change(&op.table, |problems, table| {
                    let taken =
                        op.index.name.as_ref().filter(|n| table.index(n.as_str()).is_some());
                    match taken {
                        Some(_) if op.if_not_exists => {}
                        Some(name) => problems.push((ProblemKind::IndexExists, name.clone())),
                        None => {
                            let columns = op.index.elements.iter().filter_map(IndexElement::column);
                            match columns.into_iter().find(|c| table.column(c.as_str()).is_none()) {
                                Some(stray) => {
                                    problems.push((ProblemKind::NoSuchColumn, stray.clone()));
                                }
                                None => build::push_index(&naming, problems, table, &op.index),
                            }
                        }
                    }
                });
            }
            Op::DropIndex(op) => self.drop_index(op),
            Op::AddConstraint(op) => {
                let naming = self.schema.naming.clone();
                self.change(&op.table, |problems, table| {
                    match build::stray_column(table, &op.constraint) {
                        Some(stray) => problems.push((ProblemKind::NoSuchColumn, stray.clone())),
                        None => build::push_constraint(&naming, problems, table, &op.constraint),
                    }
                });
            }
            Op::DropConstraint(op) => self.drop_constraint(op),
            Op::Execute(op) => self.execute(op),
            Op::BulkInsert(_) => {}
            Op::Batch(batch) if depth < MAX_DEPTH => self.steps(&batch.steps, depth + 1),
            Op::AutocommitBlock(block) if depth < MAX_DEPTH => self.steps(&block.steps, depth + 1),
            Op::Batch(_) | Op::AutocommitBlock(_) => {
                self.replace(|schema| schema.doubted(Opaque::new("blocks are nested too deeply")));
            }
            Op::CreateType(op) => {
                if let Some((key, enum_)) = enum_of(op) {
                    self.schema.enums.insert_mut(key, enum_);
                }
            }
            Op::DropType(op) => {
                if let Some((key, _)) = enum_of(op) {
                    self.schema.enums.remove_mut(&key);
                }
            }
            Op::Touch(touch) => {
                let touched: Vec<TableName> = match &touch.part {
                    Touched::Table(table) => vec![table.clone()],
                    Touched::Definition(table) => {
                        self.schema.types_doubt.get_or_insert_with(|| touch.why.clone());
                        vec![table.clone()]
                    }
                    Touched::Schema(schema) => {
                        let name = schema.as_ref().map(|name| &name.text);
                        let tables = self.schema.tables.iter();
                        tables
                            .filter(|(key, _)| key.schema.as_ref() == name)
                            .map(|(_, table)| table.name.clone())
                            .collect()
                    }
                    Touched::Referring(table) => {
                        let key = Key::from(table);
                        let tables = self.schema.tables.values();
                        let refers =
                            |t: &&Arc<Table>| t.constraints.iter().any(|c| points(c, &key));
                        tables.filter(refers).map(|table| table.name.clone()).collect()
                    }
                };
                for table in touched {
                    self.replace(|schema| schema.with_doubtful(&table, touch.why.clone()));
                }
            }
            Op::Opaque(why) => self.replace(|schema| schema.doubted(why.clone())),
        }
    }

    /// Takes the foreign keys to a table away.
    fn drop_references(&mut self, to: &Key) {
        let tables: Vec<(Key, Arc<Table>)> =
            self.schema.tables.iter().map(|(key, table)| (key.clone(), table.clone())).collect();
        for (key, table) in tables {
            if table.constraints.iter().any(|constraint| points(constraint, to)) {
                let mut table = (*table).clone();
                table.constraints.retain(|constraint| !points(constraint, to));
                self.schema.tables.insert_mut(key, Arc::new(table));
            }
        }
    }

    fn create_table(&mut self, op: &CreateTable) {
        let key = Key::from(&op.table);
        let doubted = matches!(self.schema.look(&key), Sight::Uncertain(_));
        // That it could be made says that it was not there; `IF NOT EXISTS` says nothing.
        if doubted && op.if_not_exists {
            let why = Opaque::new("whether the table was there before is not known");
            return self.replace(|schema| schema.with_doubtful(&op.table, why));
        }
        if !doubted && let Some(table) = self.schema.tables.get(&key) {
            if !op.if_not_exists {
                let table = table.clone();
                self.report(ProblemKind::TableExists, &op.table.name, &op.table, Some(&table));
            }
            return;
        }
        let (table, misfits) = build::table(&self.schema.naming, op);
        for (kind, name) in misfits {
            self.report(kind, &name, &op.table, Some(&table));
        }
        for column in &table.columns {
            let mut kind = &column.type_.kind;
            if let TypeKind::Array(array) = kind {
                kind = &array.item.kind;
            }
            if let TypeKind::Enum(enum_) = kind
                && let Some(key) = enum_key(enum_)
                && enum_.create_type
                && self.schema.enums.get(&key).is_none()
            {
                self.schema.enums.insert_mut(key, enum_.clone());
            }
        }
        if self.schema.doubt.is_some() {
            self.schema.made_since.insert_mut(key.clone());
        }
        self.schema.tables.insert_mut(key, Arc::new(table));
    }

    fn rename_table(&mut self, from: &TableName, to: &TableName) {
        let (old, new) = (Key::from(from), Key::from(to));
        let Some(table) = self.schema.tables.get(&old).cloned() else {
            return self.report(ProblemKind::NoSuchTable, &from.name, from, None);
        };
        if self.schema.tables.get(&new).is_some() {
            return self.report(ProblemKind::TableExists, &to.name, to, Some(&table));
        }
        self.schema.tables.remove_mut(&old);
        self.schema.renamed.0.insert_mut(old.name.clone());
        if self.schema.made_since.remove_mut(&old) {
            self.schema.made_since.insert_mut(new.clone());
        }
        let table = Table { name: to.clone(), ..(*table).clone() };
        self.schema.tables.insert_mut(new, Arc::new(table));
        let tables: Vec<(Key, Arc<Table>)> =
            self.schema.tables.iter().map(|(key, table)| (key.clone(), table.clone())).collect();
        for (key, table) in tables {
            if let Some(table) = repointed(&table, &old, to) {
                self.schema.tables.insert_mut(key, Arc::new(table));
            }
        }
    }

    /// Changes a table; a missing one is reported.
    fn change(
        &mut self,
        name: &TableName,
        change: impl FnOnce(&mut Vec<(ProblemKind, Name)>, &mut Table),
    ) {
        let key = Key::from(name);
        let Some(before) = self.schema.tables.get(&key).cloned() else {
            return self.report(ProblemKind::NoSuchTable, &name.name, name, None);
        };
        let mut table = (*before).clone();
        let mut found = Vec::new();
        change(&mut found, &mut table);
        for (kind, what) in found {
            self.report(kind, &what, name, Some(&before));
        }
        if table != *before {
            self.schema.tables.insert_mut(key, Arc::new(table));
        }
    }

    fn alter_column(&mut self, op: &AlterColumn) {
        self.change(&op.table, |problems, table| {
            let name = op.column.as_str();
            let Some(position) = table.columns.iter().position(|c| c.name.as_str() == name) else {
                problems.push((ProblemKind::NoSuchColumn, op.column.clone()));
                return;
            };
            if let Some(new) = &op.new_name
                && new != &op.column
                && table.column(new.as_str()).is_some()
            {
                problems.push((ProblemKind::ColumnExists, new.clone()));
                return;
            }
            if let Some(column) = table.columns.get_mut(position) {
                *column = Arc::new(altered(column, op));
            }
            if let Some(new) = &op.new_name {
                rename_in_parts(table, &op.column, new);
            }
        });
    }

    fn index_table(&self, op: &DropIndex) -> Option<TableName> {
        if let Some(table) = op.table() {
            return Some(table);
        }
        let name = op.name.as_ref()?;
        let found = self.schema.tables.values().find(|table| table.index(name.as_str()).is_some());
        found.map(|table| table.name.clone())
    }

    fn drop_index(&mut self, op: &DropIndex) {
        let Some(name) = &op.name else {
            return self.replace(|s| s.doubted(Opaque::new("an index without a name is dropped")));
        };
        let Some(table) = self.index_table(op) else {
            let nowhere = TableName::default();
            let may_be_elsewhere = self.schema.tables.values().any(|table| !table.is_certain());
            if !op.if_exists && !may_be_elsewhere {
                self.report(ProblemKind::NoSuchIndex, name, &nowhere, None);
            }
            return;
        };
        self.change(&table, |problems, table| {
            let before = table.indexes.len();
            table.indexes.retain(|index| index.name.as_ref() != Some(name) && !same(index, name));
            if table.indexes.len() == before && !op.if_exists {
                problems.push((ProblemKind::NoSuchIndex, name.clone()));
            }
        });
    }

    /// A constraint that the database named by itself is not known under its name: dropping one that
    /// is not there takes the only unnamed one that can be meant, and puts the table in doubt where
    /// several can.
    fn drop_constraint(&mut self, op: &DropConstraint) {
        let naming = self.schema.naming.clone();
        self.change(&op.table, |problems, table| {
            let key = match op.kind {
                Some(ConstraintKind::Check) => "ck",
                _ => "",
            };
            let subject = NamingSubject {
                key,
                name: op.name.as_ref(),
                table: &op.table,
                columns: Vec::new(),
                referent: None,
            };
            let resolved = naming.resolve(&subject);
            let Ok(Some(name)) = resolved else {
                match unnamed(table, op.kind, None) {
                    Some(position) => drop_at(table, position),
                    None => {
                        let why = "a constraint without a name is dropped";
                        table.doubt.get_or_insert(Opaque::new(why));
                    }
                }
                return;
            };
            let named = |c: &Constraint| c.name().is_some_and(|n| n.text == name.text);
            let found = table.constraints.iter().position(|c| named(c));
            if let Some(position) = found.or_else(|| unnamed(table, op.kind, Some(&name))) {
                drop_at(table, position);
                return;
            }
            let may_be_meant =
                |c: &Constraint| c.name().is_none() && op.kind.is_none_or(|kind| kind == c.kind());
            if table.constraints.iter().any(|c| may_be_meant(c)) {
                table.doubt.get_or_insert(Opaque {
                    why: "a constraint that the database named is dropped".into(),
                    origin: name.origin,
                });
            } else if !op.if_exists {
                problems.push((ProblemKind::NoSuchConstraint, name));
            }
        });
    }

    fn execute(&mut self, op: &Execute) {
        let (effect, why) = match &op.statement {
            Statement::Text(clause) => (effect::of(clause.text.as_str()), clause.text.origin),
            Statement::Ddl(text) => (effect::of(text.as_str()), text.origin),
            Statement::Opaque(opaque) => {
                return self.replace(|schema| schema.doubted(opaque.clone()));
            }
            _ => return,
        };
        let doubt = |text: &str| Opaque { why: text.into(), origin: why };
        match effect {
            Effect::Nothing => {}
            Effect::Tables(tables) => {
                for table in tables {
                    let why = doubt("raw SQL changes this table");
                    self.replace(|schema| schema.with_doubtful(&table, why));
                }
            }
            Effect::Everything => {
                let why = doubt("what this SQL does to the schema is not known");
                self.replace(|schema| schema.doubted(why));
            }
        }
    }

    fn report(&mut self, kind: ProblemKind, name: &Name, table: &TableName, met: Option<&Table>) {
        let is_certain = match met {
            None => self.schema.is_certain(),
            Some(met) => {
                let since = || self.schema.made_since.contains(&Key::from(&met.name));
                met.is_certain() && (self.schema.is_certain() || since())
            }
        };
        if is_certain {
            self.problems.push(Problem { kind, name: name.clone(), table: table.clone() });
        }
    }
}

fn drop_at(table: &mut Table, position: usize) {
    let dropped = table.constraints.remove(position);
    if let Constraint::PrimaryKey(key) = &*dropped {
        for column in &mut table.columns {
            if key.columns.contains(&column.name) {
                *column = Arc::new(Column { primary_key: false, ..(**column).clone() });
            }
        }
    }
}

/// The constraint without a name that is meant where one of a kind is dropped: the only one, or the
/// one that PostgreSQL would have called so. Two kinds may both be meant where none is said.
fn unnamed(table: &Table, kind: Option<ConstraintKind>, name: Option<&Name>) -> Option<usize> {
    let kind = kind?;
    let is_candidate = |c: &Constraint| c.name().is_none() && c.kind() == kind;
    let all: Vec<usize> = (0..table.constraints.len())
        .filter(|at| table.constraints.get(*at).is_some_and(|c| is_candidate(c)))
        .collect();
    if let [only] = all.as_slice() {
        return Some(*only);
    }
    let convention = NamingConvention::default()
        .with("fk", "%(table_name)s_%(column_0_N_name)s_fkey")
        .with("uq", "%(table_name)s_%(column_0_N_name)s_key");
    let name = name?;
    let is_called_so = |at: &usize| {
        let subject = table.constraints.get(*at);
        let subject = subject.and_then(|c| NamingSubject::of_constraint(&table.name, c));
        let own = subject.and_then(|subject| convention.resolve(&subject).ok().flatten());
        own.is_some_and(|own| own.text == name.text)
    };
    let mut found = all.into_iter().filter(is_called_so);
    found.next().filter(|_| found.next().is_none())
}

fn same(index: &Index, name: &Name) -> bool {
    index.name.as_ref().is_some_and(|own| own.text == name.text)
}

/// The key of a type that the database knows by name.
fn enum_key(enum_: &EnumType) -> Option<Key> {
    let is_native = enum_.native_enum || enum_.flavour == EnumFlavour::Postgresql;
    let name = enum_.name.as_ref().filter(|_| is_native)?;
    Some(Key {
        schema: enum_.schema.as_ref().map(|schema| schema.text.clone()),
        name: name.text.clone(),
    })
}

fn enum_of(op: &TypeOp) -> Option<(Key, Arc<EnumType>)> {
    match &op.type_.kind {
        TypeKind::Enum(enum_) => Some((enum_key(enum_)?, enum_.clone())),
        _ => None,
    }
}
