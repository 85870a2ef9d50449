//! ORM sessions online: what they read and write are rows, and the schema stays as it is unless a
//! statement says otherwise.

use revline_python::value::{Arguments, HostObject};
use revline_python::{Answer, Heap, Value};
use revline_schema::Through;
use revline_text::Span;

use super::host::Surroundings;

impl Surroundings<'_> {
    /// A method of a session or of a query that it made.
    pub(super) fn session_call(
        &mut self,
        heap: &mut Heap,
        object: HostObject,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Answer {
        match (object.what, name) {
            ("session", "execute" | "scalar" | "scalars") => {
                let answer = self.bind_execute(heap, arguments, Through::Connection, span);
                if name == "execute" {
                    return answer;
                }
                Answer::Value(Value::unknown_data(
                    span,
                    "the rows that a query returns are not known",
                ))
            }
            ("session", "connection" | "get_bind") => Self::object("bind", 0, span),
            ("session", "begin") => Self::object("session", 0, span),
            ("session", "begin_nested") => {
                let _ = self.rows("a savepoint has a name that depends on the run", span);
                Self::object("session", 0, span)
            }
            // What they would write was told where it was added.
            (
                "session",
                "close" | "commit" | "configure" | "expire_all" | "expunge_all" | "flush",
            ) => Answer::none(span),
            ("sessionmaker", _) => Self::object("session", 0, span),
            _ => self.rows("an ORM session reads and writes rows", span),
        }
    }
}
