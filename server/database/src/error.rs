//! What went wrong, where, and the way out; never with a credential.

mod mysql;
mod postgresql;
mod sqlite;
mod system;

use std::fmt;

use crate::address::Address;

/// What a failure is to a person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nothing answers there.
    ServerDown,
    /// The host's name leads nowhere.
    UnknownHost,
    /// The server knows neither this user nor this password, or does not let them in from here.
    Refused,
    /// The server has no such database.
    NoDatabase,
    /// There is no such file.
    NoFile,
    /// The file is no SQLite database, or a damaged one.
    NotADatabase,
    /// The file, its folder or the server takes no changes.
    ReadOnly,
    /// There is no room.
    DiskFull,
    /// Somebody else holds a lock.
    Locked,
    /// The time was over.
    TimedOut,
    /// Somebody asked to stop.
    Cancelled,
    /// The connection broke: what the last statement did is not known.
    Lost,
    /// The user may not do this.
    NotAllowed,
    /// No encrypted connection could be made.
    Tls,
    /// The server refused a statement.
    Statement,
    /// The version table is not as it should be.
    VersionTable,
    /// Something that Revline does not do on this database.
    Unsupported,
    /// The server answered what nobody expected.
    Unexpected,
}

/// A failure. Its `Display` is a whole sentence with place and way out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// What it is.
    pub kind: ErrorKind,
    /// Where: the masked URL.
    pub at: Box<str>,
    /// The server's own code: an SQLSTATE, MySQL's number, SQLite's extended result code.
    pub code: Option<Box<str>>,
    /// What the server or the system said.
    pub message: String,
    /// The server's detail and hint, where it has them.
    pub detail: Option<Box<str>>,
    /// Characters before the place in the statement, where the server names one.
    pub position: Option<u32>,
    /// The way out.
    pub way_out: Option<Box<str>>,
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ErrorKind::ServerDown => "no server answers",
            ErrorKind::UnknownHost => "the host is not known",
            ErrorKind::Refused => "the server does not let this user in",
            ErrorKind::NoDatabase => "the server has no such database",
            ErrorKind::NoFile => "there is no such file",
            ErrorKind::NotADatabase => "this is no sound SQLite database",
            ErrorKind::ReadOnly => "the database cannot be written",
            ErrorKind::DiskFull => "there is no room left for the database",
            ErrorKind::Locked => "the database is locked",
            ErrorKind::TimedOut => "the time is over",
            ErrorKind::Cancelled => "cancelled",
            ErrorKind::Lost => "the connection is lost",
            ErrorKind::NotAllowed => "this user may not do that",
            ErrorKind::Tls => "no encrypted connection could be made",
            ErrorKind::Statement => "the statement failed",
            ErrorKind::VersionTable => "the version table does not fit",
            ErrorKind::Unsupported => "this is not done here",
            ErrorKind::Unexpected => "the database answered what was not expected",
        };
        write!(f, "{}: {what}", self.at)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        if let Some(detail) = &self.detail {
            write!(f, " ({detail})")?;
        }
        if let Some(code) = &self.code {
            write!(f, " [{code}]")?;
        }
        if let Some(way_out) = &self.way_out {
            write!(f, "; {way_out}")?;
        }
        Ok(())
    }
}

impl Error {
    /// Whether a program died while it wrote to a SQLite file, and whoever opens it for a change takes its half-done
    /// transaction back: SQLITE_READONLY_ROLLBACK.
    pub fn is_half_done(&self) -> bool {
        self.kind == ErrorKind::Locked && self.code.as_deref() == Some("776")
    }

    pub(crate) fn new(address: &Address, kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            at: address.to_string().into(),
            code: None,
            message: address.without_secrets(&message.into()),
            detail: None,
            position: None,
            way_out: None,
        }
    }

    pub(crate) fn with_way_out(mut self, way_out: impl Into<Box<str>>) -> Self {
        self.way_out = Some(way_out.into());
        self
    }
}

/// What sqlx says, in our words.
pub(crate) fn told(address: &Address, error: &sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(given) => {
            if let Some(given) = given.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
                postgresql::told(address, given)
            } else if let Some(given) = given.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
            {
                mysql::told(address, given)
            } else {
                let code = given.code().map(|code| code.into_owned().into_boxed_str());
                sqlite::told(address, code, given.message())
            }
        }
        sqlx::Error::Io(given) => system::told(address, given),
        sqlx::Error::Tls(given) => Error::new(address, ErrorKind::Tls, given.to_string())
            .with_way_out(
                "sslmode (PostgreSQL) or ssl_mode (MySQL) in the URL says how it is encrypted",
            ),
        sqlx::Error::WorkerCrashed => Error::new(address, ErrorKind::Lost, "SQLite's thread ended"),
        other => Error::new(address, ErrorKind::Unexpected, other.to_string()),
    }
}
