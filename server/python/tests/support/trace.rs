//! A host that writes down what it hears.

use std::fmt::Write as _;
use std::sync::Arc;

use revline_python::eval::{Callee, Import, Invocation, Opaque};
use revline_python::syntax::Source;
use revline_python::value::{Arguments, Operator, Symbol, Term};
use revline_python::{
    Answer, Budget, Guard, Heap, Host, Imported, Kind, Outcome, Str, Value, View, evaluate,
};
use revline_text::{FileId, Span};

#[derive(Default)]
pub(crate) struct Trace {
    pub(crate) heard: String,
    pub(crate) strings: Vec<Str>,
    text: Arc<str>,
}

/// Evaluates `text`, calls its `upgrade`, and tells what the host heard and how it ended.
pub(crate) fn run(text: &str, budget: Budget) -> (String, Trace) {
    let text: Arc<str> = Arc::from(text);
    let mut host = Trace { text: text.clone(), ..Trace::default() };
    let source = Arc::new(Source::parse(FileId(0), text));
    let mut evaluation = evaluate(&source, &mut host, budget);
    let outcome = match evaluation.outcome() {
        Outcome::Returned(_) => evaluation.call_function("upgrade", Vec::new()),
        other => other.clone(),
    };
    let end = match outcome {
        Outcome::Returned(value) => format!("returned {}", show(evaluation.heap(), &value, 0)),
        Outcome::Raised(raised) => format!("raised {}: {}", raised.class, raised.message),
        Outcome::Stopped(why) => format!("stopped: {}", why.why),
        Outcome::Absent => "absent".to_owned(),
    };
    writeln!(host.heard, "{end}").unwrap();
    (std::mem::take(&mut host.heard), host)
}

pub(crate) fn show(heap: &Heap, value: &Value, level: u32) -> String {
    if level > 20 {
        return "…".to_owned();
    }
    let all = |items: &[Value]| {
        let shown: Vec<String> = items.iter().map(|it| show(heap, it, level + 1)).collect();
        shown.join(", ")
    };
    match heap.view(value) {
        View::None => "None".to_owned(),
        View::Bool(true) => "True".to_owned(),
        View::Bool(false) => "False".to_owned(),
        View::Int(number) => number.to_string(),
        View::Float(number) => number.to_string(),
        View::Str(text) => format!("{:?}", text.text()),
        View::List(items) => format!("[{}]", all(items)),
        View::Tuple(items) => format!("({})", all(items)),
        View::Dict(dict) => {
            let entries = dict.entries().iter().map(|(key, value)| {
                format!("{}: {}", show(heap, key, level + 1), show(heap, value, level + 1))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        View::Symbol(symbol) => symbol.path().to_owned(),
        View::Term(Term::Call(call)) => match call.callee.as_symbol() {
            Some(symbol) if symbol.path().starts_with("alembic.") => {
                format!("{}(…)", symbol.path())
            }
            _ => format!(
                "{}({})",
                show(heap, &call.callee, level + 1),
                arguments(heap, &call.arguments, level)
            ),
        },
        View::Term(Term::Attribute { object, name }) => {
            format!("{}.{name}", show(heap, object, level + 1))
        }
        View::Term(Term::Item { object, key }) => {
            format!("{}[{}]", show(heap, object, level + 1), show(heap, key, level + 1))
        }
        View::Term(Term::Operation(operation)) => {
            format!("{:?}({})", operation.operator, all(&operation.operands))
        }
        View::Unknown(unknown) => format!("<{}>", unknown.why),
        View::Instance(_) => "an instance".to_owned(),
        other => format!("{other:?}").chars().take(40).collect(),
    }
}

pub(crate) fn arguments(heap: &Heap, arguments: &Arguments, level: u32) -> String {
    let mut shown: Vec<String> =
        arguments.positional.iter().map(|it| show(heap, &it.value, level + 1)).collect();
    for keyword in &arguments.keywords {
        shown.push(format!("{}={}", keyword.name, show(heap, &keyword.value, level + 1)));
    }
    if let Some(unknown) = &arguments.unknown {
        shown.push(format!("*<{}>", unknown.why));
    }
    shown.join(", ")
}

impl Trace {
    fn at(&self, span: Span) -> String {
        span.range.slice(&self.text).expect("a span lies in its file").to_owned()
    }
}

impl Host for Trace {
    fn import(&mut self, import: &Import<'_>) -> Imported {
        match import.module.split('.').next() {
            Some("alembic" | "sqlalchemy") => Imported::Symbol(Symbol::new(import.module)),
            _ => Imported::Unclaimed,
        }
    }

    fn call(&mut self, heap: &mut Heap, call: &Invocation<'_>) -> Answer {
        self.at(call.span);
        let shown = arguments(heap, call.arguments, 0);
        for argument in &call.arguments.positional {
            if let View::Str(text) = heap.view(&argument.value) {
                self.strings.push(text.clone());
            }
        }
        match call.callee {
            Callee::Symbol(symbol) if symbol.path().starts_with("alembic.op.") => {
                writeln!(self.heard, "{}({shown})", symbol.path()).unwrap();
            }
            Callee::Method { receiver, name } if matches!(receiver.kind, Kind::Term(_)) => {
                let receiver = show(heap, receiver, 0);
                if receiver.starts_with("alembic.op") {
                    writeln!(self.heard, "{receiver}.{name}({shown})").unwrap();
                }
                if name == "has" {
                    return Answer::unknown(call.span, "`….has(…)` asks a live database");
                }
            }
            _ => {}
        }
        Answer::Unclaimed
    }

    fn attribute(&mut self, heap: &mut Heap, object: &Value, name: &str, span: Span) -> Answer {
        let owner = show(heap, object, 0);
        if name == "name" && owner.ends_with(".dialect") {
            return Answer::Value(Value::str("postgresql", span));
        }
        Answer::Unclaimed
    }

    fn operate(&mut self, _: &mut Heap, _: Operator, _: &[Value], span: Span) -> Answer {
        self.at(span);
        Answer::Unclaimed
    }

    fn enter(&mut self, heap: &mut Heap, value: &Value, _: Span) -> Answer {
        writeln!(self.heard, "enter {}", show(heap, value, 0)).unwrap();
        Answer::Unclaimed
    }

    fn exit(&mut self, heap: &mut Heap, value: &Value, _: Span) {
        writeln!(self.heard, "exit {}", show(heap, value, 0)).unwrap();
    }

    fn enter_guard(&mut self, _: &Heap, guard: &Guard) {
        let at = self.at(guard.span);
        writeln!(self.heard, "guard {:?} {} `{at}`: {}", guard.kind, guard.holds, guard.why.why)
            .unwrap();
    }

    fn effects(&self) -> usize {
        self.heard.len()
    }

    fn leave_guard(&mut self, _: &Heap, _: &Guard) {
        self.heard.push_str("leave\n");
    }

    fn opaque(&mut self, _: &Heap, opaque: &Opaque<'_>) {
        let at = self.at(opaque.span);
        writeln!(self.heard, "opaque `{at}`: {}", opaque.why.why).unwrap();
    }
}
