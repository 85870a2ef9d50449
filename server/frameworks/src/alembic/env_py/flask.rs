//! What `env.py` asks of the Flask application around it.

use revline_python::value::{Dict, HostObject, Key};
use revline_python::{Answer, Heap, Kind, Value};
use revline_text::Span;

use super::host::{Running, data};
use crate::alembic::flask_migrate::Literal;

impl Running<'_> {
    /// The metadata of the database that the Flask application registered.
    pub(super) fn flask_metadata(&mut self, span: Span) -> Answer {
        self.asks_flask = true;
        data(span, "the Flask application that runs says which database object it has")
    }

    /// `configure_args` of Flask-Migrate: what its application passes on, with Flask-Migrate's own defaults. Only where
    /// somebody connects; no SQL that is printed depends on it.
    pub(super) fn flask_arguments(&self, heap: &mut Heap, span: Span) -> Answer {
        let Some(surroundings) = self.surroundings() else { return Answer::Unclaimed };
        let passed = match surroundings.flask_arguments(span) {
            Ok(passed) => passed,
            Err(unknown) => {
                return Answer::Value(Value::unknown_data(unknown.span, unknown.why));
            }
        };
        let mut dict = Dict::default();
        for name in ["compare_type", "render_as_batch"] {
            dict.insert(Key::Str(name.into()), Value::str(name, span), Value::bool(true, span));
        }
        for one in passed {
            let value = match &one.value {
                Literal::None => Value::none(one.span),
                Literal::Bool(truth) => Value::bool(*truth, one.span),
                Literal::Text(text) => Value::str(text, one.span),
                Literal::Other => {
                    Value::unknown_data(one.span, "the Flask application passes it on")
                }
            };
            dict.insert(Key::Str(one.name.clone()), Value::str(&one.name, one.span), value);
        }
        Answer::Value(heap.dict(dict, span))
    }
}

/// Whether a value is a database of Flask-SQLAlchemy.
pub(super) fn is_database(value: &Value) -> bool {
    matches!(value.kind, Kind::Host(HostObject { what: "flask_db", .. }))
}
