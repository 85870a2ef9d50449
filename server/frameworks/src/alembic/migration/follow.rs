//! What steps do to the schema of a database: the one place where a state is moved forward, for the
//! replay of a history and for the schema that a function's own guards see.

mod merged;
mod names;

use std::sync::Arc;

use revline_schema::{
    Constraint, Key, Name, NamingConvention, Op, Opaque, ProblemKind, Schema, Step, Table,
    TableName, apply_steps,
};
use revline_sql::{Dialect, Memory, Mode, Settings, Status, advance, render_from, step_effects};

/// The schema after steps that succeeded on a database of a dialect. What they leave unknown is in
/// doubt; so is a table that a step does not fit, since the database was not as it is thought to be.
pub fn follow(schema: &Schema, steps: &[Step], dialect: &str) -> Schema {
    let mut next = schema.clone();
    for step in steps {
        next = one(&next, step, dialect);
    }
    next
}

fn one(schema: &Schema, step: &Step, dialect: &str) -> Schema {
    let is_caught = step.attempt().is_some();
    // Raised before any SQL is sent.
    if is_caught
        && dialect == "sqlite"
        && matches!(step.op, Op::AddConstraint(_) | Op::DropConstraint(_))
    {
        return schema.clone();
    }
    let Some(known) = revline_sql::dialect(dialect) else {
        return schema.clone().doubted(Opaque::new("nothing is known of the dialect"));
    };
    if step.is_handled() && is_refused(schema, step, known) {
        return schema.clone().doubted(Opaque::new("what follows a refusal that is handled"));
    }
    let effects =
        has_text(&step.op).then(|| step_effects(std::slice::from_ref(step), schema, known));
    let effects = effects.as_deref().unwrap_or(std::slice::from_ref(step));
    let problems = apply_steps(schema, effects).1;
    if !problems.is_empty() && is_caught {
        return schema.clone();
    }
    let mut next = advance(schema, std::slice::from_ref(step), known, &settings(schema));
    for problem in problems {
        if problem.table.name.text.is_empty() {
            continue;
        }
        let why = Opaque {
            why: "an operation does not fit what is known of the table".into(),
            origin: problem.name.origin,
        };
        // `DROP TABLE PoolGroup` means `poolgroup` to PostgreSQL, whatever its author meant.
        let missing = Key::from(&problem.table);
        let meant: Vec<TableName> = next
            .tables
            .iter()
            .filter(|(key, _)| {
                problem.kind == ProblemKind::NoSuchTable
                    && key.schema == missing.schema
                    && key.name.eq_ignore_ascii_case(&missing.name)
            })
            .map(|(_, table)| table.name.clone())
            .collect();
        for table in meant.iter().chain([&problem.table]) {
            next = next.with_doubtful(table, why.clone());
        }
    }
    if dialect == "postgresql" {
        for effect in effects {
            make_keys(schema, &mut next, &effect.op);
        }
    }
    next
}

fn settings(schema: &Schema) -> Settings {
    Settings {
        naming_convention: Some((*schema.naming).clone())
            .filter(|naming| *naming != NamingConvention::sqlalchemy_default()),
        ..Settings::default()
    }
}

/// Whether Alembic raises at a step.
fn is_refused(schema: &Schema, step: &Step, dialect: &'static dyn Dialect) -> bool {
    let steps = [Step { guards: Vec::new(), ..step.clone() }];
    let (mode, settings) = (Mode::Execute, settings(schema));
    let rendered = render_from(schema, &mut Memory::default(), &steps, dialect, mode, &settings);
    rendered.status == Status::Refused
}

/// Whether SQL text may stand in it, which is read for what it does.
fn has_text(op: &Op) -> bool {
    match op {
        Op::Execute(_) | Op::AutocommitBlock(_) => true,
        Op::Batch(batch) => batch.steps.iter().any(|step| matches!(step.op, Op::Execute(_))),
        _ => false,
    }
}

/// Makes the keys of the table of an operation what PostgreSQL makes of them: those of a new table that
/// say the same become one, and those without a name get one.
fn make_keys(before: &Schema, after: &mut Schema, op: &Op) {
    if let Op::AutocommitBlock(block) = op {
        return block.steps.iter().for_each(|step| make_keys(before, after, &step.op));
    }
    let (Op::CreateTable(_) | Op::AddColumn(_) | Op::AddConstraint(_) | Op::Batch(_)) = op else {
        return;
    };
    let Some(key) = op.table().map(Key::from) else { return };
    if matches!(op, Op::CreateTable(_))
        && before.tables.get(&key).is_none()
        && let Some(table) = after.tables.get(&key)
        && let Some(constraints) = merged::merged(&table.constraints)
    {
        let table = Table { constraints, ..(**table).clone() };
        after.tables.insert_mut(key.clone(), Arc::new(table));
    }
    name_constraints(after, key);
}

/// Gives unnamed keys of a table the names that PostgreSQL gives them.
fn name_constraints(schema: &mut Schema, key: Key) {
    let Some(table) = schema.tables.get(&key) else { return };
    let unnamed = |constraint: &Constraint| {
        constraint.name().is_none() && !matches!(constraint, Constraint::Check(_))
    };
    if !table.constraints.iter().any(|constraint| unnamed(constraint)) {
        return;
    }
    let mut named = (**table).clone();
    let count = named.constraints.len();
    for at in 0..count {
        let Some(constraint) = named.constraints.get(at).filter(|one| unnamed(one)) else {
            continue;
        };
        let Some(name) = names::generated(schema, &named, constraint) else { continue };
        let given = with_name(constraint, Name::new(name).finalised());
        if let Some(slot) = named.constraints.get_mut(at) {
            *slot = Arc::new(given);
        }
    }
    schema.tables.insert_mut(key, Arc::new(named));
}

fn with_name(constraint: &Constraint, name: Name) -> Constraint {
    let name = Some(name);
    let mut constraint = constraint.clone();
    match &mut constraint {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => key.name = name,
        Constraint::ForeignKey(key) => key.name = name,
        Constraint::Check(check) => check.name = name,
        Constraint::Exclude(exclude) => exclude.name = name,
    }
    constraint
}
