//! The table of columns without types that Alembic makes around an index or a constraint of a table
//! that exists (`alembic.operations.schemaobj`, 1.20.1), and SQLAlchemy's objection to a column that
//! it would have twice.

use revline_schema::{Constraint, Expr, Index, IndexElement, Name, TableName};

use crate::print::{Halt, Print};

/// `SchemaObjects.index`: each string and each text clause is a column.
pub(crate) fn check_index(table: &TableName, index: &Index) -> Print<()> {
    let columns = index.elements.iter().filter_map(|element| match element {
        IndexElement::Column(name) => Some(name.as_str()),
        IndexElement::Expr(Expr::Text(clause)) => Some(clause.text.as_str()),
        IndexElement::Expr(_) => None,
    });
    match repeated(columns) {
        Some(column) => Err(Halt::Refused(format!(
            "{} Specify replace_existing=True to Table.append_column() or Table.insert_column() to \
             replace an existing column.",
            is_present(column, &table.name)
        ))),
        None => Ok(()),
    }
}

/// `SchemaObjects.unique_constraint`, `primary_key_constraint` and `foreign_key_constraint`. The columns of
/// a foreign key may repeat, those of another table that it points to may not.
pub(crate) fn check_constraint(table: &TableName, constraint: &Constraint) -> Print<()> {
    let (columns, table) = match constraint {
        Constraint::Unique(key) | Constraint::PrimaryKey(key) => (&key.columns, table),
        Constraint::ForeignKey(key) if key.referent != *table => {
            (&key.referent_columns, &key.referent)
        }
        _ => return Ok(()),
    };
    match repeated(columns.iter().map(Name::as_str)) {
        Some(column) => Err(Halt::Refused(is_present(column, &table.name))),
        None => Ok(()),
    }
}

/// SQLAlchemy's sentence about a column that a table has already.
pub(crate) fn is_present(column: &str, table: &Name) -> String {
    format!("A column with name '{column}' is already present in table '{table}'.")
}

/// The first that was there before.
fn repeated<'a>(columns: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = Vec::new();
    for column in columns {
        if seen.contains(&column) {
            return Some(column);
        }
        seen.push(column);
    }
    None
}
