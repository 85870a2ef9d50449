//! What a function does to a SQLite database that followed the history, operation by operation.

use std::sync::Arc;

use revline_analysis::{Direction, Migration, Target, follow};
use revline_python::Source;
use revline_schema::{Guard, Op, Schema, Step};
use revline_sql::{Dialect, Settings, batch_recreates, sqlite_support};
use revline_text::{Range, Span};

use super::{objection, written};
use crate::FileContext;

/// An operation and the schema that it meets.
pub(super) struct Met {
    pub(super) op: Op,
    /// The call.
    pub(super) span: Option<Span>,
    pub(super) before: Arc<Schema>,
    /// Why SQLite cannot take it.
    pub(super) objection: Option<String>,
}

/// One function.
pub(super) struct Walk {
    pub(super) evaluated: Direction,
    /// The schema that the function meets.
    pub(super) before: Arc<Schema>,
    /// In their order, those inside of blocks that are nothing but their steps among them.
    pub(super) met: Vec<Met>,
    pub(super) settings: Settings,
    function: Range,
    dialect: &'static dyn Dialect,
}

/// How deep blocks may be nested before nobody looks.
const DEEPEST: usize = 8;

impl Walk {
    /// What one direction of the file does; `None` where that is not known.
    pub(super) fn along(
        context: &FileContext<'_>,
        evaluated: Direction,
        dialect: &'static dyn Dialect,
    ) -> Option<Self> {
        let FileContext { snapshot, project, node, file, .. } = *context;
        let (before, migration) = match snapshot.passage(project, node, evaluated, dialect) {
            Some(passage) => (passage.before.clone(), passage.migration?),
            // Where the history does not lead here, the operations alone are judged.
            None => {
                let target = Target::executed("sqlite", evaluated);
                let migration = snapshot.migration(project, file, &target)?;
                (snapshot.schema_before(project, node, dialect), migration)
            }
        };
        let mut walk = Self {
            evaluated,
            before: before.clone(),
            met: Vec::new(),
            settings: snapshot.sql_settings(project),
            function: function(&migration),
            dialect,
        };
        let mut schema = before;
        walk.steps(context.source, &migration.steps, &[], &mut schema, 0);
        Some(walk)
    }

    fn steps(
        &mut self,
        source: &Source,
        steps: &[Step],
        around: &[Guard],
        schema: &mut Arc<Schema>,
        depth: usize,
    ) {
        for own in steps {
            let guards = around.iter().chain(&own.guards).cloned().collect();
            let step = Step { guards, ..own.clone() };
            match &step.op {
                Op::Batch(batch)
                    if depth < DEEPEST && !batch_recreates(batch, self.dialect, &self.settings) =>
                {
                    self.steps(source, &batch.steps, &step.guards, schema, depth + 1);
                    continue;
                }
                Op::AutocommitBlock(block) if depth < DEEPEST => {
                    self.steps(source, &block.steps, &step.guards, schema, depth + 1);
                    continue;
                }
                _ => {}
            }
            // What is passed over where it fails is no failure, and what is handled may be none.
            let counts =
                !step.is_uncertain() && step.attempt().is_none() && !step.is_handled();
            let span = step.span.span();
            let objection = match &step.op {
                _ if !counts => None,
                Op::Opaque(_) | Op::Touch(_) => {
                    span.and_then(|span| written::objection(source, span))
                }
                op => objection(&sqlite_support(op, Some(schema), &self.settings)),
            };
            self.met.push(Met { op: step.op.clone(), span, before: schema.clone(), objection });
            let name = self.dialect.facts().name;
            *schema = Arc::new(follow(schema, std::slice::from_ref(&step), name));
        }
    }

    /// Where an operation is shown: at its call, or at the function where another file has that.
    pub(super) fn place(&self, context: &FileContext<'_>, met: &Met) -> Span {
        let own = met.span.filter(|span| span.file == context.file);
        own.unwrap_or_else(|| Span::new(context.file, self.function))
    }

    /// The direction in a finding's words.
    pub(super) const fn direction(&self) -> crate::Direction {
        match self.evaluated {
            Direction::Upgrade => crate::Direction::Upgrade,
            Direction::Downgrade => crate::Direction::Downgrade,
        }
    }

    /// What is evaluated.
    pub(super) fn target(&self) -> Target {
        Target::executed("sqlite", self.evaluated)
    }
}

/// Where a function is named.
fn function(migration: &Migration) -> Range {
    migration.function.name.map_or(Range::empty(0), |span| span.range)
}
