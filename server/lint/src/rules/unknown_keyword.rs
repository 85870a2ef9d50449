//! ## What it does
//! Finds keywords that a directive of Alembic or `sa.Column` does not know.
//!
//! ## Why is this bad?
//! `op.alter_column` takes any keyword and passes over those that it does not know: `_type=` changes no
//! type, and `unique=` makes nothing unique. Other directives end in a TypeError.
//!
//! Keywords that begin with the name of a database, such as `postgresql_using`, are not judged.
//!
//! ## Example
//! ```ini
//! # alembic.ini
//! [alembic]
//! script_location = %(here)s
//! sqlalchemy.url = postgresql://localhost/app
//! ```
//! ```python
//! # versions/b.py
//! """widen email"""
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "a1b2c3d4e5f6"
//! down_revision = None
//!
//!
//! def upgrade():
//!     op.alter_column("users", "email", _type=sa.String(120))
//!
//!
//! def downgrade():
//!     op.alter_column("users", "email", type_=sa.String(80))
//! ```
//!
//! ## Use instead
//! ```python
//! # versions/b.py
//! """widen email"""
//! from alembic import op
//! import sqlalchemy as sa
//!
//! revision = "a1b2c3d4e5f6"
//! down_revision = None
//!
//!
//! def upgrade():
//!     op.alter_column("users", "email", type_=sa.String(120))
//!
//!
//! def downgrade():
//!     op.alter_column("users", "email", type_=sa.String(80))
//! ```
//!
//! ## Fix safety
//! The fix writes the keyword that reads most alike. It is unsafe: what had no effect has one then.
//!
//! ## References
//! - [Alembic: operation reference](https://alembic.sqlalchemy.org/en/latest/ops.html)

use std::collections::HashSet;

use revline_python::syntax::ast::{Arg, Expr, ExprKind, StmtKind};
use revline_text::{Edit, SourceChange};

use crate::walk::{Met, walk};
use crate::{Check, FileContext, Findings, Fix, Group, Meta, Safety, Severity};

pub(super) const RULE: Meta = Meta {
    group: Group::Correctness,
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    check: Check::File(check),
};

/// A callable and the keywords that it knows (Alembic 1.20, SQLAlchemy 2.1).
struct Known {
    name: &'static str,
    keywords: &'static str,
    /// Whether it takes any other keyword and passes over it, rather than raising a TypeError.
    passes_over: bool,
}

const DIRECTIVES: &[Known] = &[
    Known {
        name: "add_column",
        keywords: "table_name column schema if_not_exists inline_references inline_primary_key \
                   insert_before insert_after",
        passes_over: false,
    },
    Known {
        name: "alter_column",
        keywords: "table_name column_name nullable comment server_default new_column_name type_ \
                   existing_type existing_server_default existing_nullable existing_comment schema \
                   autoincrement existing_autoincrement insert_before insert_after",
        passes_over: true,
    },
    Known {
        name: "create_primary_key",
        keywords: "constraint_name table_name columns schema",
        passes_over: false,
    },
    Known {
        name: "drop_constraint",
        keywords: "constraint_name table_name type_ schema if_exists",
        passes_over: false,
    },
    Known {
        name: "rename_table",
        keywords: "old_table_name new_table_name schema",
        passes_over: false,
    },
];

/// `sa.Column`. A keyword with `_` in it may belong to a dialect, and is not judged.
const COLUMN: Known = Known {
    name: "Column",
    keywords: "name type_ autoincrement default insert_default doc key index unique info nullable \
               onupdate primary_key server_default server_onupdate quote system comment \
               insert_sentinel",
    passes_over: false,
};

fn check(context: &FileContext<'_>, findings: &mut Findings<'_>) {
    let source = context.source;
    let imports = source.imports();
    let is = |name: &str, path: &str| {
        imports.iter().any(|import| *import.binds == *name && import.path == path)
    };
    let mut batches: HashSet<&str> = HashSet::new();
    walk(source.module(), &mut |met, _| match met {
        Met::Statement(statement) => {
            let StmtKind::With { items, .. } = &statement.kind else { return };
            for item in items {
                if let (Some(Expr { kind: ExprKind::Name(name), .. }), Some("batch_alter_table")) =
                    (item.target.as_deref(), method(&item.value))
                {
                    batches.insert(name);
                }
            }
        }
        Met::Expression(Expr { kind: ExprKind::Call { callee, arguments }, .. }) => {
            let known = match &callee.kind {
                ExprKind::Name(name) if is(name, "sqlalchemy.Column") => Some(&COLUMN),
                ExprKind::Attribute { object, name, .. } => match &object.kind {
                    ExprKind::Name(on) if is(on, "sqlalchemy") && **name == *"Column" => {
                        Some(&COLUMN)
                    }
                    ExprKind::Name(on) if is(on, "alembic.op") || batches.contains(&**on) => {
                        DIRECTIVES.iter().find(|known| *known.name == **name)
                    }
                    _ => None,
                },
                _ => None,
            };
            let Some(known) = known else { return };
            for argument in arguments {
                if let Arg::Keyword { name, name_range, .. } = argument {
                    judge(context, findings, known, name, *name_range);
                }
            }
        }
        _ => {}
    });
}

fn method(value: &Expr) -> Option<&str> {
    let ExprKind::Call { callee, .. } = &value.kind else { return None };
    let ExprKind::Attribute { name, .. } = &callee.kind else { return None };
    Some(name)
}

fn judge(
    context: &FileContext<'_>,
    findings: &mut Findings<'_>,
    known: &Known,
    name: &str,
    range: revline_text::Range,
) {
    let mut keywords = known.keywords.split(' ');
    let is_of_dialect = name.trim_start_matches('_').contains('_')
        && (known.passes_over || known.name == "Column");
    if is_of_dialect || keywords.any(|keyword| keyword == name) {
        return;
    }
    let near = nearest(known, name);
    let hint = near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
    let end = if known.passes_over { "it has no effect" } else { "Python raises a TypeError" };
    let message = format!("`{}` does not know `{name}`: {end}.{hint}", known.name);
    let mut draft = findings.push(context.at(range), message);
    if let Some(near) = near {
        draft = draft.fix(Fix {
            title: format!("Write `{near}`"),
            change: SourceChange::edit(context.file, vec![Edit::replace(range, near)]),
            safety: Safety::Unsafe,
        });
    }
    draft.done();
}

fn nearest(known: &Known, name: &str) -> Option<&'static str> {
    let bare = name.trim_matches('_');
    known
        .keywords
        .split(' ')
        .map(|keyword| (strsim::damerau_levenshtein(keyword.trim_matches('_'), bare), keyword))
        .filter(|(distance, _)| *distance <= bare.chars().count() / 3)
        .min()
        .map(|(_, keyword)| keyword)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn keywords_are_judged_by_who_takes_them() {
        check(
            r#"
import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column
revision = "a"
down_revision = None
def upgrade():
    op.create_table("t", sa.Column("a", sa.Integer(), nulable=True, clickhouse_codec="x"))
    op.add_column("t", Column("b", sa.Integer(), uniqe=True), scheme="s")
    with op.batch_alter_table("t") as batch_op:
        batch_op.alter_column("a", unique=True, postgresql_using="a", type_=sa.Text())
        batch_op.drop_constraint("c", type="unique")
    other.alter_column("a", unique=True)
def downgrade():
    op.drop_table("t")
"#,
            expect![[r#"
                versions/a.py:7:55 warning unknown-keyword: `Column` does not know `nulable`: Python raises a TypeError. Did you mean `nullable`?
                  fix (unsafe): Write `nullable`
                versions/a.py:8:50 warning unknown-keyword: `Column` does not know `uniqe`: Python raises a TypeError. Did you mean `unique`?
                  fix (unsafe): Write `unique`
                versions/a.py:8:63 warning unknown-keyword: `add_column` does not know `scheme`: Python raises a TypeError. Did you mean `schema`?
                  fix (unsafe): Write `schema`
                versions/a.py:10:36 warning unknown-keyword: `alter_column` does not know `unique`: it has no effect.
                versions/a.py:11:39 warning unknown-keyword: `drop_constraint` does not know `type`: Python raises a TypeError. Did you mean `type_`?
                  fix (unsafe): Write `type_`
            "#]],
        );
    }
}
