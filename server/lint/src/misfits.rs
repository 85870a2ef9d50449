//! Names that an operation takes for something else than the database that followed the history has.
//!
//! Silent wherever something is in doubt: under a condition, inside of a `try` that passes over
//! failures, behind SQL that is not understood, where steps may be missing. A name that is wrong once
//! is told once: what it names is in doubt from there on, in later revisions too.

use std::sync::Arc;

use revline_analysis::{Direction, Migration, Passage, Project, Snapshot, follow};
use revline_history::{Node, Through};
use revline_schema::{
    Index, Key, Name, Op, ProblemKind, Schema, Sight, Step, Table, TableName, apply,
};
use revline_sql::Dialect;
use revline_text::{Edit, FileId, Fingerprint, SourceChange, Span};

use crate::{FileContext, Findings, Fix, Safety};

/// What a revision does on the databases of its project, for the rules.
#[derive(Default)]
pub(crate) struct Judged {
    /// What does not fit, in the order of the source.
    pub(crate) misfits: Vec<Misfit>,
    /// The modules that its imports do not find, and where.
    pub(crate) unresolved: Vec<(String, Span)>,
    /// The identity of everything that the rules see of it beside the file's text.
    pub(crate) identity: Fingerprint,
}

/// An operation that does not fit the schema it meets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Misfit {
    /// The name in the source, else the call.
    pub(crate) span: Span,
    /// What does not fit.
    pub(crate) kind: ProblemKind,
    /// The name that is missing or taken.
    pub(crate) name: Arc<str>,
    /// The table it is looked for in.
    pub(crate) table: TableName,
    /// The function it stands in.
    pub(crate) upgrade: bool,
    /// What is there and reads alike.
    pub(crate) near: Option<Arc<str>>,
    /// The database on which it is so; empty where it is on all of them.
    pub(crate) dialect: Option<&'static str>,
}

impl Misfit {
    /// Where it is so, as sentences end: nothing where it is so on every database.
    pub(crate) fn on_dialect(&self) -> String {
        let shown = |name| if name == "sqlite" { "SQLite" } else { "PostgreSQL" };
        self.dialect.map_or_else(String::new, |name| format!(" on {}", shown(name)))
    }

    /// `` Did you mean `users`?`` with a space in front, where something reads alike.
    pub(crate) fn hint(&self) -> String {
        self.near.as_ref().map_or_else(String::new, |near| format!(" Did you mean `{near}`?"))
    }

    /// The direction in a finding's words.
    pub(crate) const fn direction(&self) -> crate::Direction {
        if self.upgrade { crate::Direction::Upgrade } else { crate::Direction::Downgrade }
    }

    /// Reports it with its direction and its fix.
    pub(crate) fn tell(
        &self,
        context: &FileContext<'_>,
        findings: &mut Findings<'_>,
        message: String,
    ) {
        let mut draft = findings.push(self.span, message).direction(self.direction());
        if let Some(fix) = self.fix(context) {
            draft = draft.fix(fix);
        }
        draft.done();
    }

    /// Writes what reads alike, where the name stands there as one plain string.
    fn fix(&self, context: &FileContext<'_>) -> Option<Fix> {
        let near = self.near.as_ref()?;
        let text = context.snapshot.text(self.span.file)?;
        let written = self.span.range.slice(text.as_str())?;
        let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
        (*inner == *self.name).then(|| Fix {
            title: format!("Write `{near}`"),
            change: SourceChange::edit(
                self.span.file,
                vec![Edit::replace(self.span.range, format!("{quote}{near}{quote}"))],
            ),
            safety: Safety::Unsafe,
        })
    }
}

/// How deep blocks may be nested in one another before nobody looks.
const DEEPEST: usize = 8;

impl Judged {
    pub(crate) fn of(snapshot: &Snapshot, project: &Project, node: Node, file: FileId) -> Self {
        let dialects = snapshot.dialects(project);
        let all_must_agree = snapshot.targets(project).is_empty();
        let mut identity = Vec::new();
        let mut unresolved: Vec<(String, Span)> = Vec::new();
        let mut by_dialect: Vec<(&'static str, Vec<Misfit>)> = Vec::new();
        for dialect in &dialects {
            let mut found = Vec::new();
            for direction in [Direction::Upgrade, Direction::Downgrade] {
                let passage = snapshot.passage(project, node, direction, *dialect);
                let Some(Passage { before, migration: Some(migration), .. }) = passage else {
                    identity.push(Fingerprint::default());
                    continue;
                };
                let mut walk = Walk {
                    place: Place { snapshot, project, node, file, dialect: *dialect },
                    schema: Schema::clone(&before),
                    upgrade: direction == Direction::Upgrade,
                    found: Vec::new(),
                    touched: Vec::new(),
                };
                walk.steps(&migration.steps, &[], 0);
                identity.push(walk.identity(&before, &migration));
                // A fix that is tried may look at any table.
                if dialect.facts().name == "sqlite" && migration.steps.iter().any(alters) {
                    identity.push(snapshot.state_identity(project, node));
                }
                for one in &migration.unresolved {
                    let one = (one.module.clone(), one.span);
                    if one.1.file == file && !unresolved.contains(&one) {
                        unresolved.push(one);
                    }
                }
                if migration.is_followed() {
                    found.append(&mut walk.found);
                }
            }
            let nothing = found.is_empty();
            by_dialect.push((dialect.facts().name, found));
            // Where all must agree, one that has nothing to say speaks for the others.
            if all_must_agree && nothing {
                return Self {
                    unresolved,
                    identity: Fingerprint::of(&identity),
                    ..Self::default()
                };
            }
        }
        let misfits = joined(by_dialect, all_must_agree);
        identity.push(Fingerprint::of(&misfits));
        Self { misfits, unresolved, identity: Fingerprint::of(&identity) }
    }
}

/// What is told of several databases: each misfit once, with the database where it is not all of
/// them. Where nobody said which database it is, all must agree.
fn joined(by_dialect: Vec<(&'static str, Vec<Misfit>)>, all_must_agree: bool) -> Vec<Misfit> {
    let lists: Vec<Vec<Misfit>> = by_dialect.iter().map(|(_, found)| found.clone()).collect();
    let mut misfits: Vec<Misfit> = Vec::new();
    for (dialect, found) in by_dialect {
        for misfit in found {
            let same = |other: &Misfit| {
                (other.span, other.kind, &other.name) == (misfit.span, misfit.kind, &misfit.name)
            };
            if misfits.iter().any(same) {
                continue;
            }
            let everywhere = lists.iter().all(|list| list.iter().any(same));
            if everywhere {
                misfits.push(misfit);
            } else if !all_must_agree {
                misfits.push(Misfit { dialect: Some(dialect), ..misfit });
            }
        }
    }
    misfits.sort();
    misfits
}

/// Where a walk is made.
#[derive(Clone, Copy)]
struct Place<'a> {
    snapshot: &'a Snapshot,
    project: &'a Project,
    node: Node,
    file: FileId,
    dialect: &'static dyn Dialect,
}

struct Walk<'a> {
    place: Place<'a>,
    schema: Schema,
    upgrade: bool,
    found: Vec<Misfit>,
    touched: Vec<Key>,
}

impl Walk<'_> {
    fn steps(&mut self, steps: &[Step], around: &[revline_schema::Guard], depth: usize) {
        for own in steps {
            let guarded = (!around.is_empty()).then(|| Step {
                guards: around.iter().chain(&own.guards).cloned().collect(),
                ..own.clone()
            });
            let step = guarded.as_ref().unwrap_or(own);
            match &step.op {
                // A copy of the table knows a column by the name that it had at the start.
                Op::Batch(batch) if depth < DEEPEST && !renames(&batch.steps) => {
                    self.steps(&batch.steps, &step.guards, depth + 1);
                    continue;
                }
                Op::AutocommitBlock(block) if depth < DEEPEST => {
                    self.steps(&block.steps, &step.guards, depth + 1);
                    continue;
                }
                Op::Batch(_) | Op::AutocommitBlock(_) => {}
                _ if step.guards.is_empty() => self.judge(step),
                _ => {}
            }
            self.touched.extend(touched(&step.op).map(Key::from));
            let name = self.place.dialect.facts().name;
            self.schema = follow(&self.schema, std::slice::from_ref(step), name);
        }
    }

    fn judge(&mut self, step: &Step) {
        let (_, problems) = apply(&self.schema, &step.op);
        for problem in problems {
            self.push(step, problem.kind, &problem.name, &problem.table);
        }
        let made = match &step.op {
            Op::CreateIndex(op) if !op.if_not_exists => vec![&op.index],
            Op::CreateTable(op) if !op.if_not_exists => op.indexes().collect(),
            _ => Vec::new(),
        };
        for index in made {
            self.index(step, index);
        }
    }

    /// Both databases keep the names of indexes in one list for all tables of a schema.
    fn index(&mut self, step: &Step, index: &Index) {
        let (Some(name), Some(own)) = (&index.name, touched(&step.op).next()) else { return };
        let own = Key::from(own);
        let taken = self.schema.tables.iter().find(|(key, table)| {
            **key != own
                && key.schema == own.schema
                && table.index(name.as_str()).is_some()
                && matches!(self.schema.look(key), Sight::Present(_))
        });
        if let Some((_, table)) = taken {
            let table = table.name.clone();
            self.push(step, ProblemKind::IndexExists, name, &table);
        }
    }

    fn push(&mut self, step: &Step, kind: ProblemKind, name: &Name, table: &TableName) {
        let own = |span: &Span| span.file == self.place.file;
        let Some(span) = name.span().filter(own).or_else(|| step.span.span().filter(own)) else {
            return;
        };
        let is_sqlite = self.place.dialect.facts().name == "sqlite";
        let folded = |name: &Name| name.quote == Some(false) || name.text.is_empty();
        if folded(name) || folded(&table.name) {
            return;
        }
        let here = self.schema.table(&Key::from(table));
        let near = match kind {
            ProblemKind::NoSuchTable => {
                let key = Key::from(table);
                if self.may_be_elsewhere(&key, is_sqlite) {
                    return;
                }
                let same_schema = self.schema.tables.keys().filter(|k| k.schema == key.schema);
                let near = nearest(&key.name, same_schema.map(|key| &key.name));
                // A history may begin on tables that somebody else makes.
                if near.is_none() && !self.is_ever_made(table) {
                    return;
                }
                near
            }
            ProblemKind::NoSuchColumn => {
                let Some(here) = here else { return };
                if is_sqlite && has_folded(here, name) || self.comes_from_aside(table, Some(name)) {
                    return;
                }
                nearest(&name.text, here.columns.iter().map(|column| &column.name.text))
            }
            // SQLite does not ask whether the name of a constraint is taken.
            ProblemKind::ConstraintExists if is_sqlite => return,
            ProblemKind::TableExists
            | ProblemKind::ColumnExists
            | ProblemKind::IndexExists
            | ProblemKind::ConstraintExists => None,
            ProblemKind::NoSuchIndex | ProblemKind::NoSuchConstraint => return,
        };
        self.found.push(Misfit {
            span,
            kind,
            name: name.text.clone(),
            table: table.clone(),
            upgrade: self.upgrade,
            near,
            dialect: None,
        });
    }

    fn version_table(&self) -> Arc<str> {
        let Place { snapshot, project, dialect, .. } = self.place;
        snapshot.run_settings(project, dialect).version_table
    }

    /// Whether a table that the history does not have here may be in the database all the same.
    fn may_be_elsewhere(&self, key: &Key, is_sqlite: bool) -> bool {
        let name = &*key.name;
        let is_system = ["pg_", "sqlite_"].iter().any(|start| name.starts_with(start))
            || key.schema.as_deref() == Some("information_schema");
        let is_version = *self.version_table() == *name;
        let alike = |other: &Key| {
            *other.name == *name || is_sqlite && other.name.eq_ignore_ascii_case(name)
        };
        is_system
            || is_version
            || self.schema.tables.keys().any(alike)
            || self.comes_from_aside(&TableName { schema: None, name: Name::new(name) }, None)
    }

    /// Whether a revision that is neither before nor behind this one makes it: in what order the two
    /// ran on a database is not known.
    fn comes_from_aside(&self, table: &TableName, column: Option<&Name>) -> bool {
        let Place { snapshot, project, node, dialect, .. } = self.place;
        let history = project.history();
        let mut related: std::collections::HashSet<Node> = [node].into();
        related.extend(history.ancestors(node, Through::Dependencies));
        related.extend(history.descendants(node, Through::Dependencies));
        if related.len() >= history.len() {
            return false;
        }
        history.all().filter(|other| !related.contains(other)).any(|other| {
            let passage = snapshot.passage(project, other, Direction::Upgrade, dialect);
            passage.and_then(|passage| passage.migration).is_some_and(|migration| {
                migration.steps.iter().any(|step| makes(&step.op, table, column))
            })
        })
    }

    /// Whether some revision makes a table of this name.
    fn is_ever_made(&self, table: &TableName) -> bool {
        let Place { snapshot, project, dialect, .. } = self.place;
        project.history().all().any(|node| {
            let passage = snapshot.passage(project, node, Direction::Upgrade, dialect);
            passage.and_then(|passage| passage.migration).is_some_and(|migration| {
                migration.steps.iter().any(|step| creates(&step.op, table))
            })
        })
    }

    /// The identity of what was looked at: the steps, and the tables that they touch.
    fn identity(&self, start: &Schema, migration: &Migration) -> Fingerprint {
        let mut keys = self.touched.clone();
        keys.sort();
        keys.dedup();
        let tables: Vec<Option<&Arc<Table>>> = keys.iter().map(|key| start.table(key)).collect();
        let unresolved: Vec<(&str, Span)> =
            migration.unresolved.iter().map(|one| (one.module.as_str(), one.span)).collect();
        Fingerprint::of(&(
            &migration.steps,
            tables,
            start.doubt.is_some(),
            migration.is_followed(),
            &migration.unknowns,
            unresolved,
        ))
    }
}

/// Whether a step changes a table that exists, outside of a batch.
fn alters(step: &Step) -> bool {
    match &step.op {
        Op::AddColumn(_)
        | Op::DropColumn(_)
        | Op::AlterColumn(_)
        | Op::AddConstraint(_)
        | Op::DropConstraint(_)
        | Op::TableComment(_) => true,
        Op::AutocommitBlock(block) => block.steps.iter().any(alters),
        _ => false,
    }
}

/// Whether an operation certainly says that it makes a table.
fn creates(op: &Op, table: &TableName) -> bool {
    let is = |name: &Name| name.text.eq_ignore_ascii_case(&table.name.text);
    match op {
        Op::CreateTable(op) => is(&op.table.name),
        Op::RenameTable(op) => is(&op.new_name),
        Op::AutocommitBlock(block) => block.steps.iter().any(|step| creates(&step.op, table)),
        _ => false,
    }
}

/// Whether an operation may make a table or a column.
fn makes(op: &Op, table: &TableName, column: Option<&Name>) -> bool {
    let is = |name: &Name, wanted: &Name| name.text.eq_ignore_ascii_case(&wanted.text);
    match (op, column) {
        (Op::Opaque(_) | Op::Execute(_), _) => true,
        (Op::CreateTable(op), _) => is(&op.table.name, &table.name),
        (Op::RenameTable(op), _) => is(&op.new_name, &table.name),
        (Op::AddColumn(op), Some(column)) => is(&op.column.name, column),
        (Op::AlterColumn(op), Some(column)) => {
            op.new_name.as_ref().is_some_and(|name| is(name, column))
        }
        (Op::Batch(batch), _) => batch.steps.iter().any(|step| makes(&step.op, table, column)),
        (Op::AutocommitBlock(block), _) => {
            block.steps.iter().any(|step| makes(&step.op, table, column))
        }
        _ => false,
    }
}

fn renames(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(&step.op, Op::AlterColumn(op) if op.new_name.is_some()))
}

fn has_folded(table: &Table, name: &Name) -> bool {
    table.columns.iter().any(|column| column.name.text.eq_ignore_ascii_case(&name.text))
}

/// The name that reads most like `name`: a third of it may differ.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a Arc<str>>) -> Option<Arc<str>> {
    let allowed = (name.chars().count() / 3).max(1);
    names
        .map(|other| (strsim::damerau_levenshtein(name, other), other))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, other)| other.clone())
}

/// The tables that an operation names as its own.
fn touched(op: &Op) -> impl Iterator<Item = &TableName> {
    let table = match op {
        Op::CreateTable(op) => Some(&op.table),
        Op::DropTable(op) => Some(&op.table),
        Op::RenameTable(op) => Some(&op.table),
        Op::TableComment(op) => Some(&op.table),
        Op::AddColumn(op) => Some(&op.table),
        Op::DropColumn(op) => Some(&op.table),
        Op::AlterColumn(op) => Some(&op.table),
        Op::CreateIndex(op) => Some(&op.table),
        Op::AddConstraint(op) => Some(&op.table),
        Op::DropConstraint(op) => Some(&op.table),
        Op::Batch(batch) => Some(&batch.table),
        _ => None,
    };
    table.into_iter()
}
