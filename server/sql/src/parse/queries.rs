//! Queries as sqlparser reads them: which functions they call, whatever stands in a string, a comment
//! or the name of a common table expression. It refuses to say what a function does.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, ObjectName, Statement, TableFactor, Visit as _, Visitor};
use sqlparser::dialect::{Dialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

use super::Lexis;

/// How deep a query may be nested.
const DEPTH: usize = 40;

/// Longer texts are not worth a tree.
const LONGEST: usize = 64 * 1024;

/// Whether every function that the statements call is one that `is_known` accepts, by its name in
/// lower case. `None` where sqlparser cannot read the text to its end.
pub(super) fn calls_only(
    text: &str,
    lexis: Lexis,
    is_known: impl Fn(&str) -> bool,
) -> Option<bool> {
    if text.len() > LONGEST {
        return None;
    }
    let dialect: &dyn Dialect =
        if lexis.is_postgresql { &PostgreSqlDialect {} } else { &SQLiteDialect {} };
    let parser = Parser::new(dialect).with_recursion_limit(DEPTH).try_with_sql(text);
    let statements = parser.and_then(|mut parser| parser.parse_statements()).ok()?;
    let mut calls = Calls { is_known, is_statement_known: true };
    let flow = statements.visit(&mut calls);
    Some(flow.is_continue() && calls.is_statement_known)
}

struct Calls<F> {
    is_known: F,
    is_statement_known: bool,
}

impl<F: Fn(&str) -> bool> Calls<F> {
    fn meet(&self, name: &ObjectName) -> ControlFlow<()> {
        let parts: Vec<String> = (name.0.iter())
            .map(|part| part.to_string().trim_matches(['"', '`']).to_ascii_lowercase())
            .collect();
        let is_known = match parts.as_slice() {
            [only] => (self.is_known)(only),
            [schema, name] if schema == "pg_catalog" => (self.is_known)(name),
            _ => false,
        };
        if is_known { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

impl<F: Fn(&str) -> bool> Visitor for Calls<F> {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        self.is_statement_known &= matches!(
            statement,
            Statement::Query(_)
                | Statement::Insert(_)
                | Statement::Update { .. }
                | Statement::Delete(_)
        );
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Function(function) => self.meet(&function.name),
            _ => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        match factor {
            TableFactor::Table { name, args: Some(_), .. } | TableFactor::Function { name, .. } => {
                self.meet(name)
            }
            TableFactor::TableFunction { .. } => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(text: &str, is_postgresql: bool) -> Option<bool> {
        let lexis = Lexis { is_postgresql, brackets: !is_postgresql, backslash_escapes: false };
        calls_only(text, lexis, |name| matches!(name, "count" | "lower" | "generate_series"))
    }

    #[test]
    fn calls_are_found_wherever_they_stand() {
        let known = [
            "SELECT count(*) FROM t WHERE a = 'f(x)' -- g()",
            "WITH f (a) AS (SELECT 1) SELECT lower(a) FROM f",
            "INSERT INTO t (a, b) SELECT lower(a), 1 FROM generate_series(1, 3) AS g (a)",
            "UPDATE t SET a = pg_catalog.lower(b) WHERE c IN (1, 2)",
            "DELETE FROM t USING u WHERE (t.a, t.b) = (u.a, u.b)",
        ];
        assert_eq!(known.map(|text| calls(text, true)), [Some(true); 5]);
        let unknown = [
            "SELECT rebuild('t')",
            "SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM rebuild(3))",
            "INSERT INTO t (a) VALUES (mine.lower('x'))",
            "DROP TABLE t",
        ];
        assert_eq!(unknown.map(|text| calls(text, true)), [Some(false); 4]);
    }

    #[test]
    fn what_cannot_be_read_is_said_to_be_unknown() {
        assert_eq!(calls("SELECT FROM WHERE (", false), None);
        assert_eq!(calls(&format!("SELECT {}1", "(".repeat(100_000)), true), None);
    }
}
