//! A URL in its parts, by SQLAlchemy's grammar.

use std::fmt;

use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};

use super::AddressError;

/// `name://user:password@host:port/database?query`, decoded.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Url {
    pub(crate) drivername: String,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) database: Option<String>,
    /// In the order given, a key as often as it stood there.
    pub(crate) query: Vec<(String, String)>,
}

/// Python's `quote(…, safe=" +")`: what stays as it is beside letters, digits and `_.-~`.
const QUOTED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~').remove(b' ').remove(b'+');
const QUOTED_PATH: &AsciiSet = &QUOTED.remove(b'/');
/// Python's `quote_plus`, in which a blank becomes `+`.
const QUOTED_PLUS: &AsciiSet = &QUOTED.add(b'+').add(b' ');
const _: &AsciiSet = CONTROLS;

/// Query keys whose values are shown to nobody.
const SECRET_WORDS: &[&str] = &["pass", "pwd", "secret", "token", "key_data"];

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SECRET_WORDS.iter().any(|word| key.contains(word)) && key != "passfile"
}

impl Url {
    /// Follows the regular expression in `_parse_url`, whose groups never backtrack over what stands here.
    pub(crate) fn parse(text: &str) -> Result<Self, AddressError> {
        let refused = || {
            AddressError("this is no URL as SQLAlchemy reads it (dialect+driver://user:password@host:port/database)".to_owned())
        };
        let (name, rest) = text.split_once("://").ok_or_else(refused)?;
        let is_name =
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '+');
        if !is_name {
            return Err(refused());
        }
        let mut url = Self { drivername: name.to_owned(), ..Self::default() };
        let rest = url.credentials(rest);
        let rest = url.location(rest)?;
        url.path(rest);
        Ok(url)
    }

    /// `(?:([^:/]*)(?::([^@]*))?@)?`
    fn credentials<'a>(&mut self, text: &'a str) -> &'a str {
        let user_end = text.find([':', '/']).unwrap_or(text.len());
        let (before, after) = text.split_at(user_end);
        if let Some(secret) = after.strip_prefix(':')
            && let Some((password, rest)) = secret.split_once('@')
        {
            self.username = Some(decoded(before));
            self.password = Some(decoded(password));
            return rest;
        }
        // Without a password the name may hold an `@` itself: the last one ends it.
        match before.rsplit_once('@') {
            Some((user, rest)) => {
                self.username = Some(decoded(user));
                text.get(text.len() - after.len() - rest.len()..).unwrap_or_default()
            }
            None => text,
        }
    }

    /// `(?:\[([^/\?]+)\]|([^/:\?]+))?(?::([^/\?]*))?`
    fn location<'a>(&mut self, text: &'a str) -> Result<&'a str, AddressError> {
        let mut rest = text;
        let end = text.find(['/', '?']).unwrap_or(text.len());
        let (whole, _) = text.split_at(end);
        let bracketed = whole.strip_prefix('[').and_then(|inner| inner.rsplit_once(']'));
        if let Some((host, after)) = bracketed.filter(|(host, _)| !host.is_empty()) {
            self.host = Some(host.to_owned());
            rest = text.get(end - after.len()..).unwrap_or_default();
        } else {
            let host_end = text.find(['/', ':', '?']).unwrap_or(text.len());
            let (host, after) = text.split_at(host_end);
            if !host.is_empty() {
                self.host = Some(host.to_owned());
            }
            rest = if host.is_empty() { rest } else { after };
        }
        if let Some(after) = rest.strip_prefix(':') {
            let end = after.find(['/', '?']).unwrap_or(after.len());
            let (port, after) = after.split_at(end);
            if !port.is_empty() {
                // Not quoted: with an unescaped `@` in it, this may be a part of the password.
                let why = "the port is no number from 1 to 65535 (a password with `@`, `/`, `:` or `?` is written percent-encoded)";
                self.port = Some(
                    port.trim()
                        .parse()
                        .ok()
                        .filter(|port| *port > 0)
                        .ok_or_else(|| AddressError(why.to_owned()))?,
                );
            }
            rest = after;
        }
        Ok(rest)
    }

    /// `(?:/([^\?]*))?(?:\?(.*))?`
    fn path(&mut self, text: &str) {
        let (path, query) = match text.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (text, None),
        };
        self.database = path.strip_prefix('/').map(decoded);
        // `parse_qsl`: pairs without a value are left out; a `.` does not match a line break.
        let query = query.and_then(|query| query.lines().next()).unwrap_or_default();
        self.query = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| {
                (decoded(&key.replace('+', " ")), decoded(&value.replace('+', " ")))
            })
            .collect();
    }

    /// The last value of a query key.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.query.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// What must not be shown beside the password itself: other spellings of it, and secrets of the query.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let secret = self.query.iter().filter(|(key, _)| is_secret(key));
        self.password.as_deref().into_iter().chain(secret.map(|(_, value)| value.as_str()))
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// SQLAlchemy's `render_as_string(hide_password=True)`, which hides secrets of the query too here.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.drivername)?;
        if let Some(user) = &self.username {
            write!(f, "{}", utf8_percent_encode(user, QUOTED))?;
            if self.password.is_some() {
                f.write_str(":***")?;
            }
            f.write_str("@")?;
        }
        match &self.host {
            Some(host) if host.contains(':') => write!(f, "[{host}]")?,
            Some(host) => f.write_str(host)?,
            None => {}
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        if let Some(database) = &self.database {
            write!(f, "/{}", utf8_percent_encode(database, QUOTED_PATH))?;
        }
        let mut query: Vec<_> = self.query.iter().collect();
        query.sort_by(|a, b| a.0.cmp(&b.0));
        for (position, (key, value)) in query.into_iter().enumerate() {
            let plus =
                |text: &str| utf8_percent_encode(text, QUOTED_PLUS).to_string().replace("%20", "+");
            let value = if is_secret(key) { "***".to_owned() } else { plus(value) };
            write!(f, "{}{}={value}", if position == 0 { '?' } else { '&' }, plus(key))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
