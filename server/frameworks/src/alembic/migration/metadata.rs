//! What a `MetaData` holds: the tables that were made with it, and those that `reflect(bind)` found, answered from
//! the schema of the history.

use std::sync::Arc;

use revline_python::eval::Opaque;
use revline_python::value::{Argument, Arguments, Call, Keyword, Operator, Term};
use revline_python::{Answer, Heap, Kind, ObjectId, Value, View};
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
    /// The database as it was then; why it is not known.
    seen: Result<Schema, Arc<str>>,
}

/// A table that was made with a metadata.
#[derive(Clone, Debug)]
pub(super) struct Made {
    table: Value,
    /// Whether it is known that the source came by there.
    certain: bool,
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
        let Some(reflection) = self.reflection(heap, metadata, arguments) else {
            self.lose_metadata(metadata, "`reflect` asks a live database");
            return self.asks_database("reflect", span);
        };
        self.remember(reflection);
        Answer::none(span)
    }

    /// What `metadata.reflect` finds; none where that is not known.
    fn reflection(
        &self,
        heap: &Heap,
        metadata: &Value,
        arguments: &Arguments,
    ) -> Option<Reflection> {
        let seen = self.steps.schema().filter(|_| self.target.mode == Mode::Execute)?.clone();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let part = match arguments.get(1, "schema").filter(|value| !value.is_none()) {
            None => None,
            Some(value) => Some(text(value)?),
        };
        let only = match arguments.get(3, "only").filter(|value| !value.is_none()) {
            None => None,
            Some(value) => Some(heap.items(value)?.iter().map(text).collect::<Option<_>>()?),
        };
        Some(Reflection { metadata: metadata.clone(), part, only, seen: Ok(seen) })
    }

    /// What a metadata found, and its number.
    fn reflection_of(&self, metadata: &Value) -> Option<(u32, &Reflection)> {
        let at = *self.reflected.get(&metadata.object()?)?;
        Some((at, self.reflections.get(at as usize)?))
    }

    /// Remembers what a metadata found last. A name of another package is none that could be told from others.
    fn remember(&mut self, reflection: Reflection) {
        let Some(metadata) = reflection.metadata.object() else { return };
        let next = u32::try_from(self.reflections.len()).unwrap_or(u32::MAX);
        let at = *self.reflected.entry(metadata).or_insert(next);
        match self.reflections.get_mut(at as usize) {
            Some(before) => *before = reflection,
            None => self.reflections.push(reflection),
        }
    }

    /// `metadata.tables` after it was reflected; none for everything else.
    pub(super) fn reflected_tables(
        &self,
        object: &Value,
        name: &str,
        span: Span,
    ) -> Option<Answer> {
        if name != "tables" {
            return None;
        }
        let (id, _) = self.reflection_of(object)?;
        Some(Self::object("metadata", id, span))
    }

    /// `Table(name, metadata, …)`: a metadata holds one table of a name (`sqlalchemy.schema.Table._new`).
    pub(super) fn table(&mut self, heap: &mut Heap, arguments: &Arguments, span: Span) -> Answer {
        let Some((metadata, key)) = named(heap, arguments) else {
            self.note_reflection(arguments, span);
            return Answer::Unclaimed;
        };
        let of = |name: &str| {
            let given = arguments.keyword(name).map(|keyword| heap.view(&keyword.value));
            given.is_some_and(|value| !matches!(value, View::Bool(false) | View::None))
        };
        let (keep, extend) = (of("keep_existing"), of("extend_existing"));
        let columns = arguments.positional.len() > 2;
        match self.held(heap, metadata, &key, span) {
            Some(Ok(table)) if extend => {
                let more = Argument { value: Value::unknown(span, "what extends the table"), span };
                self.grow(heap, &table, more);
                Answer::Value(table)
            }
            Some(Ok(_)) if columns && !keep => Answer::Raise {
                class: "sqlalchemy.exc.InvalidRequestError".to_owned(),
                message: format!(
                    "Table '{}' is already defined for this MetaData instance.  Specify \
                     'extend_existing=True' to redefine options and columns on an existing Table \
                     object.",
                    shown(&key)
                ),
            },
            Some(Ok(table)) => Answer::Value(table),
            Some(Err(unknown)) if !columns => Answer::Value(unknown),
            Some(Err(_)) | None => {
                self.note_reflection(arguments, span);
                let callee = Value::symbol("sqlalchemy.Table", span);
                let call = Call { callee, arguments: arguments.clone(), assigned: Vec::new() };
                let table = heap.term(Term::Call(call), span);
                let certain = !self.steps.is_guarded();
                self.made.insert((metadata, key), Made { table: table.clone(), certain });
                Answer::Value(table)
            }
        }
    }

    /// The table of that name that a metadata has; an error where that is not known.
    fn held(
        &mut self,
        heap: &mut Heap,
        metadata: ObjectId,
        key: &Key,
        span: Span,
    ) -> Option<Result<Value, Value>> {
        if let Some(made) = self.made.get(&(metadata, key.clone())) {
            return Some(match made.certain {
                true => Ok(made.table.clone()),
                false => Err(Value::unknown_data(span, "whether the metadata has this table")),
            });
        }
        let (id, _) = self.reflection_of(&Value::new(Kind::Term(metadata), span))?;
        self.found(heap, id, &shown(key), span).transpose()
    }

    /// A method by which a metadata comes to hold other tables than before.
    pub(super) fn note_metadata(&mut self, receiver: &Value, name: &str, arguments: &Arguments) {
        match (&receiver.kind, name) {
            (Kind::Term(metadata), "clear") => self.made.retain(|(of, _), _| of != metadata),
            (Kind::Term(metadata), "remove") => {
                let Some(gone) = arguments.get(0, "table") else { return };
                self.made.retain(|(of, _), made| of != metadata || !made.table.same(gone));
            }
            (Kind::Term(_), "to_metadata" | "tometadata") => {
                if let Some(metadata) = arguments.get(0, "metadata") {
                    self.lose_metadata(metadata, "which tables were copied to the metadata");
                }
            }
            _ => {}
        }
    }

    /// What is not known may make tables with a metadata that it is given.
    pub(super) fn hand_over(&mut self, heap: &Heap, opaque: &Opaque<'_>) {
        let Some(arguments) = opaque.arguments else { return };
        let is_metadata = |value: &Value| match heap.view(value) {
            View::Term(Term::Call(call)) => {
                call.callee.as_symbol().is_some_and(|symbol| symbol.name() == "MetaData")
            }
            _ => false,
        };
        for metadata in arguments.values().filter(|value| is_metadata(value)) {
            self.lose_metadata(metadata, &opaque.why.why);
        }
    }

    /// From here on it is not known what a metadata holds besides what was made with it.
    pub(super) fn lose_metadata(&mut self, metadata: &Value, why: &str) {
        let (metadata, seen) = (metadata.clone(), Err(why.into()));
        self.remember(Reflection { metadata, part: None, only: None, seen });
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
        let seen = match &one.seen {
            Ok(seen) => seen,
            Err(why) => return Err(Value::unknown_data(span, why.clone())),
        };
        let key = one.key(name);
        self.parts.insert(Part::Table(key.clone()));
        match seen.look(&key) {
            Sight::Present(_) => {
                let now = self.steps.schema().map(|now| now.look(&key));
                if now != Some(seen.look(&key)) {
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
        let seen = match &one.seen {
            Ok(seen) => seen,
            Err(why) => return Err(Value::unknown_data(span, why.clone())),
        };
        let of = |key: &Key| key.schema.as_deref() == one.part.as_deref();
        let doubtful = seen.doubt.is_some()
            || seen.tables.iter().any(|(key, table)| of(key) && table.doubt.is_some());
        if doubtful {
            return Err(Value::unknown_data(span, "not all tables are known"));
        }
        self.parts.insert(Part::Whole);
        let mut names: Vec<String> = seen
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

/// The metadata and the name of a `Table(name, metadata, …)` where both are known.
fn named(heap: &Heap, arguments: &Arguments) -> Option<(ObjectId, Key)> {
    if arguments.unknown.is_some() {
        return None;
    }
    let metadata = arguments.get(1, "metadata")?;
    let Kind::Term(id) = metadata.kind else { return None };
    let own = arguments.keyword("schema").map(|keyword| &keyword.value);
    let of_metadata = || match heap.view(metadata) {
        View::Term(Term::Call(call)) => call.arguments.get(0, "schema"),
        _ => None,
    };
    let schema = match own.filter(|schema| !schema.is_none()).or_else(of_metadata) {
        Some(schema) if !schema.is_none() => Some(schema.as_str()?.into()),
        _ => None,
    };
    Some((id, Key { schema, name: arguments.get(0, "name")?.as_str()?.into() }))
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
