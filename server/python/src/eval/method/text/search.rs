//! Finding parts of a string, and taking it apart where they stand.

use revline_text::Span;

use super::super::super::machine::{Eval, Machine};
use super::super::super::operator::kind_of;
use crate::value::string::is_space;
use crate::value::{Arguments, Kind, Str, Value};

impl Machine<'_> {
    /// `find`, `index`, `count`, `startswith` and their kin, with the bounds that they take.
    pub(super) fn search(
        &mut self,
        text: &Str,
        name: &str,
        values: &[Value],
        span: Span,
    ) -> Eval<Option<Value>> {
        let own = text.text();
        let (Some(wanted), bounds) = (values.first(), values.get(1..3.min(values.len()))) else {
            return Ok(None);
        };
        let mut numbers = [None, None];
        for (number, bound) in numbers.iter_mut().zip(bounds.unwrap_or_default()) {
            *number = match bound.as_int() {
                Some(bound) => Some(bound),
                None if bound.is_none() => None,
                None => return Ok(None),
            };
        }
        let [lower, upper] = numbers;
        let length = own.chars().count() as i128;
        let clamp = |bound: i128| match bound < 0 {
            true => bound.saturating_add(length).max(0),
            false => bound,
        };
        let (from, to) = (lower.map_or(0, clamp), upper.map_or(length, clamp).min(length));
        let byte = |at: i128| {
            let at = usize::try_from(at).unwrap_or(usize::MAX);
            own.char_indices().nth(at).map_or(own.len(), |(at, _)| at)
        };
        // Beyond its end nothing is found, not even the empty text.
        let part = (from <= to).then(|| own.get(byte(from)..byte(to))).flatten();
        if matches!(name, "startswith" | "endswith") {
            let test = |wanted: &str| {
                part.is_some_and(|part| match name {
                    "startswith" => part.starts_with(wanted),
                    _ => part.ends_with(wanted),
                })
            };
            let truth = match (&wanted.kind, self.heap.items(wanted)) {
                (Kind::Str(wanted), _) => Some(test(wanted.text())),
                (Kind::Tuple(_), Some(items)) => {
                    let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                    texts.map(|texts| texts.into_iter().any(test))
                }
                _ => None,
            };
            return Ok(truth.map(|truth| Value::bool(truth, span)));
        }
        let Some(wanted) = wanted.as_str() else {
            if kind_of(self.heap.view(wanted)).is_some() {
                let message = format!("must be str, not {}", self.describe(wanted));
                return self.raise("TypeError", &message, span);
            }
            return Ok(None);
        };
        if name == "count" {
            let count = part.map_or(0, |part| part.matches(wanted).count());
            return Ok(Some(Value::new(Kind::Int(count as i128), span)));
        }
        let found = part.and_then(|part| match name.starts_with('r') {
            true => part.rfind(wanted).and_then(|at| part.get(..at)),
            false => part.find(wanted).and_then(|at| part.get(..at)),
        });
        match found {
            Some(before) => {
                let at = from + before.chars().count() as i128;
                Ok(Some(Value::new(Kind::Int(at), span)))
            }
            None if name.ends_with("index") => {
                self.raise("ValueError", "substring not found", span)
            }
            None => Ok(Some(Value::new(Kind::Int(-1), span))),
        }
    }

    pub(super) fn partition(
        &mut self,
        text: &Str,
        from_right: bool,
        separator: &Value,
        span: Span,
    ) -> Eval<Option<Value>> {
        let own = text.text();
        let Some(separator) = separator.as_str() else { return Ok(None) };
        if separator.is_empty() {
            return self.raise("ValueError", "empty separator", span);
        }
        let found = if from_right { own.rfind(separator) } else { own.find(separator) };
        let (a, b) = match found {
            Some(at) => (at, at + separator.len()),
            None if from_right => (0, 0),
            None => (own.len(), own.len()),
        };
        let pieces = [(0, a), (a, b), (b, own.len())].map(|(from, to)| text.slice(from, to));
        let pieces = pieces.into_iter().flatten().map(|piece| Value::new(Kind::Str(piece), span));
        let pieces = pieces.collect();
        Ok(Some(self.heap.tuple(pieces, span)))
    }

    /// `split` and `rsplit`.
    pub(super) fn split(
        &mut self,
        text: &Str,
        from_right: bool,
        arguments: &Arguments,
        span: Span,
    ) -> Eval<Option<Value>> {
        let own = text.text();
        let most = match arguments.get(1, "maxsplit") {
            None => usize::MAX,
            Some(most) => match most.as_int() {
                Some(most) => usize::try_from(most).unwrap_or(usize::MAX),
                None => return Ok(None),
            },
        };
        let separator = arguments.get(0, "sep").filter(|separator| !separator.is_none());
        let pieces = match separator.map(Value::as_str) {
            None => words(own, from_right, most),
            Some(None) => return Ok(None),
            Some(Some("")) => return self.raise("ValueError", "empty separator", span),
            Some(Some(separator)) => parts(own, separator, from_right, most),
        };
        let mut items = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let from = piece.as_ptr() as usize - own.as_ptr() as usize;
            items.extend(text.slice(from, from + piece.len()));
        }
        let items = items.into_iter().map(|piece| Value::new(Kind::Str(piece), span)).collect();
        Ok(Some(self.heap.list(items, span)))
    }
}

fn parts<'a>(text: &'a str, separator: &str, from_right: bool, most: usize) -> Vec<&'a str> {
    let pieces = most.saturating_add(1);
    match from_right {
        false => text.splitn(pieces, separator).collect(),
        true => {
            let mut found: Vec<&str> = text.rsplitn(pieces, separator).collect();
            found.reverse();
            found
        }
    }
}

/// What stands between white space.
fn words(text: &str, from_right: bool, most: usize) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = if from_right {
            rest.trim_end_matches(is_space)
        } else {
            rest.trim_start_matches(is_space)
        };
        if rest.is_empty() {
            break;
        }
        if found.len() >= most {
            found.push(rest);
            break;
        }
        let (word, left) = match from_right {
            false => {
                let end = rest.find(is_space).unwrap_or(rest.len());
                rest.split_at(end)
            }
            true => {
                let last = rest.char_indices().rev().find(|(_, char)| is_space(*char));
                let start = last.map_or(0, |(at, char)| at + char.len_utf8());
                let (left, word) = rest.split_at(start);
                (word, left)
            }
        };
        found.push(word);
        rest = left;
    }
    if from_right {
        found.reverse();
    }
    found
}
