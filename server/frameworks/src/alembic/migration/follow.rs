//! What steps do to the schema of a database: the one place where a state is moved forward, for the
//! replay of a history and for the schema that a function's own guards see.

use revline_schema::{
    AutocommitBlock, Batch, Constraint, Key, Name, Op, Opaque, Schema, Statement, Step, Table,
    TableName, apply_steps,
};

use std::sync::Arc;

/// PostgreSQL's longest identifier, in bytes.
const LONGEST: usize = 63;

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
    let (mut next, problems) = apply_steps(schema, &effects(step, dialect));
    if !problems.is_empty() && is_caught {
        return schema.clone();
    }
    for problem in problems {
        if problem.table.name.text.is_empty() {
            continue;
        }
        let why = Opaque {
            why: "an operation does not fit what is known of the table".into(),
            origin: problem.name.origin,
        };
        next = next.with_doubtful(&problem.table, why);
    }
    if dialect == "postgresql" {
        name_constraints(&mut next, &step.op);
    }
    beside(next, &step.op)
}

/// The steps in whose shape a step changes the schema: SQL text is read for what it does.
fn effects(step: &Step, dialect: &str) -> Vec<Step> {
    let with = |op: Op| Step { op, ..step.clone() };
    let all = |steps: &[Step]| steps.iter().flat_map(|step| effects(step, dialect)).collect();
    match &step.op {
        Op::Batch(batch) => {
            vec![with(Op::Batch(Batch { steps: all(&batch.steps), ..batch.clone() }))]
        }
        Op::AutocommitBlock(block) => {
            vec![with(Op::AutocommitBlock(AutocommitBlock { steps: all(&block.steps) }))]
        }
        _ => vec![step.clone()],
    }
}

/// Types and views that SQL text makes or drops. No operation says it.
fn beside(schema: Schema, op: &Op) -> Schema {
    let Op::Execute(execute) = op else { return schema };
    let text = match &execute.statement {
        Statement::Text(clause) => &clause.text,
        Statement::Ddl(text) => text,
        _ => return schema,
    };
    let mut words = text
        .text
        .split(|c: char| c.is_whitespace() || matches!(c, ';' | '('))
        .filter(|w| !w.is_empty());
    let mut schema = schema;
    while let Some(word) = words.next() {
        if word.eq_ignore_ascii_case("TYPE") || word.eq_ignore_ascii_case("DOMAIN") {
            let why = Opaque { why: "raw SQL names a type".into(), origin: text.origin };
            schema.types_doubt.get_or_insert(why);
        } else if word.eq_ignore_ascii_case("VIEW") {
            let passed = ["IF", "NOT", "EXISTS", "CONCURRENTLY"];
            let name = words.find(|word| !passed.iter().any(|p| word.eq_ignore_ascii_case(p)));
            let Some(name) = name else { continue };
            let name = name.trim_matches(['"', '`', '[', ']']);
            let table = match name.split_once('.') {
                Some((schema, name)) => TableName::in_schema(schema, name.trim_matches('"')),
                None => TableName::new(name),
            };
            let why = Opaque { why: "raw SQL names a view".into(), origin: text.origin };
            schema = schema.with_doubtful(&table, why);
        }
    }
    schema
}

/// Gives unnamed keys the names that PostgreSQL gives them
/// (`src/backend/commands/indexcmds.c`, `ChooseIndexName`; `tablecmds.c`,
/// `ChooseForeignKeyConstraintNameAddition` of version 12 and later). One whose name PostgreSQL
/// would shorten or number stays without.
fn name_constraints(schema: &mut Schema, op: &Op) {
    let tables: Vec<&TableName> = match op {
        Op::CreateTable(op) => vec![&op.table],
        Op::AddColumn(op) => vec![&op.table],
        Op::AddConstraint(op) => vec![&op.table],
        Op::Batch(batch) => vec![&batch.table],
        Op::AutocommitBlock(block) => {
            return block.steps.iter().for_each(|step| name_constraints(schema, &step.op));
        }
        _ => return,
    };
    for name in tables {
        let key = Key::from(name);
        let Some(table) = schema.tables.get(&key) else { continue };
        let unnamed = |constraint: &Constraint| {
            constraint.name().is_none() && !matches!(constraint, Constraint::Check(_))
        };
        if !table.constraints.iter().any(|constraint| unnamed(constraint)) {
            continue;
        }
        let mut named = (**table).clone();
        let count = named.constraints.len();
        for at in 0..count {
            let Some(constraint) = named.constraints.get(at).filter(|one| unnamed(one)) else {
                continue;
            };
            let Some(name) =
                generated(&named, constraint).filter(|name| free(schema, &named, name))
            else {
                continue;
            };
            let given = with_name(constraint, name);
            if let Some(slot) = named.constraints.get_mut(at) {
                *slot = Arc::new(given);
            }
        }
        schema.tables.insert_mut(key, Arc::new(named));
    }
}

fn generated(table: &Table, constraint: &Constraint) -> Option<String> {
    let joined = |columns: &[Name]| columns.iter().map(Name::as_str).collect::<Vec<_>>().join("_");
    let table = &table.name.name;
    let name = match constraint {
        Constraint::PrimaryKey(_) => format!("{table}_pkey"),
        Constraint::Unique(key) => format!("{table}_{}_key", joined(&key.columns)),
        Constraint::ForeignKey(key) => format!("{table}_{}_fkey", joined(&key.columns)),
        Constraint::Exclude(_) | Constraint::Check(_) => return None,
    };
    (name.len() <= LONGEST).then_some(name)
}

/// Whether nothing in the schema has the name. Relations of other tables begin with the name of
/// another table as a rule; one that was renamed keeps what it had.
fn free(schema: &Schema, own: &Table, name: &str) -> bool {
    let has = |table: &Table| table.constraint(name).is_some() || table.index(name).is_some();
    if has(own) || schema.tables.get(&Key::new(name)).is_some() {
        return false;
    }
    let was_taken = schema.renamed.0.contains(&own.name.name.text);
    !(was_taken && schema.tables.values().any(|table| has(table)))
}

fn with_name(constraint: &Constraint, name: String) -> Constraint {
    let name = Some(Name::new(name).finalised());
    let mut constraint = constraint.clone();
    match &mut constraint {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => key.name = name,
        Constraint::ForeignKey(key) => key.name = name,
        Constraint::Check(check) => check.name = name,
        Constraint::Exclude(exclude) => exclude.name = name,
    }
    constraint
}
