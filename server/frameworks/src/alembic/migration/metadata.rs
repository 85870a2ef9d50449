//! `MetaData.reflect(bind)` and the tables that it found, answered from the schema of the history.

use revline_python::value::{Arguments, Call, Keyword, Operator, Term};
use revline_python::{Answer, Heap, Value};
use revline_schema::{Key, Schema, Sight};
use revline_sql::Mode;
use revline_text::Span;

use super::Part;
use super::host::{Surroundings, host_object};
use super::inspector::{listed, shown};

/// What a metadata found when it looked at the database.
#[derive(Clone, Debug)]
pub(super) struct Reflection {
    metadata: Value,
    /// The database's schema that was looked at; the default one where it is none.
    part: Option<String>,
    /// The tables that were asked for; all where it is none.
    only: Option<Vec<String>>,
    seen: Schema,
}

impl Reflection {
    fn key(&self, name: &str) -> Key {
        // The keys of `metadata.tables` begin with the schema.
        match (&self.part, name.split_once('.')) {
            (Some(part), Some((before, rest))) if part == before => {
                Key { schema: Some(part.as_str().into()), name: rest.into() }
            }
            (Some(part), None) => Key { schema: Some(part.as_str().into()), name: name.into() },
            _ => Key::new(name),
        }
    }

    fn looks_at(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|one| one == name))
    }
}

impl Surroundings<'_> {
    /// `metadata.reflect(bind, only=…)`.
    pub(super) fn reflect(
        &mut self,
        heap: &Heap,
        metadata: &Value,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        self.needs_database();
        let Some(seen) = self.steps.schema().filter(|_| self.target.mode == Mode::Execute).cloned()
        else {
            return self.asks_database("reflect", span);
        };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let part = match arguments.get(1, "schema").filter(|value| !value.is_none()) {
            None => None,
            Some(value) => match text(value) {
                Some(part) => Some(part),
                None => return self.asks_database("reflect", span),
            },
        };
        let only = match arguments.get(3, "only").filter(|value| !value.is_none()) {
            None => None,
            Some(value) => {
                let names = heap.items(value).map(|items| items.iter().map(text).collect());
                match names {
                    Some(Some(names)) => Some(names),
                    _ => return self.asks_database("reflect", span),
                }
            }
        };
        self.reflections.push(Reflection { metadata: metadata.clone(), part, only, seen });
        Answer::none(span)
    }

    /// What a metadata found, and its number.
    fn reflection_of(&self, metadata: &Value) -> Option<(u32, &Reflection)> {
        let at = self.reflections.iter().rposition(|one| one.metadata.same(metadata))?;
        Some((u32::try_from(at).ok()?, self.reflections.get(at)?))
    }

    /// `metadata.tables` after it was reflected; none for everything else.
    pub(super) fn reflected_tables(
        &self,
        object: &Value,
        name: &str,
        span: Span,
    ) -> Option<Answer> {
        let (id, _) = self.reflection_of(object).filter(|_| name == "tables")?;
        Some(Self::object("metadata", id, span))
    }

    /// `Table(name, metadata)`: a table that the metadata found is that table.
    pub(super) fn found_table(
        &mut self,
        heap: &mut Heap,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Answer> {
        let [name, metadata] = arguments.positional.as_slice() else { return None };
        let (id, _) = self.reflection_of(&metadata.value)?;
        let name = name.value.as_str()?.to_owned();
        match self.found(heap, id, &name, span) {
            // Not found: a table without columns.
            Ok(None) => None,
            Ok(Some(table)) => Some(Answer::Value(table)),
            Err(unknown) => Some(Answer::Value(unknown)),
        }
    }

    /// The table of that name that a metadata found; an error where that is not known.
    fn found(
        &mut self,
        heap: &mut Heap,
        id: u32,
        name: &str,
        span: Span,
    ) -> Result<Option<Value>, Value> {
        let Some(one) = self.reflections.get(id as usize).filter(|one| one.looks_at(name)).cloned()
        else {
            return Ok(None);
        };
        let key = one.key(name);
        self.parts.insert(Part::Table(key.clone()));
        match one.seen.look(&key) {
            Sight::Present(_) => {
                let now = self.steps.schema().map(|now| now.look(&key));
                if now != Some(one.seen.look(&key)) {
                    let why = "the table was changed after it was reflected";
                    return Err(Value::unknown_data(span, why));
                }
                self.fact(format!("table {} is as the history left it", shown(&key)), span);
                Ok(Some(reflected_term(heap, &one.metadata, &key, span)))
            }
            Sight::Absent => {
                self.fact(format!("table {} is absent", shown(&key)), span);
                Ok(None)
            }
            Sight::Uncertain(why) => Err(Value::unknown_data(
                why.origin.span().unwrap_or(span),
                format!("what table {} is like is not known: {}", shown(&key), why.why),
            )),
        }
    }

    /// A method of `metadata.tables`.
    pub(super) fn metadata_call(
        &mut self,
        heap: &mut Heap,
        id: u32,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        match name {
            "keys" => match self.found_names(id, span) {
                Ok(names) => Answer::Value(heap.list(names, span)),
                // Asked for one name, it can be told all the same.
                Err(_) => Self::object("metadata", id, span),
            },
            "get" => match arguments.get(0, "key").and_then(Value::as_str) {
                Some(name) => match self.found(heap, id, name, span) {
                    Ok(Some(table)) | Err(table) => Answer::Value(table),
                    Ok(None) => Answer::Value(
                        arguments.get(1, "default").cloned().unwrap_or_else(|| Value::none(span)),
                    ),
                },
                None => Answer::Value(Value::unknown_data(span, "which table is meant")),
            },
            // Their order is that of the keys between them, which is not followed.
            "values" | "items" => {
                Answer::Value(Value::unknown_data(span, "the order of reflected tables"))
            }
            _ => Answer::Value(Value::unknown_data(
                span,
                format!("`{name}()` of the tables of a metadata is not understood"),
            )),
        }
    }

    /// `metadata.tables[name]`.
    pub(super) fn metadata_item(
        &mut self,
        heap: &mut Heap,
        id: u32,
        key: &Value,
        span: Span,
    ) -> Answer {
        let Some(name) = key.as_str().map(str::to_owned) else {
            return Answer::Value(Value::unknown_data(span, "which table is meant"));
        };
        match self.found(heap, id, &name, span) {
            Ok(Some(table)) | Err(table) => Answer::Value(table),
            Ok(None) => {
                Answer::Raise { class: "KeyError".to_owned(), message: format!("'{name}'") }
            }
        }
    }

    /// `name in metadata.tables`.
    pub(super) fn is_found(
        &mut self,
        heap: &mut Heap,
        id: u32,
        name: &Value,
        span: Span,
    ) -> Answer {
        let Some(name) = name.as_str().map(str::to_owned) else {
            return Answer::Value(Value::unknown_data(span, "which table is meant"));
        };
        match self.found(heap, id, &name, span) {
            Ok(found) => Answer::Value(Value::bool(found.is_some(), span)),
            Err(unknown) => Answer::Value(unknown),
        }
    }

    /// The names of all tables that a metadata found, in no order that is known to matter.
    pub(super) fn found_names(&mut self, id: u32, span: Span) -> Result<Vec<Value>, Value> {
        let Some(one) = self.reflections.get(id as usize).cloned() else {
            return Err(Value::unknown_data(span, "the tables of a metadata"));
        };
        let of = |key: &Key| key.schema.as_deref() == one.part.as_deref();
        let doubtful = one.seen.doubt.is_some()
            || one.seen.tables.iter().any(|(key, table)| of(key) && table.doubt.is_some());
        if doubtful {
            return Err(Value::unknown_data(span, "not all tables are known"));
        }
        self.parts.insert(Part::Whole);
        let mut names: Vec<String> = one
            .seen
            .tables
            .keys()
            .filter(|key| of(key) && one.looks_at(&key.name))
            .map(shown)
            .collect();
        if one.part.is_none() && one.looks_at(super::inspector::VERSION_TABLE) {
            names.push(super::inspector::VERSION_TABLE.to_owned());
        }
        names.sort_unstable();
        let told: Vec<&str> = names.iter().map(String::as_str).collect();
        self.fact(format!("the tables are {}", listed(&told)), span);
        Ok(names.iter().map(|name| Value::str(name, span)).collect())
    }
}

/// `Table(name, metadata, autoload_with=bind)`.
fn reflected_term(heap: &mut Heap, metadata: &Value, key: &Key, span: Span) -> Value {
    let mut arguments = Arguments::of(vec![Value::str(&key.name, span), metadata.clone()]);
    let keyword =
        |name: &str, value: Value| Keyword { name: name.into(), name_span: span, value, span };
    let bind = revline_python::value::HostObject { what: "bind", id: 0 };
    let bind = Value::new(revline_python::Kind::Host(bind), span);
    arguments.keywords.push(keyword("autoload_with", bind));
    if let Some(schema) = &key.schema {
        arguments.keywords.push(keyword("schema", Value::str(schema, span)));
    }
    let callee = Value::symbol("sqlalchemy.Table", span);
    heap.term(Term::Call(Call { callee, arguments, assigned: Vec::new() }), span)
}

/// `name in metadata.tables`, whichever way it is asked.
pub(super) fn asked_of_metadata(operands: &[Value], operator: Operator) -> Option<(u32, &Value)> {
    match (operands, operator) {
        ([name, tables], Operator::In | Operator::NotIn) => match host_object(tables) {
            Some(object) if object.what == "metadata" => Some((object.id, name)),
            _ => None,
        },
        _ => None,
    }
}
