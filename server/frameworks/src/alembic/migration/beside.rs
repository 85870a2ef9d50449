//! What a migration does beside the database: files, processes, messages to others. No SQL shows it, so
//! that nobody who runs the SQL alone has done what the migration does.

use revline_python::value::{Arguments, Kind};
use revline_python::{Answer, Value};
use revline_schema::{Op, Opaque};
use revline_sql::Mode;
use revline_text::Span;

use super::Unknown;
use super::host::Surroundings;
use crate::alembic::effects::{Effect, effect, has};

/// Methods of paths that change the file system.
const WRITING: &str = "\
    chmod hardlink_to mkdir rename rmdir symlink_to touch unlink write_bytes write_text";

impl Surroundings<'_> {
    /// Remembers that something is done that no step shows.
    pub(super) fn does_beside(&mut self, what: &str, span: Span) {
        let what = what.strip_prefix("builtins.").unwrap_or(what);
        self.left_to_python(format!("`{what}` is more than SQL, and only Python does it"), span);
    }

    /// Steps on a database were taken inside of a `try`: where one of them fails, the program goes on in
    /// another way.
    pub(super) fn may_go_on_otherwise(&mut self, span: Span) {
        if self.target.mode == Mode::Execute && !self.is_loading() {
            self.fact("what stands in `try` does not fail".to_owned(), span);
            self.left_to_python("where this fails, only Python goes on otherwise".to_owned(), span);
        }
    }

    fn left_to_python(&mut self, why: String, span: Span) {
        let unknown = Unknown { span, why: why.into() };
        if !self.is_loading() && !self.beside.contains(&unknown) {
            self.beside.push(unknown);
        }
    }

    /// A call of the system or of the standard library. `None` where the evaluator goes on by itself.
    pub(super) fn standard_call(
        &mut self,
        path: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Answer> {
        match effect(path, arguments) {
            Effect::Quiet => None,
            Effect::Ends => {
                let status = arguments.get(0, "status");
                let message = match status.map(|status| &status.kind) {
                    Some(Kind::Int(status)) => status.to_string(),
                    _ => status.and_then(Value::as_str).unwrap_or_default().to_owned(),
                };
                Some(Answer::Raise { class: "SystemExit".to_owned(), message })
            }
            Effect::Process => {
                self.does_beside(path, span);
                let why = format!("what `{path}` starts may change anything");
                self.steps.push(Op::Opaque(Opaque::at(why, span)), span);
                None
            }
            Effect::Elsewhere => {
                self.does_beside(path, span);
                None
            }
        }
    }

    /// A method of a value that is not known.
    pub(super) fn method_of_unknown(&mut self, name: &str, span: Span) {
        if has(WRITING, name) {
            self.does_beside(name, span);
        }
    }
}
