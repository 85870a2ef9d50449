//! Alembic's directives: the arguments of `op.*` and `batch_op.*` read as typed operations.
//!
//! Signatures are those of `alembic.operations.ops` 1.20. Nothing here knows when a directive
//! runs; that is [`super::migration`]'s business.

mod batch;
mod columns;
mod constraints;
mod indexes;
mod rows;
mod tables;

use revline_python::value::Arguments;
use revline_schema::{
    Execute, Expr, Op, Opaque, Options, Statement, TableName, Through, Touch, Touched,
};
use revline_text::Span;

pub(super) use tables::described;

use super::sqlalchemy::{Matched, Read, Reader, Signature, fail};

/// On what a directive is called.
#[derive(Clone, Copy)]
pub(super) enum Receiver<'a> {
    /// `op`.
    Op,
    /// `batch_op` of this table.
    Batch(&'a TableName),
}

/// A call of a directive.
pub(super) struct Directive<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) name: &'a str,
    pub(super) receiver: Receiver<'a>,
    pub(super) arguments: &'a Arguments,
    pub(super) span: Span,
}

/// Whether a name is a directive that [`Directive::read`] reads.
pub(super) fn is_directive(name: &str) -> bool {
    matches!(
        name,
        "add_column"
            | "alter_column"
            | "bulk_insert"
            | "create_check_constraint"
            | "create_exclude_constraint"
            | "create_foreign_key"
            | "create_index"
            | "create_primary_key"
            | "create_table"
            | "create_table_comment"
            | "create_unique_constraint"
            | "drop_column"
            | "drop_constraint"
            | "drop_index"
            | "drop_table"
            | "drop_table_comment"
            | "execute"
            | "rename_table"
    )
}

impl<'a> Directive<'a> {
    /// The operation, or why it is not known.
    pub(super) fn read(&self) -> Read<Op> {
        match self.name {
            "add_column" => self.add_column(),
            "alter_column" => self.alter_column(),
            "bulk_insert" => self.bulk_insert(),
            "create_check_constraint" => self.create_check(),
            "create_exclude_constraint" => self.create_exclude(),
            "create_foreign_key" => self.create_foreign_key(),
            "create_index" => self.create_index(),
            "create_primary_key" | "create_unique_constraint" => self.create_key(),
            "create_table" => self.create_table(),
            "create_table_comment" | "drop_table_comment" => self.table_comment(),
            "drop_column" => self.drop_column(),
            "drop_constraint" => self.drop_constraint(),
            "drop_index" => self.drop_index(),
            "drop_table" => self.drop_table(),
            "execute" => self.execute(),
            "rename_table" => self.rename_table(),
            name => fail(self.span, format!("`{name}` is not a directive of Alembic")),
        }
    }

    /// The operation that stands for one that is not understood: it leaves everything but the table it
    /// names as it is.
    pub(super) fn unread(&self, why: Opaque) -> Op {
        let (place, keyword, defines) = match self.name {
            // Rows at most.
            "bulk_insert" => {
                let statement = Statement::Expr(Expr::Opaque(why));
                let (through, options) = (Through::Operation, Options::default());
                return Op::Execute(Execute { statement, through, options });
            }
            "add_column" | "alter_column" | "create_table" => (0, "table_name", true),
            "create_table_comment" | "drop_column" | "drop_table" | "drop_table_comment" => {
                (0, "table_name", false)
            }
            "create_foreign_key" => (1, "source_table", false),
            "create_check_constraint"
            | "create_exclude_constraint"
            | "create_index"
            | "create_primary_key"
            | "create_unique_constraint"
            | "drop_constraint"
            | "drop_index" => (1, "table_name", false),
            _ => return Op::Opaque(why),
        };
        let table = match self.receiver {
            Receiver::Batch(table) => Some(table.clone()),
            Receiver::Op => self.named_table(place, keyword),
        };
        let Some(table) = table else { return Op::Opaque(why) };
        let part = if defines { Touched::Definition(table) } else { Touched::Table(table) };
        Op::Touch(Touch { part, why })
    }

    /// The table that the arguments name by themselves.
    fn named_table(&self, place: usize, keyword: &str) -> Option<TableName> {
        if self.arguments.unknown.is_some() {
            return None;
        }
        let name = self.reader.name(self.arguments.get(place, keyword)?).ok()?;
        let schema = match self.arguments.keyword("schema") {
            Some(schema) if !schema.value.is_none() => Some(self.reader.name(&schema.value).ok()?),
            _ => None,
        };
        Some(TableName { schema, name })
    }

    /// Matches the arguments: with `on_op` when called on `op`, with `on_batch` on `batch_op`.
    fn bind(&self, on_op: &Signature, on_batch: Option<&Signature>) -> Read<Matched<'a>> {
        match (self.receiver, on_batch) {
            (Receiver::Op, _) => on_op.bind(self.arguments, self.span),
            (Receiver::Batch(_), Some(signature)) => signature.bind(self.arguments, self.span),
            (Receiver::Batch(_), None) => {
                fail(self.span, format!("`{}` is not a directive of a batch", self.name))
            }
        }
    }

    /// The table: the batch's, else from the arguments `table` and `schema`.
    fn table(&self, matched: &Matched<'_>, table: &str, schema: &str) -> Read<TableName> {
        if let Receiver::Batch(table) = self.receiver {
            return Ok(table.clone());
        }
        Ok(TableName {
            schema: self.reader.schema_of(matched, schema)?,
            name: self.reader.name(matched.need(self.name, table, self.span)?)?,
        })
    }

    fn need(&self, matched: &Matched<'a>, name: &str) -> Read<&'a revline_python::Value> {
        matched.need(self.name, name, self.span)
    }
}
