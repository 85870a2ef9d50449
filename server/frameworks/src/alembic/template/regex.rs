//! The functions of Python's `re` that templates use, where both dialects of patterns agree.

use regex::Regex;

use super::Problem;
use super::evaluate::strict_text;
use super::value::Value;

/// Calls a function of `re`.
pub(super) fn call(function: &str, values: &[Value]) -> Result<Value, Problem> {
    let texts: Result<Vec<String>, Problem> = values.iter().map(strict_text).collect();
    let texts = texts?;
    let pattern = texts.first().map(String::as_str).unwrap_or_default();
    let regex = Regex::new(pattern).map_err(|_| Problem::new(format!("the pattern {pattern}")))?;
    // Python puts groups into the result of `split` and `findall`, and an empty match splits too.
    let plain = regex.captures_len() == 1 && !regex.is_match("");
    match (function, texts.get(1..).unwrap_or_default()) {
        ("split", [text]) if plain => {
            Ok(Value::List(regex.split(text).map(|part| Value::Str(part.to_owned())).collect()))
        }
        ("findall", [text]) if plain => {
            Ok(Value::List(regex.find_iter(text).map(|found| found.as_str().into()).collect()))
        }
        ("sub", [with, text]) if plain && !with.contains('\\') => {
            Ok(Value::Str(regex.replace_all(text, regex::NoExpand(with)).into_owned()))
        }
        _ => Err(Problem::new(format!("re.{function}() with these arguments"))),
    }
}
