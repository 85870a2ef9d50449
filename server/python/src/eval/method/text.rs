//! Methods of strings. What is cut out of a string keeps its places in the source.

use revline_text::Span;

use super::super::machine::Machine;
use crate::value::string::Joiner;
use crate::value::{Kind, Str, Value};

impl Machine<'_> {
    pub(super) fn string_method(
        &mut self,
        text: &Str,
        name: &str,
        values: &[Value],
        span: Span,
    ) -> Option<Value> {
        let own = text.text();
        let piece = |from: usize, to: usize| {
            text.slice(from, to).map(|piece| Value::new(Kind::Str(piece), span))
        };
        let first = values.first().and_then(Value::as_str);
        let second = values.get(1).and_then(Value::as_str);
        let changed = |text: String| Some(Value::str(&text, span));
        let truth = |truth: bool| Some(Value::bool(truth, span));
        let white = |char: char| char.is_whitespace();
        match (name, values) {
            ("strip" | "lstrip" | "rstrip", [] | [_]) => {
                let set: Option<Vec<char>> = match values.first() {
                    None => None,
                    Some(value) if value.is_none() => None,
                    Some(value) => Some(value.as_str()?.chars().collect()),
                };
                let cut = |char: char| set.as_ref().map_or(white(char), |set| set.contains(&char));
                let start = if name == "rstrip" { own } else { own.trim_start_matches(cut) };
                let from = own.len() - start.len();
                let end = if name == "lstrip" { start } else { start.trim_end_matches(cut) };
                piece(from, from + end.len())
            }
            ("lower" | "casefold", []) => changed(own.to_lowercase()),
            ("upper", []) => changed(own.to_uppercase()),
            ("capitalize", []) => {
                let mut chars = own.chars();
                let head: String = chars.next()?.to_uppercase().collect();
                changed(head + &chars.as_str().to_lowercase())
            }
            ("title", []) => changed(title(own)),
            ("replace", [_, _]) => {
                let (from, to) = (first?, second?);
                let size = own.len().saturating_mul(to.len().saturating_add(1));
                if from.is_empty() || self.fits(size as u64, span).is_err() {
                    return None;
                }
                let replacement = values.get(1).and_then(Value::as_string)?;
                let mut joiner = Joiner::default();
                let mut at = 0;
                for (found, _) in own.match_indices(from) {
                    joiner.push(&text.slice(at, found)?);
                    joiner.push(replacement);
                    at = found + from.len();
                }
                joiner.push(&text.slice(at, own.len())?);
                Some(self.string(joiner.finish(span), span))
            }
            ("startswith" | "endswith", [prefix]) => {
                let test = |prefix: &str| {
                    if name == "startswith" {
                        own.starts_with(prefix)
                    } else {
                        own.ends_with(prefix)
                    }
                };
                match first {
                    Some(prefix) => truth(test(prefix)),
                    None => {
                        let items = self.heap.items(prefix)?;
                        let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                        truth(texts?.into_iter().any(test))
                    }
                }
            }
            ("removeprefix", [_]) => {
                let rest = own.strip_prefix(first?).unwrap_or(own);
                piece(own.len() - rest.len(), own.len())
            }
            ("removesuffix", [_]) => piece(0, own.strip_suffix(first?).unwrap_or(own).len()),
            ("split", [] | [_]) | ("rsplit", []) => {
                let mut parts = Vec::new();
                match values.first().filter(|value| !value.is_none()) {
                    None => {
                        for word in own.split_whitespace() {
                            let from = word.as_ptr() as usize - own.as_ptr() as usize;
                            parts.push(piece(from, from + word.len())?);
                        }
                    }
                    Some(_) => {
                        let separator = first.filter(|separator| !separator.is_empty())?;
                        for part in own.split(separator) {
                            let from = part.as_ptr() as usize - own.as_ptr() as usize;
                            parts.push(piece(from, from + part.len())?);
                        }
                    }
                }
                Some(self.heap.list(parts, span))
            }
            ("split" | "rsplit", [_, limit]) => {
                let limit = usize::try_from(limit.as_int()?).ok()?;
                let separator = first.filter(|separator| !separator.is_empty())?;
                let found: Vec<&str> = if name == "split" {
                    own.splitn(limit.saturating_add(1), separator).collect()
                } else {
                    let mut found: Vec<&str> =
                        own.rsplitn(limit.saturating_add(1), separator).collect();
                    found.reverse();
                    found
                };
                let mut parts = Vec::new();
                for part in found {
                    let from = part.as_ptr() as usize - own.as_ptr() as usize;
                    parts.push(piece(from, from + part.len())?);
                }
                Some(self.heap.list(parts, span))
            }
            ("splitlines", []) => {
                let mut parts = Vec::new();
                for line in own.lines() {
                    let from = line.as_ptr() as usize - own.as_ptr() as usize;
                    parts.push(piece(from, from + line.len())?);
                }
                Some(self.heap.list(parts, span))
            }
            ("partition" | "rpartition", [_]) => {
                let separator = first.filter(|separator| !separator.is_empty())?;
                let found =
                    if name == "partition" { own.find(separator) } else { own.rfind(separator) };
                let (a, b) = match found {
                    Some(at) => (at, at + separator.len()),
                    None if name == "partition" => (own.len(), own.len()),
                    None => (0, 0),
                };
                let parts = vec![piece(0, a)?, piece(a, b)?, piece(b, own.len())?];
                Some(self.heap.tuple(parts, span))
            }
            ("count", [_]) => {
                let wanted = first.filter(|wanted| !wanted.is_empty())?;
                Some(Value::new(Kind::Int(own.matches(wanted).count() as i128), span))
            }
            ("find" | "rfind", [_]) => {
                let found = if name == "find" { own.find(first?) } else { own.rfind(first?) };
                let at = found.map_or(-1, |at| {
                    own.get(..at).map_or(0, |before| before.chars().count()) as i128
                });
                Some(Value::new(Kind::Int(at), span))
            }
            ("zfill", [width]) => {
                let spec = format!("0{}d", width.as_int().filter(|it| (0..1000).contains(it))?);
                let number = own.parse::<i128>().ok()?;
                let number = Value::new(Kind::Int(number), span);
                let text = self.format_value(&number, &spec, span).ok()?;
                Some(Value::new(Kind::Str(text), span))
            }
            ("isdigit", []) => {
                truth(!own.is_empty() && own.chars().all(|char| char.is_ascii_digit()))
                    .filter(|_| own.is_ascii())
            }
            ("isalpha", []) => truth(!own.is_empty() && own.chars().all(char::is_alphabetic)),
            ("isalnum", []) => truth(!own.is_empty() && own.chars().all(char::is_alphanumeric)),
            ("isupper", []) if own.is_ascii() => truth(
                own.bytes().any(|it| it.is_ascii_uppercase())
                    && !own.bytes().any(|it| it.is_ascii_lowercase()),
            ),
            ("islower", []) if own.is_ascii() => truth(
                own.bytes().any(|it| it.is_ascii_lowercase())
                    && !own.bytes().any(|it| it.is_ascii_uppercase()),
            ),
            ("encode", [] | [_]) => {
                let utf = matches!(first.unwrap_or("utf-8"), "utf-8" | "utf8" | "UTF-8");
                (utf || own.is_ascii())
                    .then(|| Value::new(Kind::Bytes(own.as_bytes().into()), span))
            }
            _ => None,
        }
    }
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for char in text.chars() {
        if inside {
            out.extend(char.to_lowercase());
        } else {
            out.extend(char.to_uppercase());
        }
        inside = char.is_alphabetic();
    }
    out
}
