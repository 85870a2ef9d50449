//! `create_table`, `drop_table`, `rename_table` and table comments.

use revline_python::Value;
use revline_schema::{CreateTable, DropTable, Op, RenameTable, TableComment, TableName};

use super::Directive;
use crate::alembic::sqlalchemy::{Matched, Read, Reader, Signature, fail};

const CREATE: Signature = Signature {
    name: "create_table",
    positional: &["table_name"],
    variadic: true,
    keywords: &["schema", "if_not_exists", "comment", "prefixes", "quote"],
};
const DROP: Signature = Signature {
    name: "drop_table",
    positional: &["table_name"],
    variadic: false,
    keywords: &["schema", "if_exists"],
};
const RENAME: Signature = Signature {
    name: "rename_table",
    positional: &["old_table_name", "new_table_name"],
    variadic: false,
    keywords: &["schema"],
};
const COMMENT: Signature = Signature {
    name: "create_table_comment",
    positional: &["table_name", "comment"],
    variadic: false,
    keywords: &["existing_comment", "schema"],
};
const BATCH_COMMENT: Signature = Signature {
    name: "create_table_comment",
    positional: &["comment"],
    variadic: false,
    keywords: &["existing_comment"],
};
const DROP_COMMENT: Signature = Signature {
    name: "drop_table_comment",
    positional: &["table_name"],
    variadic: false,
    keywords: &["existing_comment", "schema"],
};
const BATCH_DROP_COMMENT: Signature = Signature {
    name: "drop_table_comment",
    positional: &[],
    variadic: false,
    keywords: &["existing_comment"],
};
const TABLE: Signature = Signature {
    name: "Table",
    positional: &["name", "metadata"],
    variadic: true,
    keywords: &["schema", "comment", "prefixes", "quote"],
};

impl Directive<'_> {
    pub(super) fn create_table(&self) -> Read<Op> {
        let matched = self.bind(&CREATE, None)?;
        let table = self.table(&matched, "table_name", "schema")?;
        created(self.reader, table, matched).map(Op::CreateTable)
    }

    pub(super) fn drop_table(&self) -> Read<Op> {
        let matched = self.bind(&DROP, None)?;
        Ok(Op::DropTable(DropTable {
            table: self.table(&matched, "table_name", "schema")?,
            if_exists: self.reader.flag(&matched, "if_exists")?,
            options: self.reader.options(matched.extra.iter().copied()),
        }))
    }

    pub(super) fn rename_table(&self) -> Read<Op> {
        let matched = self.bind(&RENAME, None)?;
        matched.no_extra(self.name)?;
        Ok(Op::RenameTable(RenameTable {
            table: self.table(&matched, "old_table_name", "schema")?,
            new_name: self.reader.name(self.need(&matched, "new_table_name")?)?,
        }))
    }

    pub(super) fn table_comment(&self) -> Read<Op> {
        let is_drop = self.name == "drop_table_comment";
        let matched = if is_drop {
            self.bind(&DROP_COMMENT, Some(&BATCH_DROP_COMMENT))?
        } else {
            self.bind(&COMMENT, Some(&BATCH_COMMENT))?
        };
        matched.no_extra(self.name)?;
        Ok(Op::TableComment(TableComment {
            table: self.table(&matched, "table_name", "schema")?,
            comment: self.reader.text_of(&matched, "comment")?,
            existing_comment: self.reader.text_of(&matched, "existing_comment")?,
            is_drop,
        }))
    }
}

/// The table that `sa.Table(…)` describes, for `copy_from`.
pub(in crate::alembic) fn described(reader: &Reader<'_>, value: &Value) -> Read<CreateTable> {
    reader.view(value)?;
    let Some(("Table", call)) = reader.construct(value) else {
        return fail(value.span, "not a table that is understood");
    };
    let matched = TABLE.bind(&call.arguments, value.span)?;
    if let Some(keyword) = matched.extra.iter().find(|keyword| keyword.name.starts_with("autoload"))
    {
        return fail(keyword.name_span, format!("`{}` asks a live database", keyword.name));
    }
    // A naming convention of the metadata would name what the table leaves unnamed.
    let metadata = matched.need("Table", "metadata", value.span)?;
    let is_plain = matches!(
        reader.construct(metadata),
        Some(("MetaData", call))
            if call.arguments.keyword("naming_convention").is_none()
                && call.arguments.unknown.is_none()
                && call.arguments.get(0, "schema").is_none_or(Value::is_none)
    );
    if !is_plain {
        return fail(metadata.span, "the naming convention of this table's metadata is not known");
    }
    let table = TableName {
        schema: reader.schema_of(&matched, "schema")?,
        name: reader.name(matched.need("Table", "name", value.span)?)?,
    };
    created(reader, table, matched)
}

fn created(
    reader: &Reader<'_>,
    mut table: TableName,
    mut matched: Matched<'_>,
) -> Read<CreateTable> {
    matched.ignore(&["info", "extend_existing", "keep_existing", "listeners"]);
    if let Some(quote) = reader.choice(&matched, "quote")? {
        table.name.quote = Some(quote);
    }
    let prefixes = match matched.some("prefixes") {
        Some(value) => {
            reader.items(value)?.iter().map(|item| reader.text(item)).collect::<Read<_>>()?
        }
        None => Vec::new(),
    };
    Ok(CreateTable {
        table,
        items: matched
            .rest
            .iter()
            .filter(|item| !reader.is_metadata(&item.value))
            .map(|item| reader.table_item(&item.value))
            .collect(),
        if_not_exists: reader.flag(&matched, "if_not_exists")?,
        comment: reader.text_of(&matched, "comment")?,
        prefixes,
        options: reader.options(matched.extra.iter().copied()),
    })
}
