//! Names for a batch, which takes constraints by name alone.

use revline_schema::{
    Constraint, DropConstraint, Key, Name, NamingConvention, NamingSubject, Schema, Table, TableName,
};

/// What PostgreSQL calls a constraint that is made without a name
/// (`src/backend/commands/indexcmds.c`, `tablecmds.c`), as SQLAlchemy writes such a rule.
const OF_POSTGRESQL: &[(&str, &str)] = &[
    ("fk", "%(table_name)s_%(column_0_N_name)s_fkey"),
    ("uq", "%(table_name)s_%(column_0_N_name)s_key"),
    ("pk", "%(table_name)s_pkey"),
];

/// MySQL calls a UNIQUE by its first column.
const OF_MYSQL: &[(&str, &str)] = &[("uq", "%(column_0_name)s")];

/// The longest name that PostgreSQL takes, in bytes.
const LONGEST: usize = 63;

/// A name for a constraint that has none: the one that PostgreSQL would give it. `None` where the
/// naming convention of the project names it, or where the name is taken.
pub(super) fn of_added(
    schema: &Schema,
    table: &TableName,
    constraint: &Constraint,
) -> Option<String> {
    let subject = NamingSubject::of_constraint(table, constraint)?;
    if !matches!(schema.naming.resolve(&subject), Ok(None)) {
        return None;
    }
    let name = match constraint {
        Constraint::Check(_) => format!("{}_check", table.name),
        _ => {
            let (key, template) = OF_POSTGRESQL.iter().find(|(key, _)| *key == subject.key)?;
            let rule = NamingConvention::default().with(key, template);
            rule.resolve(&subject).ok()??.text.to_string()
        }
    };
    let is_taken =
        schema.table(&Key::from(table)).is_some_and(|table| table.constraint(&name).is_some());
    (name.len() <= LONGEST && !is_taken).then_some(name)
}

/// The rule by which a batch finds a constraint that SQLite has without a name under the name by
/// which it is dropped: the key of a `naming_convention`, and its template. `None` where the name
/// is there, and where no rule gives it to exactly one constraint.
pub(super) fn of_dropped(
    schema: &Schema,
    op: &DropConstraint,
) -> Option<(&'static str, String)> {
    let table = schema.table(&Key::from(&op.table))?;
    let wanted = op.name.as_ref()?;
    if table.constraint(wanted.as_str()).is_some() {
        return None;
    }
    let unnamed: Vec<NamingSubject<'_>> = table
        .constraints
        .iter()
        .filter(|one| one.name().is_none() && op.kind.is_none_or(|kind| kind == one.kind()))
        .filter_map(|one| NamingSubject::of_constraint(&table.name, one))
        .collect();
    let rules = OF_POSTGRESQL.iter().chain(OF_MYSQL).map(|(key, rule)| (*key, *rule));
    let own = schema.naming.templates.iter();
    let own = own.filter_map(|(key, rule)| Some((known(key)?, &**rule)));
    let found = own.chain(rules).find(|(key, rule)| {
        let convention = NamingConvention::default().with(key, rule);
        let gives = |subject: &&NamingSubject<'_>| {
            let name = convention.resolve(subject).ok().flatten();
            subject.key == *key && name.is_some_and(|name| name.text == wanted.text)
        };
        unnamed.iter().filter(gives).count() == 1
    });
    if let Some((key, rule)) = found {
        return Some((key, rule.to_owned()));
    }
    only(table, op, wanted, &unnamed)
}

/// Other databases number names, or keep those of a table that was renamed since: where a table has
/// one constraint of the kind that is dropped and no other, and it has no name, that is meant.
fn only(
    table: &Table,
    op: &DropConstraint,
    wanted: &Name,
    unnamed: &[NamingSubject<'_>],
) -> Option<(&'static str, String)> {
    let kind = op.kind?;
    let is_only = table.constraints.iter().filter(|one| one.kind() == kind).count() == 1;
    match unnamed {
        [subject] if is_only => Some((subject.key, wanted.text.replace('%', "%%"))),
        _ => None,
    }
}

fn known(key: &str) -> Option<&'static str> {
    ["fk", "uq", "pk", "ck"].into_iter().find(|known| *known == key)
}
