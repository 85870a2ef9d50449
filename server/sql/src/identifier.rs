//! Identifiers: when they are quoted, how long they may be. Follows SQLAlchemy's
//! `IdentifierPreparer`.

use revline_schema::{Name, TableName};

use crate::print::{Cx, Halt, Print};

/// An identifier, quoted where the dialect needs it.
pub(crate) fn quote(cx: Cx<'_>, name: &Name) -> String {
    match name.quote {
        Some(true) => quoted(cx, name.as_str()),
        Some(false) => name.as_str().to_owned(),
        None => quote_str(cx, name.as_str()),
    }
}

/// A text as an identifier, quoted where the dialect needs it.
pub(crate) fn quote_str(cx: Cx<'_>, text: &str) -> String {
    if needs_quotes(cx, text) { quoted(cx, text) } else { text.to_owned() }
}

fn quoted(cx: Cx<'_>, text: &str) -> String {
    let mut escaped = text.replace('"', "\"\"");
    if cx.doubles_percent() {
        escaped = escaped.replace('%', "%%");
    }
    format!("\"{escaped}\"")
}

fn needs_quotes(cx: Cx<'_>, text: &str) -> bool {
    let lower = text.to_lowercase();
    lower != text
        || has_illegal_characters(text)
        || text.starts_with(|first: char| first.is_ascii_digit() || first == '$')
        || cx.dialect.facts().reserved.binary_search(&lower.as_str()).is_ok()
}

/// Whether a text cannot be an identifier without quotes, case aside.
pub(crate) fn has_illegal_characters(text: &str) -> bool {
    text.is_empty() || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

/// A table with its schema as SQLAlchemy's own constructs print it.
pub(crate) fn table(cx: Cx<'_>, table: &TableName) -> String {
    match &table.schema {
        Some(schema) if !schema.text.is_empty() => {
            format!("{}.{}", quote(cx, schema), quote(cx, &table.name))
        }
        _ => quote(cx, &table.name),
    }
}

/// A table with its schema as Alembic's ALTER constructs print it: a dotted schema is quoted part
/// by part.
pub(crate) fn altered_table(cx: Cx<'_>, table: &TableName) -> String {
    match &table.schema {
        Some(schema) if !schema.text.is_empty() => {
            let schema = match schema.quote {
                Some(_) => quote(cx, schema),
                None => {
                    let parts: Vec<_> =
                        schema.text.split('.').map(|part| quote_str(cx, part)).collect();
                    parts.join(".")
                }
            };
            format!("{schema}.{}", quote(cx, &table.name))
        }
        _ => quote(cx, &table.name),
    }
}

/// The name of a constraint or index: a final name that is too long is cut and ended with four
/// digits of its hash, another one is refused.
pub(crate) fn bounded(cx: Cx<'_>, name: &Name) -> Print {
    let limit = cx.dialect.facts().max_identifier;
    if name.text.chars().count() <= limit {
        return Ok(quote(cx, name));
    }
    if !name.is_final {
        return Err(Halt::Refused(format!(
            "Identifier {} exceeds maximum length of {limit} characters",
            python_repr(name.as_str())
        )));
    }
    let head: String = name.text.chars().take(limit - 8).collect();
    let digest = format!("{:x}", md5::compute(name.text.as_bytes()));
    let tail = digest.get(28..).unwrap_or_default();
    Ok(quote(cx, &Name { text: format!("{head}_{tail}").into(), ..name.clone() }))
}

/// A string as Python's `repr` shows it.
pub(crate) fn python_repr(text: &str) -> String {
    let mark = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(mark);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == mark => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(mark);
    out
}
