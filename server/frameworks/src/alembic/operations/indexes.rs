//! `create_index`, `drop_index`.

use revline_schema::{CreateIndex, DropIndex, Index, Op};

use super::{Directive, Receiver};
use crate::alembic::sqlalchemy::{Read, Signature};

const CREATE: Signature = Signature {
    name: "create_index",
    positional: &["index_name", "table_name", "columns"],
    variadic: false,
    keywords: &["schema", "unique", "if_not_exists"],
};
const BATCH_CREATE: Signature = Signature {
    name: "create_index",
    positional: &["index_name", "columns"],
    variadic: false,
    keywords: &["unique", "if_not_exists"],
};
const DROP: Signature = Signature {
    name: "drop_index",
    positional: &["index_name", "table_name"],
    variadic: false,
    keywords: &["schema", "if_exists"],
};
const BATCH_DROP: Signature = Signature {
    name: "drop_index",
    positional: &["index_name"],
    variadic: false,
    keywords: &["if_exists"],
};

impl Directive<'_> {
    pub(super) fn create_index(&self) -> Read<Op> {
        let mut matched = self.bind(&CREATE, Some(&BATCH_CREATE))?;
        matched.ignore(&["info"]);
        let mut name = self.reader.name_of(&matched, "index_name")?;
        let quote = matched.extra.iter().position(|keyword| &*keyword.name == "quote");
        if let Some(at) = quote {
            let keyword = matched.extra.remove(at);
            if !keyword.value.is_none() {
                let quote = self.reader.truth(&keyword.value)?;
                if let Some(name) = &mut name {
                    name.quote = Some(quote);
                }
            }
        }
        let columns = self.need(&matched, "columns")?;
        let columns = match columns.as_str() {
            Some(_) => vec![columns.clone()],
            None => self.reader.items(columns)?,
        };
        let mut elements = Vec::new();
        for column in &columns {
            elements.push(self.reader.index_element(column)?);
        }
        Ok(Op::CreateIndex(CreateIndex {
            table: self.table(&matched, "table_name", "schema")?,
            index: Index {
                name,
                elements,
                unique: self.reader.flag(&matched, "unique")?,
                options: self.reader.options(matched.extra.iter().copied()),
                origin: self.span.into(),
            },
            if_not_exists: self.reader.flag(&matched, "if_not_exists")?,
        }))
    }

    pub(super) fn drop_index(&self) -> Read<Op> {
        let matched = self.bind(&DROP, Some(&BATCH_DROP))?;
        let (table, schema) = match self.receiver {
            Receiver::Batch(table) => (Some(table.name.clone()), table.schema.clone()),
            Receiver::Op => (
                self.reader.name_of(&matched, "table_name")?,
                self.reader.schema_of(&matched, "schema")?,
            ),
        };
        // A batch's `drop_index` takes a table name too, from the days when it was needed.
        let extra = matched.extra.iter().copied().filter(|keyword| &*keyword.name != "table_name");
        Ok(Op::DropIndex(DropIndex {
            name: self.reader.name_of(&matched, "index_name")?,
            table,
            schema,
            if_exists: self.reader.flag(&matched, "if_exists")?,
            options: self.reader.options(extra),
        }))
    }
}
