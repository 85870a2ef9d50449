//! Methods of strings. What is cut out of a string keeps its places in the source.

mod search;
mod test;

use revline_text::Span;

use super::super::machine::{Eval, Machine};
use crate::value::string::{Joiner, is_space, lines};
use crate::value::{Arguments, Kind, Str, Value};

/// Below this character Python and Rust agree on which are letters, and nearly all have one upper and one
/// lower form.
const AGREED: char = '\u{180}';

/// Longer paddings are not made.
const WIDEST: i128 = 100_000;

impl Machine<'_> {
    pub(super) fn string_method(
        &mut self,
        text: &Str,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Eval<Option<Value>> {
        let values: Vec<Value> =
            arguments.positional.iter().map(|argument| argument.value.clone()).collect();
        let takes_keywords =
            matches!(name, "split" | "rsplit" | "splitlines" | "encode" | "expandtabs");
        if !arguments.keywords.is_empty() && !takes_keywords {
            return Ok(None);
        }
        match (name, values.as_slice()) {
            ("split" | "rsplit", _) => return self.split(text, name == "rsplit", arguments, span),
            ("partition" | "rpartition", [separator]) => {
                return self.partition(text, name == "rpartition", separator, span);
            }
            ("find" | "rfind" | "index" | "rindex" | "count" | "startswith" | "endswith", _) => {
                return self.search(text, name, &values, span);
            }
            ("center" | "ljust" | "rjust", [width]) => {
                return self.padded(text, name, width, " ", span);
            }
            ("center" | "ljust" | "rjust", [width, fill]) => {
                let Some(fill) = fill.as_str() else { return Ok(None) };
                if fill.chars().count() != 1 {
                    let message = "The fill character must be exactly one character long";
                    return self.raise("TypeError", message, span);
                }
                return self.padded(text, name, width, fill, span);
            }
            _ => {}
        }
        if let Some(truth) = test::holds(name, text.text()).filter(|_| arguments.is_empty()) {
            return Ok(truth.map(|truth| Value::bool(truth, span)));
        }
        Ok(self.changed(text, name, &values, arguments, span))
    }

    fn changed(
        &mut self,
        text: &Str,
        name: &str,
        values: &[Value],
        arguments: &Arguments,
        span: Span,
    ) -> Option<Value> {
        let own = text.text();
        let piece = |from: usize, to: usize| {
            text.slice(from, to).map(|piece| Value::new(Kind::Str(piece), span))
        };
        let first = values.first().and_then(Value::as_str);
        let changed = |text: String| Some(Value::str(&text, span));
        match (name, values) {
            ("strip" | "lstrip" | "rstrip", [] | [_]) => {
                let set: Option<Vec<char>> = match values.first() {
                    None => None,
                    Some(value) if value.is_none() => None,
                    Some(value) => Some(value.as_str()?.chars().collect()),
                };
                let cut =
                    |char: char| set.as_ref().map_or(is_space(char), |set| set.contains(&char));
                let start = if name == "rstrip" { own } else { own.trim_start_matches(cut) };
                let from = own.len() - start.len();
                let end = if name == "lstrip" { start } else { start.trim_end_matches(cut) };
                piece(from, from + end.len())
            }
            ("lower", []) => changed(own.to_lowercase()),
            ("casefold", []) if own.is_ascii() => changed(own.to_ascii_lowercase()),
            ("upper", []) => changed(own.to_uppercase()),
            ("capitalize", []) => {
                let mut chars = own.chars();
                let Some(first) = chars.next() else { return piece(0, 0) };
                let head = upper(first)?;
                changed(format!("{head}{}", chars.as_str().to_lowercase()))
            }
            ("title", []) => changed(title(own)?),
            ("swapcase", []) => {
                let swapped = own.chars().map(|char| match char.is_uppercase() {
                    true => lower(char),
                    false => upper(char),
                });
                changed(swapped.collect::<Option<String>>()?)
            }
            ("replace", [_, _] | [_, _, _]) => {
                let most = match values.get(2) {
                    None => usize::MAX,
                    Some(count) => usize::try_from(count.as_int()?).unwrap_or(usize::MAX),
                };
                self.replaced(text, values.first()?, values.get(1)?, most, span)
            }
            ("removeprefix", [_]) => {
                let rest = own.strip_prefix(first?).unwrap_or(own);
                piece(own.len() - rest.len(), own.len())
            }
            ("removesuffix", [_]) => piece(0, own.strip_suffix(first?).unwrap_or(own).len()),
            ("splitlines", _) => {
                let keeps = match arguments.get(0, "keepends") {
                    None => false,
                    Some(keeps) => self.truth(keeps).ok()?,
                };
                let mut parts = Vec::new();
                for (from, to, end) in lines(own) {
                    parts.push(piece(from, if keeps { end } else { to })?);
                }
                Some(self.heap.list(parts, span))
            }
            ("zfill", [width]) => {
                let width = width.as_int().filter(|width| *width <= WIDEST)?;
                let missing = usize::try_from(width - own.chars().count() as i128).unwrap_or(0);
                let digits = own.strip_prefix(['-', '+']).unwrap_or(own);
                let sign = own.get(..own.len() - digits.len())?;
                changed(format!("{sign}{}{digits}", "0".repeat(missing)))
            }
            ("expandtabs", _) => {
                let size = arguments.get(0, "tabsize").map_or(Some(8), Value::as_int)?;
                changed(expanded(own, usize::try_from(size.clamp(0, 100)).ok()?))
            }
            ("encode", _) if arguments.get(1, "errors").is_none() => {
                let name = match arguments.get(0, "encoding") {
                    None => "utf-8",
                    Some(name) => name.as_str()?,
                };
                let utf = matches!(name, "utf-8" | "utf8" | "UTF-8");
                (utf || own.is_ascii() && matches!(name, "ascii" | "latin-1" | "latin1"))
                    .then(|| Value::new(Kind::Bytes(own.as_bytes().into()), span))
            }
            _ => None,
        }
    }

    fn replaced(
        &mut self,
        text: &Str,
        from: &Value,
        to: &Value,
        most: usize,
        span: Span,
    ) -> Option<Value> {
        let (own, from, replacement) = (text.text(), from.as_str()?, to.as_string()?);
        let size = own.len().saturating_add(1).saturating_mul(replacement.text().len() + 1);
        self.fits(size as u64, span).ok()?;
        let mut joiner = Joiner::default();
        let mut at = 0;
        for (found, _) in own.match_indices(from).take(most) {
            joiner.push(&text.slice(at, found)?);
            joiner.push(replacement);
            at = found + from.len();
        }
        joiner.push(&text.slice(at, own.len())?);
        Some(self.string(joiner.finish(span), span))
    }

    fn padded(
        &mut self,
        text: &Str,
        name: &str,
        width: &Value,
        fill: &str,
        span: Span,
    ) -> Eval<Option<Value>> {
        let Some(width) = width.as_int().filter(|width| *width <= WIDEST) else { return Ok(None) };
        let length = text.text().chars().count();
        let width = usize::try_from(width).unwrap_or(0);
        let missing = width.saturating_sub(length);
        let before = match name {
            "ljust" => 0,
            "rjust" => missing,
            // As CPython divides an odd rest.
            _ => missing / 2 + (missing & width & 1),
        };
        let mut joiner = Joiner::default();
        joiner.text(&fill.repeat(before), span, false);
        joiner.push(text);
        joiner.text(&fill.repeat(missing - before), span, false);
        Ok(Some(self.string(joiner.finish(span), span)))
    }
}

/// The one upper form of a character.
fn upper(char: char) -> Option<char> {
    let mut forms = char.to_uppercase();
    forms.next().filter(|_| char < AGREED && forms.next().is_none())
}

/// The one lower form of a character.
fn lower(char: char) -> Option<char> {
    let mut forms = char.to_lowercase();
    forms.next().filter(|_| char < AGREED && forms.next().is_none())
}

fn title(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for char in text.chars() {
        out.push(if inside { lower(char)? } else { upper(char)? });
        inside = char.is_alphabetic();
    }
    Some(out)
}

fn expanded(text: &str, size: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for char in text.chars() {
        match char {
            '\t' => {
                let spaces = if size == 0 { 0 } else { size - column % size };
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            '\n' | '\r' => {
                out.push(char);
                column = 0;
            }
            _ => {
                out.push(char);
                column += 1;
            }
        }
    }
    out
}
