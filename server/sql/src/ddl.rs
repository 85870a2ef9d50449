//! CREATE TABLE, columns and constraints as SQLAlchemy's default DDL compiler prints them.

use std::fmt::Write as _;

use revline_schema::{
    CheckConstraint, Constraint, Deferral, Expr, ForeignKeyConstraint, KeyConstraint, Name, Op,
    ReferenceRules, SequenceOptions, ServerDefault,
};

use crate::build::{BuiltColumn, BuiltTable, Piece, TypeCheck};
use crate::expr::Scope;
use crate::print::{Cx, Halt, Print};
use crate::{identifier, literal};

/// `CREATE TABLE`.
pub(crate) fn create_table(cx: Cx<'_>, table: &BuiltTable, if_not_exists: bool) -> Print {
    let mut text = "CREATE ".to_owned();
    if !table.prefixes.is_empty() {
        let prefixes: Vec<_> = table.prefixes.iter().map(|prefix| prefix.as_str()).collect();
        let _ = write!(text, "{} ", prefixes.join(" "));
    }
    text.push_str("TABLE ");
    if if_not_exists {
        text.push_str("IF NOT EXISTS ");
    }
    let _ = write!(text, "{} (", identifier::table(cx, &table.name));
    let mut lines = Vec::new();
    for column in table.columns.iter().filter(|column| !column.column.system) {
        lines.push(table_column(cx, table, column).map_err(|halt| match halt {
            Halt::Refused(why) => Halt::Refused(format!(
                "(in table '{}', column '{}'): {why}",
                table.name.name, column.column.name
            )),
            unknown @ Halt::Unknown(_) => unknown,
        })?);
    }
    lines.extend(table_constraints(cx, table)?);
    for (index, line) in lines.iter().enumerate() {
        text.push_str(if index == 0 { "\n\t" } else { ", \n\t" });
        text.push_str(line);
    }
    let _ = write!(text, "\n){}", cx.dialect.table_options(cx, table)?);
    Ok(text)
}

fn table_column(cx: Cx<'_>, table: &BuiltTable, column: &BuiltColumn) -> Print {
    let mut text = cx.dialect.column_spec(cx, table, column)?;
    for check in &column.checks {
        let _ = write!(text, " {}", self::check(cx, check)?);
    }
    Ok(text)
}

fn table_constraints(cx: Cx<'_>, table: &BuiltTable) -> Print<Vec<String>> {
    let mut clauses = Vec::new();
    if let Some(key) = &table.primary_key {
        let key = Piece::Constraint(Constraint::PrimaryKey(key.clone()));
        clauses.extend(cx.dialect.constraint(cx, table, &key)?);
    }
    for piece in &table.pieces {
        let separate =
            matches!(piece, Piece::Constraint(Constraint::ForeignKey(key)) if key.use_alter);
        if !(separate && cx.dialect.facts().supports_alter) {
            clauses.extend(cx.dialect.constraint(cx, table, piece)?);
        }
    }
    Ok(clauses)
}

/// A column with its type, default and nullability.
pub(crate) fn column_spec(cx: Cx<'_>, _table: &BuiltTable, column: &BuiltColumn) -> Print {
    let given = &column.column;
    let mut text = format!("{} {}", cx.quote(&given.name), cx.dialect.type_text(cx, &given.type_)?);
    if let Some(default) = default_text(cx, given.server_default.as_ref())? {
        let _ = write!(text, " DEFAULT {default}");
    }
    let has_identity = push_generated(cx, given.server_default.as_ref(), &mut text)?;
    if !column.nullable && !has_identity {
        text.push_str(" NOT NULL");
    }
    Ok(text)
}

/// Adds GENERATED clauses; whether an identity was among them.
pub(crate) fn push_generated(
    cx: Cx<'_>,
    default: Option<&ServerDefault>,
    text: &mut String,
) -> Print<bool> {
    match default {
        Some(ServerDefault::Computed(computed)) => {
            let _ = write!(
                text,
                " {}",
                cx.dialect.computed(cx, &computed.expression, computed.persisted)?
            );
        }
        Some(ServerDefault::Identity(identity)) if cx.dialect.facts().identity_columns => {
            let _ = write!(text, " {}", self::identity(identity));
            return Ok(true);
        }
        _ => {}
    }
    Ok(false)
}

/// What follows DEFAULT; `None` where the default is no DEFAULT clause.
pub(crate) fn default_text(cx: Cx<'_>, default: Option<&ServerDefault>) -> Print<Option<String>> {
    Ok(match default {
        Some(ServerDefault::Str(text)) => Some(literal::string(cx, text.as_str())),
        Some(ServerDefault::Expr(expr)) => Some(Scope::ddl(cx).print(expr)?),
        None
        | Some(ServerDefault::Computed(_) | ServerDefault::Identity(_) | ServerDefault::Fetched) => {
            None
        }
    })
}

/// `GENERATED ALWAYS AS (…)`.
pub(crate) fn computed(cx: Cx<'_>, expression: &Expr, persisted: Option<bool>) -> Print {
    let kind = match persisted {
        Some(true) => " STORED",
        Some(false) => " VIRTUAL",
        None => "",
    };
    Ok(format!("GENERATED ALWAYS AS ({}){kind}", Scope::ddl(cx).print(expression)?))
}

/// `GENERATED … AS IDENTITY`.
pub(crate) fn identity(identity: &revline_schema::Identity) -> String {
    let when = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    let options = sequence_options(&identity.sequence);
    if options.is_empty() {
        format!("GENERATED {when} AS IDENTITY")
    } else {
        format!("GENERATED {when} AS IDENTITY ({options})")
    }
}

/// The options of a sequence or identity column, joined by spaces.
pub(crate) fn sequence_options(options: &SequenceOptions) -> String {
    let mut parts = Vec::new();
    let mut number = |word: &str, value: Option<i64>| {
        if let Some(value) = value {
            parts.push(format!("{word} {value}"));
        }
    };
    number("INCREMENT BY", options.increment);
    number("START WITH", options.start);
    number("MINVALUE", options.minvalue);
    number("MAXVALUE", options.maxvalue);
    if options.nominvalue.is_some() {
        parts.push("NO MINVALUE".to_owned());
    }
    if options.nomaxvalue.is_some() {
        parts.push("NO MAXVALUE".to_owned());
    }
    if let Some(cache) = options.cache {
        parts.push(format!("CACHE {cache}"));
    }
    if let Some(cycle) = options.cycle {
        parts.push(if cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    parts.join(" ")
}

/// A constraint as a clause of CREATE TABLE or after ADD.
pub(crate) fn constraint(cx: Cx<'_>, _table: &BuiltTable, piece: &Piece) -> Print {
    match piece {
        Piece::Implicit(check) => implicit_check(cx, check),
        Piece::Constraint(Constraint::PrimaryKey(key)) => {
            let columns = columns(cx, &key.columns);
            Ok(format!(
                "{}PRIMARY KEY ({columns}){}",
                preamble(cx, key.name.as_ref())?,
                deferral(&key.deferral)?
            ))
        }
        Piece::Constraint(Constraint::Unique(key)) => unique(cx, key, "", ""),
        Piece::Constraint(Constraint::Check(check)) => self::check(cx, check),
        Piece::Constraint(Constraint::ForeignKey(key)) => {
            foreign_key(cx, key, &identifier::table(cx, &key.referent))
        }
        Piece::Constraint(Constraint::Exclude(_)) => Err(Halt::Refused(format!(
            "Compiler <{}> can't render element of type ExcludeConstraint",
            cx.dialect.facts().type_compiler.replace("TypeCompiler", "DDLCompiler")
        ))),
    }
}

/// `UNIQUE`, with words before and after the columns.
pub(crate) fn unique(cx: Cx<'_>, key: &KeyConstraint, before: &str, after: &str) -> Print {
    Ok(format!(
        "{}UNIQUE {before}({}){after}{}",
        preamble(cx, key.name.as_ref())?,
        columns(cx, &key.columns),
        deferral(&key.deferral)?
    ))
}

/// `FOREIGN KEY`, with the table it points to already printed.
pub(crate) fn foreign_key(cx: Cx<'_>, key: &ForeignKeyConstraint, referent: &str) -> Print {
    if key.referent_columns.is_empty() {
        return Err(Halt::unknown("the columns that this foreign key points to are not named"));
    }
    Ok(format!(
        "{}FOREIGN KEY({}) REFERENCES {referent} ({}){}",
        preamble(cx, key.name.as_ref())?,
        columns(cx, &key.columns),
        columns(cx, &key.referent_columns),
        reference_rules(cx, &key.rules)?
    ))
}

/// MATCH, ON DELETE, ON UPDATE and deferral.
pub(crate) fn reference_rules(cx: Cx<'_>, rules: &ReferenceRules) -> Print {
    let mut text = String::new();
    if let Some(phrase) = &rules.match_ {
        let _ = write!(text, " MATCH {}", keywords(phrase)?);
    }
    if let Some(phrase) = &rules.on_delete {
        let columns_follow = cx.dialect.facts().name == "postgresql" && phrase.contains('(');
        let phrase = if columns_follow { phrase } else { keywords(phrase)? };
        let _ = write!(text, " ON DELETE {phrase}");
    }
    if let Some(phrase) = &rules.on_update {
        let _ = write!(text, " ON UPDATE {}", keywords(phrase)?);
    }
    text.push_str(&deferral(&rules.deferral)?);
    Ok(text)
}

/// `CHECK (…)` as given.
pub(crate) fn check(cx: Cx<'_>, check: &CheckConstraint) -> Print {
    Ok(format!(
        "{}CHECK ({}){}",
        preamble(cx, check.name.as_ref())?,
        Scope::ddl(cx).print(&check.condition)?,
        deferral(&check.deferral)?
    ))
}

fn implicit_check(cx: Cx<'_>, check: &TypeCheck) -> Print {
    let column = cx.quote(&check.column);
    Ok(format!(
        "{}CHECK ({column} IN ({}))",
        preamble(cx, check.name.as_ref())?,
        check.values.join(", ")
    ))
}

/// `CONSTRAINT name `, or nothing.
pub(crate) fn preamble(cx: Cx<'_>, name: Option<&Name>) -> Print {
    name.map_or(Ok(String::new()), |name| {
        Ok(format!("CONSTRAINT {} ", identifier::bounded(cx, name)?))
    })
}

/// `DEFERRABLE` and `INITIALLY`.
pub(crate) fn deferral(deferral: &Deferral) -> Print {
    let mut text = match deferral.deferrable {
        Some(true) => " DEFERRABLE".to_owned(),
        Some(false) => " NOT DEFERRABLE".to_owned(),
        None => String::new(),
    };
    if let Some(phrase) = &deferral.initially {
        let _ = write!(text, " INITIALLY {}", keywords(phrase)?);
    }
    Ok(text)
}

/// Names joined by commas.
pub(crate) fn columns(cx: Cx<'_>, names: &[Name]) -> String {
    names.iter().map(|name| cx.quote(name)).collect::<Vec<_>>().join(", ")
}

/// A phrase that may hold nothing but keywords.
pub(crate) fn keywords(phrase: &str) -> Print<&str> {
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !phrase.starts_with(char::is_whitespace)
        && !phrase.ends_with(char::is_whitespace)
        && !phrase.is_empty()
        && phrase.split_whitespace().all(is_word)
    {
        return Ok(phrase);
    }
    Err(Halt::Refused(format!(
        "Unexpected SQL phrase: {} (matching against '^\\\\w+(?:\\\\s+\\\\w+)*$')",
        identifier::python_repr(phrase)
    )))
}

/// A word for an operation in messages.
pub(crate) const fn kind_of(op: &Op) -> &'static str {
    match op {
        Op::CreateTable(_) => "create_table",
        Op::DropTable(_) => "drop_table",
        Op::RenameTable(_) => "rename_table",
        Op::TableComment(_) => "table comment",
        Op::AddColumn(_) => "add_column",
        Op::DropColumn(_) => "drop_column",
        Op::AlterColumn(_) => "alter_column",
        Op::CreateIndex(_) => "create_index",
        Op::DropIndex(_) => "drop_index",
        Op::AddConstraint(_) => "create constraint",
        Op::DropConstraint(_) => "drop_constraint",
        Op::Execute(_) => "execute",
        Op::BulkInsert(_) => "bulk_insert",
        Op::Batch(_) => "batch_alter_table",
        Op::AutocommitBlock(_) => "autocommit_block",
        Op::CreateType(_) => "create type",
        Op::DropType(_) => "drop type",
        Op::Touch(_) | Op::Opaque(_) => "this",
    }
}
