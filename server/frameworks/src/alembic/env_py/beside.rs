//! What `env.py` does beside Alembic's own work: whoever runs the migrations without it leaves that out.

use revline_python::Value;
use revline_python::eval::{Foreign, Opaque};
use revline_python::value::{Arguments, HostObject};
use revline_text::Span;

use super::host::{Running, host_object};
use crate::alembic::effects::{Effect, effect, is_telling};
use crate::alembic::migration::Unknown;

impl Running<'_> {
    /// Remembers something that `env.py` does to its connection.
    pub(super) fn beside(&mut self, why: &str, span: Span) {
        if self.beside.len() < 16 && !self.beside.iter().any(|known| known.span == span) {
            self.beside.push(Unknown { span, why: why.into() });
        }
    }

    /// Remembers calls that make a connection another one than its URL says.
    pub(super) fn notice(&mut self, path: &str, arguments: &Arguments, span: Span) {
        if let Effect::Process | Effect::Elsewhere = effect(path, arguments) {
            let name = path.strip_prefix("builtins.").unwrap_or(path);
            self.beside(&format!("env.py calls `{name}`"), span);
        }
        if path.starts_with("sqlalchemy.event.listen") {
            self.beside("env.py listens to what its connection does", span);
        }
        let makes = [
            "create_engine",
            "create_async_engine",
            "engine_from_config",
            "async_engine_from_config",
        ];
        let name = path.rsplit('.').next().unwrap_or_default();
        if !path.starts_with("sqlalchemy.") || !makes.contains(&name) {
            return;
        }
        for keyword in ["connect_args", "execution_options", "isolation_level", "creator"] {
            if let Some(given) = arguments.keyword(keyword)
                && !given.value.is_none()
            {
                let why = format!("env.py connects with `{keyword}`");
                self.beside(&why, given.value.span);
            }
        }
    }

    /// A call of a package that was not found. What sets up the environment is taken for granted; behind
    /// the migrations there is nothing left to set up.
    pub(super) fn foreign_call(&mut self, path: &str, span: Span) -> Foreign {
        if self.ran && !is_telling(path) {
            let name = path.trim_end_matches(".()");
            self.beside(&format!("env.py calls `{name}` behind the migrations"), span);
        }
        Foreign::Unknown
    }

    /// A call of something that is not known.
    pub(super) fn opaque_call(&mut self, opaque: &Opaque<'_>) {
        let Some(arguments) = opaque.arguments else { return };
        let given: Vec<&str> = arguments.values().filter_map(what).collect();
        if given.contains(&"config") {
            // It may have changed it.
            let (span, why) = (opaque.why.span, opaque.why.why.clone());
            self.doubt.get_or_insert(Unknown { span, why });
        }
        if given.contains(&"engine") {
            self.beside("env.py hands its connection to code that is not known", opaque.span);
        }
    }
}

fn what(value: &Value) -> Option<&'static str> {
    host_object(value).map(|HostObject { what, .. }| what)
}
