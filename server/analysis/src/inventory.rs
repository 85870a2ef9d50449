//! A schema in a dialect's words: every table with its columns, keys and indexes as they would be
//! found in a database. What cannot be spelled is left out, and the reason is kept beside it.

use revline_schema::{
    Column, Constraint, Index, Name, NamingConvention, NamingSubject, Schema, ServerDefault, Table,
    TableName, TypeKind,
};
use revline_sql::{Cx, Dialect, Halt, Mode, Print, Settings, spell};
use revline_text::Span;

/// Something that may be different from what is shown, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// The reason, a sentence for people.
    pub why: String,
    /// What causes it.
    pub span: Option<Span>,
}

/// All of a schema.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Inventory {
    /// Why anything at all may be different.
    pub doubt: Option<Doubt>,
    /// The tables by schema and name.
    pub tables: Vec<TableEntry>,
    /// The enumerations that the database knows by name, by schema and name; none where the dialect
    /// has no such types.
    pub enums: Vec<EnumEntry>,
}

/// A table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TableEntry {
    /// Schema; `None` is the default one.
    pub schema: Option<String>,
    /// Name.
    pub name: String,
    /// Why it may be different, or not exist.
    pub doubt: Option<Doubt>,
    /// The columns in their order.
    pub columns: Vec<ColumnEntry>,
    /// The primary key.
    pub primary_key: Option<KeyEntry>,
    /// UNIQUE constraints in the order in which they were made.
    pub unique: Vec<KeyEntry>,
    /// Foreign keys in the order in which they were made.
    pub foreign_keys: Vec<ForeignKeyEntry>,
    /// CHECK constraints, those of types included.
    pub checks: Vec<CheckEntry>,
    /// Indexes in the order in which they were made.
    pub indexes: Vec<IndexEntry>,
    /// The comment.
    pub comment: Option<String>,
}

/// A column.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ColumnEntry {
    /// Name.
    pub name: String,
    /// The type as the dialect spells it; `None` where that is not known.
    pub type_: Option<String>,
    /// Whether it takes NULL.
    pub nullable: bool,
    /// What follows DEFAULT.
    pub default: Option<String>,
    /// The GENERATED clause of a computed or identity column.
    pub generated: Option<String>,
    /// The comment.
    pub comment: Option<String>,
    /// Why the type or the default is not shown.
    pub why: Option<String>,
}

/// A primary key or UNIQUE constraint.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KeyEntry {
    /// Name; `None` where the database chooses it.
    pub name: Option<String>,
    /// Columns in order.
    pub columns: Vec<String>,
}

/// A foreign key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ForeignKeyEntry {
    /// Name; `None` where the database chooses it.
    pub name: Option<String>,
    /// The columns of this table.
    pub columns: Vec<String>,
    /// The schema of the table that it points to.
    pub referred_schema: Option<String>,
    /// The table that it points to.
    pub referred_table: String,
    /// The columns there; empty where only the table was named.
    pub referred_columns: Vec<String>,
    /// ON DELETE.
    pub on_delete: Option<String>,
    /// ON UPDATE.
    pub on_update: Option<String>,
}

/// A CHECK constraint.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CheckEntry {
    /// Name; `None` where the database chooses it.
    pub name: Option<String>,
    /// The condition; `None` where it is not known.
    pub condition: Option<String>,
}

/// An index.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IndexEntry {
    /// Name.
    pub name: Option<String>,
    /// Column names, and expressions as they are printed, in order.
    pub columns: Vec<String>,
    /// Whether it is unique.
    pub unique: bool,
}

/// An enumeration.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EnumEntry {
    /// Schema; `None` is the default one.
    pub schema: Option<String>,
    /// Name.
    pub name: String,
    /// Values in order.
    pub values: Vec<String>,
}

impl Inventory {
    /// Whether nothing in it is in doubt.
    pub fn is_certain(&self) -> bool {
        self.doubt.is_none() && self.tables.iter().all(|table| table.doubt.is_none())
    }

    /// Every doubt: that about the whole first, then those of the tables.
    pub fn doubts(&self) -> impl Iterator<Item = &Doubt> {
        self.doubt.iter().chain(self.tables.iter().filter_map(|table| table.doubt.as_ref()))
    }

    /// A schema in the words of a dialect.
    pub fn of(schema: &Schema, dialect: &'static dyn Dialect, settings: &Settings) -> Self {
        let tables = schema.tables.values();
        let enums = schema.enums.iter().filter(|_| dialect.facts().native_enum);
        Self {
            doubt: schema.doubt.as_ref().map(doubt),
            tables: tables.map(|table| TableEntry::of(table, dialect, settings)).collect(),
            enums: enums
                .map(|(key, type_)| EnumEntry {
                    schema: key.schema.as_deref().map(str::to_owned),
                    name: key.name.to_string(),
                    values: type_.values.iter().map(|value| value.text.to_string()).collect(),
                })
                .collect(),
        }
    }
}

impl TableEntry {
    /// A table in the words of a dialect.
    pub fn of(table: &Table, dialect: &'static dyn Dialect, settings: &Settings) -> Self {
        let default_naming = NamingConvention::sqlalchemy_default();
        let spelling = Spelling {
            cx: Cx { dialect, settings, mode: Mode::Execute },
            naming: settings.naming_convention.as_ref().unwrap_or(&default_naming),
            table,
        };
        let mut entry = Self {
            schema: schema_of(&table.name),
            name: table.name.name.to_string(),
            doubt: table.doubt.as_ref().map(doubt),
            columns: table.columns.iter().map(|column| spelling.column(column)).collect(),
            indexes: table.indexes.iter().map(|index| spelling.index(index)).collect(),
            comment: table.comment.as_ref().map(|comment| comment.text.to_string()),
            ..Self::default()
        };
        for constraint in &table.constraints {
            spelling.constraint(constraint, &mut entry);
        }
        entry.checks.extend(table.columns.iter().filter_map(|column| spelling.type_check(column)));
        entry
    }

    /// The name with its schema.
    pub fn full_name(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.clone(),
        }
    }
}

struct Spelling<'a> {
    cx: Cx<'a>,
    naming: &'a NamingConvention,
    table: &'a Table,
}

impl Spelling<'_> {
    fn column(&self, column: &Column) -> ColumnEntry {
        let mut why = None;
        let mut known = |printed: Print<Option<String>>| match printed {
            Ok(text) => text,
            Err(halt) => {
                why.get_or_insert(reason(halt));
                None
            }
        };
        let type_ = match &column.type_.kind {
            // A column that refers to another one takes its type.
            TypeKind::Null => None,
            _ => known(self.cx.dialect.type_text(self.cx, &column.type_).map(Some)),
        };
        let default = column.server_default.as_ref();
        let default = default.and_then(|default| known(spell::default(self.cx, default)));
        let generated = match &column.server_default {
            Some(given @ (ServerDefault::Computed(_) | ServerDefault::Identity(_))) => {
                known(spell::generated(self.cx, given))
            }
            _ => None,
        };
        if type_.is_none() && why.is_none() {
            why = Some("no type is given here".to_owned());
        }
        // PostgreSQL makes the columns of a primary key NOT NULL; SQLite only where it is said.
        let is_key = self.cx.dialect.facts().name == "postgresql"
            && self.table.primary_key().iter().any(|key| key.text == column.name.text);
        ColumnEntry {
            name: column.name.to_string(),
            type_,
            nullable: column.is_nullable() && !is_key,
            default,
            generated,
            comment: column.comment.as_ref().map(|comment| comment.text.to_string()),
            why,
        }
    }

    fn name(&self, subject: Option<NamingSubject<'_>>) -> Option<String> {
        let subject = subject?;
        let name = match self.naming.resolve(&subject) {
            Ok(name) => name,
            Err(_) => subject.name.cloned(),
        };
        name.map(|name| name.to_string())
    }

    fn constraint(&self, constraint: &Constraint, entry: &mut TableEntry) {
        let name = match NamingSubject::of_constraint(&self.table.name, constraint) {
            Some(subject) => self.name(Some(subject)),
            None => constraint.name().map(ToString::to_string),
        };
        match constraint {
            Constraint::PrimaryKey(key) => {
                entry.primary_key = Some(KeyEntry { name, columns: texts(&key.columns) });
            }
            Constraint::Unique(key) => {
                entry.unique.push(KeyEntry { name, columns: texts(&key.columns) });
            }
            Constraint::ForeignKey(key) => entry.foreign_keys.push(ForeignKeyEntry {
                name,
                columns: texts(&key.columns),
                referred_schema: schema_of(&key.referent),
                referred_table: key.referent.name.to_string(),
                referred_columns: texts(&key.referent_columns),
                on_delete: key.rules.on_delete.as_deref().map(str::to_owned),
                on_update: key.rules.on_update.as_deref().map(str::to_owned),
            }),
            Constraint::Check(check) => {
                let condition = spell::expression(self.cx, &check.condition).ok();
                entry.checks.push(CheckEntry { name, condition });
            }
            // An EXCLUDE is an index with a rule; only its name is of use here.
            Constraint::Exclude(_) => entry.checks.push(CheckEntry { name, condition: None }),
        }
    }

    fn type_check(&self, column: &Column) -> Option<CheckEntry> {
        let check = spell::type_check(self.cx, &self.table.name, column).ok()??;
        Some(CheckEntry {
            name: check.name.map(|name| name.to_string()),
            condition: Some(format!(
                "{} IN ({})",
                self.cx.quote(&check.column),
                check.values.join(", ")
            )),
        })
    }

    fn index(&self, index: &Index) -> IndexEntry {
        let element = |element| match spell::index_element(self.cx, element) {
            Ok(text) => text,
            Err(_) => "…".to_owned(),
        };
        IndexEntry {
            name: self.name(Some(NamingSubject::of_index(&self.table.name, index))),
            columns: index.elements.iter().map(element).collect(),
            unique: index.unique,
        }
    }
}

fn doubt(opaque: &revline_schema::Opaque) -> Doubt {
    Doubt { why: opaque.why.to_string(), span: opaque.origin.span() }
}

fn reason(halt: Halt) -> String {
    match halt {
        Halt::Refused(why) => why,
        Halt::Unknown(opaque) => opaque.why.to_string(),
    }
}

fn schema_of(table: &TableName) -> Option<String> {
    let schema = table.schema.as_ref().filter(|schema| !schema.text.is_empty());
    schema.map(|schema| schema.text.to_string())
}

fn texts(names: &[Name]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
