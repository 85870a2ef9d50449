//! A database URL that cannot be printed with its password.

use std::fmt;

/// A database URL as SQLAlchemy writes it. `Display` and `Debug` hide the password.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Url(String);

impl Url {
    /// A URL of the given text; nothing is checked.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The whole URL with its password: for connecting only, never for printing.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// The part before `://`, as in `postgresql+psycopg`; `None` where the text is no URL.
    pub fn drivername(&self) -> Option<&str> {
        let name = self.0.split_once("://")?.0.trim();
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '+' | '-' | '.');
        (!name.is_empty() && name.chars().all(word)).then_some(name)
    }

    /// The environment variable that holds the whole URL, where its text is `$NAME` and no more.
    pub fn variable(&self) -> Option<&str> {
        let name = self.0.strip_prefix('$')?;
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        (!name.is_empty() && name.chars().all(word)).then_some(name)
    }

    /// The drivername without its driver: `postgresql`.
    pub fn backend(&self) -> Option<&str> {
        self.drivername().map(|name| name.split('+').next().unwrap_or(name))
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(driver), Some((_, rest))) = (self.drivername(), self.0.split_once("://")) else {
            // What is no URL may be anything, a bare password too.
            return f.write_str("***");
        };
        write!(f, "{driver}://")?;
        // The last `@`, and the first `:` before it: a password that should have been escaped and
        // was not is hidden whole.
        let tail = match rest.rsplit_once('@') {
            Some((login, tail)) => {
                match login.split_once(':') {
                    Some((user, _)) => write!(f, "{user}:***@")?,
                    None => write!(f, "{login}@")?,
                }
                tail
            }
            None => rest,
        };
        let Some((place, query)) = tail.split_once('?') else { return f.write_str(tail) };
        write!(f, "{place}?")?;
        for (index, pair) in query.split('&').enumerate() {
            let separator = if index > 0 { "&" } else { "" };
            match pair.split_once('=') {
                Some((key, value)) if is_plain(key) => write!(f, "{separator}{key}={value}")?,
                Some((key, _)) => write!(f, "{separator}{key}=***")?,
                None => write!(f, "{separator}{pair}")?,
            }
        }
        Ok(())
    }
}

/// Query keys whose values hold no secret; `odbc_connect` and whatever else may.
fn is_plain(key: &str) -> bool {
    matches!(
        key.to_ascii_lowercase().as_str(),
        "host"
            | "port"
            | "sslmode"
            | "charset"
            | "driver"
            | "application_name"
            | "service"
            | "options"
            | "connect_timeout"
            | "timeout"
            | "mode"
            | "cache"
            | "uri"
            | "encoding"
            | "target_session_attrs"
            | "service_name"
    )
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let show = |text: &str| Url::new(text).to_string();
        assert_eq!(
            show("postgresql+psycopg://u:s3cret@h:5432/db"),
            "postgresql+psycopg://u:***@h:5432/db"
        );
        assert_eq!(show("mysql://u:a@b/c:d@h/db"), "mysql://u:***@h/db");
        assert_eq!(show("sqlite:///a.db"), "sqlite:///a.db");
        assert_eq!(
            show("mssql+pyodbc:///?odbc_connect=PWD%3Dx&driver=y&password=z"),
            "mssql+pyodbc:///?odbc_connect=***&driver=y&password=***"
        );
        assert_eq!(show("s3cret"), "***");
        assert_eq!(format!("{:?}", Url::new("a://u:s3cret@h")), "Url(a://u:***@h)");
    }

    #[test]
    fn the_backend_is_the_name_before_the_driver() {
        assert_eq!(Url::new("postgresql+asyncpg://h/d").backend(), Some("postgresql"));
        assert_eq!(Url::new("nonsense").backend(), None);
        assert_eq!(Url::new("a b://h").backend(), None);
    }
}
