//! The names that the project's naming convention gives to constraints and indexes without one.

use std::collections::BTreeMap;

use revline_analysis::{Direction, Naming, Project, Snapshot, Target};
use revline_schema::{
    Column, Constraint, Name, NamingConvention, NamingSubject, Op, Origin, Step, TableItem,
    TableName,
};
use revline_text::FileId;

/// How deep blocks may be nested.
const MAX_DEPTH: usize = 16;

/// The computed names in a revision file, by the end of what they name. None where the convention is
/// not known.
pub(crate) fn computed_names(
    snapshot: &Snapshot,
    project: &Project,
    file: FileId,
) -> BTreeMap<u32, String> {
    let mut found = BTreeMap::new();
    let convention = match &snapshot.sql_settings(project).naming_convention {
        Some(convention) => convention.clone(),
        None => match &snapshot.facts(project).naming {
            Naming::Known(convention, _) => convention.clone(),
            Naming::Absent => NamingConvention::sqlalchemy_default(),
            Naming::Unknown(_) => return found,
        },
    };
    for direction in [Direction::Upgrade, Direction::Downgrade] {
        for dialect in snapshot.dialects(project) {
            let target = Target::executed(dialect.facts().name, direction);
            if let Some(migration) = snapshot.migration(project, file, &target) {
                let mut names = Names { convention: &convention, file, found: &mut found };
                names.steps(&migration.steps, 0);
            }
        }
    }
    found
}

struct Names<'a> {
    convention: &'a NamingConvention,
    file: FileId,
    found: &'a mut BTreeMap<u32, String>,
}

impl Names<'_> {
    fn steps(&mut self, steps: &[Step], depth: usize) {
        for step in steps {
            match &step.op {
                Op::Batch(batch) if depth < MAX_DEPTH => self.steps(&batch.steps, depth + 1),
                Op::AutocommitBlock(block) if depth < MAX_DEPTH => {
                    self.steps(&block.steps, depth + 1);
                }
                Op::CreateTable(op) => self.items(&op.table, &op.items),
                Op::AddColumn(op) => self.column(&op.table, &op.column),
                Op::AddConstraint(op) => self.constraint(&op.table, &op.constraint, step.span),
                Op::CreateIndex(op) => {
                    self.name(&NamingSubject::of_index(&op.table, &op.index), step.span);
                }
                _ => {}
            }
        }
    }

    fn items(&mut self, table: &TableName, items: &[TableItem]) {
        for item in items {
            match item {
                TableItem::Column(column) => self.column(table, column),
                TableItem::Constraint(constraint) => {
                    self.constraint(table, constraint, origin(constraint));
                }
                TableItem::Index(index) => {
                    self.name(&NamingSubject::of_index(table, index), index.origin);
                }
                TableItem::Opaque(_) => {}
            }
        }
    }

    fn column(&mut self, table: &TableName, column: &Column) {
        for key in &column.foreign_keys {
            let referent = key.referent_column.as_ref().map_or(column.name.as_str(), Name::as_str);
            let subject = NamingSubject {
                key: "fk",
                name: key.name.as_ref(),
                table,
                columns: vec![column.name.as_str()],
                referent: Some((key.referent.name.as_str(), vec![referent])),
            };
            self.name(&subject, key.origin);
        }
    }

    fn constraint(&mut self, table: &TableName, constraint: &Constraint, origin: Origin) {
        if let Some(subject) = NamingSubject::of_constraint(table, constraint) {
            self.name(&subject, origin);
        }
    }

    /// A name that stands in the source already is none of ours.
    fn name(&mut self, subject: &NamingSubject<'_>, origin: Origin) {
        let Some(span) = origin.span().filter(|span| span.file == self.file) else { return };
        let Ok(Some(name)) = self.convention.resolve(subject) else { return };
        if subject.name.is_none_or(|given| given.text != name.text) {
            self.found.entry(span.range.end()).or_insert_with(|| name.text.to_string());
        }
    }
}

const fn origin(constraint: &Constraint) -> Origin {
    match constraint {
        Constraint::PrimaryKey(key) | Constraint::Unique(key) => key.origin,
        Constraint::ForeignKey(key) => key.origin,
        Constraint::Check(check) => check.origin,
        Constraint::Exclude(exclude) => exclude.origin,
    }
}
