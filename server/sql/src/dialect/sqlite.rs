//! SQLite, as SQLAlchemy's and Alembic's SQLite dialects print it.

mod words;

use std::fmt::Write as _;

use revline_schema::{
    AlterColumn, Batch, Constraint, Index, Literal, Name, Op, Options, ServerDefault, SqlType, Standard,
    TableName, TypeKind,
};

use words::RESERVED;

use super::{Dialect, Facts, Objection};
use crate::index::Making;
use crate::build::{self, BuiltColumn, BuiltTable, Piece};
use crate::expr::Temporal;
use crate::print::{Cx, Halt, Print};
use crate::types::{self, Affinity};
use crate::{ddl, index};

/// The dialect.
pub(super) struct Sql;

static FACTS: Facts = Facts {
    name: "sqlite",
    reserved: RESERVED,
    max_identifier: 9999,
    supports_alter: false,
    comments: false,
    native_boolean: false,
    native_enum: false,
    native_uuid: false,
    identity_columns: false,
    transactional_ddl: false,
    returns_new_keys: false,
    terminator: ";",
    booleans: ("1", "0"),
    type_compiler: "sqlalchemy.dialects.sqlite.base.SQLiteTypeCompiler",
};

const NO_ALTER: &str = "No support for ALTER of constraints in SQLite dialect. Please refer to the \
                        batch mode feature which allows for SQLite migrations using a copy-and-move \
                        strategy.";

impl Dialect for Sql {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn type_text(&self, cx: Cx<'_>, type_: &SqlType) -> Print {
        let kind = types::resolve(cx, type_);
        Ok(match kind {
            TypeKind::Json | TypeKind::Standard(Standard::Json) => "JSON".to_owned(),
            TypeKind::Vendor(vendor) => match &*vendor.name {
                "JSON" => "JSON".to_owned(),
                "JSONB" if !types::is_v2_0(cx) => "JSONB".to_owned(),
                "DATETIME" | "DATE" | "TIME"
                    if &*vendor.dialect == "sqlite"
                        && vendor.options.given("storage_format").is_some() =>
                {
                    return Err(Halt::unknown("whether this storage format is text is not known"));
                }
                _ => types::vendor_text(cx, vendor)?,
            },
            other => types::generic(cx, other)?,
        })
    }

    fn function(&self, _cx: Cx<'_>, name: &str, args: &[String]) -> Option<String> {
        match name {
            "now" => Some("CURRENT_TIMESTAMP".to_owned()),
            "localtimestamp" => Some("DATETIME(CURRENT_TIMESTAMP, 'localtime')".to_owned()),
            "char_length" => Some(format!("length({})", args.join(", "))),
            _ => None,
        }
    }

    fn division(&self, left: &str, right: &str, _by_integer: bool) -> Option<String> {
        Some(format!("{left} / ({right} + 0.0)"))
    }

    fn distinct_from(&self, negated: bool) -> &'static str {
        if negated { "IS" } else { "IS NOT" }
    }

    fn in_nothing(&self, operand: &str, negated: bool) -> String {
        let nothing = "SELECT 1 FROM (SELECT 1) WHERE 1!=1";
        if negated {
            format!("({operand} NOT IN ({nothing}))")
        } else {
            format!("{operand} IN ({nothing})")
        }
    }

    fn limit(&self, limit: Option<&str>, offset: Option<&str>) -> String {
        format!("\n LIMIT {} OFFSET {}", limit.unwrap_or("-1"), offset.unwrap_or("0"))
    }

    fn column_spec(&self, cx: Cx<'_>, table: &BuiltTable, column: &BuiltColumn) -> Print {
        let given = &column.column;
        let mut text = format!("{} {}", cx.quote(&given.name), self.type_text(cx, &given.type_)?);
        if let Some(default) = ddl::default_text(cx, given.server_default.as_ref())? {
            let _ = write!(text, " DEFAULT {}", self.default_clause(&default));
        }
        if !column.nullable {
            text.push_str(" NOT NULL");
            push_conflict(&given.options, "sqlite_on_conflict_not_null", &mut text)?;
        }
        if column.primary_key {
            let alone = table.primary_key.as_ref().is_none_or(|key| key.columns.len() == 1);
            if given.autoincrement == revline_schema::Autoincrement::True && !alone {
                return Err(Halt::Refused(
                    "SQLite does not support autoincrement for composite primary keys".to_owned(),
                ));
            }
            if alone && is_inline_key(table, column) {
                text.push_str(" PRIMARY KEY");
                push_conflict(&given.options, "sqlite_on_conflict_primary_key", &mut text)?;
                text.push_str(" AUTOINCREMENT");
            }
        }
        if let Some(ServerDefault::Computed(computed)) = &given.server_default {
            let _ =
                write!(text, " {}", self.computed(cx, &computed.expression, computed.persisted)?);
        }
        Ok(text)
    }

    fn default_clause(&self, text: &str) -> String {
        if needs_parentheses(text) { format!("({text})") } else { text.to_owned() }
    }

    fn table_options(&self, _cx: Cx<'_>, table: &BuiltTable) -> Print {
        let mut parts = Vec::new();
        if table.options.get("sqlite_with_rowid").and_then(Literal::truth) == Some(false) {
            parts.push("WITHOUT ROWID");
        }
        if table.options.is_set("sqlite_strict") {
            parts.push("STRICT");
        }
        Ok(if parts.is_empty() { String::new() } else { format!("\n {}", parts.join(",\n ")) })
    }

    fn constraint(&self, cx: Cx<'_>, table: &BuiltTable, piece: &Piece) -> Print<Option<String>> {
        let column_conflict = |columns: &[Name], option: &str, text: &mut String| match columns {
            [only] => match table.columns.iter().find(|column| column.column.name == *only) {
                Some(column) => push_conflict(&column.column.options, option, text),
                None => Ok(()),
            },
            _ => Ok(()),
        };
        let mut text = match piece {
            Piece::Constraint(Constraint::PrimaryKey(key)) => {
                if let [only] = key.columns.as_slice()
                    && table
                        .columns
                        .iter()
                        .any(|column| column.column.name == *only && is_inline_key(table, column))
                {
                    return Ok(None);
                }
                ddl::constraint(cx, table, piece)?
            }
            Piece::Constraint(Constraint::ForeignKey(key)) => {
                let ours = table.name.schema.as_ref().map(|schema| &schema.text);
                if ours != key.referent.schema.as_ref().map(|schema| &schema.text) {
                    return Ok(None);
                }
                ddl::foreign_key(cx, key, &cx.quote(&key.referent.name))?
            }
            _ => ddl::constraint(cx, table, piece)?,
        };
        match piece {
            Piece::Constraint(Constraint::PrimaryKey(key)) => {
                if key.options.given("sqlite_on_conflict").is_some() {
                    push_conflict(&key.options, "sqlite_on_conflict", &mut text)?;
                } else {
                    column_conflict(&key.columns, "sqlite_on_conflict_primary_key", &mut text)?;
                }
            }
            Piece::Constraint(Constraint::Unique(key)) => {
                if key.options.given("sqlite_on_conflict").is_some() {
                    push_conflict(&key.options, "sqlite_on_conflict", &mut text)?;
                } else {
                    column_conflict(&key.columns, "sqlite_on_conflict_unique", &mut text)?;
                }
            }
            Piece::Constraint(Constraint::Check(check)) => {
                push_conflict(&check.options, "sqlite_on_conflict", &mut text)?;
            }
            _ => {}
        }
        Ok(Some(text))
    }

    fn create_index(
        &self,
        cx: Cx<'_>,
        table: &TableName,
        index: &Index,
        making: Making,
    ) -> Print {
        let name = index::name(cx, index, "CREATE")?;
        let name = match &table.schema {
            Some(schema) if !schema.text.is_empty() => format!("{}.{name}", cx.quote(schema)),
            _ => name,
        };
        let mut elements = Vec::new();
        for element in &index.elements {
            elements.push(index::element(cx, element, false)?);
        }
        let mut text = format!(
            "CREATE {}INDEX {}{name} ON {} ({})",
            if index.unique { "UNIQUE " } else { "" },
            if making.if_not_exists() { "IF NOT EXISTS " } else { "" },
            cx.quote(&table.name),
            elements.join(", ")
        );
        if let Some(condition) = index.options.given("sqlite_where") {
            let _ = write!(text, " WHERE {}", index::condition(cx, condition)?);
        }
        Ok(text)
    }

    fn rename_column(&self, cx: Cx<'_>, from: &Name, to: &Name) -> String {
        format!("RENAME COLUMN {} TO {}", cx.quote(from), cx.quote(to))
    }

    fn alter_comment(&self, _cx: Cx<'_>, _op: &AlterColumn) -> Print {
        Err(Halt::Refused(
            "Compiler <sqlalchemy.dialects.sqlite.base.SQLiteDDLCompiler> can't render element of \
             type <class 'alembic.ddl.base.ColumnComment'>: <class 'alembic.ddl.base.ColumnComment'> \
             construct has no default compilation handler."
                .to_owned(),
        ))
    }

    fn refuses_constraints(&self, is_implicit: bool) -> Option<Objection> {
        Some(if is_implicit { Objection::Skip } else { Objection::Raise(NO_ALTER) })
    }

    fn rejects_alter_column(&self, op: &AlterColumn) -> bool {
        op.nullable.is_some() || op.server_default.is_given() || op.type_.is_some()
    }

    fn batch_recreates(&self, cx: Cx<'_>, batch: &Batch) -> bool {
        batch.steps.iter().any(|step| match &step.op {
            Op::CreateIndex(_) | Op::DropIndex(_) | Op::Execute(_) => false,
            Op::AddColumn(add) => {
                let column = &add.column;
                let default_recreates = match &column.server_default {
                    Some(ServerDefault::Expr(_)) => true,
                    Some(ServerDefault::Computed(computed)) => computed.persisted == Some(true),
                    _ => false,
                };
                let has_constraint = !column.foreign_keys.is_empty()
                    || (column.unique && !column.index)
                    || build::brings_check(cx, &column.type_);
                default_recreates || has_constraint
            }
            _ => true,
        })
    }

    fn version_returning(&self, _table: &str) -> String {
        " RETURNING version_num".to_owned()
    }

    fn temporal(&self, kind: Temporal, text: &str) -> String {
        match kind {
            Temporal::Date => text.to_owned(),
            Temporal::Time | Temporal::DateTime => with_microseconds(text),
        }
    }
}

/// A moment without its zone and with six digits of microseconds.
fn with_microseconds(text: &str) -> String {
    let (date, time) = text.split_once([' ', 'T']).map_or(("", text), |(date, time)| (date, time));
    let time = time.split(['+', '-', 'Z']).next().unwrap_or(time);
    let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
    let space = if date.is_empty() { "" } else { " " };
    format!("{date}{space}{whole}.{fraction:0<6}")
}

fn needs_parentheses(default: &str) -> bool {
    let start = default.trim_start();
    let quoted = start.starts_with(['\'', '"', '(']);
    let first_line = default.split('\n').next().unwrap_or(default);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    !quoted && (first_line.chars().any(|c| !is_word(c)) || default.contains('\n'))
}

/// Whether the primary key stands in its column's line: `sqlite_autoincrement=True`.
fn is_inline_key(table: &BuiltTable, column: &BuiltColumn) -> bool {
    column.primary_key
        && table.options.is_set("sqlite_autoincrement")
        && types::affinity(&column.column.type_.kind) == Affinity::Integer
        && !column.has_foreign_key
}

fn push_conflict(options: &Options, option: &str, text: &mut String) -> Print<()> {
    match options.given(option) {
        None => Ok(()),
        Some(value) => match value.as_str() {
            Some(clause) => {
                let _ = write!(text, " ON CONFLICT {clause}");
                Ok(())
            }
            None => Err(Halt::unknown(format!("the value of {option} is not known"))),
        },
    }
}
