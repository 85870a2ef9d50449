//! The keywords of `context.configure`.

use revline_python::value::{Arguments, Term};
use revline_python::{Heap, Value, View};
use revline_text::Span;

use super::host::Running;
use super::{Configured, Told, metadata, url};
use crate::alembic::migration::Unknown;

impl Running<'_> {
    /// Remembers what a call says.
    pub(super) fn configure(&mut self, heap: &Heap, arguments: &Arguments, span: Span) {
        let get = |name: &str| arguments.keyword(name).map(|keyword| &keyword.value);
        // `**options` that are not known may say anything.
        let rest = || match &arguments.unknown {
            Some(why) => Told::Unknown(Unknown { span: why.span, why: why.why.clone() }),
            None => Told::Nothing,
        };
        let texts = |name: &str| get(name).map_or_else(|| retold(rest()), |v| text(heap, v));
        let truths = |name: &str| get(name).map_or_else(|| retold(rest()), |v| truth(heap, v));
        let url = match (get("url"), get("connection")) {
            (Some(value), _) if !value.is_none() => url::told(heap, value),
            (_, Some(connection)) if !connection.is_none() => self.url_behind(heap, connection),
            _ => retold(rest()),
        };
        let paramstyle = match get("dialect_opts").map(|options| heap.view(options)) {
            Some(View::Dict(dict)) => {
                dict.get_str("paramstyle").map_or(Told::Nothing, |value| text(heap, value))
            }
            Some(View::Unknown(why)) => {
                Told::Unknown(Unknown { span: why.span, why: why.why.clone() })
            }
            _ => retold(rest()),
        };
        let configured = Configured {
            span,
            url,
            dialect_name: texts("dialect_name"),
            naming: match get("target_metadata") {
                Some(value) => metadata::naming(heap, value),
                None => retold(rest()),
            },
            version_table: texts("version_table"),
            version_table_schema: texts("version_table_schema"),
            version_table_pk: truths("version_table_pk"),
            transaction_per_migration: truths("transaction_per_migration"),
            transactional_ddl: truths("transactional_ddl"),
            literal_binds: truths("literal_binds"),
            paramstyle,
            render_as_batch: truths("render_as_batch"),
        };
        if let Some(keyword) = arguments.keyword("on_version_apply")
            && !keyword.value.is_none()
        {
            self.beside("env.py hears of every step (`on_version_apply`)", keyword.value.span);
        }
        // A loop over databases that does not end is no reason to keep its calls.
        if self.configured.len() < 64 && !self.configured.contains(&configured) {
            self.configured.push(configured);
        }
    }
}

/// The same, of another type: nothing, or why it is not known.
fn retold<T>(told: Told<()>) -> Told<T> {
    match told {
        Told::Unknown(unknown) => Told::Unknown(unknown),
        _ => Told::Nothing,
    }
}

fn text(heap: &Heap, value: &Value) -> Told<String> {
    match heap.view(value) {
        View::None => Told::Nothing,
        View::Str(text) => Told::Known(text.text().to_owned(), value.span),
        _ => Told::Unknown(why(heap, value)),
    }
}

fn truth(heap: &Heap, value: &Value) -> Told<bool> {
    match heap.view(value) {
        View::None => Told::Nothing,
        View::Bool(truth) => Told::Known(truth, value.span),
        View::Int(number) => Told::Known(number != 0, value.span),
        _ => Told::Unknown(why(heap, value)),
    }
}

/// Why a value is not known.
pub(super) fn why(heap: &Heap, value: &Value) -> Unknown {
    match heap.view(value) {
        View::Unknown(unknown) => Unknown { span: unknown.span, why: unknown.why.clone() },
        _ => {
            let why = match spelled(heap, value) {
                Some(name) => format!("what `{name}` is shows only when it runs"),
                None => "what this evaluates to is not understood".to_owned(),
            };
            Unknown { span: value.span, why: why.into() }
        }
    }
}

/// How a value that stands for code of another package is written, without the arguments.
fn spelled(heap: &Heap, value: &Value) -> Option<String> {
    match heap.view(value) {
        View::Symbol(symbol) => Some(symbol.path().to_owned()),
        View::Term(Term::Call(call)) => Some(format!("{}(…)", spelled(heap, &call.callee)?)),
        View::Term(Term::Attribute { object, name }) => {
            Some(format!("{}.{name}", spelled(heap, object)?))
        }
        View::Term(Term::Item { object, .. }) => Some(format!("{}[…]", spelled(heap, object)?)),
        _ => None,
    }
}
