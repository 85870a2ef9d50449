//! `sqlalchemy.inspect(bind)`, answered from the schema that the function has made so far.
//!
//! The answers have the shape and the order that SQLAlchemy 2.1's dialects give
//! (`sqlalchemy/dialects/{postgresql,sqlite}/base.py`). What the schema does not certainly know is
//! an unknown value with its reason. An inspector remembers its answers, as SQLAlchemy's does: asked
//! again after a change, the same one tells what it told before.

use std::collections::BTreeMap;

use revline_python::value::Arguments;
use revline_python::{Answer, Heap, Value};
use revline_schema::{
    Column, Constraint, CreateTable, Key, KeyConstraint, Name, Op, Opaque, Options, Schema, Sight,
    SqlType, TableName, apply,
};
use revline_sql::Mode;
use revline_text::Span;

use super::Part;
use super::host::Surroundings;
use super::reflected::Reflected;

/// Alembic's own table, which a database that runs migrations has.
pub(super) const VERSION_TABLE: &str = "alembic_version";

/// What one inspector was asked, with the schema as it was then.
#[derive(Debug, Default)]
pub(super) struct Inspector {
    asked: BTreeMap<(String, Option<Key>), Schema>,
}

/// A question that names a table.
const OF_A_TABLE: [&str; 8] = [
    "get_columns",
    "get_indexes",
    "get_unique_constraints",
    "get_foreign_keys",
    "get_pk_constraint",
    "get_check_constraints",
    "get_table_comment",
    "has_index",
];

impl Surroundings<'_> {
    /// An inspector of the connection.
    pub(super) fn inspect(&mut self, what: &str, span: Span) -> Answer {
        if self.target.mode == Mode::Script || self.steps.schema().is_none() {
            return self.asks_database(what, span);
        }
        let id = u32::try_from(self.inspectors.len()).unwrap_or(u32::MAX);
        self.inspectors.push(Inspector::default());
        Self::object("inspector", id, span)
    }

    /// A method of an inspector; `inspector` is none for the same method of a dialect, whose first
    /// argument is the connection and which remembers nothing.
    pub(super) fn inspector_call(
        &mut self,
        heap: &mut Heap,
        inspector: Option<u32>,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        let Some(running) = self.steps.schema().cloned() else {
            return self.asks_database(name, span);
        };
        if let Some(unknown) = &arguments.unknown {
            return Answer::Value(Value::unknown_data(unknown.span, unknown.why.clone()));
        }
        let shift = usize::from(inspector.is_none());
        let text = |at: usize, keyword: &str| match arguments.get(at + shift, keyword) {
            None => Ok(None),
            Some(value) if value.is_none() => Ok(None),
            Some(value) => match value.as_str() {
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(match heap.unknown(value) {
                    Some(why) => Value::unknown_data(why.span, why.why.clone()),
                    None => Value::unknown_data(span, "a name that is not understood"),
                }),
            },
        };
        let names_table = name == "has_table" || OF_A_TABLE.contains(&name);
        let at = if name == "has_index" { 2 } else { usize::from(names_table) };
        let (table, schema) = match (text(0, "table_name"), text(at, "schema")) {
            (Ok(table), Ok(schema)) => (table.filter(|_| names_table), schema),
            (Err(unknown), _) | (_, Err(unknown)) => return Answer::Value(unknown),
        };
        let schema = schema.filter(|schema| !schema.is_empty() && !self.is_default_schema(schema));
        let key = table.map(|name| Key {
            schema: schema.as_deref().map(Into::into),
            name: name.as_str().into(),
        });
        let seen = match inspector.and_then(|id| self.inspectors.get_mut(id as usize)) {
            Some(inspector) => inspector
                .asked
                .entry((name.to_owned(), key.clone()))
                .or_insert_with(|| running.clone())
                .clone(),
            None => running,
        };
        if names_table && key.is_none() {
            return Answer::Value(Value::unknown_data(span, "a question without a table"));
        }
        match (name, key) {
            ("has_table", Some(key)) => self.has_table(&seen, &key, span),
            ("get_table_names", _) => self.table_names(heap, seen, schema.as_deref(), span),
            ("has_index", Some(key)) => {
                let index = match text(1, "index_name") {
                    Ok(Some(index)) => index,
                    _ => return Answer::Value(Value::unknown_data(span, "which index is meant")),
                };
                self.has_index(&seen, &key, &index, span)
            }
            (method, Some(key)) => self.of_table(heap, &seen, method, &key, span),
            ("get_enums", _) if &*self.target.dialect == "postgresql" && schema.is_none() => {
                self.enums(heap, &seen, span)
            }
            ("clear_cache", _) => {
                if let Some(one) = inspector.and_then(|id| self.inspectors.get_mut(id as usize)) {
                    one.asked.clear();
                }
                Answer::none(span)
            }
            _ => Answer::Value(Value::unknown_data(
                span,
                format!("`{name}` is not answered from the history"),
            )),
        }
    }

    /// An attribute of an inspector that is no method.
    pub(super) fn inspector_attribute(&self, name: &str, span: Span) -> Answer {
        match name {
            "bind" | "engine" => Self::object("bind", 0, span),
            "dialect" => Self::object("dialect", 0, span),
            "default_schema_name" => match &*self.target.dialect {
                "postgresql" => Answer::Value(Value::str("public", span)),
                "sqlite" => Answer::Value(Value::str("main", span)),
                _ => Answer::Value(Value::unknown_data(span, "the name of the default schema")),
            },
            _ => Answer::Unclaimed,
        }
    }

    fn is_default_schema(&self, schema: &str) -> bool {
        matches!((&*self.target.dialect, schema), ("postgresql", "public") | ("sqlite", "main"))
    }

    /// Alembic's own table stands in no history.
    pub(super) fn is_version_table(key: &Key) -> bool {
        key.schema.is_none() && &*key.name == VERSION_TABLE
    }

    fn has_table(&mut self, schema: &Schema, key: &Key, span: Span) -> Answer {
        if Self::is_version_table(key) {
            return Answer::Value(Value::bool(true, span));
        }
        self.parts.insert(Part::Table(key.clone()));
        let shown = shown(key);
        match schema.look(key) {
            Sight::Present(_) => {
                self.fact(format!("table {shown} exists"), span);
                Answer::Value(Value::bool(true, span))
            }
            Sight::Absent => {
                self.fact(format!("table {shown} is absent"), span);
                Answer::Value(Value::bool(false, span))
            }
            Sight::Uncertain(why) => Answer::Value(uncertain(
                &format!("whether table {shown} exists is not known"),
                why,
                span,
            )),
        }
    }

    /// A list where all tables are certain, in the order of SQLite; else something that can be asked
    /// for one name.
    fn table_names(
        &mut self,
        heap: &mut Heap,
        seen: Schema,
        schema: Option<&str>,
        span: Span,
    ) -> Answer {
        let of = |key: &Key| key.schema.as_deref() == schema;
        let doubtful = seen.doubt.is_some()
            || seen.tables.iter().any(|(key, table)| of(key) && table.doubt.is_some());
        if doubtful {
            let id = u32::try_from(self.listings.len()).unwrap_or(u32::MAX);
            self.listings.push((seen, schema.map(ToOwned::to_owned)));
            return Self::object("tables", id, span);
        }
        self.parts.insert(Part::Whole);
        let mut names: Vec<&str> =
            seen.tables.keys().filter(|key| of(key)).map(|key| &*key.name).collect();
        if schema.is_none() && !names.contains(&VERSION_TABLE) {
            names.push(VERSION_TABLE);
        }
        names.sort_unstable();
        self.fact(format!("the tables are {}", listed(&names)), span);
        let items = names.into_iter().map(|name| Value::str(name, span)).collect();
        Answer::Value(heap.list(items, span))
    }

    /// `name in inspector.get_table_names()`.
    pub(super) fn is_listed(&mut self, listing: u32, name: &Value, span: Span) -> Answer {
        let found = self.listings.get(listing as usize).cloned();
        let (Some((seen, schema)), Some(name)) = (found, name.as_str()) else {
            return Answer::Value(Value::unknown_data(span, "not all tables are known"));
        };
        let key = Key { schema: schema.map(Into::into), name: name.into() };
        self.has_table(&seen, &key, span)
    }

    fn has_index(&mut self, schema: &Schema, key: &Key, index: &str, span: Span) -> Answer {
        self.parts.insert(Part::Table(key.clone()));
        let shown = shown(key);
        match schema.look(key) {
            Sight::Present(table) => {
                let reflected = Reflected { table, schema, dialect: &self.target.dialect, span };
                match reflected.has_index(index) {
                    Ok(has) => {
                        let word = if has { "exists" } else { "is absent" };
                        self.fact(format!("index {index} of table {shown} {word}"), span);
                        Answer::Value(Value::bool(has, span))
                    }
                    Err(why) => Answer::Value(Value::unknown_data(span, why)),
                }
            }
            Sight::Absent => {
                self.fact(format!("table {shown} is absent"), span);
                Answer::Value(Value::bool(false, span))
            }
            Sight::Uncertain(why) => Answer::Value(uncertain(
                &format!("the indexes of table {shown} are not known"),
                why,
                span,
            )),
        }
    }

    fn of_table(
        &mut self,
        heap: &mut Heap,
        schema: &Schema,
        method: &str,
        key: &Key,
        span: Span,
    ) -> Answer {
        let known;
        let schema = if Self::is_version_table(key) && schema.table(key).is_none() {
            known = with_version_table(schema);
            &known
        } else {
            schema
        };
        self.parts.insert(Part::Table(key.clone()));
        let shown = shown(key);
        match schema.look(key) {
            Sight::Present(table) => {
                let dialect = self.target.dialect.clone();
                let reflected = Reflected { table, schema, dialect: &dialect, span };
                match reflected.answer(heap, method) {
                    Some(Ok((value, fact))) => {
                        self.fact(fact, span);
                        Answer::Value(value)
                    }
                    Some(Err(why)) => Answer::Value(Value::unknown_data(span, why)),
                    None => Answer::Value(Value::unknown_data(
                        span,
                        format!("`{method}` is not answered from the history"),
                    )),
                }
            }
            Sight::Absent => {
                self.fact(format!("table {shown} is absent"), span);
                Answer::Raise {
                    class: "sqlalchemy.exc.NoSuchTableError".to_owned(),
                    message: shown,
                }
            }
            Sight::Uncertain(why) => Answer::Value(uncertain(
                &format!("what table {shown} is like is not known"),
                why,
                span,
            )),
        }
    }

    /// PostgreSQL's `get_enums()`.
    fn enums(&mut self, heap: &mut Heap, schema: &Schema, span: Span) -> Answer {
        self.parts.insert(Part::Types);
        if let Some(why) = schema.types_doubt.as_ref().or(schema.doubt.as_ref()) {
            return Answer::Value(uncertain("the types are not known", why, span));
        }
        let mut items = Vec::new();
        let mut names = Vec::new();
        for (key, enum_) in schema.enums.iter().filter(|(key, _)| key.schema.is_none()) {
            let labels = enum_.values.iter().map(|value| Value::str(value.as_str(), span));
            let labels = labels.collect();
            let labels = heap.list(labels, span);
            items.push(heap.record(
                [
                    ("name", Value::str(&key.name, span)),
                    ("schema", Value::str("public", span)),
                    ("visible", Value::bool(true, span)),
                    ("labels", labels),
                ],
                span,
            ));
            names.push(&*key.name);
        }
        self.fact(format!("the enumerations are {}", listed(&names)), span);
        Answer::Value(heap.list(items, span))
    }
}

/// The schema with Alembic's own table, as `alembic.runtime.migration` makes it.
fn with_version_table(schema: &Schema) -> Schema {
    let name = Name::new("version_num");
    let mut column = Column::new(name.clone(), SqlType::varchar(32));
    column.nullable = Some(false);
    let key = KeyConstraint {
        name: Some(Name::new(&*format!("{VERSION_TABLE}_pkc"))),
        columns: vec![name],
        ..KeyConstraint::default()
    };
    let table = CreateTable {
        table: TableName::new(VERSION_TABLE),
        items: vec![column.into(), Constraint::PrimaryKey(key).into()],
        if_not_exists: false,
        comment: None,
        prefixes: Vec::new(),
        options: Options::default(),
    };
    apply(schema, &Op::CreateTable(table)).0
}

/// A table's name for people.
pub(super) fn shown(key: &Key) -> String {
    match &key.schema {
        Some(schema) => format!("{schema}.{}", key.name),
        None => key.name.to_string(),
    }
}

/// Names for people.
pub(super) fn listed(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn uncertain(what: &str, why: &Opaque, span: Span) -> Value {
    Value::unknown_data(why.origin.span().unwrap_or(span), format!("{what}: {}", why.why))
}
