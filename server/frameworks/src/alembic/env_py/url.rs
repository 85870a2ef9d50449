//! Database URLs as Python makes them.

use revline_python::value::{Arguments, Term};
use revline_python::{Heap, Value, View};

use super::Told;
use super::configure::why;
use crate::alembic::config::Url;

/// The URL that a value is: a text, or what `URL.create` and its kin return.
pub(super) fn told(heap: &Heap, value: &Value) -> Told<Url> {
    match (heap.view(value), text(heap, value)) {
        (View::None, _) => Told::Nothing,
        (_, Some(text)) => Told::Known(Url::new(text), value.span),
        _ => Told::Unknown(why(heap, value)),
    }
}

/// The text of a URL.
pub(super) fn text(heap: &Heap, value: &Value) -> Option<String> {
    match heap.view(value) {
        View::Str(text) => Some(text.text().to_owned()),
        View::Term(Term::Call(call)) => {
            let path = call.callee.as_symbol()?.path().to_owned();
            made(heap, &path, &call.arguments)
        }
        _ => None,
    }
}

/// Whether a call of this name makes a URL.
pub(super) fn makes_url(path: &str) -> bool {
    let sqlalchemy = path.starts_with("sqlalchemy.");
    (sqlalchemy && (path.ends_with(".URL.create") || path.ends_with(".make_url")))
        || (path.starts_with("pydantic")
            && (path.ends_with("Dsn.build") || path.ends_with("Url.build")))
        || path.ends_with("Dsn") && path.starts_with("pydantic")
}

/// A part of a URL in which nothing may mean anything. Pydantic's own leave `%` as it is.
fn quoted(part: &str, percent: bool) -> String {
    let mut text = String::new();
    for character in part.chars() {
        match character {
            ':' | '/' | '?' | '#' | '[' | ']' | '@' => {
                text.push_str(&format!("%{:02X}", u32::from(character)));
            }
            '%' if percent => text.push_str("%25"),
            other => text.push(other),
        }
    }
    text
}

fn made(heap: &Heap, path: &str, arguments: &Arguments) -> Option<String> {
    if !makes_url(path) || arguments.unknown.is_some() {
        return None;
    }
    if path.ends_with(".make_url") || path.ends_with("Dsn") {
        return text(heap, arguments.get(0, "name_or_url").or(arguments.get(0, "url"))?);
    }
    let create = path.ends_with(".create");
    let names: [&[&str]; 6] = [
        &["drivername", "scheme"],
        &["username", "user"],
        &["password"],
        &["host"],
        &["port"],
        &["database", "path"],
    ];
    let mut parts: [Option<String>; 6] = Default::default();
    for (at, (names, part)) in names.iter().zip(&mut parts).enumerate() {
        let positional = create.then(|| arguments.positional.get(at)).flatten();
        let value = positional
            .map(|argument| &argument.value)
            .or_else(|| names.iter().find_map(|name| Some(&arguments.keyword(name)?.value)));
        *part = match value.map(|value| (heap.view(value), value)) {
            None | Some((View::None, _)) => None,
            Some((View::Str(text), _)) => Some(text.text().to_owned()),
            Some((View::Int(number), _)) => Some(number.to_string()),
            // The driver says what matters most; without it there is no URL.
            Some((_, value)) if at == 0 => return text(heap, value),
            Some(_) => Some("…".to_owned()),
        };
    }
    let [driver, user, password, host, port, database] = parts;
    let mut url = format!("{}://", driver?);
    if let Some(user) = user {
        url.push_str(&quoted(&user, create));
        if let Some(password) = password {
            url.push_str(&format!(":{}", quoted(&password, create)));
        }
        url.push('@');
    }
    url.push_str(host.as_deref().unwrap_or_default());
    if let Some(port) = port {
        url.push_str(&format!(":{port}"));
    }
    if let Some(database) = database {
        url.push('/');
        url.push_str(if create { &database } else { database.trim_start_matches('/') });
    }
    Some(url)
}
