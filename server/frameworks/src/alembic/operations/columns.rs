//! `add_column`, `drop_column`, `alter_column`.

use revline_python::View;
use revline_schema::{AddColumn, AlterColumn, DropColumn, Given, Op, ServerDefault, SourceText};

use super::Directive;
use crate::alembic::sqlalchemy::{Matched, Read, Signature, fail};

const ADD: Signature = Signature {
    name: "add_column",
    positional: &["table_name", "column"],
    variadic: false,
    keywords: &["schema", "if_not_exists", "inline_references", "inline_primary_key"],
};
const BATCH_ADD: Signature = Signature {
    name: "add_column",
    positional: &["column"],
    variadic: false,
    keywords: &[
        "insert_before",
        "insert_after",
        "if_not_exists",
        "inline_references",
        "inline_primary_key",
    ],
};
const DROP: Signature = Signature {
    name: "drop_column",
    positional: &["table_name", "column_name"],
    variadic: false,
    keywords: &["schema", "if_exists"],
};
const BATCH_DROP: Signature = Signature {
    name: "drop_column",
    positional: &["column_name"],
    variadic: false,
    keywords: &["if_exists"],
};
const ALTER_KEYWORDS: &[&str] = &[
    "nullable",
    "comment",
    "server_default",
    "new_column_name",
    "type_",
    "existing_type",
    "existing_server_default",
    "existing_nullable",
    "existing_comment",
    "schema",
    "autoincrement",
    "existing_autoincrement",
    "insert_before",
    "insert_after",
];
const ALTER: Signature = Signature {
    name: "alter_column",
    positional: &["table_name", "column_name"],
    variadic: false,
    keywords: ALTER_KEYWORDS,
};
const BATCH_ALTER: Signature = Signature {
    name: "alter_column",
    positional: &["column_name"],
    variadic: false,
    keywords: ALTER_KEYWORDS,
};

impl Directive<'_> {
    pub(super) fn add_column(&self) -> Read<Op> {
        let matched = self.bind(&ADD, Some(&BATCH_ADD))?;
        matched.no_extra(self.name)?;
        let reader = self.reader;
        Ok(Op::AddColumn(Box::new(AddColumn {
            table: self.table(&matched, "table_name", "schema")?,
            column: reader.column(self.need(&matched, "column")?)?,
            if_not_exists: reader.flag(&matched, "if_not_exists")?,
            inline_references: reader.flag(&matched, "inline_references")?,
            inline_primary_key: reader.flag(&matched, "inline_primary_key")?,
            insert_before: reader.name_of(&matched, "insert_before")?,
            insert_after: reader.name_of(&matched, "insert_after")?,
            options: reader.options(matched.extra.iter().copied()),
        })))
    }

    pub(super) fn drop_column(&self) -> Read<Op> {
        let matched = self.bind(&DROP, Some(&BATCH_DROP))?;
        Ok(Op::DropColumn(DropColumn {
            table: self.table(&matched, "table_name", "schema")?,
            column: self.reader.column_name(self.need(&matched, "column_name")?)?,
            if_exists: self.reader.flag(&matched, "if_exists")?,
            options: self.reader.options(matched.extra.iter().copied()),
        }))
    }

    pub(super) fn alter_column(&self) -> Read<Op> {
        let matched = self.bind(&ALTER, Some(&BATCH_ALTER))?;
        let reader = self.reader;
        Ok(Op::AlterColumn(Box::new(AlterColumn {
            table: self.table(&matched, "table_name", "schema")?,
            column: reader.name(self.need(&matched, "column_name")?)?,
            nullable: reader.choice(&matched, "nullable")?,
            comment: self.given_text(&matched, "comment")?,
            server_default: self.given_default(&matched, "server_default")?,
            new_name: reader.name_of(&matched, "new_column_name")?,
            type_: matched.some("type_").map(|value| reader.sql_type(value)),
            existing_type: matched.some("existing_type").map(|value| reader.sql_type(value)),
            existing_server_default: self.given_default(&matched, "existing_server_default")?,
            existing_nullable: reader.choice(&matched, "existing_nullable")?,
            existing_comment: reader.text_of(&matched, "existing_comment")?,
            autoincrement: reader.choice(&matched, "autoincrement")?,
            existing_autoincrement: reader.choice(&matched, "existing_autoincrement")?,
            insert_before: reader.name_of(&matched, "insert_before")?,
            insert_after: reader.name_of(&matched, "insert_after")?,
            options: reader.options(matched.extra.iter().copied()),
        })))
    }

    fn given_text(&self, matched: &Matched<'_>, name: &str) -> Read<Given<SourceText>> {
        let Some(value) = matched.get(name) else { return Ok(Given::Absent) };
        Ok(match self.reader.view(value)? {
            View::None => Given::None,
            View::Bool(false) => Given::Absent,
            View::Bool(true) => return fail(value.span, format!("'{name}' is not a text")),
            _ => Given::Some(self.reader.text(value)?),
        })
    }

    fn given_default(&self, matched: &Matched<'_>, name: &str) -> Read<Given<ServerDefault>> {
        let Some(value) = matched.get(name) else { return Ok(Given::Absent) };
        Ok(match self.reader.view(value)? {
            View::None => Given::None,
            View::Bool(false) => Given::Absent,
            _ => Given::Some(self.reader.server_default(value)),
        })
    }
}
