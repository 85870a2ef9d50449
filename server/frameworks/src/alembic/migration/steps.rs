//! The steps of a migration while it is being evaluated: blocks inside blocks, and guards.

use std::sync::Arc;

use revline_schema::{
    AutocommitBlock, Batch, BatchOptions, Guard, Op, Opaque, Outcome, Schema, Step, TableName,
};
use revline_text::{Range, Span};

use super::follow::follow;

/// A block that gathers steps of its own.
#[derive(Debug)]
pub(super) enum Block {
    /// `with op.batch_alter_table(…)`, by the number of the batch.
    Batch { id: u32, table: TableName, options: Box<BatchOptions> },
    /// `with ….autocommit_block()`.
    Autocommit,
}

/// More operations than any migration has: a loop that the budget ends.
const MOST_STEPS: usize = 20_000;

/// How many conditions around a step are kept. A step that stands in one is uncertain already.
const MOST_GUARDS: usize = 8;

#[derive(Debug)]
struct Open {
    block: Block,
    span: Span,
    steps: Vec<Step>,
    /// How many guards were open when the block was entered: those belong to the block itself.
    guards: usize,
}

/// All steps so far.
#[derive(Debug, Default)]
pub(super) struct Steps {
    done: Vec<Step>,
    open: Vec<Open>,
    guards: Vec<Guard>,
    /// Guards that were entered beyond [`MOST_GUARDS`].
    unkept: usize,
    /// Operations so far.
    count: usize,
    /// Places of marked steps: the span by which a step is found again.
    marked: Vec<(Span, Option<Opaque>)>,
    /// The schema as the steps so far left it, where it is known what they met.
    running: Option<Running>,
    /// Attempts so far.
    attempts: u32,
    /// Files that are being loaded.
    loading: u32,
    at_load: Option<Span>,
    /// The file of the migration, and where it has another plan for what is refused.
    handled: Option<(Span, Vec<Range>)>,
}

#[derive(Debug)]
struct Running {
    schema: Schema,
    dialect: Arc<str>,
}

impl Steps {
    /// No steps yet, on a database with this schema.
    pub(super) fn on(schema: Option<&Schema>, dialect: &Arc<str>) -> Self {
        let running =
            schema.map(|schema| Running { schema: schema.clone(), dialect: dialect.clone() });
        Self { running, ..Self::default() }
    }

    /// The schema as it is now. What an open batch gathered is not done yet.
    pub(super) fn schema(&self) -> Option<&Schema> {
        self.running.as_ref().map(|running| &running.schema)
    }

    /// Adds a step outside of batches: `op.*` runs at once, what a batch gathers at its end.
    pub(super) fn push(&mut self, op: Op, span: Span) {
        let at = self.open.iter().rposition(|open| !matches!(open.block, Block::Batch { .. }));
        self.push_at(at, op, span);
    }

    /// Adds a step to a batch; `false` where that batch is not open.
    pub(super) fn push_in(&mut self, batch: u32, op: Op, span: Span) -> bool {
        let at = self
            .open
            .iter()
            .rposition(|open| matches!(&open.block, Block::Batch { id, .. } if *id == batch));
        let found = at.is_some();
        if found {
            self.push_at(at, op, span);
        }
        found
    }

    /// From here to [`Steps::loaded`] a file is loaded: what it does then is no step of a migration.
    pub(super) fn load(&mut self) {
        self.loading = self.loading.saturating_add(1);
    }

    pub(super) fn loaded(&mut self) {
        self.loading = self.loading.saturating_sub(1);
    }

    /// The first operation that loading a file does.
    pub(super) fn at_load(&self) -> Option<Span> {
        self.at_load
    }

    pub(super) const fn is_loading(&self) -> bool {
        self.loading > 0
    }

    fn push_at(&mut self, at: Option<usize>, op: Op, span: Span) {
        if self.is_loading() {
            self.at_load.get_or_insert(span);
            return;
        }
        self.count = self.count.saturating_add(1);
        if self.count > MOST_STEPS {
            return;
        }
        let outer = at.and_then(|at| self.open.get(at)).map_or(0, |open| open.guards);
        let handled = self.handled_at(span);
        let guards = self.guards.iter().skip(outer).chain(&handled).cloned().collect();
        let step = Step { op, span: span.into(), guards };
        let is_gathered = at
            .and_then(|at| self.open.get(at))
            .is_some_and(|open| matches!(open.block, Block::Batch { .. }));
        // What stands in an autocommit block was followed step by step.
        if !is_gathered
            && !matches!(step.op, Op::AutocommitBlock(_))
            && let Some(running) = &mut self.running
        {
            // Under all conditions, those around the block included.
            let guards = self.guards.iter().chain(&handled).cloned().collect();
            let step = Step { guards, ..step.clone() };
            running.schema = follow(&running.schema, &[step], &running.dialect);
        }
        match at.and_then(|at| self.open.get_mut(at)) {
            Some(open) => open.steps.push(step),
            None => self.done.push(step),
        }
    }

    /// In these places of a file a refusal is handled.
    pub(super) fn handle(&mut self, file: Span, places: Vec<Range>) {
        self.handled = Some((file, places));
    }

    fn handled_at(&self, span: Span) -> Option<Guard> {
        let (file, places) = self.handled.as_ref()?;
        let is_there = span.file == file.file && places.iter().any(|one| one.contains(span.range));
        let fact = Arc::from("what is refused here is handled");
        is_there.then(|| Guard { fact, outcome: Outcome::Handled, origin: span.into() })
    }

    /// Enters a block.
    pub(super) fn enter(&mut self, block: Block, span: Span) {
        self.open.push(Open { block, span, steps: Vec::new(), guards: self.guards.len() });
    }

    /// Leaves the innermost block, which becomes a step of the one around it.
    pub(super) fn leave(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let op = match open.block {
            Block::Batch { table, options, .. } => {
                Op::Batch(Batch { table, options: *options, steps: open.steps })
            }
            Block::Autocommit => Op::AutocommitBlock(AutocommitBlock { steps: open.steps }),
        };
        self.push(op, open.span);
    }

    /// The table of an open batch.
    pub(super) fn table_of(&self, batch: u32) -> Option<&TableName> {
        self.open.iter().rev().find_map(|open| match &open.block {
            Block::Batch { id, table, .. } if *id == batch => Some(table),
            _ => None,
        })
    }

    /// From here on it is not known whether steps run.
    pub(super) fn guard(&mut self, why: &str, span: Span) {
        self.within(why, Outcome::Unknown, span);
    }

    /// From here on a refusal is passed over.
    pub(super) fn attempt(&mut self, span: Span) {
        let attempt = self.attempts;
        self.attempts = attempt.saturating_add(1);
        self.within("a failure here is passed over", Outcome::Caught(attempt), span);
    }

    fn within(&mut self, why: &str, outcome: Outcome, span: Span) {
        if self.guards.len() >= MOST_GUARDS {
            self.unkept = self.unkept.saturating_add(1);
            return;
        }
        self.guards.push(Guard { fact: Arc::from(why), outcome, origin: span.into() });
    }

    /// The end of the innermost guard or attempt.
    pub(super) fn unguard(&mut self) {
        match self.unkept.checked_sub(1) {
            Some(fewer) => self.unkept = fewer,
            None => {
                self.guards.pop();
            }
        }
    }

    /// Whether it is not known whether what is done now is done.
    pub(super) fn is_guarded(&self) -> bool {
        self.unkept > 0 || self.guards.iter().any(|guard| guard.outcome == Outcome::Unknown)
    }

    /// How many there were so far.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// Whether there were more operations than are kept.
    pub(super) fn is_cut(&self) -> bool {
        self.count > MOST_STEPS
    }

    /// A handle for the step of the call at `span`, which may turn out to be not known.
    pub(super) fn mark(&mut self, span: Span) -> u32 {
        self.marked.push((span, None));
        u32::try_from(self.marked.len()).unwrap_or(u32::MAX).saturating_sub(1)
    }

    /// Turns a marked step into one that is not known, for the first reason given.
    pub(super) fn spoil(&mut self, mark: u32, why: Opaque) {
        if let Some((_, spoilt)) = self.marked.get_mut(mark as usize) {
            spoilt.get_or_insert(why);
        }
    }

    /// The steps, all blocks closed.
    pub(super) fn finish(mut self) -> Vec<Step> {
        while !self.open.is_empty() {
            self.leave();
        }
        let spoilt: Vec<(Span, Opaque)> =
            self.marked.into_iter().filter_map(|(span, why)| why.map(|why| (span, why))).collect();
        if !spoilt.is_empty() {
            mark_opaque(&mut self.done, &spoilt);
        }
        self.done
    }
}

fn mark_opaque(steps: &mut [Step], spoilt: &[(Span, Opaque)]) {
    for step in steps {
        match &mut step.op {
            Op::Batch(batch) => mark_opaque(&mut batch.steps, spoilt),
            Op::AutocommitBlock(block) => mark_opaque(&mut block.steps, spoilt),
            Op::Execute(_) => {
                if let Some((_, why)) =
                    spoilt.iter().find(|(span, _)| step.span.span() == Some(*span))
                {
                    step.op = Op::Opaque(why.clone());
                }
            }
            _ => {}
        }
    }
}
