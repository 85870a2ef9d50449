//! ## What it does
//! Finds well-known names that nothing in the file binds, and imports of the project's own modules that
//! lead nowhere.
//!
//! ## Why is this bad?
//! Python finds out when the line runs: with a NameError or a ModuleNotFoundError in the middle of an
//! upgrade. Autogenerate writes types such as `sqlmodel.sql.sqltypes.AutoString()` without the import
//! that they need.
//!
//! A package that may just not be installed here is never told, nor anything inside of a `try` that has
//! handlers, nor a file without a single import or with `from … import *`.
//!
//! ## Example
//! ```python
//! # versions/b.py
//! """create users"""
//! from alembic import op
//!
//! revision = "a1b2c3d4e5f6"
//! down_revision = None
//!
//!
//! def upgrade():
//!     op.create_table("users", sa.Column("email", sa.String(80), nullable=False))
//!
//!
//! def downgrade():
//!     op.drop_table("users")
//! ```
//!
//! ## Use instead
//! ```python
//! # versions/b.py
//! """create users"""
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "a1b2c3d4e5f6"
//! down_revision = None
//!
//!
//! def upgrade():
//!     op.create_table("users", sa.Column("email", sa.String(80), nullable=False))
//!
//!
//! def downgrade():
//!     op.drop_table("users")
//! ```
//!
//! ## Fix safety
//! The fix adds the import behind the first ones of the file, or to those of the same module. It is
//! safe: the name had no meaning before.
//!
//! ## References
//! - [Alembic: autogenerate, rendering of types](https://alembic.sqlalchemy.org/en/latest/autogenerate.html#affecting-the-rendering-of-types-themselves)

use std::collections::HashSet;

use revline_python::Source;
use revline_python::syntax::ast::{Clause, Expr, ExprKind, StmtKind};
use revline_text::{Edit, Range, SourceChange};

use crate::walk::{Met, walk};
use crate::{Check, FileContext, Findings, Fix, Group, Meta, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Correctness,
    severity: Severity::Error,
    fix: Some(Safety::Safe),
    check: Check::File(check),
};

/// Names that mean a module: what is written to import them.
const MODULES: &[(&str, &str)] = &[
    ("advanced_alchemy", "import advanced_alchemy.types"),
    ("context", "from alembic import context"),
    ("fastapi_users_db_sqlalchemy", "import fastapi_users_db_sqlalchemy"),
    ("geoalchemy2", "import geoalchemy2"),
    ("mssql", "from sqlalchemy.dialects import mssql"),
    ("mysql", "from sqlalchemy.dialects import mysql"),
    ("op", "from alembic import op"),
    ("oracle", "from sqlalchemy.dialects import oracle"),
    ("pgvector", "import pgvector.sqlalchemy"),
    ("postgresql", "from sqlalchemy.dialects import postgresql"),
    ("sa", "import sqlalchemy as sa"),
    ("sqlalchemy", "import sqlalchemy"),
    ("sqlalchemy_utils", "import sqlalchemy_utils"),
    ("sqlite", "from sqlalchemy.dialects import sqlite"),
    ("sqlmodel", "import sqlmodel"),
];

/// Names of `sqlalchemy` that nothing else is called by.
const SQLALCHEMY: &[&str] = &[
    "BigInteger", "CheckConstraint", "Column", "DateTime", "ForeignKey", "ForeignKeyConstraint",
    "LargeBinary", "MetaData", "Numeric", "PrimaryKeyConstraint", "SmallInteger", "Text",
    "UniqueConstraint", "UnicodeText", "bindparam", "literal_column", "text",
];

/// Names of `sqlalchemy.dialects.postgresql` that nothing else is called by.
const POSTGRESQL: &[&str] = &["CITEXT", "HSTORE", "JSONB", "TSVECTOR"];

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    let source = context.source;
    if !source.is_valid() {
        return;
    }
    let names = Names::of(source);
    for (name, range) in names.unbound() {
        let Some(import) = import_of(name) else { continue };
        let message = format!("`{name}` is not imported: Python raises a NameError here.");
        let mut draft = findings.push(context.at(range), message);
        if let Some(edit) = added(source, &import) {
            draft = draft.fix(Fix {
                title: format!("Add `{import}`"),
                change: SourceChange::edit(context.file, vec![edit]),
                safety: Safety::Safe,
            });
        }
        draft.done();
    }
    for (module, span) in &context.judged.unresolved {
        let is_caught = names.caught.iter().any(|caught| caught.contains(span.range));
        // A name that a module does not show may still come to it in a way that is not followed.
        let is_module = span.range.slice(&source.text) == Some(module.as_str());
        let top = module.split('.').next().unwrap_or_default();
        if is_caught || !is_module {
            continue;
        }
        if top.is_empty() {
            let message = format!(
                "`{module}` leads nowhere: Alembic loads a revision outside of any package, so that \
                 a relative import fails."
            );
            findings.push(*span, message).done();
        } else if top != module && context.snapshot.has_module(context.project, top) {
            let message = format!("There is no module `{module}` in the workspace.");
            findings.push(*span, message).done();
        }
    }
}

/// What is written to import a well-known name.
fn import_of(name: &str) -> Option<String> {
    if let Some((_, import)) = MODULES.iter().find(|(known, _)| *known == name) {
        return Some((*import).to_owned());
    }
    let module = match name {
        _ if SQLALCHEMY.contains(&name) => "sqlalchemy",
        _ if POSTGRESQL.contains(&name) => "sqlalchemy.dialects.postgresql",
        _ => return None,
    };
    Some(format!("from {module} import {name}"))
}

/// The import written where it belongs: to those of the same module, else behind the first imports
/// of the file.
fn added(source: &Source, import: &str) -> Option<Edit> {
    let is_import =
        |kind: &StmtKind| matches!(kind, StmtKind::Import(_) | StmtKind::ImportFrom(_));
    let module = source.module();
    if let Some((path, name)) =
        import.strip_prefix("from ").and_then(|rest| rest.split_once(" import "))
    {
        for statement in module.iter() {
            let StmtKind::ImportFrom(from) = &statement.kind else { continue };
            let Some(last) = from.names.last() else { continue };
            if from.level == 0 && *from.module == *path && last.alias.is_none() {
                return Some(Edit::insert(last.range.end(), format!(", {name}")));
            }
        }
    }
    let last = module
        .iter()
        .skip_while(|statement| !is_import(&statement.kind))
        .take_while(|statement| is_import(&statement.kind))
        .last()?;
    let rest = source.text.get(last.range.end() as usize..)?;
    let line = rest.split('\n').next().unwrap_or_default();
    let is_windows = line.ends_with('\r');
    let line = line.trim_end_matches('\r');
    if line.contains(';') {
        return None;
    }
    let end = last.range.end().saturating_add(u32::try_from(line.len()).ok()?);
    let break_ = if is_windows { "\r\n" } else { "\n" };
    Some(Edit::insert(end, format!("{break_}{import}")))
}

/// The names that a module uses and binds, wherever they stand.
#[derive(Default)]
struct Names<'a> {
    bound: HashSet<&'a str>,
    used: Vec<(&'a str, Range)>,
    /// Statements inside of a `try` that has handlers.
    caught: Vec<Range>,
    imports: bool,
    /// Anything may be bound: a star, `globals()`, a statement that is not understood.
    open: bool,
}

impl<'a> Names<'a> {
    fn of(source: &'a Source) -> Self {
        let mut names = Self::default();
        walk(source.module(), &mut |met, caught| match met {
            Met::Statement(statement) => {
                if caught {
                    names.caught.push(statement.range);
                }
                names.statement(&statement.kind);
            }
            Met::Function(function) => {
                names.bound.insert(&*function.name);
                names.bound.extend(function.parameters.iter().map(|parameter| &*parameter.name));
            }
            Met::Expression(expression) => names.expression(expression, caught),
        });
        names
    }

    /// Each well-known name that is used and bound nowhere, at its first use.
    fn unbound(&self) -> Vec<(&'a str, Range)> {
        if self.open || !self.imports {
            return Vec::new();
        }
        let mut told = HashSet::new();
        let unbound = |(name, _): &&(&'a str, Range)| !self.bound.contains(name);
        self.used.iter().filter(unbound).filter(|(name, _)| told.insert(*name)).copied().collect()
    }

    fn statement(&mut self, kind: &'a StmtKind) {
        match kind {
            StmtKind::Assign { targets, .. } => {
                targets.iter().for_each(|target| self.target(target));
            }
            StmtKind::Declare { target }
            | StmtKind::AugAssign { target, .. }
            | StmtKind::For { target, .. } => self.target(target),
            StmtKind::With { items, .. } => {
                items.iter().filter_map(|item| item.target.as_ref()).for_each(|t| self.target(t));
            }
            StmtKind::Try { handlers, .. } => {
                self.bound.extend(handlers.iter().filter_map(|handler| handler.name.as_deref()));
            }
            StmtKind::Class(class) => {
                self.bound.insert(&*class.name);
            }
            StmtKind::Import(imports) => {
                self.imports = true;
                self.bound.extend(imports.iter().map(|import| {
                    let first = import.module.split('.').next().unwrap_or_default();
                    import.alias.as_deref().unwrap_or(first)
                }));
            }
            StmtKind::ImportFrom(from) => {
                self.imports = true;
                self.open |= from.star;
                self.bound.extend(
                    from.names
                        .iter()
                        .map(|import| import.alias.as_deref().unwrap_or(&*import.module)),
                );
            }
            StmtKind::Global(names) | StmtKind::Nonlocal(names) => {
                self.bound.extend(names.iter().map(|name| &**name));
            }
            StmtKind::Opaque(_) => self.open = true,
            _ => {}
        }
    }

    fn target(&mut self, target: &'a Expr) {
        match &target.kind {
            ExprKind::Name(name) => {
                self.bound.insert(name);
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                items.iter().for_each(|item| self.target(item));
            }
            ExprKind::Starred(inner) => self.target(inner),
            _ => {}
        }
    }

    fn expression(&mut self, expression: &'a Expr, caught: bool) {
        match &expression.kind {
            ExprKind::Name(name) => {
                self.open |= matches!(&**name, "globals" | "exec" | "eval" | "locals" | "vars");
                if !caught {
                    self.used.push((name, expression.range));
                }
            }
            ExprKind::Named { name, .. } => {
                self.bound.insert(name);
            }
            ExprKind::Comprehension(comprehension) => {
                for clause in &comprehension.clauses {
                    if let Clause::For { target, .. } = clause {
                        self.target(target);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn well_known_names_are_missed_where_nothing_binds_them() {
        check(
            r#"
from sqlalchemy import String
from alembic import op
revision = "a"
down_revision = None
def upgrade():
    op.add_column("t", sa.Column("a", String()))
    op.add_column("t", sa.Column("b", postgresql.JSONB(astext_type=Text())))
    for text in ["SELECT 1"]:
        op.execute(text)
    try:
        sqlmodel
    except NameError:
        pass
def downgrade():
    op.drop_column("t", "b")
    op.drop_column("t", "a")
"#,
            expect![[r#"
                versions/a.py:6:24 error unresolved-import: `sa` is not imported: Python raises a NameError here.
                  fix (safe): Add `import sqlalchemy as sa`
                versions/a.py:7:39 error unresolved-import: `postgresql` is not imported: Python raises a NameError here.
                  fix (safe): Add `from sqlalchemy.dialects import postgresql`
                versions/a.py:7:68 error unresolved-import: `Text` is not imported: Python raises a NameError here.
                  fix (safe): Add `from sqlalchemy import Text`
            "#]],
        );
    }

    #[test]
    fn modules_of_the_project_must_be_there_and_others_may_be_elsewhere() {
        check(
            r#"
from alembic import op
from app.models import anything
from app.gone import Team
from elsewhere.thing import Role
from . import beside
try:
    from app.old import Group
except ImportError:
    Group = None
revision = "a"
down_revision = None
def upgrade():
    op.f()
def downgrade():
    op.f()
//- app/__init__.py
//- app/models.py
"#,
            expect![[r#"
                versions/a.py:3:6 error unresolved-import: There is no module `app.gone` in the workspace.
                versions/a.py:5:6 error unresolved-import: `.` leads nowhere: Alembic loads a revision outside of any package, so that a relative import fails.
            "#]],
        );
    }
}
