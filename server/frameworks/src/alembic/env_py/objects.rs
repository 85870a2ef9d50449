//! What the objects that Alembic, SQLAlchemy and Flask-Migrate give to `env.py` answer.

use revline_python::value::{Arguments, Dict, HostObject, Key};
use revline_python::{Answer, Heap, Kind, Value};
use revline_text::Span;

use super::Told;
use super::host::{Running, data};
use crate::alembic::migration::Unknown;

impl Running<'_> {
    /// A method of an object of Alembic, SQLAlchemy or Flask-Migrate.
    pub(super) fn object_call(
        &mut self,
        heap: &mut Heap,
        object: HostObject,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        match (object.what, name) {
            ("config", _) => self.config_call(heap, name, arguments, span),
            ("engine", "connect" | "begin" | "execution_options" | "engine" | "raw_connection") => {
                if name == "execution_options" {
                    self.beside("env.py sets `execution_options` of its connection", span);
                }
                Self::object("engine", object.id as usize, span)
            }
            ("engine", "run_sync") => {
                Answer::handing_on(arguments, Value::new(Kind::Host(object), span))
            }
            ("engine", "dispose" | "close" | "commit" | "rollback") => {
                data(span, "what a database answers is not known")
            }
            ("engine", _) => {
                self.beside("env.py executes a statement of its own", span);
                data(span, "what a database answers is not known")
            }
            ("context", "configure" | "begin_transaction" | "run_migrations") => {
                self.context_call(heap, name, arguments, span)
            }
            ("flask_db", "get_engine") => {
                let why = "the configuration of the Flask application gives the URL".into();
                self.engine(Told::Unknown(Unknown { span, why }), span)
            }
            _ => data(span, "this depends on the run"),
        }
    }

    /// An attribute of one.
    pub(super) fn object_attribute(
        &mut self,
        heap: &mut Heap,
        object: HostObject,
        name: &str,
        span: Span,
    ) -> Answer {
        match (object.what, name) {
            ("config", _) => self.config_attribute(heap, name, span),
            ("engine", "url") => match self.engines.get(object.id as usize) {
                Some(Told::Known(url, place)) => Answer::Value(Value::str(url.secret(), *place)),
                Some(Told::Unknown(why)) => {
                    Answer::Value(Value::unknown_data(why.span, why.why.clone()))
                }
                _ => data(span, "a URL that is not known"),
            },
            ("engine", "engine" | "sync_engine" | "connection") => {
                Self::object("engine", object.id as usize, span)
            }
            ("engine", "dialect") => Self::object("dialect", object.id as usize, span),
            ("dialect" | "engine", "name") => {
                match self.engines.get(object.id as usize).and_then(Told::known) {
                    Some(url) if url.backend().is_some() => {
                        Answer::Value(Value::str(url.backend().unwrap_or_default(), span))
                    }
                    _ => data(span, "the dialect is not known"),
                }
            }
            ("flask_migrate", "db") => Self::object("flask_db", 0, span),
            ("flask_migrate", "configure_args") => self.flask_arguments(heap, span),
            ("flask_db", "metadata") => self.flask_metadata(span),
            ("flask_db", "Model") => Self::object("flask_db", 0, span),
            ("flask_db", "metadatas") => {
                let Answer::Value(value) = self.flask_metadata(span) else {
                    return Answer::Unclaimed;
                };
                let mut dict = Dict::default();
                dict.insert(Key::None, Value::none(span), value);
                Answer::Value(heap.dict(dict, span))
            }
            ("flask_db", "engine") => {
                let why = "the configuration of the Flask application gives the URL".into();
                self.engine(Told::Unknown(Unknown { span, why }), span)
            }
            ("script", _) | ("context", _) => data(span, "this depends on the run"),
            _ => Answer::Unclaimed,
        }
    }
}
