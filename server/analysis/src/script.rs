//! The SQL of revisions: what `alembic upgrade --sql` prints, and how far that can be trusted.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use revline_frameworks::alembic::migration::{Direction, FunctionState, Migration, Part, Target};
use revline_history::{Node, RevisionId, Step, VersionTable};
use revline_schema::{Key, Op, Schema};
use revline_sql::{
    Dialect, Memory, Mode, Rendered, ScriptStep, Settings, Status, Unknown, VersionChange,
    batch_recreates, render_after, render_from, script,
};

use crate::ahead::{Ahead, ahead};
use crate::{Passage, Project, Snapshot};

/// The SQL of one revision or of a run over several.
#[derive(Clone, Debug)]
pub struct Script {
    /// The text with Alembic's framing.
    pub sql: String,
    /// The bodies in the order of the run, without framing.
    pub bodies: Vec<(Step, Arc<Rendered>)>,
    /// The worst status of the bodies.
    pub status: Status,
}

impl Script {
    /// Everything that the text rests on.
    pub fn assumes(&self) -> impl Iterator<Item = &revline_sql::Assumption> {
        self.bodies.iter().flat_map(|(_, body)| &body.assumes)
    }

    /// Everything that is unknown or refused.
    pub fn unknowns(&self) -> impl Iterator<Item = &Unknown> {
        self.bodies.iter().flat_map(|(_, body)| &body.unknowns)
    }
}

impl Snapshot {
    /// The SQL of one revision on its own: what Alembic prints when it runs exactly this step, from
    /// the revisions below it.
    pub fn script_of(
        &self,
        project: &Project,
        node: Node,
        direction: Direction,
        dialect: &'static dyn Dialect,
    ) -> Script {
        let history = project.history();
        let revision = &history[node];
        let (step, rows): (Step, Vec<RevisionId>) = match direction {
            Direction::Upgrade => (
                Step::Upgrade(node),
                revision.down.iter().map(|parent| parent.id.clone()).collect(),
            ),
            Direction::Downgrade => (Step::Downgrade(node), vec![revision.id.clone()]),
        };
        self.scripted(project, &[step], rows, dialect, &self.sql_settings(project))
    }

    /// The SQL of a run: these steps, on a version table with these rows.
    pub fn script(
        &self,
        project: &Project,
        steps: &[Step],
        rows: Vec<RevisionId>,
        dialect: &'static dyn Dialect,
    ) -> Script {
        self.scripted(project, steps, rows, dialect, &self.run_settings(project, dialect))
    }

    fn scripted(
        &self,
        project: &Project,
        steps: &[Step],
        rows: Vec<RevisionId>,
        dialect: &'static dyn Dialect,
        settings: &Settings,
    ) -> Script {
        let evaluate = |piece: usize| {
            // It stays at hand for a while: whoever asks next finds it.
            if let Some(run) = steps.get(piece).and_then(direction_of) {
                drop(self.printed(project, run, dialect));
            }
        };
        ahead(steps.len(), &evaluate, |ahead| {
            self.scripted_behind(ahead, project, steps, rows, dialect, settings)
        })
    }

    fn scripted_behind(
        &self,
        ahead: &Ahead<'_>,
        project: &Project,
        steps: &[Step],
        rows: Vec<RevisionId>,
        dialect: &'static dyn Dialect,
        settings: &Settings,
    ) -> Script {
        let history = project.history();
        let rows_before = rows.len();
        let mut table = VersionTable::new(rows);
        let mut memory = Memory::default();
        let mut parts = Vec::with_capacity(steps.len());
        let mut bodies = Vec::with_capacity(steps.len());
        for (piece, step) in steps.iter().enumerate() {
            ahead.wait_for(piece);
            let label = history.short_log(step);
            let (mut body, label) = match direction_of(step) {
                Some(run) => {
                    let migration = self.printed(project, run, dialect);
                    let label = called(&label, run.1, migration.as_deref()).unwrap_or(label);
                    let migration = migration.as_deref();
                    (self.body(project, run, migration, dialect, settings, &mut memory), label)
                }
                None => (Rendered::default(), label),
            };
            let changes = match table.apply(history, step) {
                Ok(changes) => changes.into_iter().map(change).collect(),
                Err(error) => {
                    body.status = body.status.max(Status::Partial);
                    body.unknowns.push(unknown(error.to_string(), None));
                    Vec::new()
                }
            };
            parts.push(ScriptStep { label, body: body.clone(), changes });
            bodies.push((step.clone(), Arc::new(body)));
        }
        let sql = script(&parts, rows_before, dialect, settings);
        let status = bodies.iter().map(|(_, body)| body.status).max().unwrap_or(Status::Exact);
        Script { sql, bodies, status }
    }

    /// A function as it is evaluated for `--sql`; `None` where its file cannot be read.
    fn printed(
        &self,
        project: &Project,
        (node, direction): (Node, Direction),
        dialect: &'static dyn Dialect,
    ) -> Option<Arc<Migration>> {
        let target = Target::printed(dialect.facts().name, direction);
        self.migration(project, project.history()[node].file, &target)
    }

    fn body(
        &self,
        project: &Project,
        (node, direction): (Node, Direction),
        migration: Option<&Migration>,
        dialect: &'static dyn Dialect,
        settings: &Settings,
        memory: &mut Memory,
    ) -> Rendered {
        let Some(migration) = migration else {
            return Rendered {
                status: Status::Partial,
                unknowns: vec![unknown("The file cannot be read".to_owned(), None)],
                ..Rendered::default()
            };
        };
        let mut printed = memory.clone();
        let mut rendered =
            render_after(&mut printed, &migration.steps, dialect, Mode::Script, settings);
        self.assume(project, &migration.steps, dialect, settings, memory.clone(), &mut rendered);
        judge(migration, direction, &mut rendered);
        if needs_database(migration, &rendered, dialect, settings)
            && let Some((executed, after)) =
                self.executed(project, (node, direction), dialect, settings, memory)
            // A refusal is Alembic's own sentence; it gives way to what is known completely.
            && (executed.status == Status::Derived || rendered.status == Status::Partial)
        {
            *memory = after;
            return executed;
        }
        *memory = printed;
        rendered
    }

    /// What a revision executes on a database that followed the history, with what it leaves for the
    /// next one: derived where all of it is known, else partial. `None` where it fails there, too.
    fn executed(
        &self,
        project: &Project,
        (node, direction): (Node, Direction),
        dialect: &'static dyn Dialect,
        settings: &Settings,
        memory: &Memory,
    ) -> Option<(Rendered, Memory)> {
        let Passage { before, migration, .. } = self.passage(project, node, direction, dialect)?;
        let migration = migration?;
        if migration.raises.is_some() || migration.function.state == FunctionState::Absent {
            return None;
        }
        let mut memory = memory.clone();
        let mut rendered = execute(&before, &mut memory, &migration.steps, dialect, settings);
        rendered.status = rendered.status.max(Status::Derived);
        judge(&migration, direction, &mut rendered);
        if rendered.assumes.is_empty() {
            let fact = "this is what runs on a database that followed the history".into();
            rendered.assumes.push(revline_sql::Assumption { fact, origin: None.into() });
        }
        (rendered.status < Status::Refused).then_some((rendered, memory))
    }
}

/// What Alembic tells of a step, with the name that the function has by now.
fn called(label: &str, direction: Direction, migration: Option<&Migration>) -> Option<String> {
    let rest = label.strip_prefix(direction.as_str())?;
    Some(format!("{}{rest}", migration?.called.as_deref()?))
}

/// What runs in a step; `None` where only the version table changes.
fn direction_of(step: &Step) -> Option<(Node, Direction)> {
    match step {
        Step::Upgrade(node) => Some((*node, Direction::Upgrade)),
        Step::Downgrade(node) => Some((*node, Direction::Downgrade)),
        Step::Stamp(_) => None,
    }
}

/// What one step executes on a database, and what that rests on.
#[derive(Clone, Debug)]
pub struct Execution {
    /// The statements as the driver receives them.
    pub rendered: Rendered,
    /// The evaluated function; `None` where the file cannot be read.
    pub migration: Option<Arc<Migration>>,
    /// The state that it leaves.
    pub after: Arc<Schema>,
    /// The parts of the schema before it that the statements rest on. Empty where they are the same
    /// on every database.
    pub rests_on: BTreeSet<Part>,
}

impl Snapshot {
    /// What one direction of a revision executes on a database that holds `before`. `memory` is what
    /// the steps before it left, and takes what this one leaves.
    pub fn execution(
        &self,
        project: &Project,
        (node, direction): (Node, Direction),
        dialect: &'static dyn Dialect,
        settings: &Settings,
        (before, memory): (&Arc<Schema>, &mut Memory),
    ) -> Execution {
        let file = project.history()[node].file;
        let name = dialect.facts().name;
        let target = Target::executed(name, direction);
        let Some(migration) = self.migration_on(project, file, &target, Some(before)) else {
            let rendered = Rendered {
                status: Status::Partial,
                unknowns: vec![unknown("The file cannot be read".to_owned(), None)],
                ..Rendered::default()
            };
            let after = Arc::new(crate::replay::after(before, None, name));
            return Execution { rendered, migration: None, after, rests_on: BTreeSet::new() };
        };
        let mut rendered = execute(before, memory, &migration.steps, dialect, settings);
        judge(&migration, direction, &mut rendered);
        let mut rests_on = migration.parts.clone();
        let copied = all_steps(&migration.steps).filter_map(|step| match &step.op {
            Op::Batch(batch) if batch_recreates(batch, dialect, settings) => Some(&batch.table),
            _ => None,
        });
        rests_on.extend(copied.map(|table| Part::Table(Key::from(table))));
        if !rendered.assumes.is_empty() && rests_on.is_empty() {
            rests_on.insert(Part::Whole);
        }
        let after = Arc::new(crate::replay::after(before, Some(&migration), name));
        Execution { rendered, migration: Some(migration), after, rests_on }
    }
}

/// All steps, those inside of blocks too.
fn all_steps(steps: &[revline_schema::Step]) -> impl Iterator<Item = &revline_schema::Step> {
    let mut open: Vec<&revline_schema::Step> = steps.iter().rev().collect();
    std::iter::from_fn(move || {
        let step = open.pop()?;
        if let Op::AutocommitBlock(block) = &step.op {
            open.extend(block.steps.iter().rev());
        }
        Some(step)
    })
}

/// Statements for a database with this schema: the one place that says which renderer makes them.
fn execute(
    before: &Schema,
    memory: &mut Memory,
    steps: &[revline_schema::Step],
    dialect: &'static dyn Dialect,
    settings: &Settings,
) -> Rendered {
    render_from(before, memory, steps, dialect, Mode::Execute, settings)
}

/// Whether Alembic cannot print the revision for lack of a database: it asks an inspector, looks at
/// rows, or a batch copies a table that it would have to reflect.
///
/// Everything else that is not exact stays what it is. What is refused for another reason is refused
/// online too, and what Revline does not understand it does not understand there either.
fn needs_database(
    migration: &Migration,
    rendered: &Rendered,
    dialect: &'static dyn Dialect,
    settings: &Settings,
) -> bool {
    rendered.status > Status::Derived
        && (migration.needs_database || copies(&migration.steps, dialect, settings))
}

fn copies(
    steps: &[revline_schema::Step],
    dialect: &'static dyn Dialect,
    settings: &Settings,
) -> bool {
    all_steps(steps).any(|step| match &step.op {
        Op::Batch(batch) => {
            batch.options.copy_from.is_none() && batch_recreates(batch, dialect, settings)
        }
        _ => false,
    })
}

/// What the evaluation adds to the trust in a rendering.
fn judge(migration: &Migration, direction: Direction, rendered: &mut Rendered) {
    for read in &migration.reads {
        rendered.status = rendered.status.max(Status::Derived);
        let assumption =
            revline_sql::Assumption { fact: read.fact.clone(), origin: read.span.into() };
        if !rendered.assumes.contains(&assumption) {
            rendered.assumes.push(assumption);
        }
    }
    for one in migration.unknowns.iter().chain(&migration.endings) {
        rendered.status = rendered.status.max(Status::Partial);
        rendered.unknowns.push(Unknown { why: one.why.clone(), origin: Some(one.span).into() });
    }
    if let Some(raises) = &migration.raises {
        rendered.status = Status::Refused;
        let sentence = if raises.message.is_empty() {
            raises.class.to_string()
        } else {
            format!("{}: {}", raises.class, raises.message)
        };
        rendered.unknowns.push(unknown(sentence, Some(raises.span)));
    }
    if migration.function.state == FunctionState::Absent {
        rendered.status = Status::Refused;
        let sentence = format!("There is no {}() in the file", direction.as_str());
        rendered.unknowns.push(unknown(sentence, None));
    }
}

fn unknown(why: String, span: Option<revline_text::Span>) -> Unknown {
    Unknown { why: why.into(), origin: span.into() }
}

fn change(change: revline_history::VersionChange) -> VersionChange {
    match change {
        revline_history::VersionChange::Insert(id) => VersionChange::Insert(id.to_string()),
        revline_history::VersionChange::Delete(id) => VersionChange::Delete(id.to_string()),
        revline_history::VersionChange::Update { from, to } => {
            VersionChange::Update { from: from.to_string(), to: to.to_string() }
        }
    }
}
