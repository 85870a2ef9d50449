//! INSERT, UPDATE and DELETE built from `sa.table`.

use revline_schema::{Delete, Expr, Insert, Name, SqlType, TableClause, Update};

use crate::expr::{Scope, table_name};
use crate::print::{Cx, Halt, Print};
use crate::select::{self, MadeUp};
use crate::types::{Affinity, affinity};

/// An INSERT. `inline` is what `op.bulk_insert` asks for: nothing is asked back.
pub(crate) fn insert(cx: Cx<'_>, insert: &Insert, inline: bool) -> Print {
    let made_up = MadeUp::default();
    let scope = Scope::statement(cx, &made_up);
    let table = &insert.table;
    let target = table_name(cx, table);
    if let Some((columns, query)) = &insert.from_select {
        let columns: Vec<_> = columns.iter().map(|column| cx.quote(column)).collect();
        return Ok(format!(
            "INSERT INTO {target} ({}) {}",
            columns.join(", "),
            select::print(scope, query)?
        ));
    }
    let Some(first) = insert.rows.first() else {
        return Err(Halt::unknown("the values of this INSERT are not known"));
    };
    check_defaults(table, first)?;
    let asks = if inline { String::new() } else { key_asked_back(cx, insert, first)? };
    let order = in_table_order(table, first)?;
    if order.is_empty() {
        return Ok(format!("INSERT INTO {target} DEFAULT VALUES{asks}"));
    }
    let columns: Vec<_> = order.iter().map(|(name, _)| cx.quote(name)).collect();
    let mut rows = Vec::new();
    for row in &insert.rows {
        let mut values = Vec::new();
        for (name, type_) in &order {
            let Some((_, value)) = row.iter().find(|(given, _)| given == *name) else {
                return Err(Halt::unknown("the rows of this INSERT have different columns"));
            };
            values.push(scope.assigned(value, *type_)?);
        }
        rows.push(format!("({})", values.join(", ")));
    }
    Ok(format!("INSERT INTO {target} ({}) VALUES {}{asks}", columns.join(", "), rows.join(", ")))
}

/// What asks for the key that the database makes, with the space before it: a `sa.Table` knows its
/// primary key, and SQLAlchemy wants it back where the values leave it out.
fn key_asked_back(cx: Cx<'_>, insert: &Insert, row: &[(Name, Expr)]) -> Print {
    let table = &insert.table;
    let value = |column: &Name| row.iter().find(|(name, _)| name == column).map(|(_, value)| value);
    let is_plain = |column: &Name| matches!(value(column), Some(Expr::Bind(_)));
    if table.primary_key.iter().all(is_plain) {
        return Ok(String::new());
    }
    let unknown = || Halt::unknown("whether this INSERT asks for its key back is not known");
    let [only] = table.primary_key.as_slice() else { return Err(unknown()) };
    let type_ = table.columns.iter().find(|(name, _)| name == only).and_then(|(_, t)| t.as_ref());
    let counts = type_.is_some_and(|type_| affinity(&type_.kind) == Affinity::Integer);
    if insert.rows.len() != 1 || value(only).is_some() || !counts {
        return Err(unknown());
    }
    if !cx.dialect.facts().returns_new_keys {
        return Ok(String::new());
    }
    Ok(format!(" RETURNING {}.{}", table_name(cx, table), cx.quote(only)))
}

/// An UPDATE.
pub(crate) fn update(cx: Cx<'_>, update: &Update) -> Print {
    let table = &update.table;
    let outer = [table];
    let made_up = MadeUp::default();
    let scope = Scope { outer: &outer, ..Scope::statement(cx, &made_up) };
    check_defaults(table, &update.values)?;
    let mut assignments = Vec::new();
    for (name, type_) in in_table_order(table, &update.values)? {
        let Some((_, value)) = update.values.iter().find(|(given, _)| given == name) else {
            continue;
        };
        assignments.push(format!("{}={}", cx.quote(name), scope.assigned(value, type_)?));
    }
    if assignments.is_empty() {
        return Err(Halt::unknown("the values of this UPDATE are not known"));
    }
    let mut tables = Vec::new();
    for expr in update.conditions.iter().chain(update.values.iter().map(|(_, value)| value)) {
        select::collect_tables(expr, &mut tables, 0);
    }
    tables.retain(|other| *other != table);
    let mut text = format!("UPDATE {} SET {}", table_name(cx, table), assignments.join(", "));
    if !tables.is_empty() {
        let from: Vec<_> = tables.iter().map(|table| table_name(cx, table)).collect();
        text.push_str(&format!(" FROM {}", from.join(", ")));
    }
    if !update.conditions.is_empty() {
        text.push_str(&format!(" WHERE {}", scope.conditions(&update.conditions)?));
    }
    Ok(text)
}

/// A DELETE.
pub(crate) fn delete(cx: Cx<'_>, delete: &Delete) -> Print {
    let table = &delete.table;
    let outer = [table];
    let made_up = MadeUp::default();
    let scope = Scope { outer: &outer, ..Scope::statement(cx, &made_up) };
    let mut tables = Vec::new();
    for expr in &delete.conditions {
        select::collect_tables(expr, &mut tables, 0);
    }
    if tables.iter().any(|other| *other != table) {
        return Err(Halt::unknown("a DELETE over several tables is not printed yet"));
    }
    let mut text = format!("DELETE FROM {}", table_name(cx, table));
    if !delete.conditions.is_empty() {
        text.push_str(&format!(" WHERE {}", scope.conditions(&delete.conditions)?));
    }
    Ok(text)
}

/// The columns that values are given for, in the table's order, with their types.
fn in_table_order<'a>(
    table: &'a TableClause,
    values: &[(Name, Expr)],
) -> Print<Vec<(&'a Name, Option<&'a SqlType>)>> {
    let stray: Vec<_> = values
        .iter()
        .filter(|(name, _)| !table.columns.iter().any(|(column, _)| column == name))
        .map(|(name, _)| name.as_str())
        .collect();
    if !stray.is_empty() {
        return Err(Halt::Refused(format!("Unconsumed column names: {}", stray.join(", "))));
    }
    Ok(table
        .columns
        .iter()
        .filter(|(column, _)| values.iter().any(|(name, _)| name == column))
        .map(|(column, type_)| (column, type_.as_ref()))
        .collect())
}

/// A column's Python-side default takes part where the statement leaves the column out.
fn check_defaults(table: &TableClause, values: &[(Name, Expr)]) -> Print<()> {
    let left_out = |column: &&Name| !values.iter().any(|(name, _)| name == *column);
    match table.python_defaults.iter().find(left_out) {
        Some(column) => Err(Halt::unknown(format!(
            "the Python-side default of {column} takes part in this statement"
        ))),
        None => Ok(()),
    }
}
