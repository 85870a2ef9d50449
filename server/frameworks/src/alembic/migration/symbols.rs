//! Calls of external names: directives, SQLAlchemy's constructors, sessions, a few of other packages.

use std::sync::Arc;

use revline_python::value::{Arguments, HostObject, Operator};
use revline_python::{Answer, Heap, Kind, Unknown, Value, View};
use revline_schema::{Key, Sight};
use revline_sql::Mode;
use revline_text::Span;

use super::Part;
use super::host::{Surroundings, host_object};
use super::inspector::shown;
use crate::alembic::sqlalchemy::{Known, Reader, known};

impl Surroundings<'_> {
    /// Names in `==`, `!=`, `in` and `not in`, at least one of them `op.f(…)` or `conv(…)`: strings that are
    /// compared by their text. Nothing where that is not known.
    pub(super) fn compared_names(
        &self,
        heap: &Heap,
        operator: Operator,
        operands: &[Value],
    ) -> Option<bool> {
        let [left, right] = operands else { return None };
        let is_made = |value: &Value| matches!(heap.view(value), View::Term(_));
        let reader = Reader::new(heap, &self.overridden);
        let text = |value: &Value| reader.name(value).ok().map(|name| name.text);
        match operator {
            Operator::Eq | Operator::NotEq => {
                let same = text(left)? == text(right)?;
                Some(same == (operator == Operator::Eq))
            }
            Operator::In | Operator::NotIn if is_made(left) => {
                let wanted = text(left)?;
                let mut found = false;
                for item in heap.items(right)? {
                    found |= !item.is_none() && text(item)? == wanted;
                }
                Some(found == (operator == Operator::In))
            }
            _ => None,
        }
    }

    /// A call of an external name.
    pub(super) fn symbol_call(
        &mut self,
        heap: &mut Heap,
        path: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        match known(path) {
            Known::Op(name) => return self.directive(heap, name, None, arguments, span),
            Known::Context(name) => return self.context_call(heap, name, arguments, span),
            Known::Sa("inspect") => return self.inspected(heap, arguments, span),
            Known::Sa("Table") => return self.table(heap, arguments, span),
            Known::Sa("Inspector" | "from_engine") => {
                return self.inspect("Inspector", span);
            }
            Known::Sa("create_engine" | "engine_from_config") => {
                return self.asks_database(path, span);
            }
            _ => {}
        }
        match path {
            "builtins.isinstance" => match self.is_type_instance(heap, arguments, span) {
                Answer::Unclaimed => self.is_instance(heap, arguments, span),
                answer => answer,
            },
            "packaging.version.Version" | "packaging.version.parse" => {
                Self::version(heap, arguments, span)
            }
            "builtins.type" => Self::class_of_type(heap, arguments, span),
            // A collection of the tables of which not all are known stays one, whatever its kind.
            "builtins.set" | "builtins.frozenset" | "builtins.list" | "builtins.tuple"
            | "builtins.sorted" => match arguments.positional.as_slice() {
                [only]
                    if matches!(
                        host_object(&only.value),
                        Some(HostObject { what: "tables" | "metadata", .. })
                    ) =>
                {
                    Answer::Value(only.value.clone())
                }
                _ => Answer::Unclaimed,
            },
            "sqlalchemy.ext.compiler.compiles" => {
                self.note_compiles(heap, arguments);
                Answer::Unclaimed
            }
            _ if is_of_orm(path)
                && is_session(path)
                && self.target.mode == Mode::Execute
                && !path.ends_with("object_session") =>
            {
                let what = match path.rsplit('.').next() {
                    Some("sessionmaker" | "scoped_session") => "sessionmaker",
                    Some("Session") => "session",
                    _ => return Answer::unknown(span, "an ORM session reads and writes rows"),
                };
                Self::object(what, 0, span)
            }
            _ if is_of_orm(path) && is_session(path) => {
                self.needs_database();
                Answer::unknown(span, "an ORM session reads and writes rows")
            }
            _ if path.starts_with("sqlalchemy.engine.reflection")
                || path.starts_with("sqlalchemy.reflection") =>
            {
                self.inspect("an inspector", span)
            }
            _ if path.starts_with("sqlalchemy.engine.Inspector") => self.inspect("Inspector", span),
            _ if path.starts_with("alembic.") => {
                lend(heap, path, arguments, span);
                Answer::Unclaimed
            }
            _ => Answer::Unclaimed,
        }
    }

    /// `Table(…, autoload_with=bind)` asks for a table; whoever reads the term gets its columns.
    pub(super) fn note_reflection(&mut self, arguments: &Arguments, span: Span) {
        if arguments.keyword("autoload_with").is_none() && arguments.keyword("autoload").is_none() {
            return;
        }
        self.needs_database();
        if self.is_offline() && !self.is_loading() {
            self.unknown(span, "`autoload_with` asks a live database");
        }
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(Arc::from);
        let schema = text(arguments.keyword("schema").map(|keyword| &keyword.value));
        let Some(name) = text(arguments.get(0, "name")) else { return };
        let key = Key { schema, name };
        let present = match self.steps.schema().map(|schema| schema.look(&key)) {
            Some(Sight::Present(_)) => true,
            Some(_) => false,
            None => return,
        };
        if present {
            self.fact(format!("table {} is as the history left it", shown(&key)), span);
        }
        self.parts.insert(Part::Table(key));
    }

    /// `sqlalchemy.inspect(…)`: of a connection an inspector, of a class or table its own parts.
    fn inspected(&mut self, heap: &Heap, arguments: &Arguments, span: Span) -> Answer {
        let Some(subject) = arguments.get(0, "subject") else {
            return self.asks_database("inspect", span);
        };
        match (host_object(subject), heap.unknown(subject)) {
            (Some(HostObject { what: "bind" | "session", .. }), _) => self.inspect("inspect", span),
            (None, Some(why)) if self.target.mode == Mode::Execute => {
                Answer::Value(Value::unknown_data(why.span, why.why.clone()))
            }
            _ => self.asks_database("inspect", span),
        }
    }

    /// Something that only a live database can answer. It changes nothing itself.
    pub(super) fn asks_database(&mut self, what: &str, span: Span) -> Answer {
        let why = format!("`{what}` asks a live database");
        if !self.is_loading() {
            self.needs_database();
            // Online a question changes nothing; what depends on its answer stands under conditions.
            if self.target.mode == Mode::Execute && self.steps.schema().is_some() {
                return self.rows(why, span);
            }
            self.unknown(span, why.clone());
        }
        Answer::Value(Value::unknown_data(span, why))
    }

    /// `@compiles(SomeType, …)` changes how a type prints.
    fn note_compiles(&mut self, heap: &Heap, arguments: &Arguments) {
        let Some(first) = arguments.positional.first() else { return };
        let name = match heap.view(&first.value) {
            View::Symbol(symbol) => symbol.0.clone(),
            View::Class(class) => class.name.clone(),
            _ => return,
        };
        self.overridden.insert(name);
    }
}

/// What Alembic's own workings are given to fill is not known afterwards.
fn lend(heap: &mut Heap, path: &str, arguments: &Arguments, span: Span) {
    for value in arguments.values() {
        if let Kind::Dict(id) | Kind::List(id) = value.kind {
            heap.taint(id, Unknown::new(span, format!("what `{path}` makes of it")));
        }
    }
}

fn is_of_orm(path: &str) -> bool {
    path.starts_with("sqlalchemy.orm") || path.starts_with("sqlmodel.")
}

fn is_session(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or_default();
    matches!(
        name,
        "Session" | "sessionmaker" | "scoped_session" | "object_session" | "AsyncSession" | "Query"
    )
}
