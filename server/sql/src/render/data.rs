//! `op.execute` and `op.bulk_insert`.

use revline_schema::{
    BulkInsert, Execute, Expr, Insert, Literal, Row, Statement as Body, TableName, TextClause,
    Through,
};

use super::Renderer;
use crate::print::{Halt, Print};
use crate::rendered::Mode;
use crate::{ddl, dml, expr, identifier, select, text_clause};

impl Renderer<'_> {
    pub(super) fn execute(&mut self, op: &Execute) -> Print<()> {
        let cx = self.cx;
        if op.through == Through::Driver && cx.mode == Mode::Script {
            return Err(Halt::Refused(
                "'MockConnection' object has no attribute 'exec_driver_sql'".to_owned(),
            ));
        }
        let literal_binds = cx.settings.literal_binds;
        let text = match &op.statement {
            Body::Text(clause) => self.text(clause, op.through, literal_binds)?,
            Body::Insert(insert) => dml::insert(cx, insert, false)?,
            Body::Update(update) => dml::update(cx, update)?,
            Body::Delete(delete) => dml::delete(cx, delete)?,
            Body::Select(query) => {
                select::print(expr::Scope::statement(cx, &select::MadeUp::default()), query)?
            }
            Body::CreateSequence(sequence) => {
                let name =
                    TableName { schema: sequence.schema.clone(), name: sequence.name.clone() };
                let mut text = format!("CREATE SEQUENCE {}", identifier::table(cx, &name));
                if let Some(type_) = &sequence.data_type {
                    text.push_str(&format!(" AS {}", cx.dialect.type_text(cx, type_)?));
                }
                let options = ddl::sequence_options(&sequence.options);
                if !options.is_empty() {
                    text.push_str(&format!(" {options}"));
                }
                text
            }
            Body::DropSequence(sequence) => {
                let name =
                    TableName { schema: sequence.schema.clone(), name: sequence.name.clone() };
                format!("DROP SEQUENCE {}", identifier::table(cx, &name))
            }
            Body::Ddl(text) => self.ddl_text(text.as_str())?,
            Body::Expr(expr) => {
                expr::Scope::statement(cx, &select::MadeUp::default()).print(expr)?
            }
            Body::Opaque(opaque) => return Err(opaque.clone().into()),
        };
        self.sql(text);
        Ok(())
    }

    pub(super) fn text(&self, clause: &TextClause, through: Through, literal_binds: bool) -> Print {
        if through == Through::Driver {
            return Ok(clause.text.as_str().to_owned());
        }
        text_clause::print(self.cx, clause, literal_binds)
    }

    /// `sa.DDL`: Python's `%` formatting with nothing to put in.
    pub(super) fn ddl_text(&self, text: &str) -> Print {
        let reduced = text.replace("%%", "\0");
        if reduced.contains('%') {
            return Err(Halt::unknown("what stands for % in this DDL is not known"));
        }
        Ok(reduced.replace('\0', if self.cx.doubles_percent() { "%%" } else { "%" }))
    }

    pub(super) fn bulk_insert(&mut self, op: &BulkInsert) -> Print<()> {
        let together = self.cx.mode == Mode::Execute && op.multiinsert != Some(false);
        let mut rows = op.rows.clone();
        if together {
            one_statement(&mut rows)?;
        }
        for row in &rows {
            if let Some((key, _)) =
                row.iter().find(|(key, _)| !op.table.columns.iter().any(|(name, _)| name == key))
            {
                return Err(Halt::Refused(identifier::python_repr(key.as_str())));
            }
            let values = row
                .iter()
                .map(|(key, value)| {
                    let value = match value {
                        Literal::Expr(expr) if matches!(**expr, Expr::InlineLiteral(_)) => {
                            (**expr).clone()
                        }
                        value => {
                            Expr::Bind(revline_schema::Bind { value: value.clone(), type_: None })
                        }
                    };
                    (key.clone(), value)
                })
                .collect();
            let insert =
                Insert { table: op.table.clone(), rows: vec![values], ..Insert::default() };
            let statement = dml::insert(self.cx, &insert, true)?;
            self.sql(statement);
        }
        Ok(())
    }
}

/// Online, all rows go through one statement, whose columns are those of the first row: a row may
/// have more, which is left out, and none may have less. They are still shown one by one.
fn one_statement(rows: &mut [Row]) -> Print<()> {
    let Some((first, rest)) = rows.split_first_mut() else { return Ok(()) };
    if first.iter().chain(rest.iter().flatten()).any(|(_, v)| matches!(v, Literal::Expr(_))) {
        return Err(Halt::unknown("an expression among the rows that are handed to the driver"));
    }
    for (group, row) in rest.iter_mut().enumerate() {
        if let Some((key, _)) = first.iter().find(|(key, _)| row.iter().all(|(own, _)| own != key))
        {
            return Err(Halt::Refused(format!(
                "(sqlalchemy.exc.InvalidRequestError) A value is required for bind parameter '{key}', \
                 in parameter group {}",
                group + 1
            )));
        }
        row.retain(|(own, _)| first.iter().any(|(key, _)| key == own));
    }
    Ok(())
}
