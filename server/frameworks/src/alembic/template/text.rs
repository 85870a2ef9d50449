//! Methods of Python's strings that templates use.

use super::Problem;
use super::evaluate::strict_text;
use super::value::Value;

/// Calls a method of a string.
pub(super) fn call(text: &str, method: &str, values: &[Value]) -> Result<Value, Problem> {
    let spaces = crate::alembic::config::is_space;
    let strings = |parts: Vec<String>| Value::List(parts.into_iter().map(Value::Str).collect());
    Ok(match (method, values) {
        ("strip", []) => text.trim_matches(spaces).into(),
        ("lstrip", []) => text.trim_start_matches(spaces).into(),
        ("rstrip", []) => text.trim_end_matches(spaces).into(),
        ("strip" | "lstrip" | "rstrip", [set]) => {
            let set: Vec<char> = strict_text(set)?.chars().collect();
            match method {
                "strip" => text.trim_matches(set.as_slice()),
                "lstrip" => text.trim_start_matches(set.as_slice()),
                _ => text.trim_end_matches(set.as_slice()),
            }
            .into()
        }
        ("lower", []) => Value::Str(text.to_lowercase()),
        ("upper", []) => Value::Str(text.to_uppercase()),
        ("capitalize", []) => {
            let mut chars = text.chars();
            let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
            Value::Str(first + &chars.as_str().to_lowercase())
        }
        ("title", []) => {
            let mut out = String::new();
            let mut inside = false;
            for c in text.chars() {
                if inside {
                    out.extend(c.to_lowercase());
                } else {
                    out.extend(c.to_uppercase());
                }
                inside = c.is_alphabetic();
            }
            Value::Str(out)
        }
        ("replace", [from, to]) => Value::Str(text.replace(&strict_text(from)?, &strict_text(to)?)),
        ("split", []) => {
            strings(text.split(spaces).filter(|p| !p.is_empty()).map(str::to_owned).collect())
        }
        ("split", [separator]) => {
            let separator = strict_text(separator)?;
            if separator.is_empty() {
                return Err(Problem::new("a split at nothing"));
            }
            strings(text.split(&separator).map(str::to_owned).collect())
        }
        ("splitlines", []) => strings(text.lines().map(str::to_owned).collect()),
        ("join", [parts]) => {
            let parts: Result<Vec<String>, Problem> =
                parts.items()?.iter().map(strict_text).collect();
            Value::Str(parts?.join(text))
        }
        ("startswith", [start]) => Value::Bool(text.starts_with(&strict_text(start)?)),
        ("endswith", [end]) => Value::Bool(text.ends_with(&strict_text(end)?)),
        ("format", values) => {
            let mut out = String::new();
            let mut values = values.iter();
            let mut rest = text;
            while let Some(at) = rest.find(['{', '}']) {
                out.push_str(rest.get(..at).unwrap_or_default());
                let tail = rest.get(at..).unwrap_or_default();
                if !tail.starts_with("{}") {
                    return Err(Problem::new("a format other than `{}`"));
                }
                let value =
                    values.next().ok_or_else(|| Problem::new("`format()` with too few values"))?;
                out.push_str(&value.text()?);
                rest = tail.get(2..).unwrap_or_default();
            }
            Value::Str(out + rest)
        }
        _ => return Err(Problem::new(format!("the method `{method}()` of a string"))),
    })
}
