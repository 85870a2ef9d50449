//! `execute`, `bulk_insert`.

use revline_python::View;
use revline_schema::{BulkInsert, Execute, Literal, Name, Op, Options, Row, Through};

use super::Directive;
use crate::alembic::sqlalchemy::{Read, Signature, fail};

const EXECUTE: Signature = Signature {
    name: "execute",
    positional: &["sqltext"],
    variadic: false,
    keywords: &["execution_options"],
};
const BULK_INSERT: Signature = Signature {
    name: "bulk_insert",
    positional: &["table", "rows"],
    variadic: false,
    keywords: &["multiinsert"],
};

impl Directive<'_> {
    pub(super) fn execute(&self) -> Read<Op> {
        let matched = self.bind(&EXECUTE, Some(&EXECUTE))?;
        matched.no_extra(self.name)?;
        let options = match matched.some("execution_options") {
            Some(value) => self.reader.record(value)?,
            None => Options::default(),
        };
        Ok(Op::Execute(Execute {
            statement: self.reader.statement(self.need(&matched, "sqltext")?),
            through: Through::Operation,
            options,
        }))
    }

    pub(super) fn bulk_insert(&self) -> Read<Op> {
        let matched = self.bind(&BULK_INSERT, None)?;
        matched.no_extra(self.name)?;
        let rows = self.need(&matched, "rows")?;
        let View::List(items) = self.reader.view(rows)? else {
            return fail(rows.span, "the rows of bulk_insert() are not a list");
        };
        let mut read = Vec::new();
        for item in items {
            let View::Dict(dict) = self.reader.view(item)? else {
                return fail(item.span, "a row of bulk_insert() is not a dictionary");
            };
            let mut row = Row::new();
            for (key, value) in dict.entries() {
                let Some(name) = key.as_str() else {
                    return fail(key.span, "a key of a row is not a string");
                };
                match self.reader.literal(value) {
                    Literal::Opaque(why) => return Err(why),
                    literal => row.push((Name::at(name, key.span), literal)),
                }
            }
            read.push(row);
        }
        Ok(Op::BulkInsert(BulkInsert {
            table: self.reader.table(self.need(&matched, "table")?)?,
            rows: read,
            multiinsert: self.reader.choice(&matched, "multiinsert")?,
        }))
    }
}
