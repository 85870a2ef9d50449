//! A table of the running schema as SQLAlchemy reflects it from SQLite: the state in which a batch
//! meets the table that it copies.
//!
//! SQLite knows a table as the text of its CREATE TABLE, and SQLAlchemy reads that text with regular
//! expressions. So types come back by their printed names, names of constraints only where the
//! expressions find them, defaults as text, and some things not at all: collations, comments,
//! AUTOINCREMENT, what a type's CHECK belongs to, ON CONFLICT, indexes over expressions, a second
//! constraint over the same columns. Follows `sqlalchemy.dialects.sqlite.base` of SQLAlchemy 2.1.
//!
//! Refused here, as an unknown with its reason: tables whose names or texts those expressions would
//! misread, and tables that the history leaves in doubt.

mod declared;
mod words;

use revline_schema::{
    CheckConstraint, Column, Computed, Constraint, Deferral, Expr, ForeignKeyConstraint, Index,
    IndexElement, Key, KeyConstraint, Literal, Name, Options, ReferenceRules, Schema,
    ServerDefault, Table, TableName, UnaryOp,
};

use crate::build::{BuiltColumn, BuiltTable, Piece};
use crate::dialect::Dialect;
use crate::expr::Scope;
use crate::index::Making;
use crate::print::{Cx, Halt, Print};
use crate::rendered::Mode;
use crate::settings::Settings;
use crate::types::{self, Affinity};
use crate::{build, ddl, index, text_clause};

pub(crate) use declared::resolve as declared_type;
pub(crate) use words::{identifiers, renamed as renamed_in_text};

/// A table as a batch meets it.
#[derive(Clone, Debug)]
pub(crate) struct Existing {
    /// Schema and name.
    pub(crate) name: TableName,
    /// The columns, each with `nullable` and its part in the key said.
    pub(crate) columns: Vec<Column>,
    /// The primary key; without columns where there is none.
    pub(crate) key: KeyConstraint,
    /// The other constraints in the order in which reflection adds them.
    pub(crate) constraints: Vec<Constraint>,
    /// The indexes by name.
    pub(crate) indexes: Vec<Index>,
    /// `sqlite_with_rowid`, `sqlite_strict`.
    pub(crate) options: Options,
}

/// The table of that name as SQLAlchemy reflects it.
pub(crate) fn table(cx: Cx<'_>, schema: &Schema, name: &TableName) -> Print<Existing> {
    if cx.dialect.facts().name != "sqlite" {
        return Err(Halt::unknown("what reflection says of a table is simulated for SQLite alone"));
    }
    let table = certain(schema, name)?;
    check_referents(schema, &table, &mut vec![Key::from(name)])?;
    reflected(cx, &table, name)
}

fn certain(schema: &Schema, name: &TableName) -> Print<Table> {
    let key = Key::from(name);
    if let Some(table) = schema.table(&key) {
        // What was made since the doubt arose is not in it.
        let whole = schema.doubt.as_ref().filter(|_| !schema.made_since.contains(&key));
        return match table.doubt.as_ref().or(whole) {
            Some(doubt) => Err(Halt::Unknown(revline_schema::Opaque {
                why: format!("what the table \"{name}\" is at this point: {}", doubt.why).into(),
                origin: doubt.origin,
            })),
            None if table.is_raw => Err(Halt::unknown(format!(
                "how reflection reads the table \"{name}\", of which raw SQL wrote a part"
            ))),
            None => Ok((**table).clone()),
        };
    }
    match &schema.doubt {
        Some(doubt) => Err(Halt::Unknown(revline_schema::Opaque {
            why: format!("what the table \"{name}\" is at this point: {}", doubt.why).into(),
            origin: doubt.origin,
        })),
        // What NoSuchTableError says.
        None => Err(Halt::Refused(name.name.text.to_string())),
    }
}

/// Reflection follows foreign keys: every table that is pointed to must be there.
fn check_referents(schema: &Schema, table: &Table, seen: &mut Vec<Key>) -> Print<()> {
    for constraint in &table.constraints {
        let Constraint::ForeignKey(key) = &**constraint else { continue };
        if !is_printed(table, key) {
            continue;
        }
        let referent = Key::from(&key.referent);
        if seen.contains(&referent) {
            continue;
        }
        seen.push(referent);
        let next = certain(schema, &key.referent)?;
        check_referents(schema, &next, seen)?;
    }
    Ok(())
}

/// SQLite cannot point into another schema, so SQLAlchemy leaves such a key out.
fn is_printed(table: &Table, key: &ForeignKeyConstraint) -> bool {
    let text = |schema: &Option<Name>| schema.as_ref().map(|name| name.text.clone());
    text(&table.name.schema) == text(&key.referent.schema)
}

fn reflected(cx: Cx<'_>, table: &Table, name: &TableName) -> Print<Existing> {
    words::check_names(table)?;
    let columns: Print<Vec<Column>> =
        table.columns.iter().map(|given| column(cx, table, given)).collect();
    let mut columns = columns?;
    let key = key(table);
    let is_without_rowid =
        table.options.get("sqlite_with_rowid").and_then(Literal::truth) == Some(false);
    for column in &mut columns {
        column.primary_key = key.columns.contains(&column.name);
        if column.primary_key && is_without_rowid {
            column.nullable = Some(false);
        }
    }
    let mut options = Options::default();
    if cx.settings.sqlalchemy == crate::Sqlalchemy::V2_1 {
        if is_without_rowid {
            options = options.with("sqlite_with_rowid", false);
        }
        if table.options.is_set("sqlite_strict") {
            options = options.with("sqlite_strict", true);
        }
    }
    Ok(Existing {
        name: name.clone(),
        columns,
        key,
        constraints: constraints(cx, table)?,
        indexes: indexes(cx, table)?,
        options,
    })
}

/// A name as it comes back from the database.
fn plain(name: &Name) -> Name {
    Name { origin: name.origin, ..Name::new(name.text.clone()) }
}

fn plains(names: &[Name]) -> Vec<Name> {
    names.iter().map(plain).collect()
}

fn column(cx: Cx<'_>, table: &Table, given: &Column) -> Print<Column> {
    if build::brings_check(cx, &given.type_) {
        return Err(Halt::unknown(format!(
            "whether the CHECK of the type of column {} is in the database",
            given.name
        )));
    }
    let text = cx.dialect.type_text(cx, &given.type_)?;
    let mut column = Column::new(plain(&given.name), declared::resolve(&text)?);
    column.nullable = Some(given.is_nullable());
    column.origin = given.origin;
    column.server_default = match &given.server_default {
        Some(ServerDefault::Computed(computed)) => {
            Some(ServerDefault::Computed(self::computed(cx, table, given, computed, &text)?))
        }
        other => default(cx, other.as_ref())?,
    };
    Ok(column)
}

/// SQLAlchemy looks for the expression behind the first place that looks like the column's name.
fn computed(
    cx: Cx<'_>,
    table: &Table,
    column: &Column,
    computed: &Computed,
    type_text: &str,
) -> Print<Computed> {
    let unsure = || {
        Err(Halt::unknown(format!(
            "what reflection reads as the expression of the computed column {}",
            column.name
        )))
    };
    let name = column.name.text.to_lowercase();
    let others = table.columns.iter().filter(|other| {
        other.name != column.name
            && matches!(other.server_default, Some(ServerDefault::Computed(_)))
    });
    let expression = Scope::ddl(cx).print(&computed.expression)?;
    let is_ambiguous = others.clone().any(|other| {
        let text = cx.dialect.type_text(cx, &other.type_).unwrap_or_default();
        format!("{} {text}", other.name).to_lowercase().contains(&name)
    });
    if type_text.contains(',') || expression.contains('\n') || is_ambiguous {
        return unsure();
    }
    words::check_text(&expression)?;
    Ok(Computed {
        expression: Expr::text(expression.as_str()),
        persisted: Some(computed.persisted == Some(true)),
    })
}

/// The default as `PRAGMA table_info` gives it, with the parentheses that Alembic's listener adds.
fn default(cx: Cx<'_>, given: Option<&ServerDefault>) -> Print<Option<ServerDefault>> {
    let Some(text) = ddl::default_text(cx, given)? else { return Ok(None) };
    let printed = cx.dialect.default_clause(&text);
    words::check_text(&printed)?;
    let stored = match words::inside_parentheses(&printed) {
        Some(inside) => inside.trim(),
        None => printed.as_str(),
    };
    let text = if words::looks_like_expression(stored) {
        format!("({stored})")
    } else {
        stored.to_owned()
    };
    no_parameters(&text)?;
    Ok(Some(ServerDefault::Expr(Expr::text(text.as_str()))))
}

fn no_parameters(text: &str) -> Print<()> {
    if text_clause::has_parameters(text) || text.contains("\\:") {
        return Err(Halt::unknown(
            "a colon in reflected SQL is read as a parameter, and what stands for it is not known",
        ));
    }
    Ok(())
}

fn key(table: &Table) -> KeyConstraint {
    let given = table.constraints.iter().find_map(|constraint| match &**constraint {
        Constraint::PrimaryKey(key) => Some(key),
        _ => None,
    });
    let Some(given) = given else { return KeyConstraint::default() };
    // AUTOINCREMENT stands in the column's line, and so does its key then.
    let is_inline = match given.columns.as_slice() {
        [only] => table.column(only.as_str()).is_some_and(|column| {
            table.options.is_set("sqlite_autoincrement")
                && types::affinity(&column.type_.kind) == Affinity::Integer
                && !has_foreign_key(table, only)
        }),
        _ => false,
    };
    KeyConstraint {
        name: given.name.as_ref().filter(|_| !is_inline).map(plain),
        columns: plains(&given.columns),
        origin: given.origin,
        ..KeyConstraint::default()
    }
}

fn has_foreign_key(table: &Table, column: &Name) -> bool {
    table.constraints.iter().any(|constraint| {
        matches!(&**constraint, Constraint::ForeignKey(key) if key.columns.contains(column))
    })
}

/// Foreign keys, UNIQUEs, CHECKs: of several over the same columns the first one is found.
fn constraints(cx: Cx<'_>, table: &Table) -> Print<Vec<Constraint>> {
    let mut keys: Vec<ForeignKeyConstraint> = Vec::new();
    let mut uniques: Vec<KeyConstraint> = Vec::new();
    let mut checks: Vec<CheckConstraint> = Vec::new();
    for constraint in &table.constraints {
        match &**constraint {
            Constraint::PrimaryKey(_) => {}
            Constraint::Unique(unique) => {
                if !uniques.iter().any(|other| other.columns == unique.columns) {
                    uniques.push(KeyConstraint {
                        name: unique.name.as_ref().map(plain),
                        columns: plains(&unique.columns),
                        origin: unique.origin,
                        ..KeyConstraint::default()
                    });
                }
            }
            Constraint::ForeignKey(given) if is_printed(table, given) => {
                let key = foreign_key(given)?;
                let same = |other: &ForeignKeyConstraint| {
                    other.columns == key.columns
                        && other.referent == key.referent
                        && other.referent_columns == key.referent_columns
                };
                if !keys.iter().any(same) {
                    keys.push(key);
                }
            }
            Constraint::ForeignKey(_) => {}
            Constraint::Check(given) => {
                let text = Scope::ddl(cx).print(&given.condition)?;
                words::check_text(&text)?;
                no_parameters(&text)?;
                checks.push(CheckConstraint {
                    name: given.name.as_ref().map(plain),
                    condition: Expr::text(text.trim()),
                    deferral: Deferral::default(),
                    comment: None,
                    options: Options::default(),
                    origin: given.origin,
                });
            }
            Constraint::Exclude(_) => {
                return Err(Halt::unknown("SQLite has no EXCLUDE constraint"));
            }
        }
    }
    let by_name = |check: &CheckConstraint| {
        check.name.as_ref().map_or_else(|| "~".to_owned(), |name| name.text.to_string())
    };
    checks.sort_by_key(by_name);
    Ok(keys
        .into_iter()
        .map(Constraint::ForeignKey)
        .chain(uniques.into_iter().map(Constraint::Unique))
        .chain(checks.into_iter().map(Constraint::Check))
        .collect())
}

/// ON DELETE and ON UPDATE are read right behind the columns: MATCH hides them. NO ACTION says
/// nothing, and INITIALLY is read behind DEFERRABLE alone.
fn foreign_key(given: &ForeignKeyConstraint) -> Print<ForeignKeyConstraint> {
    if given.referent_columns.is_empty() {
        return Err(Halt::unknown("the columns that a foreign key points to are not named"));
    }
    let rules = &given.rules;
    let action = |phrase: &Option<std::sync::Arc<str>>| {
        let words: Vec<_> = phrase.as_ref()?.split_whitespace().collect();
        let words = words.join(" ").to_uppercase();
        (words != "NO ACTION").then(|| words.into())
    };
    let known = |phrase: &Option<std::sync::Arc<str>>| match action(phrase).as_deref() {
        None | Some("SET NULL" | "SET DEFAULT" | "CASCADE" | "RESTRICT") => true,
        Some(_) => false,
    };
    if !known(&rules.on_delete) || !known(&rules.on_update) {
        return Err(Halt::unknown("what reflection reads as the action of a foreign key"));
    }
    let reflected = match &rules.match_ {
        Some(_) => ReferenceRules::default(),
        None => ReferenceRules {
            on_delete: action(&rules.on_delete),
            on_update: action(&rules.on_update),
            match_: None,
            deferral: match rules.deferral.deferrable {
                None => Deferral::default(),
                deferrable => Deferral {
                    deferrable,
                    initially: rules.deferral.initially.as_ref().map(|i| i.to_uppercase().into()),
                },
            },
        },
    };
    let schema = given.referent.schema.as_ref().map(plain);
    Ok(ForeignKeyConstraint {
        name: given.name.as_ref().map(plain),
        columns: plains(&given.columns),
        referent: TableName { schema, name: plain(&given.referent.name) },
        referent_columns: plains(&given.referent_columns),
        rules: reflected,
        origin: given.origin,
        ..ForeignKeyConstraint::default()
    })
}

fn indexes(cx: Cx<'_>, table: &Table) -> Print<Vec<Index>> {
    let mut indexes = Vec::new();
    for given in &table.indexes {
        let Some(name) = &given.name else {
            return Err(Halt::unknown("the name of an index is not known"));
        };
        let Some(columns) = index_columns(cx, table, given)? else { continue };
        let mut options = Options::default();
        if let Some(condition) = given.options.given("sqlite_where") {
            let text = index::condition(cx, condition)?;
            if text.contains('\n') {
                return Err(Halt::unknown("what reflection reads as the condition of an index"));
            }
            no_parameters(&text)?;
            let text = Literal::Expr(Box::new(Expr::text(text.as_str())));
            options = options.with("sqlite_where", text);
        }
        indexes.push(Index {
            name: Some(plain(name)),
            elements: columns.into_iter().map(IndexElement::Column).collect(),
            unique: given.unique,
            options,
            origin: given.origin,
        });
    }
    indexes.sort_by_key(|index| index.name.as_ref().map(|name| name.text.clone()));
    Ok(indexes)
}

/// The columns of an index, its order and collations lost; `None` for one over expressions, which
/// reflection leaves out.
fn index_columns(cx: Cx<'_>, table: &Table, index: &Index) -> Print<Option<Vec<Name>>> {
    let mut columns = Vec::new();
    for element in &index.elements {
        let column = match element {
            IndexElement::Column(name) => Some(plain(name)),
            IndexElement::Expr(Expr::Column(column)) => Some(plain(&column.name)),
            IndexElement::Expr(Expr::Unary { op: UnaryOp::Desc | UnaryOp::Asc, operand }) => {
                match &**operand {
                    Expr::Column(column) => Some(plain(&column.name)),
                    other => words::indexed_column(&Scope::ddl(cx).print(other)?),
                }
            }
            IndexElement::Expr(expr) => words::indexed_column(&Scope::ddl(cx).print(expr)?),
        };
        let found = column.and_then(|column| {
            table.columns.iter().find(|c| c.name.text.eq_ignore_ascii_case(&column.text))
        });
        match found {
            Some(column) => columns.push(plain(&column.name)),
            None => return Ok(None),
        }
    }
    Ok(Some(columns))
}

/// A table as reflection gives it back, as the statements that SQLAlchemy would make it with.
pub fn reflection(
    schema: &Schema,
    name: &TableName,
    dialect: &'static dyn Dialect,
    settings: &Settings,
) -> Print<Vec<String>> {
    // A reflected table stands in a `MetaData` of its own, which no naming convention reaches.
    let settings = Settings { naming_convention: None, ..settings.clone() };
    let cx = Cx { dialect, settings: &settings, mode: Mode::Execute };
    let existing = table(cx, schema, name)?;
    let columns = existing.columns.into_iter().map(|column| BuiltColumn {
        nullable: column.is_nullable(),
        primary_key: column.primary_key,
        counts: false,
        has_foreign_key: false,
        checks: Vec::new(),
        column,
    });
    let built = BuiltTable {
        name: existing.name,
        columns: columns.collect(),
        primary_key: Some(existing.key).filter(|key| !key.columns.is_empty()),
        pieces: existing.constraints.into_iter().map(Piece::Constraint).collect(),
        indexes: Vec::new(),
        options: existing.options,
        comment: None,
        prefixes: Vec::new(),
    };
    let mut statements = vec![ddl::create_table(cx, &built, false)?];
    for index in &existing.indexes {
        statements.push(cx.dialect.create_index(cx, &built.name, index, Making::Inline)?);
    }
    Ok(statements)
}
