//! Constraints of tables that exist.

use revline_schema::{
    AddConstraint, Constraint, ConstraintKind, DropConstraint, Name, NamingSubject, TableName,
};

use super::Renderer;
use crate::build::{self, BuiltTable, Piece};
use crate::dialect::Objection;
use crate::print::{Halt, Print};
use crate::{identifier, index, keywords, naming, placeholder};

impl Renderer<'_> {
    /// `ALTER TABLE … ADD constraint`, or Alembic's objection.
    pub(super) fn add_constraint(&mut self, table: &BuiltTable, piece: &Piece) -> Print<()> {
        let cx = self.cx;
        match cx.dialect.refuses_constraints(matches!(piece, Piece::Implicit(_))) {
            Some(Objection::Raise(sentence)) => return Err(Halt::Refused(sentence.to_owned())),
            Some(Objection::Skip) => return Ok(()),
            None => {}
        }
        if let Some(clause) = cx.dialect.constraint(cx, table, piece)? {
            self.sql(format!("ALTER TABLE {} ADD {clause}", identifier::table(cx, &table.name)));
        }
        Ok(())
    }

    pub(super) fn add_given_constraint(&mut self, op: &AddConstraint) -> Print<()> {
        keywords::check_constraint(&op.constraint)?;
        placeholder::check_constraint(&op.table, &op.constraint)?;
        check_included(&op.constraint)?;
        let constraint = build::named(self.cx, &op.table, &op.constraint)?;
        let table = bare_table(&op.table);
        self.add_constraint(&table, &Piece::Constraint(constraint))
    }

    pub(super) fn drop_given_constraint(&mut self, op: &DropConstraint) -> Print<()> {
        let key = match op.kind {
            Some(ConstraintKind::Check) => Some("ck"),
            Some(ConstraintKind::Unique) => Some("uq"),
            Some(ConstraintKind::ForeignKey) => Some("fk"),
            Some(ConstraintKind::PrimaryKey) => Some("pk"),
            Some(ConstraintKind::Exclude) | None => None,
        };
        let name = match key {
            Some(key) => {
                let has_convention = self.cx.settings.naming_convention.is_some();
                if op.name.is_none() && has_convention {
                    return Err(Halt::unknown(
                        "what a naming convention calls a constraint without name or columns",
                    ));
                }
                let subject = NamingSubject {
                    key,
                    name: op.name.as_ref(),
                    table: &op.table,
                    columns: Vec::new(),
                    referent: None,
                };
                naming::resolve(self.cx, &subject)?
            }
            None => op.name.clone(),
        };
        self.drop_constraint(&op.table, name.as_ref(), op.if_exists, false, op.kind)
    }

    pub(super) fn drop_constraint(
        &mut self,
        table: &TableName,
        name: Option<&Name>,
        if_exists: bool,
        is_implicit: bool,
        kind: Option<ConstraintKind>,
    ) -> Print<()> {
        let cx = self.cx;
        match cx.dialect.refuses_constraints(is_implicit) {
            Some(Objection::Raise(sentence)) => return Err(Halt::Refused(sentence.to_owned())),
            Some(Objection::Skip) => return Ok(()),
            None => {}
        }
        let Some(name) = name else {
            let class = match kind {
                Some(ConstraintKind::Check) => "CheckConstraint",
                Some(ConstraintKind::Unique) => "UniqueConstraint",
                Some(ConstraintKind::ForeignKey) => "ForeignKeyConstraint",
                Some(ConstraintKind::PrimaryKey) => "PrimaryKeyConstraint",
                Some(ConstraintKind::Exclude) | None => "Constraint",
            };
            return Err(Halt::Refused(format!(
                "Can't emit DROP CONSTRAINT for constraint {class}(…); it has no name"
            )));
        };
        let name = identifier::bounded(cx, name)?;
        let exists = if if_exists { "IF EXISTS " } else { "" };
        self.sql(format!(
            "ALTER TABLE {} DROP CONSTRAINT {exists}{name}",
            identifier::table(cx, table)
        ));
        Ok(())
    }
}

/// Columns that a key includes are looked up among its own here, and nowhere else.
fn check_included(constraint: &Constraint) -> Print<()> {
    let (Constraint::Unique(key) | Constraint::PrimaryKey(key)) = constraint else { return Ok(()) };
    let Some(included) = key.options.given("postgresql_include") else { return Ok(()) };
    match index::names(included)?.iter().find(|name| !key.columns.contains(name)) {
        Some(stray) => Err(Halt::Refused(identifier::python_repr(stray.as_str()))),
        None => Ok(()),
    }
}

/// A table of which nothing but the name matters.
pub(super) fn bare_table(name: &TableName) -> BuiltTable {
    BuiltTable {
        name: name.clone(),
        columns: Vec::new(),
        primary_key: None,
        pieces: Vec::new(),
        indexes: Vec::new(),
        options: revline_schema::Options::default(),
        comment: None,
        prefixes: Vec::new(),
    }
}
