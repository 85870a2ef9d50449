//! `batch_alter_table`.

use revline_python::value::Arguments;
use revline_python::{Value, View};
use revline_schema::{
    BatchOptions, Literal, Name, NamingConvention, OptionValue, Options, Recreate, TableItem,
    TableName,
};
use revline_text::Span;

use super::tables::described;
use crate::alembic::sqlalchemy::{Matched, Read, Reader, Signature, fail};

const BATCH: Signature = Signature {
    name: "batch_alter_table",
    positional: &[
        "table_name",
        "schema",
        "recreate",
        "partial_reordering",
        "copy_from",
        "table_args",
        "table_kwargs",
        "reflect_args",
        "reflect_kwargs",
        "naming_convention",
    ],
    variadic: false,
    keywords: &[],
};

impl Reader<'_> {
    /// The table and options of `op.batch_alter_table(…)`.
    pub(in crate::alembic) fn batch(
        &self,
        arguments: &Arguments,
        span: Span,
    ) -> Read<(TableName, BatchOptions)> {
        let matched = BATCH.bind(arguments, span)?;
        matched.no_extra("batch_alter_table")?;
        let table = TableName {
            schema: self.schema_of(&matched, "schema")?,
            name: self.name(matched.need("batch_alter_table", "table_name", span)?)?,
        };
        let record = |name: &str| match matched.some(name) {
            Some(value) => self.record(value),
            None => Ok(Options::default()),
        };
        let options = BatchOptions {
            recreate: self.recreate(&matched)?,
            partial_reordering: self.reordering(&matched)?,
            copy_from: match matched.some("copy_from") {
                Some(value) => Some(Box::new(described(self, value)?)),
                None => None,
            },
            table_args: self.table_items(&matched, "table_args")?,
            table_kwargs: record("table_kwargs")?,
            reflect_args: self.table_items(&matched, "reflect_args")?,
            reflect_kwargs: record("reflect_kwargs")?,
            naming_convention: match matched.some("naming_convention") {
                Some(value) => Some(self.convention(value)?),
                None => None,
            },
        };
        Ok((table, options))
    }

    fn recreate(&self, matched: &Matched<'_>) -> Read<Recreate> {
        let Some(value) = matched.get("recreate") else { return Ok(Recreate::Auto) };
        match self.text(value)?.as_str() {
            "auto" => Ok(Recreate::Auto),
            "always" => Ok(Recreate::Always),
            "never" => Ok(Recreate::Never),
            _ => fail(value.span, "recreate may be one of 'auto', 'always', or 'never'."),
        }
    }

    fn reordering(&self, matched: &Matched<'_>) -> Read<Vec<Vec<Name>>> {
        let Some(value) = matched.some("partial_reordering") else { return Ok(Vec::new()) };
        self.items(value)?.iter().map(|names| self.names(names)).collect()
    }

    fn table_items(&self, matched: &Matched<'_>, name: &str) -> Read<Vec<TableItem>> {
        let Some(value) = matched.some(name) else { return Ok(Vec::new()) };
        Ok(self.items(value)?.iter().map(|item| self.table_item(item)).collect())
    }

    /// A dictionary with string keys as options.
    pub(in crate::alembic) fn record(&self, value: &Value) -> Read<Options> {
        let View::Dict(dict) = self.view(value)? else {
            return fail(value.span, "not a dictionary");
        };
        let mut options = Options::default();
        for (key, item) in dict.entries() {
            let Some(name) = key.as_str() else {
                return fail(key.span, "a key that is not a string");
            };
            let option = OptionValue { value: self.literal(item), origin: item.span.into() };
            options.0.insert(name.into(), option);
        }
        Ok(options)
    }

    fn convention(&self, value: &Value) -> Read<NamingConvention> {
        let mut convention = NamingConvention::default();
        for (key, option) in self.record(value)?.iter() {
            match &option.value {
                Literal::Str(text) => convention = convention.with(key, text.as_str()),
                _ => return fail(value.span, format!("the convention '{key}' is not a string")),
            }
        }
        Ok(convention)
    }
}
