//! The schema that runs along with a rendering: what the database holds when a step is reached.
//!
//! `revline_schema::apply` says what an operation means on any database. What this one does
//! otherwise is added here, and nowhere else: on SQLite a batch leaves what its copy made, the CHECK
//! of a Boolean or Enum becomes a constraint by itself (or is never made), a foreign key inside
//! `ADD COLUMN` loses its name, and RENAME COLUMN rewrites the constraints that name the column.

use std::sync::Arc;

use revline_schema::{
    AddColumn, AlterColumn, Batch, Column, Constraint, CreateTable, Expr, ForeignKeyConstraint,
    Index, IndexElement, Key, Literal, Name, Op, Opaque, Problem, ProblemKind, ReferenceRules,
    Schema, Step, Table, TableName, apply, apply_steps,
};

use crate::batch::{self, checks, copy};
use crate::build;
use crate::dialect::Dialect;
use crate::expr::Scope;
use crate::index;
use crate::parse;
use crate::print::{Cx, Halt};
use crate::reflect;
use crate::rendered::Mode;
use crate::settings::Settings;

/// How deep batches and blocks may be nested before the rest is in doubt.
const MAX_DEPTH: usize = 16;

/// The schema after steps, as this dialect's database has it. What is not known of it is in doubt.
pub fn advance(
    schema: &Schema,
    steps: &[Step],
    dialect: &'static dyn Dialect,
    settings: &Settings,
) -> Schema {
    let cx = Cx { dialect, settings, mode: Mode::Execute };
    let mut running = Running::new(schema.clone());
    for step in steps {
        running.step(cx, step);
    }
    running.schema
}

/// A schema on its way through the steps.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(crate) schema: Schema,
    depth: usize,
}

impl Running {
    pub(crate) fn new(schema: Schema) -> Self {
        Self { schema, depth: 0 }
    }

    /// A step that runs, may run, or does not.
    pub(crate) fn step(&mut self, cx: Cx<'_>, step: &Step) {
        if step.is_uncertain() {
            self.schema = apply_steps(&self.schema, std::slice::from_ref(step)).0;
        } else {
            self.op(cx, &step.op);
        }
    }

    /// The one place where an operation changes the schema.
    fn op(&mut self, cx: Cx<'_>, op: &Op) {
        match op {
            Op::Batch(block) if self.depth < MAX_DEPTH => {
                if batch::recreates(cx, block) {
                    // Statements inside the block run before the copy is made.
                    for step in block.steps.iter().filter(|s| matches!(s.op, Op::Execute(_))) {
                        self.step(cx, step);
                    }
                    self.copied(cx, block);
                } else {
                    self.steps(cx, &block.steps);
                }
            }
            Op::AutocommitBlock(block) if self.depth < MAX_DEPTH => self.steps(cx, &block.steps),
            Op::Execute(_) => {
                for op in parse::effects(op, &self.schema, cx.dialect) {
                    self.plain(cx, &op);
                    if cx.dialect.facts().name == "sqlite" {
                        self.mark_raw(&op);
                    }
                }
            }
            _ => self.plain(cx, op),
        }
    }

    fn plain(&mut self, cx: Cx<'_>, op: &Op) {
        let before = std::mem::take(&mut self.schema);
        let (schema, problems) = apply(&before, op);
        self.schema = schema;
        self.mend(cx, op, &before);
        self.doubt_twins(cx, &problems);
    }

    fn steps(&mut self, cx: Cx<'_>, steps: &[Step]) {
        self.depth += 1;
        for step in steps {
            self.step(cx, step);
        }
        self.depth -= 1;
    }

    /// A batch that copies: the table is what the copy made.
    pub(crate) fn copied(&mut self, cx: Cx<'_>, block: &Batch) {
        let why = match copy::make(cx, Some(&self.schema), block) {
            Ok(copied) if copied.refusal.is_none() => {
                let table = Arc::new(copied.table);
                self.schema.tables.insert_mut(Key::from(&table.name), table);
                return;
            }
            Ok(copied) => copied.refusal.unwrap_or_default(),
            // No database gets past it; one that follows a corrected migration has what was meant.
            Err(Halt::Refused(_)) => {
                self.schema = apply(&self.schema, &Op::Batch(block.clone())).0;
                return;
            }
            Err(Halt::Unknown(opaque)) => opaque.why.to_string(),
        };
        self.schema = apply(&self.schema, &Op::Batch(block.clone())).0;
        let why = Opaque::new(format!("a batch copied this table, and not as foreseen: {why}"));
        self.replace(|schema| schema.with_doubtful(&block.table, why));
    }

    /// From here on nothing is certain.
    pub(crate) fn doubt(&mut self, why: Opaque) {
        self.replace(|schema| schema.doubted(why));
    }

    fn replace(&mut self, change: impl FnOnce(Schema) -> Schema) {
        self.schema = change(std::mem::take(&mut self.schema));
    }

    fn mend(&mut self, cx: Cx<'_>, op: &Op, before: &Schema) {
        match op {
            Op::AlterColumn(op) => self.follow_rename(cx, op),
            Op::DropColumn(op) => self.drop_checks(cx, &op.table, &op.column, before),
            Op::CreateTable(op)
                if cx.dialect.facts().supports_alter
                    && before.table(&Key::from(&op.table)).is_none() =>
            {
                self.without_separate_keys(op);
            }
            _ if cx.dialect.facts().name != "sqlite" => {}
            Op::CreateTable(op) if before.table(&Key::from(&op.table)).is_none() => {
                self.checks_of_types(cx, op);
            }
            Op::AddColumn(op) => self.added_in_place(op),
            _ => {}
        }
    }

    /// What raw SQL wrote into the text of a table.
    fn mark_raw(&mut self, op: &Op) {
        if let Op::CreateTable(_) | Op::AddColumn(_) | Op::AddConstraint(_) | Op::AlterColumn(_) =
            op
            && let Some(table) = op.table()
        {
            self.change(table, |table| table.is_raw = true);
        }
    }

    /// SQLite takes two constraints of one name, of which the schema keeps the first.
    fn doubt_twins(&mut self, cx: Cx<'_>, problems: &[Problem]) {
        if cx.dialect.facts().name != "sqlite" {
            return;
        }
        for problem in problems.iter().filter(|p| p.kind == ProblemKind::ConstraintExists) {
            let why = format!("two of its constraints are called {}", problem.name);
            self.replace(|schema| schema.with_doubtful(&problem.table, Opaque::new(why)));
        }
    }

    fn change(&mut self, name: &TableName, change: impl FnOnce(&mut Table)) {
        let key = Key::from(name);
        if let Some(table) = self.schema.tables.get(&key) {
            let mut table = (**table).clone();
            change(&mut table);
            self.schema.tables.insert_mut(key, Arc::new(table));
        }
    }

    /// CREATE TABLE leaves out the keys that are to be added by ALTER, and `op.create_table` adds none.
    fn without_separate_keys(&mut self, op: &CreateTable) {
        let is_separate = |constraint: &Constraint| matches!(constraint, Constraint::ForeignKey(key) if key.use_alter);
        self.change(&op.table, |table| table.constraints.retain(|one| !is_separate(one)));
    }

    /// The CHECKs that the types of a new table bring.
    fn checks_of_types(&mut self, cx: Cx<'_>, op: &CreateTable) {
        let mut made = Vec::new();
        let mut doubt = None;
        for column in op.columns().filter(|column| build::brings_check(cx, &column.type_)) {
            match build::type_check(cx, &op.table, &column.name, &column.type_) {
                Ok(check) => made.extend(check.map(|check| checks::implied(cx, &check))),
                Err(_) => doubt = Some(Opaque::new("the CHECK of a type is not known")),
            }
        }
        self.change(&op.table, |table| {
            for column in &mut table.columns {
                if build::brings_check(cx, &column.type_) {
                    let type_ = checks::without_check(&column.type_);
                    *column = Arc::new(Column { type_, ..(**column).clone() });
                }
            }
            table.constraints.extend(made.into_iter().map(Arc::new));
            if table.doubt.is_none() {
                table.doubt = doubt;
            }
        });
    }

    /// ADD COLUMN makes no CHECK for a type, and a key inside of it comes back without its name.
    fn added_in_place(&mut self, op: &AddColumn) {
        let name = &op.column.name;
        self.change(&op.table, |table| {
            for column in table.columns.iter_mut().filter(|column| column.name == *name) {
                let type_ = checks::without_check(&column.type_);
                if type_ != column.type_ {
                    *column = Arc::new(Column { type_, ..(**column).clone() });
                }
            }
            if !op.inline_references {
                return;
            }
            for constraint in &mut table.constraints {
                if let Constraint::ForeignKey(key) = &**constraint
                    && matches!(key.columns.as_slice(), [only] if only == name)
                {
                    *constraint = Arc::new(Constraint::ForeignKey(ForeignKeyConstraint {
                        name: None,
                        rules: ReferenceRules::default(),
                        ..key.clone()
                    }));
                }
            }
        });
    }

    /// A column that is renamed in place is renamed in CHECKs, and in foreign keys that point to it.
    fn follow_rename(&mut self, cx: Cx<'_>, op: &AlterColumn) {
        let Some(new) = op.new_name.as_ref().filter(|new| new.text != op.column.text) else {
            return;
        };
        self.change(&op.table, |table| {
            for constraint in &mut table.constraints {
                let Constraint::Check(check) = &**constraint else { continue };
                let Ok(text) = Scope::ddl(cx).print(&check.condition) else { continue };
                if reflect::identifiers(&text).contains(&op.column.text.to_lowercase()) {
                    let text =
                        reflect::renamed_in_text(&text, &op.column.text, &new.text, &cx.quote(new));
                    let mut check = check.clone();
                    check.condition = Expr::text(text.as_str());
                    *constraint = Arc::new(Constraint::Check(check));
                }
            }
            for index in &mut table.indexes {
                if let Some(renamed) = renamed_index(cx, index, &op.column, new) {
                    *index = Arc::new(renamed);
                }
            }
        });
        let target = Key::from(&op.table);
        let names = |constraint: &Constraint| {
            matches!(constraint, Constraint::ForeignKey(key)
                if Key::from(&key.referent) == target && key.referent_columns.contains(&op.column))
        };
        let touched: Vec<TableName> = self
            .schema
            .tables
            .values()
            .filter(|table| table.constraints.iter().any(|constraint| names(constraint)))
            .map(|table| table.name.clone())
            .collect();
        for name in touched {
            self.change(&name, |table| {
                for constraint in &mut table.constraints {
                    if !names(constraint) {
                        continue;
                    }
                    let mut changed = (**constraint).clone();
                    if let Constraint::ForeignKey(key) = &mut changed {
                        for column in &mut key.referent_columns {
                            if *column == op.column {
                                *column = new.clone();
                            }
                        }
                    }
                    *constraint = Arc::new(changed);
                }
            });
        }
    }

    /// A CHECK that names a column goes with it.
    fn drop_checks(&mut self, cx: Cx<'_>, table: &TableName, column: &Name, before: &Schema) {
        let was_there = before
            .table(&Key::from(table))
            .is_some_and(|table| table.column(column.as_str()).is_some());
        if !was_there {
            return;
        }
        let wanted = column.text.to_lowercase();
        self.change(table, |table| {
            table.constraints.retain(|constraint| match &**constraint {
                Constraint::Check(check) => match Scope::ddl(cx).print(&check.condition) {
                    Ok(text) => !reflect::identifiers(&text).contains(&wanted),
                    Err(_) => true,
                },
                _ => true,
            });
        });
    }
}

/// An index whose texts name a column that is renamed; `None` where none does.
fn renamed_index(cx: Cx<'_>, index: &Index, from: &Name, to: &Name) -> Option<Index> {
    let renamed = |text: &str| {
        let names = reflect::identifiers(text).contains(&from.text.to_lowercase());
        names.then(|| reflect::renamed_in_text(text, &from.text, &to.text, &cx.quote(to)))
    };
    let mut changed = index.clone();
    let mut is_changed = false;
    for element in &mut changed.elements {
        if let IndexElement::Expr(expr) = element
            && let Some(text) = Scope::ddl(cx).print(expr).ok().and_then(|text| renamed(&text))
        {
            *expr = Expr::text(text.as_str());
            is_changed = true;
        }
    }
    for keyword in ["sqlite_where", "postgresql_where"] {
        let printed = index.options.given(keyword).and_then(|c| index::condition(cx, c).ok());
        if let Some(text) = printed.and_then(|text| renamed(&text)) {
            let value = Literal::Expr(Box::new(Expr::text(text.as_str())));
            changed.options = changed.options.with(keyword, value);
            is_changed = true;
        }
    }
    is_changed.then_some(changed)
}
