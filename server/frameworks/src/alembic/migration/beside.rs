//! What a migration does beside the database: files, processes, messages to others. No SQL shows it, so
//! that nobody who runs the SQL alone has done what the migration does.

use revline_python::value::{Arguments, Kind};
use revline_python::{Answer, Value};
use revline_schema::{Op, Opaque};
use revline_text::Span;

use super::Fact;
use super::host::Surroundings;
use crate::alembic::effects::{Effect, effect, has};

/// Methods of paths that change the file system.
const WRITING: &str = "\
    chmod hardlink_to mkdir rename rmdir symlink_to touch unlink write_bytes write_text";

impl Surroundings<'_> {
    /// Remembers that something is done that no step shows.
    pub(super) fn does_beside(&mut self, what: &str, span: Span) {
        let what = what.strip_prefix("builtins.").unwrap_or(what);
        let deed = Fact { fact: what.into(), span };
        if !self.is_loading() && !self.beside.contains(&deed) {
            self.beside.push(deed);
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
