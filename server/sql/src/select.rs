//! Queries.

use revline_schema::{BinaryOp, Expr, Select, TableClause};

use crate::expr::Scope;
use crate::print::{Halt, Print};

/// A query, without parentheses.
pub(crate) fn print(scope: Scope<'_>, query: &Select) -> Print {
    let mut tables: Vec<&TableClause> = query.from.iter().collect();
    for expr in query.columns.iter().chain(&query.conditions) {
        collect_tables(expr, &mut tables, 0);
    }
    let named: Vec<&TableClause> =
        tables.iter().copied().filter(|table| !scope.outer.contains(table)).collect();
    let from = if named.is_empty() { tables.clone() } else { named };
    let inner = Scope { outer: &tables, ..scope };

    let mut labels = Labels::default();
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

/// The names that SQLAlchemy gives to columns that have none.
#[derive(Default)]
struct Labels {
    taken: Vec<String>,
    anonymous: usize,
}

impl Labels {
    fn column(&mut self, scope: Scope<'_>, expr: &Expr) -> Print {
        let text = scope.print(expr)?;
        let label = match expr {
            Expr::Label { name, .. } => {
                self.take(name.as_str())?;
                return Ok(format!("{text} AS {}", scope.cx.quote(name)));
            }
            Expr::Column(column) => {
                self.take(column.name.as_str())?;
                return Ok(text);
            }
            Expr::Text(_) | Expr::LiteralColumn(_) => return Ok(text),
            Expr::Function { path, .. } => {
                let name = path.last().map(|name| name.text.to_string()).unwrap_or_default();
                self.take(&format!("{name}()"))?;
                format!("{name}_1")
            }
            Expr::Cast { operand, .. } | Expr::Coerce { operand, .. } => match operand.as_ref() {
                Expr::Column(column) => {
                    self.take(column.name.as_str())?;
                    scope.cx.quote(&column.name)
                }
                _ => self.anonymous(),
            },
            Expr::Opaque(opaque) => return Err(opaque.clone().into()),
            _ => self.anonymous(),
        };
        Ok(format!("{text} AS {label}"))
    }

    fn anonymous(&mut self) -> String {
        self.anonymous += 1;
        format!("anon_{}", self.anonymous)
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
