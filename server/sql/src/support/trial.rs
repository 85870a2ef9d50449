//! Whether steps are known to run on SQLite: every statement known, read by SQLite, and at home in
//! the schema that it meets.
//!
//! The answer «it runs» is a promise, so everything that is not understood completely is a
//! hindrance: SQL with names that are not found, functions that not every SQLite has, tables in
//! doubt. What rows may be in the tables beside those that the steps themselves make is not asked.

mod rows;

use std::borrow::Cow;
use std::collections::BTreeSet;

use revline_schema::{
    Constraint, Index, IndexElement, Key, Op, Schema, Sight, Step, Table, TableName, apply,
};

use super::{Support, grammar, judge};
use crate::batch;
use crate::dialect::dialect;
use crate::parse;
use crate::print::Cx;
use crate::reflect::identifiers;
use crate::render::{Memory, render_from};
use crate::rendered::{Mode, StatementKind, Status};
use crate::running::Running;
use crate::settings::Settings;

/// What keeps steps from running, or from being known to run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hindrance {
    /// In words for a person.
    pub why: String,
    /// Whether they certainly fail there, with an exception that Python code can catch.
    pub fails: bool,
}

type Trial = Result<(), Hindrance>;

fn fails(why: impl Into<String>) -> Hindrance {
    Hindrance { why: why.into(), fails: true }
}

fn unsure(why: impl Into<String>) -> Hindrance {
    Hindrance { why: why.into(), fails: false }
}

/// Whether all of the steps are known to run on a SQLite database that holds `before`, and if not,
/// the first thing in the way.
pub fn sqlite_trial(before: &Schema, steps: &[Step], settings: &Settings) -> Trial {
    let Some(sqlite) = dialect("sqlite") else { return Err(unsure("there is no SQLite here")) };
    let cx = Cx { dialect: sqlite, settings, mode: Mode::Execute };
    let running = Running::new(before.clone());
    Walk { cx, running, ended: BTreeSet::new() }.steps(steps, 0)
}

struct Walk<'a> {
    cx: Cx<'a>,
    running: Running,
    /// Attempts that a failure has ended.
    ended: BTreeSet<u32>,
}

/// How deep batches and blocks may be nested before the rest is not known.
const MAX_DEPTH: usize = 8;

impl Walk<'_> {
    fn steps(&mut self, steps: &[Step], depth: usize) -> Trial {
        for step in steps {
            if step.is_uncertain() {
                let facts: Vec<&str> = step.undecided().map(|guard| &*guard.fact).collect();
                return Err(unsure(format!("whether a step runs: {}", facts.join("; "))));
            }
            let attempt = step.attempt();
            if attempt.is_some_and(|attempt| self.ended.contains(&attempt)) {
                continue;
            }
            match (self.step(step, depth), attempt) {
                (Ok(()), _) => {}
                (Err(hindrance), Some(attempt)) if hindrance.fails => {
                    self.ended.insert(attempt);
                }
                (Err(hindrance), _) if hindrance.fails && step.is_handled() => {
                    return Err(unsure(format!("what follows a handled {}", hindrance.why)));
                }
                (Err(hindrance), _) => return Err(hindrance),
            }
        }
        Ok(())
    }

    fn step(&mut self, step: &Step, depth: usize) -> Trial {
        match &step.op {
            Op::Batch(_) | Op::AutocommitBlock(_) if depth >= MAX_DEPTH => {
                return Err(unsure("blocks are nested too deeply"));
            }
            Op::Batch(op) if !batch::recreates(self.cx, op) => {
                return self.steps(&op.steps, depth + 1);
            }
            Op::AutocommitBlock(block) => return self.steps(&block.steps, depth + 1),
            _ => {}
        }
        self.op(&step.op)?;
        self.running.step(self.cx, step);
        Ok(())
    }

    fn op(&mut self, op: &Op) -> Trial {
        let schema = &self.running.schema;
        match judge(self.cx, op, Some(schema), 0) {
            Support::Supported => {}
            Support::Refused(why) | Support::Invalid(why) => return Err(fails(why)),
            Support::Unknown(opaque) => return Err(unsure(opaque.why.to_string())),
        }
        let steps = [Step::new(op.clone())];
        let mut memory = Memory::default();
        let rendered = render_from(
            schema,
            &mut memory,
            &steps,
            self.cx.dialect,
            self.cx.mode,
            self.cx.settings,
        );
        if rendered.status > Status::Derived {
            let why = rendered.unknowns.first().map_or("", |unknown| &*unknown.why).to_owned();
            return Err(Hindrance { why, fails: rendered.status == Status::Refused });
        }
        match op {
            Op::Batch(batch) => {
                for step in batch.steps.iter().filter(|step| matches!(step.op, Op::Execute(_))) {
                    self.op(&step.op)?;
                }
                return self.copied(batch);
            }
            Op::Execute(_) => {
                for effect in parse::effects(op, schema, self.cx.dialect) {
                    if let Op::Touch(touch) = &effect {
                        return Err(unsure(touch.why.why.to_string()));
                    }
                    self.fits(&effect)?;
                }
            }
            _ => self.fits(op)?,
        }
        // The indexes that an operation brings along are made when the rest of it is there.
        let found = match op {
            Op::CreateTable(_) | Op::AddColumn(_) => Cow::Owned(apply(schema, op).0),
            _ => Cow::Borrowed(schema),
        };
        for statement in rendered.statements.iter().filter(|one| one.kind == StatementKind::Sql) {
            if grammar::count(&statement.text) != 1 {
                return Err(unsure("Python's driver takes one statement at a time"));
            }
            rows::check(&statement.text, &found)?;
        }
        Ok(())
    }

    /// Whether an operation finds what it names, and nothing that is in its way.
    fn fits(&self, op: &Op) -> Trial {
        let schema = &self.running.schema;
        if let Op::Opaque(opaque) = op {
            return Err(unsure(opaque.why.to_string()));
        }
        // A table that the history does not have is made, however much else is in doubt.
        let is_new =
            matches!(op, Op::CreateTable(op) if schema.table(&Key::from(&op.table)).is_none());
        if let Some(table) = op.table().filter(|_| !is_new)
            && let Sight::Uncertain(why) = schema.look(&Key::from(table))
        {
            return Err(unsure(format!("what the table {table} is: {}", why.why)));
        }
        if let Some(problem) = apply(schema, op).1.first() {
            let (name, kind) = (&problem.name, &problem.kind);
            return Err(unsure(format!("{name} does not fit the schema: {kind:?}")));
        }
        match op {
            Op::CreateTable(op) => {
                let mut names = BTreeSet::new();
                if !op.columns().all(|column| names.insert(column.name.text.to_lowercase())) {
                    return Err(unsure("two columns of one name"));
                }
                op.indexes().try_for_each(|index| self.is_free(index, &op.table))
            }
            Op::CreateIndex(op) if !op.if_not_exists => {
                self.is_free(&op.index, &op.table)?;
                self.has_columns(&op.index, &op.table)
            }
            Op::DropColumn(op) => self.is_needed_by_nothing(&op.table, op.column.as_str()),
            _ => Ok(()),
        }
    }

    /// Indexes share their names with all others of the database.
    fn is_free(&self, index: &Index, own: &TableName) -> Trial {
        let Some(name) = &index.name else { return Ok(()) };
        let own = Key::from(own);
        let mut others = self.running.schema.tables.iter().filter(|(key, _)| **key != own);
        match others.find(|(_, table)| table.index(name.as_str()).is_some()) {
            Some((_, table)) => Err(unsure(format!("{} has an index {name}", table.name))),
            None => Ok(()),
        }
    }

    fn has_columns(&self, index: &Index, table: &TableName) -> Trial {
        let Some(table) = self.running.schema.table(&Key::from(table)) else { return Ok(()) };
        let has = |name: &str| table.columns.iter().any(|c| c.name.text.eq_ignore_ascii_case(name));
        match index.elements.iter().filter_map(IndexElement::column).find(|c| !has(c.as_str())) {
            Some(stray) => Err(unsure(format!("{} has no column {stray}", table.name))),
            None => Ok(()),
        }
    }

    /// Where a column stands inside a text of its table, dropping it may fail.
    fn is_needed_by_nothing(&self, table: &TableName, column: &str) -> Trial {
        let Some(table) = self.running.schema.table(&Key::from(table)) else { return Ok(()) };
        if table.is_raw {
            return Err(unsure(format!("raw SQL wrote a part of {}", table.name)));
        }
        match texts(self.cx, table)
            .iter()
            .any(|text| identifiers(text).contains(&column.to_lowercase()))
        {
            true => Err(unsure(format!("an expression of {} may name {column}", table.name))),
            false => Ok(()),
        }
    }

    /// SQLAlchemy reflects with a table the tables that its foreign keys point to, and theirs, and
    /// fails where one is not there.
    fn is_reflected(&self, table: &Table) -> Trial {
        let mut seen: BTreeSet<Key> = BTreeSet::new();
        let mut open: Vec<&Table> = vec![table];
        while let Some(table) = open.pop() {
            for constraint in &table.constraints {
                let Constraint::ForeignKey(key) = &**constraint else { continue };
                let referent = Key::from(&key.referent);
                if !seen.insert(referent.clone()) {
                    continue;
                }
                match self.running.schema.look(&referent) {
                    Sight::Present(table) => open.push(table),
                    Sight::Absent | Sight::Uncertain(_) => {
                        let (own, other) = (&table.name, &key.referent);
                        return Err(unsure(format!("{own} points to {other}, which may be gone")));
                    }
                }
            }
        }
        Ok(())
    }

    /// A copy has been rendered, so it is known; every table that a statement reads is there.
    fn copied(&self, batch: &revline_schema::Batch) -> Trial {
        match self.running.schema.look(&Key::from(&batch.table)) {
            Sight::Present(table) if batch.options.copy_from.is_none() => self.is_reflected(table),
            Sight::Present(_) => Ok(()),
            Sight::Absent => Err(unsure(format!("there is no table {}", batch.table))),
            Sight::Uncertain(why) => Err(unsure(why.why.to_string())),
        }
    }
}

/// The expressions of a table as text: CHECKs, computed columns, indexes. One that cannot be
/// printed may name anything.
fn texts(cx: Cx<'_>, table: &Table) -> Vec<String> {
    use crate::expr::Scope;
    use revline_schema::ServerDefault;
    let all = table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(" ");
    let print = |expr| Scope::ddl(cx).print(expr).unwrap_or_else(|_| all.clone());
    let mut texts = Vec::new();
    for constraint in &table.constraints {
        if let Constraint::Check(check) = &**constraint {
            texts.push(print(&check.condition));
        }
    }
    for column in &table.columns {
        if let Some(ServerDefault::Computed(computed)) = &column.server_default {
            texts.push(print(&computed.expression));
        }
    }
    for index in &table.indexes {
        for element in &index.elements {
            if let IndexElement::Expr(expr) = element {
                texts.push(print(expr));
            }
        }
        for keyword in ["sqlite_where", "postgresql_where"] {
            if let Some(condition) = index.options.given(keyword) {
                texts.push(crate::index::condition(cx, condition).unwrap_or_else(|_| all.clone()));
            }
        }
    }
    texts
}
