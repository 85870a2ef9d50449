//! Numbers: made of texts, rounded.

use super::super::machine::Eval;
use super::super::operator::{Number, number};
use super::Builtin;
use crate::value::{Kind, Value};

impl Builtin<'_, '_> {
    pub(super) fn number(self, name: &str, one: &Value) -> Eval<Value> {
        let span = self.span;
        let kind = match (name, number(one), one.as_str()) {
            ("int", Some(Number::Int(it)), _) => Some(Kind::Int(it)),
            #[expect(clippy::cast_possible_truncation, reason = "truncation is what `int` does")]
            ("int", Some(Number::Float(it)), _) if it.abs() < 1e36 => Some(Kind::Int(it as i128)),
            ("int", Some(Number::Float(it)), _) if !it.is_finite() => {
                return self.round(one, None);
            }
            ("int", _, Some(text)) => return self.int_of_text(text, 10),
            ("float", Some(it), _) => Some(Kind::Float(it.float())),
            ("float", _, Some(text)) => {
                let digits = text.trim_matches(is_c_space);
                match (is_grouped(digits), digits.replace('_', "").parse()) {
                    (true, Ok(number)) => Some(Kind::Float(number)),
                    _ if !digits.is_ascii() => None,
                    _ => {
                        let shown = crate::emit::string(text, crate::emit::Quotes::Repr);
                        let message = format!("could not convert string to float: {shown}");
                        return self.machine.raise("ValueError", &message, span);
                    }
                }
            }
            _ => None,
        };
        Ok(match kind {
            Some(kind) => Value::new(kind, span),
            None => self.beyond(name, std::slice::from_ref(one)),
        })
    }

    /// `int(text, base)`.
    pub(super) fn int_of_base(self, text: &Value, base: &Value) -> Eval<Value> {
        match (text.as_str(), base.as_int().map(u32::try_from)) {
            (Some(text), Some(Ok(base @ 2..=36))) => self.int_of_text(text, base),
            _ => Ok(self.beyond("int", &[text.clone(), base.clone()])),
        }
    }

    fn int_of_text(self, text: &str, base: u32) -> Eval<Value> {
        let span = self.span;
        let trimmed = text.trim_matches(is_c_space);
        let (sign, digits) = match trimmed.strip_prefix(['-', '+']) {
            Some(rest) => (trimmed.get(..1).unwrap_or_default(), rest),
            None => ("", trimmed),
        };
        let digits = match (base, digits.get(..2)) {
            (16, Some("0x" | "0X")) | (8, Some("0o" | "0O")) | (2, Some("0b" | "0B")) => {
                let rest = digits.get(2..).unwrap_or_default();
                rest.strip_prefix('_').unwrap_or(rest)
            }
            _ => digits,
        };
        let is_number =
            is_grouped(digits) && digits.chars().all(|it| it == '_' || it.is_digit(base));
        let number = i128::from_str_radix(&format!("{sign}{}", digits.replace('_', "")), base);
        match number {
            Ok(number) if is_number => Ok(Value::new(Kind::Int(number), span)),
            // Digits of other scripts are digits too.
            _ if is_number || !digits.is_ascii() => Ok(self.beyond("int", &[])),
            _ => {
                let shown = crate::emit::string(text, crate::emit::Quotes::Repr);
                let message = format!("invalid literal for int() with base {base}: {shown}");
                self.machine.raise("ValueError", &message, span)
            }
        }
    }

    /// `round(number, digits)`: to the nearest, half of it to the even one.
    pub(super) fn round(self, one: &Value, digits: Option<&Value>) -> Eval<Value> {
        let span = self.span;
        let digits = match digits {
            None => None,
            Some(digits) if digits.is_none() => None,
            Some(digits) => match digits.as_int() {
                Some(digits @ 0..=50) => usize::try_from(digits).ok(),
                _ => return Ok(self.beyond("round", &[one.clone(), digits.clone()])),
            },
        };
        let kind = match (number(one), digits) {
            (Some(Number::Int(it)), _) => Some(Kind::Int(it)),
            #[expect(clippy::cast_possible_truncation, reason = "a whole number of that size")]
            (Some(Number::Float(it)), None) if it.abs() < 1e36 => {
                Some(Kind::Int(it.round_ties_even() as i128))
            }
            (Some(Number::Float(it)), None) if it.is_nan() => {
                return self.machine.raise(
                    "ValueError",
                    "cannot convert float NaN to integer",
                    span,
                );
            }
            (Some(Number::Float(it)), None) if it.is_infinite() => {
                let message = "cannot convert float infinity to integer";
                return self.machine.raise("OverflowError", message, span);
            }
            (Some(Number::Float(it)), Some(_)) if !it.is_finite() => Some(Kind::Float(it)),
            (Some(Number::Float(it)), Some(digits)) => {
                format!("{it:.digits$}").parse().ok().map(Kind::Float)
            }
            _ => None,
        };
        Ok(match kind {
            Some(kind) => Value::new(kind, span),
            None => self.beyond("round", std::slice::from_ref(one)),
        })
    }
}

/// White space around the digits of an ASCII text, which is C's.
fn is_c_space(char: char) -> bool {
    matches!(char, ' ' | '\t'..='\r')
}

/// Whether underscores stand between digits only, and there is something.
fn is_grouped(digits: &str) -> bool {
    let is_digit = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
    !digits.is_empty()
        && digits.match_indices('_').all(|(at, _)| {
            let before = digits.get(..at).and_then(|it| it.chars().next_back());
            is_digit(before) && is_digit(digits.get(at + 1..).and_then(|it| it.chars().next()))
        })
}
