//! Where a database is: a URL as SQLAlchemy spells it.
//!
//! The grammar is SQLAlchemy's (`sqlalchemy.engine.url`, `_parse_url`), and what a driver makes of it is the driver's
//! (`create_connect_args` of each dialect). A driver that is not known is refused with the list of those that are;
//! nothing is guessed.

mod drivers;
mod host;
mod parse;
mod settings;

use std::fmt;
use std::path::{Path, PathBuf};

pub use host::Host;
pub(crate) use settings::{PostgresqlSettings, Tls};

/// What a URL is read in: a relative path is relative to something, and drivers read the environment.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The folder in which the project's Alembic would be started.
    pub folder: &'a Path,
    /// The environment: `PGHOST`, `PGPASSWORD` and what else the drivers read. It may hold a project's `.env` too.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

impl fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// A kind of database.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Backend {
    /// SQLite, a library and a file.
    Sqlite,
    /// PostgreSQL.
    Postgresql,
    /// MySQL or MariaDB: which of them is known when the server has said so.
    Mysql,
}

impl Backend {
    /// SQLAlchemy's name of the dialect that the URL asks for first.
    pub const fn dialect(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgresql => "postgresql",
            Self::Mysql => "mysql",
        }
    }
}

/// What is connected to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A file; the path is absolute.
    File(PathBuf),
    /// A database in memory: a new one for each connection.
    Memory,
    /// A Unix socket: the file of MySQL's, the folder of PostgreSQL's.
    Socket(PathBuf),
    /// The driver looks for a Unix socket where servers of this machine have theirs; else it is `localhost`.
    Local,
    /// A host by its name or number.
    Host(String),
}

/// A database's address. `Display` and `Debug` hide the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    pub(crate) backend: Backend,
    pub(crate) drivername: String,
    pub(crate) driver: &'static str,
    pub(crate) target: Target,
    pub(crate) port: u16,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<Secret>,
    pub(crate) database: Option<String>,
    pub(crate) tls: Tls,
    pub(crate) postgresql: PostgresqlSettings,
    pub(crate) charset: Option<String>,
    /// A SQLite `file:` URI asked for `mode=ro`.
    pub(crate) read_only: bool,
    /// A SQLite `file:` URI asked for `mode=rw`: a file that is not there is not made.
    pub(crate) never_creates: bool,
    pub(crate) url: parse::Url,
}

/// A password: it has no `Display`, and `Debug` says nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Why a URL is no address. The sentence holds no part of the URL that may be a password.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct AddressError(pub(crate) String);

impl Address {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`AddressError`] with a sentence for people: not a URL, a driver that is not known, a part that the driver would
    /// refuse, or one that is not understood here.
    pub fn parse(url: &str, surroundings: &Surroundings<'_>) -> Result<Self, AddressError> {
        settings::address(parse::Url::parse(url)?, surroundings)
    }

    /// A SQLite file by its path, which must be absolute.
    pub fn of_file(path: &Path) -> Result<Self, AddressError> {
        let none = |_: &str| None;
        let text = path.to_str().ok_or_else(|| AddressError("the path is no text".to_owned()))?;
        let mut url = parse::Url::parse("sqlite://")?;
        url.database = Some(text.to_owned());
        settings::address(url, &Surroundings { folder: Path::new("/"), variable: &none })
    }

    /// Which kind of database it is.
    pub const fn backend(&self) -> Backend {
        self.backend
    }

    /// The dialect and driver as the URL spells them: `postgresql+asyncpg`.
    pub fn drivername(&self) -> &str {
        &self.drivername
    }

    /// The Python driver that the URL asks for: `asyncpg`.
    pub const fn driver(&self) -> &'static str {
        self.driver
    }

    /// What is connected to.
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// The port; without meaning for SQLite.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The user, as the URL or the environment names it.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The database's name; the file of SQLite.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// How far away it is.
    pub fn host(&self) -> Host<'_> {
        match &self.target {
            Target::Host(name) => host::class(name),
            Target::File(_) | Target::Memory | Target::Socket(_) | Target::Local => {
                Host::ThisMachine
            }
        }
    }

    /// Whether the connection does not leave this machine. That is no proof of safety: it may be a tunnel.
    pub fn is_loopback(&self) -> bool {
        self.host() == Host::ThisMachine
    }

    /// The server without user, database and query: what is confirmed once. `localhost:5432`, the path of a file.
    pub fn place(&self) -> String {
        match &self.target {
            Target::File(path) | Target::Socket(path) => path.display().to_string(),
            Target::Memory => ":memory:".to_owned(),
            Target::Local => format!("localhost:{}", self.port),
            Target::Host(host) if host.contains(':') => format!("[{host}]:{}", self.port),
            Target::Host(host) => format!("{host}:{}", self.port),
        }
    }

    /// Replaces every occurrence of a secret of this address.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let secrets = self.password.iter().map(|secret| secret.0.as_str());
        for secret in secrets.chain(self.url.secrets()) {
            // A password of a letter or two would eat the sentence, and says nothing by standing in it.
            if secret.len() > 2 {
                text = text.replace(secret, "***");
            }
        }
        text
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.url)
    }
}
