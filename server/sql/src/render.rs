//! Steps to statements. Each directive does what Alembic's `toimpl` and `DefaultImpl` do for it, in
//! the same order; the first thing that Alembic refuses ends the rendering, as its exception does.

mod constraints;
mod data;
mod tables;

use std::collections::BTreeSet;
use std::sync::Arc;

use revline_schema::{
    CreateIndex, DropIndex, Index, Name, Op, Opaque, Origin, Outcome, Schema, Step, TableName,
};
use revline_text::Span;

use crate::build::{self};
use crate::dialect::Dialect;
use crate::index::Making;
use crate::print::{Cx, Halt, Print};
use crate::rendered::{Assumption, Mode, Rendered, Statement, StatementKind, Status, Unknown};
use crate::running::Running;
use crate::settings::Settings;
use crate::{batch, ddl, identifier, index, keywords, placeholder};

/// How deep batches and blocks may be nested before rendering gives up.
const MAX_DEPTH: usize = 16;

/// What one rendering leaves for the next one of the same run: Alembic makes a type once.
#[derive(Clone, Default, Debug)]
pub struct Memory {
    types: BTreeSet<(Option<Arc<str>>, Arc<str>)>,
}

/// Renders steps on their own, as a run of exactly this one revision does.
pub fn render(
    steps: &[Step],
    dialect: &'static dyn Dialect,
    mode: Mode,
    settings: &Settings,
) -> Rendered {
    render_after(&mut Memory::default(), steps, dialect, mode, settings)
}

/// Renders steps as part of a run over several revisions.
pub fn render_after(
    memory: &mut Memory,
    steps: &[Step],
    dialect: &'static dyn Dialect,
    mode: Mode,
    settings: &Settings,
) -> Rendered {
    run(None, memory, steps, dialect, mode, settings)
}

/// Renders steps on a database that holds `schema`, which runs along: what Alembic asks of the
/// database is answered from it, each answer an assumption of the rendering. `schema` must have been
/// made with [`crate::advance`] and the settings' naming convention.
pub fn render_from(
    schema: &Schema,
    memory: &mut Memory,
    steps: &[Step],
    dialect: &'static dyn Dialect,
    mode: Mode,
    settings: &Settings,
) -> Rendered {
    let expected = Schema::empty(settings.naming_convention.as_ref()).naming;
    let mut schema = schema.clone();
    if schema.naming != expected && schema.tables.size() > 0 {
        schema = schema.doubted(Opaque::new(
            "the schema was made with another naming convention than the environment has",
        ));
    }
    schema.naming = expected;
    run(Some(Running::new(schema)), memory, steps, dialect, mode, settings)
}

fn run(
    running: Option<Running>,
    memory: &mut Memory,
    steps: &[Step],
    dialect: &'static dyn Dialect,
    mode: Mode,
    settings: &Settings,
) -> Rendered {
    let cx = Cx { dialect, settings, mode };
    let transactional = settings.transactional_ddl.unwrap_or(dialect.facts().transactional_ddl);
    let mut renderer = Renderer {
        cx,
        out: Rendered::default(),
        memory,
        origin: None,
        transactional,
        depth: 0,
        ended: BTreeSet::new(),
        running,
    };
    // A refusal is already noted where it happened.
    let _ = renderer.steps(steps);
    renderer.out
}

/// The rendering of a revision stopped.
pub(crate) struct Stopped;

/// Collects the statements of a rendering.
pub struct Renderer<'a> {
    pub(crate) cx: Cx<'a>,
    out: Rendered,
    memory: &'a mut Memory,
    running: Option<Running>,
    origin: Option<Span>,
    transactional: bool,
    depth: usize,
    /// Attempts that a refusal has ended.
    ended: BTreeSet<u32>,
}

impl Renderer<'_> {
    /// Adds a statement.
    pub(crate) fn sql(&mut self, text: impl Into<String>) {
        let text = text.into();
        let text = match self.cx.mode {
            Mode::Script => text.replace('\t', "    ").trim().to_owned(),
            Mode::Execute => text,
        };
        self.push(text, StatementKind::Sql);
    }

    /// How many statements there are.
    pub(crate) fn count(&self) -> usize {
        self.out.statements.len()
    }

    /// Takes back the statements behind the first ones.
    pub(crate) fn cut(&mut self, count: usize) {
        self.out.statements.truncate(count);
    }

    fn push(&mut self, text: String, kind: StatementKind) {
        self.out.statements.push(Statement {
            text,
            kind,
            origin: self.origin,
            transactional: self.transactional,
        });
    }

    /// What the database holds at this point, where that is followed.
    pub(crate) fn schema(&self) -> Option<&Schema> {
        self.running.as_ref().map(|running| &running.schema)
    }

    /// Notes a fact that what follows rests on.
    pub(crate) fn assume(&mut self, fact: impl Into<Arc<str>>) {
        self.worsen(Status::Derived);
        let assumption = Assumption { fact: fact.into(), origin: Origin(self.origin) };
        if !self.out.assumes.contains(&assumption) {
            self.out.assumes.push(assumption);
        }
    }

    fn worsen(&mut self, status: Status) {
        self.out.status = self.out.status.max(status);
    }

    fn unknown(&mut self, opaque: Opaque) {
        self.worsen(Status::Partial);
        let origin = opaque.origin.span().or(self.origin);
        let shown: Vec<_> = opaque.why.split_whitespace().collect();
        self.push(format!("-- not known: {}", shown.join(" ")), StatementKind::Unknown);
        self.out.unknowns.push(Unknown { why: opaque.why, origin: Origin(origin) });
    }

    pub(crate) fn steps(&mut self, steps: &[Step]) -> Result<(), Stopped> {
        for step in steps {
            let outer = self.origin;
            self.origin = step.span.span().or(outer);
            let result = self.step(step);
            self.origin = outer;
            result?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), Stopped> {
        for guard in &step.guards {
            match guard.outcome {
                Outcome::Assumed => {
                    self.worsen(Status::Derived);
                    let assumption = Assumption { fact: guard.fact.clone(), origin: guard.origin };
                    if !self.out.assumes.contains(&assumption) {
                        self.out.assumes.push(assumption);
                    }
                }
                Outcome::Unknown => {
                    let why = format!("whether {} runs: {}", ddl::kind_of(&step.op), guard.fact);
                    self.unknown(Opaque { why: why.into(), origin: guard.origin });
                    self.follow(step);
                    return Ok(());
                }
                Outcome::Caught(_) | Outcome::Handled => {}
            }
        }
        if step.is_handled() {
            return self.handled(step);
        }
        let Some(attempt) = step.attempt() else { return self.run(step) };
        if self.ended.contains(&attempt) {
            return Ok(());
        }
        let (status, unknowns) = (self.out.status, self.out.unknowns.len());
        let printed = self.out.statements.len();
        if self.run(step).is_err() {
            // The program goes on behind the attempt. The refusal is the last that was noted; what a
            // refused step printed before stays printed.
            self.out.unknowns.pop();
            let others = self.out.unknowns.len() > unknowns;
            self.out.status = if others { status.max(Status::Partial) } else { status };
            self.ended.insert(attempt);
            // The indexes of a copied table leave SQLAlchemy in the order of a set.
            if matches!(step.op, Op::Batch(_)) && self.out.statements.len() > printed {
                let why = "how far the copy of a table comes before it fails is chance";
                self.unknown(Opaque { why: why.into(), origin: Origin(self.origin) });
            }
        }
        Ok(())
    }

    /// A step that runs, or leads to a handler of which it is not known what it does.
    fn handled(&mut self, step: &Step) -> Result<(), Stopped> {
        let status = self.out.status;
        if self.run(step).is_err() {
            let refusal = self.out.unknowns.pop();
            let sentence = refusal.as_ref().map_or("", |refusal| &*refusal.why);
            self.out.status = status;
            self.unknown(Opaque {
                why: format!("what follows a refusal that is handled: {sentence}").into(),
                origin: Origin(self.origin),
            });
            if let Some(running) = &mut self.running {
                running.doubt(Opaque::new("a refusal was handled"));
            }
        }
        Ok(())
    }

    /// A step that runs.
    fn run(&mut self, step: &Step) -> Result<(), Stopped> {
        self.op(&step.op)?;
        match &step.op {
            // The steps inside a block have followed by themselves.
            Op::AutocommitBlock(_) => {}
            Op::Batch(batch) => {
                if batch::recreates(self.cx, batch)
                    && let Some(running) = &mut self.running
                {
                    running.copied(self.cx, batch);
                }
            }
            _ => self.follow(step),
        }
        Ok(())
    }

    fn follow(&mut self, step: &Step) {
        if let Some(running) = &mut self.running {
            running.step(self.cx, step);
        }
    }

    /// One operation. An unknown is noted and the next one goes on; a refusal stops.
    pub(crate) fn op(&mut self, op: &Op) -> Result<(), Stopped> {
        let result = match op {
            Op::Batch(batch) => return batch::render(self, batch),
            Op::AutocommitBlock(block) => return self.autocommit(&block.steps),
            Op::CreateTable(op) => self.create_table(op),
            Op::DropTable(op) => self.drop_table(op),
            Op::RenameTable(op) => {
                let from = identifier::altered_table(self.cx, &op.table);
                self.sql(format!("ALTER TABLE {from} RENAME TO {}", self.cx.quote(&op.new_name)));
                Ok(())
            }
            Op::TableComment(op) => {
                self.table_comment(op);
                Ok(())
            }
            Op::AddColumn(op) => self.add_column(op),
            Op::DropColumn(op) => {
                let table = identifier::altered_table(self.cx, &op.table);
                let exists = if op.if_exists { "IF EXISTS " } else { "" };
                let column = self.cx.quote(&op.column);
                self.sql(format!("ALTER TABLE {table} DROP COLUMN {exists}{column}"));
                Ok(())
            }
            Op::AlterColumn(op) => self.alter_column(op),
            Op::CreateIndex(op) => self.create_index(op),
            Op::DropIndex(op) => self.drop_index(op),
            Op::AddConstraint(op) => self.add_given_constraint(op),
            Op::DropConstraint(op) => self.drop_given_constraint(op),
            Op::Execute(op) => self.execute(op),
            Op::BulkInsert(op) => self.bulk_insert(op),
            Op::CreateType(op) => self.create_type(op),
            Op::DropType(op) => self.drop_type(op),
            Op::Touch(touch) => Err(touch.why.clone().into()),
            Op::Opaque(opaque) => Err(opaque.clone().into()),
        };
        self.settle(result)
    }

    /// Notes an outcome.
    pub(crate) fn settle(&mut self, result: Print<()>) -> Result<(), Stopped> {
        match result {
            Ok(()) => Ok(()),
            Err(Halt::Unknown(opaque)) => {
                self.unknown(opaque);
                Ok(())
            }
            Err(Halt::Refused(why)) => {
                self.worsen(Status::Refused);
                self.out.unknowns.push(Unknown { why: why.into(), origin: Origin(self.origin) });
                Err(Stopped)
            }
        }
    }

    /// Runs something one level deeper.
    pub(crate) fn nested(
        &mut self,
        run: impl FnOnce(&mut Self) -> Result<(), Stopped>,
    ) -> Result<(), Stopped> {
        if self.depth >= MAX_DEPTH {
            self.unknown(Opaque::new("blocks are nested too deeply"));
            return Ok(());
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    fn autocommit(&mut self, steps: &[Step]) -> Result<(), Stopped> {
        let outer = self.transactional;
        if outer && self.cx.mode == Mode::Script {
            self.push("COMMIT".to_owned(), StatementKind::Transaction);
        }
        self.transactional = false;
        let result = self.nested(|render| render.steps(steps));
        self.transactional = outer;
        if outer && self.cx.mode == Mode::Script {
            self.push("BEGIN".to_owned(), StatementKind::Transaction);
        }
        result
    }

    fn create_index(&mut self, op: &CreateIndex) -> Print<()> {
        keywords::check_index(&op.index.options)?;
        placeholder::check_index(&op.table, &op.index)?;
        let index = build::named_index(self.cx, &op.table, &op.index)?;
        let statement = self.cx.dialect.create_index(
            self.cx,
            &op.table,
            &index,
            Making::Directive { if_not_exists: op.if_not_exists },
        )?;
        self.sql(statement);
        Ok(())
    }

    fn drop_index(&mut self, op: &DropIndex) -> Print<()> {
        let cx = self.cx;
        keywords::check_index(&op.options)?;
        if op.name.is_none() {
            return Err(Halt::unknown("what the naming convention calls an index without a name"));
        }
        let table = TableName {
            schema: op.schema.clone(),
            name: op.table.clone().unwrap_or_else(|| Name::new("no_table")),
        };
        let given = Index { name: op.name.clone(), ..Index::default() };
        let index = build::named_index(cx, &table, &given)?;
        let name = index::name(cx, &index, "DROP")?;
        let name = match &op.schema {
            Some(schema) if !schema.text.is_empty() => format!("{}.{name}", cx.quote(schema)),
            _ => name,
        };
        self.sql(cx.dialect.drop_index(&name, &op.options, op.if_exists));
        Ok(())
    }
}
