//! Questions about all characters of a string.

use super::AGREED;
use crate::value::string::is_space;

/// The answer of a method that asks about the characters; an inner `None` where it depends on tables of
/// characters that are not here, an outer one for another method.
pub(super) fn holds(name: &str, text: &str) -> Option<Option<bool>> {
    let is_known = text.chars().all(|char| char < AGREED);
    let all = |test: fn(char) -> bool| !text.is_empty() && text.chars().all(test);
    let ascii = |truth: bool| Some(truth).filter(|_| text.is_ascii());
    let any = |test: fn(&char) -> bool| text.chars().any(|char| test(&char));
    Some(match name {
        "isdigit" | "isdecimal" | "isnumeric" => ascii(all(|char| char.is_ascii_digit())),
        "isalpha" => Some(all(char::is_alphabetic)).filter(|_| is_known),
        "isalnum" => Some(all(char::is_alphanumeric)).filter(|_| is_known),
        "isspace" => Some(all(is_space)),
        "isascii" => Some(text.is_ascii()),
        "isupper" => ascii(any(char::is_ascii_uppercase) && !any(char::is_ascii_lowercase)),
        "islower" => ascii(any(char::is_ascii_lowercase) && !any(char::is_ascii_uppercase)),
        "istitle" => ascii(is_title(text)),
        "isprintable" => ascii(text.bytes().all(|byte| matches!(byte, 0x20..=0x7e))),
        "isidentifier" => ascii(
            all(|char| char == '_' || char.is_ascii_alphanumeric())
                && !text.starts_with(|first: char| first.is_ascii_digit()),
        ),
        _ => return None,
    })
}

/// Whether each word of an ASCII text begins with its only capital.
fn is_title(text: &str) -> bool {
    let mut inside = false;
    let mut is_any = false;
    for byte in text.bytes() {
        let is_wrong =
            (byte.is_ascii_uppercase() && inside) || (byte.is_ascii_lowercase() && !inside);
        if is_wrong {
            return false;
        }
        inside = byte.is_ascii_alphabetic();
        is_any |= inside;
    }
    is_any
}
