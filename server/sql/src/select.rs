//! Queries.

use std::cell::RefCell;
use std::collections::BTreeMap;

use revline_schema::{BinaryOp, Expr, Name, Select, TableClause, UnaryOp};

use crate::expr::Scope;
use crate::print::{Halt, Print};

/// The labels that SQLAlchemy makes up in one statement: how often each word was taken.
#[derive(Default)]
pub(crate) struct MadeUp(RefCell<BTreeMap<String, usize>>);

impl MadeUp {
    /// The word with the next number: a label has its number before what stands inside of it.
    fn next(&self, word: &str) -> String {
        let mut taken = self.0.borrow_mut();
        let number = taken.entry(word.to_owned()).or_default();
        *number += 1;
        format!("{word}_{number}")
    }
}

/// A query, without parentheses.
pub(crate) fn print(scope: Scope<'_>, query: &Select) -> Print {
    let mut tables: Vec<&TableClause> = query.from.iter().collect();
    for expr in query.columns.iter().chain(&query.conditions) {
        collect_tables(expr, &mut tables, 0);
    }
    let named: Vec<&TableClause> =
        tables.iter().copied().filter(|table| !scope.outer.contains(table)).collect();
    let from = if named.is_empty() { tables.clone() } else { named };
    let own = MadeUp::default();
    let made_up = scope.made_up.unwrap_or(&own);
    let inner = Scope { outer: &tables, made_up: Some(made_up), ..scope };

    let mut labels = Labels { made_up, taken: Vec::new() };
    let columns: Print<Vec<_>> =
        query.columns.iter().map(|column| labels.column(inner, column)).collect();
    let mut text =
        format!("SELECT {}{}", if query.distinct { "DISTINCT " } else { "" }, columns?.join(", "));
    if !from.is_empty() {
        let from: Vec<_> = from
            .iter()
            .map(|table| match &table.alias {
                Some(alias) => format!(
                    "{} AS {}",
                    crate::expr::table_name(inner.cx, table),
                    inner.cx.quote(alias)
                ),
                None => inner.table(table),
            })
            .collect();
        text.push_str(&format!(" \nFROM {}", from.join(", ")));
    }
    if !query.conditions.is_empty() {
        text.push_str(&format!(" \nWHERE {}", inner.conditions(&query.conditions)?));
    }
    let list = |items: &[Expr]| -> Print {
        let items: Print<Vec<_>> = items.iter().map(|item| inner.print(item)).collect();
        Ok(items?.join(", "))
    };
    if !query.group_by.is_empty() {
        text.push_str(&format!(" GROUP BY {}", list(&query.group_by)?));
    }
    if !query.having.is_empty() {
        text.push_str(&format!(" \nHAVING {}", inner.conditions(&query.having)?));
    }
    if !query.order_by.is_empty() {
        text.push_str(&format!(" ORDER BY {}", list(&query.order_by)?));
    }
    let number = |expr: &Option<Box<Expr>>| -> Print<Option<String>> {
        expr.as_deref().map(|expr| inner.print(expr)).transpose()
    };
    let (limit, offset) = (number(&query.limit)?, number(&query.offset)?);
    if limit.is_some() || offset.is_some() {
        text.push_str(&scope.cx.dialect.limit(limit.as_deref(), offset.as_deref()));
    }
    Ok(text)
}

/// The names that SQLAlchemy gives to the columns of a query. Follows `_label_select_column`.
struct Labels<'a> {
    made_up: &'a MadeUp,
    taken: Vec<String>,
}

impl Labels<'_> {
    fn column(&mut self, scope: Scope<'_>, expr: &Expr) -> Print {
        let label = match expr {
            Expr::Label { name, .. } => {
                self.take(name.as_str())?;
                Some(name.clone())
            }
            Expr::Column(column) => {
                self.take(column.name.as_str())?;
                None
            }
            Expr::Text(_) | Expr::LiteralColumn(_) => None,
            Expr::Unary { op, operand } if let Expr::Column(column) = operand.as_ref() => {
                // Without a truth of its own, `NOT column` becomes a comparison.
                let is_compared = *op == UnaryOp::Not && !scope.cx.dialect.facts().native_boolean;
                self.take(column.name.as_str())?;
                is_compared.then(|| column.name.clone())
            }
            Expr::Function { path, .. } => {
                let name = path.last().map(|name| name.text.to_string()).unwrap_or_default();
                self.take(&format!("{name}()"))?;
                Some(Name::new(self.made_up.next(&name)))
            }
            Expr::Cast { operand, .. } | Expr::Coerce { operand, .. } => match operand.as_ref() {
                Expr::Column(column) => {
                    self.take(column.name.as_str())?;
                    Some(column.name.clone())
                }
                _ => Some(self.anonymous()),
            },
            Expr::Opaque(opaque) => return Err(opaque.clone().into()),
            _ => Some(self.anonymous()),
        };
        let text = scope.print(expr)?;
        Ok(match label {
            Some(label) => format!("{text} AS {}", scope.cx.quote(&label)),
            None => text,
        })
    }

    fn anonymous(&self) -> Name {
        Name::new(self.made_up.next("anon"))
    }

    fn take(&mut self, name: &str) -> Print<()> {
        if self.taken.iter().any(|taken| taken == name) {
            return Err(Halt::unknown("how columns of one name are told apart is not known"));
        }
        self.taken.push(name.to_owned());
        Ok(())
    }
}

/// Adds the tables whose columns an expression names, subqueries left aside.
pub(crate) fn collect_tables<'a>(expr: &'a Expr, out: &mut Vec<&'a TableClause>, depth: usize) {
    if depth > 128 {
        return;
    }
    let mut each = |expr: &'a Expr| collect_tables(expr, out, depth + 1);
    match expr {
        Expr::Column(column) => {
            if let Some(table) = &column.table
                && !out.contains(&&**table)
            {
                out.push(table);
            }
        }
        Expr::Function { args, .. } => args.iter().for_each(each),
        Expr::Unary { operand, .. }
        | Expr::Cast { operand, .. }
        | Expr::Coerce { operand, .. }
        | Expr::Label { operand, .. }
        | Expr::Collate { operand, .. } => each(operand),
        Expr::Binary { op: BinaryOp::Custom(_), left, right }
        | Expr::Binary { left, right, .. } => {
            each(left);
            each(right);
        }
        Expr::And(items) | Expr::Or(items) | Expr::List(items) => items.iter().for_each(each),
        Expr::In { operand, among, .. } => {
            each(operand);
            each(among);
        }
        Expr::Between { operand, low, high, .. } => {
            each(operand);
            each(low);
            each(high);
        }
        Expr::Like { operand, pattern, .. } => {
            each(operand);
            each(pattern);
        }
        Expr::Case { value, whens, otherwise } => {
            if let Some(value) = value {
                each(value);
            }
            for (condition, result) in whens {
                each(condition);
                each(result);
            }
            if let Some(otherwise) = otherwise {
                each(otherwise);
            }
        }
        _ => {}
    }
}
