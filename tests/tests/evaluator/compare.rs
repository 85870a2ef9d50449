//! Whether the evaluator is right, and how much it knows.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;

use super::answer::Answer;
use super::generate::Snippet;

/// How much is known, by the kind of the snippet.
#[derive(Default)]
pub(crate) struct Tally {
    kinds: BTreeMap<&'static str, (u64, u64)>,
    reasons: BTreeMap<String, u64>,
    invalid: u64,
    programs: u64,
}

impl Tally {
    /// In a hundred.
    pub(crate) fn known(&self) -> f64 {
        let (known, all) =
            self.kinds.values().fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
        share(known, all)
    }

    /// Whether nearly all programs are Python.
    pub(crate) fn is_valid(&self) -> bool {
        self.invalid * 20 <= self.programs
    }

    fn count(&mut self, kind: &'static str, is_known: bool) {
        let count = self.kinds.entry(kind).or_default();
        count.0 += u64::from(is_known);
        count.1 += 1;
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of values")]
fn share(known: u64, all: u64) -> f64 {
    100.0 * known as f64 / all.max(1) as f64
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:.1} % known, {} programs are no Python", self.known(), self.invalid)?;
        for (kind, (known, all)) in &self.kinds {
            writeln!(f, "  {:5.1} % of {all:6} {kind}", share(*known, *all))?;
        }
        let mut reasons: Vec<(&String, &u64)> = self.reasons.iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (why, count) in reasons.into_iter().take(60) {
            writeln!(f, "  {count:6} {why}")?;
        }
        Ok(())
    }
}

/// What the evaluator says wrongly.
pub(crate) fn compare(
    program: &[Snippet],
    ours: &Answer,
    theirs: &Json,
    tally: &mut Tally,
) -> Vec<String> {
    let mut wrong = Vec::new();
    tally.programs += 1;
    if !theirs["invalid"].is_null() {
        tally.invalid += 1;
        return wrong;
    }
    let raised = theirs["raised"]["class"].as_str();
    if let Some(stopped) = &ours.stopped {
        *tally.reasons.entry(format!("stopped: {stopped}")).or_default() += 1;
        return wrong;
    }
    match (&ours.raised, raised) {
        (None, None) => {}
        (Some(ours), Some(theirs)) if ours == theirs => {}
        (own, Some(class)) => {
            // Something of the statement may not be known then.
            let names = theirs["raised"]["names"].as_array().into_iter().flatten();
            let mut names = names.filter_map(Json::as_str);
            let lost = |name: &str| {
                ours.names.get(name).is_some_and(|value| unknown(value).is_some())
                    || !ours.names.contains_key(name) && !is_builtin(name)
            };
            let is_none = is_of_none(&theirs["raised"]["words"]);
            if !names.any(lost) && !is_none && ours.opaque.is_empty() && !ours.guarded {
                wrong.push(format!("CPython raises {class}, the evaluator {own:?}"));
            }
            // What was bound before may have been changed since.
            return wrong;
        }
        (Some(ours), None) => {
            wrong.push(format!("the evaluator raises {ours}, CPython nothing"));
        }
    }
    let mut lines = super::generate::first_line();
    let names: Vec<(&String, &Json)> = theirs["names"].as_object().into_iter().flatten().collect();
    // Names that are not what they are in CPython, for a reason that was told.
    let mut doubtful: Vec<&str> = Vec::new();
    for snippet in program {
        let range = lines..lines + snippet.text.lines().count();
        lines = range.end;
        let caught = theirs["caught"].as_array().into_iter().flatten();
        let mut caught = caught.filter(|caught| {
            caught[0].as_u64().is_some_and(|line| range.contains(&(line as usize)))
        });
        let is_caught = caught.clone().next().is_some();
        let is_none = caught.any(|caught| is_of_none(&caught[1]));
        let own: Vec<_> =
            names.iter().filter(|(name, _)| is_word_of(&snippet.text, name, program)).collect();
        // Where something unknown was told, it may be what raises in CPython.
        let is_excused = ours.unordered
            || is_none
            || doubtful.iter().any(|name| contains_word(&snippet.text, name))
            || is_caught
                && (!ours.opaque.is_empty()
                    || ours.guarded
                    || own.iter().any(|(name, _)| {
                        ours.names.get(*name).is_some_and(|own| unknown(own).is_some())
                    }));
        for (name, value) in own {
            let Some(own) = ours.names.get(*name) else {
                doubtful.push(name);
                if ours.opaque.is_empty() && !is_excused {
                    wrong.push(format!("{name} is not bound, but {value}"));
                }
                continue;
            };
            if let Some(why) = unknown(own) {
                doubtful.push(name);
                tally.count(snippet.kind, false);
                *tally.reasons.entry(format!("{}: {why}", snippet.kind)).or_default() += 1;
            } else if agrees(own, value) {
                tally.count(snippet.kind, true);
            } else if is_excused {
                doubtful.push(name);
                tally.count(snippet.kind, false);
            } else {
                wrong.push(format!("{name} is {value}, but for the evaluator {own}"));
            }
        }
    }
    wrong
}

/// Whether an error is about something that is `None`. The evaluator does not say that it raises, since the
/// program around often gives such a name its value.
fn is_of_none(words: &Json) -> bool {
    words.as_str().is_some_and(|words| words.contains("NoneType"))
}

/// Whether a name that a program does not bind may be Python's own.
fn is_builtin(name: &str) -> bool {
    !name.contains(|char: char| char.is_ascii_digit())
}

/// Whether a name is bound first in this snippet.
fn is_word_of(text: &str, name: &str, program: &[Snippet]) -> bool {
    let first = program.iter().find(|snippet| contains_word(&snippet.text, name));
    first.is_some_and(|snippet| snippet.text.as_ptr() == text.as_ptr())
}

fn contains_word(text: &str, name: &str) -> bool {
    let is_word = |char: char| char.is_alphanumeric() || char == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|rest| rest.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|rest| rest.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// Why a value, or a part of it, is not known.
fn unknown(value: &Json) -> Option<&str> {
    let items = value.as_array()?;
    match items.first().and_then(Json::as_str) {
        Some("unknown") => items.get(1).and_then(Json::as_str),
        Some("str" | "int" | "float" | "bytes") => None,
        _ => items.iter().find_map(unknown),
    }
}

/// Whether a value is the judge's as far as it is known.
fn agrees(own: &Json, value: &Json) -> bool {
    let (Some(a), Some(b)) = (own.as_array(), value.as_array()) else { return own == value };
    let kind = |items: &[Json]| items.first().and_then(Json::as_str).map(str::to_owned);
    let text = |items: &[Json]| items.get(1).and_then(Json::as_str).unwrap_or_default().to_owned();
    match (kind(a).as_deref(), kind(b).as_deref()) {
        (Some("unknown"), _) => true,
        (Some("float"), Some("float")) => {
            let bits = a.get(1).and_then(Json::as_u64).map(f64::from_bits);
            let theirs = text(b).parse::<f64>();
            matches!((bits, theirs), (Some(a), Ok(b)) if a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
        }
        (Some("set"), Some("set")) | (Some("frozenset"), Some("frozenset")) => {
            let items = |items: &[Json]| items.get(1).and_then(Json::as_array).cloned();
            let (Some(mut a), Some(b)) = (items(a), items(b)) else { return false };
            a.len() == b.len()
                && b.iter().all(|value| {
                    let at = a.iter().position(|own| agrees(own, value));
                    at.map(|at| a.remove(at)).is_some()
                })
        }
        (Some("instance"), Some("member")) => {
            let name = a.get(2).and_then(Json::as_array).into_iter().flatten().find_map(|pair| {
                let is_name = pair[0].as_str() == Some("name");
                pair[1].as_array().filter(|_| is_name).map(|name| text(name))
            });
            text(a) == text(b) && name == b.get(2).and_then(Json::as_str).map(str::to_owned)
        }
        (Some("symbol"), Some("class")) => text(a).rsplit('.').next() == Some(&text(b)),
        (Some("symbol"), Some("other")) => text(a).starts_with("builtins."),
        (Some("other"), Some("other")) => {
            text(a) == text(b) || text(a).ends_with("iterator") && text(b).ends_with("iterator")
        }
        (Some("call"), Some("exception")) => text(a) == text(b),
        _ => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(a, b)),
    }
}
