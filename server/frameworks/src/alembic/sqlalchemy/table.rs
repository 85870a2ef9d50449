//! Tables inside statements: `sa.table(…)`, `sa.Table(…)`, what `op.create_table` returned.

use std::sync::Arc;

use revline_python::value::{Call, Term};
use revline_python::{Value, View};
use revline_schema::{
    ColumnRef, Constraint, Expr, Key, Name, Opaque, Sight, SqlType, TableClause, TableItem,
    TypeKind,
};
use revline_text::Span;

use super::{Read, Reader, Signature, fail};

const TABLE_CLAUSE: Signature =
    Signature { name: "table", positional: &["name"], variadic: true, keywords: &["schema"] };
const TABLE: Signature = Signature {
    name: "Table",
    positional: &["name", "metadata"],
    variadic: true,
    keywords: &["schema", "quote", "quote_schema", "autoload_with", "comment", "prefixes"],
};
const COLUMN_CLAUSE: Signature = Signature {
    name: "column",
    positional: &["text", "type_", "is_literal"],
    variadic: false,
    keywords: &[],
};

impl Reader<'_> {
    /// A table in a statement.
    pub(crate) fn table(&self, value: &Value) -> Read<TableClause> {
        let View::Term(Term::Call(call)) = self.view(value)? else {
            return fail(value.span, "not a table");
        };
        if let Some((name, call)) = self.construct(value) {
            return match name {
                "table" | "TableClause" => self.table_clause(call, value.span),
                "Table" => self.whole_table(call, value.span),
                _ => fail(value.span, "not a table"),
            };
        }
        let View::Term(Term::Attribute { object, name }) = self.view(&call.callee)? else {
            return fail(value.span, "not a table");
        };
        if &**name != "alias" {
            return fail(value.span, format!("`{name}()` of a table is not understood"));
        }
        let mut table = self.deeper(value.span, || self.table(object))?;
        match call.arguments.get(0, "name") {
            Some(alias) if !alias.is_none() => table.alias = Some(self.name(alias)?),
            _ => return fail(value.span, "an alias without a name"),
        }
        Ok(table)
    }

    fn table_clause(&self, call: &Call, span: Span) -> Read<TableClause> {
        let matched = TABLE_CLAUSE.bind(&call.arguments, span)?;
        matched.no_extra("table")?;
        let mut columns = Vec::new();
        for argument in matched.rest {
            columns.push(self.table_column(&argument.value)?);
        }
        Ok(TableClause {
            name: self.name(matched.need("table", "name", span)?)?,
            schema: self.schema_of(&matched, "schema")?,
            columns,
            origin: span.into(),
            ..TableClause::default()
        })
    }

    fn whole_table(&self, call: &Call, span: Span) -> Read<TableClause> {
        let matched = TABLE.bind(&call.arguments, span)?;
        let is_reflected = matched.some("autoload_with").is_some()
            || matched.extra.iter().any(|keyword| &*keyword.name == "autoload");
        if is_reflected && self.database.is_none() {
            return fail(span, "`autoload_with` asks a live database");
        }
        let mut table = TableClause { origin: span.into(), ..TableClause::default() };
        for argument in matched.rest.iter().filter(|item| !self.is_metadata(&item.value)) {
            match self.table_item(&argument.value) {
                TableItem::Column(column) => {
                    if column.primary_key {
                        table.primary_key.push(column.name.clone());
                    }
                    if column.default.is_some() || column.has_onupdate {
                        table.python_defaults.push(column.name.clone());
                    }
                    let type_ = self.of_values(column.type_.clone(), argument.value.span);
                    table.columns.push((column.name.clone(), Some(type_)));
                }
                TableItem::Constraint(constraint) => {
                    if let Constraint::PrimaryKey(key) = *constraint {
                        table.primary_key = key.columns;
                    }
                }
                TableItem::Opaque(why) => return Err(why),
                TableItem::Index(_) => {}
            }
        }
        table.name = self.name(matched.need("Table", "name", span)?)?;
        table.name.quote = self.choice(&matched, "quote")?.or(table.name.quote);
        table.schema = match self.schema_of(&matched, "schema")? {
            Some(schema) => Some(schema),
            None => match matched.some("metadata") {
                Some(metadata) => self.metadata_schema(metadata)?,
                None => None,
            },
        };
        if is_reflected {
            self.reflect(&mut table, span)?;
        }
        Ok(table)
    }

    /// The type by which values are printed: not known where its class changes them.
    fn of_values(&self, type_: SqlType, span: Span) -> SqlType {
        match &type_.kind {
            TypeKind::Decorated { class, .. } if self.processing.borrow().contains(class) => {
                let why = format!("{class} changes values on their way to the database");
                SqlType::new(TypeKind::Opaque(Opaque::at(why, span)))
            }
            _ => type_,
        }
    }

    /// Adds the columns that the database has. Those given in the source stand in their place.
    fn reflect(&self, table: &mut TableClause, span: Span) -> Read<()> {
        let key = Key {
            schema: table.schema.as_ref().map(|schema| schema.text.clone()),
            name: table.name.text.clone(),
        };
        let found = match self.database.as_ref().map(|database| database.look(&key)) {
            Some(Sight::Present(found)) => found,
            Some(Sight::Uncertain(why)) => return Err(why.clone()),
            Some(Sight::Absent) | None => return fail(span, "the reflected table is absent"),
        };
        let given = std::mem::take(&mut table.columns);
        for column in &found.columns {
            let own = given.iter().find(|(name, _)| name.text == column.name.text);
            let type_ = own.and_then(|(_, type_)| type_.clone());
            let type_ = type_.or_else(|| Some(column.type_.clone()));
            table.columns.push((column.name.clone(), type_));
        }
        let is_new = |name: &Name| found.column(name.as_str()).is_none();
        table.columns.extend(given.into_iter().filter(|(name, _)| is_new(name)));
        if table.primary_key.is_empty() {
            table.primary_key = found.primary_key().to_vec();
        }
        Ok(())
    }

    /// The schema of `sa.MetaData(schema=…)`.
    fn metadata_schema(&self, value: &Value) -> Read<Option<Name>> {
        self.view(value)?;
        match self.construct(value) {
            Some(("MetaData", call)) => match call.arguments.get(0, "schema") {
                Some(schema) if !schema.is_none() => self.name(schema).map(Some),
                _ => Ok(None),
            },
            _ => fail(value.span, "not known which schema this metadata has"),
        }
    }

    fn table_column(&self, value: &Value) -> Read<(Name, Option<SqlType>)> {
        self.view(value)?;
        match self.construct(value) {
            Some(("column" | "literal_column" | "ColumnClause", call)) => {
                let column = self.column_clause(call, value.span)?;
                let type_ = column.type_.map(|type_| self.of_values(type_, value.span));
                Ok((column.name, type_))
            }
            Some(("Column", _)) => {
                let column = self.column(value)?;
                let type_ = self.of_values(column.type_, value.span);
                Ok((column.name, Some(type_)))
            }
            _ => fail(value.span, "not a column"),
        }
    }

    /// `sa.column(…)`.
    pub(super) fn column_clause(&self, call: &Call, span: Span) -> Read<ColumnRef> {
        let matched = COLUMN_CLAUSE.bind(&call.arguments, span)?;
        matched.no_extra("column")?;
        if self.flag(&matched, "is_literal")? {
            return fail(span, "a literal column");
        }
        Ok(ColumnRef {
            name: self.name(matched.need("column", "text", span)?)?,
            table: None,
            type_: matched.some("type_").map(|value| self.sql_type(value)),
        })
    }

    /// `table.c.name`, `table.columns.name`, `table.c["name"]`: the column; `None` where the value
    /// has another shape.
    pub(super) fn column_of_table(&self, object: &Value, name: &str, span: Span) -> Read<Expr> {
        let View::Term(Term::Attribute { object: table, name: collection }) = self.view(object)?
        else {
            return fail(span, format!("`.{name}` is not understood"));
        };
        if !matches!(&**collection, "c" | "columns") {
            return fail(span, format!("`.{collection}.{name}` is not understood"));
        }
        let table = self.table(table)?;
        // A column that the clause was not given is an error of Python's.
        let Some((name, type_)) =
            table.columns.iter().find(|(column, _)| column.as_str() == name).cloned()
        else {
            return fail(span, format!("the table construct has no column '{name}'"));
        };
        Ok(Expr::Column(ColumnRef { name, table: Some(Arc::new(table)), type_ }))
    }
}
