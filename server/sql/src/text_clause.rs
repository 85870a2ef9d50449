//! `sa.text('…')`: parameters, escapes and percent signs. Follows SQLAlchemy's `visit_textclause`.

use revline_schema::TextClause;

use crate::literal;
use crate::print::{Cx, Halt, Print};
use crate::rendered::Mode;

/// The text as it is printed: `:name` becomes its value or NULL, `\:` becomes `:`.
/// A statement of its own under `literal_binds=False` keeps `:name`.
pub(crate) fn print(cx: Cx<'_>, clause: &TextClause, literal_binds: bool) -> Print {
    let text = if cx.doubles_percent() {
        clause.text.as_str().replace('%', "%%")
    } else {
        clause.text.as_str().to_owned()
    };
    let mut out = String::new();
    for part in parts(&text) {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Parameter(name) => match clause.binds.get(name) {
                Some(bind) if literal_binds || cx.mode == Mode::Execute => {
                    out.push_str(&match &bind.type_ {
                        Some(type_) => literal::typed(cx, &bind.value, type_)?,
                        None => literal::untyped(cx, &bind.value)?,
                    });
                }
                None if cx.mode == Mode::Execute => {
                    return Err(Halt::Refused(format!(
                        "A value is required for bind parameter '{name}'"
                    )));
                }
                None if literal_binds => out.push_str("NULL"),
                _ => out.push_str(&format!(":{name}")),
            },
        }
    }
    Ok(unescape(&out))
}

/// The names of the parameters of a text, as `sa.text` finds them.
pub fn parameters(text: &str) -> Vec<&str> {
    let name = |part| match part {
        Part::Parameter(name) => Some(name),
        Part::Text(_) => None,
    };
    parts(text).into_iter().filter_map(name).collect()
}

/// Whether a text has a parameter.
pub(crate) fn has_parameters(text: &str) -> bool {
    parts(text).iter().any(|part| matches!(part, Part::Parameter(_)))
}

/// A part of a text clause.
pub(crate) enum Part<'a> {
    /// Text, `\:` still in it.
    Text(&'a str),
    /// `:name`, without the colon.
    Parameter(&'a str),
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Cuts a text at `(?<![:\w\\]):(\w+)(?!:)`.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut skip_to = 0;
    for (at, _) in text.match_indices(':') {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        if at < skip_to || before.is_some_and(|b| b == ':' || b == '\\' || is_word(b)) {
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or_default();
        let mut name = rest.split(|c| !is_word(c)).next().unwrap_or_default();
        if rest.get(name.len()..).is_some_and(|after| after.starts_with(':')) {
            let cut = name.char_indices().next_back().map_or(0, |(at, _)| at);
            name = name.get(..cut).unwrap_or_default();
        }
        if name.is_empty() {
            continue;
        }
        parts.push(Part::Text(text.get(start..at).unwrap_or_default()));
        parts.push(Part::Parameter(name));
        start = at + 1 + name.len();
        skip_to = start;
    }
    parts.push(Part::Text(text.get(start..).unwrap_or_default()));
    parts
}

/// Drops the backslash of `\\(:\w*)(?![:\w])`.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\\:") {
        out.push_str(rest.get(..at).unwrap_or_default());
        if is_kept(rest.get(at..).unwrap_or_default()) {
            out.push('\\');
        }
        out.push(':');
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Whether the backslash of the `\:` that a text starts with stays.
pub(crate) fn is_kept(text: &str) -> bool {
    let after = text.get(2..).unwrap_or_default();
    let word = after.split(|c| !is_word(c)).next().unwrap_or_default();
    after.get(word.len()..).is_some_and(|next| next.starts_with(':'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use revline_schema::{Bind, Literal};

    use super::*;
    use crate::settings::Settings;

    fn check(text: &str, expected: &str) {
        let settings = Settings::default();
        let dialect = crate::dialect("postgresql").unwrap();
        let cx = Cx { dialect, settings: &settings, mode: Mode::Script };
        let binds = BTreeMap::from([("a".into(), Bind { value: Literal::Int(5), type_: None })]);
        let clause = TextClause { text: text.into(), binds };
        assert_eq!(print(cx, &clause, true).unwrap(), expected);
    }

    #[test]
    fn parameters_become_values_or_null_and_casts_stay() {
        check("x = :a AND y = :b", "x = 5 AND y = NULL");
        check("a::int, 'x:y', t:a", "a::int, 'x:y', t:a");
        check(r"'\:foo' \:a::b", r"':foo' \:a::b");
        check(":a, :a:", "5, :a:");
        check(":", ":");
    }
}
