//! What the evaluator makes of a program, told as `tests/oracle/evaluate.py` tells it.

use std::collections::BTreeMap;
use std::sync::Arc;

use revline_python::eval::{Callee, Invocation, Opaque};
use revline_python::value::Term;
use revline_python::{
    Answer as HostAnswer, Budget, Guard, Heap, Host, Kind, Outcome, Source, Symbol, Value, View,
    evaluate as evaluated,
};
use revline_text::{FileId, Span};
use serde_json::{Value as Json, json};

/// As deep as the judge tells.
const LEVELS: u32 = 12;

/// Methods of strings that are not evaluated.
const OTHER_METHODS: &[&str] = &["format_map", "maketrans", "translate"];

/// What a program leaves behind.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// The values of its names.
    pub(crate) names: BTreeMap<String, Json>,
    /// The class of the exception that ended it.
    pub(crate) raised: Option<String>,
    /// Why it was given up.
    pub(crate) stopped: Option<String>,
    /// The places where anything may have happened.
    pub(crate) opaque: Vec<String>,
    /// Whether it went through a set in an order that is not known.
    pub(crate) unordered: bool,
    /// Whether anything ran of which it is not known whether it runs.
    pub(crate) guarded: bool,
}

#[derive(Default)]
struct Surroundings {
    opaque: Vec<String>,
    unordered: bool,
    guarded: bool,
}

impl Host for Surroundings {
    fn unordered(&mut self, _: Span) {
        self.unordered = true;
    }

    fn enter_guard(&mut self, _: &Heap, _: &Guard) {
        self.guarded = true;
    }

    // No library wraps strings here: a string has the methods that it has in Python.
    fn call(&mut self, _: &mut Heap, call: &Invocation<'_>) -> HostAnswer {
        match call.callee {
            Callee::Method { receiver, name }
                if receiver.as_str().is_some() && !OTHER_METHODS.contains(&name) =>
            {
                let message = format!("'str' object has no attribute '{name}'");
                HostAnswer::Raise { class: "AttributeError".to_owned(), message }
            }
            _ => HostAnswer::Unclaimed,
        }
    }

    fn opaque(&mut self, _: &Heap, opaque: &Opaque<'_>) {
        self.opaque.push(opaque.why.why.to_string());
    }
}

/// Runs the top level of a program.
pub(crate) fn evaluate(text: &str) -> Answer {
    let mut host = Surroundings::default();
    let source = Arc::new(Source::parse(FileId(0), Arc::from(text)));
    let evaluation = evaluated(&source, &mut host, Budget::default());
    let mut answer = Answer::default();
    match evaluation.outcome() {
        Outcome::Raised(raised) => answer.raised = Some(raised.class.clone()),
        Outcome::Stopped(why) => answer.stopped = Some(why.why.to_string()),
        Outcome::Returned(_) | Outcome::Absent => {}
    }
    for name in evaluation.globals() {
        if let Some(value) = evaluation.global(&name) {
            answer.names.insert(name.to_string(), tell(evaluation.heap(), &value, 0));
        }
    }
    drop(evaluation);
    Answer { opaque: host.opaque, unordered: host.unordered, guarded: host.guarded, ..answer }
}

fn tell(heap: &Heap, value: &Value, level: u32) -> Json {
    if level > LEVELS {
        return json!(["deep"]);
    }
    let all = |items: &[Value]| -> Vec<Json> {
        items.iter().map(|item| tell(heap, item, level + 1)).collect()
    };
    match heap.view(value) {
        View::None => Json::Null,
        View::Bool(truth) => truth.into(),
        View::Int(number) => json!(["int", number.to_string()]),
        View::Float(number) => json!(["float", number.to_bits()]),
        View::Str(text) => json!(["str", text.text()]),
        View::Bytes(bytes) => {
            json!(["bytes", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()])
        }
        View::List(items) => json!(["list", all(items)]),
        View::Tuple(items) => json!(["tuple", all(items)]),
        View::Set(set) => {
            let items: Vec<Json> =
                set.entries().iter().map(|(item, _)| tell(heap, item, level + 1)).collect();
            let is_frozen = matches!(value.kind, Kind::FrozenSet(_));
            json!([if is_frozen { "frozenset" } else { "set" }, items])
        }
        View::Dict(dict) => {
            let entries = dict.entries().iter();
            let told = entries.map(|(key, value)| {
                json!([tell(heap, key, level + 1), tell(heap, value, level + 1)])
            });
            json!(["dict", told.collect::<Vec<_>>()])
        }
        View::Instance(instance) => {
            let class = heap.class(instance.class);
            let bases = class.map(|class| &*class.bases).unwrap_or_default().iter();
            let mut others = bases.filter_map(Value::as_symbol).map(Symbol::path);
            if others.any(|path| !path.starts_with("builtins.") && !path.starts_with("enum.")) {
                return json!(["unknown", "an object of an external class"]);
            }
            let name = class.map_or("", |class| &class.name);
            let told = instance.attributes.iter().filter(|(name, _)| !name.starts_with('('));
            let told: Vec<Json> =
                told.map(|(name, value)| json!([&**name, tell(heap, value, level + 1)])).collect();
            json!(["instance", name, told])
        }
        View::Unknown(why) => json!(["unknown", &*why.why]),
        View::Function(_) => json!(["other", "function"]),
        View::Class(class) => json!(["class", &*class.name]),
        View::Symbol(symbol) => json!(["symbol", symbol.path()]),
        View::Term(Term::Call(call)) => match call.callee.as_symbol() {
            Some(symbol) if symbol.path().starts_with("builtins.") => {
                json!(["call", symbol.name()])
            }
            _ => json!(["unknown", "a call of something external"]),
        },
        View::Term(_) => json!(["unknown", "made of something external"]),
        View::Iter(iter) => json!(["other", iter.what]),
        View::Module(_) => json!(["other", "module"]),
        View::Bound(_) => json!(["other", "bound"]),
        other => {
            let shown = format!("{other:?}");
            json!(["other", shown.split(['(', ' ']).next().unwrap_or_default()])
        }
    }
}
