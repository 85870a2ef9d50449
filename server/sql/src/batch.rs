//! `with op.batch_alter_table(…)`: when the table is copied and when plain ALTERs do.
//!
//! The copy follows `alembic.operations.batch`: [`source`] is the table it starts from, [`calls`] what
//! the directives ask for, [`moving`] the table while it changes, [`copy`] what comes out.

mod calls;
pub(crate) mod checks;
pub(crate) mod copy;
mod moving;
mod order;
mod source;

use revline_schema::{Batch, BatchOptions, Op, Recreate};

use crate::print::{Cx, Halt, Print};
use crate::render::{Renderer, Stopped};
use crate::rendered::Mode;

/// The statements of a batch. Statements executed inside the block are not batched: they come first.
pub(crate) fn render(renderer: &mut Renderer<'_>, batch: &Batch) -> Result<(), Stopped> {
    renderer.nested(|renderer| {
        let is_immediate = |op: &Op| matches!(op, Op::Execute(_));
        let recreates = recreates(renderer.cx, batch);
        for (place, step) in batch.steps.iter().enumerate() {
            if is_immediate(&step.op) {
                renderer.steps(std::slice::from_ref(step))?;
            }
            // Asked when the directive is met, so what follows it does not count yet.
            if is_placed(&step.op) && !recreates_so_far(renderer.cx, batch, place) {
                return renderer.settle(Err(Halt::Refused(
                    "Can't specify insert_before or insert_after when using ALTER; please specify \
                     recreate='always'"
                        .to_owned(),
                )));
            }
        }
        if recreates {
            let result = recreate(renderer, batch);
            return renderer.settle(result);
        }
        for step in &batch.steps {
            if !is_immediate(&step.op) {
                renderer.steps(std::slice::from_ref(step))?;
            }
        }
        Ok(())
    })
}

/// Whether the table is made anew and its rows copied.
pub(crate) fn recreates(cx: Cx<'_>, batch: &Batch) -> bool {
    match batch.options.recreate {
        Recreate::Always => true,
        Recreate::Never => false,
        Recreate::Auto => cx.dialect.batch_recreates(cx, batch),
    }
}

/// Whether the directives before a place would already copy the table.
fn recreates_so_far(cx: Cx<'_>, batch: &Batch, place: usize) -> bool {
    let steps = batch.steps.iter().take(place).cloned().collect();
    let so_far = Batch { steps, options: BatchOptions::default(), table: batch.table.clone() };
    match batch.options.recreate {
        Recreate::Auto => cx.dialect.batch_recreates(cx, &so_far),
        Recreate::Always => true,
        Recreate::Never => false,
    }
}

fn is_placed(op: &Op) -> bool {
    matches!(op, Op::AddColumn(add) if add.insert_before.is_some() || add.insert_after.is_some())
}

/// The statements of a copy, or why there are none.
fn recreate(renderer: &mut Renderer<'_>, batch: &Batch) -> Print<()> {
    let cx = renderer.cx;
    if batch.options.copy_from.is_none() && cx.mode == Mode::Script {
        return Err(Halt::Refused(format!(
            "This operation cannot proceed in --sql mode; batch mode with dialect {} requires a live \
             database connection with which to reflect the table \"{}\". To generate a batch SQL \
             migration script using table \"move and copy\", a complete Table object should be passed \
             to the \"copy_from\" argument of the batch_alter_table() method so that table reflection \
             can be skipped.",
            cx.dialect.facts().name,
            batch.table.name
        )));
    }
    if cx.dialect.facts().name != "sqlite" {
        return Err(Halt::unknown("a batch that copies its table is simulated for SQLite alone"));
    }
    let copied = copy::make(cx, renderer.schema(), batch)?;
    if let Some(fact) = copied.fact {
        renderer.assume(fact);
    }
    for statement in copied.statements {
        renderer.sql(statement);
    }
    match copied.refusal {
        Some(sentence) => Err(Halt::Refused(sentence)),
        None => Ok(()),
    }
}
