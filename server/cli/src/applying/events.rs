//! What happens, told as it happens.

use revline_apply::{Event, Failure};
use revline_history::RevisionId;
use revline_lint::Severity;
use serde_json::json;

use crate::frame::{Frame, Place};
use crate::output::{print, print_line, warn};
use crate::project::{Opened, place};
use revline_apply::listed as rows;

/// Tells a person or a program.
pub(super) struct Teller<'a> {
    opened: &'a Opened,
    json: bool,
}

impl<'a> Teller<'a> {
    pub(super) fn new(opened: &'a Opened, json: bool) -> Self {
        Self { opened, json }
    }

    pub(super) fn hear(&mut self, event: &Event) {
        if self.json {
            print_line(&match event {
                Event::Began { number, of, label, title } => json!({
                    "event": "began", "number": number, "of": of, "step": label, "title": title,
                }),
                Event::Statement(text) => json!({ "event": "statement", "sql": text }),
                Event::Ended { number, took } => json!({
                    "event": "ended", "number": number, "seconds": took.as_secs_f64(),
                }),
                Event::Answered(text) | Event::Said(text) => {
                    json!({ "event": "printed", "line": text })
                }
            });
            return;
        }
        match event {
            Event::Began { label, title, .. } => print(&format!("Running {label}  {title}\n")),
            Event::Answered(text) | Event::Said(text) => anstream::eprintln!("{text}"),
            Event::Statement(_) | Event::Ended { .. } => {}
        }
    }

    pub(super) fn done(&mut self, now: &[RevisionId]) {
        if self.json {
            let now: Vec<String> = now.iter().map(ToString::to_string).collect();
            print_line(&json!({ "event": "done", "current": now }));
        } else {
            print(&format!("The database stands at {}.\n", rows(now)));
        }
    }

    pub(super) fn failed(&mut self, failure: &Failure) {
        if self.json {
            let current = failure.rows.as_ref();
            let current =
                current.map(|now| now.iter().map(ToString::to_string).collect::<Vec<_>>());
            print_line(&json!({
                "event": "failed",
                "message": failure.message,
                "cancelled": failure.is_cancelled,
                "step": failure.step,
                "place": failure.span.map(|span| place(&self.opened.snapshot, span)),
                "statement": failure.statement,
                "current": current,
                "left": failure.left.iter().map(ToString::to_string).collect::<Vec<_>>(),
            }));
            return;
        }
        let step = failure.step.as_ref().map(|step| format!("{step}: ")).unwrap_or_default();
        let message = format!("{step}{}", failure.message);
        let text = failure.span.and_then(|span| self.opened.snapshot.text(span.file));
        match (failure.span, &text) {
            (Some(span), Some(text)) => {
                let frame = Frame {
                    severity: Severity::Error,
                    rule: "failed",
                    message: &message,
                    at: Place {
                        path: self.opened.snapshot.files().path(span.file).display().to_string(),
                        text,
                        range: span.range,
                        label: String::new(),
                    },
                    related: Vec::new(),
                    help: None,
                };
                anstream::eprintln!("{}", frame.render());
            }
            _ => warn(&message),
        }
        if let Some(statement) = &failure.statement {
            warn(&format!("the statement was: {}", statement.trim()));
        }
        warn(&match &failure.rows {
            Some(now) if failure.is_cancelled => {
                format!("what was finished stays: the database stands at {}", rows(now))
            }
            Some(now) => {
                format!("the database stands at {}; the same command goes on from there", rows(now))
            }
            None => {
                let why = failure.unseen.as_ref().map(|why| format!(": {why}"));
                format!(
                    "where the database stands could not be read{}; `revline status` asks again",
                    why.unwrap_or_default()
                )
            }
        });
        for left in &failure.left {
            warn(&format!("it has {left}"));
        }
    }
}
