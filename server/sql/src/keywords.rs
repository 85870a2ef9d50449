//! Keywords that pass through to dialects, and SQLAlchemy's objections to those it does not know.

use revline_schema::{Constraint, CreateTable, Options};

use crate::print::{Halt, Print};

const DIALECTS: &[&str] = &["postgresql", "sqlite", "mysql", "mariadb", "mssql", "oracle"];

const INDEX: &[&str] = &[
    "postgresql_using",
    "postgresql_include",
    "postgresql_where",
    "postgresql_ops",
    "postgresql_concurrently",
    "postgresql_with",
    "postgresql_tablespace",
    "postgresql_nulls_not_distinct",
    "sqlite_where",
];

const TABLE: &[&str] = &[
    "postgresql_ignore_search_path",
    "postgresql_tablespace",
    "postgresql_partition_by",
    "postgresql_with_oids",
    "postgresql_with",
    "postgresql_on_commit",
    "postgresql_inherits",
    "postgresql_using",
    "sqlite_autoincrement",
    "sqlite_with_rowid",
    "sqlite_strict",
];

/// Keywords of `Table` that belong to no dialect.
const TABLE_OWN: &[&str] = &[
    "info",
    "quote",
    "extend_existing",
    "keep_existing",
    "listeners",
    "implicit_returning",
    "quote_schema",
];

/// The keywords of an index.
pub(crate) fn check_index(options: &Options) -> Print<()> {
    check(options, INDEX, &["info", "quote"], "Index")
}

/// The keywords of a table.
pub(crate) fn check_table(op: &CreateTable) -> Print<()> {
    check(&op.options, TABLE, TABLE_OWN, "Table")
}

/// The keywords of a constraint.
pub(crate) fn check_constraint(constraint: &Constraint) -> Print<()> {
    let (options, known, class): (_, &[&str], _) = match constraint {
        Constraint::PrimaryKey(key) => {
            (&key.options, &["postgresql_include", "sqlite_on_conflict"], "PrimaryKeyConstraint")
        }
        Constraint::Unique(key) => (
            &key.options,
            &["postgresql_include", "postgresql_nulls_not_distinct", "sqlite_on_conflict"],
            "UniqueConstraint",
        ),
        Constraint::ForeignKey(key) => {
            (&key.options, &["postgresql_not_valid", "sqlite_on_conflict"], "ForeignKeyConstraint")
        }
        Constraint::Check(check) => {
            (&check.options, &["postgresql_not_valid", "sqlite_on_conflict"], "CheckConstraint")
        }
        Constraint::Exclude(_) => return Ok(()),
    };
    check(options, known, &["info"], class)
}

fn check(options: &Options, known: &[&str], own: &[&str], class: &str) -> Print<()> {
    for (keyword, _) in options.iter() {
        if own.contains(&keyword) || known.contains(&keyword) {
            continue;
        }
        match keyword.split_once('_') {
            Some((dialect, _)) if DIALECTS.contains(&dialect) => {
                if matches!(dialect, "postgresql" | "sqlite") {
                    return Err(Halt::Refused(format!(
                        "Argument '{keyword}' is not accepted by dialect '{dialect}' on behalf of \
                         <class 'sqlalchemy.sql.schema.{class}'>"
                    )));
                }
            }
            Some((dialect, rest)) if !dialect.is_empty() && !rest.is_empty() => {
                return Err(Halt::Refused(format!(
                    "Can't validate argument '{keyword}'; can't locate any SQLAlchemy dialect named \
                     '{dialect}'"
                )));
            }
            _ => {
                return Err(Halt::Refused(format!(
                    "Additional arguments should be named <dialectname>_<argument>, got '{keyword}'"
                )));
            }
        }
    }
    Ok(())
}
